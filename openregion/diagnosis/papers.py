"""What the paper of a report states: its figures, its passages with what they cite, the list of what nothing cites."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from openregion.core import dates
from openregion.core.languages import body_lang
from openregion.core.official import stated_in
from openregion.core.paper import Block, Fields, Heading, ItemList, Note, Paper, Paragraph, Quote, Table
from openregion.diagnosis.queries import REPORT_KINDS, SECTIONS, Quoted, parts_of
from openregion.diagnosis.queries.material import said_in
from openregion.diagnosis.queries.report_pages import takers_in_words, ways_in_words

_TITLES = {"title": 2, "subtitle": 3}
MOST_LISTED = 3_000  # numbers that a paper lists; beyond, the data file has them

Said = Mapping[str, str]
"""Official text as it is frozen: the words by language."""


def paper_of_report(
    stated: Mapping[str, Any],
    quoted: Mapping[int, Quoted],
    *,
    lang: str,
    sha256: str = "",
    dated: dt.date | None = None,
    address: str = "",
    check_at: str = "",
) -> Paper:
    """Give the paper of a report in a language; without ``sha256`` it is a draft, and says so.

    ``quoted`` holds the words of the suggestions it quotes, by number, as they
    are read where they are kept; one that is not there no longer shows.
    """
    lang = body_lang(lang)
    with override(lang):
        return Paper(
            title=said_in(stated["title"], lang)[1],
            subtitle=said_in(stated["member"]["name"], lang)[1],
            kind=str(REPORT_KINDS[stated["kind"]]),
            lang=lang,  # type: ignore[arg-type]
            reference=_("Report %(number)s") % {"number": stated["number"]} if sha256 else _("Draft"),
            dated=dated,
            address=address,
            notice="\n".join(_notices(stated, sha256)),
            blocks=tuple(_blocks(stated, quoted, lang, check_at if sha256 else "")),
        )


def _notices(stated: Mapping[str, Any], sha256: str) -> Iterator[str]:
    if stated["member"]["invented"]:
        yield _("Demonstration: this Region, its people and its texts are invented.")
    if not sha256:
        yield _("Draft. Nothing here is frozen, and all of it may still change.")


def _blocks(stated: Mapping[str, Any], quoted: Mapping[int, Quoted], lang: str, check_at: str) -> Iterator[Block]:
    yield Fields(tuple(_front(stated, lang)))
    if stated["replaces"]:
        yield Note(_("This report corrects report %(number)s.") % {"number": stated["replaces"]})
    drafted = sum(one["drafted"] for one in stated["passages"])
    if check_at and drafted:
        told = {"n": dates.whole(drafted), "all": dates.whole(len(stated["passages"]))}
        yield Note(
            _("Passages that the platform drafted, and that whoever published read and left so: %(n)s of %(all)s.")
            % told
        )
    if check_at:
        yield Note(
            _(
                "How to check this paper: it is drawn from a data file that never changes, published at %(address)s. "
                "Download it and compute its SHA-256 fingerprint (on most computers, with the command sha256sum). "
                "It must be the fingerprint printed at the foot of each page and, whole, on the last."
            )
            % {"address": check_at}
        )
    for code, name in SECTIONS.items():
        passages = [one for one in stated["passages"] if one["section"] == code]
        tables = list(_tables(code, stated["figures"], lang))
        if not passages and not tables:
            continue
        yield Heading(1, str(name))
        for one in passages:
            yield from _passage(one, quoted, lang)
        yield from tables
    yield from _not_cited(stated, check_at)


def _front(stated: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    figures, asked = stated["figures"], stated["consultation"]
    yield _("Consultation"), said_in(asked["title"], lang)[1]
    days = {"first": _day(asked["opened_on"], lang), "last": _day(asked["closed_on"], lang)}
    yield _("Open"), _("from %(first)s to %(last)s") % days
    if stated["theme"]:
        yield _("Theme"), said_in(stated["theme"]["name"], lang)[1]
    if meeting := stated["workshop"]:
        yield _("Meeting"), said_in(meeting["title"], lang)[1]
        yield _("Held on"), _(", ").join(filter(None, (_day(meeting["on"], lang), stated_in(meeting["place"], lang))))
    elif figures["meetings"]:
        yield _("Meetings held"), dates.whole(figures["meetings"])
    if figures["received"] is not None:
        yield _("Suggestions received"), dates.whole(figures["received"])
    yield _("Suggestions published"), dates.whole(figures["published"])
    yield from ways_in_words(figures)
    if told := takers_in_words(stated, lang):
        yield _("People who said who they are"), told
        yield _("Fingerprint of that count (SHA-256)"), stated["takers"]["sha256"]
    said = {"n": dates.whole(figures["cited"]), "all": dates.whole(figures["cited"] + figures["not_cited"])}
    yield _("Cited in this report"), _("%(n)s of %(all)s") % said


def _passage(one: Mapping[str, Any], quoted: Mapping[int, Quoted], lang: str) -> Iterator[Block]:
    yield from _text(one["text"], lang)
    if one.get("as_given"):
        yield Paragraph(_("[In the words of those who gave them.]"))
    shown = [number for number in one["cites"] if number in quoted] if one["quotes"] else []
    for number in shown:
        said = quoted[number]
        yield Quote(said.words, said.lang)
    if finding := one.get("finding"):
        said_of = {"number": finding["number"], "title": said_in(finding["title"], lang)[1]}
        yield Paragraph(_("[Finding %(number)s: %(title)s]") % said_of)
    if one["cites"]:
        count = len(one["cites"])
        head = ngettext("[Suggestion %(numbers)s]", "[Suggestions %(numbers)s]", count)
        yield Paragraph(head % {"numbers": in_ranges(one["cites"])})


def _text(said: Said, lang: str) -> Iterator[Block]:
    """Give a passage as it was laid out; only a paragraph can say that it is not translated."""
    written, text = said_in(said, lang)
    own = written if written != lang else None
    for part in parts_of(text):
        if part.kind in _TITLES:
            yield Heading(_TITLES[part.kind], part.lines[0])
        elif part.kind == "list" and own is None:
            yield ItemList(part.lines)
        else:
            mark = "– " if part.kind == "list" else ""
            yield from (Paragraph(mark + line, own) for line in part.lines)


def _tables(section: str, figures: Mapping[str, Any], lang: str) -> Iterator[Block]:
    """Give the counts that belong to a part of the report; no group that is too small has a row."""
    if section == "who":
        yield from _table(_("By the way they came"), _("Way"), figures["by_channel"], lang)
    elif section == "where":
        yield from _table(
            _("By province or prefecture they speak of"), _("Province or prefecture"), figures["by_province"], lang
        )
    elif section == "suggestions":
        yield from _table(_("By theme"), _("Theme"), figures["by_theme"], lang)


def _table(caption: str, head: str, split: Mapping[str, Any], lang: str) -> Iterator[Block]:
    rows = [(said_in(one["name"], lang)[1], dates.whole(one["count"])) for one in split["cells"]]
    if split.get("rest"):  # a report frozen when small groups were put together
        names = _(", ").join(said_in(one["name"], lang)[1] for one in split["rest"]["of"])
        rows.append((_("Together: %(names)s") % {"names": names}, dates.whole(split["rest"]["count"])))
    if rows:
        yield Table(caption, (head, _("Published suggestions")), tuple(rows), row_headers=True, widths=(4, 1))


def _not_cited(stated: Mapping[str, Any], check_at: str) -> Iterator[Block]:
    count, numbers = stated["figures"]["not_cited"], stated["not_cited"]
    yield Heading(1, _("Suggestions that nothing here cites"))
    if not count:
        yield Paragraph(_("There is none: each published suggestion is cited."))
        return
    told = ngettext(
        "%(n)s published suggestion is not cited. It stays public, on its own page.",
        "%(n)s published suggestions are not cited. They stay public, each on its own page.",
        count,
    )
    yield Paragraph(told % {"n": dates.whole(count)})
    if 0 < count <= MOST_LISTED and numbers:
        yield Paragraph(in_ranges(numbers))
    elif check_at:
        yield Note(_("Their numbers are in the data file: %(address)s.") % {"address": check_at})


def in_ranges(numbers: Iterable[int]) -> str:
    """Write numbers in order, those that follow each other as one range: "3–7, 12"."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    told = (str(first) if first == last else f"{first}–{last}" for first, last in spans)
    return _(", ").join(told)


def _day(value: str, lang: str) -> str:
    return dates.day(dt.date.fromisoformat(value), lang)
