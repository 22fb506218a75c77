"""The tables of the pack: what a program or a spreadsheet reads, and the lists kept inside."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator

from django.db.models import QuerySet

from openregion.analysis.tables import safe_cell
from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Cycle, Deliberation, Invitation, Letter, Meeting, Operation
from openregion.cycle.queries.council import is_public_deliberation
from openregion.diagnosis.models import Finding
from openregion.monitoring.models import ProgressUpdate
from openregion.people.models import Contact, ContactAttempt
from openregion.plan.models import Commitment, ReasonedResponse
from openregion.record import queries as records
from openregion.web import exports
from openregion.web.handover.reach import public_meetings, published_statement, within
from openregion.web.queries import lines_as_csv

Made = Callable[[Cycle], bytes]


def tables() -> tuple[tuple[str, Made], ...]:
    """Name each table of the pack by its place, with what writes it."""
    return (
        ("data/commitments.csv", _commitments),
        ("data/cycle.json", _cycle),
        ("data/deliberations.csv", _deliberations),
        ("data/findings.csv", _findings),
        ("data/journal.csv", _journal),
        ("data/letters.csv", _letters),
        ("data/meetings.csv", _meetings),
        ("data/operations.csv", _operations),
        ("data/progress.csv", _progress),
        ("data/responses.csv", _responses),
        ("data/suggestions.csv", _suggestions),
        ("internal/attendance.csv", _attendance),
        ("internal/attempts.csv", _attempts),
        ("internal/commitments.csv", _drafted),
        ("internal/deliberations.csv", _all_deliberations),
        ("internal/directory.csv", _directory),
        ("internal/letters.csv", _all_letters),
        ("internal/meetings.csv", _all_meetings),
    )


def _csv(head: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Write a table with a byte order mark, so that spreadsheets read Arabic; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([safe_cell("" if value is None else value) for value in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def _both(text: OfficialText) -> tuple[str, str]:
    return text_in(text, "fr") if "fr" in text else "", text_in(text, "ar") if "ar" in text else ""


def _cycle(cycle: Cycle) -> bytes:
    stages = cycle.stages.order_by("code").values("code", "starts_on", "ends_on")
    said = {
        "member": cycle.member.slug,
        "name": {lang: one["text"] for lang, one in cycle.member.name.items()},
        "kind": cycle.kind,
        "number": cycle.number,
        "opened_on": cycle.opened_on,
        "method": {"version": cycle.guide_version, "sha256": cycle.guide_sha256},
        "stages": list(stages),
    }
    return json.dumps(said, ensure_ascii=False, indent=2, default=str).encode()


def _operations(cycle: Cycle) -> bytes:
    def rows() -> Iterator[list[object]]:
        for one in Operation.objects.filter(cycle=cycle).order_by("stage", "rank", "pk").prefetch_related("proofs"):
            valid = [proof for proof in one.proofs.all() if proof.withdrawn_on is None]
            done_on = min((proof.done_on for proof in valid), default=None)
            yield [one.stage, one.code, done_on, len(valid), one.planned_on, one.set_aside_on]

    return _csv(["stage", "operation", "done_on", "proofs", "planned_on", "set_aside_on"], rows())


def _meetings(cycle: Cycle) -> bytes:
    return _of_meetings(Meeting.objects.filter(cycle=cycle, pk__in=public_meetings(cycle)))


def _all_meetings(cycle: Cycle) -> bytes:
    return _of_meetings(Meeting.objects.filter(cycle=cycle))


def _of_meetings(found: QuerySet[Meeting]) -> bytes:
    rows = (
        [
            one.number,
            one.starts_at.isoformat(),
            one.kind,
            one.state,
            one.body.slug if one.body else "",
            *_both(one.place),
            *_both(one.title),
            one.quorum_met,
        ]
        for one in found.select_related("body")
    )
    words = ("place_fr", "place_ar", "title_fr", "title_ar")
    return _csv(["number", "starts_at", "kind", "state", "body", *words, "quorum_met"], rows)


def _deliberations(cycle: Cycle) -> bytes:
    return _of_votes([one for one in _votes(cycle) if is_public_deliberation(one)])


def _all_deliberations(cycle: Cycle) -> bytes:
    return _of_votes(_votes(cycle))


def _votes(cycle: Cycle) -> list[Deliberation]:
    return list(Deliberation.objects.filter(cycle=cycle).select_related("act").order_by("act__dated_on", "pk"))


def _of_votes(found: list[Deliberation]) -> bytes:
    rows = (
        [
            one.act.number,
            one.act.dated_on,
            one.decision,
            one.votes_for,
            one.votes_against,
            one.abstained,
            one.not_taking_part,
            one.visa,
            one.visa_on,
            one.published_on,
            *_both(one.act.title),
        ]
        for one in found
    )
    head = ["number", "dated_on", "decision", "votes_for", "votes_against", "abstained", "not_taking_part"]
    return _csv([*head, "visa", "visa_on", "published_on", "title_fr", "title_ar"], rows)


def _letters(cycle: Cycle) -> bytes:
    return _of_letters(cycle, public=True)


def _all_letters(cycle: Cycle) -> bytes:
    return _of_letters(cycle, public=False)


def _of_letters(cycle: Cycle, *, public: bool) -> bytes:
    """List the letters that everyone reads, or all that were issued."""
    found = Letter.objects.filter(cycle=cycle, state=Letter.State.ISSUED).order_by("year", "number")
    rows = (
        [
            f"{one.number}/{one.year}",
            one.issued_on,
            one.kind,
            *_both(one.title),
            "" if public else _both(one.addressee)[0],
        ]
        for one in (found.filter(public=True) if public else found)
    )
    return _csv(["number", "issued_on", "kind", "title_fr", "title_ar", "addressee"], rows)


def _suggestions(cycle: Cycle) -> bytes:
    return "".join(exports.suggestions_as_csv(exports.rows_of_suggestions(cycle.member, cycle))).encode()


def _findings(cycle: Cycle) -> bytes:
    found = Finding.objects.filter(cycle=cycle).exclude(published_at=None).order_by("number")
    rows = (
        [one.number, one.published_at.date() if one.published_at else "", *_both(one.title), _cited(one)]
        for one in found.prefetch_related("sources__contribution")
    )
    return _csv(["number", "published_on", "title_fr", "title_ar", "suggestions"], rows)


def _cited(one: Finding) -> str:
    return " ".join(str(number) for number in sorted(source.contribution.number for source in one.sources.all()))


def _responses(cycle: Cycle) -> bytes:
    found = ReasonedResponse.objects.filter(cycle=cycle).order_by("number").prefetch_related("covers__contribution")
    rows = (
        [
            one.number,
            one.given_at.date(),
            one.decision,
            *_both(one.reasons),
            " ".join(str(number) for number in sorted(row.contribution.number for row in one.covers.all())),
        ]
        for one in found
    )
    return _csv(["number", "given_on", "decision", "reasons_fr", "reasons_ar", "suggestions"], rows)


def _commitments(cycle: Cycle) -> bytes:
    """List the commitments in the words that were published last; nothing of a plan that is not."""
    stated = published_statement(cycle)
    rows = (
        [
            one["number"],
            one["title"].get("fr", ""),
            one["title"].get("ar", ""),
            one["unit"].get("fr", ""),
            one["starts_on"],
            one["ends_on"],
        ]
        for one in (stated["commitments"] if stated else ())
    )
    return _csv(["number", "title_fr", "title_ar", "unit", "starts_on", "ends_on"], rows)


def _drafted(cycle: Cycle) -> bytes:
    """List the commitments as they stand, drafts too."""
    found = Commitment.objects.filter(plan__cycle=cycle).select_related("unit").order_by("number")
    rows = ([one.number, *_both(one.title), _both(one.unit.name)[0], one.starts_on, one.ends_on] for one in found)
    return _csv(["number", "title_fr", "title_ar", "unit", "starts_on", "ends_on"], rows)


def _progress(cycle: Cycle) -> bytes:
    def rows() -> Iterator[list[object]]:
        if published_statement(cycle) is None:
            return
        found = ProgressUpdate.objects.filter(commitment__plan__cycle=cycle).select_related("commitment", "milestone")
        for one in found.order_by("as_of", "pk"):
            activity = one.milestone.number if one.milestone else ""
            known = [one.commitment.number, activity, one.as_of, one.level, one.expected_on, one.measure]
            yield [*known, *_both(one.text)]

    head = ["commitment", "activity", "as_of", "level", "expected_on", "measure", "text_fr", "text_ar"]
    return _csv(head, rows())


def _journal(cycle: Cycle) -> bytes:
    return "".join(lines_as_csv(records.lines_of_journal(cycle.member.slug))).encode()


def _attendance(cycle: Cycle) -> bytes:
    found = Invitation.objects.filter(meeting__cycle=cycle).select_related("meeting").order_by("meeting__number", "pk")
    rows = (
        [
            one.meeting.number,
            one.name,
            one.organisation,
            one.category,
            one.gender,
            one.answer,
            one.stand_in,
            "" if one.attended is None else "yes" if one.attended else "no",
        ]
        for one in found
    )
    return _csv(["meeting", "name", "organisation", "category", "gender", "answer", "stand_in", "came"], rows)


def _directory(cycle: Cycle) -> bytes:
    found = Contact.objects.of(cycle.member).order_by("category", "pk")
    rows = (
        [
            one.category,
            one.organisation,
            one.name,
            one.function,
            one.email,
            one.telephone,
            one.lang,
            one.public,
            one.added_on,
            one.retired_on,
        ]
        for one in found
    )
    head = ["category", "organisation", "name", "function", "email", "telephone", "lang", "public"]
    return _csv([*head, "added_on", "retired_on"], rows)


def _attempts(cycle: Cycle) -> bytes:
    """List what was tried to reach people of the directory during the cycle, and what came of it."""
    tried = within(ContactAttempt.objects.filter(contact__member=cycle.member), cycle, "on")
    rows = (
        [one.on, one.channel, one.outcome, one.about, one.contact.category, one.contact.organisation, one.contact.name]
        for one in tried.select_related("contact")
    )
    return _csv(["on", "channel", "outcome", "about", "category", "organisation", "name"], rows)
