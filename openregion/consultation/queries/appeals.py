"""Decisions on people's words as their authors and readers read of them: appeals, masking, what says the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from openregion.consultation.models import Appeal, Contribution, Kinship, Sealed
from openregion.consultation.queries.words import address_of, first_words, tag_of
from openregion.guide import queries as guides
from openregion.people.models import Appointment, Member, User
from openregion.record.models import JournalLine

MOST_KIN = 30  # that a page names; beyond, it says how many more there are

# What an author can appeal against, in words.
AGAINST: dict[str, Promise] = {
    "hide_contribution": gettext_lazy("It was hidden."),
    "mark_spam": gettext_lazy("It was set aside as spam."),
    "mask_words": gettext_lazy("A third person's data was blacked out in it."),
}


@dataclass(frozen=True)
class Decision:
    """The decision on somebody's words that they can appeal against: which deed, when, by whom; nothing where none."""

    against: str = ""
    at: dt.datetime | None = None
    by: User | None = None


@dataclass(frozen=True)
class Appealed:
    """An appeal as its author and those who moderate read it."""

    uid: str
    words: str
    tag: str
    against: str
    made_at: dt.datetime
    decided_at: dt.datetime | None
    kept: bool | None
    answer: str


@dataclass(frozen=True)
class Kin:
    """A public suggestion that says the same as another."""

    number: int
    url: str
    begins: str
    tag: str


@dataclass(frozen=True)
class Care:
    """What a suggestion's public page says of moderation: masked, appealed, said by others too.

    ``appeal_on`` and ``appeal_kept`` tell the outcome of the last appeal that
    was decided against how it is shown now.
    """

    masked_on: dt.date | None
    appeal_on: dt.date | None
    appeal_kept: bool | None
    says_as: Kin | None
    kin: tuple[Kin, ...]
    more_kin: int


def decision_on(contribution: Contribution) -> Decision:
    """Find the decision on a contribution's words that its author can appeal against, and who took it.

    What was decided before moderators were written beside it is read in the
    journal, whose reference leads to the person while they have an account.
    """
    states = Contribution.Moderation
    deeds = {states.HIDDEN: "hide_contribution", states.SPAM: "mark_spam"}
    against = deeds.get(states(contribution.moderation), "")
    if not against and Sealed.objects.filter(contribution=contribution).exists():
        against = "mask_words"
    if not against:
        return Decision()
    lines = JournalLine.objects.filter(subject_type="Contribution", subject_uid=contribution.uid, verb=against)
    line = lines.order_by("-pk").first()
    by = contribution.moderated_by if against != "mask_words" else None
    if by is None and line is not None and line.by_ref:
        by = User.objects.filter(reference=line.by_ref).first()
    at = line.at if line is not None and against == "mask_words" else contribution.moderated_at
    return Decision(against, at, by)


def appeals_of(contribution: Contribution) -> tuple[Appealed, ...]:
    """Give an author's appeals, the latest first."""
    return tuple(_appealed(one) for one in contribution.appeals.order_by("-pk"))


def waiting_appeals(member: Member) -> QuerySet[Appeal]:
    """Give the appeals that wait for an answer; what was withdrawn or erased meanwhile waits for nobody."""
    waiting = Appeal.objects.filter(contribution__member=member, decided_at=None)
    return waiting.filter(contribution__withdrawn_at=None, contribution__erased_at=None)


def against_own(user: User) -> Q:
    """Say which appeals a person may not decide: against their own decision, or of their own words."""
    return Q(first_by=user) | Q(contribution__author=user)


def hearers(member: Member, *, but: User) -> tuple[str, ...]:
    """Name those who may decide an author's appeal, but for the one person who decided first."""
    roles = [one.code for one in guides.guide(member.guide_version).roles if "decide_appeal" in one.deeds]
    held = Appointment.objects.of(member).held_on(timezone.localdate()).filter(role__in=roles).exclude(user=but)
    return tuple(held.order_by("user__name").values_list("user__name", flat=True).distinct())


def answers_address(contribution: Contribution) -> str:
    """Give the page where a comment is read, under the suggestion it answers; nothing for a suggestion."""
    comment = getattr(contribution, "comment", None)
    return address_of("suggestion_voices", contribution.member.slug, comment.on.number) if comment else ""


def care_of(member: Member, number: int) -> Care | None:
    """Say what moderation did of a suggestion that the public may know of; nothing where it is not public."""
    public = Contribution.objects.of(member).filter(number=number, moderation__in=("published", "hidden"))
    found = public.filter(withdrawn_at=None).select_related("sealed", "kinship__says_as").first()
    if found is None:
        return None
    sealed, kinship = getattr(found, "sealed", None), getattr(found, "kinship", None)
    shown = found.moderation == Contribution.Moderation.PUBLISHED
    appeal = _last_standing(found)
    head = kinship.says_as if kinship else None
    around, more = _around(found, head) if shown else ((), 0)
    return Care(
        masked_on=timezone.localdate(sealed.sealed_at) if sealed and shown and not found.erased_at else None,
        appeal_on=timezone.localdate(appeal.decided_at) if appeal and appeal.decided_at else None,
        appeal_kept=appeal.kept if appeal else None,
        says_as=_kin(member, [head])[0] if shown and head and _is_public(head) else None,
        kin=_kin(member, around),
        more_kin=more,
    )


def kin_of(contribution: Contribution) -> tuple[Kin | None, tuple[Kin, ...]]:
    """Give what a suggestion is said to say the same as, and the public ones that are said to say as it does."""
    kinship = Kinship.objects.filter(suggestion=contribution).select_related("says_as").first()
    says_as = _kin(contribution.member, [kinship.says_as])[0] if kinship else None
    around, _more = _around(contribution, None)
    return says_as, _kin(contribution.member, around)


def _last_standing(contribution: Contribution) -> Appeal | None:
    """Give the last appeal decided, where it tells how the words are shown: kept hidden, or published by it."""
    decided = contribution.appeals.exclude(decided_at=None).exclude(against="mask_words").order_by("-pk").first()
    if decided is None:
        return None
    hidden = contribution.moderation == Contribution.Moderation.HIDDEN
    return decided if decided.kept == hidden and not (hidden and _is_older(decided, contribution)) else None


def _is_older(appeal: Appeal, contribution: Contribution) -> bool:
    """Say whether an appeal was made before the decision that stands now."""
    return contribution.moderated_at is not None and appeal.made_at < contribution.moderated_at


def _around(contribution: Contribution, head: Contribution | None) -> tuple[list[Contribution], int]:
    """Give the public suggestions around the same head, and how many more there are."""
    centre = head or contribution
    public = Q(moderation="published", withdrawn_at=None, erased_at=None)
    found = Contribution.objects.filter(public, kinship__says_as=centre).exclude(pk=contribution.pk).order_by("pk")
    rows = list(found[: MOST_KIN + 1])
    more = found.count() - MOST_KIN if len(rows) > MOST_KIN else 0
    return rows[:MOST_KIN], more


def _kin(member: Member, rows: Iterable[Contribution]) -> tuple[Kin, ...]:
    return tuple(
        Kin(one.number, reverse("suggestion", args=[member.slug, one.number]), first_words(one), tag_of(one.lang))
        for one in rows
    )


def _is_public(one: Contribution) -> bool:
    return one.moderation == Contribution.Moderation.PUBLISHED and not (one.withdrawn_at or one.erased_at)


def _appealed(one: Appeal) -> Appealed:
    return Appealed(
        uid=one.uid,
        words=one.words,
        tag=tag_of(one.lang),
        against=str(AGAINST.get(one.against, "")),
        made_at=one.made_at,
        decided_at=one.decided_at,
        kept=one.kept,
        answer=one.answer,
    )
