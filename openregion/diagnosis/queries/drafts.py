"""A first draft, drawn from the material piece by piece: people correct it, add what matters, and cite more.

What is drafted counts, quotes and copies; it judges nothing. Where some words
must stand for many, they are taken by lot, and the sentence says so.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from openregion.consultation.models import Consultation, Contribution, Sheet, Theme, Workshop
from openregion.consultation.queries.takers import takers_page
from openregion.consultation.queries.voices import Tally
from openregion.core import dates
from openregion.core.official import OfficialText, official, text_in
from openregion.diagnosis.models import Finding, FindingSource, Report
from openregion.diagnosis.queries.findings import readable
from openregion.diagnosis.queries.joining import copied, joined, parts_of
from openregion.diagnosis.queries.material import said_in, voices_counted
from openregion.diagnosis.queries.pieces import MOST_QUOTED, Piece, both
from openregion.diagnosis.queries.statement import (
    REPORT_KINDS,
    counted_at,
    figures_of_report,
    material_of_report,
    takers_of,
    workshops_of,
)

FROM_SHEETS = ("recommendations", "priorities", "disagreements")
BY_LOT = 5  # suggestions quoted under a theme, of those that no finding gathers
MOST_OF_A_VIEW = 5  # suggestions quoted because people agree on them, or are divided
# The reports whose material may hold all that a finding gathers; a room or a theme never speaks for the others.
SPEAK_FOR_ALL = (Report.Kind.MEETINGS, Report.Kind.ONLINE, Report.Kind.FINAL)
# Darija is written in official text as Arabic is, or beside French where its letters are Latin.
_WRITTEN_AS = {"ary": "ar", "ary-latn": "fr"}


def drafted_title(
    consultation: Consultation, kind: str, *, workshop: Workshop | None, theme: Theme | None, at: dt.datetime
) -> OfficialText:
    """Name a report by what it is of, in French and Arabic."""

    def title(lang: str) -> str:
        said = {"kind": str(REPORT_KINDS[kind]), "of": text_in(consultation.title, lang)}
        if workshop:
            said["of"] = text_in(workshop.meeting.title, lang)
        elif theme:
            said["of"] = text_in(theme.name, lang)
        return _("%(kind)s: %(of)s") % said

    return both(title, at)


def pieces_of(report: Report, *, at: dt.datetime) -> Iterator[Piece]:
    """Draw a first draft: who and where in figures, then what was said, cited.

    A report that corrects another begins as that one was. The final report
    joins what the syntheses published so far say, else the reports on themes;
    without any, it begins with the material itself.
    """
    if report.replaces:
        yield from copied(report.replaces)
        return
    figures = figures_of_report(report)
    yield from _who(report, figures, at)
    yield from _where(figures, at)
    if parts := parts_of(report):
        whole = {one.finding.pk: _finding_in_words(one.finding, at) for one in _gathered(report) if one.whole}
        yield from joined(parts, at, findings=whole)
    else:
        yield from _suggestions(report, figures, at)
        yield from _from_sheets(report, at)
        yield from _from_voices(report, at)


# Who, and where from


def _who(report: Report, figures: Mapping[str, Any], at: dt.datetime) -> Iterator[Piece]:
    if report.workshop:
        yield Piece("who", both(lambda lang: _the_meeting(report.workshop, figures, lang), at))
    elif figures["meetings"]:
        yield Piece("who", both(lambda lang: _the_meetings(figures), at))
    yield Piece("who", both(lambda lang: _received(figures), at))
    if figures.get("in_meetings") and figures["outside_meetings"]:
        yield Piece("who", both(lambda lang: _in_and_outside(figures), at))
    if figures.get("tied_to_none"):
        yield Piece("who", both(lambda lang: _tied_to_none(figures), at))
    if figures["by_channel"]["cells"]:
        yield Piece(
            "who", both(lambda lang: _("They came in these ways: %s.") % _listed(figures["by_channel"], lang), at)
        )
    if counted := takers_of(report):
        yield Piece("who", both(lambda lang: _who_took_part(report, counted["people"], lang), at))


def _where(figures: Mapping[str, Any], at: dt.datetime) -> Iterator[Piece]:
    if figures["by_province"]["cells"]:
        yield Piece(
            "where",
            both(lambda lang: _("They speak of these places: %s.") % _listed(figures["by_province"], lang), at),
        )


def _received(figures: Mapping[str, Any]) -> str:
    received, published = figures["received"], figures["published"]
    if received is None:
        told = ngettext(
            "%(n)s suggestion is published, and everyone can read it.",
            "%(n)s suggestions are published, and everyone can read them.",
            published,
        )
        return told % {"n": dates.whole(published)}
    came = ngettext("%(n)s suggestion was received.", "%(n)s suggestions were received.", received)
    told = ngettext(
        "%(n)s is published, and everyone can read it.", "%(n)s are published, and everyone can read them.", published
    )
    return " ".join((came % {"n": dates.whole(received)}, told % {"n": dates.whole(published)}))


def _in_and_outside(figures: Mapping[str, Any]) -> str:
    told = {"met": dates.whole(figures["in_meetings"]), "out": dates.whole(figures["outside_meetings"])}
    return _("Given in meetings: %(met)s. Given outside meetings (online, on paper, with help): %(out)s.") % told


def _tied_to_none(figures: Mapping[str, Any]) -> str:
    number = figures["tied_to_none"]
    told = ngettext(
        "Of those given in meetings, %(n)s is tied to no meeting held: the report of no meeting speaks of it.",
        "Of those given in meetings, %(n)s are tied to no meeting held: the report of no meeting speaks of them.",
        number,
    )
    return told % {"n": dates.whole(number)}


def _the_meeting(workshop: Workshop | None, figures: Mapping[str, Any], lang: str) -> str:
    assert workshop is not None
    meeting = workshop.meeting
    said = {"day": dates.day(timezone.localdate(meeting.starts_at), lang), "place": text_in(meeting.place, lang)}
    told = _("The meeting was held on %(day)s, %(place)s.") if said["place"] else _("The meeting was held on %(day)s.")
    return " ".join(filter(None, (told % said, _people(figures))))


def _the_meetings(figures: Mapping[str, Any]) -> str:
    held = figures["meetings"]
    told = ngettext("%(n)s meeting was held.", "%(n)s meetings were held.", held) % {"n": dates.whole(held)}
    return " ".join(filter(None, (told, _people(figures))))


def _people(figures: Mapping[str, Any]) -> str:
    came = figures["people"]
    if came is None:
        return ""
    return ngettext("%(n)s person came.", "%(n)s people came.", came) % {"n": dates.whole(came)}


def _who_took_part(report: Report, number: int, lang: str) -> str:
    """Say how many told who they are and who is missing, as the page of who took part does, from the same count."""
    page = takers_page(report.consultation, until=counted_at(report))
    assert page.counted_on is not None
    told = ngettext(
        "In the whole consultation, %(people)s person had said who they are, counted on %(day)s.",
        "In the whole consultation, %(people)s people had said who they are, counted on %(day)s.",
        number,
    )
    lines = [told % {"people": page.people, "day": dates.day(page.counted_on, lang)}]
    if page.missing.gaps:
        lines += [f"## {_('Who is missing')}", *(f"– {gap}" for gap in page.missing.gaps)]
    else:
        lines.append(page.missing.verdict)
    return "\n".join(lines)


def _listed(split: Mapping[str, Any], lang: str) -> str:
    """List the groups of a count, the largest first."""
    return _("; ").join(f"{said_in(one['name'], lang)[1]} ({dates.whole(one['count'])})" for one in split["cells"])


# What was said


@dataclass(frozen=True)
class Gathered:
    """A published finding, what it gathers of a report's material, and how much it gathers in all.

    ``whole`` when nothing it gathers was given elsewhere: its words are then
    those of this report's people, and of nobody else. ``under`` is the theme
    that most of it has here.
    """

    finding: Finding
    keys: tuple[int, ...]
    all: int
    whole: bool
    under: int | None


def _suggestions(report: Report, figures: Mapping[str, Any], at: dt.datetime) -> Iterator[Piece]:
    """Draw each theme: the findings that gather its suggestions, then some of the others, taken by lot."""
    everything = readable(material_of_report(report))
    gathering: dict[int | None, list[Gathered]] = defaultdict(list)
    for one in _gathered(report):
        gathering[one.under].append(one)
    gathered = {key for found in gathering.values() for one in found for key in one.keys}
    counts = {one["code"]: one["count"] for one in figures["by_theme"]["cells"]}
    themes: list[Theme | None] = [*report.consultation.themes.order_by("rank", "pk"), None]
    if report.theme:
        themes = [report.theme]
    for theme in themes:
        under = list(everything.filter(suggestion__theme=theme).order_by("shuffle", "pk").values_list("pk", flat=True))
        found = gathering.get(theme.pk if theme else None, [])
        if not under and not found:
            continue
        if report.theme is None:
            count = counts.get(theme.code if theme else "")
            yield Piece("suggestions", both(lambda lang, t=theme, n=count: _theme_begins(t, n, lang), at))  # type: ignore[misc]
        yield from (_finding_piece(one, report, at) for one in found)
        left = [key for key in under if key not in gathered]
        if left:
            count, more = len(left), bool(found)
            words = both(lambda lang, n=count, m=more: _by_lot(n, more=m), at)  # type: ignore[misc]
            yield Piece("suggestions", words, tuple(left[:BY_LOT]), quotes=True, read=len(under))


def _gathered(report: Report) -> list[Gathered]:
    """Give the published findings that gather some of a report's material, in the order of their numbers."""
    material = material_of_report(report)
    published = FindingSource.objects.filter(
        finding__cycle=report.consultation.cycle_id, finding__published_at__isnull=False
    )
    rows = published.filter(contribution__in=readable(material).values("pk"))
    keys: dict[int, list[int]] = defaultdict(list)
    themes: dict[int, Counter[int | None]] = defaultdict(Counter)
    for key, contribution, placed in rows.order_by("finding__number", "contribution__number").values_list(
        "finding", "contribution", "contribution__suggestion__theme"
    ):
        keys[key].append(contribution)
        themes[key][placed] += 1
    theirs = FindingSource.objects.filter(finding__in=keys).order_by()
    anywhere = theirs.filter(contribution__in=readable(Contribution.objects.all()).values("pk"))
    counts = dict(anywhere.values_list("finding").annotate(n=Count("pk")))
    beyond = set(theirs.exclude(contribution__in=material.values("pk")).values_list("finding", flat=True))
    return [
        Gathered(
            finding=one,
            keys=tuple(keys[one.pk]),
            all=counts[one.pk],
            whole=report.kind in SPEAK_FOR_ALL and one.pk not in beyond,
            under=themes[one.pk].most_common(1)[0][0],
        )
        for one in Finding.objects.filter(pk__in=keys).order_by("number")
    ]


def _finding_piece(one: Gathered, report: Report, at: dt.datetime) -> Piece:
    """Give what a report says under a finding: its words where all it gathers is here; else how much of it is, quoted.

    The words of a finding were written from all that it gathers: put in the
    mouth of one room, they would say what was not said there.
    """
    if one.whole:
        return Piece("suggestions", _finding_in_words(one.finding, at), one.keys, finding=one.finding.pk)
    words = both(lambda lang: _part_of_finding(one, lang), at)
    quotes = len(one.keys) <= MOST_QUOTED  # more are read from the list of what is cited: none is chosen
    return Piece("suggestions", words, one.keys, quotes=quotes, finding=one.finding.pk)


def _part_of_finding(one: Gathered, lang: str) -> str:
    told = ngettext(
        "%(some)s of the %(all)s suggestions gathered under finding %(number)s, %(title)s, was given here.",
        "%(some)s of the %(all)s suggestions gathered under finding %(number)s, %(title)s, were given here.",
        len(one.keys),
    )
    said = {"some": dates.whole(len(one.keys)), "all": dates.whole(one.all)}
    return told % (said | {"number": one.finding.number, "title": text_in(one.finding.title, lang).rstrip(" .؛;")})


def _theme_begins(theme: Theme | None, count: int | None, lang: str) -> str:
    name = text_in(theme.name, lang) if theme else _("No theme given")
    if count is None:
        return f"# {name}"
    told = ngettext("%(n)s published suggestion.", "%(n)s published suggestions.", count)
    return f"# {name}\n" + told % {"n": dates.whole(count)}


def _by_lot(count: int, *, more: bool) -> str:
    if count <= BY_LOT:
        return _("The others that were given:") if more else _("What was given:")
    told = ngettext(
        "%(n)s suggestion is gathered by no finding yet. Here are %(some)s, taken by lot:",
        "%(n)s suggestions are gathered by no finding yet. Here are %(some)s of them, taken by lot:",
        count,
    )
    return told % {"n": dates.whole(count), "some": BY_LOT}


def _finding_in_words(finding: Finding, at: dt.datetime) -> OfficialText:
    """Give a finding as a passage: its title, then what people said together, in each language it is written in."""
    said = {lang: one for lang, one in finding.synthesis.items() if one["text"]}
    source = next((lang for lang, one in said.items() if not one["of"]), "fr")
    words = {lang: f"## {text_in(finding.title, lang)}\n{one['text']}" for lang, one in said.items()}
    return official(at=at, source=source, **words)


# What the tables wrote, and where voices agree or part


def _from_sheets(report: Report, at: dt.datetime) -> Iterator[Piece]:
    """Copy what the tables of the workshops agreed on, as their rapporteurs wrote it."""
    sheets = Sheet.objects.filter(workshop__in=workshops_of(report)).select_related("workshop__meeting")
    for section in FROM_SHEETS:
        written: dict[tuple[int, str], list[str]] = defaultdict(list)
        meetings = {}
        for sheet in sheets.order_by("workshop__meeting__starts_at", "workshop", "table"):
            lang = _WRITTEN_AS.get(sheet.lang, sheet.lang)
            written[sheet.workshop_id, lang] += _items(sheet.words.get(section))
            meetings[sheet.workshop_id] = sheet.workshop.meeting
        for (workshop, lang), items in written.items():
            if report.workshop:
                for one in items:
                    yield Piece(section, official(at=at, source=lang, **{lang: one}), as_given=True)
            elif items:
                with override(lang):
                    head = _("Meeting %(number)s, %(title)s") % {
                        "number": meetings[workshop].number,
                        "title": text_in(meetings[workshop].title, lang),
                    }
                text = "\n".join([f"## {head}", *(f"– {one}" for one in items)])
                yield Piece(section, official(at=at, source=lang, **{lang: text}), as_given=True)


def copies_from_sheets(report: Report) -> bool:
    """Say whether passages of a report are copied from the tables' sheets, which cite nobody and may name people."""
    return report.passages.filter(as_given=True).exists()


def _items(said: Any) -> list[str]:
    """Read what a sheet holds under a heading: a list of items, or lines of text."""
    lines = said if isinstance(said, list) else str(said or "").splitlines()
    texts = (str(one.get("text", "")) if isinstance(one, dict) else str(one) for one in lines)
    return [text.strip(" \t-–•") for text in texts if text.strip(" \t-–•")]


def _from_voices(report: Report, at: dt.datetime) -> Iterator[Piece]:
    """Quote what most agree on and what divides, with the count of their voices, where enough spoke for it to show."""
    material = readable(material_of_report(report))
    counted = voices_counted(material, report.member)
    agreed, divided = list[int](), list[int]()
    for key, told in counted.items():
        yes, no = told.agree or 0, told.disagree or 0
        if yes and yes >= 2 * no:
            agreed.append(key)
        if min(yes, no) and 3 * min(yes, no) >= yes + no:
            divided.append(key)
    agreed = _first(agreed, lambda key: counted[key].agree or 0)
    divided = _first(divided, lambda key: (counted[key].agree or 0) + (counted[key].disagree or 0))
    numbers = dict(material.filter(pk__in=[*agreed, *divided]).values_list("pk", "number"))
    if agreed:
        begins = gettext_lazy("Those who gave their view agree on these, at least two in three:")
        words = both(lambda lang: _with_voices(begins, agreed, numbers, counted, at, lang), at)
        yield Piece("priorities", words, tuple(agreed), quotes=True)
    if divided:
        begins = gettext_lazy("Views differ on these: at least one in three on each side.")
        words = both(lambda lang: _with_voices(begins, divided, numbers, counted, at, lang), at)
        yield Piece("disagreements", words, tuple(divided), quotes=True)


def _first(keys: list[int], most: Callable[[int], int]) -> list[int]:
    return sorted(keys, key=lambda key: (-most(key), key))[:MOST_OF_A_VIEW]


def _with_voices(
    begins: Promise,
    keys: Sequence[int],
    numbers: Mapping[int, int],
    counted: Mapping[int, Tally],
    at: dt.datetime,
    lang: str,
) -> str:
    """Say how many agree, disagree and pass on each, as of a day, so that anyone can count again."""
    lines = [
        _("Suggestion %(number)s: agree %(agree)s, disagree %(disagree)s, pass %(passed)s; voices in all: %(voters)s")
        % {
            "number": numbers[key],
            "agree": dates.whole(counted[key].agree or 0),
            "disagree": dates.whole(counted[key].disagree or 0),
            "passed": dates.whole(counted[key].passed or 0),
            "voters": dates.whole(counted[key].voters or 0),
        }
        for key in keys
    ]
    ends = _("Voices counted on %(day)s.") % {"day": dates.day(timezone.localdate(at), lang)}
    return "\n".join([str(begins), *(f"– {line}" for line in lines), ends])
