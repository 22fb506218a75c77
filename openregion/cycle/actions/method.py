"""What is done to the method a member follows: its own value for a rule, another version."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from openregion.core.languages import WORKING
from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle import queries, rules
from openregion.cycle.actions.steps import hold
from openregion.cycle.models import RuleOverride
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.actions import forget_entry, index_entry, write_line
from openregion.record.models import SearchEntry


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
    hold(member)
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
    hold(member)
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
