"""Files of contributions read in: what is known already, what is wrong, how far it is.

A row is known by its source and its id; without an id, by the hash of what it
says and which time the file says it. So the same file under another name, its
rows shuffled or its letters encoded otherwise, brings nothing twice, and a
reading that was stopped goes on where it was.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, cast

from django.core.files.base import File
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation import actions, codes
from openregion.consultation.columns import chosen, survey
from openregion.consultation.models import ERASED, Consultation, Contribution, Import
from openregion.consultation.rows import Reader, Said, same_words
from openregion.core.refusal import Refused
from openregion.core.safe import clean_text
from openregion.people.models import Member, User
from openregion.record.models import JournalLine

AT_ONCE = 200  # rows in one transaction
MOST_FAULTS_KEPT = 5_000  # on the page of an import; the command line writes them all
MOST_BYTES = 20 * 1024 * 1024  # uploaded; on the server itself a file has no bound
KEPT_FOR = dt.timedelta(days=30)
LOST_AFTER = dt.timedelta(minutes=2)  # a batch takes a second or two
SOURCE = "file"
READ_TO_RECOGNISE = 2_000  # rows, to see whether a file is one that was read before
FAULTS: dict[str, tuple[Promise, Promise]] = {
    "no-text": (gettext_lazy("There is no text."), gettext_lazy("Fill in the text, or leave the row out.")),
    "too-long": (gettext_lazy("It is too long: 20,000 characters at most in one part."), gettext_lazy("Shorten it.")),
    "more-cells": (
        gettext_lazy("It has more cells than the header has columns."),
        gettext_lazy("Put the text between quotation marks, so that its separators stay within it."),
    ),
    "quote": (
        gettext_lazy("A quotation mark opens in it and never closes."),
        gettext_lazy("Close it, or double it if it belongs to the text."),
    ),
    "changed": (
        gettext_lazy("This id is known with another text. The first text stays."),
        gettext_lazy("Give the new text an id of its own, if it is another contribution."),
    ),
    "damaged": (
        gettext_lazy("Some of its letters were lost before it came here."),
        gettext_lazy("Export the file again as UTF-8 before reading it in."),
    ),
    "theme": (
        gettext_lazy("The consultation has no such theme: read without one."),
        gettext_lazy("Place these suggestions under a theme later."),
    ),
    "province": (
        gettext_lazy("The Region has no such prefecture or province: read without one."),
        gettext_lazy("Place these suggestions in a province later."),
    ),
    "lang": (gettext_lazy("Unknown language: guessed from the text."), gettext_lazy("Use ar, ary, zgh, fr or en.")),
    "date": (
        gettext_lazy("Not a day that has passed: dated from the day of the import."),
        gettext_lazy("Write days as 2026-03-31."),
    ),
    "channel": (
        gettext_lazy("Unknown way of giving: counted as imported."),
        gettext_lazy("Use online, assisted, paper or workshop."),
    ),
    "refused": (gettext_lazy("It cannot be received."), gettext_lazy("Read the reason beside it.")),
}
_NOT_IMPORTED = {"no-text", "too-long", "more-cells", "quote", "changed", "refused"}


@dataclass(frozen=True)
class Fault:
    """A line of the errors file: which row, what is wrong, about which value, in how many rows."""

    row: int
    code: str
    value: str = ""
    times: int = 1

    @property
    def imported(self) -> bool:
        """Say whether the row was received all the same."""
        return self.code not in _NOT_IMPORTED

    def told(self) -> tuple[str, ...]:
        """Give the line in words: row, result, what is wrong, about what, what to do."""
        result = _("to check") if self.imported else _("not imported")
        what, to_do = FAULTS[self.code]
        about = self.value if self.times == 1 else _("%(value)s (%(n)s rows)") % {"value": self.value, "n": self.times}
        return (str(self.row), result, str(what), about, str(to_do))


@dataclass
class Figures:
    """What a reading gave."""

    read: int = 0
    imported: int = 0
    known: int = 0
    rejected: int = 0

    def __str__(self) -> str:
        return f"read {self.read} · imported {self.imported} · already there {self.known} · rejected {self.rejected}"


class Memory:
    """Knows which rows of a file a consultation holds already."""

    def __init__(self, consultation: Consultation, source: str) -> None:
        self._held = Contribution.objects.filter(consultation=consultation, source=source)
        self._with_id: Counter[bytes] | None = None  # how many rows held under an id say the same
        self._ids: dict[str, bytes] = {}
        self._said: Counter[bytes] = Counter()  # rows of this file that say the same, so far
        self._bare: Counter[bytes] = Counter()  # of them, those without an id
        self._matched: Counter[bytes] = Counter()  # rows with an unknown id, found again among those held without one
        # What people had erased never comes back, whatever its columns are called this time.
        self._source = source
        erased = Contribution.objects.filter(consultation=consultation, source=ERASED)
        gone = list(erased.values_list("source_id", "row_hash"))
        self._erased = Counter(mark for _own, mark in gone)
        self._erased_ids = {own: mark for own, mark in gone if own}

    def standings(self, batch: Sequence[Said]) -> list[tuple[str, int]]:
        """Say of each row whether it is "new", "known" or "changed", and which time the file says it.

        Asked of each batch before it is written, in order, and once.
        """
        ids = [said.source_id for said in batch if said.source_id]
        hashes = {said.row_hash for said in batch if said.row_hash}
        by_id = {
            source_id: (row_hash, words)
            for source_id, row_hash, words in self._held.filter(source_id__in=ids).values_list(
                "source_id", "row_hash", "words"
            )
        }
        bare = dict(
            self._held.filter(source_id="", row_hash__in=hashes)
            .order_by()
            .values_list("row_hash")
            .annotate(n=Count("pk"))
            .values_list("row_hash", "n")
        )
        if self._with_id is None and any(not said.source_id for said in batch):
            kept = self._held.exclude(source_id="").order_by().values_list("row_hash", flat=True)
            self._with_id = Counter(bytes.fromhex(one) for one in kept.iterator(chunk_size=2_000))
        return [self._unless_erased(said, *self._standing(said, by_id, bare)) for said in batch]

    def _unless_erased(self, said: Said, standing: str, time: int) -> tuple[str, int]:
        if standing != "new" or not self._erased or said.fault:
            return standing, time
        own = codes.tombstone(self._source, said.source_id) if said.source_id else ""
        mark = self._erased_ids.get(own) or codes.tombstone(*codes.what_is_said(said.words))
        if self._erased[mark] > 0:
            self._erased[mark] -= 1
            return "known", time
        return ("known" if own in self._erased_ids else "new"), time

    def _standing(
        self, said: Said, by_id: Mapping[str, tuple[str, dict[str, str]]], bare: Mapping[str, int]
    ) -> tuple[str, int]:
        if said.fault:
            return "new", 0
        key = bytes.fromhex(said.row_hash)
        self._said[key] += 1
        time, held = self._said[key], bare.get(said.row_hash, 0)
        if not said.source_id:
            self._bare[key] += 1
            with_id = self._with_id[key] if self._with_id else 0
            return ("known" if time <= held + with_id else "new"), time
        if first := self._ids.get(said.source_id):
            return ("known" if first == key else "changed"), 0
        self._ids[said.source_id] = key
        if known := by_id.get(said.source_id):
            # Placed under another theme, say, it is still the same words.
            alike = known[0] == said.row_hash or same_words(known[1], said.words)
            return ("known" if alike else "changed"), 0
        if held - self._bare[key] - self._matched[key] > 0:
            self._matched[key] += 1
            return "known", 0
        return "new", 0


def source_of(consultation: Consultation, file: BinaryIO, reader: Reader) -> str:
    """Find which source a file's ids belong to, when nobody says.

    Every office numbers from 1: an id alone does not tell one office's file from
    another's. A file whose known ids mostly say the same is the one read before,
    under whatever name; one whose known ids mostly say something else is another.
    """
    rows = [said for said in islice(reader.rows(file), READ_TO_RECOGNISE) if said.source_id and not said.fault]
    alike: Counter[str] = Counter()
    unlike: Counter[str] = Counter()
    held = Contribution.objects.filter(consultation=consultation).exclude(source_id="")
    for start in range(0, len(rows), 500):
        some = {said.source_id: said.words for said in rows[start : start + 500]}
        found = held.filter(source_id__in=some).filter(Q(source=SOURCE) | Q(source__startswith=f"{SOURCE}-"))
        for source, source_id, words in found.values_list("source", "source_id", "words"):
            # Read with other columns it shares a part of its words, if not all of them.
            shared = set(codes.what_is_said(words)) & set(codes.what_is_said(some[source_id]))
            (alike if shared else unlike)[source] += 1
    known = [source for source in alike if alike[source] >= unlike[source]]
    if known:
        return max(known, key=lambda source: (alike[source], source))
    number, source = 1, SOURCE
    while unlike[source]:
        number += 1
        source = f"{SOURCE}-{number}"
    return source


def read_in(
    reading: Import,
    file: BinaryIO,
    reader: Reader,
    *,
    line: JournalLine,
    by: User,
    source: str,
    fault: Callable[[Fault], None],
    moved: Callable[[Figures], bool],
) -> Figures:
    """Read a file in, two hundred rows in a transaction, each row a deed under the batch's ``line``.

    ``fault`` is told what is wrong, row by row; ``moved`` is told how far it is
    after each transaction, and stops it by answering False. What was read stays.
    """
    Import.objects.filter(pk=reading.pk).update(state=Import.State.RUNNING, moved_at=timezone.now())
    figures, memory, kept = Figures(), Memory(reading.consultation, source), _Kept(fault)
    rows, goes_on = reader.rows(file), True
    while goes_on and (batch := list(islice(rows, AT_ONCE))):
        figures = _read_batch(reading, batch, memory, figures, kept, line=line, by=by, source=source)
        goes_on = moved(figures)
    kept.tell_the_rest()
    state = Import.State.DONE if goes_on else Import.State.STOPPED
    ended = timezone.now()
    Import.objects.filter(pk=reading.pk).update(state=state, ended_at=ended, moved_at=ended, errors=kept.lines)
    reading.refresh_from_db()
    return figures


class _Kept:
    """What is wrong with a file: row by row, but a value that is not known is told once, with how many rows have it."""

    def __init__(self, told: Callable[[Fault], None]) -> None:
        self._told = told
        self._values: dict[tuple[str, str], tuple[int, int]] = {}
        self.lines: list[list[int | str]] = []

    def fault(self, fault: Fault) -> None:
        if len(self.lines) < MOST_FAULTS_KEPT:
            self.lines.append([fault.row, fault.code, fault.value, fault.times])
        self._told(fault)

    def notes(self, said: Said) -> None:
        for code, value in said.notes:
            if code in ("damaged", "date"):
                self.fault(Fault(said.number, code, value))
            else:
                row, times = self._values.get((code, value), (said.number, 0))
                self._values[code, value] = (row, times + 1)

    def tell_the_rest(self) -> None:
        for (code, value), (row, times) in sorted(self._values.items(), key=lambda item: -item[1][1]):
            self.fault(Fault(row, code, value, times))


def _read_batch(
    reading: Import, batch: Sequence[Said], memory: Memory, before: Figures, kept: _Kept, *,
    line: JournalLine, by: User, source: str,
) -> Figures:  # fmt: skip
    done, at = Figures(**vars(before)), timezone.now()
    with transaction.atomic():
        # Two files read in at once meet here, before either asks what is held.
        Member.objects.select_for_update(no_key=True).get(pk=reading.consultation.cycle.member_id)
        for said, (standing, time) in zip(batch, memory.standings(batch), strict=True):
            done.read += 1
            if said.fault:
                done.rejected += 1
                kept.fault(Fault(said.number, said.fault))
                continue
            if standing != "new":
                done.known += 1
                if standing == "changed":
                    kept.fault(Fault(said.number, "changed", said.source_id))
                continue
            try:
                _receive(reading, said, time, line=line, by=by, at=at, source=source)
            except Refused as refusal:
                done.rejected += 1
                kept.fault(Fault(said.number, "refused", str(refusal)))
                continue
            done.imported += 1
            kept.notes(said)
        Import.objects.filter(pk=reading.pk).update(**vars(done), moved_at=timezone.now())
    return done


@transaction.atomic
def _receive(
    reading: Import, said: Said, time: int, *, line: JournalLine, by: User, at: dt.datetime, source: str
) -> None:
    origin = actions.Origin(source, said.source_id, said.row_hash, 0 if said.source_id else time)
    received = actions.receive_suggestion(
        reading.consultation,
        words=said.words,
        lang=said.lang,
        channel=said.channel,
        at=at,
        received_at=said.at,
        theme=said.theme,
        province=said.province,
        origin=origin,
        parent=line,
    )
    if reading.publish:
        actions.publish_contribution(received.contribution, by=by, at=at, parent=line)


def examine(reading: Import, file: BinaryIO, reader: Reader) -> tuple[Figures, list[list[int | str]]]:
    """Say what reading a file in would give, without writing anything."""
    source = source_of(reading.consultation, file, reader)
    figures, memory, kept = Figures(), Memory(reading.consultation, source), _Kept(lambda fault: None)
    rows = reader.rows(file)
    while batch := list(islice(rows, AT_ONCE)):
        for said, (standing, _time) in zip(batch, memory.standings(batch), strict=True):
            figures.read += 1
            if said.fault:
                figures.rejected += 1
                kept.fault(Fault(said.number, said.fault))
            elif standing == "new":
                figures.imported += 1
                kept.notes(said)
            else:
                figures.known += 1
                if standing == "changed":
                    kept.fault(Fault(said.number, "changed", said.source_id))
    kept.tell_the_rest()
    return figures, kept.lines


def take_in(consultation: Consultation, upload: File, *, by: User, at: dt.datetime) -> Import:
    """Keep an uploaded file until it is read in, with what its columns are guessed to be and what it would give.

    Raises ``Refused`` when it is too big or no table; then nothing is kept.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise Refused(_("This file is larger than 20 MB. Cut it into several, or have it read in on the server."))
    stream = cast(BinaryIO, upload.file if upload.file is not None else upload)
    found = survey(stream)
    columns = chosen(found, {})
    name = " ".join(clean_text((upload.name or "").replace("\\", "/").rsplit("/", 1)[-1]).split())[:200]
    reading = Import(consultation=consultation, name=name or "contributions.csv", columns=columns, by=by, asked_at=at)
    stream.seek(0)
    reading.file.save(f"{reading.uid}.csv", File(stream), save=False)
    try:
        reading.save(force_insert=True)
        look_over(reading, columns)
    except BaseException:
        reading.file.storage.delete(str(reading.file.name))
        raise
    return reading


def look_over(reading: Import, asked: Mapping[str, str], *, publish: bool = False) -> Import:
    """Read a waiting file again with other columns, and keep what it would give. Raises ``Refused`` on a wrong one."""
    if not Import.objects.filter(pk=reading.pk, state=Import.State.CHECKED).exists():
        raise Refused(_("This file is being read in, or has been. Look at how far it is."))
    with opened(reading) as file:
        found = survey(file)
        reading.columns = chosen(found, asked)
        figures, errors = examine(reading, file, Reader(reading.consultation, found.shape, reading.columns))
    reading.total, reading.errors = found.total, errors
    reading.known, reading.rejected, reading.publish = figures.known, figures.rejected, publish
    reading.save(update_fields=["columns", "total", "errors", "known", "rejected", "publish"])
    return reading


@contextmanager
def opened(reading: Import) -> Iterator[BinaryIO]:
    """Open the file that a reading keeps."""
    with reading.file.open("rb") as kept:
        yield cast(BinaryIO, kept.file)


def ask_to_stop(reading: Import, *, at: dt.datetime) -> None:
    """Have a reading stop after the rows in hand; one that has not begun, or that lost its worker, stops at once."""
    lost = is_lost(reading, at=at)
    running = Import.objects.filter(pk=reading.pk)
    running.filter(state=Import.State.RUNNING).update(asked_to_stop_at=at)
    idle = [Import.State.WAITING, Import.State.RUNNING] if lost else [Import.State.WAITING]
    running.filter(state__in=idle).update(state=Import.State.STOPPED, ended_at=at)


def forget(reading: Import) -> None:
    """Delete a file that was sent and never read in. Raises ``Refused`` once its reading has begun."""
    if not Import.objects.filter(pk=reading.pk, state=Import.State.CHECKED).exists():
        raise Refused(_("This file is being read in, or has been. Look at how far it is."))
    drop_file(reading)
    Import.objects.filter(pk=reading.pk).delete()


def is_lost(reading: Import, *, at: dt.datetime) -> bool:
    """Say whether a reading that runs has lost the worker or the command that ran it."""
    moved = reading.moved_at or reading.asked_at
    return reading.state == Import.State.RUNNING and at - moved > LOST_AFTER


def drop_file(reading: Import) -> None:
    """Delete the file of a reading; its figures stay."""
    if reading.file:
        name, storage = str(reading.file.name), reading.file.storage
        Import.objects.filter(pk=reading.pk).update(file="")
        reading.file = ""
        storage.delete(name)


def let_go(*, at: dt.datetime) -> int:
    """Delete the files that waited for more than thirty days, and those of readings that are done; say how many."""
    old = Import.objects.exclude(file="").filter(asked_at__lt=at - KEPT_FOR)
    done = Import.objects.exclude(file="").filter(state=Import.State.DONE)
    late = list(old | done)
    for reading in late:
        drop_file(reading)
    return len(late)
