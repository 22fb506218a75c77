"""Following a theme, a province, a suggestion or a question, and stopping. A person's own affair: no journal line."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from openregion.consultation import follow_mails, keys, queries, rules
from openregion.consultation.models import Consultation, Contribution, Follow
from openregion.core.refusal import refuse_if
from openregion.cycle.actions.steps import hold
from openregion.cycle.models import Cycle
from openregion.people import mails
from openregion.people.models import Member, new_uid


@transaction.atomic
def follow_news(member: Member, *, kind: str, subject: str, email: str, lang: str, at: dt.datetime) -> Follow | None:
    """Note that somebody asks for news, and send the address a link that confirms: nothing else leaves before.

    Asked again, the link is sent again; one that is confirmed already is told
    so, by mail alone, so that the page says to nobody who follows what. An
    address that follows as much as one may is told by mail, if it ever
    confirmed anything; no follow is made. The journal tells nothing of it. Raises ``Refused`` when the rule says no.
    """
    email = email.strip().lower()
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # two presses at once meet here
    theirs = Follow.objects.filter(member=member, email=email)
    what = queries.followed(member, kind, subject)
    refuse_if(rules.why_not_follow(known=what is not None, email=email))
    follow = theirs.filter(kind=kind, subject=subject).first()
    if follow is None and theirs.count() >= rules.MOST_FOLLOWED:
        if first := theirs.exclude(confirmed_at=None).order_by("pk").first():
            follow_mails.tell_full(first, kind=kind, subject=subject, at=at)
        return None
    if follow is None:
        uid = new_uid()
        follow = Follow.objects.create(
            uid=uid,
            member=member,
            email=email,
            lang=lang,
            kind=kind,
            subject=subject,
            key_hash=keys.hashed(keys.key_of(uid)),
            asked_at=at,
        )
    elif follow.confirmed_at is None:
        follow.asked_at, follow.lang = at, lang
        follow.save(update_fields=["asked_at", "lang"])
    follow_mails.ask_to_confirm(follow, at=at)
    return follow


@transaction.atomic
def confirm_follow(follow: Follow, *, at: dt.datetime) -> Follow:
    """Have news leave for an address whose owner pressed the link; from now on, nothing of before.

    Pressed twice, it stays confirmed. Raises ``Refused`` when the link is too old.
    """
    hold(follow)
    refuse_if(rules.why_not_confirm(follow, at=at))
    if follow.confirmed_at is None:
        follow.confirmed_at, follow.told_until = at, queries.last_line_of(follow.member)
        follow.save(update_fields=["confirmed_at", "told_until"])
    return follow


@transaction.atomic
def stop_following(follow: Follow, *, everything: bool = False) -> int:
    """Forget that somebody follows something, or all that the same address follows here; say how many follows went.

    What waits to leave does not leave, unless they still follow something: it tells of that too.
    """
    theirs = Follow.objects.filter(member=follow.member, email=follow.email)
    gone, _of = (theirs if everything else theirs.filter(pk=follow.pk)).delete()
    if not theirs.exists():
        mails.call_back(member=follow.member, kind=follow_mails.NEWS, to=follow.email)
    return gone


@transaction.atomic
def let_go_of_follows(*, at: dt.datetime) -> int:
    """Forget the addresses that nobody confirmed within seven days; say how many."""
    gone, _of = Follow.objects.filter(confirmed_at=None, asked_at__lte=at - rules.CONFIRMED_WITHIN).delete()
    return gone


@transaction.atomic
def forget_followers(cycle: Cycle) -> int:
    """Forget who follows what belongs to a cycle whose follow-up is over; say how many follows went.

    A province outlives a cycle: who follows one is forgotten with the member's last cycle of the kind.
    """
    kinds, member = Follow.Kind, cycle.member
    theirs, gone = Follow.objects.filter(member=member), 0
    for slug in Consultation.objects.filter(cycle=cycle).values_list("slug", flat=True):
        gone += theirs.filter(kind=kinds.CONSULTATION, subject=slug).delete()[0]
        gone += theirs.filter(kind=kinds.THEME, subject__startswith=f"{slug}.").delete()[0]
    followed = [int(one) for one in theirs.filter(kind=kinds.SUGGESTION).values_list("subject", flat=True)]
    over = Contribution.everything.of(member).filter(consultation__cycle=cycle, number__in=followed)
    numbers = [str(one) for one in over.values_list("number", flat=True)]
    gone += theirs.filter(kind=kinds.SUGGESTION, subject__in=numbers).delete()[0]
    if not Cycle.objects.of(member).filter(kind=cycle.kind, number__gt=cycle.number).exists():
        gone += theirs.filter(kind=kinds.PROVINCE).delete()[0]
    return gone
