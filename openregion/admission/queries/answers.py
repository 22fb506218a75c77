"""The nine conditions and what is answered to each: words, evidence, gaps, history, what of the record to draw on."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openregion.admission.models import Answer, AnswerEvidence, AnswerRevision, EligibilityVerdict
from openregion.admission.queries.contact import contact_in_office
from openregion.admission.queries.eligibility import VERDICTS, in_every_language, years_before
from openregion.admission.queries.lists import Condition, as_official, book_for, conditions, criteria
from openregion.core import dates
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Cycle, Deliberation, Meeting
from openregion.cycle.queries import value_of
from openregion.people.models import Member
from openregion.people.rules import today

State = Answer.State

STATES = {
    State.MISSING: (gettext_lazy("Missing"), "idle"),
    State.PARTIAL: (gettext_lazy("Begun"), "underway"),
    State.READY: (gettext_lazy("Ready"), "done"),
}
OWN = "conditions"  # in addresses: the answers to the guide's conditions, of no call


@dataclass(frozen=True)
class EvidenceLine:
    """A document beside an answer: what it is, its day, where it opens."""

    uid: str
    title: OfficialText
    url: str
    is_file: bool
    name: str
    dated_on: dt.date | None


@dataclass(frozen=True)
class ConditionLine:
    """A condition of admissibility and how far its answer is."""

    condition: Condition
    url: str
    state: str
    label: str
    tone: str
    languages: tuple[str, ...]
    evidence: tuple[EvidenceLine, ...]
    gaps: OfficialText
    warnings: tuple[str, ...]
    revision: int


@dataclass(frozen=True)
class Piece:
    """Words kept, added or removed between two revisions."""

    kind: str
    words: str


@dataclass(frozen=True)
class RevisionLine:
    """An answer as it was saved one day, and what changed in each language since the one before."""

    number: int
    at: dt.datetime
    by: str
    label: str
    tone: str
    changes: tuple[tuple[str, tuple[Piece, ...]], ...]


@dataclass(frozen=True)
class Block:
    """Words drawn from the record, to be inserted and corrected: the platform proposes, a person writes."""

    key: str
    label: str
    words: OfficialText


@dataclass(frozen=True)
class Readiness:
    """How many conditions are answered and how many of the answers rest on evidence, of how many."""

    ready: int
    whole: int
    proved: int = 0


def condition_of(member: Member, cycle: Cycle | None, code: str) -> Condition | None:
    """Find a condition of the method by its code; nothing for a code that is none."""
    return next((one for one in conditions(book_for(member, cycle)) if one.code == code), None)


def condition_lines(member: Member, cycle: Cycle | None) -> tuple[ConditionLine, ...]:
    """List the conditions in the guide's order, with the state of each answer."""
    found = Answer.objects.filter(cycle=cycle, call=None).prefetch_related("evidence__file") if cycle else ()
    answers = {one.question: one for one in found}
    lasts = {one.recent for one in conditions(book_for(member, cycle)) if one.recent}
    years = {code: int(value_of(member, code, today()).value or 0) for code in lasts}
    return tuple(
        _condition_line(one, answers.get(one.code), member, years.get(one.recent))
        for one in conditions(book_for(member, cycle))
    )


def _condition_line(one: Condition, answer: Answer | None, member: Member, years: int | None) -> ConditionLine:
    state = State(answer.state) if answer else State.MISSING
    label, tone = STATES[state]
    return ConditionLine(
        condition=one,
        url=reverse("answer", args=[member.slug, OWN, one.code]),
        state=state,
        label=str(label),
        tone=tone,
        languages=tuple(lang for lang in WORKING if answer and answer.text.get(lang)),
        evidence=evidence_lines(answer.evidence.all(), member) if answer else (),
        gaps=answer.gaps if answer else {},
        warnings=warnings_on(answer, years) if answer else (),
        revision=answer.revision if answer else 0,
    )


def readiness(lines: Iterable[ConditionLine]) -> Readiness:
    """Count the conditions whose answer is said to be ready, and those with evidence."""
    every = list(lines)
    return Readiness(
        ready=sum(one.state == State.READY for one in every),
        whole=len(every),
        proved=sum(bool(one.evidence) for one in every),
    )


def evidence_lines(found: Iterable[AnswerEvidence], member: Member) -> tuple[EvidenceLine, ...]:
    """Prepare the documents beside an answer."""
    return tuple(
        EvidenceLine(
            uid=one.uid,
            title=one.title,
            url=reverse("answer_evidence", args=[member.slug, one.uid]) if one.file else one.url,
            is_file=one.file is not None,
            name=one.file.name if one.file else "",
            dated_on=one.dated_on,
        )
        for one in found
    )


def warnings_on(answer: Answer, years: int | None) -> tuple[str, ...]:
    """Say what a reader of the answer would miss; none of it blocks."""
    found, evidence = [], list(answer.evidence.all())
    if answer.state == State.READY and not evidence:
        found.append(_("This answer is said to be ready and rests on no evidence. Add a document that shows it."))
    if answer.state == State.READY and not answer.text.get("en"):
        found.append(_("OGP reads English: this answer is not written in it yet."))
    if years:
        since = years_before(today(), years)
        if not any(one.dated_on and since <= one.dated_on <= today() for one in evidence):
            found.append(
                ngettext(
                    "No evidence is dated within the last %(n)s year. Give the reform or the example its dated proof.",
                    "No evidence is dated within the last %(n)s years. Give the reform or the example its dated proof.",
                    years,
                )
                % {"n": years}
            )
    return tuple(found)


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Cut two texts into the words they share and the words they do not."""
    old, new = re.findall(r"\s*\S+", before), re.findall(r"\s*\S+", after)
    cut: list[Piece] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            cut.append(Piece("kept", "".join(old[i:j])))
            continue
        if i < j:
            cut.append(Piece("removed", "".join(old[i:j])))
        if k < m:
            cut.append(Piece("added", "".join(new[k:m])))
    return tuple(cut)


def between(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
    """Show in each language what differs between two answers; languages left as they were are left out."""
    return tuple(
        (lang, pieces(before.get(lang, ""), after.get(lang, "")))
        for lang in WORKING
        if before.get(lang, "") != after.get(lang, "")
    )


def plain(text: OfficialText) -> dict[str, str]:
    """Give official text as words by language."""
    return {lang: one["text"] for lang, one in text.items()}


def revision_lines(answer: Answer) -> tuple[RevisionLine, ...]:
    """List an answer's revisions, the latest first, each with what it changed."""
    found = list(AnswerRevision.objects.filter(answer=answer).select_related("by").order_by("number"))
    lines: list[RevisionLine] = []
    before: dict[str, str] = {}
    for one in found:
        words = plain(one.text)
        label, tone = STATES[State(one.state)]
        by = one.by.name if one.by else ""
        lines.append(RevisionLine(one.number, one.at, by, str(label), tone, between(before, words)))
        before = words
    return tuple(reversed(lines))


def blocks_for(member: Member, cycle: Cycle, draws: Iterable[str]) -> tuple[Block, ...]:
    """Draw words from the record for an answer: the point of contact, meetings held, deliberations, verdicts."""
    return tuple(block for kind in draws for block in _DRAWN[kind](member, cycle))


def _drawn_contact(member: Member, cycle: Cycle) -> tuple[Block, ...]:
    one = contact_in_office(member)
    if one is None:
        return ()

    def write(lang: str) -> str:
        function = text_in(one.function, lang)
        said = {"name": one.name, "function": function, "day": dates.day(one.starts_on, lang), "act": one.act.number}
        if function:
            return _("The official point of contact is %(name)s, %(function)s, since %(day)s (act %(act)s).") % said
        return _("The official point of contact is %(name)s, since %(day)s (act %(act)s).") % said

    return (Block("point-of-contact", _("The point of contact"), in_every_language(write)),)


def _drawn_meetings(member: Member, cycle: Cycle) -> tuple[Block, ...]:
    held = Meeting.objects.filter(member=member, cycle=cycle, state=Meeting.State.HELD).select_related("body")
    meetings = list(held.order_by("starts_at"))
    if not meetings:
        return ()

    def write(lang: str) -> str:
        lines = [_("Meetings held for this candidacy:")]
        for one in meetings:
            who = text_in(one.body.name, lang) if one.body else text_in(one.title, lang)
            lines.append(f"– {dates.day(timezone.localdate(one.starts_at), lang)}{_(': ')}{who}")
        return "\n".join(lines)

    return (Block("meetings", _("The meetings held"), in_every_language(write)),)


def adopted_deliberation(cycle: Cycle) -> Deliberation | None:
    """Give the council's decision to join: the last one adopted in the candidacy, published and still standing.

    One recorded after the fact, without a file, is public as it comes.
    """
    public = cycle.deliberations.filter(Q(published_on__isnull=False) | Q(proposal=None))
    found = public.filter(decision=Deliberation.Decision.ADOPTED).exclude(visa=Deliberation.Visa.REFUSED)
    return found.select_related("act__authority__territory", "act__file").order_by("-act__dated_on", "-pk").first()


def _drawn_deliberation(member: Member, cycle: Cycle) -> tuple[Block, ...]:
    one = adopted_deliberation(cycle)
    if one is None:
        return ()

    def write(lang: str) -> str:
        said = {"number": one.act.number, "day": dates.day(one.act.dated_on, lang)}
        return _("The Council decided it by deliberation no. %(number)s of %(day)s.") % said

    return (Block("deliberation", _("The Council's deliberation"), in_every_language(write)),)


def _drawn_verdicts(member: Member, cycle: Cycle) -> tuple[Block, ...]:
    given: dict[str, EligibilityVerdict] = {}
    for one in EligibilityVerdict.objects.filter(cycle=cycle).order_by("on", "pk"):
        given[one.criterion] = one
    known = [(one, given[one.code]) for one in criteria(book_for(member, cycle)) if one.code in given]
    if not known:
        return ()

    def write(lang: str) -> str:
        lines = [_("The Region's own reading of the criteria of eligibility:")]
        for criterion, verdict in known:
            words = as_official(criterion.text)[lang]["text"].rstrip(" ;.؛")
            lines.append(f"– {words}{_(': ')}{VERDICTS[EligibilityVerdict.Verdict(verdict.verdict)][0]}")
        return "\n".join(lines)

    return (Block("verdicts", _("The verdicts of eligibility"), in_every_language(write)),)


_DRAWN = {
    "point-of-contact": _drawn_contact,
    "meetings": _drawn_meetings,
    "deliberation": _drawn_deliberation,
    "verdicts": _drawn_verdicts,
}
