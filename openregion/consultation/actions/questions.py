"""Putting questions to the public, and wording them better."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from openregion.consultation import queries, rules
from openregion.consultation.actions.steps import journal
from openregion.consultation.models import Consultation, Theme
from openregion.consultation.rules.questions import Said, ThemeSaid
from openregion.core.official import OfficialText, says_the_same
from openregion.core.refusal import refuse_if
from openregion.cycle.actions import prove_operations
from openregion.cycle.actions.steps import hold
from openregion.cycle.models import Cycle
from openregion.people.models import Territory, User
from openregion.record.actions import index_entry


@transaction.atomic
def open_consultation(
    cycle: Cycle,
    *,
    slug: str,
    title: OfficialText,
    question: OfficialText,
    themes: Sequence[tuple[str, OfficialText]],
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    by: User,
    at: dt.datetime,
    stage: str = "",
    purpose: OfficialText | None = None,
    promise: OfficialText | None = None,
    answers_by: dt.date | None = None,
    conduct: OfficialText | None = None,
    places: Iterable[Territory] = (),
    reads: str = Consultation.Reads.BEFORE,
    takes_votes: bool = True,
    takes_comments: bool = True,
    theme_questions: Mapping[str, OfficialText] | None = None,
) -> Consultation:
    """Put a question to the public between two instants, with the themes it is read under.

    It is announced from this moment: the good practice of two weeks is counted
    from here. ``promise`` says what will be done with the answers, ``answers_by``
    by which day; only one that is over already may lack them. ``theme_questions``
    ask something of their own under a theme. Raises ``Refused`` when the rule says no.
    """
    places = tuple(places)
    refuse_if(
        rules.why_not_open_consultation(
            by,
            cycle,
            slug=slug,
            opens_at=opens_at,
            closes_at=closes_at,
            answers_by=answers_by,
            places=places,
            reads=reads,
            purpose=purpose,
            promise=promise,
            at=at,
        )
    )
    consultation = Consultation.objects.create(
        cycle=cycle,
        slug=slug,
        stage=stage,
        title=title,
        question=question,
        purpose=purpose or {},
        promise=promise or {},
        answers_by=answers_by,
        conduct=conduct or {},
        announced_at=at,
        opens_at=opens_at,
        closes_at=closes_at,
        reads=reads,
        takes_votes=takes_votes,
        takes_comments=takes_comments,
    )
    if places:
        consultation.places.set(places)
    asked = theme_questions or {}
    for rank, (code, name) in enumerate(themes):
        Theme.objects.create(consultation=consultation, code=code, name=name, question=asked.get(code, {}), rank=rank)
    line = journal("open_consultation", consultation, cycle.member, by.reference, at, **_days(consultation))
    prove_operations(cycle, deed="open_consultation", subject_uid=consultation.uid, parent=line, at=at)
    _make_findable(consultation)
    return consultation


@transaction.atomic
def revise_consultation(
    consultation: Consultation, *, said: Said, by: User, at: dt.datetime, note: OfficialText | None = None
) -> Consultation:
    """Word a consultation better until it opens; then give it more days, or correct its words with a dated note.

    What people answered stays readable: the words that stood before are kept
    with the note. Raises ``Refused`` when the rule says no.
    """
    hold(consultation)
    note = note or {}
    refuse_if(rules.why_not_revise_consultation(by, consultation, said, note=note, at=at))
    changed = rules.changes(consultation, said)
    if at >= consultation.opens_at:
        consultation.corrections = [*consultation.corrections, _correction(consultation, said, changed, note, at)]
    for name in changed - {"themes", "places"}:
        setattr(consultation, name, said[name])  # type: ignore[literal-required]
    consultation.save(update_fields=[*sorted(changed - {"themes", "places"}), "corrections"])
    if "places" in changed:
        consultation.places.set(said["places"])
    if "themes" in changed:
        _set_themes(consultation, said["themes"])
    facts = {"changed": sorted(changed), **_days(consultation)}
    journal("revise_consultation", consultation, consultation.cycle.member, by.reference, at, **facts)
    _make_findable(consultation)
    return consultation


def note_removal(consultation: Consultation, *, title: OfficialText, note: OfficialText, at: dt.datetime) -> None:
    """Keep on the page that a document went, once people could answer after reading it, and why."""
    hold(consultation)
    went = {"at": at.isoformat(), "what": ["paper"], "note": note, "before": {"paper": title}}
    consultation.corrections = [*consultation.corrections, went]
    consultation.save(update_fields=["corrections"])


def _correction(
    consultation: Consultation, said: Said, changed: frozenset[str], note: OfficialText, at: dt.datetime
) -> dict[str, Any]:
    """Give the dated note of what changed since it opened, with what stood before."""
    before: dict[str, Any] = {name: getattr(consultation, name) for name in rules.WORDS if name in changed}
    if "closes_at" in changed:
        before["closes_at"] = consultation.closes_at.isoformat()
    if "answers_by" in changed:
        before["answers_by"] = consultation.answers_by.isoformat() if consultation.answers_by else ""
    if "themes" in changed:
        kept = {one.code: one for one in consultation.themes.all()}
        before["themes"] = [
            text
            for one in said["themes"]
            for text, now in ((kept[one.code].name, one.name), (kept[one.code].question, one.question))
            if text and not says_the_same(text, now)
        ]
    return {"at": at.isoformat(), "what": sorted(changed), "note": note, "before": before}


def _set_themes(consultation: Consultation, themes: Sequence[ThemeSaid]) -> None:
    """Write the themes as they are said, in their order; one that is no longer said goes, and suggestions keep none."""
    consultation.themes.exclude(code__in=[one.code for one in themes]).delete()
    for rank, one in enumerate(themes):
        Theme.objects.update_or_create(
            consultation=consultation,
            code=one.code,
            defaults={"name": one.name, "question": one.question, "rank": rank},
        )


def _days(consultation: Consultation) -> dict[str, str]:
    return {
        "opens_on": localdate(consultation.opens_at).isoformat(),
        "closes_on": localdate(consultation.closes_at).isoformat(),
    }


def _make_findable(consultation: Consultation) -> None:
    for entry in queries.entries_of_consultation(consultation):
        index_entry(member_code=consultation.cycle.member.slug, **entry)
