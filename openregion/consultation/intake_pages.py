"""What the pages of imports show, prepared as plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.analysis import tables
from openregion.consultation import imports, rules
from openregion.consultation.columns import PARTS, TARGETS
from openregion.consultation.models import Consultation, Contribution, Import
from openregion.consultation.queries import CHANNELS
from openregion.consultation.rows import Reader, Said
from openregion.core import dates
from openregion.core.official import OfficialText, text_in
from openregion.people.models import Member

SHOWN_ROWS, SHOWN_FIRST = 10, 3
SHOWN_FAULTS = 20
_STATES: dict[str, tuple[str, Promise]] = {
    "checked": ("idle", gettext_lazy("Not started")),
    "waiting": ("underway", gettext_lazy("Waiting for its turn")),
    "running": ("underway", gettext_lazy("Being read in")),
    "stopping": ("underway", gettext_lazy("Stopping")),
    "stopped": ("late", gettext_lazy("Stopped")),
    "done": ("done", gettext_lazy("Read in")),
    "failed": ("late", gettext_lazy("Failed")),
}


@dataclass(frozen=True)
class Line:
    """An import in the list: its file, its consultation, how far it is."""

    name: str
    address: str
    consultation: OfficialText
    asked_at: dt.datetime
    tone: str
    state: str
    read: int
    imported: int
    known: int
    rejected: int


@dataclass(frozen=True)
class About:
    """What a row is read as being about; not ``known`` when the value means nothing here."""

    label: str
    value: str
    known: bool = True


@dataclass(frozen=True)
class Told:
    """A row of the preview: what it says, and about what."""

    number: int
    words: tuple[tuple[str, str], ...]
    about: tuple[About, ...]
    refused: str


@dataclass(frozen=True)
class Preview:
    """The first rows of a file as they would be read, and the columns that stay out."""

    first: tuple[Told, ...]
    others: tuple[Told, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a row, or with a value in several rows."""

    row: int
    result: str
    what: str
    value: str
    times: int
    to_do: str


@dataclass(frozen=True)
class Page:
    """One import: what may be done with it now, its figures, what is wrong with it."""

    line: Line
    total: int
    new: int
    share: int
    checked: bool
    moving: bool
    stopping: bool
    may_go_on: bool
    failed: bool
    publish: bool
    faults: tuple[Wrong, ...]
    faults_in_all: int


def lines_of(member: Member, *, at: dt.datetime) -> Iterator[Line]:
    """Give the member's imports, the last one asked for first."""
    found = Import.objects.filter(consultation__cycle__member=member).select_related("consultation")
    for reading in found.defer("errors", "columns").order_by("-asked_at", "-pk"):
        yield _line(reading, member, at)


def page_of(reading: Import, member: Member, *, at: dt.datetime) -> Page:
    """Prepare the page of one import."""
    lost = imports.is_lost(reading, at=at)
    state, faults = reading.state, [imports.Fault(*kept) for kept in reading.errors]
    return Page(
        line=_line(reading, member, at),
        total=reading.total,
        new=max(0, reading.total - reading.known - reading.rejected),
        share=100 * reading.read // (reading.total or 1),
        checked=state == Import.State.CHECKED,
        moving=state == Import.State.WAITING or (state == Import.State.RUNNING and not lost),
        stopping=reading.asked_to_stop_at is not None and state == Import.State.RUNNING and not lost,
        may_go_on=bool(reading.file) and (lost or state in (Import.State.STOPPED, Import.State.FAILED)),
        failed=state == Import.State.FAILED,
        publish=reading.publish,
        faults=tuple(_wrong(fault) for fault in faults[:SHOWN_FAULTS]),
        faults_in_all=len(faults),
    )


def preview_of(reading: Import) -> Preview:
    """Read the first rows of a file that waits, as they would be read in."""
    with imports.opened(reading) as file:
        shape = tables.shape_of(file)
        reader = Reader(reading.consultation, shape, reading.columns)
        rows = tuple(_told(said) for said in islice(reader.rows(file), SHOWN_ROWS))
    used = set(reading.columns.values())
    return Preview(rows[:SHOWN_FIRST], rows[SHOWN_FIRST:], tuple(name for name in shape.names if name not in used))


def names_of(reading: Import) -> tuple[str, ...]:
    """List the columns of a file that waits."""
    with imports.opened(reading) as file:
        return tables.shape_of(file).names


def errors_of(reading: Import) -> Iterator[tuple[str, ...]]:
    """Give what is wrong with a file as rows of a table, its header first."""
    yield (_("Row"), _("Result"), _("What is wrong"), _("Value"), _("What to do"))
    for kept in reading.errors:
        yield tuple(tables.safe_cell(cell) for cell in imports.Fault(*kept).told())


def consultations_of(member: Member) -> list[tuple[str, str]]:
    """List the consultations that a file may be read into, the latest first."""
    lang = get_language() or "fr"
    found = Consultation.objects.of(member).latest_first()
    return [(one.slug, text_in(one.title, lang)) for one in found]


def _line(reading: Import, member: Member, at: dt.datetime) -> Line:
    state = str(reading.state)
    if imports.is_lost(reading, at=at):
        state = "stopped"
    elif state == "running" and reading.asked_to_stop_at:
        state = "stopping"
    tone, label = _STATES[state]
    return Line(
        name=reading.name,
        address=reverse("one_import", args=[member.slug, reading.uid]),
        consultation=reading.consultation.title,
        asked_at=reading.asked_at,
        tone=tone,
        state=str(label),
        read=reading.read,
        imported=reading.imported,
        known=reading.known,
        rejected=reading.rejected,
    )


def _wrong(fault: imports.Fault) -> Wrong:
    _row, result, what, _value, to_do = fault.told()
    return Wrong(fault.row, result, what, fault.value, fault.times, to_do)


def _told(said: Said) -> Told:
    if said.fault:
        return Told(said.number, (), (), str(imports.FAULTS[said.fault][0]))
    lang = get_language() or "fr"
    unknown = dict(said.notes)
    found = {
        "lang": str(rules.TONGUES[said.lang]),
        "theme": text_in(said.theme.name, lang) if said.theme else "",
        "province": said.province.name_in(lang) if said.province else "",
        "date": dates.day(said.at.date(), lang) if said.at else "",
        "channel": str(CHANNELS[said.channel]) if said.channel != Contribution.Channel.IMPORTED else "",
        "id": said.source_id,
    }
    about = [
        About(str(TARGETS[target]), value or unknown[target], known=bool(value))
        for target, value in found.items()
        if value or target in unknown
    ]
    words = tuple((str(TARGETS[part]), _short(said.words[part])) for part in PARTS if part in said.words)
    return Told(said.number, words, tuple(about), "")


def _short(text: str) -> str:
    return text if len(text) <= 300 else text[:300].rsplit(" ", 1)[0] + " …"
