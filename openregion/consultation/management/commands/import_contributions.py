"""``./manage import_contributions FILE --consultation MEMBER/SLUG``: a file of contributions, as offices send it."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from openregion.analysis.tables import safe_cell
from openregion.consultation import actions, columns, imports
from openregion.consultation.models import Import
from openregion.consultation.rows import Reader
from openregion.consultation.terminal import Progress, consultation_named, doer, interrupted
from openregion.core.refusal import Refused

TOLD_AT_ONCE = 10  # on the terminal; all of them go to the errors file


class Command(BaseCommand):
    """Reads a CSV file of contributions into a consultation. The same row is never read in twice."""

    help = (
        "Reads a CSV file of contributions into a consultation. Encoding, separator, header and columns are guessed "
        "and can be said. The same row is never read in twice: interrupted, run it again and it goes on. "
        "With --publish it takes about five times as long."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the file, the consultation, and what cannot be guessed."""
        parser.add_argument("file", help="the CSV file")
        parser.add_argument("--consultation", required=True, metavar="MEMBER/SLUG", help="where it goes")
        parser.add_argument(
            "--columns",
            default="",
            metavar="text=NAME,theme=NAME,…",
            help=f"what columns are ({', '.join(columns.TARGETS)}), by name or place; an empty NAME says none is",
        )
        parser.add_argument("--source", default="", help="whose ids these are (default: recognised)")
        parser.add_argument("--publish", action="store_true", help="publish at once, without moderation")
        parser.add_argument("--errors", metavar="FILE", help="where what is wrong is written, row by row (CSV)")
        parser.add_argument("--encoding", default="", help="the file's encoding, when the guess is wrong")
        parser.add_argument("--by", default="", metavar="EMAIL", help="who does it (default: the first administrator)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file in, and end with one line of figures."""
        with override("en"):
            try:
                self._read(options)
            except Refused as refusal:
                raise CommandError(str(refusal), returncode=2) from refusal
            except OSError as error:
                raise CommandError(f"{error.filename}: {error.strerror}", returncode=2) from error

    def _read(self, options: dict[str, Any]) -> None:
        consultation = consultation_named(options["consultation"])
        member, path = consultation.cycle.member, Path(options["file"])
        by = doer(options["by"], member)
        with path.open("rb") as file:
            found = columns.survey(file, encoding=options["encoding"])
            asked = columns.asked_of(options["columns"]) if options["columns"] else {}
            they_are = columns.chosen(found, asked)
            if options["verbosity"]:
                told = ", ".join(f"{target}={name}" for target, name in they_are.items())
                self.stderr.write(f"{found.total:,} rows, {found.shape.encoding}; columns: {told}")
            at = timezone.now()
            reading = Import.objects.create(
                consultation=consultation, name=path.name[:200], columns=they_are, publish=options["publish"],
                total=found.total, by=by, asked_at=at,
            )  # fmt: skip
            try:
                line = actions.import_contributions(reading, by=by, at=at)
            except Refused:
                reading.delete()
                raise
            reader = Reader(consultation, found.shape, they_are)
            source = options["source"] or imports.source_of(consultation, file, reader)
            with _errors(options["errors"], self) as errors, interrupted() as stop:
                progress = Progress(found.total, self.stderr if options["verbosity"] else None)
                figures = imports.read_in(
                    reading,
                    file,
                    reader,
                    line=line,
                    by=by,
                    source=source,
                    fault=errors,
                    moved=lambda figures: progress(figures.read) and not stop,
                )
        if reading.state == Import.State.STOPPED:
            self.stderr.write(f"stopped after {figures.read:,} of {found.total:,} rows; run it again to go on")
        self.stdout.write(str(figures))
        if reading.state == Import.State.STOPPED:
            sys.exit(130)


class _Errors:
    """Writes what is wrong, row by row: all of it into a file, the first of it on the terminal."""

    def __init__(self, file: TextIO | None, told: Any) -> None:
        self._writer = csv.writer(file) if file else None
        self._told = told
        self.written = 0
        if self._writer:
            self._writer.writerow(("row", "result", "what is wrong", "value", "what to do"))

    def __call__(self, fault: imports.Fault) -> None:
        self.written += 1
        cells = fault.told()
        if self._writer:
            self._writer.writerow([safe_cell(cell) for cell in cells])
        elif self.written <= TOLD_AT_ONCE:
            row, result, what, value, _to_do = cells
            self._told.write(f"row {row}: {result}. {what}" + (f" ({value})" if value else ""))


@contextmanager
def _errors(path: str | None, command: BaseCommand) -> Iterator[_Errors]:
    told = command.stderr
    if path is None:
        errors = _Errors(None, told)
        yield errors
        if errors.written > TOLD_AT_ONCE:
            told.write(f"and {errors.written - TOLD_AT_ONCE:,} more: --errors FILE writes them all")
    elif path == "-":
        yield _Errors(command.stdout, told)  # type: ignore[arg-type]
    else:
        with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
            yield _Errors(file, told)
