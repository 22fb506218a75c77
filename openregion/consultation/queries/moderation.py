"""The moderator's queue, and one case of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from openregion.consultation.models import Contribution, Suggestion
from openregion.consultation.queries.words import PARTS, address_of, tag_of, with_all
from openregion.core import languages
from openregion.core.official import OfficialText, text_in
from openregion.people.models import Member

LONGEST_IN_A_QUEUE = 1_500  # characters; longer words are opened before anyone decides


ROWS_IN_A_QUEUE = 20


@dataclass(frozen=True)
class Part:
    """One part of what a person wrote: what it is, and the words."""

    label: str
    text: str


@dataclass(frozen=True)
class Voice:
    """A contribution as a moderator reads it: the words in their own direction, and what surrounds them."""

    number: int
    parts: tuple[Part, ...]
    tag: str
    tongue: str
    theme: str
    province: str
    received_at: dt.datetime
    state: str
    cut: bool


@dataclass(frozen=True)
class Filter:
    """A state to look at, and how many contributions are in it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Queue:
    """A page of the moderator's queue; ``following`` is the key that the next page starts from."""

    voices: tuple[Voice, ...]
    following: str
    filters: tuple[Filter, ...]
    waiting: int
    since: dt.datetime | None
    state: str


@dataclass(frozen=True)
class Case:
    """One contribution before a moderator, and what has been decided on it."""

    voice: Voice
    consultation: OfficialText
    consultation_slug: str
    decided_at: dt.datetime | None
    hidden_for: str
    reason_told_at: dt.datetime | None
    withdrawn: bool
    erased: bool
    has_reply: bool
    public_address: str


STATES: dict[str, Promise] = {
    "pending": gettext_lazy("Waiting"),
    "published": gettext_lazy("Published"),
    "hidden": gettext_lazy("Hidden"),
    "spam": gettext_lazy("Spam"),
}


def queue(member: Member, *, state: str, after: int) -> Queue:
    """Give twenty contributions in a state: those nobody has read, oldest first; the others, latest first.

    Read from one end, by key: the hundred-thousandth costs what the first does.
    ``after`` is the key of the last one already seen, 0 to begin.
    """
    state = state if state in STATES else "pending"
    waiting = Contribution.objects.of(member).awaiting_moderation()
    found = Contribution.objects.of(member).filter(moderation=state, withdrawn_at=None)
    if state == "pending":
        found = found.filter(pk__gt=after).order_by("pk")
    else:
        found = (found.filter(pk__lt=after) if after else found).order_by("-pk")
    rows = list(with_all(found)[: ROWS_IN_A_QUEUE + 1])
    more, rows = len(rows) > ROWS_IN_A_QUEUE, rows[:ROWS_IN_A_QUEUE]
    standing = Contribution.objects.of(member).filter(withdrawn_at=None).order_by()
    counts = dict(standing.values_list("moderation").annotate(Count("pk")))
    return Queue(
        voices=tuple(voice_of(row, longest=LONGEST_IN_A_QUEUE) for row in rows),
        following=str(rows[-1].pk) if more else "",
        filters=tuple(Filter(code, str(label), counts.get(code, 0), code == state) for code, label in STATES.items()),
        waiting=counts.get("pending", 0),
        since=waiting.order_by("pk").values_list("received_at", flat=True).first(),
        state=state,
    )


def case(contribution: Contribution) -> Case:
    """Prepare one contribution for a moderator to decide on, or to see what was decided."""
    state = contribution.moderation
    address = address_of("suggestion", contribution.member.slug, contribution.number) if state == "published" else ""
    return Case(
        voice=voice_of(contribution),
        consultation=contribution.consultation.title,
        consultation_slug=contribution.consultation.slug,
        decided_at=contribution.moderated_at,
        hidden_for=contribution.hidden_for,
        reason_told_at=contribution.reason_told_at,
        withdrawn=contribution.withdrawn_at is not None,
        erased=contribution.erased_at is not None,
        has_reply=bool(contribution.reply_to),
        public_address=address,
    )


def next_waiting(after: Contribution) -> int | None:
    """Give the number of the next contribution that nobody has read: after this one, else the oldest."""
    waiting = Contribution.objects.of(after.member).awaiting_moderation().order_by("pk")
    numbers = waiting.values_list("number", flat=True)
    return numbers.filter(pk__gt=after.pk).first() or numbers.first()


def voice_of(contribution: Contribution, *, longest: int = 0) -> Voice:
    """Give a contribution as a moderator reads it; cut at ``longest`` characters, when that is set."""
    lang = get_language() or "fr"
    suggestion: Suggestion | None = getattr(contribution, "suggestion", None)
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
        state=contribution.moderation,
        cut=cut,
    )
