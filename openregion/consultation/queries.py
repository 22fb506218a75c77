"""What the pages of the consultation show, prepared as plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _

from openregion.analysis.disclosure import shown_cells
from openregion.consultation.models import Consultation, Contribution, Suggestion
from openregion.core import dates, languages
from openregion.core.due import Due
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Cycle
from openregion.cycle.queries import book_of, value_of
from openregion.guide import queries as guides
from openregion.guide.schema import Text
from openregion.people.models import Member, Territory
from openregion.people.rules import today

CHANNELS: dict[str, Promise] = {
    "online": gettext_lazy("Online"),
    "assisted": gettext_lazy("With someone's help"),
    "paper": gettext_lazy("On paper"),
    "workshop": gettext_lazy("In a workshop"),
    "imported": gettext_lazy("From an earlier consultation"),
}
KINDS: dict[str, Promise] = {
    "consultation": gettext_lazy("Consultations"),
    "suggestion": gettext_lazy("Suggestions"),
}
# What a suggestion is made of, in the order it is asked and read.
PARTS: dict[str, Promise] = {
    "text": gettext_lazy("What was said"),
    "problem": gettext_lazy("The problem seen"),
    "idea": gettext_lazy("The idea"),
    "effect": gettext_lazy("What it would change"),
}
# The platform's language in which search reads a tongue it has no dictionary of.
READ_AS = {"ar": "ar", "ary": "ar", "zgh": "ar", "fr": "fr", "en": "en"}
# What goes into the ``lang`` attribute: darija has its own tag there.
TAGS = {"ary": "ar-MA"}
LONGEST_TITLE = 90
LONGEST_IN_A_QUEUE = 1_500  # characters; longer words are opened before anyone decides
ROWS_IN_A_QUEUE = 20
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """A consultation in a list."""

    slug: str
    title: OfficialText
    question: OfficialText
    opens_at: dt.datetime
    closes_at: dt.datetime


@dataclass(frozen=True)
class Lists:
    """A member's consultations: those open now first, then to come, then closed."""

    open: tuple[Line, ...]
    to_come: tuple[Line, ...]
    closed: tuple[Line, ...]


@dataclass(frozen=True)
class Cell:
    """A row of a count: what is counted, and how many are published."""

    label: str
    published: str


@dataclass(frozen=True)
class Split:
    """Published suggestions by theme or by province; ``rest`` gathers small groups, so that no one is recognised."""

    cells: tuple[Cell, ...]
    rest: Cell | None
    too_few: bool


@dataclass(frozen=True)
class Page:
    """A consultation as its page shows it."""

    slug: str
    title: OfficialText
    question: OfficialText
    opens_at: dt.datetime
    closes_at: dt.datetime
    state: str
    stage: Text | None
    themes: tuple[OfficialText, ...]
    received: int
    published: int
    smallest: int
    by_theme: Split
    by_province: Split
    list_address: str


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


def lists(member: Member, *, at: dt.datetime) -> Lists:
    """Sort a member's consultations: open now (the first to close first), to come (the nearest first), closed."""
    found = [
        Line(one.slug, one.title, one.question, one.opens_at, one.closes_at)
        for one in Consultation.objects.of(member).latest_first()
    ]
    return Lists(
        open=tuple(sorted((one for one in found if one.opens_at <= at < one.closes_at), key=lambda one: one.closes_at)),
        to_come=tuple(sorted((one for one in found if one.opens_at > at), key=lambda one: one.opens_at)),
        closed=tuple(one for one in found if one.closes_at <= at),
    )


def state_of(consultation: Consultation | Line, *, at: dt.datetime) -> str:
    """Say where a consultation is at an instant: "to-come", "open" or "closed"."""
    if at < consultation.opens_at:
        return "to-come"
    return "open" if at < consultation.closes_at else "closed"


def page(consultation: Consultation, *, at: dt.datetime) -> Page:
    """Prepare a consultation's page: the question, what is received, and its counts without small groups."""
    member, lang = consultation.cycle.member, get_language() or "fr"
    themes = list(consultation.themes.order_by("rank", "pk"))
    places = {place.pk: place.name_in(lang) for place in Territory.objects.of(member)}
    names = {theme.pk: text_in(theme.name, languages.body_lang(lang)) for theme in themes}
    smallest = smallest_group(member)
    suggestions = Suggestion.objects.filter(contribution__consultation=consultation, contribution__withdrawn_at=None)
    counted = suggestions.exclude(contribution__moderation="spam").order_by()
    by_theme, by_province = _counts(counted, "theme"), _counts(counted, "province")
    stage = guides.stage(book_of(consultation.cycle), consultation.stage)
    return Page(
        slug=consultation.slug,
        title=consultation.title,
        question=consultation.question,
        opens_at=consultation.opens_at,
        closes_at=consultation.closes_at,
        state=state_of(consultation, at=at),
        stage=stage.short if stage else None,
        themes=tuple(theme.name for theme in themes),
        received=sum(received for received, _published in by_theme.values()),
        published=sum(published for _received, published in by_theme.values()),
        smallest=smallest,
        by_theme=_split(by_theme, names, nothing=_("No theme given"), smallest=smallest),
        by_province=_split(by_province, places, nothing=_("The whole Region"), smallest=smallest),
        list_address=_address("suggestions", member.slug, query=f"?consultation={consultation.slug}"),
    )


def smallest_group(member: Member) -> int:
    """Give the smallest group of people whose count may be shown: the guide's rule, or the member's own value."""
    return int(value_of(member, "smallest-group-shown", today()).value or 0)


def next_change(lines: Iterable[Line | Consultation], *, at: dt.datetime) -> dt.datetime | None:
    """Say when the first of these consultations opens or closes next; nothing when none will."""
    return min((when for one in lines for when in (one.opens_at, one.closes_at) if when > at), default=None)


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
    rows = list(_with_all(found)[: ROWS_IN_A_QUEUE + 1])
    more, rows = len(rows) > ROWS_IN_A_QUEUE, rows[:ROWS_IN_A_QUEUE]
    standing = Contribution.objects.of(member).filter(withdrawn_at=None).order_by()
    counts = dict(standing.values_list("moderation").annotate(Count("pk")))
    return Queue(
        voices=tuple(_voice(row, longest=LONGEST_IN_A_QUEUE) for row in rows),
        following=str(rows[-1].pk) if more else "",
        filters=tuple(Filter(code, str(label), counts.get(code, 0), code == state) for code, label in STATES.items()),
        waiting=counts.get("pending", 0),
        since=waiting.order_by("pk").values_list("received_at", flat=True).first(),
        state=state,
    )


def case(contribution: Contribution) -> Case:
    """Prepare one contribution for a moderator to decide on, or to see what was decided."""
    state = contribution.moderation
    address = _address("suggestion", contribution.member.slug, contribution.number) if state == "published" else ""
    return Case(
        voice=_voice(contribution),
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


def found(member: Member, number: int) -> Contribution | None:
    """Find a member's contribution by its public number, with all that its page shows."""
    return _with_all(Contribution.objects.of(member).filter(number=number)).first()


def next_waiting(after: Contribution) -> int | None:
    """Give the number of the next contribution that nobody has read: after this one, else the oldest."""
    waiting = Contribution.objects.of(after.member).awaiting_moderation().order_by("pk")
    numbers = waiting.values_list("number", flat=True)
    return numbers.filter(pk__gt=after.pk).first() or numbers.first()


def cycle_to_consult_in(member: Member) -> Cycle | None:
    """Give the action-plan cycle that a new consultation belongs to: the one opened last."""
    return Cycle.objects.of(member).filter(kind=Cycle.Kind.ACTION_PLAN).latest_first().first()


def frame_of(cycle: Cycle) -> tuple[tuple[str, Text], ...]:
    """List the references that the guide gives the participatory diagnosis: the themes proposed first."""
    return tuple(
        (one.code, one.text) for stage in book_of(cycle).stages if stage.part == cycle.kind for one in stage.frame
    )


def as_a_name(words: str) -> str:
    """Take off the sign that ends a line of the guide's list, where the line becomes a name."""
    return words.rstrip(" ;.؛")


def tag_of(lang: str) -> str:
    """Give what a page writes in ``lang`` for words in this tongue."""
    return TAGS.get(lang, lang)


def follow_address(member: Member) -> str:
    """Give the address of the page where an author follows their words with the code."""
    return _address("follow", member.slug)


def whole_words(contribution: Contribution) -> str:
    """Give all that a contribution says, part after part."""
    return "\n".join(contribution.words.get(part, "") for part in PARTS).strip()


def first_words(contribution: Contribution) -> str:
    """Give the first words of a contribution, by which a list names it: the idea, else what there is."""
    said = contribution.words
    text = said.get("idea") or said.get("text") or said.get("problem") or said.get("effect") or ""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else line[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…"


def entries_of_consultation(consultation: Consultation) -> Iterator[dict[str, Any]]:
    """Yield what search finds of a consultation, in each working language."""
    for lang in WORKING:
        with override(lang):
            question = text_in(consultation.question, lang)
            yield {
                "lang": lang,
                "kind": "consultation",
                "subject_uid": consultation.uid,
                "title": text_in(consultation.title, lang),
                "excerpt": question[:180],
                "path": reverse("consultation", args=[consultation.cycle.member.slug, consultation.slug]),
                "text": question,
            }


def entries_of_suggestion(contribution: Contribution) -> Iterator[dict[str, Any]]:
    """Yield what search finds of a published suggestion: in the language it reads best in, and no other."""
    lang = READ_AS.get(contribution.lang, "fr")
    with override(lang):
        number = _("Suggestion %(number)s") % {"number": contribution.number}
        yield {
            "lang": lang,
            "kind": "suggestion",
            "subject_uid": contribution.uid,
            "title": f"{number} · {first_words(contribution)}",
            "excerpt": whole_words(contribution)[:180],
            "path": reverse("suggestion", args=[contribution.member.slug, contribution.number]),
            "text": whole_words(contribution),
        }


def findable(member: Any) -> Iterator[dict[str, Any]]:
    """Yield all that search finds of a member's consultations and published suggestions."""
    for consultation in Consultation.objects.of(member).select_related("cycle__member").order_by("pk"):
        yield from entries_of_consultation(consultation)
    published = Contribution.objects.of(member).published().filter(erased_at=None).select_related("member")
    for contribution in published.order_by("pk").iterator(chunk_size=500):
        yield from entries_of_suggestion(contribution)


def _with_all(contributions: QuerySet[Contribution]) -> QuerySet[Contribution]:
    return contributions.select_related("member", "consultation", "suggestion__theme", "suggestion__province")


def _voice(contribution: Contribution, *, longest: int = 0) -> Voice:
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


def _counts(suggestions: QuerySet[Suggestion], by: str) -> dict[int | None, tuple[int, int]]:
    """Count suggestions received and published by theme or province, in one question."""
    published = Count("pk", filter=Q(contribution__moderation="published"))
    rows = suggestions.values_list(by).annotate(received=Count("pk"), out=published)
    return {key: (received, out) for key, received, out in rows}


def _split(
    counts: Mapping[int | None, tuple[int, int]], names: Mapping[int, str], *, nothing: str, smallest: int
) -> Split:
    """Show the groups that are large enough; gather the others, so that no one is recognised.

    Of what is published alone: beside it, what was received would tell of the
    few that are not public, "44 and 43". Both are told of the whole only.
    """
    labels = {"" if key is None else str(key): names.get(key, nothing) if key else nothing for key in counts}
    published = {"" if key is None else str(key): out for key, (_received, out) in counts.items()}
    shown = shown_cells(published, smallest)
    rest = None if shown.rest is None else Cell(str(len(shown.grouped)), dates.whole(shown.rest))
    cells = tuple(Cell(labels[key], dates.whole(n)) for key, n in shown.cells.items())
    return Split(cells, rest, too_few=bool(shown.grouped) and rest is None)


def _address(name: str, *args: Any, query: str = "") -> str:
    """Give the address of a page of a room above; nothing while that room does not offer it."""
    try:
        return reverse(name, args=args) + query
    except NoReverseMatch:
        return ""


def due(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say what waits to be read, what closes and when, and what closed within the week.

    No rule sets a delay for reading: the line says since when the oldest waits.
    A consultation that closes is for those who open them; the day is the last
    on which one may write.
    """
    waiting = Contribution.objects.of(member).awaiting_moderation().aggregate(n=Count("pk"), first=Min("received_at"))
    lang = get_language() or "fr"
    lines = []
    if waiting["n"]:
        told = ngettext("Read %(n)s suggestion that came", "Read %(n)s suggestions that came", waiting["n"])
        since = dates.day(timezone.localdate(waiting["first"]), lang)
        lines.append(
            Due(
                key="moderation",
                label=told % {"n": waiting["n"]},
                url=reverse("moderation", args=[member.slug]),
                act=_("Read them"),
                why=_("The oldest has been waiting since %(day)s. No rule sets a delay.") % {"day": since},
                deed="publish_contribution",
                duty="civil-society",
            )
        )
    now = timezone.now()
    for one in Consultation.objects.of(member).filter(closes_at__gt=now - WEEK).order_by("closes_at", "pk"):
        # What closes at midnight closes the day before.
        closes_on = timezone.localdate(one.closes_at - dt.timedelta(seconds=1))
        closed = one.closes_at <= now
        title = text_in(one.title, languages.body_lang(lang))
        said = _("The consultation closed: %(title)s") if closed else _("The consultation closes: %(title)s")
        lines.append(
            Due(
                key=f"consultation:{one.uid}",
                label=said % {"title": title},
                url=reverse("consultation", args=[member.slug, one.slug]),
                act=_("Open its page"),
                day=closes_on,
                done_on=closes_on if closed else None,
                why=_("The day on which it closes, set when it was opened."),
                deed="open_consultation",
                duty="civil-society",
            )
        )
    return tuple(lines)
