"""The pages of the pack, in the language in force: what a cycle did, said for whoever comes next."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

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
    Minutes,
    NamedVote,
    Operation,
    Proof,
    Proposal,
    ProposalPaper,
)
from openregion.cycle.queries.council import is_public_deliberation
from openregion.cycle.queries.meetings import KINDS as MEETINGS
from openregion.cycle.queries.meetings import STATES as MEETING_STATES
from openregion.diagnosis.models import Finding, Report
from openregion.diagnosis.queries import REPORT_KINDS, SECTIONS, parts_of, stated_of
from openregion.guide import queries as guides
from openregion.monitoring.models import CompletionLevel, CompletionSheet, Evidence, ProgressUpdate
from openregion.monitoring.queries.standing import worded
from openregion.monitoring.rules import LEVELS
from openregion.people.deeds import label as deed_label
from openregion.people.models import Contact
from openregion.people.queries import cited
from openregion.plan.models import ActionPlan, CoveredContribution, ReasonedResponse
from openregion.plan.queries import DECISIONS
from openregion.web.handover.around import activities, announcements, bodies, exchanges
from openregion.web.handover.candidacy import dossier, membership
from openregion.web.handover.page import Block, Link, PackPage, day_in_words, facts, spoken
from openregion.web.handover.papers import Papers
from openregion.web.handover.reach import public_meetings, published_statement, reads_file
from openregion.web.queries.voice import Voice, official, said

AT_ONCE = 500  # suggestions on a page of the pack


def chapters(cycle: Cycle, papers: Papers) -> Iterator[PackPage]:
    """Give every page but the first, one at a time: a long list goes over several."""
    yield _operations(cycle, papers)
    yield meetings(cycle, papers)
    yield council(cycle, papers)
    yield letters(cycle, papers)
    if cycle.kind == Cycle.Kind.ADMISSION:
        yield dossier(cycle, papers)
    yield membership(cycle, papers)
    yield announcements(cycle, papers)
    yield from _voices(cycle)
    yield _findings(cycle)
    yield _reports(cycle, papers)
    yield _responses(cycle)
    yield _commitments(cycle, papers)
    yield bodies(cycle, papers)
    yield _organisations(cycle)
    yield exchanges(cycle, papers)
    yield activities(cycle, papers)


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
        gone = [proof for proof in own if proof.withdrawn_on is not None]
        told = [(_("Done"), f"{day_in_words(proof.done_on)} · {_proof_words(proof)}") for proof in valid]
        told += [
            (_("Proof withdrawn"), f"{day_in_words(proof.withdrawn_on)} · {_proof_words(proof)}") for proof in gone
        ]
        blocks.append(
            Block(
                title=official(one.text) if one.text else Voice(words.get(one.code, one.code)),
                when=day_in_words(min((proof.done_on for proof in valid), default=None)) or _("not done"),
                facts=facts(
                    (_("Stage"), stages.get(one.stage, one.stage)),
                    (_("Charged with it"), official(one.body.name).text if one.body else ""),
                    (_("Set for"), day_in_words(one.planned_on)),
                    (_("Set aside"), day_in_words(one.set_aside_on)),
                    *told,
                ),
                texts=(
                    *spoken(_("Why it was set aside"), one.set_aside_reason),
                    *(
                        pair
                        for proof in gone
                        for pair in spoken(_("Why a proof was withdrawn"), proof.withdrawn_reason)
                    ),
                ),
                links=papers.of(*(proof.file for proof in valid)),
            )
        )
    lead = _("Each operation of the method, what proves it, or why it was set aside.")
    return PackPage("operations", _("Operations and their proofs"), lead, tuple(blocks))


def _proof_words(proof: Proof) -> str:
    title = official(proof.title).text if proof.title else ""
    return title or (deed_label(proof.deed) if proof.deed else _("proof given by hand"))


def meetings(cycle: Cycle, papers: Papers, *, inner: bool = False) -> PackPage:
    """Give the meetings that everyone may read; or, kept inside, the others and the minutes not published."""
    agenda: dict[int, list[AgendaItem]] = defaultdict(list)
    for item in AgendaItem.objects.filter(meeting__cycle=cycle):
        agenda[item.meeting_id].append(item)
    joined: dict[int, list[MeetingPaper]] = defaultdict(list)
    for paper in MeetingPaper.objects.filter(meeting__cycle=cycle).select_related("file").order_by("pk"):
        joined[paper.meeting_id].append(paper)
    public, blocks = public_meetings(cycle), []
    for one in Meeting.objects.filter(cycle=cycle).select_related("body", "minutes__frozen"):
        minutes = getattr(one, "minutes", None)
        told = minutes is not None and minutes.state == Minutes.State.PUBLISHED
        kept = any(not paper.public for paper in joined[one.pk]) or (minutes is not None and not told)
        if (one.pk not in public or kept) if inner else one.pk in public:
            shown = minutes if told or inner else None
            blocks.append(_meeting(one, agenda[one.pk], joined[one.pk], shown, papers, inner=inner))
    if inner:
        lead = _("Meetings for a few guests, and what is not published of the others: drafts, papers of the guests.")
        return PackPage("meetings", _("Meetings kept inside"), lead, tuple(blocks), inner=True)
    lead = _("Each public meeting, its agenda, what was decided, its minutes. Who came is in the folder kept inside.")
    return PackPage("meetings", _("Meetings and minutes"), lead, tuple(blocks))


def _meeting(
    one: Meeting,
    agenda: list[AgendaItem],
    joined: list[MeetingPaper],
    minutes: Minutes | None,
    papers: Papers,
    *,
    inner: bool,
) -> Block:
    texts = [*spoken(_("What for"), one.purpose)]
    for item in agenda:
        texts += spoken(_("Point %(n)s of the agenda") % {"n": item.rank}, item.title)
        texts += spoken(_("What was decided"), item.decision)
    if minutes is not None:
        texts += spoken(_("Minutes"), minutes.text)
    return Block(
        title=official(one.title),
        when=dates.instant(one.starts_at, get_language() or "fr"),
        facts=facts(
            (_("Kind"), str(MEETINGS[one.kind])),
            (_("Body"), official(one.body.name).text if one.body else ""),
            (_("Place"), official(one.place).text),
            (_("State"), str(MEETING_STATES[one.state][0])),
            (_("Quorum"), _quorum(one.quorum_met)),
        ),
        texts=tuple(texts),
        links=papers.of(*(paper.file for paper in joined), minutes.frozen if minutes else None, inner=inner),
        anchor=f"meeting-{one.number}",
    )


def _quorum(met: bool | None) -> str:
    if met is None:
        return ""
    return _("met") if met else _("not met")


def council(cycle: Cycle, papers: Papers, *, inner: bool = False) -> PackPage:
    """Give the files and votes that everyone may read; or, kept inside, those being prepared or not published."""
    joined: dict[int, list[ProposalPaper]] = defaultdict(list)
    for paper in ProposalPaper.objects.filter(proposal__cycle=cycle).select_related("file"):
        joined[paper.proposal_id].append(paper)
    files = Proposal.objects.filter(cycle=cycle).select_related("frozen", "commission").order_by("number")
    blocks = [
        Block(
            title=official(file.title),
            when=_("file %(n)s") % {"n": file.number},
            facts=facts(
                (_("Addressed to the Wali"), day_in_words(file.agenda_addressed_on)),
                (_("Commission"), official(file.commission.name).text if file.commission else ""),
                (_("Referred"), day_in_words(file.referred_on)),
                (_("Hash"), file.frozen.sha256 if file.frozen else ""),
            ),
            texts=(
                *spoken(_("Report"), file.report),
                *spoken(_("Decision proposed"), file.decision_text),
                *spoken(_("Opinion of the commission"), file.opinion_text),
                *spoken(_("Why it was withdrawn"), file.withdrawn_reason),
            ),
            links=papers.of(*(paper.file for paper in joined[file.pk]), file.frozen, inner=inner),
            anchor=f"file-{file.number}",
        )
        for file in files
        if reads_file(file) is not inner
    ]
    votes = Deliberation.objects.filter(cycle=cycle).select_related("act__file", "visa_file", "frozen", "proposal")
    blocks += [
        _vote(vote, papers, inner=inner)
        for vote in votes.prefetch_related("named_votes__mandate").order_by("act__dated_on", "pk")
        if is_public_deliberation(vote) is not inner
    ]
    if inner:
        lead = _("Files that are being prepared, and votes that are not published.")
        return PackPage("council", _("Council, kept inside"), lead, tuple(blocks), inner=True)
    lead = _("The files put to the Council, the votes, the answer of the administrative authority.")
    return PackPage("council", _("Council and deliberations"), lead, tuple(blocks))


def _vote(vote: Deliberation, papers: Papers, *, inner: bool) -> Block:
    choice = NamedVote.Choice
    names = {choice.FOR: _("For"), choice.AGAINST: _("Against"), choice.ABSTAINED: _("Abstained")}
    by_name: dict[str, list[str]] = defaultdict(list)
    for one in vote.named_votes.all():
        by_name[one.choice].append(one.mandate.holder_name)
    by = _("by name")
    named = [(f"{label} · {by}", _(", ").join(sorted(by_name[code]))) for code, label in names.items()]
    return Block(
        title=official(vote.act.title),
        when=cited(vote.act),
        facts=facts(
            (_("Decision"), cycles.DECISIONS[vote.decision]),
            (_("For"), vote.votes_for),
            (_("Against"), vote.votes_against),
            (_("Abstained"), vote.abstained),
            (_("Not taking part"), vote.not_taking_part),
            *named,
            (_("Sent to the administrative authority"), day_in_words(vote.sent_on)),
            (_("Answer of the administrative authority"), _visa(vote)),
            (_("Published"), day_in_words(vote.published_on)),
            (_("Hash"), vote.frozen.sha256 if vote.frozen else ""),
        ),
        texts=(*spoken(_("Decision"), vote.text), *spoken(_("Reasons of the visa"), vote.visa_reasons)),
        links=papers.of(vote.act.file, vote.visa_file, vote.frozen, inner=inner),
    )


def _visa(vote: Deliberation) -> str:
    visa = Deliberation.Visa
    words = {
        visa.AWAITED: _("awaited"),
        visa.GRANTED: _("visa granted"),
        visa.REFUSED: _("visa refused"),
        visa.TACIT: _("visa tacit"),
    }
    said_so = words.get(visa(vote.visa), "")
    return f"{said_so} · {day_in_words(vote.visa_on)}" if said_so and vote.visa_on else said_so


def letters(cycle: Cycle, papers: Papers, *, inner: bool = False) -> PackPage:
    """Give the letters that everyone may read; or, kept inside, all of them with their signed copies, drafts last."""
    found = Letter.objects.filter(cycle=cycle)
    if not inner:
        found = found.filter(state=Letter.State.ISSUED, public=True)
    blocks = tuple(
        Block(
            title=official(one.title),
            when=day_in_words(one.issued_on) or _("draft"),
            facts=facts(
                (_("Number"), f"{one.number}/{one.year}" if one.number else ""),
                (_("Hash"), one.frozen.sha256 if one.frozen else ""),
            ),
            texts=(
                *(spoken(_("Addressed to"), one.addressee) if inner else ()),
                *spoken(_("Letter"), one.text),
                *spoken(_("Signed by"), one.signatory),
            ),
            links=papers.of(one.frozen, one.scan, inner=inner),
        )
        for one in found.select_related("frozen", "scan").order_by(F("number").asc(nulls_last=True), "year", "pk")
    )
    if inner:
        lead = _("Every letter of the cycle, those of the team and drafts too, with their signed copies.")
        return PackPage("letters", _("Letters kept inside"), lead, blocks, inner=True)
    lead = _("The letters that everyone may read. The others are in the folder kept inside.")
    return PackPage("letters", _("Letters"), lead, blocks)


def _voices(cycle: Cycle) -> Iterator[PackPage]:
    asked = [
        Block(
            title=official(one.title),
            when=f"{day_in_words(one.opens_at)} – {day_in_words(one.closes_at - dt.timedelta(seconds=1))}",
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
        when=day_in_words(one.received_at),
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
                (_("Published"), day_in_words(one.published_at)),
                (_("Suggestions gathered"), _numbers(source.contribution.number for source in one.sources.all())),
            ),
            texts=spoken(_("Synthesis"), one.synthesis),
        )
        for one in found.order_by("number")
    )
    return PackPage("findings", _("Findings"), _("What several suggestions show, and which ones."), blocks)


def _reports(cycle: Cycle, papers: Papers) -> PackPage:
    found = Report.objects.published().filter(consultation__cycle=cycle).select_related("frozen")
    blocks = tuple(_report(one, stated_of(one), papers) for one in found.order_by("number"))
    lead = _("What was said, meeting by meeting, theme by theme and in all, as each report was frozen.")
    return PackPage("reports", _("Reports"), lead, blocks)


def _report(one: Report, stated: Mapping[str, Any], papers: Papers) -> Block:
    figures = stated["figures"]
    return Block(
        title=official(worded(stated["title"])),
        when=_("report %(n)s") % {"n": one.number},
        facts=facts(
            (_("Kind"), str(REPORT_KINDS[one.kind])),
            (_("Published"), day_in_words(one.published_at)),
            (_("Corrects report"), stated["replaces"]),
            (_("Suggestions published"), figures["published"]),
            (_("Cited in this report"), figures["cited"]),
            (_("Hash"), one.frozen.sha256 if one.frozen else ""),
        ),
        texts=tuple(
            pair
            for passage in stated["passages"]
            for pair in spoken(str(SECTIONS[passage["section"]]), worded(_unmarked(passage["text"])))
        ),
        links=papers.of(one.frozen),
        anchor=f"report-{one.number}",
    )


def _unmarked(text: Mapping[str, str]) -> dict[str, str]:
    """Give the words of a passage without the marks of its layout."""
    return {lang: "\n".join(line for part in parts_of(said) for line in part.lines) for lang, said in text.items()}


def _responses(cycle: Cycle) -> PackPage:
    covered: dict[int, list[int]] = defaultdict(list)
    rows = CoveredContribution.objects.filter(response__cycle=cycle).values_list("response", "contribution__number")
    for response, number in rows:
        covered[response].append(number)
    blocks = tuple(
        Block(
            title=Voice(_("Answer %(n)s") % {"n": one.number}),
            when=day_in_words(one.given_at),
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
    """Give the plan in the words that were published last: what is drafted since is in nobody's hands yet."""
    stated = published_statement(cycle)
    lead = _("What the plan promises, activity by activity, and each report of progress with its proofs.")
    plan = ActionPlan.objects.filter(cycle=cycle).first()
    if plan is None or stated is None:
        return PackPage("commitments", _("Commitments and progress"), lead)
    versions = [one.document for one in plan.versions.exclude(published_at=None).select_related("document")]
    whole = Block(
        title=official(worded(stated["title"])),
        when=f"{day_in_words(plan.starts_on)} – {day_in_words(plan.ends_on)}",
        links=papers.of(*versions),
    )
    updates: dict[str, list[ProgressUpdate]] = defaultdict(list)
    reported = ProgressUpdate.objects.filter(commitment__plan=plan).order_by("as_of", "pk")
    for update in reported.select_related("milestone", "commitment").prefetch_related("evidence__file"):
        updates[update.commitment.uid].append(update)
    sheets: dict[str, list[CompletionSheet]] = defaultdict(list)
    issued = CompletionSheet.objects.filter(commitment__plan=plan).issued()
    for sheet in issued.select_related("document", "commitment"):
        sheets[sheet.commitment.uid].append(sheet)
    blocks = (_commitment(one, updates[one["uid"]], sheets[one["uid"]], papers) for one in stated["commitments"])
    return PackPage("commitments", _("Commitments and progress"), lead, (whole, *blocks))


def _commitment(
    one: Mapping[str, Any], updates: list[ProgressUpdate], sheets: list[CompletionSheet], papers: Papers
) -> Block:
    steps = (
        (
            _("Activity %(n)s") % {"n": step["number"]},
            f"{official(worded(step['title'])).text} ({_between(step)})",
        )
        for step in one["milestones"]
    )
    return Block(
        title=official(worded(one["title"])),
        when=_("commitment %(n)s") % {"n": one["number"]},
        facts=facts((_("Unit"), official(worded(one["unit"])).text), (_("Period"), _between(one)), *steps),
        texts=tuple(pair for update in updates for pair in _progress(update)),
        links=(
            *papers.of(*(sheet.document for sheet in sheets)),
            *(link for update in updates for link in _evidence(update, papers)),
        ),
        anchor=f"commitment-{one['number']}",
    )


def _between(stated: Mapping[str, Any]) -> str:
    first, last = (dt.date.fromisoformat(stated[name]) for name in ("starts_on", "ends_on"))
    return f"{day_in_words(first)} – {day_in_words(last)}"


def _progress(update: ProgressUpdate) -> tuple[tuple[str, Voice], ...]:
    about = _("activity %(n)s") % {"n": update.milestone.number} if update.milestone else _("the whole commitment")
    level = str(LEVELS[CompletionLevel(update.level)])
    return spoken(f"{day_in_words(update.as_of)} · {about} · {level}", update.text)


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
