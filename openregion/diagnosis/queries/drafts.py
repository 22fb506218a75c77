"""A first draft, drawn from the material piece by piece: people correct it, add what matters, and cite more.

What is drafted counts, quotes and copies; it judges nothing. Where some words
must stand for many, they are taken by lot, and the sentence says so.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from openregion.consultation.models import Consultation, Sheet, Theme, Workshop
from openregion.consultation.queries.takers import takers_page
from openregion.core import dates
from openregion.core.official import OfficialText, official, text_in
from openregion.diagnosis.models import Finding, FindingSource, Report
from openregion.diagnosis.queries.findings import readable
from openregion.diagnosis.queries.joining import copied, joined, parts_of
from openregion.diagnosis.queries.material import said_in, voices_counted
from openregion.diagnosis.queries.pieces import Piece, both
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
        yield from joined(parts, at)
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


def _the_meeting(workshop: Workshop | None, figures: Mapping[str, Any], lang: str) -> str:
    assert workshop is not None
    meeting = workshop.meeting
    said = {"day": dates.day(timezone.localdate(meeting.starts_at), lang), "place": meeting.place}
    told = _("The meeting was held on %(day)s, %(place)s.") if meeting.place else _("The meeting was held on %(day)s.")
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
    if page.gaps:
        lines += [f"## {_('Who is missing')}", *(f"– {gap}" for gap in page.gaps)]
    else:
        lines.append(_("No large gap with the census shows in these figures."))
    return "\n".join(lines)


def _listed(split: Mapping[str, Any], lang: str) -> str:
    """List the groups of a count, the largest first, small ones together."""
    told = [f"{said_in(one['name'], lang)[1]} ({dates.whole(one['count'])})" for one in split["cells"]]
    if split["rest"]:
        told.append(_("the others together (%s)") % dates.whole(split["rest"]["count"]))
    return _("; ").join(told)


# What was said


def _suggestions(report: Report, figures: Mapping[str, Any], at: dt.datetime) -> Iterator[Piece]:
    """Draw each theme: the findings that gather its suggestions, then some of the others, taken by lot."""
    everything = readable(material_of_report(report))
    gathering = _findings_by_theme(report)
    gathered = {key for found in gathering.values() for _finding, keys in found for key in keys}
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
        for finding, keys in found:
            yield Piece("suggestions", _finding_in_words(finding, at), tuple(keys))
        left = [key for key in under if key not in gathered]
        if left:
            count, more = len(left), bool(found)
            words = both(lambda lang, n=count, m=more: _by_lot(n, more=m), at)  # type: ignore[misc]
            yield Piece("suggestions", words, tuple(left[:BY_LOT]), quotes=True, read=len(under))


def _findings_by_theme(report: Report) -> dict[int | None, list[tuple[Finding, list[int]]]]:
    """Give the published findings that gather some of the material, each under the theme that most of it has."""
    rows = FindingSource.objects.filter(
        finding__cycle=report.consultation.cycle_id,
        finding__published_at__isnull=False,
        contribution__in=readable(material_of_report(report)).values("pk"),
    ).order_by("finding__number", "contribution__number")
    keys: dict[int, list[int]] = defaultdict(list)
    themes: dict[int, Counter[int | None]] = defaultdict(Counter)
    for key, contribution, placed in rows.values_list("finding", "contribution", "contribution__suggestion__theme"):
        keys[key].append(contribution)
        themes[key][placed] += 1
    under: dict[int | None, list[tuple[Finding, list[int]]]] = defaultdict(list)
    for finding in Finding.objects.filter(pk__in=keys).order_by("number"):
        [(theme, _n)] = themes[finding.pk].most_common(1)
        under[theme].append((finding, keys[finding.pk]))
    return under


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
                yield from (Piece(section, official(at=at, source=lang, **{lang: one})) for one in items)
            elif items:
                with override(lang):
                    head = _("Meeting %(number)s, %(title)s") % {
                        "number": meetings[workshop].number,
                        "title": text_in(meetings[workshop].title, lang),
                    }
                text = "\n".join([f"## {head}", *(f"– {one}" for one in items)])
                yield Piece(section, official(at=at, source=lang, **{lang: text}))


def copies_from_sheets(report: Report) -> bool:
    """Say whether passages of a report may be copied from the tables' sheets, which cite nobody and may name people."""
    uncited = report.passages.filter(section__in=FROM_SHEETS, quotes=False, citations=None)
    return uncited.exists() and Sheet.objects.filter(workshop__consultation=report.consultation_id).exists()


def _items(said: Any) -> list[str]:
    """Read what a sheet holds under a heading: a list of items, or lines of text."""
    lines = said if isinstance(said, list) else str(said or "").splitlines()
    texts = (str(one.get("text", "")) if isinstance(one, dict) else str(one) for one in lines)
    return [text.strip(" \t-–•") for text in texts if text.strip(" \t-–•")]


def _from_voices(report: Report, at: dt.datetime) -> Iterator[Piece]:
    """Quote what most agree on and what divides, where enough have given their view for it to be shown."""
    counted = voices_counted(readable(material_of_report(report)), report.member)
    agreed = [(yes, key) for key, (yes, no) in counted.items() if yes and yes >= 2 * no]
    divided = [(yes + no, key) for key, (yes, no) in counted.items() if min(yes, no) and 3 * min(yes, no) >= yes + no]
    if agreed:
        words = both(lambda lang: _("Those who gave their view agree on these, at least two in three:"), at)
        yield Piece("priorities", words, _most(agreed), quotes=True)
    if divided:
        words = both(lambda lang: _("Views differ on these: at least one in three on each side."), at)
        yield Piece("disagreements", words, _most(divided), quotes=True)


def _most(counted: list[tuple[int, int]]) -> tuple[int, ...]:
    return tuple(key for _count, key in sorted(counted, key=lambda one: (-one[0], one[1]))[:MOST_OF_A_VIEW])
