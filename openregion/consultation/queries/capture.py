"""The rapporteur's page in plain values: the workshop, its tables and their sheets, two wordings side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.consultation.models import Charge, Sheet, SheetConflict, Workshop
from openregion.consultation.queries.words import address_of, tag_of
from openregion.core import dates, languages
from openregion.core.due import Due
from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Meeting
from openregion.people.models import Member

AROUND = dt.timedelta(days=3)  # so long before and after its day, a workshop's page is at hand
SOON_AFTER = dt.timedelta(hours=18)  # what was typed that long after the opening was still said in the room


@dataclass(frozen=True)
class CapturePage:
    """What the rapporteur's page says of its workshop; ``key`` names the telephone's own store."""

    number: int
    key: str
    title: OfficialText
    consultation: OfficialText
    consultation_slug: str
    when: dt.datetime
    place: OfficialText
    tables: int
    workshop_url: str
    sheets_url: str
    by_pass: bool = False


@dataclass(frozen=True)
class Wording:
    """One wording of a sheet: what it says part by part, in its language, when it came and from which edition."""

    uid: str
    parts: tuple[tuple[str, str], ...]
    tag: str
    sent_at: dt.datetime
    by: str
    from_edition: int


@dataclass(frozen=True)
class SheetPage:
    """The sheet of a table, and the wordings sent beside it that nobody has joined yet."""

    table: int
    edition: int
    now: Wording
    others: tuple[Wording, ...]
    lang: str
    written: Mapping[str, str]


def workshop_to_capture(member: Member, number: int) -> Workshop | None:
    """Find a member's workshop by the number of its meeting."""
    found = Workshop.objects.filter(meeting__member=member, meeting__number=number)
    return found.select_related("meeting", "consultation__cycle__member").first()


def capture_page(workshop: Workshop, charge: Charge | None = None) -> CapturePage:
    """Prepare the rapporteur's page: what it says of its workshop; ``charge`` is that of the pass that opened it."""
    meeting, member = workshop.meeting, workshop.consultation.cycle.member
    return CapturePage(
        number=meeting.number,
        key=workshop.uid,
        title=meeting.title,
        consultation=workshop.consultation.title,
        consultation_slug=workshop.consultation.slug,
        when=meeting.starts_at,
        place=meeting.place,
        tables=workshop.tables,
        workshop_url=address_of("workshop", member.slug, meeting.number),
        sheets_url=reverse("workshop_sheets", args=[member.slug, meeting.number]),
        by_pass=charge is not None,
    )


def sheets_known(workshop: Workshop, *, table: int | None = None) -> list[dict[str, Any]]:
    """Give the sheets of a workshop as its page on a telephone reads them; that of one table, where it is named."""
    sheets = workshop.sheets.order_by("table")
    return [sheet_known(one) for one in (sheets if table is None else sheets.filter(table=table))]


def sheet_known(sheet: Sheet) -> dict[str, Any]:
    """Give one sheet as the page on a telephone reads it."""
    return {"table": sheet.table, "edition": sheet.edition, "lang": sheet.lang, "words": sheet.words}


def sheet_of(workshop: Workshop, table: int) -> Sheet | None:
    """Find the sheet of a table, when one was sent."""
    return workshop.sheets.filter(table=table).first()


def said_at(workshop: Workshop, told: dt.datetime | None, *, at: dt.datetime) -> dt.datetime:
    """Say when a contribution was given: as the telephone tells it, within the workshop and never after now.

    Whatever else it tells (its clock is wrong, it was typed later), the words
    were said at the workshop: its own hour. When they arrived is kept beside,
    and shown (``Contribution.arrived_at``): nothing is dated back unseen.
    """
    starts = min(workshop.meeting.starts_at, at)
    ends = min(max(workshop.meeting.ends_at or starts, starts + SOON_AFTER), at)
    return told if told and starts <= told <= ends else starts


def came_otherwise(received: Mapping[str, str], words: Mapping[str, str]) -> bool:
    """Say whether a contribution was received with other words than these; what a recording says is beside them."""
    before = {part: text for part, text in received.items() if text and part != "spoken"}
    return before != {part: text for part, text in words.items() if text}


def sheet_pages(workshop: Workshop, parts: Mapping[str, Any]) -> list[SheetPage]:
    """Give the sheets of a workshop, each with the wordings that wait to be joined to it."""
    waiting = SheetConflict.objects.filter(settled_at=None).select_related("by").order_by("sent_at", "pk")
    asked = workshop.sheets.select_related("by").order_by("table")
    return [
        SheetPage(
            table=one.table,
            edition=one.edition,
            now=_wording(one, parts, one.edition - 1),
            others=tuple(_wording(other, parts, other.from_edition) for other in one.conflicts.all()),
            lang=one.lang,
            written=one.words,
        )
        for one in asked.prefetch_related(Prefetch("conflicts", queryset=waiting))
    ]


def _wording(one: Sheet | SheetConflict, parts: Mapping[str, Any], from_edition: int) -> Wording:
    said = tuple((str(label), one.words[part]) for part, label in parts.items() if one.words.get(part))
    return Wording(one.uid, said, tag_of(one.lang), one.sent_at, str(one.by or ""), from_edition)


def due_capture(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Give a line for each workshop about now, where what is said is taken down; and one where wordings wait.

    Once its day is past nothing more is late: what a telephone still keeps can be sent.
    """
    return (*_about_now(member, today), *_to_join(member))


def _about_now(member: Member, today: dt.date) -> Iterator[Due]:
    around = (today - AROUND, today + AROUND)
    found = Workshop.objects.of(member).filter(meeting__starts_at__date__range=around).select_related("meeting")
    lang = get_language() or "fr"
    for one in found.exclude(meeting__state=Meeting.State.CANCELLED).order_by("meeting__starts_at", "pk"):
        day = timezone.localdate(one.meeting.starts_at)
        told = {"title": text_in(one.meeting.title, languages.body_lang(lang)), "day": dates.day(day, lang)}
        yield Due(
            key=f"capture:{one.uid}",
            label=_("Take down what is said: %(title)s") % told,
            url=reverse("capture", args=[member.slug, one.meeting.number]),
            act=_("Open the rapporteur's page"),
            day=day if day >= today else None,
            why=_("The day of the workshop. Open the page once before, where there is a network.")
            if day >= today
            else _("The workshop was on %(day)s. Send what a telephone still keeps.") % told,
            deed="capture_suggestions",
            duty="civil-society",
        )


def _to_join(member: Member) -> tuple[Due, ...]:
    open_ones = SheetConflict.objects.filter(settled_at=None, sheet__workshop__meeting__member=member)
    meeting = "sheet__workshop__meeting"
    rows = (
        open_ones.values(f"{meeting}__number", f"{meeting}__title")
        .annotate(n=Count("pk"), first=Min("sent_at"))
        .order_by("first")
    )
    lang = get_language() or "fr"
    return tuple(
        Due(
            key=f"sheets:{row[f'{meeting}__number']}",
            label=_joined(row["n"], text_in(row[f"{meeting}__title"], languages.body_lang(lang))),
            url=reverse("workshop_sheets", args=[member.slug, row[f"{meeting}__number"]]),
            act=_("Join them"),
            why=_("Two telephones sent the same sheet. The oldest has been waiting since %(day)s.")
            % {"day": dates.day(timezone.localdate(row["first"]), lang)},
            deed="settle_sheet",
            duty="civil-society",
        )
        for row in rows
    )


def _joined(number: int, title: str) -> str:
    told = ngettext(
        "Join %(n)s other wording of a table's sheet: %(title)s",
        "Join %(n)s other wordings of tables' sheets: %(title)s",
        number,
    )
    return told % {"n": number, "title": title}
