"""A report that begins with what other reports say: a correction, or the final report.

The final report puts the meetings and the online consultation side by side,
theme by theme: what both say in the same words is said once, with what either
cites; what one says alone says where it comes from. No word is changed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from openregion.consultation.models import Contribution
from openregion.core.languages import body_lang
from openregion.core.official import OfficialText, is_out_of_date, official, says_the_same, text_in
from openregion.diagnosis.models import Citation, Report
from openregion.diagnosis.queries.findings import readable
from openregion.diagnosis.queries.pieces import Piece, both

JOINED = ("suggestions", "recommendations", "priorities", "disagreements", "conclusion")
THEME, FINDING = "# ", "## "  # how a line of a passage is marked as a heading

_SOURCES: dict[str, Promise] = {
    Report.Kind.MEETINGS: gettext_lazy("In the meetings"),
    Report.Kind.ONLINE: gettext_lazy("Online"),
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
        yield Piece(one.section, one.text, tuple(cites[one.pk]), one.quotes, drafted=False)


def joined(parts: Sequence[Report], at: dt.datetime) -> Iterator[Piece]:
    """Join the passages of several reports: two syntheses theme by theme, any others one after the other."""
    said = [(part, piece) for part in parts for piece in copied(part) if piece.section in JOINED]
    suggested = [(part, piece) for part, piece in said if piece.section == "suggestions"]
    if {part.kind for part in parts} == set(_SOURCES):
        yield Piece("suggestions", both(lambda lang: _joins(parts, lang), at))
        yield from _theme_by_theme(suggested, at)
    else:
        for part in parts:
            yield Piece("suggestions", both(lambda lang, part=part: THEME + _named(part, lang), at))  # type: ignore[misc]
            yield from (piece for come_from, piece in suggested if come_from == part)
    yield from (piece for _part, piece in said if piece.section != "suggestions")


def _joins(parts: Sequence[Report], lang: str) -> str:
    return "\n".join([_("This report joins:"), *(f"– {_named(part, lang)}" for part in parts)])


def _named(part: Report, lang: str) -> str:
    return _("%(title)s (report %(number)s)") % {"title": text_in(part.title, lang), "number": part.number}


def _theme_by_theme(suggested: Sequence[Said], at: dt.datetime) -> Iterator[Piece]:
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
        yield from _finding_by_finding([one for one in gathered if one not in begun], at)


def _side_by_side(begun: Sequence[Said], at: dt.datetime) -> Iterator[Piece]:
    """Begin a theme once, with what each report says under its name, in the languages in which they all say it."""
    texts = [piece.text for _part, piece in begun]
    langs = [lang for lang in texts[0] if all(lang in text for text in texts)]
    if not langs:
        yield from (_alone(part, piece, at) for part, piece in begun)
        return

    def begins(lang: str) -> str:
        heading = texts[0][lang]["text"].partition("\n")[0]
        told = [(part, piece.text[lang]["text"].partition("\n")[2].strip()) for part, piece in begun]
        return "\n".join([heading, *(_from(part, words, lang) for part, words in told if words)])

    source = "fr" if "fr" in langs else langs[0]
    words = official(at=at, source=source, **{lang: begins(lang) for lang in langs})
    yield Piece("suggestions", _as_late_as(texts, words), _cites(begun))


def _finding_by_finding(said: Sequence[Said], at: dt.datetime) -> Iterator[Piece]:
    by_title: dict[str, list[Said]] = defaultdict(list)
    for one in said:
        by_title[_heading(one[1], FINDING)].append(one)
    others = by_title.pop("", [])
    for several in by_title.values():
        first = several[0][1]
        both_say = len({part.pk for part, _piece in several}) > 1
        if both_say and all(says_the_same(first.text, piece.text) for _part, piece in several):
            yield Piece("suggestions", _once(several, at), _cites(several), first.quotes, drafted=False)
        else:
            yield from (_alone(part, piece, at) for part, piece in several)
    yield from (_alone(part, piece, at) for part, piece in others)


def _once(several: Sequence[Said], at: dt.datetime) -> OfficialText:
    """Say once what both reports say in the same words, and that both do; how many is for the citations to show."""

    def ends(lang: str, text: str) -> str:
        return "\n".join([text, _("Said in the meetings and online.")])

    return _rewritten(several[0][1].text, ends, at)


def _alone(part: Report, piece: Piece, at: dt.datetime) -> Piece:
    """Say where a passage comes from: under its heading if it has one."""

    def placed(lang: str, text: str) -> str:
        heading, _sign, words = text.partition("\n")
        if heading.startswith((THEME, FINDING)):
            return f"{heading}\n{_from(part, words, lang)}"
        return _from(part, text, lang)

    return Piece(piece.section, _rewritten(piece.text, placed, at), piece.cites, piece.quotes, drafted=False)


def _from(part: Report, words: str, lang: str) -> str:
    with override(body_lang(lang)):
        return f"{_SOURCES[part.kind]}. {words}"


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
