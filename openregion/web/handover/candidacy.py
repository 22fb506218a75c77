"""The candidacy in the pack: what was frozen and sent, the member's state, calls; drafts and their history inside."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.admission import queries as admissions
from openregion.admission.models import (
    Answer,
    AnswerEvidence,
    AnswerRevision,
    Call,
    Dossier,
    EligibilityVerdict,
    PointOfContact,
    StatusEvent,
    SupportLetter,
)
from openregion.core import dates
from openregion.cycle import queries as cycles
from openregion.cycle.models import Cycle
from openregion.guide import queries as guides
from openregion.people.queries import cited
from openregion.web.handover.page import Block, PackPage, day_in_words, facts, spoken
from openregion.web.handover.papers import Papers
from openregion.web.handover.reach import running_in, within
from openregion.web.queries.voice import Voice, official


def dossier(cycle: Cycle, papers: Papers) -> PackPage:
    """Give what was frozen, which is public, in the words that were; the verdicts; the calls."""
    blocks: list[Block] = []
    frozen = Dossier.objects.filter(cycle=cycle).exclude(frozen=None)
    for one in frozen.select_related("call", "frozen", "answer_file").order_by("number"):
        blocks += _frozen(one, papers)
    blocks += [
        Block(
            title=Voice(_named(cycle, one.criterion)),
            when=day_in_words(one.on),
            facts=facts((_("Verdict"), _verdicts()[one.verdict]), (_("Source"), one.source)),
            texts=spoken(_("Why"), one.reason),
        )
        for one in EligibilityVerdict.objects.filter(cycle=cycle).order_by("on", "pk")
    ]
    blocks += [_call(one) for one in _calls(cycle) if not one.working]
    lead = _("What was frozen and sent to OGP and what it answered; verdicts; calls. Drafts are in the folder inside.")
    return PackPage("dossier", _("The candidacy"), lead, tuple(blocks))


def _frozen(one: Dossier, papers: Papers) -> Iterator[Block]:
    assert one.frozen is not None  # drafts are left out
    stated = json.loads(one.frozen.content)
    yield Block(
        title=official(one.call.title),
        when=_("dossier %(n)s") % {"n": one.number},
        facts=facts(
            (_("Frozen"), day_in_words(one.frozen.frozen_at)),
            (_("Sent to OGP"), day_in_words(one.submitted_at)),
            (_("Answer of OGP"), day_in_words(one.answered_on)),
            (_("Hash"), one.frozen.sha256),
        ),
        texts=spoken(_("Answer of OGP"), one.answer_text),
        links=papers.of(one.frozen, one.answer_file),
    )
    said = admissions.statement_in_words(stated)
    for answer in said["answers"]:
        yield Block(title=official(answer["label"]), texts=spoken(_("Answer"), answer["text"]))
    scans = SupportLetter.objects.filter(dossier=one).exclude(scan=None).select_related("scan")
    files = {letter.scan.uid: letter.scan for letter in scans if letter.scan}
    for letter in said["support"]:
        who = letter["organisation"] or letter["title"] or _("no organisation")
        yield Block(
            title=Voice(_("Letter of support: %(who)s") % {"who": who}),
            when=day_in_words(letter["signed_on"]),
            links=papers.of(files.get(letter["file"]["uid"]) if letter["file"] else None),
        )


def _calls(cycle: Cycle) -> list[Call]:
    """Give the calls that the candidacy answered, and those entered meanwhile."""
    answered = Call.objects.filter(dossiers__cycle=cycle)
    entered = within(Call.objects.of(cycle.member), cycle, "entered_at__date")
    found = {one.pk: one for one in (*answered, *entered)}
    return [found[pk] for pk in sorted(found)]


def _call(one: Call) -> Block:
    lang = get_language() or "fr"
    return Block(
        title=official(one.title),
        when=_("call"),
        facts=facts(
            (_("Opened on"), day_in_words(one.opened_on)),
            (_("Closes"), dates.instant(one.closes_at, lang) if one.closes_at else ""),
            (_("Channel"), str(admissions.CHANNELS[Call.Channel(one.channel)]) if one.channel else ""),
            (_("Source"), one.source),
        ),
        texts=tuple(
            pair
            for number, asked in enumerate(one.questions, 1)
            for pair in spoken(_("Question %(n)s") % {"n": number}, admissions.said(asked["label"]))
        ),
    )


def membership(cycle: Cycle, papers: Papers) -> PackPage:
    """Give the events that gave the member its state, and its points of contact, by name and office alone."""
    events = within(StatusEvent.objects.of(cycle.member), cycle, "on").select_related("file", "corrected_by")
    blocks = [
        Block(
            title=Voice(admissions.label_of(one.state)),
            when=day_in_words(one.on),
            facts=facts(
                (_("Source"), one.source),
                (_("Corrected"), day_in_words(_corrected_on(one))),
            ),
            texts=spoken(_("Why"), one.reason),
            links=papers.of(one.file),
        )
        for one in events
    ]
    named = running_in(PointOfContact.objects.of(cycle.member), cycle).select_related("act__file")
    blocks += [
        Block(
            title=Voice(_("Point of contact: %(name)s") % {"name": one.name}),
            when=_from_to(one),
            facts=facts((_("Named by"), cited(one.act))),
            texts=spoken(_("Function"), one.function),
            links=papers.of(one.act.file),
        )
        for one in named.order_by("starts_on", "pk")
    ]
    lead = _("The state of the Region towards OGP, event by event, and its points of contact.")
    return PackPage("membership", _("Membership and point of contact"), lead, tuple(blocks))


def _corrected_on(one: StatusEvent) -> dt.datetime | None:
    by: StatusEvent | None = getattr(one, "corrected_by", None)
    return by.recorded_at if by else None


def _from_to(one: PointOfContact) -> str:
    return f"{day_in_words(one.starts_on)} – {day_in_words(one.ends_on)}".rstrip(" –")


def drafts(cycle: Cycle, papers: Papers) -> PackPage:
    """Give, kept inside, the answers as they stand with their gaps, proofs and history; the dossiers not frozen."""
    blocks = [
        Block(
            title=official(one.call.title),
            when=_("dossier %(n)s") % {"n": one.number},
            facts=facts((_("State"), _("being written") if one.frozen_id is None else _("frozen"))),
            links=papers.of(one.submission_proof, one.answer_file, inner=True),
        )
        for one in Dossier.objects.filter(cycle=cycle)
        .select_related("call", "submission_proof", "answer_file")
        .order_by("number")
    ]
    signed = SupportLetter.objects.filter(dossier__cycle=cycle).select_related("scan").order_by("pk")
    blocks += [
        Block(
            title=Voice(_("Letter of support: %(who)s") % {"who": one.organisation or one.name}),
            when=day_in_words(one.signed_on),
            facts=facts((_("Signed by"), one.name), (_("Function"), one.title)),
            links=papers.of(one.scan, inner=True),
        )
        for one in signed
    ]
    evidence: dict[int, list[AnswerEvidence]] = defaultdict(list)
    for shown in AnswerEvidence.objects.filter(answer__cycle=cycle).select_related("file").order_by("pk"):
        evidence[shown.answer_id].append(shown)
    written: dict[int, list[AnswerRevision]] = defaultdict(list)
    for revision in AnswerRevision.objects.filter(answer__cycle=cycle).order_by("number"):
        written[revision.answer_id].append(revision)
    blocks += [
        Block(
            title=Voice(_named(cycle, answer.question)),
            texts=(
                *spoken(_("Answer"), answer.text),
                *spoken(_("What is missing"), answer.gaps),
                *(
                    pair
                    for one in written[answer.pk]
                    for pair in spoken(f"{_('Revision %(n)s') % {'n': one.number}} · {day_in_words(one.at)}", one.text)
                ),
            ),
            links=papers.of(*(shown.file for shown in evidence[answer.pk]), inner=True),
        )
        for answer in Answer.objects.filter(cycle=cycle).order_by("call", "question")
    ]
    blocks += [_call(one) for one in _calls(cycle) if one.working]
    lead = _("Answers with their gaps and their history, proofs, signed letters and dossiers being written.")
    return PackPage("candidacy", _("Drafts of the candidacy"), lead, tuple(blocks), inner=True)


def contacts(cycle: Cycle) -> PackPage:
    """Give, kept inside, how the points of contact are reached."""
    named = running_in(PointOfContact.objects.of(cycle.member), cycle).order_by("starts_on", "pk")
    blocks = tuple(
        Block(
            title=Voice(one.name),
            when=_from_to(one),
            facts=facts((_("E-mail"), one.email), (_("Telephone"), one.telephone)),
        )
        for one in named
    )
    return PackPage("contacts", _("Points of contact"), _("How each one is reached."), blocks, inner=True)


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
