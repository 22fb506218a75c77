"""Calling for participation: a call drafted, changed, published with the promise of its draw."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from openregion.consultation import lots
from openregion.consultation.actions.steps import journal
from openregion.consultation.models import CallForParticipation, Consultation, Workshop
from openregion.consultation.queries.calls import entries_of_call
from openregion.consultation.rules import calls as rules
from openregion.core.official import OfficialText, says_the_same
from openregion.core.refusal import refuse_if
from openregion.cycle.actions import prove_operations
from openregion.cycle.actions.steps import hold
from openregion.people.models import User
from openregion.record.actions import index_entry

_TEXTS = ("title", "about", "public_source")
_TOLD = ("seats", "quotas", "closes_at", "public_on", "place_by", "workshop")  # what a published change says


@transaction.atomic
def draft_participation_call(
    consultation: Consultation,
    *,
    title: OfficialText,
    about: OfficialText,
    criteria: Sequence[Mapping[str, Any]],
    seats: int,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    by: User,
    at: dt.datetime,
    quotas: rules.Quotas | None = None,
    workshop: Workshop | None = None,
    place_by: dt.date | None = None,
    public_source: OfficialText | None = None,
    public_on: dt.date | None = None,
) -> CallForParticipation:
    """Draft a call to organisations and people: what for, by which criteria, how many seats, how they are shared.

    ``criteria`` are ``{code, text}``; ``quotas`` say the least and the most of a
    category that may be chosen; ``place_by`` is the day by which the day and the
    place are said, where there is no workshop yet; ``public_source`` names the
    figure that others publish on ``public_on``, with which lots are drawn. Raises ``Refused`` when the rule says no.
    """
    member = hold(consultation.cycle.member)  # two people drafting at once take two numbers
    given: dict[str, Any] = {
        "title": title, "criteria": list(criteria), "seats": seats, "quotas": _plain(quotas or {}),
        "opens_at": opens_at, "closes_at": closes_at, "workshop": workshop, "place_by": place_by,
        "public_source": public_source or {}, "public_on": public_on,
    }  # fmt: skip
    refuse_if(rules.why_not_draft_call(by, consultation, **given))
    last = CallForParticipation.objects.of(member).aggregate(last=Max("number"))["last"] or 0
    call = CallForParticipation.objects.create(
        member=member, consultation=consultation, number=last + 1, about=about, **given
    )
    journal("draft_participation_call", call, member, by.reference, at, number=call.number)
    return call


@transaction.atomic
def revise_participation_call(
    call: CallForParticipation,
    *,
    title: OfficialText,
    about: OfficialText,
    criteria: Sequence[Mapping[str, Any]],
    seats: int,
    quotas: rules.Quotas,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    by: User,
    at: dt.datetime,
    workshop: Workshop | None = None,
    place_by: dt.date | None = None,
    public_source: OfficialText | None = None,
    public_on: dt.date | None = None,
    reason: OfficialText | None = None,
) -> CallForParticipation:
    """Change a call; once published, its seats, quotas, workshop or later days, with a reason that everyone reads.

    The same again changes nothing. Raises ``Refused`` when the rule says no.
    """
    hold(call)
    given: dict[str, Any] = {
        "title": title, "about": about, "criteria": list(criteria), "seats": seats, "quotas": _plain(quotas),
        "opens_at": opens_at, "closes_at": closes_at, "workshop": workshop, "place_by": place_by,
        "public_source": public_source or {}, "public_on": public_on,
    }  # fmt: skip
    for name in _TEXTS:
        if says_the_same(getattr(call, name), given[name]):
            given[name] = getattr(call, name)
    if _same_criteria(call.criteria, given["criteria"]):
        given["criteria"] = call.criteria
    changed = [name for name, value in given.items() if getattr(call, name) != value]
    if not changed and call.state != CallForParticipation.State.SELECTED:
        return call
    refuse_if(rules.why_not_revise_call(by, call, **given, reason=reason or {}, at=at))
    published = call.state != CallForParticipation.State.DRAFT
    if published:
        call.changes = [*call.changes, _change(call, given, changed, reason or {}, at)]
    for name in changed:
        setattr(call, name, given[name])
    call.save(update_fields=[*changed, "changes"])
    journal("revise_participation_call", call, call.member, by.reference, at, number=call.number, published=published)
    if published:
        _make_findable(call)
    return call


@transaction.atomic
def publish_participation_call(call: CallForParticipation, *, by: User, at: dt.datetime) -> CallForParticipation:
    """Publish a call: it opens and closes by itself, and the hash of its secret seed is promised.

    The seed of a draw that may come is drawn now, before anyone applies, and
    shown to nobody until then. Proves the operation of the guide. Raises
    ``Refused`` when the rule says no.
    """
    hold(call)
    refuse_if(rules.why_not_publish_call(by, call, at=at))
    call.seed = secrets.token_hex(32)
    call.secret_hash = lots.seed_hash(call.seed)
    call.state, call.published_at = CallForParticipation.State.PUBLISHED, at
    call.save(update_fields=["seed", "secret_hash", "state", "published_at"])
    days = {"opens_on": localdate(call.opens_at).isoformat(), "closes_on": localdate(call.closes_at).isoformat()}
    line = journal(
        "publish_participation_call", call, call.member, by.reference, at, number=call.number, **days,
        promise=call.secret_hash,
    )  # fmt: skip
    cycle = call.consultation.cycle
    prove_operations(cycle, deed="publish_participation_call", subject_uid=call.uid, parent=line, at=at)
    _make_findable(call)
    return call


def _make_findable(call: CallForParticipation) -> None:
    for entry in entries_of_call(call):
        index_entry(member_code=call.member.slug, **entry)


def _plain(quotas: rules.Quotas) -> dict[str, dict[str, list[int]]]:
    """Write quotas as they are kept; a dimension without a category asks nothing."""
    return {
        dimension: {value: [int(least), int(most)] for value, (least, most) in values.items()}
        for dimension, values in quotas.items()
        if values
    }


def _same_criteria(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> bool:
    return [one["code"] for one in before] == [one["code"] for one in now] and all(
        says_the_same(one["text"], other["text"]) for one, other in zip(before, now, strict=True)
    )


def _change(
    call: CallForParticipation, given: Mapping[str, Any], changed: Sequence[str], reason: OfficialText, at: dt.datetime
) -> dict[str, Any]:
    """Say what a published call was and became, for everyone to read."""
    kept = [name for name in changed if name in _TOLD]

    def said(value: Any) -> Any:
        if isinstance(value, Workshop):
            return value.meeting.number
        return value.isoformat() if isinstance(value, dt.date) else value

    return {
        "at": at.isoformat(),
        "reason": reason,
        "before": {name: said(getattr(call, name)) for name in kept},
        "after": {name: said(given[name]) for name in kept},
    }
