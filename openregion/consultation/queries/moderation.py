"""The moderator's queue, and one case of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from openregion.consultation import signals
from openregion.consultation.models import Contribution, Flag, Sealed, Suggestion
from openregion.consultation.queries.appeals import (
    Appealed,
    Kin,
    against_own,
    appeals_of,
    hearers,
    kin_of,
    waiting_appeals,
)
from openregion.consultation.queries.assisting import Assistance, assistance_of
from openregion.consultation.queries.attachments import Given, given_with
from openregion.consultation.queries.delays import Delays, delays_of
from openregion.consultation.queries.words import CHANNELS, PARTS, address_of, tag_of, with_all
from openregion.consultation.querysets import CAME_AT, ContributionQuerySet
from openregion.core import languages
from openregion.core.official import OfficialText, text_in
from openregion.people.models import Member, User

LONGEST_IN_A_QUEUE = 1_500  # characters; longer words are opened before anyone decides


ROWS_IN_A_QUEUE = 20


@dataclass(frozen=True)
class Part:
    """One part of what a person wrote: what it is, and the words."""

    label: str
    text: str


@dataclass(frozen=True)
class Voice:
    """A contribution as a moderator reads it: the words in their own direction, and what surrounds them.

    ``on`` is the number of the suggestion that a comment answers; nothing for a
    suggestion. ``channel`` says how it was given. ``signals`` say why the platform took it for a machine's;
    ``flags`` how many readers flagged it.
    """

    number: int
    parts: tuple[Part, ...]
    tag: str
    tongue: str
    theme: str
    province: str
    received_at: dt.datetime
    arrived_at: dt.datetime | None
    channel: str
    state: str
    cut: bool
    on: int | None = None
    signals: tuple[str, ...] = ()
    flags: int = 0
    files: tuple[Given, ...] = ()


@dataclass(frozen=True)
class Filter:
    """A state to look at, and how many contributions are in it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Queue:
    """A page of the moderator's queue; ``following`` is the key that the next page starts from.

    ``takes_many`` says whether several are published, or read, together.
    ``not_theirs`` counts the appeals that the reader may not decide, and
    ``hearers`` names who may.
    """

    voices: tuple[Voice, ...]
    following: str
    filters: tuple[Filter, ...]
    kinds: tuple[Filter, ...]
    waiting: int
    since: dt.datetime | None
    state: str
    kind: str
    takes_many: bool
    delays: Delays
    not_theirs: int
    hearers: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """One contribution before a moderator, what has been decided on it, and its neighbours in the queue."""

    voice: Voice
    key: int
    consultation: OfficialText
    consultation_slug: str
    decided_at: dt.datetime | None
    hidden_for: str
    reason_told_at: dt.datetime | None
    withdrawn: bool
    erased: bool
    has_reply: bool
    public_address: str
    masked_at: dt.datetime | None
    flagged: tuple[tuple[str, int], ...]
    appeals: tuple[Appealed, ...]
    assistance: Assistance | None
    says_as: Kin | None
    kin: tuple[Kin, ...]
    following: int | None
    previous: int | None


STATES: dict[str, Promise] = {
    "pending": gettext_lazy("Waiting"),
    "suspect": gettext_lazy("Waiting, perhaps spam"),
    "unread": gettext_lazy("Published, not read yet"),
    "flagged": gettext_lazy("Flagged by readers"),
    "appeals": gettext_lazy("Appeals"),
    "published": gettext_lazy("Published"),
    "hidden": gettext_lazy("Hidden"),
    "spam": gettext_lazy("Spam"),
}

# What waits for somebody is read oldest first; what is done, latest first.
TO_DO = ("pending", "suspect", "unread", "flagged", "appeals")

KINDS_TO_READ: dict[str, Promise] = {
    "": gettext_lazy("All"),
    "suggestion": gettext_lazy("Suggestions"),
    "comment": gettext_lazy("Comments"),
}


def queue(member: Member, *, by: User, state: str, after: int, kind: str = "") -> Queue:
    """Give twenty contributions in a state: those that wait for somebody oldest first; the others latest first.

    Read from one end, by key: the hundred-thousandth costs what the first does.
    ``after`` is the key of the last one already seen, 0 to begin. ``by`` reads
    it: appeals that somebody else must decide are not among theirs.
    """
    state, kind = state if state in STATES else "pending", kind if kind in KINDS_TO_READ else ""
    found = in_state(member, state, kind, by)
    if state in TO_DO:
        found = found.filter(pk__gt=after).order_by("pk")
    else:
        found = (found.filter(pk__lt=after) if after else found).order_by("-pk")
    rows = list(with_all(found).select_related("comment__on")[: ROWS_IN_A_QUEUE + 1])
    more, rows = len(rows) > ROWS_IN_A_QUEUE, rows[:ROWS_IN_A_QUEUE]
    counts, by_kind = _counts(member, state, kind, by)
    flags = _flags_of(rows)
    not_theirs = waiting_appeals(member).filter(against_own(by)).count()
    oldest = in_state(member, "pending", "").order_by("pk").values_list(CAME_AT, flat=True).first()
    return Queue(
        voices=tuple(voice_of(row, longest=LONGEST_IN_A_QUEUE, flags=flags.get(row.pk, 0)) for row in rows),
        following=str(rows[-1].pk) if more else "",
        filters=tuple(Filter(code, str(label), counts.get(code, 0), code == state) for code, label in STATES.items()),
        kinds=tuple(
            Filter(code, str(label), by_kind.get(code, 0), code == kind) for code, label in KINDS_TO_READ.items()
        ),
        waiting=counts["all waiting"],
        since=oldest,
        state=state,
        kind=kind,
        takes_many=state in {"pending", "suspect", "unread"},
        delays=delays_of(member, at=timezone.now()),
        not_theirs=not_theirs,
        hearers=hearers(member, but=by) if not_theirs else (),
    )


def in_state(member: Member, state: str, kind: str = "", by: User | None = None) -> ContributionQuerySet:
    """Give what stands in a state of the queue; what its author withdrew or had erased waits for nobody.

    Appeals are those that ``by`` may decide, when it is said who asks.
    """
    found = Contribution.everything.of(member).filter(withdrawn_at=None)
    if state in TO_DO:
        found = found.filter(erased_at=None)
    if kind:
        found = found.filter(kind=kind)
    if state == "pending":
        return found.filter(moderation="pending")
    if state == "suspect":
        return found.filter(moderation="pending").exclude(signals=[])
    if state == "unread":
        arrived = Q(moderation="published", moderated_by=None, moderated_at=CAME_AT)
        return found.filter(arrived, consultation__reads="after")
    if state == "flagged":
        open_flags = Flag.objects.filter(contribution__member=member, settled_at=None)
        return found.filter(pk__in=open_flags.values("contribution"))
    if state == "appeals":
        waiting = waiting_appeals(member)
        waiting = waiting.exclude(against_own(by)) if by else waiting
        return found.filter(pk__in=waiting.values("contribution"))
    return found.filter(moderation=state)


def to_moderate(member: Member, number: int) -> Contribution | None:
    """Find a member's contribution by its public number, suggestion or comment, with all that its case shows."""
    found = with_all(Contribution.everything.of(member).filter(number=number))
    return found.select_related("comment__on", "consultation__cycle__member", "moderated_by").first()


def case(contribution: Contribution, *, by: User, state: str = "pending", kind: str = "") -> Case:
    """Prepare one contribution for a moderator to decide on, or to see what was decided.

    ``state`` and ``kind`` are the queue that ``by`` opened it from: its neighbours are those of that queue.
    """
    flagged = Flag.objects.filter(contribution=contribution, settled_at=None).order_by()
    reasons = tuple(flagged.values_list("reason").annotate(n=Count("pk")).order_by("reason"))
    sealed = Sealed.objects.filter(contribution=contribution).values_list("sealed_at", flat=True).first()
    says_as, kin = kin_of(contribution)
    return Case(
        voice=voice_of(contribution, flags=sum(n for _reason, n in reasons)),
        key=contribution.pk,
        consultation=contribution.consultation.title,
        consultation_slug=contribution.consultation.slug,
        decided_at=contribution.moderated_at,
        hidden_for=contribution.hidden_for,
        reason_told_at=contribution.reason_told_at,
        withdrawn=contribution.withdrawn_at is not None,
        erased=contribution.erased_at is not None,
        has_reply=bool(contribution.reply_to),
        public_address=_public_address(contribution),
        masked_at=sealed,
        flagged=reasons,
        appeals=appeals_of(contribution),
        assistance=assistance_of(contribution.member, contribution.number),
        says_as=says_as,
        kin=kin,
        following=_beside(contribution, state, kind, by, onward=True),
        previous=_beside(contribution, state, kind, by, onward=False),
    )


def next_waiting(after: Contribution, *, by: User, state: str = "pending", kind: str = "") -> int | None:
    """Give the number of the next contribution of a queue: after this one, else the one read first."""
    return _beside(after, state, kind, by, onward=True) or _first(after, state, kind, by)


def voice_of(contribution: Contribution, *, longest: int = 0, flags: int = 0) -> Voice:
    """Give a contribution as a moderator reads it; cut at ``longest`` characters, when that is set."""
    lang = get_language() or "fr"
    suggestion: Suggestion | None = getattr(contribution, "suggestion", None)
    comment = getattr(contribution, "comment", None) if contribution.kind == Contribution.Kind.COMMENT else None
    said = [(str(label), text) for part, label in PARTS.items() if (text := contribution.words.get(part, ""))]
    cut = bool(longest) and any(len(text) > longest for _label, text in said)
    if cut:
        said = [(label, text if len(text) <= longest else f"{text[:longest]}…") for label, text in said]
    theme = suggestion.theme if suggestion else None
    place = suggestion.province if suggestion else None
    return Voice(
        number=contribution.number,
        parts=tuple(Part(label, text) for label, text in said),
        tag=tag_of(contribution.lang),
        tongue=contribution.lang,
        theme=text_in(theme.name, languages.body_lang(lang)) if theme else "",
        province=place.name_in(lang) if place else "",
        received_at=contribution.received_at,
        arrived_at=contribution.arrived_at,
        channel=str(CHANNELS[contribution.channel]),
        state=contribution.moderation,
        cut=cut,
        on=comment.on.number if comment else None,
        signals=signals.in_words(contribution.signals),
        flags=flags,
        files=given_with(contribution),
    )


def _counts(member: Member, state: str, kind: str, by: User) -> tuple[dict[str, int], dict[str, int]]:
    """Count each state in the kind that is looked at, and each kind in the state; all that waits, whatever is asked."""
    standing = Contribution.everything.of(member).filter(withdrawn_at=None).order_by()
    gone = ~Q(erased_at=None)
    rows = standing.values_list("moderation", "kind").annotate(n=Count("pk"), erased=Count("pk", filter=gone))
    counts: dict[str, int] = {"all waiting": 0}
    for moderation, its_kind, n, erased in rows:
        left = n - erased if moderation == "pending" else n
        counts["all waiting"] += left if moderation == "pending" else 0
        if kind in {"", its_kind}:
            counts[moderation] = counts.get(moderation, 0) + left
    for other in ("suspect", "unread", "flagged", "appeals"):
        counts[other] = in_state(member, other, kind, by).count()
    kinds = dict(in_state(member, state, "", by).order_by().values_list("kind").annotate(Count("pk")))
    return counts, kinds | {"": sum(kinds.values())}


def _flags_of(rows: list[Contribution]) -> Mapping[int, int]:
    flagged = Flag.objects.filter(contribution__in=[row.pk for row in rows], settled_at=None).order_by()
    return dict(flagged.values_list("contribution").annotate(Count("pk")))


def _beside(one: Contribution, state: str, kind: str, by: User, *, onward: bool) -> int | None:
    """Give the number of the neighbour of a contribution in a queue, onward or back, as the queue is read."""
    ascending = onward == (state in TO_DO)
    found = in_state(one.member, state, kind, by)
    found = found.filter(pk__gt=one.pk).order_by("pk") if ascending else found.filter(pk__lt=one.pk).order_by("-pk")
    return _number(found)


def _first(one: Contribution, state: str, kind: str, by: User) -> int | None:
    found = in_state(one.member, state, kind, by).exclude(pk=one.pk)
    return _number(found.order_by("pk" if state in TO_DO else "-pk"))


def _number(found: QuerySet[Contribution]) -> int | None:
    return found.values_list("number", flat=True).first()


def _public_address(contribution: Contribution) -> str:
    """Give the page on which the public reads it: a comment's is that of the suggestion it answers."""
    if contribution.moderation != Contribution.Moderation.PUBLISHED or contribution.withdrawn_at:
        return ""
    member = contribution.member.slug
    if contribution.kind == Contribution.Kind.COMMENT:
        return address_of("suggestion_voices", member, contribution.comment.on.number)
    return address_of("suggestion", member, contribution.number)
