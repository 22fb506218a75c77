"""Reporting what was done, correcting it, issuing completion sheets. One deed, one transaction, one line."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from openregion.consultation.actions import tell_authors
from openregion.consultation.models import Notice
from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle.actions import prove_operations
from openregion.monitoring import queries, rules
from openregion.monitoring.models import CompletionSheet, Evidence, ProgressUpdate
from openregion.people.models import User
from openregion.plan.models import Commitment, Milestone, PlanVersion
from openregion.plan.queries import behind_stated
from openregion.record.actions import freeze, write_line
from openregion.record.models import JournalLine, StoredFile


@dataclass(frozen=True)
class Shown:
    """Evidence as it is entered: its title, and a file kept here or an address."""

    title: OfficialText
    file: StoredFile | None = None
    url: str = ""


def _hold(one: Commitment | ProgressUpdate | CompletionSheet) -> None:
    """Lock and read again what is being decided: two people who do the same deed at once meet here.

    Its key is left alone, so that rows which point at it may still be written.
    """
    rows: Any = type(one).objects
    one.refresh_from_db(from_queryset=rows.select_for_update(no_key=True))


def _line(verb: str, subject: Any, commitment: Commitment, by: User, at: dt.datetime, **facts: Any) -> JournalLine:
    return write_line(
        room="monitoring",
        verb=verb,
        subject_type=type(subject).__name__,
        subject_uid=subject.uid,
        member_code=commitment.plan.cycle.member.slug,
        by_ref=by.reference,
        at=at,
        facts={"commitment": commitment.slug, **facts},
    )


@transaction.atomic
def report_progress(
    commitment: Commitment,
    *,
    level: str,
    text: OfficialText,
    as_of: dt.date,
    by: User,
    at: dt.datetime,
    milestone: Milestone | None = None,
    expected_on: dt.date | None = None,
    measure: Decimal | None = None,
    evidence: Sequence[Shown] = (),
) -> ProgressUpdate:
    """Say in public where a commitment, or one of its activities, stands, and show it.

    The people whose words it rests on are told. Raises ``Refused`` when the rule says no.
    """
    _hold(commitment)
    said: dict[str, Any] = {"level": level, "text": text, "as_of": as_of}
    said |= {"milestone": milestone, "expected_on": expected_on}
    refuse_if(rules.why_not_report(by, commitment, evidence=evidence, **said))
    refuse_if(rules.why_not_report_twice(commitment, measure=measure, at=at, **said))
    update = ProgressUpdate.objects.create(
        commitment=commitment,
        milestone=milestone,
        level=level,
        text=text,
        as_of=as_of,
        expected_on=expected_on,
        measure=measure,
        reported_at=at,
    )
    _show(update, evidence, at)
    facts = {"level": level, "evidence": len(evidence)} | (_number_of(milestone) if milestone else {})
    line = _line("report_progress", update, commitment, by, at, **facts)
    prove_operations(commitment.plan.cycle, deed="report_progress", subject_uid=update.uid, parent=line, at=at)
    _tell(commitment, level, at)
    return update


@transaction.atomic
def correct_progress(
    update: ProgressUpdate,
    *,
    level: str,
    text: OfficialText,
    as_of: dt.date,
    by: User,
    at: dt.datetime,
    expected_on: dt.date | None = None,
    measure: Decimal | None = None,
    evidence: Sequence[Shown] = (),
) -> ProgressUpdate:
    """Set a report right by a new one; both stay on the page, the wrong one marked so.

    Raises ``Refused`` when the rule says no.
    """
    _hold(update)
    refuse_if(
        rules.why_not_correct(
            by, update, level=level, text=text, as_of=as_of, evidence=evidence, expected_on=expected_on
        )
    )
    correction = ProgressUpdate.objects.create(
        commitment=update.commitment,
        milestone=update.milestone,
        level=level,
        text=text,
        as_of=as_of,
        expected_on=expected_on,
        measure=measure,
        corrects=update,
        reported_at=at,
    )
    _show(correction, evidence, at)
    _line("correct_progress", correction, update.commitment, by, at, level=level, before=update.level)
    _tell(update.commitment, level, at)
    return correction


def _tell(commitment: Commitment, level: str, at: dt.datetime) -> None:
    """Tell those whose words a commitment rests on, as its published version cites them, that there is news of it."""
    if promised := _promised(commitment):
        behind = behind_stated(commitment.plan.cycle.member, promised).exclude(reply_to="")
        facts = {"commitment": commitment.slug, "level": level}
        tell_authors(list(behind), step=Notice.Step.PROGRESS, at=at, facts=facts)


def _promised(commitment: Commitment) -> dict[str, Any]:
    """Give a commitment as the plan in force states it: the draft of a next version is nobody's promise yet."""
    versions = PlanVersion.objects.filter(plan=commitment.plan).published()
    version = versions.select_related("document").first()
    stated = json.loads(version.document.content)["commitments"] if version else []
    return next((one for one in stated if one["uid"] == commitment.uid), {})


def _number_of(milestone: Milestone) -> dict[str, int]:
    """Number an activity as the plan in force does; nothing for one it does not hold."""
    steps = _promised(milestone.commitment).get("milestones", [])
    numbers = [step["number"] for step in steps if step["uid"] == milestone.uid]
    return {"milestone": numbers[0]} if numbers else {}


def _show(update: ProgressUpdate, evidence: Sequence[Shown], at: dt.datetime) -> None:
    for one in evidence:
        Evidence.objects.create(update_shown=update, title=one.title, file=one.file, url=one.url, added_at=at)


@transaction.atomic
def draft_completion_sheet(
    commitment: Commitment, *, starts_on: dt.date, ends_on: dt.date, level: str, by: User, at: dt.datetime
) -> CompletionSheet:
    """Begin annex 4 for a period, from the live record. Raises ``Refused`` when the rule says no."""
    _hold(commitment)
    refuse_if(rules.why_not_draft_sheet(by, commitment, starts_on=starts_on, ends_on=ends_on, level=level))
    sheets = CompletionSheet.objects.filter(commitment=commitment)
    number = (sheets.aggregate(last=Max("number"))["last"] or 0) + 1
    sheet = CompletionSheet.objects.create(
        commitment=commitment, number=number, starts_on=starts_on, ends_on=ends_on, level=level, drafted_at=at
    )
    _line("draft_completion_sheet", sheet, commitment, by, at, sheet=number)
    return sheet


@transaction.atomic
def revise_completion_sheet(
    sheet: CompletionSheet,
    *,
    texts: Mapping[str, OfficialText],
    values: Mapping[str, bool],
    level: str,
    by: User,
    at: dt.datetime,
) -> CompletionSheet:
    """Fill in a completion sheet. Raises ``Refused`` when the rule says no."""
    _hold(sheet)
    refuse_if(rules.why_not_revise_sheet(by, sheet, texts=texts, values=values, level=level))
    sheet.texts = {code: text for code, text in texts.items() if text}
    sheet.values, sheet.level = dict(values), level
    sheet.save(update_fields=["texts", "values", "level"])
    _line("revise_completion_sheet", sheet, sheet.commitment, by, at, sheet=sheet.number)
    return sheet


@transaction.atomic
def issue_completion_sheet(sheet: CompletionSheet, *, by: User, at: dt.datetime) -> CompletionSheet:
    """Issue a completion sheet: frozen as JSON with its hash, printed from it, never changed again.

    Raises ``Refused`` when the rule says no.
    """
    _hold(sheet)
    refuse_if(rules.why_not_issue_sheet(by, sheet))
    sheet.document = freeze(
        queries.statement_of_sheet(sheet),
        kind="completion-sheet",
        subject_type="CompletionSheet",
        subject_uid=sheet.uid,
        member_code=sheet.commitment.plan.cycle.member.slug,
        at=at,
    )
    sheet.issued_at = at
    sheet.save(update_fields=["document", "issued_at"])
    facts = {"sheet": sheet.number, "level": sheet.level, "sha256": sheet.document.sha256}
    line = _line("issue_completion_sheet", sheet, sheet.commitment, by, at, **facts)
    prove_operations(
        sheet.commitment.plan.cycle, deed="issue_completion_sheet", subject_uid=sheet.uid, parent=line, at=at
    )
    _tell(sheet.commitment, sheet.level, at)
    return sheet
