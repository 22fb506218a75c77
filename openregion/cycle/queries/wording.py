"""The words a letter starts from: the guide's model, filled with what the platform knows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.core import dates
from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Cycle, Letter
from openregion.cycle.queries.pinned import book_of
from openregion.guide import queries as guides
from openregion.guide.schema import Guide, LetterModel, Printed, Text
from openregion.people.models import Appointment, Contact, Mandate, Member

# The four texts of a letter, in the order they stand on its page.
PARTS = ("addressee", "title", "text", "signatory")
# Which office a nomination gives.
_NAMED_BY = {"point-of-contact-nomination": "point-of-contact", "coordinator-nomination": "coordinator"}
# What is a day, and what reads the same in every language: asked once.
DAYS = frozenset({"from-date", "session-date", "meeting-date", "answer-by", "opinion-by", "deliberation-date"})
SAME = frozenset({"nominee-email", "meeting-time", "deliberation-number", "file-hash"})
# Words that only the issue knows: they stay in braces until then.
AT_ISSUE = ("date", "reference")
_BRACES = re.compile(r"\{([^{}\n]*)\}")
_SENTENCES = re.compile(r"(?<=[.!?؟])\s+")
_GOES_ON = re.compile(r"[^\S\n]*[^\s]")  # something more on the same line
_CLOSING = re.compile(r"[\s.;؛،,:]+$")

Fact = Mapping[str, str] | str | dt.date
"""What stands for a word in braces: the same words everywhere, the words by language, or a day."""


class Piece(TypedDict):
    """A block of a letter's text: what it is, and its words."""

    kind: str
    words: list[str]


@dataclass(frozen=True)
class Missing:
    """A word in braces that a person still has to write, in one language of a letter."""

    lang: str
    code: str
    label: Text | None


def model_of(member: Member, kind: str) -> LetterModel | None:
    """Find the model of a letter in the method that a member follows."""
    return guides.letter(guides.guide(member.guide_version), kind)


def languages_of(member: Member, letter: Letter) -> tuple[str, ...]:
    """List the languages a letter is issued in; those it was written in where its model is gone."""
    model = model_of(member, letter.kind)
    return model.languages if model else tuple(letter.text)


def first_words(
    model: LetterModel,
    *,
    member: Member,
    facts: Mapping[str, Fact],
    today: dt.date,
    cycle: Cycle | None = None,
    contact: Contact | None = None,
) -> dict[str, dict[str, str]]:
    """Fill a model with what is known, part by part and language by language; the rest stays in braces.

    The facts given come before what the platform knows by itself.
    """
    book = book_of(cycle) if cycle else guides.guide(member.guide_version)
    known: dict[str, Fact] = {**_of_the_member(member, contact, today), **_of_the_office(model, member, today), **facts}
    written: dict[str, dict[str, str]] = {part: {} for part in PARTS}
    sources = {"addressee": model.addressee, "title": model.subject, "text": model.body, "signatory": model.signatory}
    for lang in model.languages:
        with override(lang):
            said = {**_of_the_guide(book, cycle, lang), **_spoken(known, lang)}
        for part, source in sources.items():
            written[part][lang] = filled(source.in_(lang), said)
        written["signatory"][lang] = _named(written["signatory"][lang], model, said)
    return written


def _named(signatory: str, model: LetterModel, said: Mapping[str, str]) -> str:
    """Add, under the office that signs a letter of the Region's, the name of whoever holds it, where it is known."""
    if not model.signed or model.letterhead != "region":
        return signatory
    name = said.get("signatory-name") or said.get("president") or ""
    return f"{signatory}\n{name}" if name and name not in signatory else signatory


def filled(text: str, said: Mapping[str, str]) -> str:
    """Write what is known in place of its braces, once: what is written in is not read again.

    Where the sentence goes on after the braces, the stop that the words end with is left out.
    """

    def written(found: re.Match[str]) -> str:
        words = said.get(found[1].strip(), "")
        goes_on = _GOES_ON.match(text, found.end()) is not None
        return (_CLOSING.sub("", words) if goes_on else words) or found[0]

    return _BRACES.sub(written, text)


def words_at_issue(letter: Letter, *, number: int, day: dt.date) -> dict[str, OfficialText]:
    """Give a letter's four texts with its date and its number written in."""
    given: dict[str, OfficialText] = {}
    for part in PARTS:
        given[part] = {}
        for lang, said in getattr(letter, part).items():
            text = filled(said["text"], {"date": dates.day(day, lang), "reference": cited(number, day)})
            given[part][lang] = {"text": text, "at": said["at"], "of": said["of"]}
    return given


def cited(number: int, day: dt.date) -> str:
    """Write the number of a letter within its year: 12/2026."""
    return f"{number}/{day.year}"


def missing_words(letter: Letter, member: Member) -> tuple[Missing, ...]:
    """List what is still in braces in a letter's languages, each word once a language."""
    book = guides.guide(member.guide_version)
    labels = {one.code: one.label for one in book.letter_words}
    found: dict[tuple[str, str], Missing] = {}
    for lang in languages_of(member, letter):
        for part in PARTS:
            said = getattr(letter, part).get(lang)
            for code in guides.words_in_braces(said["text"]) if said else ():
                if code not in AT_ISSUE:
                    found.setdefault((lang, code), Missing(lang, code, labels.get(code)))
    return tuple(found.values())


def missing_languages(letter: Letter, member: Member) -> tuple[str, ...]:
    """List the languages of a letter in which its subject or its text is not written."""
    return tuple(
        lang
        for lang in languages_of(member, letter)
        if not all((getattr(letter, part).get(lang) or {"text": ""})["text"].strip() for part in PARTS)
    )


def pieces(text: str) -> list[Piece]:
    """Cut a letter's text into headings, items and paragraphs; lines of a paragraph stay lines."""
    cut: list[Piece] = []
    going_on = False  # the next line belongs to the piece before it
    for line in text.splitlines():
        words = line.strip()
        kind, bare = _read(words)
        if not words:
            going_on = False
        elif going_on and cut[-1]["kind"] == kind and kind == "items":
            cut[-1]["words"].append(bare)
        elif going_on and cut[-1]["kind"] == kind == "paragraph":
            cut[-1]["words"][-1] += f"\n{bare}"
        elif cut and kind == "items" and cut[-1]["kind"] == "items":
            cut[-1]["words"].append(bare)  # items parted by an empty line are one list still
        else:
            cut.append({"kind": kind, "words": [bare]})
        going_on = bool(words)
    return cut


def _read(words: str) -> tuple[str, str]:
    for mark, kind in (("## ", "subheading"), ("# ", "heading"), ("- ", "items")):
        if words.startswith(mark):
            return kind, words.removeprefix(mark).strip()
    return "paragraph", words


def _spoken(known: Mapping[str, Fact], lang: str) -> dict[str, str]:
    said = {}
    for code, fact in known.items():
        if isinstance(fact, dt.date):
            said[code] = dates.day(fact, lang)
        elif isinstance(fact, str):
            said[code] = fact
        else:
            said[code] = fact.get(lang, "")
    return {code: words for code, words in said.items() if words.strip()}


def _of_the_member(member: Member, contact: Contact | None, today: dt.date) -> dict[str, Fact]:
    """Say what the Region itself gives: its name, and the names that go with an office."""
    seated = Mandate.objects.of(member).held_on(today).filter(seat__actor="council-president")
    held = Appointment.objects.of(member).held_on(today).filter(role="point-of-contact")
    known: dict[str, Fact] = {
        "region": {lang: text_in(member.name, lang) for lang in ("fr", "ar", "en")},
        "president": seated.order_by("-starts_on", "-pk").values_list("holder_name", flat=True).first() or "",
        "point-of-contact": held.order_by("-starts_on", "-pk").values_list("user__name", flat=True).first() or "",
    }
    if contact:
        known["addressee"] = "\n".join(filter(None, (contact.name, contact.function, contact.organisation)))
        known["organisation"] = contact.organisation
    return known


def _of_the_office(model: LetterModel, member: Member, today: dt.date) -> dict[str, Fact]:
    """Say who a nomination names: whoever holds the office now, reached where, since when."""
    role = _NAMED_BY.get(model.code)
    held = Appointment.objects.of(member).held_on(today).filter(role=role) if role else None
    last = held.select_related("user").order_by("-starts_on", "-pk").first() if held is not None else None
    if last is None:
        return {}
    return {"nominee": last.user.name, "nominee-email": last.user.email, "from-date": last.starts_on}


# --- what the guide says, as lists ready to stand in a letter ---------------


def _of_the_guide(book: Guide, cycle: Cycle | None, lang: str) -> dict[str, str]:
    frame = book.book
    values = next((one.items for one in frame.value_lists if one.code == "programme"), ())
    said = {
        "guide": f"{frame.title.in_(lang)} ({_(', ').join((frame.publisher.in_(lang), str(frame.published)))})",
        "programme": _paragraphs(frame.programme, lang),
        "values": _items(_texts(values, lang)),
        "reasons": _items(_texts(frame.reasons, lang)),
        "facts": _items(
            f"{_opened(_bare(one.text, lang))} ({dates.partly_known(one.dated, lang)}) – {one.source}"
            for one in frame.facts
        ),
        "eligibility": _items(_texts(frame.eligibility, lang)),
        "admissibility": _items(_texts(frame.admissibility, lang)),
        "membership": _items(_texts(_whole(frame.membership, lang), lang)),
        "duties": _items(_texts(frame.duties, lang)),
        "bodies": _items(f"{_bare(one.title, lang)}{_colon(lang)}{one.remit.in_(lang)}" for one in frame.bodies),
        "support-unit": _paragraphs(frame.support_unit, lang),
    }
    return said | _of_its_stages(book, cycle, lang)


def _of_its_stages(book: Guide, cycle: Cycle | None, lang: str) -> dict[str, str]:
    candidacy = [one for one in book.stages if one.part == "candidacy"]
    plan = [one for one in book.stages if one.part == "plan"]
    shown = [one for one in book.stages if one.part == (cycle.kind if cycle else "candidacy")]
    days = {one.code: (one.starts_on, one.ends_on) for one in cycle.stages.all()} if cycle else {}
    steps = (
        f"## {one.number}. {one.title.in_(lang)}\n\n{one.intro.in_(lang)}\n\n"
        + _items(_texts((line for table in one.procedures for line in table.operations), lang))
        for one in candidacy
    )
    who = (
        f"{_bare(one.short, lang)}{_colon(lang)}"
        + _semicolon(lang).join(_bare(line.text, lang) for table in one.procedures for line in table.stakeholders)
        for one in candidacy
    )
    return {
        "candidacy-steps": "\n\n".join(steps),
        "plan-phases": _items(f"{one.short.in_(lang)}{_colon(lang)}{_closed(one.intro.in_(lang))}" for one in plan),
        "calendar": _items(
            f"{one.number}. {one.short.in_(lang)}{_when(*days.get(one.code, (None, None)), lang)}" for one in shown
        ),
        "stakeholders": _items(who),
    }


def _when(first: dt.date | None, last: dt.date | None, lang: str) -> str:
    if first and last:
        said = {"first": dates.day(first, lang), "last": dates.day(last, lang)}
        return _colon(lang) + _("from %(first)s to %(last)s") % said
    return _colon(lang) + dates.day(first, lang) if first else ""


def _whole(items: Iterable[Printed], lang: str) -> Iterator[Printed]:
    """Leave out a sentence that only opens the list after it in the guide."""
    return (one for one in items if not one.text.in_(lang).rstrip().endswith(":"))


def _paragraphs(items: Iterable[Printed], lang: str) -> str:
    return "\n\n".join(_texts(_whole(items, lang), lang))


def _texts(items: Iterable[Printed], lang: str) -> Iterator[str]:
    return (one.text.in_(lang) for one in items)


def _items(texts: Iterable[str]) -> str:
    return "\n".join(f"- {' '.join(text.split())}" for text in texts)


def _bare(text: Text, lang: str) -> str:
    return _CLOSING.sub("", text.in_(lang))


def _opened(text: str) -> str:
    """Begin a sentence that the guide prints in the middle of another with its capital."""
    return text[:1].upper() + text[1:]


def _closed(text: str) -> str:
    """Leave out a last sentence that only opens the list after it in the guide."""
    sentences = _SENTENCES.split(text.strip())
    return " ".join(sentences[:-1] if sentences[-1].rstrip().endswith(":") else sentences) or text.rstrip(" :\u00a0")


def _colon(lang: str) -> str:
    return "\u00a0: " if lang == "fr" else ": "


def _semicolon(lang: str) -> str:
    return "؛ " if lang == "ar" else "\u00a0; " if lang == "fr" else "; "
