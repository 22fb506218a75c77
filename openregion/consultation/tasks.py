"""Long work of the consultation, done by the worker: files of contributions read in, kits of workshops printed."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from openregion.consultation import actions, imports, kit_printing
from openregion.consultation.columns import survey
from openregion.consultation.models import Import, KitPrinting, Workshop
from openregion.consultation.rows import Reader
from openregion.core.refusal import Refused
from openregion.people.models import User
from openregion.record.models import JournalLine

_log = logging.getLogger(__name__)


@transaction.atomic
def start(reading: Import, *, by: User, at: dt.datetime) -> JournalLine:
    """Have a file read in by the worker, the first time or again after a stop.

    Raises ``Refused`` when it may not be.
    """
    line = actions.import_contributions(reading, by=by, at=at)
    uid = reading.uid
    transaction.on_commit(lambda: read_file.enqueue(uid))
    return line


@transaction.atomic
def go_on(reading: Import, *, by: User, at: dt.datetime) -> JournalLine:
    """Have a file that stopped read on; one that lost its worker is stopped first.

    Raises ``Refused`` while it is being read in: then nothing stops.
    """
    reading.refresh_from_db(fields=["state", "moved_at"])
    if imports.is_lost(reading, at=at):
        imports.ask_to_stop(reading, at=at)
    return start(reading, by=by, at=at)


@task()
def read_file(uid: str) -> str:
    """Read a file in, and stop when somebody asks; what it gave, in figures.

    Whoever takes it first reads it: the same work asked twice is done once. The
    file is deleted once it is read to its end.
    """
    if not Import.objects.filter(uid=uid, state=Import.State.WAITING).update(
        state=Import.State.RUNNING, moved_at=timezone.now()
    ):
        return "taken"
    reading = Import.objects.select_related("consultation__cycle__member", "by").get(uid=uid)
    line = JournalLine.objects.filter(verb="import_contributions", subject_uid=uid).get()
    if reading.by is None:
        return _failed(reading)

    def moved(figures: imports.Figures) -> bool:
        return not Import.objects.filter(pk=reading.pk).exclude(asked_to_stop_at=None).exists()

    try:
        with imports.opened(reading) as file:
            shape = survey(file).shape
            reader = Reader(reading.consultation, shape, reading.columns)
            source = imports.source_of(reading.consultation, file, reader)
            figures = imports.read_in(
                reading, file, reader, line=line, by=reading.by, source=source, fault=lambda fault: None, moved=moved
            )
    except (Refused, OSError, ValueError):
        return _failed(reading)
    except Exception as error:
        # Its message may hold people's words, and what a task raises is kept in the database.
        _log.error("import %s failed (%s)", uid, type(error).__name__)
        _failed(reading)
        raise RuntimeError("The import failed.") from None
    if reading.state == Import.State.DONE:
        imports.drop_file(reading)
    return str(figures)


def _failed(reading: Import) -> str:
    Import.objects.filter(pk=reading.pk).update(state=Import.State.FAILED, ended_at=timezone.now())
    return "failed"


@transaction.atomic
def prepare_kit(
    workshop: Workshop, *, at: dt.datetime, by: User | None = None, forms: Mapping[str, int] | None = None
) -> KitPrinting:
    """Have the kit of a workshop printed by the worker, and number the forms that go with it.

    ``forms`` says how many, by language; a language that has its forms already
    gets no more here. They are printed when they are taken, and kept nowhere:
    each holds a code. Raises ``Refused`` while the kit is being printed, or when
    ``by`` may not number forms.
    """
    row = kit_printing.ask(workshop, at=at)  # holds the workshop: who asks twice numbers once
    there = set(workshop.batches.values_list("lang", flat=True))
    for lang, number in (forms or {}).items():
        if by is not None and lang not in there:
            actions.print_forms(workshop.consultation, forms=number, lang=lang, workshop=workshop, by=by, at=at)
    uid = workshop.uid
    transaction.on_commit(lambda: print_kit.enqueue(uid))
    return row


@task()
def print_kit(uid: str) -> str:
    """Print the kit of a workshop, and stop when somebody asks; whoever takes it first prints it."""
    found = KitPrinting.objects.filter(workshop__uid=uid, state=KitPrinting.State.WAITING)
    if not found.update(state=KitPrinting.State.RUNNING, moved_at=timezone.now()):
        return "taken"
    row = KitPrinting.objects.select_related("workshop__meeting__member", "workshop__consultation").get(
        workshop__uid=uid
    )
    try:
        return str(kit_printing.print_kit(row))
    except Exception:
        KitPrinting.objects.filter(pk=row.pk, state=KitPrinting.State.RUNNING).update(state=KitPrinting.State.FAILED)
        raise
