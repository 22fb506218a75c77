"""What is due about meetings: to convene, answer, record, minutes to write and send; and what to mind before."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.due import Due
from openregion.core.official import text_in
from openregion.cycle.models import Invitation, Meeting, Minutes
from openregion.cycle.queries.clock import Clock, DueDate, NoDay, clock_of
from openregion.cycle.queries.delays import confidence_in_words, value_of
from openregion.cycle.queries.guests import Counted
from openregion.cycle.queries.meetings import (
    GATHERINGS,
    SESSIONS,
    SITTINGS,
    VALID_WHATEVER_THE_NUMBER,
    day_of,
    name_of_sitting,
    sitting_of,
)
from openregion.people.models import Member

DONE_SHOWN = dt.timedelta(days=7)


def notice_asked(meeting: Meeting, clock: Clock) -> DueDate | None:
    """Give the last day by which to convene a meeting: the law's for a session, a good practice for a public one."""
    what = text_in(meeting.title, get_language() or "fr")
    rule = "session-convocation" if meeting.kind in SESSIONS else "co-creation-notice"
    if meeting.kind not in SESSIONS | GATHERINGS and not meeting.open_to_all:
        return None
    if meeting.follows_id is not None:
        return None  # a sitting after one without quorum: the method knows no delay between the two
    with suppress(NoDay):
        return clock.latest_day(rule, end=day_of(meeting), what=what)
    return None


def minutes_due(meeting: Meeting, clock: Clock) -> DueDate | None:
    """Give the day by which the minutes of a session go to the wali; nothing for other meetings."""
    if meeting.kind not in SESSIONS or meeting.closed_on is None:
        return None
    what = text_in(meeting.title, get_language() or "fr")
    with suppress(NoDay):
        return clock.due_date("minutes-to-wali", start=meeting.closed_on, what=what)
    return None


def due_of_minutes(meeting: Meeting, member: Member) -> DueDate | None:
    """Give the day by which one meeting's minutes go to the wali; nothing where no law asks it."""
    return minutes_due(meeting, clock_of(member)) if meeting.kind in SESSIONS else None


@dataclass(frozen=True)
class Reminder:
    """Something to mind before an act of a meeting; it warns, and refuses nothing."""

    title: str
    text: str
    rule_url: str


def reminders(meeting: Meeting, member: Member, *, counted: Counted, today: dt.date) -> tuple[Reminder, ...]:
    """Say what to mind about a meeting to come: the notice, the guests without address, the sitting's number."""
    if meeting.state not in {Meeting.State.PLANNED, Meeting.State.CONVENED}:
        return ()
    found = []
    clock = clock_of(member)
    if meeting.state == Meeting.State.PLANNED and (asked := notice_asked(meeting, clock)):
        lang = get_language() or "fr"
        told = {"day": dates.day(asked.day, lang)}
        good_practice = meeting.kind not in SESSIONS
        if today > asked.day and good_practice:
            title = _("Good practice asked to convene by %(day)s: the notice will be shorter.") % told
        elif today > asked.day:
            title = _("The rule asked to convene by %(day)s: the notice will be shorter.") % told
        elif good_practice:
            title = _("Good practice: convene by %(day)s.") % told
        else:
            title = _("Convene by %(day)s.") % told
        found.append(Reminder(title, asked.sentence, asked.rule_url))
    if not counted.invited and meeting.body_id:
        how = _("A body is convened through its members. Put them on the list of guests first.")
        found.append(Reminder(_("Nobody of this body is invited yet."), how, ""))
    if counted.without_address:
        n = counted.without_address
        title = ngettext("%(n)s guest has no e-mail address.", "%(n)s guests have no e-mail address.", n) % {"n": n}
        found.append(Reminder(title, _("Hand them the printed convocation, and take down their answer."), ""))
    if meeting.kind in SITTINGS and sitting_of(meeting) >= VALID_WHATEVER_THE_NUMBER:
        rule = value_of(member, "quorum-later-sittings", day_of(meeting)).rule
        lang = get_language() or "fr"
        confidence = confidence_in_words(rule.confidence)
        text = f"{rule.about.in_(lang)} {confidence.name}{_(': ')}{confidence.meaning}"
        title = _("Third sitting: valid whatever the number present.")
        found.append(Reminder(title, text, reverse("method_rule", args=[member.slug, rule.code])))
    return tuple(found)


def due_meetings(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say what is due about meetings: to convene, to record, minutes to draft, approve and send; and those to come."""
    unsent = Q(invitations__sent_at=None, invitations__on_the_spot=False)
    silent = Q(invitations__answer=Invitation.Answer.NONE, invitations__on_the_spot=False)
    found = list(
        Meeting.objects.of(member)
        .exclude(state=Meeting.State.CANCELLED)
        .select_related("minutes", "follows__follows")
        .annotate(
            guests=Count("invitations", filter=Q(invitations__on_the_spot=False), distinct=True),
            unsent=Count("invitations", filter=unsent & ~Q(invitations__email=""), distinct=True),
            has_next=Exists(Meeting.objects.filter(follows=OuterRef("pk")).exclude(state=Meeting.State.CANCELLED)),
            silent=Count("invitations", filter=silent & ~Q(invitations__sent_at=None), distinct=True),
        )
        .filter(~Q(state=Meeting.State.HELD) | Q(minutes=None) | ~Q(minutes__state="published") | _lately(today))
        .order_by("starts_at", "pk")
    )
    lines: list[Due] = []
    clock = clock_of(member)
    for one in found:
        if one.state == Meeting.State.HELD:
            lines += _due_after(one, member, today, clock)
        else:
            lines += _due_before(one, member, today, clock)
    return tuple(lines)


def _lately(today: dt.date) -> Q:
    return Q(minutes__published_on__gte=today - DONE_SHOWN)


def _due_before(one: Meeting, member: Member, today: dt.date, clock: Clock) -> list[Due]:
    day, key = day_of(one), f"meeting:{one.uid}"
    url = reverse("meeting", args=[member.slug, one.number])
    named = {"title": name_of_sitting(one)}
    if day < today or (day == today and one.state == Meeting.State.CONVENED):
        return [Due(
            key=f"{key}:hold", label=_("Record that it was held: %(title)s") % named, url=url, day=day,
            act=_("Record that it was held"), deed="hold_meeting",
            act_url=reverse("hold_meeting", args=[member.slug, one.number]),
        )]  # fmt: skip
    lines = []
    unsent: int = one.unsent  # type: ignore[attr-defined]
    silent: int = one.silent  # type: ignore[attr-defined]
    if one.state == Meeting.State.PLANNED or unsent:
        asked = notice_asked(one, clock)
        alone = not one.guests  # type: ignore[attr-defined]
        label, act = _("Convene: %(title)s") % named, _("Send the convocation")
        if alone:
            label = _("Invite: %(title)s") % named
            act = _("Invite the members of the body") if one.body_id else _("Invite people")
        lines.append(
            Due(
                key=f"{key}:convene",
                label=label,
                url=reverse("invite_to_meeting", args=[member.slug, one.number, "body"])
                if alone and one.body_id
                else url,
                act=act,
                act_url="" if alone else reverse("convene_meeting", args=[member.slug, one.number]),
                day=asked.day if asked else day,
                why=asked.sentence if asked else "",
                estimated=asked.estimated if asked else False,
                deed="invite_to_meeting" if alone else "convene_meeting",
            )
        )
    if silent:
        awaited = ngettext("%(n)s guest", "%(n)s guests", silent) % {"n": silent}
        lines.append(
            Due(
                key=f"{key}:answers",
                label=_("Answers awaited: %(title)s") % named,
                url=url,
                day=day,
                waits_for=awaited,
                deed="record_answer",
            )
        )
    if one.state == Meeting.State.CONVENED:
        label = _("To come: %(title)s") % named
        lines.append(Due(key=f"{key}:comes", label=label, url=url, day=day, deed="check_in"))
    return lines


def _due_after(one: Meeting, member: Member, today: dt.date, clock: Clock) -> list[Due]:
    key, named = f"meeting:{one.uid}", {"title": name_of_sitting(one)}
    url = reverse("meeting", args=[member.slug, one.number])
    minutes = getattr(one, "minutes", None)
    legal = minutes_due(one, clock)
    day = legal.day if legal else None
    why, estimated = (legal.sentence, legal.estimated) if legal else ("", False)

    def due(step: str, label: str, act: str, deed: str) -> Due:
        return Due(
            key=f"{key}:{step}", label=label % named, url=url, act=act, day=day, why=why, estimated=estimated,
            deed=deed, act_url=reverse(deed, args=[member.slug, one.number]),
        )  # fmt: skip

    if one.quorum_met is False and not one.has_next:  # type: ignore[attr-defined]
        label = _("Convene the next sitting: %(title)s") % named
        then = reverse("convene_again", args=[member.slug, one.number])
        plan = _("Plan the next sitting")
        again = Due(key=f"{key}:again", label=label, url=url, act_url=then, act=plan, deed="convene_again")
    else:
        again = None
    before = [again] if again else []
    if minutes is None:
        return [*before, due("draft", _("Draft the minutes: %(title)s"), _("Draft the minutes"), "draft_minutes")]
    if minutes.state == Minutes.State.DRAFT:
        return [
            *before,
            due("approve", _("Approve the minutes: %(title)s"), _("Approve the minutes"), "approve_minutes"),
        ]
    lines = before
    if legal and minutes.sent_on is None:
        label = _("Send the minutes to the wali: %(title)s")
        lines.append(due("send", label, _("Record that they were sent"), "send_minutes"))
    if minutes.state == Minutes.State.APPROVED:
        label, act = _("Publish the minutes: %(title)s") % named, _("Publish the minutes")
        lines.append(
            Due(
                key=f"{key}:publish",
                label=label,
                url=url,
                act=act,
                act_url=reverse("publish_minutes", args=[member.slug, one.number]),
                deed="publish_minutes",
            )
        )
    elif minutes.published_on and minutes.published_on >= today - DONE_SHOWN:
        label = _("Minutes published: %(title)s") % named
        lines.append(Due(key=f"{key}:published", label=label, url=url, done_on=minutes.published_on))
    return lines
