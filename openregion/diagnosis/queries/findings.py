"""Findings and the suggestions they gather, as their pages show them; choosing suggestions, for whoever cites them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.consultation.models import Contribution, Suggestion, Theme
from openregion.consultation.queries import CHANNELS, as_a_name, tag_of, whole_words
from openregion.core import dates, languages
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText, text_in, written_in
from openregion.cycle.queries import book_of, cycle_name
from openregion.diagnosis.models import Finding, FindingSource
from openregion.guide.schema import Guide, Text
from openregion.people.models import Member, Territory
from openregion.record.queries import MOST_HITS, search

VOICES_ON_A_PAGE = 20
LONGEST_IN_A_LIST = 420  # characters; the suggestion's own page has the whole
MOST_CHOSEN = 5_000
CHOSEN_SHOWN = 100


@dataclass(frozen=True)
class Voice:
    """A suggestion in a list: its words in their own direction, the place it speaks of, its page."""

    number: int
    text: str
    tag: str
    place: str
    theme: str
    url: str
    hidden: bool
    picked: bool = False


@dataclass(frozen=True)
class Voices:
    """Some suggestions, and the number after which the next ones begin; 0 when these are the last."""

    voices: tuple[Voice, ...]
    following: int
    begun: bool


@dataclass(frozen=True)
class Group:
    """A row of a count."""

    label: str
    count: str


@dataclass(frozen=True)
class Split:
    """Published suggestions counted by province or channel, the largest group first.

    ``rest`` is of reports frozen when small groups were put together.
    """

    cells: tuple[Group, ...]
    rest: Group | None = None


@dataclass(frozen=True)
class FindingLine:
    """A finding in the list."""

    number: int
    title: OfficialText
    suggestions: int
    published_on: dt.date | None


@dataclass(frozen=True)
class UnderReference:
    """The findings under one reference of the guide; ``reference`` is empty for those under none."""

    reference: str
    findings: tuple[FindingLine, ...]


@dataclass(frozen=True)
class Passage:
    """Official text at length, and the language it is really in."""

    lang: str
    text: str


@dataclass(frozen=True)
class FindingPage:
    """A finding as its page shows it."""

    number: int
    title: OfficialText
    synthesis: Passage
    reference: str
    cycle: str
    cycle_url: str
    published_on: dt.date | None
    gathered: int
    shown: int
    by_province: Split
    by_channel: Split
    voices: Voices


@dataclass(frozen=True)
class Picking:
    """What someone choosing suggestions has typed and ticked so far, over several pages."""

    q: str = ""
    theme: str = ""
    province: str = ""
    chosen: tuple[int, ...] = ()
    after: int = 0

    @property
    def kept(self) -> str:
        """The chosen numbers as one hidden field keeps them."""
        return ",".join(str(number) for number in self.chosen)


@dataclass(frozen=True)
class Choice:
    """A way to narrow a list, and whether it is chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class ToPick:
    """Suggestions to choose from: those found, those chosen that are not among them, ways to narrow."""

    picking: Picking
    found: Voices
    seen: str
    elsewhere: tuple[Voice, ...]
    unseen: int
    themes: tuple[Choice, ...]
    places: tuple[Choice, ...]


def findings_page(member: Member, *, drafts: bool) -> tuple[UnderReference, ...]:
    """List a member's findings under the guide's references, in the guide's order; drafts only for those who write."""
    found = Finding.objects.of(member).select_related("cycle").annotate(gathered=Count("sources")).order_by("number")
    findings = list(found if drafts else found.published())
    books = {one.cycle.guide_sha256: book_of(one.cycle) for one in findings}
    names = {code: name for book in books.values() for code, name in reference_names(book).items()}
    under: dict[str, list[FindingLine]] = {code: [] for code in [*names, ""]}
    for one in findings:
        on = timezone.localdate(one.published_at) if one.published_at else None
        line = FindingLine(one.number, one.title, one.gathered, on)  # type: ignore[attr-defined]
        under[one.reference if one.reference in names else ""].append(line)
    return tuple(UnderReference(names.get(code, ""), tuple(lines)) for code, lines in under.items() if lines)


def reference_names(book: Guide) -> dict[str, str]:
    """Name the guide's references of the diagnosis by their codes, in the page's language."""
    lang = get_language() or "fr"
    frames: list[tuple[str, Text]] = [(one.code, one.text) for stage in book.stages for one in stage.frame]
    return {code: as_a_name(text.in_(lang)) for code, text in frames}


def gathered_by(finding: Finding) -> QuerySet[Contribution]:
    """Give the contributions that a finding gathers."""
    sources = FindingSource.objects.filter(finding=finding)
    return Contribution.objects.filter(pk__in=sources.values("contribution"))


def readable(contributions: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """Keep the contributions whose words the public reads."""
    return contributions.published().filter(erased_at=None)  # type: ignore[attr-defined, no-any-return]


def finding_page(finding: Finding, member: Member, *, after: int) -> FindingPage:
    """Prepare a finding's page: what it says, and every suggestion that it can be checked against."""
    everything = gathered_by(finding)
    shown = readable(everything)
    counted = Suggestion.objects.filter(contribution__in=shown).order_by()
    places = {str(place.pk): place.name_in(get_language() or "fr") for place in Territory.objects.of(member)}
    by_place = _counted(counted, "province", places, nothing=_("The whole Region"))
    channels = {code: str(label) for code, label in CHANNELS.items()}
    return FindingPage(
        number=finding.number,
        title=finding.title,
        synthesis=passage(finding.synthesis),
        reference=reference_names(book_of(finding.cycle)).get(finding.reference, ""),
        cycle=cycle_name(finding.cycle.kind, finding.cycle.number),
        cycle_url=reverse("cycle", args=[member.slug, finding.cycle.kind, finding.cycle.number]),
        published_on=timezone.localdate(finding.published_at) if finding.published_at else None,
        gathered=everything.count(),
        shown=shown.count(),
        by_province=by_place,
        by_channel=_counted(counted, "contribution__channel", channels, nothing=""),
        voices=some_voices(shown, after=after),
    )


def passage(text: OfficialText) -> Passage:
    """Give official text at length in the page's language, or in the one that answers for it."""
    return Passage(*written_in(text, languages.body_lang(get_language() or "fr")))


def _counted(suggestions: QuerySet[Suggestion], by: str, names: Mapping[str, str], *, nothing: str) -> Split:
    counts = {"" if key is None else str(key): n for key, n in suggestions.values_list(by).annotate(Count("pk"))}
    told = sorted((-n, names.get(key, key) if key else nothing) for key, n in counts.items())
    return Split(tuple(Group(label, dates.whole(-n)) for n, label in told))


def some_voices(contributions: QuerySet[Contribution], *, after: int, most: int = VOICES_ON_A_PAGE) -> Voices:
    """Give some suggestions in the order of their numbers, read from one end: the last page costs what the first does.

    ``after`` is the number of the last one already seen, 0 to begin.
    """
    rows = list(_with_all(contributions.filter(number__gt=after)).order_by("number")[: most + 1])
    more, rows = len(rows) > most, rows[:most]
    return Voices(tuple(voice_of(row) for row in rows), rows[-1].number if more else 0, begun=after > 0)


def voices_among(contributions: QuerySet[Contribution], *, most: int) -> tuple[Voice, ...]:
    """Give the first of these suggestions, in the order of their numbers."""
    return tuple(voice_of(row) for row in _with_all(contributions).order_by("number")[:most])


def _with_all(contributions: QuerySet[Contribution]) -> QuerySet[Contribution]:
    return contributions.select_related("member", "suggestion__theme", "suggestion__province")


def voice_of(contribution: Contribution, *, picked: bool = False) -> Voice:
    """Give a suggestion as lists show it; one that is hidden leads nowhere."""
    lang = get_language() or "fr"
    suggestion: Suggestion | None = getattr(contribution, "suggestion", None)
    theme = suggestion.theme if suggestion else None
    place = suggestion.province if suggestion else None
    text = " ".join(whole_words(contribution).split())
    hidden = contribution.moderation != Contribution.Moderation.PUBLISHED
    return Voice(
        number=contribution.number,
        text=text if len(text) <= LONGEST_IN_A_LIST else text[:LONGEST_IN_A_LIST].rsplit(" ", 1)[0] + "…",
        tag=tag_of(contribution.lang),
        place=place.name_in(lang) if place else "",
        theme=text_in(theme.name, languages.body_lang(lang)) if theme else "",
        url="" if hidden else address_of("suggestion", contribution.member.slug, contribution.number),
        hidden=hidden,
        picked=picked,
    )


def to_pick(
    member: Member,
    picking: Picking,
    *,
    among: QuerySet[Contribution],
    most: int,
    choosable: QuerySet[Contribution] | None = None,
) -> ToPick:
    """Find suggestions to choose from, and keep those already chosen.

    ``among``: those to find; ``choosable``: all that may be chosen, when they are
    more. A number typed that is not one of these is not chosen, and its words do
    not show. What is asked in words is looked for in every language that people wrote in.
    """
    choosable = among if choosable is None else choosable
    standing = set(choosable.filter(number__in=picking.chosen).values_list("number", flat=True))
    picking = replace(picking, chosen=tuple(number for number in picking.chosen if number in standing))
    found = narrowed(member, among, q=picking.q, theme=picking.theme, province=picking.province)
    rows = list(_with_all(found.filter(number__gt=picking.after)).order_by("number")[: most + 1])
    more, rows = len(rows) > most, rows[:most]
    chosen, visible = set(picking.chosen), {row.number for row in rows}
    apart = chosen - visible
    elsewhere = _with_all(choosable.filter(number__in=apart)).order_by("number")[:CHOSEN_SHOWN]
    others = tuple(voice_of(row, picked=True) for row in elsewhere)
    voices = tuple(voice_of(row, picked=row.number in chosen) for row in rows)
    return ToPick(
        picking=picking,
        found=Voices(voices, rows[-1].number if more else 0, begun=picking.after > 0),
        seen=",".join(str(voice.number) for voice in (*voices, *others)),
        elsewhere=others,
        unseen=max(0, len(apart) - len(others)),
        themes=_themes_of(member, picking.theme),
        places=places_of(member, picking.province),
    )


def narrowed(
    member: Member, among: QuerySet[Contribution], *, q: str = "", theme: str = "", province: str = ""
) -> QuerySet[Contribution]:
    """Keep the suggestions that say these words, in any language, and stand under this theme and province."""
    if q:
        among = among.filter(uid__in=_said_in_words(member, q))
    if theme:
        among = among.filter(suggestion__theme__code=theme)
    if province:
        among = among.filter(suggestion__province__code=province)
    return among


def picked_all(member: Member, picking: Picking, *, among: QuerySet[Contribution]) -> Picking:
    """Choose all that a search finds, with what was chosen before; as many as may be chosen at once."""
    found = narrowed(member, among, q=picking.q, theme=picking.theme, province=picking.province)
    numbers = found.order_by("number").values_list("number", flat=True)[:MOST_CHOSEN]
    return replace(picking, chosen=tuple(sorted({*picking.chosen, *numbers})[:MOST_CHOSEN]), after=0)


def _said_in_words(member: Member, q: str) -> set[str]:
    found: set[str] = set()
    for lang in WORKING:
        hits = search(q, lang=lang, member_code=member.slug, kinds=["suggestion"], limit=MOST_HITS)
        found |= {hit.subject_uid for hit in hits}
    return found


def _themes_of(member: Member, chosen: str) -> tuple[Choice, ...]:
    lang = languages.body_lang(get_language() or "fr")
    themes = Theme.objects.filter(consultation__cycle__member=member).order_by("rank", "pk")
    names = {one.code: text_in(one.name, lang) for one in themes}
    return tuple(Choice(code, name, code == chosen) for code, name in names.items())


def places_of(member: Member, chosen: str) -> tuple[Choice, ...]:
    """List a member's prefectures and provinces to choose from."""
    lang = get_language() or "fr"
    places = Territory.objects.of(member).order_by("name_ar" if lang == "ar" else "name_fr")
    return tuple(Choice(one.code, one.name_in(lang), one.code == chosen) for one in places)


def chosen_ones(member: Member, numbers: tuple[int, ...]) -> list[Contribution]:
    """Load the contributions of these public numbers, with the cycle each was given in."""
    found = Contribution.objects.of(member).filter(number__in=numbers).order_by("number")
    return list(found.select_related("member", "consultation__cycle__member"))


def address_of(name: str, *args: Any) -> str:
    """Give the address of a page of a room above; nothing while that room does not offer it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
