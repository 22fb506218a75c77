"""What the Council decided, in public; its control by the administrative authority; its publication."""

from __future__ import annotations

from typing import Any

from django import forms as plain
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.core.audience import everyone, kept
from openregion.core.refusal import refuse_if
from openregion.cycle import council_exports as exports
from openregion.cycle.actions import visas as actions
from openregion.cycle.forms.council import DoneOnForm
from openregion.cycle.forms.visas import SendingForm, VisaForm
from openregion.cycle.models import Deliberation
from openregion.cycle.queries import council_pages as pages
from openregion.cycle.queries.council import COUNCIL_DEEDS, is_public_deliberation, may_ask_visa_later
from openregion.cycle.rules import visas as rules
from openregion.cycle.views.council import download, to_letter
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today
from openregion.record import actions as memory
from openregion.record.queries import file_response


@kept
def deliberations(request: AtMember, member: str) -> HttpResponse:
    """List what the Council decided, the latest first."""
    may = deeds_here(request)
    lines = pages.decision_lines(request.member, staff=bool(may & COUNCIL_DEEDS))
    return render(request, "cycle/council/deliberations.html", {"lines": lines, "may": may})


@kept
def deliberation(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Show a decision of the Council: its text, its votes, its visa; everyone once it is published."""
    one, may = _deliberation(request, uid), deeds_here(request) & COUNCIL_DEEDS
    _let_in(request, one)
    page = pages.deliberation_page(one, today=today(), deeds=may)
    return render(request, "cycle/council/deliberation.html", {"page": page, "languages": exports.PRINTED_IN})


@everyone
def deliberation_paper(request: AtMember, member: str, uid: str, lang: str, format: str) -> HttpResponse:
    """The text of a deliberation as PDF, DOCX or the very JSON whose hash is printed."""
    one = _deliberation(request, uid)
    _let_in(request, one)
    content = exports.handed_out(one.frozen, lang=lang, format=format)
    return download(content, format, f"{member}-deliberation-{uid[:8]}-{lang}.{format}")


@everyone
def visa_file(request: AtMember, member: str, uid: str) -> HttpResponseBase:
    """Hand out what the administrative authority answered."""
    one = _deliberation(request, uid)
    _let_in(request, one)
    if one.visa_file is None:
        raise Http404(uid)
    return file_response(one.visa_file)


@holders_of("send_for_control")
def send_for_control(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Record the day a decision was sent to the administrative authority, or its visa asked for."""
    one = _deliberation(request, uid)
    later = may_ask_visa_later(one)
    form: plain.Form = SendingForm(_sent(request), one=one)
    if later:
        form = DoneOnForm(_sent(request), name="sent_on", label=_("Asked on"))

    def deed() -> None:
        said = {"asks_visa": True} | form.cleaned_data
        actions.send_for_control(one, **said, by=request.user, at=timezone.now())

    lead = _("A letter is drafted with it: word it, number it and sign it on the page of letters.")
    said = {"title": _("Send for control"), "submit": _("Record this day")}
    if later:
        said["title"] = _("Ask for the visa")
    told = _("The day is recorded and the letter drafted. Word it and issue it.")
    answer = _answer(request, one, form, deed, lead=lead, done=told, **said)
    return to_letter(request, answer, next(reversed(pages.transmissions(one)), None))


@holders_of("record_receipt")
def record_receipt(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Acknowledge receipt of a decision."""
    one = _deliberation(request, uid)
    form = DoneOnForm(_sent(request), name="received_on", label=_("Received on"))

    def deed() -> None:
        actions.record_receipt(one, **form.cleaned_data, by=request.user, at=timezone.now())

    lead = _("The delays of opposition and visa are counted from this day.")
    said = {"title": _("Acknowledge receipt"), "submit": _("Acknowledge receipt")}
    return _answer(request, one, form, deed, lead=lead, done=_("Receipt is acknowledged."), **said)


@holders_of("record_visa")
def record_visa(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Record what the administrative authority answered, or its silence, with from which day it counts."""
    one = _deliberation(request, uid)
    lead, ripe = pages.tacit_advice(one, today())
    form = VisaForm(_sent(request), request.FILES or None, early=not ripe)

    def deed() -> None:
        at, by, told = timezone.now(), request.user, form.cleaned_data
        said: dict[str, Any] = {"visa": told["visa"], "visa_on": told["visa_on"], "reasons": form.words("reasons", at)}
        said["confirmed"] = bool(told.get("confirmed"))
        refuse_if(rules.why_not_record_visa(by, one, **said))  # before the file is kept
        with transaction.atomic():
            upload = told["file"]
            file = upload and memory.store_file(upload=upload, member_code=member, by_ref=by.reference, at=at)
            actions.record_visa(one, **said, file=file or None, by=by, at=at)

    said = {"title": _("Answer of the administrative authority"), "submit": _("Record this answer")}
    return _answer(request, one, form, deed, lead=lead, done=_("The answer is recorded."), **said)


@holders_of("publish_deliberation")
def publish_deliberation(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Publish a deliberation, after saying what everyone will read."""
    one = _deliberation(request, uid)
    form = plain.Form(_sent(request))

    def deed() -> None:
        actions.publish_deliberation(one, by=request.user, at=timezone.now())

    lead = _("Everyone reads its text, its votes, by name if they were by name, its file and the state of its visa.")
    said = {"title": _("Publish the deliberation"), "submit": _("Publish it")}
    return _answer(request, one, form, deed, lead=lead, done=_("The deliberation is published."), **said)


def _answer(
    request: AtMember, one: Deliberation, form: plain.Form, deed: Any, *, title: str, submit: str, done: str,
    lead: str = "",
) -> HttpResponse:  # fmt: skip
    """Do the deed and go back to the deliberation, or ask."""
    if do(request, form, deed, done=done):
        return redirect("deliberation", request.member.slug, one.uid)
    back = reverse("deliberation", args=[request.member.slug, one.uid])
    return ask(request, form, title=title, submit=submit, back=back, lead=lead)


def _let_in(request: AtMember, one: Deliberation) -> None:
    """Let everyone read what is published, and those who work on it the rest. Raises ``Refused`` for others."""
    may = is_public_deliberation(one) or bool(deeds_here(request) & COUNCIL_DEEDS)
    refuse_if("" if may else _("This deliberation is not published yet. Come back when it is."))


def _sent(request: AtMember) -> Any:
    return request.POST if request.method == "POST" else None


def _deliberation(request: AtMember, uid: str) -> Deliberation:
    related = ("act__authority__territory", "act__file", "cycle__member", "frozen", "visa_file", "replaces__act")
    of_file = ("proposal__session", "proposal__frozen", "proposal__cycle__member", "proposal__council")
    theirs = Deliberation.objects.of(request.member).select_related(*related, *of_file, "replaced_by__act")
    return get_object_or_404(theirs, uid=uid)
