"""Reports as their pages show them: the list, one report with what each sentence cites, and what none cites."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.consultation.models import Contribution
from openregion.consultation.queries import tag_of, whole_words
from openregion.core import dates, languages
from openregion.core.official import OfficialText, stated_in
from openregion.cycle.models import Cycle
from openregion.diagnosis.models import Report
from openregion.diagnosis.queries.findings import (
    VOICES_ON_A_PAGE,
    Choice,
    Group,
    Split,
    Voices,
    address_of,
    narrowed,
    places_of,
    readable,
    some_voices,
    voices_among,
)
from openregion.diagnosis.queries.material import Said, said_in
from openregion.diagnosis.queries.pieces import MOST_QUOTED, OFFICIAL
from openregion.diagnosis.queries.publishing import named_languages, pending_in
from openregion.diagnosis.queries.statement import (
    REPORT_KINDS,
    SECTIONS,
    Part,
    arrived_since,
    parts_of,
    stated_of,
    uncited_of,
)
from openregion.people.models import Member

NUMBERS_SHOWN = 12
LOST_AFTER = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Quoted:
    """A suggestion's words as a report quotes them: whole, in their own language, for everyone to read today."""

    number: int
    words: str
    lang: str
    tag: str
    url: str


@dataclass(frozen=True)
class ReportLine:
    """A report in a list."""

    number: int
    kind: str
    title: OfficialText
    consultation: OfficialText
    consultation_url: str
    published_on: dt.date | None
    replaced_by: int
    url: str


@dataclass(frozen=True)
class PassageShown:
    """A passage: its words in the language they are in, what it cites, the words it quotes, what to fix in it."""

    uid: str
    place: int
    lang: str
    parts: tuple[Part, ...]
    cited: int
    numbers: tuple[tuple[int, str], ...]
    more: int
    quotes: tuple[Quoted, ...]
    silent: int
    drafted: bool
    as_given: bool
    missing: str
    finding: str
    finding_url: str


@dataclass(frozen=True)
class SectionShown:
    """A part of a report, with its passages and the count that belongs to it."""

    code: str
    label: str
    passages: tuple[PassageShown, ...]
    split: Split | None
    caption: str
    head: str


@dataclass(frozen=True)
class Progress:
    """How far the first draft is; ``lost`` when whoever wrote it has gone."""

    drawn: int
    material: int
    lost: bool


@dataclass(frozen=True)
class ReportPage:
    """A report as its page shows it."""

    number: int
    kind: str
    title_said: tuple[str, str]
    state: str
    facts: tuple[tuple[str, str], ...]
    published_on: dt.date | None
    replaces: int
    replaced_by: int
    corrected: int
    cited: int
    listed: int
    not_cited: int
    pending: int
    sections: tuple[SectionShown, ...]
    progress: Progress | None
    sha256: str
    closes_at: dt.datetime | None
    untranslated: int
    drafted: int
    passages: int
    arrived: int
    arrived_first: tuple[tuple[int, str], ...]
    consultation_url: str
    open_data_url: str
    workshop_url: str
    takers: str
    takers_url: str
    takers_sha256: str


@dataclass(frozen=True)
class PassagePage:
    """A passage alone, with all that it cites."""

    number: int
    lang: str
    parts: tuple[Part, ...]
    section: str
    cited: int
    voices: Voices


@dataclass(frozen=True)
class UncitedPage:
    """What a report does not cite, a page at a time, and ways to narrow the list while it is a draft."""

    number: int
    title: OfficialText
    draft: bool
    arrived: bool
    count: int
    found: int
    voices: Voices
    q: str
    themes: tuple[Choice, ...]
    places: tuple[Choice, ...]
    query: str


def quoted_in(report: Report) -> dict[int, Quoted]:
    """Give the words of the suggestions that a report quotes, read where they are kept, by their numbers.

    Withdrawn, hidden or erased since, a suggestion is not here: nothing quotes it any more.
    """
    return _quoted(report.member, _numbers_quoted(stated_of(report)["passages"]))


def _numbers_quoted(passages: Iterable[Mapping[str, Any]]) -> set[int]:
    return {number for one in passages if one["quotes"] for number in one["cites"][:MOST_QUOTED]}


def _quoted(member: Member, numbers: set[int]) -> dict[int, Quoted]:
    if not numbers:
        return {}
    found = readable(Contribution.objects.of(member).filter(number__in=numbers))
    return {
        one.number: Quoted(
            one.number,
            whole_words(one),
            one.lang,
            tag_of(one.lang),
            address_of("suggestion", member.slug, one.number),
        )
        for one in found.order_by("number")
    }


def reports_page(member: Member, *, drafts: QuerySet[Report]) -> tuple[ReportLine, ...]:
    """List a member's reports, the latest first: what is published, and the drafts that the reader may read."""
    found = Report.objects.of(member).select_related("consultation", "replaced_by")
    return _lines(member, found.filter(Q(state=Report.State.PUBLISHED) | Q(pk__in=drafts.values("pk"))))


def published_reports(cycle: Cycle) -> tuple[ReportLine, ...]:
    """List the reports of a cycle's consultations that stand published, the final one first: what higher rooms cite."""
    order = {kind: place for place, kind in enumerate(("final", "online", "meetings", "theme", "meeting"))}
    found = Report.objects.of(cycle.member).current().filter(consultation__cycle=cycle)
    lines = _lines(cycle.member, found.select_related("consultation", "replaced_by"))
    kinds = dict(found.values_list("number", "kind"))
    return tuple(sorted(lines, key=lambda one: (order[kinds[one.number]], one.number)))


def synthesis_figures(cycle: Cycle) -> dict[str, Any]:
    """Give the figures frozen with the final report published last in a cycle; nothing before there is one."""
    finals = Report.objects.of(cycle.member).current().filter(consultation__cycle=cycle, kind=Report.Kind.FINAL)
    last = finals.select_related("frozen").order_by("-published_at").first()
    return stated_of(last)["figures"] if last else {}


def _lines(member: Member, found: Any) -> tuple[ReportLine, ...]:
    return tuple(
        ReportLine(
            number=one.number,
            kind=str(REPORT_KINDS[one.kind]),
            title=one.title,
            consultation=one.consultation.title,
            consultation_url=reverse("consultation", args=[member.slug, one.consultation.slug]),
            published_on=timezone.localdate(one.published_at) if one.published_at else None,
            replaced_by=_replaced_by(one),
            url=reverse("report", args=[member.slug, one.number]),
        )
        for one in found.order_by("-number")
    )


def _replaced_by(report: Report) -> int:
    later: Report | None = getattr(report, "replaced_by", None)
    return later.number if later and later.state == Report.State.PUBLISHED else 0


def report_page(report: Report, *, at: dt.datetime) -> ReportPage:
    """Prepare a report's page: from what was frozen when it is published, as it stands while it is a draft."""
    member, stated = report.member, stated_of(report)
    figures, lang = stated["figures"], languages.body_lang(get_language() or "fr")
    draft = report.state != Report.State.PUBLISHED
    quoted = _quoted(member, _numbers_quoted(stated["passages"]))
    later: Report | None = getattr(report, "replaced_by", None)
    untranslated = sum(bool(_missing(one)) for one in stated["passages"])
    arrived = arrived_since(report)
    return ReportPage(
        number=report.number,
        kind=str(REPORT_KINDS[report.kind]),
        title_said=said_in(stated["title"], lang),
        state=report.state,
        facts=tuple(_facts(stated, lang)),
        published_on=timezone.localdate(report.published_at) if report.published_at else None,
        replaces=stated["replaces"] or 0,
        replaced_by=_replaced_by(report),
        corrected=later.number if later else 0,
        cited=figures["cited"],
        listed=figures["cited"] + figures["not_cited"],
        not_cited=figures["not_cited"],
        pending=pending_in(report) if draft else 0,
        sections=tuple(_sections(member, stated, quoted, lang, draft=draft)),
        progress=_progress(report, at),
        sha256=report.frozen.sha256 if report.frozen else "",
        closes_at=report.consultation.closes_at if draft and at < report.consultation.closes_at else None,
        untranslated=untranslated if draft else 0,
        drafted=sum(one["drafted"] for one in stated["passages"]),
        passages=len(stated["passages"]),
        arrived=len(arrived),
        arrived_first=tuple(
            (number, address_of("suggestion", member.slug, number)) for number in arrived[:NUMBERS_SHOWN]
        ),
        consultation_url=reverse("consultation", args=[member.slug, report.consultation.slug]),
        open_data_url=address_of("open_data", member.slug),
        workshop_url=_workshop_url(report),
        takers=takers_in_words(stated, lang),
        takers_url=reverse("who_took_part", args=[member.slug, report.consultation.slug]),
        takers_sha256=(stated.get("takers") or {}).get("sha256", ""),
    )


def _workshop_url(report: Report) -> str:
    if report.workshop is None:
        return ""
    return reverse("workshop", args=[report.member.slug, report.workshop.meeting.number])


def takers_in_words(stated: Mapping[str, Any], lang: str) -> str:
    """Say how many people told who they are, and when they were counted; nothing where a report does not tell it."""
    counted = stated.get("takers")  # a report frozen before this was stated has none
    if not counted:
        return ""
    said = {
        "people": dates.whole(counted["people"]),
        "day": dates.day(dt.date.fromisoformat(counted["counted_on"]), lang),
    }
    return _("%(people)s, counted on %(day)s") % said


def _progress(report: Report, at: dt.datetime) -> Progress | None:
    if report.state != Report.State.WRITING:
        return None
    moved = report.moved_at or report.drafted_at
    return Progress(min(report.drawn, report.material), report.material, at - moved > LOST_AFTER)


def _facts(stated: Mapping[str, Any], lang: str) -> Iterable[tuple[str, str]]:
    figures, asked = stated["figures"], stated["consultation"]
    yield _("Consultation"), said_in(asked["title"], lang)[1]
    if stated["theme"]:
        yield _("Theme"), said_in(stated["theme"]["name"], lang)[1]
    if meeting := stated["workshop"]:
        yield _("Meeting"), said_in(meeting["title"], lang)[1]
        held = dates.day(dt.date.fromisoformat(meeting["on"]), lang)
        yield _("Held on"), _(", ").join(filter(None, (held, stated_in(meeting["place"], lang))))
    elif figures["meetings"]:
        yield _("Meetings held"), dates.whole(figures["meetings"])
    if figures["people"]:
        yield _("People who came"), _people(figures)
    if figures["received"] is not None:
        yield _("Suggestions received"), dates.whole(figures["received"])
    yield _("Suggestions published"), dates.whole(figures["published"])
    yield from ways_in_words(figures)


def ways_in_words(figures: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Say how much was given in meetings and outside, and how much of the former no meeting held answers for."""
    if "in_meetings" in figures:  # a report frozen before this was stated does not say it
        yield _("Given in meetings"), dates.whole(figures["in_meetings"])
        yield _("Given outside meetings (online, on paper, with help)"), dates.whole(figures["outside_meetings"])
    if figures.get("tied_to_none"):
        yield _("Given in meetings, and tied to none that was held"), dates.whole(figures["tied_to_none"])


def _people(figures: Mapping[str, Any]) -> str:
    """Say how many came, and to how many of the meetings, where some of them tell no figure."""
    came, at = dates.whole(figures["people"]), figures.get("people_at", figures["meetings"])
    if at == figures["meetings"]:
        return came
    said = {"n": came, "some": dates.whole(at), "all": dates.whole(figures["meetings"])}
    return _("%(n)s, at %(some)s of the %(all)s meetings: fewer came to the others, or nobody was noted") % said


def _sections(
    member: Member, stated: Mapping[str, Any], quoted: Mapping[int, Quoted], lang: str, *, draft: bool
) -> Iterable[SectionShown]:
    figures = stated["figures"]
    counts = {
        "who": (figures["by_channel"], _("By the way they came"), _("Way")),
        "where": (figures["by_province"], _("By province or prefecture they speak of"), _("Province or prefecture")),
        "suggestions": (figures["by_theme"], _("By theme"), _("Theme")),
    }
    for code, label in SECTIONS.items():
        mine = [one for one in stated["passages"] if one["section"] == code]
        split, caption, head = counts.get(code, (None, "", ""))
        told = _split(split, lang) if split else None
        if draft or mine or (told and (told.cells or told.rest)):
            shown = tuple(_shown(member, one, place, quoted, lang) for place, one in enumerate(mine, 1))
            yield SectionShown(code, str(label), shown, told, caption, head)


def _shown(member: Member, one: Mapping[str, Any], place: int, quoted: Mapping[int, Quoted], lang: str) -> PassageShown:
    written, text = said_in(one["text"], lang)
    numbers = one["cites"]
    asked = numbers[:MOST_QUOTED] if one["quotes"] else []
    quotes = tuple(quoted[number] for number in asked if number in quoted)
    return PassageShown(
        uid=one["uid"],
        place=place,
        lang=written,
        parts=parts_of(text),
        cited=len(numbers),
        numbers=tuple((number, address_of("suggestion", member.slug, number)) for number in numbers[:NUMBERS_SHOWN]),
        more=max(0, len(numbers) - NUMBERS_SHOWN),
        quotes=quotes,
        silent=len(asked) - len(quotes),
        drafted=one["drafted"],
        as_given=one.get("as_given", False),
        missing=_missing(one),
        **_finding(member, one.get("finding"), lang),
    )


def _finding(member: Member, finding: Mapping[str, Any] | None, lang: str) -> dict[str, str]:
    """Name the finding that a passage counts or words, and its page; a report frozen before says none."""
    if not finding:
        return {"finding": "", "finding_url": ""}
    said = {"number": finding["number"], "title": said_in(finding["title"], lang)[1]}
    url = reverse("finding", args=[member.slug, finding["number"]])
    return {"finding": _("Finding %(number)s: %(title)s") % said, "finding_url": url}


def _missing(one: Mapping[str, Any]) -> str:
    """Name the official languages that a passage is not written in; people's own words ask for no translation."""
    if one.get("as_given"):
        return ""
    return named_languages(tuple(lang for lang in OFFICIAL if not one["text"].get(lang)))


def _split(split: Mapping[str, Any], lang: str) -> Split:
    cells = tuple(Group(said_in(one["name"], lang)[1], dates.whole(one["count"])) for one in split["cells"])
    rest = None
    if split.get("rest"):  # a report frozen when small groups were put together
        names = _(", ").join(said_in(one["name"], lang)[1] for one in split["rest"]["of"])
        rest = Group(names, dates.whole(split["rest"]["count"]))
    return Split(cells, rest)


def passage_page(report: Report, uid: str, *, after: int) -> PassagePage | None:
    """Prepare a passage with all that it cites, read from one end; nothing when the report has no such passage."""
    stated = stated_of(report)
    one = next((one for one in stated["passages"] if one["uid"] == uid), None)
    if one is None:
        return None
    written, text = said_in(one["text"], languages.body_lang(get_language() or "fr"))
    return PassagePage(
        number=report.number,
        lang=written,
        parts=parts_of(text),
        section=str(SECTIONS[one["section"]]),
        cited=len(one["cites"]),
        voices=_numbered(report.member, one["cites"], after=after),
    )


def _numbered(member: Member, numbers: list[int], *, after: int) -> Voices:
    """Give the suggestions of some of these numbers, after one of them: what no longer shows leaves its place."""
    left = [number for number in numbers if number > after]
    some = left[:VOICES_ON_A_PAGE]
    shown = readable(Contribution.objects.of(member).filter(number__in=some))
    following = some[-1] if len(left) > len(some) else 0
    return Voices(voices_among(shown, most=VOICES_ON_A_PAGE), following, begun=after > 0)


def uncited_page(
    report: Report, *, after: int, q: str = "", theme: str = "", province: str = "", arrived: bool = False
) -> UncitedPage:
    """Prepare the list of what a report does not cite: as frozen once published; narrowed at will while a draft.

    ``arrived`` lists instead what everyone reads since, and a published report could not know of.
    """
    member = report.member
    kept = urlencode({name: said for name, said in (("q", q), ("theme", theme), ("province", province)) if said})
    shown: dict[str, Any] = {"number": report.number, "title": report.title, "q": q, "query": kept}
    if report.frozen:
        numbers = arrived_since(report) if arrived else stated_of(report)["not_cited"]
        shown["query"] = "since=1" if arrived else ""
        count, voices = len(numbers), _numbered(member, numbers, after=after)
        return UncitedPage(
            draft=False, arrived=arrived, count=count, found=count, voices=voices, themes=(), places=(), **shown
        )
    among = uncited_of(report)
    found = narrowed(member, among, q=q, theme=theme, province=province)
    lang = languages.body_lang(get_language() or "fr")
    themes = report.consultation.themes.order_by("rank", "pk")
    return UncitedPage(
        draft=True,
        arrived=False,
        count=among.count(),
        found=found.count(),
        voices=some_voices(found, after=after),
        themes=tuple(Choice(one.code, said_in(_words(one.name), lang)[1], one.code == theme) for one in themes),
        places=places_of(member, province),
        **shown,
    )


def _words(text: OfficialText) -> Said:
    return {lang: said["text"] for lang, said in text.items()}
