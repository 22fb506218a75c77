"""What is done in the cycle: opened, dated, its operations proved, its deliberations recorded, its rules overridden."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from openregion.core.languages import WORKING
from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle import queries, rules
from openregion.cycle.models import Cycle, Deliberation, Operation, RuleOverride, Stage
from openregion.guide import queries as guides
from openregion.people.models import Act, Member, User
from openregion.record.actions import forget_entry, freeze, index_entry, write_line
from openregion.record.models import JournalLine, SearchEntry


def _line(verb: str, subject: Any, member: Member, by_ref: str, at: dt.datetime, **facts: Any) -> JournalLine:
    parent = facts.pop("parent", None)
    return write_line(
        room="cycle",
        verb=verb,
        subject_type=type(subject).__name__,
        subject_uid=getattr(subject, "uid", None) or subject.cycle.uid,
        member_code=member.slug,
        by_ref=by_ref,
        at=at,
        facts=facts,
        parent=parent,
    )


def _hold(one: Member | Stage | Act) -> None:
    """Lock and read again what is being decided: two people who do the same deed at once meet here.

    Its key is left alone, so that rows which point at it may still be written.
    """
    rows: Any = type(one).objects
    one.refresh_from_db(from_queryset=rows.select_for_update(no_key=True))


@transaction.atomic
def open_cycle(*, member: Member, kind: str, opened_on: dt.date, by: User, at: dt.datetime) -> Cycle:
    """Open a turn of the process, with the stages of the method the member follows that day.

    The method is frozen beside it: what is done later in the cycle is read
    against these words. Raises ``Refused`` when the rule says no.
    """
    _hold(member)  # two people opening at once take two numbers
    refuse_if(rules.why_not_open_cycle(by, member, kind=kind, opened_on=opened_on))
    version = member.guide_version
    number = (Cycle.objects.of(member).filter(kind=kind).aggregate(last=Max("number"))["last"] or 0) + 1
    cycle = Cycle(
        member=member,
        kind=kind,
        number=number,
        guide_version=version,
        guide_sha256=guides.fingerprint(version),
        opened_on=opened_on,
    )
    cycle.method = freeze(
        json.loads(guides.canonical_json(version)),
        kind="method",
        subject_type="Cycle",
        subject_uid=cycle.uid,
        member_code=member.slug,
        at=at,
    )
    cycle.save(force_insert=True)
    stages = [one.code for one in guides.guide(version).stages if one.part == kind]
    Stage.objects.bulk_create(Stage(cycle=cycle, code=code) for code in stages)
    _line("open_cycle", cycle, member, by.reference, at, kind=kind, number=number, version=version)
    return cycle


@transaction.atomic
def date_stage(stage: Stage, *, starts_on: dt.date | None, ends_on: dt.date | None, by: User, at: dt.datetime) -> Stage:
    """Say when a stage starts and ends; the public line of stages follows. Raises ``Refused`` when the rule says no."""
    _hold(stage)
    refuse_if(rules.why_not_date_stage(by, stage, starts_on=starts_on, ends_on=ends_on))
    stage.starts_on, stage.ends_on = starts_on, ends_on
    stage.save(update_fields=["starts_on", "ends_on"])
    days = {"starts_on": starts_on and starts_on.isoformat(), "ends_on": ends_on and ends_on.isoformat()}
    _line("date_stage", stage, stage.cycle.member, by.reference, at, stage=stage.code, **days)
    return stage


@transaction.atomic
def prove_operations(
    cycle: Cycle, *, deed: str, subject_uid: str, parent: JournalLine, at: dt.datetime
) -> tuple[Operation, ...]:
    """Mark done the operations of the guide that a deed proves, as the guide data says.

    Called by that deed, in its own transaction; the same thing proves an operation once.
    """
    proved = []
    for code in rules.operations_proved_by(cycle, deed):
        one, new = Operation.objects.get_or_create(
            cycle=cycle, code=code, deed=deed, subject_uid=subject_uid, defaults={"done_on": timezone.localdate(at)}
        )
        if new:
            _line("prove_operations", one, cycle.member, parent.by_ref, at, operation=code, parent=parent)
            proved.append(one)
    return tuple(proved)


@transaction.atomic
def record_deliberation(
    cycle: Cycle,
    *,
    act: Act,
    decision: str,
    by: User,
    at: dt.datetime,
    subject_type: str = "",
    subject_uid: str = "",
    parent: JournalLine | None = None,
) -> Deliberation:
    """Record what a council decided in a cycle; the act carries the number, the date and the file.

    Raises ``Refused`` when the rule says no.
    """
    _hold(act)
    refuse_if(rules.why_not_record_deliberation(by, cycle, act=act, decision=decision))
    made = Deliberation.objects.create(
        cycle=cycle, act=act, decision=decision, subject_type=subject_type, subject_uid=subject_uid
    )
    facts = {"number": act.number, "dated_on": act.dated_on.isoformat(), "decision": decision}
    line = _line("record_deliberation", made, cycle.member, by.reference, at, parent=parent, **facts)
    prove_operations(cycle, deed="record_deliberation", subject_uid=made.uid, parent=line, at=at)
    return made


@transaction.atomic
def override_rule(
    *,
    member: Member,
    rule: str,
    value: float,
    reason: OfficialText,
    source: str,
    effective_on: dt.date,
    by: User,
    at: dt.datetime,
) -> RuleOverride:
    """Give a rule the member's own value from a day, with the reason and the source.

    Raises ``Refused`` when the rule says no (no reason, no source, no number to override).
    """
    _hold(member)
    refuse_if(
        rules.why_not_override(
            by, member, rule=rule, value=value, reason=reason, source=source, effective_on=effective_on
        )
    )
    override = RuleOverride.objects.create(
        member=member, rule=rule, value=value, reason=reason, source=source, effective_on=effective_on, decided_at=at
    )
    write_line(
        room="cycle",
        verb="override_rule",
        subject_type="RuleOverride",
        subject_uid=override.uid,
        member_code=member.slug,
        by_ref=by.reference,
        at=at,
        facts={"rule": rule, "value": value, "effective_on": effective_on.isoformat()},
    )
    return override


@transaction.atomic
def adopt_guide_version(*, member: Member, version: str, by: User, at: dt.datetime) -> Member:
    """Follow another version of the method from now on: its facts, delays and words reach every page at once.

    A version that is out never changes, so a corrected fact is a new version,
    and this is how it arrives. Search reads the method again in the same
    transaction (a few seconds), so that it never finds words the pages no longer hold.

    Raises ``Refused`` when the rule says no (no such version, mistakes in it, already followed, another level).
    """
    _hold(member)
    refuse_if(rules.why_not_adopt_version(by, member, version=version))
    before, member.guide_version = member.guide_version, version
    member.save(update_fields=["guide_version"])
    _find_the_method_again(member)
    write_line(
        room="cycle",
        verb="adopt_guide_version",
        subject_type="Member",
        subject_uid=member.slug,
        member_code=member.slug,
        by_ref=by.reference,
        at=at,
        facts={"version": version, "before": before, "sha256": guides.fingerprint(version)},
    )
    return member


def _find_the_method_again(member: Member) -> None:
    """Index every place of the member's method, and forget those it no longer has; other pages stay."""
    places: set[tuple[str, str]] = set()
    for lang in WORKING:
        for page in queries.entries_of_the_method(member, lang):
            places.add((page.kind, page.subject_uid))
            index_entry(
                member_code=member.slug,
                lang=lang,
                kind=page.kind,
                subject_uid=page.subject_uid,
                title=page.title,
                excerpt=page.excerpt,
                path=page.path,
                text=page.text,
            )
    known = SearchEntry.objects.of(member.slug).filter(kind__in=list(queries.KINDS))
    for kind, uid in set(known.values_list("kind", "subject_uid")) - places:
        forget_entry(member_code=member.slug, kind=kind, subject_uid=uid)
