"""What others said that is close to what somebody is about to send.

Words first: the suggestions that hold one of the rarest stems, out of the search
index, put in order by how much of the text they share. Then, where the model is
installed, what means the same in another language. Both cost the same among
fifty thousand as among a thousand: common stems are left out.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from openregion.analysis.normaliser import telling
from openregion.consultation import codes, vectors
from openregion.consultation.models import Consultation, Contribution
from openregion.consultation.queries.words import PARTS, address_of, first_words, tag_of, whole_words
from openregion.record.queries import holding_any, how_many_hold

SHOWN = 5
LONGEST_PART = 300  # characters of each part that is shown; the rest is on its page
READ = 4_000  # characters of what is typed; the rest seldom says more
COUNTED = 40  # stems whose rarity is asked
RAREST = 6
MOST_HELD = 2_000  # a stem held by more says little, and costs much
FOUND, COMPARED, READ_AGAIN = 200, 60, 20
LIKE = 58  # of 100: below, two suggestions speak of the same thing without saying the same
SAME_MEANING = 0.45  # of 1, between vectors: the same in fr and ar 0.48 to 0.70, another topic below 0.38


@dataclass(frozen=True)
class Close:
    """A published suggestion that says something close: what it says, its page, where it is supported.

    ``says`` holds its parts, each with its name; ``begins`` names it in a list.
    """

    key: int
    number: int
    begins: str
    says: tuple[tuple[str, str], ...]
    lang: str
    tag: str
    url: str
    voices_url: str


def said_close(consultation: Consultation, words: Mapping[str, str], lang: str) -> tuple[Close, ...]:
    """Give up to five published suggestions of a consultation that are close to these words, the closest first."""
    text = "\n".join(words.values())[:READ]
    scores = _by_words(consultation, text, lang)
    if alike := vectors.closest(consultation, text):
        for key, score in alike.items():
            if score >= SAME_MEANING:
                scores[key] = max(scores.get(key, 0.0), score)
    best = sorted(scores, key=lambda key: (-scores[key], key))[: 2 * SHOWN]
    found = Contribution.everything.select_related("member").in_bulk(best)
    return tuple(_close(found[key]) for key in best if key in found and _is_read_here(found[key], consultation))[:SHOWN]


def is_sent(ticket: str) -> bool:
    """Say whether a form was received already: who presses twice is not asked anything again."""
    return Contribution.everything.filter(ticket_hash=codes.ticket_hashed(ticket)).exists()


def _by_words(consultation: Consultation, text: str, lang: str) -> dict[int, float]:
    typed = telling(text, lang)
    rare = _rarest(list(dict.fromkeys(typed)))
    slug = consultation.cycle.member.slug
    indexed = dict(holding_any(rare, member_code=slug, kind="suggestion", limit=FOUND))
    # By uid alone: asked for a state too, SQLite would rather read the whole consultation.
    found = {one.uid: one for one in Contribution.everything.filter(uid__in=indexed)}
    said, scores = set(typed), {}
    public = [found[uid] for uid in indexed if uid in found and _is_read_here(found[uid], consultation)][:COMPARED]
    # The index knows the stems of all sixty; those that share most are then read as they were written.
    public.sort(key=lambda one: -len(said.intersection(indexed[one.uid].split())))
    for one in public[:READ_AGAIN]:
        other = set(telling(whole_words(one)[:READ], lang))
        shared = said & other
        if len(shared) < min(2, len(said)):
            continue
        likeness = fuzz.token_set_ratio(" ".join(sorted(said)), " ".join(sorted(other)))
        # A text of three words is found whole in many: what the two share must weigh in the longer one too.
        weight = len(shared) / min(max(len(said), len(other)), 12)
        if (score := likeness * (0.4 + 0.6 * min(1.0, weight))) >= LIKE:
            scores[one.pk] = score / 100
    return scores


def _is_read_here(one: Contribution, consultation: Consultation) -> bool:
    """Say whether a suggestion is public, in this consultation."""
    public = one.moderation == Contribution.Moderation.PUBLISHED and not one.withdrawn_at and not one.erased_at
    return public and one.consultation_id == consultation.pk and one.kind == Contribution.Kind.SUGGESTION


def _rarest(stems: list[str]) -> list[str]:
    """Keep the six stems that fewest suggestions hold, of those that some do; never one that most hold."""
    held = how_many_hold(sorted(stems, key=len, reverse=True)[:COUNTED], most=MOST_HELD)
    some = sorted((n, stem) for stem, n in held.items() if 0 < n < MOST_HELD)[:RAREST]
    together = itertools.accumulate(n for n, _stem in some)
    return [stem for (_n, stem), whole in zip(some, together, strict=True) if whole < MOST_HELD or stem == some[0][1]]


def _close(one: Contribution) -> Close:
    slug = one.member.slug
    said = [(str(label), " ".join(one.words.get(part, "").split())) for part, label in PARTS.items()]
    return Close(
        key=one.pk,
        number=one.number,
        begins=first_words(one),
        says=tuple((label, _cut(text)) for label, text in said if text),
        lang=one.lang,
        tag=tag_of(one.lang),
        url=address_of("suggestion", slug, one.number),
        voices_url=address_of("suggestion_voices", slug, one.number),
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_PART else text[:LONGEST_PART].rsplit(" ", 1)[0] + "…"
