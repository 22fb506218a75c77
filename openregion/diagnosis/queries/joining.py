"""A report that begins with what other reports say: a correction, or the final report.

The final report puts what was given in meetings and outside them side by side,
theme by theme, finding by finding: what both say in the same words is said
once, with how many suggestions each of them cites for it; all the rest says
where it comes from. No word is changed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from openregion.consultation.models import Contribution
from openregion.core import dates
from openregion.core.languages import body_lang
from openregion.core.official import OfficialText, is_out_of_date, official, says_the_same, text_in
from openregion.diagnosis.models import Citation, Report
from openregion.diagnosis.queries.findings import readable
from openregion.diagnosis.queries.pieces import Piece, both

JOINED = ("suggestions", "recommendations", "priorities", "disagreements", "conclusion")
THEME, FINDING = "# ", "## "  # how a line of a passage is marked as a heading

_SOURCES: dict[str, Promise] = {
    Report.Kind.MEETINGS: gettext_lazy("In meetings"),
    Report.Kind.ONLINE: gettext_lazy("Outside meetings"),
}

Said = tuple[Report, Piece]
"""A passage, and the report it comes from."""


def parts_of(report: Report) -> list[Report]:
    """Give the reports that a final report joins: the syntheses published, else the reports on themes."""
    if report.kind != Report.Kind.FINAL:
        return []
    current = Report.objects.of(report.member).current().filter(consultation=report.consultation_id)
    syntheses = current.filter(kind__in=_SOURCES).order_by("kind", "number")
    return list(syntheses) or list(current.filter(kind=Report.Kind.THEME).order_by("theme__rank", "number"))


def copied(part: Report) -> Iterator[Piece]:
    """Copy the passages of a report with what they cite; what may no longer be read is left behind."""
    cites: dict[int, list[int]] = defaultdict(list)
    standing = readable(Contribution.objects.filter(consultation=part.consultation_id))
    links = Citation.objects.filter(passage__report=part, contribution__in=standing.values("pk"))
    for passage, key in links.order_by("contribution__number").values_list("passage", "contribution"):
        cites[passage].append(key)
    for one in part.passages.all():
        yield Piece(
            one.section, one.text, tuple(cites[one.pk]), one.quotes, drafted=False, as_given=one.as_given,
            finding=one.finding_id,
        )  # fmt: skip


def joined(parts: Sequence[Report], at: dt.datetime, *, findings: Mapping[int, OfficialText]) -> Iterator[Piece]:
    """Join the passages of several reports: two syntheses theme by theme, any others one after the other.

    ``findings`` holds the words of those that gather nothing from elsewhere, by their keys.
    """
    said = [(part, piece) for part in parts for piece in copied(part) if piece.section in JOINED]
    suggested = [(part, piece) for part, piece in said if piece.section == "suggestions"]
    if {part.kind for part in parts} == set(_SOURCES):
        yield Piece("suggestions", both(lambda lang: _joins(parts, lang), at))
        yield from _theme_by_theme(suggested, findings, at)
    else:
        for part in parts:
            yield Piece("suggestions", both(lambda lang, part=part: THEME + _named(part, lang), at))  # type: ignore[misc]
            yield from (piece for come_from, piece in suggested if come_from == part)
    yield from (_alone(part, piece, at) for part, piece in said if piece.section != "suggestions")


def _joins(parts: Sequence[Report], lang: str) -> str:
    return "\n".join([_("This report joins:"), *(f"– {_named(part, lang)}" for part in parts)])


def _named(part: Report, lang: str) -> str:
    return _("%(title)s (report %(number)s)") % {"title": text_in(part.title, lang), "number": part.number}


def _theme_by_theme(
    suggested: Sequence[Said], findings: Mapping[int, OfficialText], at: dt.datetime
) -> Iterator[Piece]:
    """Gather the passages under each theme, as both reports begin it, the findings before the rest."""
    under: dict[str, list[Said]] = defaultdict(list)
    theme, read = "", None
    for part, piece in suggested:
        begins = _heading(piece, THEME)
        theme = begins or (theme if part == read else "")
        read = part
        under[theme].append((part, piece))
    for gathered in under.values():
        begun = [one for one in gathered if _heading(one[1], THEME)]
        if begun:
            yield from _side_by_side(begun, at)
        yield from _finding_by_finding([one for one in gathered if one not in begun], findings, at)


def _finding_by_finding(said: Sequence[Said], findings: Mapping[int, OfficialText], at: dt.datetime) -> Iterator[Piece]:
    """Put together what is said of each finding, or under the same heading; then the rest, each where it comes from."""
    together: dict[int | str, list[Said]] = defaultdict(list)
    for one in said:
        together[one[1].finding or _heading(one[1], FINDING)].append(one)
    others = together.pop("", [])
    for of, several in together.items():
        words = findings.get(of) if isinstance(of, int) else None
        if len({part.pk for part, _piece in several}) < 2:
            yield from (_alone(part, piece, at) for part, piece in several)
        elif words is None and _same_words(several):
            yield Piece("suggestions", _once(several, at), _cites(several), several[0][1].quotes, drafted=False)
        else:
            yield from _side_by_side(several, at, begins=words)
    yield from (_alone(part, piece, at) for part, piece in others)


def _same_words(several: Sequence[Said]) -> bool:
    """Say whether all these say the same, each with suggestions that it cites for it."""
    first = several[0][1]
    return all(piece.cites and says_the_same(first.text, piece.text) for _part, piece in several)


def _side_by_side(said: Sequence[Said], at: dt.datetime, *, begins: OfficialText | None = None) -> Iterator[Piece]:
    """Write a heading once, with what each report says under it, in the languages in which they all say it.

    ``begins`` is what stands first: the words of a finding that gathers what they all cite.
    """
    texts = [piece.text for _part, piece in said] + ([begins] if begins else [])
    langs = [lang for lang in texts[0] if all(lang in text for text in texts)]
    if not langs:
        yield from (_alone(part, piece, at) for part, piece in said)
        return

    def written(lang: str) -> str:
        told = [(part, *_parted(piece.text[lang]["text"])) for part, piece in said]
        heading = begins[lang]["text"] if begins else next((heading for _part, heading, _words in told if heading), "")
        return "\n".join(filter(None, [heading, *(_from(part, words, lang) for part, _head, words in told if words)]))

    source = "fr" if "fr" in langs else langs[0]
    words = official(at=at, source=source, **{lang: written(lang) for lang in langs})
    quotes, finding = any(piece.quotes for _part, piece in said), said[0][1].finding
    yield Piece("suggestions", _as_late_as(texts, words), _cites(said), quotes, finding=finding)


def _parted(text: str) -> tuple[str, str]:
    """Part a passage into the heading it begins with, empty where there is none, and its words."""
    heading, _sign, words = text.partition("\n")
    return (heading, words.strip()) if heading.startswith((THEME, FINDING)) else ("", text)


def _once(several: Sequence[Said], at: dt.datetime) -> OfficialText:
    """Say once what both reports say in the same words, and how many suggestions each of them cites for it."""
    cites: dict[str, set[int]] = defaultdict(set)
    for part, piece in several:
        cites[part.kind] |= set(piece.cites)
    counts = {"met": len(cites[Report.Kind.MEETINGS]), "out": len(cites[Report.Kind.ONLINE])}

    def ends(lang: str, text: str) -> str:
        both_say = _("Said in meetings (suggestions cited: %(met)s) and outside them (suggestions cited: %(out)s).")
        return "\n".join([text, both_say % {name: dates.whole(number) for name, number in counts.items()}])

    return _rewritten(several[0][1].text, ends, at)


def _alone(part: Report, piece: Piece, at: dt.datetime) -> Piece:
    """Say where a passage comes from: under its heading if it has one."""

    def placed(lang: str, text: str) -> str:
        heading, words = _parted(text)
        return "\n".join(filter(None, [heading, _from(part, words, lang)]))

    return replace(piece, text=_rewritten(piece.text, placed, at))


def _from(part: Report, words: str, lang: str) -> str:
    """Name the synthesis, or the report by its title, that says these words."""
    with override(body_lang(lang)):
        source = _SOURCES.get(part.kind) or _named(part, body_lang(lang))
        if words.startswith("– "):
            return f"{source}.\n{words}"
        return f"{source}. {words}"


def _rewritten(text: OfficialText, write: Callable[[str, str], str], at: dt.datetime) -> OfficialText:
    """Write something around a text, in each language it is written in."""
    source = next((lang for lang, one in text.items() if not one["of"]), "fr")
    words = {}
    for lang, one in text.items():
        if one["text"]:
            with override(body_lang(lang)):
                words[lang] = write(lang, one["text"])
    return _as_late_as([text], official(at=at, source=source, **words))


def _as_late_as(texts: Sequence[OfficialText], words: OfficialText) -> OfficialText:
    """Leave out of date what was: the words around a translation do not bring it up to date."""
    for lang, wording in words.items():
        for text in texts:
            if is_out_of_date(text, lang):
                wording["of"] = text[lang]["of"]
    return words


def _heading(piece: Piece, mark: str) -> str:
    """Give the heading that a passage begins with; empty when it begins with none of that mark."""
    first = text_in(piece.text, "fr").partition("\n")[0]
    return first.removeprefix(mark).strip() if first.startswith(mark) else ""


def _cites(several: Sequence[Said]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(key for _part, piece in several for key in piece.cites))
