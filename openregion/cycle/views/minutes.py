"""Minutes of meetings: drafted, approved, sent, published, and handed out as papers."""

from __future__ import annotations

from typing import Any

from django import forms as plain
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core.audience import everyone
from openregion.core.languages import WORKING
from openregion.core.official import text_in
from openregion.cycle import actions, meeting_exports
from openregion.cycle.forms import meetings as forms
from openregion.cycle.models import Meeting, Minutes
from openregion.cycle.queries import meetings as meeting_queries
from openregion.cycle.queries import meetings_due as delays
from openregion.cycle.queries import minutes as queries
from openregion.cycle.tasks import print_minutes
from openregion.cycle.views.meetings import READERS, download, meeting_here, readable_meeting
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today


@holders_of("draft_minutes")
def draft_minutes(request: AtMember, member: str, number: int) -> HttpResponse:
    """Write the minutes: a first draft is made from the agenda, the presence and the decisions, to be corrected."""
    one = meeting_here(request, number)
    known = Minutes.objects.filter(meeting=one).first()
    if known:
        initial = forms.words_initial("text", known.text)
    else:
        initial = {f"text_{lang}": queries.first_draft(one, lang) for lang in queries.LANGUAGES}
    form = forms.MinutesForm(request.POST or None, initial=initial)

    def deed() -> None:
        at = timezone.now()
        actions.draft_minutes(one, text=form.text(at), by=request.user, at=at)

    if do(request, form, deed, done=_("The draft is saved. Read it again, then have it approved.")):
        return redirect(_minutes_of(request, one))
    due = delays.due_of_minutes(one, request.member)
    page = meeting_queries.meeting_page(one, request.member, private=True)
    back = reverse("meeting", args=[member, number])
    shown = {"form": form, "page": page, "due": due, "begun": known is not None, "back": back}
    return render(request, "cycle/meetings/draft_minutes.html", shown)


@holders_of("approve_minutes")
def approve_minutes(request: AtMember, member: str, number: int) -> HttpResponse:
    """Approve the minutes: they are frozen with their hash."""
    lead = _("Once approved, the minutes are frozen with their fingerprint: no word of them changes any more.")
    return _dated(
        request, number, actions.approve_minutes, title=_("Approve the minutes"), submit=_("Approve and freeze"),
        done=_("The minutes are approved and frozen."), lead=lead,
    )  # fmt: skip


@holders_of("send_minutes")
def send_minutes(request: AtMember, member: str, number: int) -> HttpResponse:
    """Record the day on which the minutes were sent: to the wali, for a session."""
    due = delays.due_of_minutes(meeting_here(request, number), request.member)
    lead = due.sentence if due else _("Say on which day the approved minutes were sent.")
    return _dated(
        request, number, actions.send_minutes, title=_("Record that the minutes were sent"),
        submit=_("Record this day"), done=_("The day is recorded."), lead=lead,
    )  # fmt: skip


@holders_of("publish_minutes")
def publish_minutes(request: AtMember, member: str, number: int) -> HttpResponse:
    """Publish the minutes, and print them for their readers."""
    one = meeting_here(request, number)
    minutes = _minutes(one)
    private = not meeting_queries.is_public(one)
    form = forms.OpeningForm(request.POST if request.method == "POST" else None, private=private)

    def deed() -> None:
        opens = bool(form.cleaned_data.get("opens"))
        actions.publish_minutes(minutes, by=request.user, at=timezone.now(), opens=opens)

    if do(request, form, deed, done=_("The minutes are published.")):
        print_minutes.enqueue(minutes.uid)
        return redirect(_minutes_of(request, one))
    lead = _(
        "Everyone reads them here, and search finds them. Those who hold a seat are named; the others are counted."
    )
    return _ask(request, one, form, title=_("Publish the minutes"), submit=_("Publish"), lead=lead)


@everyone
def minutes_paper(request: AtMember, member: str, number: int, lang: str, format: str) -> HttpResponse:
    """Hand out minutes as PDF or DOCX: published ones to everyone, the others to the team."""
    may = deeds_here(request)
    minutes = _minutes(readable_meeting(request, number, may))
    if lang not in WORKING or not (minutes.state == Minutes.State.PUBLISHED or may & READERS):
        raise Http404(str(number))
    content = meeting_exports.minutes_to_read(minutes, lang=lang, format=format)
    return download(content, format, f"{member}-minutes-{number}-{lang}.{format}")


def _dated(
    request: AtMember, number: int, deed_of: Any, *, title: str, submit: str, done: str, lead: str
) -> HttpResponse:
    """Do a deed of the minutes that has a day, and go back to them, else ask the day."""
    one = meeting_here(request, number)
    minutes = _minutes(one)
    form = forms.OnForm(request.POST or None, initial={"on": today()})

    def deed() -> None:
        deed_of(minutes, on=form.cleaned_data["on"], by=request.user, at=timezone.now())

    if do(request, form, deed, done=done):
        return redirect(_minutes_of(request, one))
    return _ask(request, one, form, title=title, submit=submit, lead=lead)


def _ask(request: AtMember, one: Meeting, form: plain.Form, *, title: str, submit: str, lead: str) -> HttpResponse:
    name = text_in(one.title, get_language() or "fr")
    back = reverse("meeting", args=[request.member.slug, one.number])
    return ask(request, form, title=title, submit=submit, back=back, lead=f"{name} – {lead}")


def _minutes(one: Meeting) -> Minutes:
    found = Minutes.objects.select_related("frozen").filter(meeting=one).first()
    if found is None:
        raise Http404(str(one.number))
    found.meeting = one
    return found


def _minutes_of(request: AtMember, one: Meeting) -> str:
    return reverse("meeting", args=[request.member.slug, one.number]) + "#minutes"
