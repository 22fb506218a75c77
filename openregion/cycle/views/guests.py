"""The guests of meetings: invited, answered for, answering by their own link, checked in at the door."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from openregion.core import icalendar
from openregion.core.audience import everyone
from openregion.core.languages import WORKING
from openregion.core.official import text_in
from openregion.core.refusal import Refused
from openregion.cycle import actions, meeting_exports, rules
from openregion.cycle.forms import meetings as forms
from openregion.cycle.models import Invitation, Meeting
from openregion.cycle.queries import guests as queries
from openregion.cycle.queries import meetings as meeting_queries
from openregion.cycle.views.meetings import download, meeting_here
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, holders_of


@holders_of("invite_to_meeting")
def invite_to_meeting(request: AtMember, member: str, number: int, source: str) -> HttpResponse:
    """Invite those who hold the seats of a body, contacts of the directory, or someone typed."""
    one = meeting_here(request, number)
    if source not in forms.GUEST_FORMS:
        raise Http404(source)
    form: Any = forms.GUEST_FORMS[source](request.POST or None, meeting=one)
    if source == "body" and one.body:
        form.fields["body"].initial = one.body.slug

    there = 0

    def deed() -> None:
        nonlocal there
        asked = form.guests()
        there = len(asked) - len(actions.invite_to_meeting(one, guests=asked, by=request.user, at=timezone.now()))

    if do(request, form, deed, done=_("They are on the list of guests. The convocation has not left yet.")):
        if there:
            told = ngettext("%(n)s was on the list already.", "%(n)s were on the list already.", there)
            messages.info(request, told % {"n": there})
        return redirect(_guests_of(request, one))
    titles = {
        "body": _("Invite those who hold a seat"),
        "directory": _("Invite from the directory"),
        "person": _("Invite a person"),
    }
    lead = _("Those already invited stay as they are. Only the team reads names, addresses and answers.")
    back = reverse("meeting", args=[member, number])
    return ask(request, form, title=titles[source], submit=_("Put them on the list"), back=back, lead=lead)


@holders_of("withdraw_invitation")
def withdraw_invitation(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Take a guest off the list, after reading who."""
    one = meeting_here(request, number)
    guest = _guest(one, uid)
    form = forms.PressForm(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.withdraw_invitation(guest, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The invitation is withdrawn.")):
        return redirect(_guests_of(request, one))
    title, submit = _("Withdraw an invitation"), _("Withdraw it")
    back = reverse("meeting", args=[member, number])
    return ask(request, form, title=title, submit=submit, back=back, lead=guest.name)


@holders_of("forget_guest")
def forget_guest(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Erase who a guest is, because they ask; the row stays and is counted."""
    one = meeting_here(request, number)
    guest = _guest(one, uid)
    form = forms.PressForm(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.forget_guest(guest, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("This person is erased from the list of guests.")):
        return redirect(_guests_of(request, one))
    told = _(
        "Their name, organisation, address and stand-in go, with what was written to them. Their place in the counts "
        "stays, and so do approved minutes. This cannot be undone."
    )
    back = reverse("meeting", args=[member, number])
    title, submit = _("Erase this person"), _("Erase for good")
    return ask(request, form, title=title, submit=submit, back=back, lead=f"{guest.name} – {told}")


@holders_of("convene_meeting")
def convene_once_more(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Send the convocation again to one guest, at a corrected address if need be: with a new link."""
    one = meeting_here(request, number)
    guest = _guest(one, uid)
    form = forms.OnceMoreForm(request.POST or None, initial={"email": guest.email})

    def deed() -> None:
        actions.convene_meeting(one, again=guest, email=form.cleaned_data["email"], by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The convocation is on its way again, with a new link.")):
        return redirect(_guests_of(request, one))
    back = reverse("meeting", args=[member, number])
    return ask(request, form, title=_("Send a new link"), submit=_("Send it"), back=back, lead=guest.name)


@holders_of("record_answer")
def record_answer(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Take down the answer of a guest who gave it by telephone, letter or word of mouth."""
    one = meeting_here(request, number)
    guest = _guest(one, uid)
    known = {"answer": guest.answer, "stand_in": guest.stand_in}
    form = forms.TakenDownForm(request.POST or None, initial=known)

    def deed() -> None:
        actions.record_answer(guest, **form.cleaned_data, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The answer is taken down.")):
        return redirect(_guests_of(request, one))
    title, submit = _("Take down an answer"), _("Save this answer")
    back = reverse("meeting", args=[member, number])
    return ask(request, form, title=title, submit=submit, back=back, lead=guest.name)


@everyone
@csrf_exempt  # no session speaks here: whoever holds the key in the address is the guest, and nobody else can forge it
@never_cache
def answer_invitation(request: AtMember, member: str, token: str) -> HttpResponse:
    """Let a guest say by their own link whether they come, do not come, or send someone; until the meeting opens."""
    guest = queries.invitation_by_key(request.member, token)
    if guest is None:
        return _unlogged(render(request, "cycle/meetings/no_invitation.html", status=404))
    now = timezone.now()
    given = guest.answer if guest.answer != Invitation.Answer.NONE else ""
    initial = {"answer": given, "stand_in": guest.stand_in}
    form = forms.AnswerForm(request.POST if request.method == "POST" else None, initial=initial)

    def deed() -> None:
        actions.record_answer(guest, **form.cleaned_data, by=None, at=now)

    if do(
        request, form, deed, done=_("Thank you, your answer is recorded. You can change it until the meeting opens.")
    ):
        return _unlogged(redirect(request.path))
    closed = rules.why_not_record_answer(None, guest, answer=given or "coming", stand_in=guest.stand_in or "-", at=now)
    public = meeting_queries.is_public(guest.meeting)
    page = meeting_queries.meeting_page(guest.meeting, request.member, private=False)
    shown = {"form": form, "page": page, "closed": closed, "guest": guest.name, "public": public, "token": token}
    shown |= {"answer": given, "answer_words": queries.answer_in_words(guest)}
    return _unlogged(render(request, "cycle/meetings/answer.html", shown))


@everyone
@never_cache
def invitation_ics(request: AtMember, member: str, token: str) -> HttpResponse:
    """Hand a guest the meeting for their own calendar, by the link of their own."""
    guest = queries.invitation_by_key(request.member, token)
    if guest is None or guest.meeting.state == Meeting.State.CANCELLED:
        return _unlogged(render(request, "cycle/meetings/no_invitation.html", status=404))
    one, lang, host = guest.meeting, get_language() or "fr", urlsplit(settings.SITE).netloc
    entry = icalendar.CalendarEntry(
        uid=f"meeting-{one.uid}",
        title=text_in(one.title, lang),
        starts=one.starts_at,
        ends=one.ends_at,
        place=text_in(one.place, lang),
        url=settings.SITE + reverse("meeting", args=[member, one.number]) if meeting_queries.is_public(one) else "",
    )
    name = text_in(request.member.name, lang)
    content = icalendar.written([entry], name=name, host=host, at=timezone.now(), lang=lang, site=settings.SITE)
    headers = {"Content-Disposition": f'attachment; filename="meeting-{one.number}.ics"'}
    return _unlogged(HttpResponse(content, content_type=icalendar.MEDIA_TYPE, headers=headers))


@holders_of("check_in")
@never_cache
def check_in(request: AtMember, member: str, number: int) -> HttpResponse:
    """Note at the door who comes: one tap a guest, undone by another; those who walk in are added below."""
    one, q = meeting_here(request, number), request.GET.get("q", "").strip()
    form = forms.PersonForm(request.POST if "walk_in" in request.POST else None, meeting=one)
    if request.method == "POST" and "walk_in" not in request.POST:
        return _tapped(request, one)

    def deed() -> None:
        (guest,) = form.guests()
        actions.check_in(one, guest=guest, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("They are on the list, and noted as present.")):
        return redirect("check_in", member, number)
    whole = queries.guest_lines(one, request.member)
    shown = {
        "form": form,
        "page": meeting_queries.meeting_page(one, request.member, private=True),
        "guests": queries.guest_lines(one, request.member, named=q) if q else whole,
        "counted": queries.counted(whole),
        "quorum": meeting_queries.quorum_of(one, request.member),
        "why_not": rules.why_not_check_in(request.user, one, name="-", at=timezone.now()),
        "q": q,
    }
    return render(request, "cycle/meetings/check_in.html", shown)


def _tapped(request: AtMember, one: Meeting) -> HttpResponse:
    """Note or undo the presence of the guest whose button was tapped, and come back to their row."""
    came = "came" in request.POST
    guest = _guest(one, request.POST.get("came" if came else "undo", ""))
    try:
        actions.check_in(one, guest=guest, came=came, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('check_in', args=[request.member.slug, one.number])}#g-{guest.uid}")


@holders_of("check_in")
def attendance_paper(request: AtMember, member: str, number: int, lang: str, format: str) -> HttpResponse:
    """Hand out the list to sign at the door."""
    one = meeting_here(request, number)
    content = meeting_exports.attendance(one, lang=lang, format=format) if lang in WORKING else None
    return download(content, format, f"{member}-attendance-{number}-{lang}.{format}")


def _guests_of(request: AtMember, one: Meeting) -> str:
    return reverse("meeting", args=[request.member.slug, one.number]) + "#guests"


def _guest(one: Meeting, uid: str) -> Invitation:
    guest = one.invitations.select_related("mandate").filter(uid=uid).first()
    if guest is None:
        raise Http404(uid)
    guest.meeting = one
    return guest


def _unlogged(response: HttpResponse) -> HttpResponse:
    """Keep a guest's key out of the logs and of the next page's referrer, and the page out of search engines.

    The origin stays in the referrer: without it a browser signs its form with
    an origin of "null", and the answer is refused.
    """
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django writes the address of what is not found
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
