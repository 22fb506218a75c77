"""What a completion sheet states: the promise, what the record knows of a period, what the unit says of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openregion.core.official import OfficialText
from openregion.monitoring.models import CompletionLevel, CompletionSheet, ProgressUpdate
from openregion.monitoring.queries import standing
from openregion.plan.models import Commitment, PlanVersion
from openregion.plan.queries import statement_of

SCHEMA = "openregion/completion-sheet/1"


def statement_of_sheet(sheet: CompletionSheet) -> dict[str, Any]:
    """State a completion sheet as plain values, in all its languages: what is frozen and printed when it is issued.

    The promise is the one of the plan in force: the latest published version.
    Only reports that nothing corrects count, as they stood on the last day of
    the period.
    """
    commitment = sheet.commitment
    cycle = commitment.plan.cycle
    version = _in_force(commitment)
    plan = json.loads(version.document.content) if version else statement_of(commitment.plan)
    promise = next(one for one in plan["commitments"] if one["uid"] == commitment.uid)
    updates = list(
        ProgressUpdate.objects.of(cycle.member)
        .filter(commitment=commitment)
        .standing()
        .select_related("milestone")
        .prefetch_related("evidence__file")
        .order_by("as_of", "reported_at", "pk")
    )
    in_period = [one for one in updates if sheet.starts_on <= one.as_of <= sheet.ends_on]
    milestones = [_milestone(step, updates, sheet.ends_on) for step in promise["milestones"]]
    numbers = {step["uid"]: step["number"] for step in promise["milestones"]}
    texts = {code: _said(text) for code, text in sorted(sheet.texts.items()) if text}
    return {
        "schema": SCHEMA,
        "member": plan["member"],
        "guide": plan["guide"],
        "uid": sheet.uid,
        "number": sheet.number,
        "period": {"starts_on": sheet.starts_on.isoformat(), "ends_on": sheet.ends_on.isoformat()},
        "level": sheet.level,
        "plan": _plan(plan, version),
        "commitment": _promise(promise, plan["cycle"]),
        "contact": {
            "name": commitment.contact_name,
            "title": commitment.contact_title,
            "reach": commitment.contact_reach,
        },
        "texts": texts,
        "values": dict(sorted(sheet.values.items())),
        "milestones": milestones,
        "changes": {
            "texts": [code for code, said in texts.items() if said != promise["texts"].get(code, said)],
            "contact": [
                name
                for name, before in sorted(promise["contact"].items())
                if before != getattr(commitment, f"contact_{name}")
            ],
            "milestones": [one["number"] for one in milestones if one["late"] or _is_put_off(one)],
        },
        "reports": [_report(one, numbers) for one in in_period],
        "evidence": [shown for one in in_period for shown in _evidence(one, numbers)],
        "measures": [
            {"as_of": one.as_of.isoformat(), "value": f"{one.measure.normalize():f}"}
            for one in in_period
            if one.measure is not None
        ],
    }


def _in_force(commitment: Commitment) -> PlanVersion | None:
    versions = PlanVersion.objects.of(commitment.plan.cycle.member).filter(plan=commitment.plan)
    return versions.published().select_related("document").first()


def _plan(plan: Mapping[str, Any], version: PlanVersion | None) -> dict[str, Any]:
    return {
        "uid": plan["uid"],
        "cycle": plan["cycle"],
        "title": plan["title"],
        "version": version.number if version else None,
        "sha256": version.document.sha256 if version else "",
    }


def _promise(promise: Mapping[str, Any], cycle: int) -> dict[str, Any]:
    kept = ("uid", "number", "title", "starts_on", "ends_on", "unit", "texts", "contact", "indicator")
    return {name: promise[name] for name in kept} | {"slug": f"{cycle}-{promise['number']}"}


def _milestone(step: Mapping[str, Any], updates: Sequence[ProgressUpdate], until: dt.date) -> dict[str, Any]:
    """State an activity as promised, and where it stood on a day; late when its end is past and it is not done."""
    reports = [
        standing.Report(
            uid=one.uid,
            commitment_uid="",
            milestone_uid=step["uid"],
            level=one.level,
            as_of=one.as_of,
            expected_on=one.expected_on,
            measure=one.measure,
            reported_at=one.reported_at,
        )
        for one in updates
        if one.milestone and one.milestone.uid == step["uid"]
    ]
    found = standing.standing_of(reports, until=until)
    past = dt.date.fromisoformat(step["ends_on"]) < until
    return {
        **step,
        "level": found.level,
        "as_of": found.as_of and found.as_of.isoformat(),
        "done_on": found.done_on and found.done_on.isoformat(),
        "expected_on": found.expected_on and found.expected_on.isoformat(),
        "late": past and found.level != CompletionLevel.COMPLETE,
    }


def _is_put_off(step: Mapping[str, Any]) -> bool:
    return bool(step["expected_on"]) and step["expected_on"] > step["ends_on"]


def _about(one: ProgressUpdate, numbers: Mapping[str, int]) -> dict[str, Any]:
    """Name the activity that a report is about as the promise does: the draft may number its activities anew.

    One that the promise does not hold has no number; it is not the commitment as a whole.
    """
    uid = one.milestone.uid if one.milestone else ""
    return {"milestone": numbers.get(uid), "milestone_uid": uid}


def _report(one: ProgressUpdate, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "uid": one.uid,
        "as_of": one.as_of.isoformat(),
        **_about(one, numbers),
        "level": one.level,
        "text": _said(one.text),
    }


def _evidence(one: ProgressUpdate, numbers: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for shown in sorted(one.evidence.all(), key=lambda shown: shown.pk):
        where = (
            {"file": shown.file.name, "sha256": shown.file.sha256, "uid": shown.uid}
            if shown.file
            else {"url": shown.url, "uid": shown.uid}
        )
        yield {"title": _said(shown.title), "as_of": one.as_of.isoformat(), **_about(one, numbers), **where}


def _said(text: OfficialText) -> dict[str, str]:
    return {lang: wording["text"] for lang, wording in sorted(text.items())}
