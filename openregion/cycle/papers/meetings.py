"""What the papers of a meeting state: the convocation with its agenda, the list to sign, the minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.core import dates
from openregion.core.languages import body_lang
from openregion.core.official import OfficialText, stated_in, text_in, written_in
from openregion.core.paper import Block, Fields, Heading, ItemList, Note, Paper, Paragraph, Table
from openregion.core.personal_data import personal_data_note
from openregion.cycle.models import AgendaItem, Meeting, MeetingPaper
from openregion.cycle.queries.guests import GuestLine
from openregion.cycle.queries.meetings import KINDS, is_public
from openregion.cycle.queries.minutes import presence_in_words, too_few_in_words

# Rows left empty for those who come without being invited: they end on the second page.
_EMPTY_ROWS = 24


def convocation_paper(
    meeting: Meeting, agenda: Iterable[AgendaItem], papers: Iterable[MeetingPaper], *, lang: str
) -> Paper:
    """Give the convocation to hand out: what, when, where, each point of the agenda, what to read beforehand."""
    lang = body_lang(lang)
    with override(lang):
        blocks: list[Block] = [_where_and_when(meeting, lang)]
        if text_in(meeting.purpose, lang):
            blocks.append(_paragraph(meeting.purpose, lang))
        blocks.append(Heading(1, _("Agenda")))
        points = tuple(agenda)
        if points:
            blocks.append(ItemList(tuple(text_in(one.title, lang) for one in points), numbered=True))
        else:
            blocks.append(Note(_("The agenda is not written yet.")))
        late = tuple(one for one in points if one.late_reason)
        for one in late:
            told = {"point": one.rank, "reason": text_in(one.late_reason, lang)}
            blocks.append(Note(_("Point %(point)s was added after the agenda was sent: %(reason)s") % told))
        given = tuple(text_in(one.title, lang) for one in papers)
        if given:
            blocks += [Heading(1, _("To read beforehand")), ItemList(given)]
        return _paper(meeting, lang, kind=_("Convocation"), blocks=blocks, public=is_public(meeting))


def attendance_paper(meeting: Meeting, guests: Iterable[GuestLine], *, lang: str) -> Paper:
    """Give the list to sign at the door: a row for each guest with room to sign, and empty rows for walk-ins.

    What law 09-08 has people told stands before the names: it is read while one
    may still choose not to sign.
    """
    lang = body_lang(lang)
    with override(lang):
        head = (_("No."), _("Name"), _("Office or organisation"), _("Signature"))
        rows = tuple(
            (str(place), one.name, _(", ").join(filter(None, (text_in(one.seat, lang), one.organisation))), "")
            for place, one in enumerate(guests, 1)
        )
        note = personal_data_note(
            who=text_in(meeting.member.name, lang),
            why=_("names serve to note who came; in public, those who hold no seat are only counted by category"),
            until=_("as long as the meeting is in the register; erased when the person asks, but for the minutes"),
        )
        blocks: list[Block] = [
            _where_and_when(meeting, lang),
            note,
            Note(_("This list holds names. Keep it with the team, and hand it to nobody else.")),
        ]
        if rows:
            blocks.append(Table(_("Guests"), head, rows, widths=(1, 5, 6, 5), by_hand=True))
        empty = (("", "", "", ""),) * _EMPTY_ROWS
        caption = _("Others who came") if rows else _("Guests")
        blocks.append(Table(caption, head, empty, widths=(1, 5, 6, 5), by_hand=True))
        return _paper(meeting, lang, kind=_("Attendance list"), blocks=blocks, public=False, sheets=True)


def minutes_paper(stated: Mapping[str, Any], *, lang: str, sha256: str = "", published: bool = False) -> Paper:
    """Give minutes as a paper, from what was frozen alone; without a hash they are a draft, and say so."""
    lang = body_lang(lang)
    meeting = stated["meeting"]
    with override(lang):
        opened = timezone.localtime(dt.datetime.fromisoformat(meeting["starts_at"]))
        address = reverse("meeting", args=[stated["member"]["code"], meeting["number"]])
        return Paper(
            title=_words(meeting["title"], lang),
            subtitle=_words(stated["member"]["name"], lang),
            kind=_("Minutes"),
            lang=lang,  # type: ignore[arg-type]
            reference=_("Meeting no. %(number)s") % {"number": meeting["number"]} if sha256 else _("Draft"),
            dated=dt.date.fromisoformat(stated["approved_on"]) if stated["approved_on"] else opened.date(),
            address=settings.SITE + address if published else "",
            notice="\n".join(_notices(stated, sha256)),
            blocks=tuple(_minutes(stated, opened, lang)),
        )


def _notices(stated: Mapping[str, Any], sha256: str) -> Iterator[str]:
    if stated["member"]["invented"]:
        yield _("Demonstration: this Region, its people and its texts are invented.")
    if not sha256:
        yield _("Draft. These minutes are not approved, and all of them may still change.")


def _minutes(stated: Mapping[str, Any], opened: dt.datetime, lang: str) -> Iterator[Block]:
    meeting, attendance = stated["meeting"], stated["attendance"]
    pairs = [(_("Meeting"), str(KINDS[meeting["kind"]]))]
    if meeting["body"]:
        pairs.append((_("Body"), _words(meeting["body"], lang)))
    pairs.append((_("Opened on"), dates.instant(opened, lang)))
    if meeting["closed_on"]:
        pairs.append((_("Closed on"), dates.day(dt.date.fromisoformat(meeting["closed_on"]), lang)))
    if place := stated_in(meeting["place"], lang):
        pairs.append((_("Place"), place))
    if attendance["members_in_office"] is not None:
        pairs.append((_("Members in office"), dates.whole(attendance["members_in_office"])))
    if attendance["quorum_met"] is not None:
        pairs.append((_("Quorum"), _("Met") if attendance["quorum_met"] else _("Not met")))
    yield Fields(tuple(pairs))
    yield from _text(stated["text"], lang)
    presence = presence_in_words()
    if attendance["office"]:
        rows = tuple((one["name"], _words(one["seat"], lang), presence[one["came"]]) for one in attendance["office"])
        yield Heading(1, _("Who holds a seat"))
        yield Table(_("Presence of those who hold a seat"), (_("Name"), _("Seat"), _("Presence")), rows)
    if attendance["others"]:
        counts = tuple((_words(one["category"], lang), dates.whole(one["number"])) for one in attendance["others"])
        yield Heading(1, _("Others who came"))
        yield Table(_("Others who came, by category"), (_("Category"), _("Number")), counts, widths=(5, 1))
    elif attendance.get("others_too_few"):
        yield Heading(1, _("Others who came"))
        yield Paragraph(too_few_in_words())


def _text(said: Mapping[str, str], lang: str) -> Iterator[Block]:
    """Give what was written, in the paper's language or the one it was written in: headings, lists, paragraphs."""
    written = lang if said.get(lang) else next(iter(said), lang)
    if written != lang:
        yield Note(_("These minutes are not translated: they stand in the language they were written in."))
    for chunk in filter(None, (part.strip() for part in said.get(written, "").split("\n\n"))):
        lines = [line.strip() for line in chunk.splitlines() if line.strip()]
        if lines[0].startswith("#"):
            yield Heading(1, lines.pop(0).lstrip("# "))
        if lines and all(line.startswith("- ") for line in lines):
            yield ItemList(tuple(line[2:] for line in lines))
        elif lines:
            yield Paragraph("\n".join(lines), written if written != lang else None)


def _where_and_when(meeting: Meeting, lang: str) -> Fields:
    pairs = [(_("Meeting"), str(KINDS[meeting.kind]))]
    if meeting.body:
        pairs.append((_("Body"), text_in(meeting.body.name, lang)))
    pairs.append((_("Opens on"), dates.instant(meeting.starts_at, lang)))
    if meeting.ends_at:
        pairs.append((_("Closes on"), dates.instant(meeting.ends_at, lang)))
    if place := text_in(meeting.place, lang):
        pairs.append((_("Place"), place))
    if meeting.asked_by:
        pairs.append((_("Asked by"), meeting.asked_by))
    return Fields(tuple(pairs))


def _paragraph(said: OfficialText, lang: str) -> Paragraph:
    written, words = written_in(said, lang)
    return Paragraph(words, written if written != lang else None)


def _paper(
    meeting: Meeting, lang: str, *, kind: str, blocks: Iterable[Block], public: bool, sheets: bool = False
) -> Paper:
    member = meeting.member
    address = reverse("meeting", args=[member.slug, meeting.number])
    return Paper(
        title=text_in(meeting.title, lang),
        subtitle=text_in(member.name, lang),
        kind=kind,
        lang=lang,  # type: ignore[arg-type]
        reference=_("Meeting no. %(number)s") % {"number": meeting.number},
        dated=meeting.convened_on,
        address=settings.SITE + address if public else "",
        notice=_("Demonstration: this Region, its people and its texts are invented.") if member.invented else "",
        sheets=sheets,
        blocks=tuple(blocks),
    )


def _words(said: Mapping[str, str], lang: str) -> str:
    return said.get(lang) or said.get("fr") or next(iter(said.values()), "")
