"""What the papers of the Council state: the file put to it, and the text of its deliberation.

A paper is drawn from the frozen JSON alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.core import dates
from openregion.core.languages import body_lang
from openregion.core.official import stated_in
from openregion.core.paper import Block, Fields, Heading, ItemList, Note, Paper, Paragraph, Table
from openregion.cycle.queries.council import BALLOTS, CHOICES, DECISIONS, LAST_SITTING, OPINIONS, SUBJECTS
from openregion.cycle.queries.meetings import KINDS as MEETINGS
from openregion.cycle.queries.pinned import cycle_name

Said = Mapping[str, str]
"""Official text as it is frozen: the words by language."""
# How a Council begins its own articles, in the languages of its acts.
_ARTICLES = ("article", "art.", "المادة", "الفصل", "البند")


def paper_of_file(
    stated: Mapping[str, Any], *, lang: str, frozen_on: dt.date, address: str = "", check_at: str = ""
) -> Paper:
    """Give the deliberation file as the Council reads it: report, decision proposed, papers with their hash."""
    lang = body_lang(lang)
    with override(lang):
        said = {"n": stated["number"], "cycle": cycle_name(**stated["cycle"])}
        return Paper(
            title=_in(stated["title"], lang)[1],
            subtitle=_in(stated["member"]["name"], lang)[1],
            kind=_("File put to the Council"),
            lang=lang,  # type: ignore[arg-type]
            reference=_("File %(n)s, %(cycle)s") % said,
            dated=frozen_on,
            address=address,
            notice=_notice(stated),
            blocks=tuple(_file(stated, lang, frozen_on, check_at)),
        )


def paper_of_deliberation(stated: Mapping[str, Any], *, lang: str, address: str = "", check_at: str = "") -> Paper:
    """Give the text of a deliberation: the act, the session, the vote, the decision as voted."""
    lang = body_lang(lang)
    with override(lang):
        day = dt.date.fromisoformat(stated["dated_on"])
        return Paper(
            title=_in(stated["title"], lang)[1],
            subtitle=_in(stated["council"] or stated["member"]["name"], lang)[1],
            kind=_("Deliberation"),
            lang=lang,  # type: ignore[arg-type]
            reference=_("Deliberation no. %(number)s") % {"number": stated["number"]},
            dated=day,
            address=address,
            notice=_notice(stated),
            blocks=tuple(_deliberation(stated, lang, check_at)),
        )


def _file(stated: Mapping[str, Any], lang: str, frozen_on: dt.date, check_at: str) -> Iterator[Block]:
    about = stated["about"]
    yield Fields(
        (
            (_("Council"), _in(stated["council"], lang)[1]),
            (_("What it is about"), str(SUBJECTS[stated["subject"]])),
            (_("Frozen on"), dates.day(frozen_on, lang)),
            (_("Visa"), _("it will be asked for") if stated["asks_visa"] else _("it will not be asked for")),
        )
    )
    yield _how_to_check(check_at)
    yield Heading(1, _("Report"))
    yield from _words(stated["report"], lang)
    yield Heading(1, _("Decision proposed"))
    yield from _words(stated["decision_text"], lang)
    if about["sha256"]:
        yield Note(
            _("What is voted is a frozen document of the platform. Its SHA-256 fingerprint: %(sha256)s")
            % {"sha256": about["sha256"]}
        )
    yield Heading(1, _("Documents of the file"))
    rows = tuple((_in(one["title"], lang)[1], one["name"], one["sha256"]) for one in stated["papers"])
    yield Table(
        _("Documents, with the fingerprint of each"), (_("Document"), _("File"), _("Fingerprint (SHA-256)")), rows,
        row_headers=True, widths=(3, 2, 4),
    )  # fmt: skip


def _deliberation(stated: Mapping[str, Any], lang: str, check_at: str) -> Iterator[Block]:
    """Draw a deliberation as an act: who sat, on which grounds, what was decided, how, who signs."""
    session = stated["session"]
    yield Fields(tuple(_sitting(stated, session, lang)))
    if reason := _in(session.get("quorum_reason", {}), lang)[1]:
        yield Note(_("Recorded without quorum: %(reason)s") % {"reason": reason})
    yield Heading(1, _("Grounds"))
    yield ItemList(tuple(_grounds(stated, session, lang)))
    yield Heading(1, _("The Council decides"))
    yield from _articles(stated["text"], lang)
    yield from _votes(stated, lang)
    yield Heading(1, _("Control"))
    yield Paragraph(_control(stated))
    if replaced := stated["replaces"]:
        day = dates.day(dt.date.fromisoformat(replaced["dated_on"]), lang)
        said = {"number": replaced["number"], "day": day}
        yield Paragraph(_("It replaces deliberation no. %(number)s of %(day)s, whose visa was refused.") % said)
    yield Heading(1, _("Signatures and seal"))
    room = "\n\u00a0" * 5
    head = (_("The president of the session"), _("The secretary of the session"), _("Seal"))
    yield Table(
        _("To be signed and sealed"), head, ((_("Name:") + room, _("Name:") + room, "\u00a0" + room),), widths=(1, 1, 1)
    )
    if stated["file"]:
        yield Heading(1, _("What was voted"))
        pairs = [(_("File put to the Council"), f"{stated['file']['number']}")]
        pairs.append((_("Fingerprint of the file (SHA-256)"), stated["file"]["sha256"]))
        if stated["about"] and stated["about"]["sha256"]:
            pairs.append((_("Fingerprint of the document voted (SHA-256)"), stated["about"]["sha256"]))
        yield Fields(tuple(pairs))
    yield _how_to_check(check_at)


def _sitting(stated: Mapping[str, Any], session: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    opened = dates.day(dt.date.fromisoformat(session["opened_on"]), lang)
    if session["kind"] in MEETINGS:
        yield _("Session"), str(MEETINGS[session["kind"]])
    yield _("Opened on"), _(", ").join(filter(None, (opened, stated_in(session.get("place", ""), lang))))
    if session.get("sitting", 1) > 1:
        yield _("Sitting"), dates.whole(session["sitting"])
    if session["members_in_office"]:
        yield _("Members in office"), dates.whole(session["members_in_office"])
    if session.get("present"):
        yield _("Members present"), dates.whole(session["present"])
    if session["quorum_met"] is not None:
        third = session.get("sitting", LAST_SITTING) >= LAST_SITTING
        not_met = _("not met: third sitting") if third else _("recorded as not met")
        yield _("Quorum"), _("met") if session["quorum_met"] else not_met
    yield _("Date of the vote"), dates.day(dt.date.fromisoformat(stated["dated_on"]), lang)
    yield _("Decision"), str(DECISIONS[stated["decision"]])


def _grounds(stated: Mapping[str, Any], session: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Cite what the Council decides on the ground of: the law, its rules, its agenda, the file, the opinion."""
    for one in stated.get("grounds", ()):
        yield _in(one, lang)[1]
    opened = dates.day(dt.date.fromisoformat(session["opened_on"]), lang)
    yield _("The agenda of the session of %(day)s") % {"day": opened}
    if file := stated["file"]:
        yield _("File %(n)s put to the Council") % {"n": file["number"]}
    if given := stated.get("opinion"):
        said = {"commission": _in(given["commission"], lang)[1], "opinion": str(OPINIONS[given["opinion"]])}
        yield _("The opinion of the commission “%(commission)s”: %(opinion)s") % said


def _articles(said: Said, lang: str) -> Iterator[Block]:
    """Print what was voted in articles, numbered in order, unless the Council wrote its own."""
    code, words = _in(said, lang)
    foreign = code if code != lang else None
    parts = [one.strip() for one in words.split("\n\n") if one.strip()]
    if any(one.lstrip("- ").lower().startswith(_ARTICLES) for one in words.splitlines()):
        yield from (Paragraph(one, foreign) for one in parts)
        return
    if len(parts) > 1 and parts[0].endswith((":", "：")):
        yield Paragraph(parts.pop(0), foreign)
    for number, one in enumerate(parts, 1):
        yield Heading(2, _("Sole article") if len(parts) == 1 else _("Article %(n)s") % {"n": dates.whole(number)})
        yield Paragraph(one, foreign)


def _control(stated: Mapping[str, Any]) -> str:
    """Say what control follows; the answer comes after the act is frozen, and stands on its page."""
    if stated.get("asks_visa"):
        return _(
            "The decision is sent to the administrative authority, whose visa is asked for. "
            "Its answer stands on the page of the deliberation, at the address printed below."
        )
    return _(
        "The decision is sent to the administrative authority. "
        "What it answers stands on the page of the deliberation, at the address printed below."
    )


def _votes(stated: Mapping[str, Any], lang: str) -> Iterator[Block]:
    if (counts := stated["counts"]) is None:
        return
    yield Heading(1, _("The vote"))
    names = ("votes_for", "votes_against", "abstained", "not_taking_part")
    labels = (_("For"), _("Against"), _("Abstained"), _("Did not take part"))
    ballot = str(BALLOTS[stated["ballot"]])
    row = tuple(dates.whole(counts[name]) for name in names)
    yield Table(_("Result of the vote: %(ballot)s") % {"ballot": ballot}, labels, (row,), widths=(1, 1, 1, 1))
    if stated["named"]:
        rows = tuple((one["name"], _in(one["seat"], lang)[1], str(CHOICES[one["choice"]])) for one in stated["named"])
        yield Table(_("How each member voted"), (_("Name"), _("Seat"), _("Vote")), rows, row_headers=True)


def _how_to_check(address: str) -> Note:
    return Note(
        _(
            "How to check this paper: it is drawn from a data file that never changes, at %(address)s. "
            "Its SHA-256 fingerprint is printed at the foot of each page and, whole, on the last."
        )
        % {"address": address}
    )


def _notice(stated: Mapping[str, Any]) -> str:
    invented = stated["member"]["invented"]
    return _("Demonstration: this Region, its people and its texts are invented.") if invented else ""


def _words(said: Said, lang: str) -> Iterator[Block]:
    code, words = _in(said, lang)
    for one in words.split("\n\n"):
        if one.strip():
            yield Paragraph(one.strip(), code if code != lang else None)


def _in(said: Said, lang: str) -> tuple[str, str]:
    for code in (lang, "fr", "ar", "en", *said):
        if words := said.get(code, "").strip():
            return code, words
    return lang, ""
