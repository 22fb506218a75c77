"""Forms filled by hand in plain values: batches, the queue, one form beside its picture, what waits at the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from openregion.consultation import codes
from openregion.consultation.models import Consultation, PaperBatch, PaperForm, Workshop
from openregion.consultation.queries.words import PARTS, address_of, tag_of
from openregion.core import dates, languages
from openregion.core.due import Due
from openregion.core.official import OfficialText, text_in
from openregion.people.models import Member, User
from openregion.record.models import JournalLine

ROWS = 20

FORM_STATES: dict[str, Promise] = {
    "scanned": gettext_lazy("To type in"),
    "entered": gettext_lazy("To check"),
    "checked": gettext_lazy("Received as contributions"),
    "set-aside": gettext_lazy("Set aside"),
}


@dataclass(frozen=True)
class BatchLine:
    """Forms printed together: how many, for which workshop, how many came back."""

    number: int
    forms: int
    tongue: str
    came_back: int
    workshop: OfficialText
    made_at: dt.datetime
    url: str


@dataclass(frozen=True)
class FormLine:
    """One form in the queue: its number, its first words, since when it waits and for whom."""

    uid: str
    label: str
    begins: str
    tag: str
    workshop: OfficialText
    picture: bool
    since: dt.datetime | None
    typed_by: str
    mine: bool
    aside: str


@dataclass(frozen=True)
class StateFilter:
    """A state to look at, and how many forms are in it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class PaperQueue:
    """The page of forms filled by hand of a consultation."""

    state: str
    filters: tuple[StateFilter, ...]
    lines: tuple[FormLine, ...]
    page: Page[PaperForm]
    batches: tuple[BatchLine, ...]


@dataclass(frozen=True)
class FormCase:
    """One form before whoever types or checks it: its picture, its words, what became of it."""

    uid: str
    label: str
    state: str
    state_label: str
    picture_url: str
    is_photo: bool
    workshop: OfficialText
    parts: tuple[tuple[str, str], ...]
    tag: str
    typed_by: str
    typed_at: dt.datetime | None
    checked_by: str
    checked_at: dt.datetime | None
    corrected: tuple[str, ...]
    aside: str
    number: int | None
    public_url: str


def form_label(batch: int, serial: int) -> str:
    """Write the number of a printed form: its batch, its place in it, a check digit against a slip of the pen."""
    return f"{batch}-{serial:03d}-{codes.check_digit(f'{batch}{serial:03d}')}"


def form_number(typed: str) -> tuple[int, int] | None:
    """Read the number of a printed form as somebody typed it; nothing when its check digit says it is mistyped."""
    parts = [digits for part in typed.replace("–", "-").split("-") if (digits := codes.tidy(part))]
    if len(parts) != 3 or any(len(part) > 6 for part in parts):
        return None
    batch, serial, check = int(parts[0]), int(parts[1]), parts[2]
    return (batch, serial) if form_label(batch, serial) == f"{batch}-{serial:03d}-{check}" else None


def batch_of(consultation: Consultation, number: int) -> PaperBatch | None:
    """Find a batch of forms printed for a consultation."""
    return consultation.batches.filter(number=number).select_related("workshop__meeting").first()


def forms_of(consultation: Consultation) -> QuerySet[PaperForm]:
    """Read the forms of a consultation with all that a line of the queue shows."""
    return consultation.paper_forms.select_related(
        "batch", "workshop__meeting", "scan", "entered_by", "checked_by", "contribution", "consultation__cycle__member"
    )


def workshops_of(consultation: Consultation) -> QuerySet[Workshop]:
    """List the workshops of a consultation that were not cancelled, in the order of their days."""
    held = consultation.workshops.exclude(meeting__state="cancelled")
    return held.select_related("meeting").order_by("meeting__starts_at")


def paper_queue(
    consultation: Consultation, *, state: str, page: str, by: User, reasons: Mapping[str, Any]
) -> PaperQueue:
    """Give twenty forms in a state, the oldest first, beside the batches that were printed."""
    state = state if state in FORM_STATES else "scanned"
    counts = dict(consultation.paper_forms.order_by().values_list("state").annotate(Count("pk")))
    shown = Paginator(forms_of(consultation).filter(state=state).order_by("pk"), ROWS).get_page(page)
    return PaperQueue(
        state=state,
        filters=tuple(
            StateFilter(code, str(label), counts.get(code, 0), code == state) for code, label in FORM_STATES.items()
        ),
        lines=tuple(_line(one, by, reasons) for one in shown),
        page=shown,
        batches=_batch_lines(consultation, consultation.batches.all()),
    )


def batches_of_workshop(workshop: Workshop) -> tuple[BatchLine, ...]:
    """Give the numbered forms printed for a workshop, the latest first."""
    return _batch_lines(workshop.consultation, workshop.batches.all())


def _batch_lines(consultation: Consultation, found: QuerySet[PaperBatch]) -> tuple[BatchLine, ...]:
    returned = Count("filled", filter=~Q(filled__state="set-aside"))
    batches = found.select_related("workshop__meeting").annotate(back=returned).order_by("-number")
    return tuple(
        BatchLine(
            number=one.number,
            forms=one.forms,
            tongue=one.lang,
            came_back=one.back,
            workshop=one.workshop.meeting.title if one.workshop else {},
            made_at=one.made_at,
            url=reverse("paper_batch", args=[consultation.cycle.member.slug, consultation.slug, one.number]),
        )
        for one in batches[:ROWS]
    )


def _line(one: PaperForm, by: User, reasons: Mapping[str, Any]) -> FormLine:
    words = one.words or (one.contribution.words if one.contribution else {})
    return FormLine(
        uid=one.uid,
        label=form_label(one.batch.number, one.serial) if one.batch and one.serial else "",
        begins=_begins(words),
        tag=tag_of(one.lang),
        workshop=one.workshop.meeting.title if one.workshop else {},
        picture=one.scan is not None,
        since=one.checked_at or one.entered_at or one.scanned_at,
        typed_by=str(one.entered_by or ""),
        mine=one.entered_by_id == by.pk,
        aside=str(reasons.get(one.set_aside_for, "")),
    )


def _begins(words: Mapping[str, str]) -> str:
    text = " ".join((words.get("idea") or words.get("problem") or words.get("effect") or "").split())
    return text if len(text) <= 90 else text[:90].rsplit(" ", 1)[0] + "…"


def form_case(one: PaperForm, *, reasons: Mapping[str, Any]) -> FormCase:
    """Prepare one form for whoever types it, checks it or sees what became of it."""
    member, slug = one.member, one.consultation.slug
    given = one.contribution
    words = given.words if given else one.words
    corrected = _corrected(one) if given else ()
    return FormCase(
        uid=one.uid,
        label=form_label(one.batch.number, one.serial) if one.batch and one.serial else "",
        state=one.state,
        state_label=str(FORM_STATES[one.state]),
        picture_url=reverse("paper_scan", args=[member.slug, slug, one.uid]) if one.scan else "",
        is_photo=bool(one.scan and one.scan.media_type.startswith("image/")),
        workshop=one.workshop.meeting.title if one.workshop else {},
        parts=tuple((str(label), text) for part, label in PARTS.items() if (text := words.get(part, ""))),
        tag=tag_of(one.lang),
        typed_by=str(one.entered_by or ""),
        typed_at=one.entered_at,
        checked_by=str(one.checked_by or ""),
        checked_at=one.checked_at,
        corrected=tuple(str(PARTS[part]) for part in corrected if part in PARTS),
        aside=str(reasons.get(one.set_aside_for, "")),
        number=given.number if given else None,
        public_url=address_of("suggestion", member.slug, given.number)
        if given and given.moderation == "published" and not given.withdrawn_at
        else "",
    )


def _corrected(one: PaperForm) -> list[str]:
    """Say which parts the person who checked typed otherwise, as the journal has it."""
    line = JournalLine.objects.filter(subject_type="PaperForm", subject_uid=one.uid, verb="check_form").first()
    return list(line.facts.get("corrected", [])) if line else []


def next_form(consultation: Consultation, *, state: str, by: User) -> PaperForm | None:
    """Give the oldest form in a state that this person may see to: not what they typed, nor without a picture."""
    waiting = consultation.paper_forms.filter(state=state).order_by("pk")
    return (waiting.exclude(entered_by=by).exclude(scan=None) if state == "entered" else waiting).first()


def given_at(form: PaperForm, *, at: dt.datetime) -> dt.datetime:
    """Say when what a form holds was given: the day written on it, else the workshop's, else when it first came.

    It came with its picture or typed from its sheet, whichever was first: the other moves nothing.
    At noon of that day, brought within the hours of the consultation on its first and last days.
    """
    one = form.consultation
    if form.given_on is None:
        came = [form.workshop.meeting.starts_at] if form.workshop else [form.scanned_at, form.entered_at]
        return min([at, *(when for when in came if when)])
    noon = timezone.make_aware(dt.datetime.combine(form.given_on, dt.time(12)))
    if form.given_on == timezone.localdate(one.opens_at):
        noon = max(noon, one.opens_at)
    if form.given_on == timezone.localdate(one.closes_at):
        noon = min(noon, one.closes_at - dt.timedelta(seconds=1))
    return min(noon, at)


def due_paper(member: Member) -> tuple[Due, ...]:
    """Give the lines of forms filled by hand, consultation by consultation: to type in, to picture, to check."""
    rows = (
        PaperForm.objects.filter(member=member, state__in=("scanned", "entered"))
        .annotate(pictured=Q(scan__isnull=False))
        .values("consultation__slug", "consultation__title", "state", "pictured")
        .annotate(n=Count("pk"), scanned=Min("scanned_at"), entered=Min("entered_at"))
        .order_by("consultation__slug", "state", "pictured")
    )
    return tuple(_due(member, row) for row in rows)


def _due(member: Member, row: Mapping[str, Any]) -> Due:
    lang, task = get_language() or "fr", _task_of(row)
    told, act, deed = _told(task, row["n"])
    since = row["scanned"] if task == "type" else row["entered"]
    day = dates.day(timezone.localdate(since), lang) if since else ""
    title = text_in(row["consultation__title"], languages.body_lang(lang))
    address = reverse("paper_forms", args=[member.slug, row["consultation__slug"]])
    return Due(
        key=f"paper:{row['consultation__slug']}:{row['state']}{':picture' if task == 'picture' else ''}",
        label=told % {"n": row["n"], "title": title},
        url=f"{address}?state={row['state']}",
        act=act,
        why=_("The oldest has been waiting since %(day)s. No rule sets a delay.") % {"day": day},
        deed=deed,
        duty="civil-society",
    )


def _task_of(row: Mapping[str, Any]) -> str:
    if row["state"] == "scanned":
        return "type"
    return "check" if row["pictured"] else "picture"


def _told(task: str, n: int) -> tuple[str, str, str]:
    """Give what the desk says of forms that wait, the words of its link, and the deed they wait for."""
    if task == "type":
        told = ngettext(
            "Type in %(n)s form filled by hand: %(title)s", "Type in %(n)s forms filled by hand: %(title)s", n
        )
        return told, _("Type them in"), "enter_form"
    if task == "picture":
        told = ngettext(
            "File the picture of %(n)s form that was typed in: %(title)s",
            "File the pictures of %(n)s forms that were typed in: %(title)s",
            n,
        )
        return told, _("File their pictures"), "scan_form"
    told = ngettext(
        "Check %(n)s form that was typed in: %(title)s", "Check %(n)s forms that were typed in: %(title)s", n
    )
    return told, _("Check them"), "check_form"
