"""The pages of the pack, in the language in force: what a cycle did, said for whoever comes next."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.admission.models import Answer, AnswerEvidence, Dossier, EligibilityVerdict, SupportLetter
from openregion.consultation import queries as consultations
from openregion.consultation.models import Consultation, Contribution
from openregion.core import dates
from openregion.cycle import queries as cycles
from openregion.cycle.models import (
    AgendaItem,
    Cycle,
    Deliberation,
    Letter,
    Meeting,
    MeetingPaper,
    Operation,
    Proof,
    Proposal,
    ProposalPaper,
)
from openregion.cycle.queries.council import is_public_deliberation
from openregion.cycle.queries.meetings import KINDS as MEETINGS
from openregion.cycle.queries.meetings import STATES as MEETING_STATES
from openregion.diagnosis.models import Finding
from openregion.guide import queries as guides
from openregion.monitoring.models import CompletionLevel, CompletionSheet, Evidence, ProgressUpdate
from openregion.monitoring.rules import LEVELS
from openregion.people.deeds import label as deed_label
from openregion.people.models import Contact
from openregion.people.queries import cited
from openregion.plan.models import ActionPlan, Commitment, CoveredContribution, Milestone, ReasonedResponse
from openregion.plan.queries import DECISIONS
from openregion.web.handover.page import Block, Link, PackPage, facts, spoken
from openregion.web.handover.papers import Papers
from openregion.web.queries.voice import Voice, official, said

AT_ONCE = 500  # suggestions on a page of the pack


def chapters(cycle: Cycle, papers: Papers) -> Iterator[PackPage]:
    """Give every page but the first, one at a time: a long list goes over several."""
    yield _operations(cycle, papers)
    yield _meetings(cycle, papers)
    yield _council(cycle, papers)
    yield _letters(cycle, papers)
    if cycle.kind == Cycle.Kind.ADMISSION:
        yield _dossier(cycle, papers)
    yield from _voices(cycle)
    yield _findings(cycle)
    yield _responses(cycle)
    yield _commitments(cycle, papers)
    yield _organisations(cycle)


def _day(value: dt.date | dt.datetime | None) -> str:
    if value is None:
        return ""
    on = timezone.localdate(value) if isinstance(value, dt.datetime) else value
    return dates.day(on, get_language() or "fr")


def _operations(cycle: Cycle, papers: Papers) -> PackPage:
    book, lang = cycles.book_of(cycle), get_language() or "fr"
    words = {one.code: one.text.in_(lang) for one in guides.operations(book)}
    stages = {one.code: one.short.in_(lang) for one in book.stages}
    proofs: dict[int, list[Proof]] = defaultdict(list)
    for proof in Proof.objects.filter(operation__cycle=cycle).select_related("file"):
        proofs[proof.operation_id].append(proof)
    blocks = []
    for one in Operation.objects.filter(cycle=cycle).select_related("body").order_by("stage", "rank", "pk"):
        own = proofs[one.pk]
        valid = [proof for proof in own if proof.withdrawn_on is None]
        told = [(_("Done"), f"{_day(proof.done_on)} · {_proof_words(proof)}") for proof in valid]
        blocks.append(
            Block(
                title=official(one.text) if one.text else Voice(words.get(one.code, one.code)),
                when=_day(min((proof.done_on for proof in valid), default=None)) or _("not done"),
                facts=facts(
                    (_("Stage"), stages.get(one.stage, one.stage)),
                    (_("Charged with it"), official(one.body.name).text if one.body else ""),
                    (_("Set for"), _day(one.planned_on)),
                    (_("Set aside"), _day(one.set_aside_on)),
                    *told,
                ),
                texts=spoken(_("Why it was set aside"), one.set_aside_reason),
                links=papers.of(*(proof.file for proof in valid)),
            )
        )
    lead = _("Each operation of the method, what proves it, or why it was set aside.")
    return PackPage("operations", _("Operations and their proofs"), lead, tuple(blocks))


def _proof_words(proof: Proof) -> str:
    title = official(proof.title).text if proof.title else ""
    return title or (deed_label(proof.deed) if proof.deed else _("proof given by hand"))


def _meetings(cycle: Cycle, papers: Papers) -> PackPage:
    agenda: dict[int, list[AgendaItem]] = defaultdict(list)
    for item in AgendaItem.objects.filter(meeting__cycle=cycle):
        agenda[item.meeting_id].append(item)
    joined: dict[int, list[MeetingPaper]] = defaultdict(list)
    for paper in MeetingPaper.objects.filter(meeting__cycle=cycle).select_related("file").order_by("pk"):
        joined[paper.meeting_id].append(paper)
    blocks = []
    for one in Meeting.objects.filter(cycle=cycle).select_related("body", "minutes__frozen"):
        minutes = getattr(one, "minutes", None)
        texts = [*spoken(_("What for"), one.purpose)]
        for item in agenda[one.pk]:
            texts += spoken(_("Point %(n)s of the agenda") % {"n": item.rank}, item.title)
            texts += spoken(_("What was decided"), item.decision)
        if minutes is not None:
            texts += spoken(_("Minutes"), minutes.text)
        blocks.append(
            Block(
                title=official(one.title),
                when=dates.instant(one.starts_at, get_language() or "fr"),
                facts=facts(
                    (_("Kind"), str(MEETINGS[one.kind])),
                    (_("Body"), official(one.body.name).text if one.body else ""),
                    (_("Place"), one.place),
                    (_("State"), str(MEETING_STATES[one.state][0])),
                    (_("Quorum"), _quorum(one.quorum_met)),
                ),
                texts=tuple(texts),
                links=papers.of(*(paper.file for paper in joined[one.pk]), minutes.frozen if minutes else None),
                anchor=f"meeting-{one.number}",
            )
        )
    lead = _("Each meeting, its agenda, what was decided, its minutes. Who came is in the folder kept inside.")
    return PackPage("meetings", _("Meetings and minutes"), lead, tuple(blocks))


def _quorum(met: bool | None) -> str:
    if met is None:
        return ""
    return _("met") if met else _("not met")


def _council(cycle: Cycle, papers: Papers) -> PackPage:
    joined: dict[int, list[ProposalPaper]] = defaultdict(list)
    for paper in ProposalPaper.objects.filter(proposal__cycle=cycle).select_related("file"):
        joined[paper.proposal_id].append(paper)
    blocks = []
    for file in Proposal.objects.filter(cycle=cycle).select_related("frozen", "commission").order_by("number"):
        blocks.append(  # noqa: PERF401
            Block(
                title=official(file.title),
                when=_("file %(n)s") % {"n": file.number},
                facts=facts(
                    (_("Addressed to the Wali"), _day(file.agenda_addressed_on)),
                    (_("Commission"), official(file.commission.name).text if file.commission else ""),
                    (_("Referred"), _day(file.referred_on)),
                    (_("Opinion given"), _day(file.opinion_on)),
                    (_("Hash"), file.frozen.sha256 if file.frozen else ""),
                ),
                texts=(
                    *spoken(_("Report"), file.report),
                    *spoken(_("Decision proposed"), file.decision_text),
                    *spoken(_("Opinion of the commission"), file.opinion_text),
                    *spoken(_("Why it was withdrawn"), file.withdrawn_reason),
                ),
                links=papers.of(*(paper.file for paper in joined[file.pk]), file.frozen),
                anchor=f"file-{file.number}",
            )
        )
    found = Deliberation.objects.filter(cycle=cycle).select_related(
        "act__file", "act__authority", "visa_file", "frozen"
    )
    for vote in found.order_by("act__dated_on", "pk"):
        if not is_public_deliberation(vote):
            continue
        blocks.append(
            Block(
                title=official(vote.act.title),
                when=cited(vote.act),
                facts=facts(
                    (_("Decision"), cycles.DECISIONS[vote.decision]),
                    (_("For"), vote.votes_for),
                    (_("Against"), vote.votes_against),
                    (_("Abstained"), vote.abstained),
                    (_("Not taking part"), vote.not_taking_part),
                    (_("Sent to the administrative authority"), _day(vote.sent_on)),
                    (_("Answer of the administrative authority"), _visa(vote)),
                    (_("Published"), _day(vote.published_on)),
                    (_("Hash"), vote.frozen.sha256 if vote.frozen else ""),
                ),
                texts=(*spoken(_("Decision"), vote.text), *spoken(_("Reasons of the visa"), vote.visa_reasons)),
                links=papers.of(vote.act.file, vote.visa_file, vote.frozen),
            )
        )
    lead = _("The files put to the Council, the votes, the answer of the administrative authority.")
    return PackPage("council", _("Council and deliberations"), lead, tuple(blocks))


def _visa(vote: Deliberation) -> str:
    visa = Deliberation.Visa
    words = {
        visa.AWAITED: _("awaited"),
        visa.GRANTED: _("visa granted"),
        visa.REFUSED: _("visa refused"),
        visa.TACIT: _("visa tacit"),
    }
    said_so = words.get(visa(vote.visa), "")
    return f"{said_so} · {_day(vote.visa_on)}" if said_so and vote.visa_on else said_so


def _letters(cycle: Cycle, papers: Papers) -> PackPage:
    found = Letter.objects.filter(cycle=cycle, state=Letter.State.ISSUED, public=True)
    blocks = tuple(
        Block(
            title=official(one.title),
            when=_day(one.issued_on),
            facts=facts(
                (_("Number"), f"{one.number}/{one.year}"),
                (_("Hash"), one.frozen.sha256 if one.frozen else ""),
            ),
            texts=(*spoken(_("Letter"), one.text), *spoken(_("Signed by"), one.signatory)),
            links=papers.of(one.frozen, one.scan),
        )
        for one in found.select_related("frozen", "scan").order_by("year", "number")
    )
    lead = _("The letters that everyone may read. The others are in the folder kept inside.")
    return PackPage("letters", _("Letters"), lead, blocks)


def _dossier(cycle: Cycle, papers: Papers) -> PackPage:
    blocks = []
    for one in Dossier.objects.filter(cycle=cycle).select_related("call", "frozen", "answer_file").order_by("number"):
        blocks.append(  # noqa: PERF401
            Block(
                title=official(one.call.title),
                when=_("dossier %(n)s") % {"n": one.number},
                facts=facts(
                    (_("Sent to OGP"), _day(one.submitted_at)),
                    (_("Answer of OGP"), _day(one.answered_on)),
                    (_("Hash"), one.frozen.sha256 if one.frozen else ""),
                ),
                texts=spoken(_("Answer of OGP"), one.answer_text),
                links=papers.of(one.frozen, one.answer_file),
            )
        )
    signed = SupportLetter.objects.filter(dossier__cycle=cycle).select_related("scan").order_by("pk")
    blocks += [
        Block(
            title=Voice(
                _("Letter of support: %(who)s") % {"who": one.organisation or one.title or _("no organisation")}
            ),
            when=_day(one.signed_on),
            links=papers.of(one.scan),
        )
        for one in signed
    ]
    verdicts = EligibilityVerdict.objects.filter(cycle=cycle).order_by("on", "pk")
    blocks += [
        Block(
            title=Voice(_named(cycle, one.criterion)),
            when=_day(one.on),
            facts=facts((_("Verdict"), _verdicts()[one.verdict]), (_("Source"), one.source)),
            texts=spoken(_("Why"), one.reason),
        )
        for one in verdicts
    ]
    evidence: dict[int, list[AnswerEvidence]] = defaultdict(list)
    for shown in AnswerEvidence.objects.filter(answer__cycle=cycle).select_related("file").order_by("pk"):
        evidence[shown.answer_id].append(shown)
    blocks += [
        Block(
            title=Voice(_named(cycle, answer.question)),
            texts=(*spoken(_("Answer"), answer.text), *spoken(_("What is missing"), answer.gaps)),
            links=papers.of(*(shown.file for shown in evidence[answer.pk])),
        )
        for answer in Answer.objects.filter(cycle=cycle).order_by("call", "question")
    ]
    lead = _("What was sent to OGP and what it answered; verdicts and answers as the Region wrote them.")
    return PackPage("dossier", _("The candidacy"), lead, tuple(blocks))


def _verdicts() -> dict[str, str]:
    verdict = EligibilityVerdict.Verdict
    return {verdict.MET: _("met"), verdict.NOT_MET: _("not met"), verdict.UNKNOWN: _("not known")}


def _named(cycle: Cycle, code: str) -> str:
    """Name a criterion or a question in the guide's words; its code where the guide has none."""
    book, lang = cycles.book_of(cycle), get_language() or "fr"
    rule = guides.rule(book, code)
    if rule is not None:
        return rule.title.in_(lang)
    for listed in (book.book.eligibility, book.book.admissibility):
        found = next((one for one in listed if one.code == code), None)
        if found is not None:
            return found.text.in_(lang)
    return code


def _voices(cycle: Cycle) -> Iterator[PackPage]:
    asked = [
        Block(
            title=official(one.title),
            when=f"{_day(one.opens_at)} – {_day(one.closes_at - dt.timedelta(seconds=1))}",
            texts=spoken(_("Question"), one.question),
        )
        for one in Consultation.objects.filter(cycle=cycle).order_by("opens_at", "pk")
    ]
    given = Contribution.objects.filter(consultation__cycle=cycle).published().order_by("number")
    numbers = list(given.values_list("pk", flat=True))
    whole = max(1, -(-len(numbers) // AT_ONCE))
    names = tuple(PackPage("suggestions", "", "", part=n).name for n in range(1, whole + 1))
    lead = _("What people wrote and moderation published, in their own words.")
    for part in range(whole):
        batch = given.filter(pk__in=numbers[part * AT_ONCE : (part + 1) * AT_ONCE])
        blocks = [] if part else list(asked)
        for one in batch.select_related("suggestion__theme", "suggestion__province"):
            blocks.append(_voice(one))
        yield PackPage("suggestions", _("Suggestions"), lead, tuple(blocks), part + 1, names if whole > 1 else ())


def _voice(one: Contribution) -> Block:
    suggestion, lang = getattr(one, "suggestion", None), get_language() or "fr"
    theme = official(suggestion.theme.name).text if suggestion and suggestion.theme else ""
    return Block(
        title=Voice(_("Suggestion %(n)s") % {"n": one.number}),
        when=_day(one.received_at),
        facts=facts(
            (_("Theme"), theme),
            (
                _("Prefecture or province"),
                suggestion.province.name_in(lang) if suggestion and suggestion.province else "",
            ),
        ),
        texts=tuple(
            (str(consultations.PARTS.get(part, part)), said(words, one.lang))
            for part, words in one.words.items()
            if words
        ),
        anchor=f"suggestion-{one.number}",
    )


def _findings(cycle: Cycle) -> PackPage:
    found = Finding.objects.filter(cycle=cycle).exclude(published_at=None).prefetch_related("sources__contribution")
    blocks = tuple(
        Block(
            title=official(one.title),
            when=_("finding %(n)s") % {"n": one.number},
            facts=facts(
                (_("Published"), _day(one.published_at)),
                (_("Suggestions gathered"), _numbers(source.contribution.number for source in one.sources.all())),
            ),
            texts=spoken(_("Synthesis"), one.synthesis),
        )
        for one in found.order_by("number")
    )
    return PackPage("findings", _("Findings"), _("What several suggestions show, and which ones."), blocks)


def _responses(cycle: Cycle) -> PackPage:
    covered: dict[int, list[int]] = defaultdict(list)
    rows = CoveredContribution.objects.filter(response__cycle=cycle).values_list("response", "contribution__number")
    for response, number in rows:
        covered[response].append(number)
    blocks = tuple(
        Block(
            title=Voice(_("Answer %(n)s") % {"n": one.number}),
            when=_day(one.given_at),
            facts=facts(
                (_("Decision"), DECISIONS[one.decision]), (_("Suggestions answered"), _numbers(covered[one.pk]))
            ),
            texts=spoken(_("Reasons"), one.reasons),
        )
        for one in ReasonedResponse.objects.filter(cycle=cycle).order_by("number")
    )
    return PackPage("responses", _("Answers given"), _("What was answered, and why."), blocks)


def _numbers(found: object) -> str:
    return _(", ").join(str(number) for number in sorted(found))  # type: ignore[call-overload]


def _commitments(cycle: Cycle, papers: Papers) -> PackPage:
    plan = ActionPlan.objects.filter(cycle=cycle).first()
    lead = _("What the plan promises, activity by activity, and each report of progress with its proofs.")
    if plan is None:
        return PackPage("commitments", _("Commitments and progress"), lead)
    versions = [one.document for one in plan.versions.exclude(published_at=None).select_related("document")]
    whole = Block(
        title=official(plan.title),
        when=f"{_day(plan.starts_on)} – {_day(plan.ends_on)}",
        links=papers.of(*versions),
    )
    blocks = [whole]
    steps: dict[int, list[Milestone]] = defaultdict(list)
    for step in Milestone.objects.filter(commitment__plan=plan).order_by("number"):
        steps[step.commitment_id].append(step)
    updates: dict[int, list[ProgressUpdate]] = defaultdict(list)
    reported = ProgressUpdate.objects.filter(commitment__plan=plan).order_by("as_of", "pk")
    for update in reported.select_related("milestone").prefetch_related("evidence__file"):
        updates[update.commitment_id].append(update)
    sheets: dict[int, list[CompletionSheet]] = defaultdict(list)
    for sheet in (
        CompletionSheet.objects.filter(commitment__plan=plan).exclude(document=None).select_related("document")
    ):
        sheets[sheet.commitment_id].append(sheet)
    for one in Commitment.objects.filter(plan=plan).select_related("unit").order_by("number"):
        own = steps[one.pk]
        blocks.append(
            Block(
                title=official(one.title),
                when=_("commitment %(n)s") % {"n": one.number},
                facts=facts(
                    (_("Unit"), official(one.unit.name).text),
                    (_("Period"), f"{_day(one.starts_on)} – {_day(one.ends_on)}"),
                    *(
                        (
                            _("Activity %(n)s") % {"n": step.number},
                            f"{official(step.title).text} ({_day(step.starts_on)} – {_day(step.ends_on)})",
                        )
                        for step in own
                    ),
                ),
                texts=tuple(pair for update in updates[one.pk] for pair in _progress(update)),
                links=(
                    *papers.of(*(sheet.document for sheet in sheets[one.pk])),
                    *(link for update in updates[one.pk] for link in _evidence(update, papers)),
                ),
                anchor=f"commitment-{one.number}",
            )
        )
    return PackPage("commitments", _("Commitments and progress"), lead, tuple(blocks))


def _progress(update: ProgressUpdate) -> tuple[tuple[str, Voice], ...]:
    about = _("activity %(n)s") % {"n": update.milestone.number} if update.milestone else _("the whole commitment")
    level = str(LEVELS[CompletionLevel(update.level)])
    return spoken(f"{_day(update.as_of)} · {about} · {level}", update.text)


def _evidence(update: ProgressUpdate, papers: Papers) -> Iterator[Link]:
    shown: Evidence
    for shown in update.evidence.all():
        yield from papers.of(shown.file)


def _organisations(cycle: Cycle) -> PackPage:
    """List the organisations that agreed to be named; people and addresses are in the folder kept inside."""
    book, lang = guides.guide(cycle.member.guide_version), get_language() or "fr"
    categories = {one.code: one.label.in_(lang) for one in book.directory}
    found = Contact.objects.of(cycle.member).filter(public=True, retired_on=None).exclude(organisation="")
    names = sorted({(categories.get(one.category, one.category), one.organisation) for one in found})
    blocks = tuple(Block(title=Voice(name), facts=facts((_("Category"), category))) for category, name in names)
    lead = _("The organisations that agreed to be named. No person's name or address stands here.")
    return PackPage("organisations", _("Organisations"), lead, blocks)
