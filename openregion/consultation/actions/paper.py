"""Forms filled by hand: printed with their code, filed with their picture, typed by one, checked by another."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from openregion.consultation import codes, queries, rules
from openregion.consultation.actions.steps import journal
from openregion.consultation.actions.words import Received, receive_suggestion
from openregion.consultation.models import Consultation, Contribution, PaperBatch, PaperForm, Theme, Workshop
from openregion.core.refusal import refuse_if
from openregion.core.safe import clean_text
from openregion.people.models import Territory, User
from openregion.record.actions import forget_file, keep_file
from openregion.record.arrival import Arrived


@transaction.atomic
def print_forms(
    consultation: Consultation,
    *,
    forms: int,
    by: User,
    at: dt.datetime,
    lang: str = "ar",
    workshop: Workshop | None = None,
) -> PaperBatch:
    """Number a batch of contribution forms to print, each with the tracking code of what will be typed from it.

    A batch is in one language: the same number never goes to two people. The
    person leaves with the code, made from the batch and the number, so that the
    same batch can be printed again. Raises ``Refused`` when the rule says no.
    """
    refuse_if(rules.why_not_print_forms(by, consultation, forms=forms, lang=lang, workshop=workshop))
    Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    last = consultation.batches.aggregate(last=Max("number"))["last"] or 0
    batch = PaperBatch.objects.create(
        consultation=consultation, workshop=workshop, number=last + 1, forms=forms, lang=lang, made_at=at, by=by
    )
    facts = {"consultation": consultation.slug, "batch": batch.number, "forms": forms}
    journal("print_forms", batch, consultation.cycle.member, by.reference, at, **facts)
    return batch


@transaction.atomic
def scan_form(
    consultation: Consultation,
    *,
    picture: Arrived,
    name: str,
    by: User,
    at: dt.datetime,
    workshop: Workshop | None = None,
    form: PaperForm | None = None,
) -> PaperForm:
    """File the picture of a form filled by hand, to be typed in; it has lost its metadata as it arrived.

    ``form`` is one that was typed from its sheet, and waits for its picture to
    be checked. The very same picture is filed once. Raises ``Refused`` when the
    rule says no.
    """
    Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)  # two who send the same one meet here
    form = _held(form) if form else None
    refuse_if(rules.why_not_scan_form(by, consultation, workshop=workshop, form=form, at=at))
    member = consultation.cycle.member
    there = consultation.paper_forms.filter(scan__sha256=hashlib.sha256(picture.content).hexdigest()).exists()
    refuse_if(rules.why_not_a_picture(picture.media_type, there=there))
    stored = keep_file(picture, name=name, member_code=member.slug, by_ref=by.reference, at=at)
    form = form or PaperForm(member=member, consultation=consultation, workshop=workshop)
    form.scan, form.scanned_at = stored, at
    form.save()
    journal("scan_form", form, member, by.reference, at, consultation=consultation.slug)
    return form


@transaction.atomic
def enter_form(
    consultation: Consultation,
    *,
    words: Mapping[str, str],
    lang: str,
    by: User,
    at: dt.datetime,
    form: PaperForm | None = None,
    number: tuple[int, int] | None = None,
    workshop: Workshop | None = None,
    theme: Theme | None = None,
    province: Territory | None = None,
    given_on: dt.date | None = None,
) -> PaperForm:
    """Type in what a form says, from its picture or from the sheet itself; somebody else checks it, by its picture.

    ``number`` is the batch and the place in it that the form bears, if it bears
    one. Typed again before it is checked, the last words stand and the last
    person to type is the one who does not check. Raises ``Refused`` when the
    rule says no.
    """
    Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)  # a number is given to one form
    form = _held(form) if form else None
    said: dict[str, Any] = {"words": words, "lang": lang, "theme": theme, "province": province, "given_on": given_on}
    refuse_if(rules.why_not_enter_form(by, consultation, form=form, workshop=workshop, **said, at=at))
    batch, serial = None, None
    if number:
        batch, serial = queries.batch_of(consultation, number[0]), number[1]
        others = consultation.paper_forms.filter(batch=batch, serial=serial)
        filled = bool(batch) and (others.exclude(pk=form.pk) if form else others).exists()
        refuse_if(rules.why_not_number(batch, serial, filled=filled))
    form = form or PaperForm(member=consultation.cycle.member, consultation=consultation)
    form.batch, form.serial = batch, serial
    form.workshop = (batch.workshop if batch else None) or workshop or form.workshop
    form.words = {part: text for part, typed in words.items() if (text := clean_text(typed))}
    form.lang, form.theme, form.province, form.given_on = lang, theme, province, given_on
    form.state, form.set_aside_for = PaperForm.State.ENTERED, ""
    form.entered_at, form.entered_by = at, by
    form.save()
    journal("enter_form", form, form.member, by.reference, at, consultation=consultation.slug)
    return form


@transaction.atomic
def check_form(
    form: PaperForm,
    *,
    words: Mapping[str, str],
    lang: str,
    by: User,
    at: dt.datetime,
    theme: Theme | None = None,
    province: Territory | None = None,
) -> Received:
    """Check what another person typed from a form, correct it if need be, and receive it as a contribution.

    It gets the code that its author left with. What was corrected is said, part
    by part, and the words are kept once: the form empties. Its line names
    the form, not the contribution, but is written at its instant: the words are
    marked as given on paper, and who compares sees which form they come from.
    Raises ``Refused`` when the rule says no.
    """
    form = _held(form)
    said: dict[str, Any] = {"words": words, "lang": lang, "theme": theme, "province": province}
    refuse_if(rules.why_not_check_form(by, form, **said, at=at))
    kept = {part: text for part, typed in words.items() if (text := clean_text(typed))}
    parts = [part for part in rules.PARTS if kept.get(part, "") != form.words.get(part, "")]
    received = receive_suggestion(
        form.consultation,
        words=kept,
        lang=lang,
        channel=Contribution.Channel.PAPER,
        theme=theme,
        province=province,
        ticket=codes.ticket_of_form(form.batch.uid, form.serial) if form.batch and form.serial else "",
        received_at=queries.given_at(form, at=at),
        at=at,
    )
    form.state, form.words, form.contribution = PaperForm.State.CHECKED, {}, received.contribution
    form.checked_at, form.checked_by = at, by
    form.save(update_fields=["state", "words", "contribution", "checked_at", "checked_by"])
    facts = {"consultation": form.consultation.slug, "corrected": parts}
    journal("check_form", form, form.member, by.reference, at, **facts)
    return received


@transaction.atomic
def set_aside_form(form: PaperForm, *, reason: str, by: User, at: dt.datetime) -> PaperForm:
    """Set aside a form that gives no contribution, and say why; what was typed from it goes, and its picture too.

    The picture may name a person, and serves nothing any more: the reason says
    what it was. Raises ``Refused`` when the rule says no.
    """
    form = _held(form)
    refuse_if(rules.why_not_set_aside_form(by, form, reason=reason))
    form.state, form.set_aside_for, form.words = PaperForm.State.SET_ASIDE, reason, {}
    picture, form.scan = form.scan, None
    form.batch = form.serial = None  # its number is free again: a duplicate does not keep it from the other
    form.save(update_fields=["state", "set_aside_for", "words", "scan", "batch", "serial"])
    if picture is not None:
        forget_file(picture)
    facts = {"consultation": form.consultation.slug, "reason": reason}
    journal("set_aside_form", form, form.member, by.reference, at, **facts)
    return form


def _held(form: PaperForm) -> PaperForm:
    """Lock and read again the form being seen to: two people on the same one meet here."""
    held = PaperForm.objects.select_for_update(of=("self",), no_key=True)
    related = ("member", "consultation__cycle__member", "batch", "workshop__meeting", "scan")
    return held.select_related(*related).get(pk=form.pk)
