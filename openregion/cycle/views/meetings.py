"""Meetings: the public calendar and page of each, and the gestures that plan, convene, hold and cancel them."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from django import forms as plain
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core.audience import everyone, kept
from openregion.core.languages import WORKING
from openregion.core.official import text_in
from openregion.cycle import actions, meeting_exports
from openregion.cycle.forms import meetings as forms
from openregion.cycle.models import AgendaItem, Cycle, Meeting
from openregion.cycle.queries import guests as guest_list
from openregion.cycle.queries import meetings as queries
from openregion.cycle.queries import meetings_due as delays
from openregion.cycle.queries import minutes as minute_book
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today
from openregion.record.queries import file_response

MEETINGS_ON_A_PAGE = 20
OPENS_AT = dt.time(10)  # a usual hour, to be corrected: the rule gives a day alone
# Those who prepare a meeting read it before it is anyone else's.
READERS = guest_list.GUESTS_SEEN_BY | {"plan_meeting", "draft_minutes"}


@kept
def meetings(request: AtMember, member: str) -> HttpResponse:
    """List the meetings to come, the next one first, then those that were; private ones for the team alone."""
    may, now = deeds_here(request), timezone.now()
    found = queries.meetings_of(request.member, private=bool(may & READERS))
    asked = {name: request.GET.get(name, "").strip() for name in ("kind", "body", "year")}
    found = queries.narrowed(found, **asked)
    page = Paginator(queries.past(found, now=now), MEETINGS_ON_A_PAGE).get_page(request.GET.get("page", 1))
    shown = {
        "upcoming": queries.meeting_lines(queries.upcoming(found, now=now), request.member),
        "page": page,
        "past": queries.meeting_lines(page.object_list, request.member),
        "may": may,
        "asked": asked,
        "filtered": any(asked.values()),
        "choices": queries.choices_of(request.member, private=bool(may & READERS)),
    }
    return render(request, "cycle/meetings/meetings.html", shown)


@kept
def meeting(request: AtMember, member: str, number: int) -> HttpResponse:
    """Show a meeting: its agenda, documents, decisions and published minutes; to the team, its guests too."""
    may = deeds_here(request)
    try:
        one = readable_meeting(request, number, may)
    except Http404:
        return render(request, "cycle/meetings/no_meeting.html", status=404)
    shown: dict[str, Any] = {"may": may, "staff": bool(may & READERS)}
    shown["page"] = queries.meeting_page(one, request.member, private=bool(may & READERS))
    shown["opened"] = queries.day_of(one) <= today()
    shown["minutes"] = minute_book.minutes_to_show(one)
    if may & guest_list.GUESTS_SEEN_BY:
        lines = guest_list.guest_lines(one, request.member)
        shown["guests"], shown["counted"] = lines, guest_list.counted(lines)
        shown["quorum"] = queries.quorum_of(one, request.member)
        shown["reminders"] = delays.reminders(one, request.member, counted=shown["counted"], today=today())
    if may & READERS:
        shown["minutes_due"] = delays.due_of_minutes(one, request.member)
    return render(request, "cycle/meetings/meeting.html", shown)


@holders_of("plan_meeting")
def new_meeting(request: AtMember, member: str) -> HttpResponse:
    """Plan a meeting; ``?operation=`` names the operation that it is to prove, ``?cycle=plan-2`` its cycle."""
    cycle = _cycle(request)
    wanted = request.GET.get("operation", "")
    initial: dict[str, Any] = {"operations": [wanted] if wanted else [], "kind": request.GET.get("kind", "")}
    with suppress(ValueError):  # a day that cannot be read asks nothing
        initial["starts_at"] = dt.datetime.combine(dt.date.fromisoformat(request.GET.get("day", "")), OPENS_AT)
    form = forms.MeetingForm(request.POST or None, member=request.member, cycle=cycle, initial=initial)
    made: list[Meeting] = []

    def deed() -> None:
        at = timezone.now()
        given = form.given(at)
        made.append(actions.plan_meeting(member=request.member, cycle=cycle, **given, by=request.user, at=at))

    if do(request, form, deed, done=_("The meeting is planned. Write its agenda and invite people next.")):
        return redirect("meeting", member, made[0].number)
    shown: dict[str, Any] = {"form": form, "cycle": cycle, "cycles": queries.cycles_to_choose(request.member, cycle)}
    shown |= {"asked": request.GET, "back": reverse("meetings", args=[member])}
    return render(request, "cycle/meetings/new_meeting.html", shown)


@holders_of("revise_meeting")
def revise_meeting(request: AtMember, member: str, number: int) -> HttpResponse:
    """Change a meeting or move it; guests who were convened are told."""
    one = meeting_here(request, number)
    names = ("starts_at", "ends_at", "open_to_all", "asked_by", "operations")
    initial: dict[str, Any] = {name: getattr(one, name) for name in names}
    for name in ("title", "purpose", "place"):
        initial |= forms.words_initial(name, getattr(one, name))
    form = forms.RevisionForm(request.POST or None, cycle=one.cycle, kind=one.kind, initial=initial)

    def deed() -> None:
        at = timezone.now()
        actions.revise_meeting(one, **form.given(at), by=request.user, at=at)

    told = _("Guests who received the convocation are told of another day, hour, place or name.")
    done = _("The meeting is changed. Guests who were convened are told.")
    return _asked(request, one, form, deed, title=_("Change the meeting"), submit=_("Save"), done=done, lead=told)


@holders_of("convene_meeting")
def convene_meeting(request: AtMember, member: str, number: int) -> HttpResponse:
    """Send the convocation, after reading how long the notice is and who has no address."""
    one = meeting_here(request, number)
    counted = guest_list.counted(guest_list.guest_lines(one, request.member))
    form = forms.ConveneForm(request.POST if request.method == "POST" else None, alone=not counted.invited)

    def deed() -> None:
        actions.convene_meeting(one, **form.cleaned_data, by=request.user, at=timezone.now())

    done = _("The convocation is on its way to everyone who has an address.")
    if do(request, form, deed, done=done if counted.to_convene else _("The meeting is convened.")):
        return redirect("meeting", member, number)
    shown = {
        "form": form,
        "page": queries.meeting_page(one, request.member, private=True),
        "counted": counted,
        "reminders": delays.reminders(one, request.member, counted=counted, today=today()),
        "back": reverse("meeting", args=[member, number]),
    }
    return render(request, "cycle/meetings/convene.html", shown)


@holders_of("hold_meeting")
def hold_meeting(request: AtMember, member: str, number: int) -> HttpResponse:
    """Record that a meeting was held; the platform counts the quorum, and the secretary says whether it was met."""
    one = meeting_here(request, number)
    quorum = queries.quorum_of(one, request.member)
    initial: dict[str, Any] = {"closed_on": queries.day_of(one)}
    if quorum and quorum.counts:
        initial |= {"members_in_office": quorum.members}
        if quorum.present:  # where the door noted nobody, or at a third sitting, the secretary says it unprompted
            initial |= {"quorum_met": "yes" if quorum.enough else "" if quorum.valid_anyway else "no"}
    form = forms.HeldForm(request.POST or None, with_quorum=quorum is not None, initial=initial)

    def deed() -> None:
        actions.hold_meeting(one, **form.cleaned_data, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("It is recorded that the meeting was held. Draft its minutes next.")):
        return redirect("meeting", member, number)
    page = queries.meeting_page(one, request.member, private=True)
    back = reverse("meeting", args=[member, number])
    return render(request, "cycle/meetings/hold.html", {"form": form, "page": page, "quorum": quorum, "back": back})


@holders_of("convene_again")
def convene_again(request: AtMember, member: str, number: int) -> HttpResponse:
    """Plan the sitting that follows one without quorum."""
    one = meeting_here(request, number)
    form = forms.SittingForm(request.POST or None, initial=forms.words_initial("place", one.place))
    made: list[Meeting] = []

    def deed() -> None:
        at = timezone.now()
        made.append(actions.convene_again(one, **form.given(at), by=request.user, at=at))

    if do(
        request, form, deed, done=_("The next sitting is planned, with the same agenda and guests. Convene it next.")
    ):
        return redirect("meeting", member, made[0].number)
    lead = _("It keeps the agenda and the guests of this one. The law says how long to wait between sittings: read it.")
    return _page(request, one, form, title=_("Plan the next sitting"), submit=_("Plan this sitting"), lead=lead)


@holders_of("cancel_meeting")
def cancel_meeting(request: AtMember, member: str, number: int) -> HttpResponse:
    """Cancel a meeting, with the reason."""
    one = meeting_here(request, number)
    form = forms.ReasonForm(request.POST or None)

    def deed() -> None:
        at = timezone.now()
        actions.cancel_meeting(one, reason=form.reason(at), by=request.user, at=at)

    done = _("The meeting is cancelled. Guests who were convened are told.")
    title, submit = _("Cancel the meeting"), _("Cancel this meeting")
    return _asked(request, one, form, deed, title=title, submit=submit, done=done)


@holders_of("add_to_agenda")
def add_to_agenda(request: AtMember, member: str, number: int) -> HttpResponse:
    """Add a point to an agenda."""
    one = meeting_here(request, number)
    form = forms.AgendaForm(request.POST or None, late=one.agenda_sent_on is not None)

    def deed() -> None:
        at = timezone.now()
        actions.add_to_agenda(one, **form.given(at), by=request.user, at=at)

    title, done = _("Add a point to the agenda"), _("The point is on the agenda.")
    return _asked(request, one, form, deed, title=title, submit=_("Add this point"), done=done)


@holders_of("remove_from_agenda")
def remove_from_agenda(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Take a point off an agenda, after reading which."""
    one = meeting_here(request, number)
    item = _item(one, uid)
    form = forms.PressForm(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.remove_from_agenda(item, by=request.user, at=timezone.now())

    title, submit, done = _("Take a point off the agenda"), _("Take it off"), _("The point is off the agenda.")
    return _asked(request, one, form, deed, title=title, submit=submit, done=done, lead=_named(item))


@holders_of("record_decision")
def record_decision(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Record what was decided under a point of the agenda."""
    one = meeting_here(request, number)
    item = _item(one, uid)
    form = forms.DecisionForm(request.POST or None, initial=forms.words_initial("decision", item.decision))

    def deed() -> None:
        at = timezone.now()
        actions.record_decision(item, decision=form.decision(at), by=request.user, at=at)

    title, submit, done = _("Record a decision"), _("Record this decision"), _("The decision is recorded.")
    return _asked(request, one, form, deed, title=title, submit=submit, done=done, lead=_named(item))


@holders_of("add_meeting_paper")
def add_meeting_paper(request: AtMember, member: str, number: int) -> HttpResponse:
    """Give a document for a meeting; one that comes too late to be read is said to be."""
    one = meeting_here(request, number)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.PaperForm(*posted, initial={"sent_on": today(), "public": True})

    def deed() -> None:
        at = timezone.now()
        actions.add_meeting_paper(one, **form.given(at), by=request.user, at=at)

    lead = _("OGP asks that people receive documents before the meeting. One that comes later is marked so.")
    title, submit, done = _("Give a document"), _("Give this document"), _("The document is given.")
    return _asked(request, one, form, deed, title=title, submit=submit, done=done, lead=lead)


@everyone
def meeting_file(request: AtMember, member: str, number: int, uid: str) -> HttpResponseBase:
    """Hand out a document of a meeting; one for the guests alone, to the team."""
    may = deeds_here(request)
    paper = queries.paper_of(readable_meeting(request, number, may), uid)
    if paper is None or not (paper.public or may & READERS):
        raise Http404(uid)
    return file_response(paper.file)


@everyone
def convocation_paper(request: AtMember, member: str, number: int, lang: str, format: str) -> HttpResponse:
    """Hand out the convocation with its agenda, to print or to send by hand."""
    may = deeds_here(request)
    one = readable_meeting(request, number, may)
    content = meeting_exports.convocation(one, lang=lang, format=format, private=bool(may & READERS))
    return download(content if lang in WORKING else None, format, f"{member}-meeting-{number}-{lang}.{format}")


def download(content: bytes | None, format: str, name: str) -> HttpResponse:
    """Hand out a paper under its name. Raises ``Http404`` when there is none."""
    if content is None:
        raise Http404(name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=meeting_exports.MEDIA_TYPES[format], headers=headers)


def meeting_here(request: AtMember, number: int) -> Meeting:
    """Find a meeting of the member for those who hold a deed. Raises ``Http404``."""
    one = queries.meeting_of(request.member, number)
    if one is None:
        raise Http404(str(number))
    return one


def readable_meeting(request: AtMember, number: int, may: frozenset[str]) -> Meeting:
    """Find a meeting that the reader may read: a public one, or any for the team. Raises ``Http404``."""
    one = queries.meeting_of(request.member, number)
    if one is None or not (queries.is_public(one) or may & READERS):
        raise Http404(str(number))
    return one


def _asked(
    request: AtMember, one: Meeting, form: plain.Form, deed: Any, *, title: str, submit: str, done: str, lead: str = ""
) -> HttpResponse:
    """Do a deed of a meeting and go back to its page, else show the form."""
    if do(request, form, deed, done=done):
        return redirect("meeting", request.member.slug, one.number)
    return _page(request, one, form, title=title, submit=submit, lead=lead)


def _page(
    request: AtMember, one: Meeting, form: plain.Form, *, title: str, submit: str, lead: str = ""
) -> HttpResponse:
    back = reverse("meeting", args=[request.member.slug, one.number])
    name = text_in(one.title, get_language() or "fr")
    return ask(request, form, title=title, submit=submit, back=back, lead=f"{name} – {lead}" if lead else name)


def _item(one: Meeting, uid: str) -> AgendaItem:
    item = queries.agenda_item_of(one, uid)
    if item is None:
        raise Http404(uid)
    item.meeting = one
    return item


def _named(item: AgendaItem) -> str:
    return f"{item.rank}. {text_in(item.title, get_language() or 'fr')}"


def _cycle(request: AtMember) -> Cycle | None:
    """Find the cycle that a new meeting belongs to: the one asked, else the last that has the operation asked."""
    cycles = Cycle.objects.of(request.member).select_related("member", "method")
    kind, _dash, number = request.GET.get("cycle", "").rpartition("-")
    if kind:
        return get_object_or_404(cycles, kind=kind, number=int(number) if number.isdecimal() else 0)
    if operation := request.GET.get("operation"):
        cycles = cycles.filter(operations__code=operation)
    return cycles.latest_first().first()
