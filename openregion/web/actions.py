"""What is done across rooms: pages made findable, people reminded, calendars opened, a cycle handed over."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import override

from openregion.admission import queries as admissions
from openregion.consultation import follow_mails
from openregion.consultation import queries as consultations
from openregion.consultation.models import Follow
from openregion.core.due import Due
from openregion.core.languages import WORKING
from openregion.core.post import can_be_written_to
from openregion.core.refusal import refuse_if
from openregion.cycle import queries as cycles
from openregion.cycle.actions import forget_in_meetings
from openregion.cycle.actions.steps import hold
from openregion.cycle.models import Cycle, HandOver
from openregion.diagnosis import queries as diagnoses
from openregion.people import actions as people
from openregion.people.models import Body, CalendarKey, Contact, Digest, Member, User
from openregion.people.queries import findable_bodies
from openregion.plan import queries as plans
from openregion.record.actions import empty_index, index_entry, write_line
from openregion.registers import queries as registers
from openregion.web import mails
from openregion.web.queries.feeds import hashed_key
from openregion.web.queries.reminders import News, news_for, still_true, told_before
from openregion.web.queries.whats_new import WhatsNew, in_parts
from openregion.web.rules import why_not_hand_over


@dataclass(frozen=True)
class Indexed:
    """How many pages were read, and how many search finds now."""

    read: int
    indexed: int


@transaction.atomic
def index_again(member: Member) -> Indexed:
    """Make every public page of a member findable again, in each working language.

    The index is emptied first: what no longer exists must not be found. Done in
    one transaction, so that a search meanwhile still finds the pages of before.
    """
    empty_index(member.slug)
    read, entries = 0, set()
    for lang in WORKING:
        for page in cycles.entries_of_the_method(member, lang):
            read += 1
            entry = index_entry(
                member_code=member.slug,
                lang=lang,
                kind=page.kind,
                subject_uid=page.subject_uid,
                title=page.title,
                excerpt=page.excerpt,
                path=page.path,
                text=page.text,
            )
            entries.add(entry.pk)
        for body in findable_bodies(member, lang, Body.objects.of(member)):
            read += 1
            entries.add(index_entry(member_code=member.slug, lang=lang, **body).pk)
    for room in (cycles, consultations, diagnoses, plans, admissions, registers):
        for found in room.findable(member):
            read += 1
            entries.add(index_entry(member_code=member.slug, **found).pk)
    return Indexed(read, len(entries))


@transaction.atomic
def forget_contact(contact: Contact, *, on: dt.date, by: User, at: dt.datetime) -> None:
    """Erase a contact because the person asks: from the directory, the lists of guests and what waits to be sent.

    What was issued stays as it was issued. Raises ``Refused`` when the rule says no.
    """
    forget_in_meetings(contact)
    people.retire_contact(contact, on=on, by=by, at=at, erase=True)


@transaction.atomic
def let_go_of_contacts(*, at: dt.datetime) -> int:
    """Erase the contacts retired five years ago or more, with what the lists of guests say of them; say how many."""
    for contact in people.contacts_over(at=at).select_related("member"):
        forget_in_meetings(contact)
    return people.let_go_of_contacts(at=at)


@transaction.atomic
def remind(user: User, *, work: Sequence[tuple[Member, Sequence[Due]]], on: dt.date, at: dt.datetime) -> bool:
    """Send a person the digest of the day when there is news for them, of all members at once; say whether there was.

    One a day at most: what was told is kept with the day, and a second run the
    same day finds it. A person's own affair: the journal tells nothing of it.
    """
    if not can_be_written_to(user.email):
        return False
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two rounds at once meet here
    if Digest.objects.filter(user=user, on__gte=on).exists():
        return False
    before = told_before(user)
    fresh: list[tuple[Member, News]] = []
    for member, lines in work:
        last = before.get(member.pk)
        known = last.told if last else {}
        with override(user.lang):
            news = news_for(lines, known, on)
        if news is not None:
            fresh.append((member, news))
        elif last is not None and (kept := still_true(known, lines)) != known:
            Digest.objects.filter(pk=last.pk).update(told=kept)
    for member, news in fresh:
        Digest.objects.create(user=user, member=member, on=on, told=news.told)
    if fresh:
        mails.digest(user, fresh, on=on, at=at)
    return bool(fresh)


@transaction.atomic
def make_calendar_key(*, user: User, member: Member, at: dt.datetime) -> str:
    """Make the key of a person's own calendar, closing the one before; the key is given once, and kept hashed."""
    key = secrets.token_urlsafe(32)
    CalendarKey.objects.update_or_create(
        user=user, member=member, defaults={"key_hash": hashed_key(key), "made_at": at}
    )
    return key


@transaction.atomic
def revoke_calendar_key(*, user: User, member: Member) -> bool:
    """Close the address of a person's own calendar; say whether there was one."""
    gone, _of = CalendarKey.objects.filter(user=user, member=member).delete()
    return bool(gone)


def set_digest(*, user: User, wanted: bool) -> None:
    """Remember whether a person wants reminders by e-mail."""
    User.objects.filter(pk=user.pk).update(wants_digest=wanted)


@transaction.atomic
def hand_over(cycle: Cycle, *, by: User, at: dt.datetime) -> HandOver:
    """Ask for the hand-over pack of a cycle: everything of it as one archive, for the next council (row O-9).

    The pack is made outside the request. Raises ``Refused`` when it may not be
    asked, or when one of the same cycle is being made.
    """
    hold(cycle)  # two who ask at once meet here: the second sees that one is being made
    refuse_if(why_not_hand_over(by, cycle))
    making = HandOver.objects.create(cycle=cycle, by=by, asked_at=at)
    write_line(
        room="web",
        verb="hand_over",
        subject_type="Cycle",
        subject_uid=cycle.uid,
        member_code=cycle.member.slug,
        by_ref=by.reference,
        at=at,
        facts={"kind": cycle.kind, "number": cycle.number},
    )
    return making


@transaction.atomic
def tell_follower(follows: Sequence[Follow], *, news: WhatsNew, at: dt.datetime) -> bool:
    """Write to one address what is new under all that it follows, in one message; say whether there was anything.

    Nothing leaves where nothing is new. A second round the same day finds that it
    was told: once a week at most. A person's own affair: the journal tells nothing of it.
    """
    held = (
        Follow.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=[one.pk for one in follows])
        .order_by("pk")
    )
    theirs = [one for one in held.select_related("member") if consultations.is_due(one, at=at)]
    fresh = {one.pk: found for one in theirs if (found := news.of(one))}
    if not theirs:
        return False
    everything = Follow.objects.filter(pk__in=[one.pk for one in theirs], told_until__lt=news.until)
    everything.update(told_until=news.until)
    if not fresh:
        return False
    lang = theirs[-1].lang  # the one they used last
    with override(lang):
        member = theirs[0].member
        names = consultations.followed_by_name(member, [(one.kind, one.subject) for one in theirs])
        parts = [
            {
                "name": names[one.kind, one.subject].name if (one.kind, one.subject) in names else one.subject,
                "news": in_parts(fresh[one.pk]),
                "stop": follow_mails.stop_address(one),
            }
            for one in theirs
            if one.pk in fresh
        ]
    follow_mails.send_digest(theirs, parts, lang=lang, at=at)
    Follow.objects.filter(pk__in=[one.pk for one in theirs]).update(told_at=at)
    return True
