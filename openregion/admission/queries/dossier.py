"""The dossier: its answers, what it still lacks, what it states once frozen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from openregion.admission.models import Answer, Call, Dossier, EligibilityVerdict, SupportLetter
from openregion.admission.queries import calls
from openregion.admission.queries.answers import (
    STATES,
    EvidenceLine,
    adopted_deliberation,
    evidence_lines,
)
from openregion.admission.queries.answers import plain as words_of
from openregion.admission.queries.contact import contact_in_office
from openregion.admission.queries.lists import as_official, book_for, criteria
from openregion.core import dates
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText
from openregion.cycle.models import Cycle
from openregion.cycle.queries import cycle_name, value_of
from openregion.people.models import Member
from openregion.people.queries import name_of
from openregion.people.rules import today
from openregion.record.models import StoredFile

State = Dossier.State
Signer = SupportLetter.Signer

STATE_WORDS = {
    State.DRAFT: (gettext_lazy("Being written"), "underway"),
    State.FROZEN: (gettext_lazy("Frozen, not sent"), "underway"),
    State.SUBMITTED: (gettext_lazy("Sent, OGP has not answered"), "underway"),
    State.ADMITTED: (gettext_lazy("Admitted by OGP"), "done"),
    State.REFUSED: (gettext_lazy("Not admitted by OGP"), "late"),
}
SIGNERS = {
    Signer.HEAD: gettext_lazy("Head of the Region, or their delegate"),
    Signer.NON_GOVERNMENT: gettext_lazy("Body that is not of government"),
    Signer.OTHER: gettext_lazy("Someone else"),
}


@dataclass(frozen=True)
class AskedLine:
    """A question of the call and what stands as its answer.

    ``drawn`` says that the answer is the condition's, not yet written for the
    call. ``length`` and ``over`` count the language that the call asks for.
    """

    code: str
    number: int
    label: OfficialText
    help: OfficialText
    limit: int | None
    limit_words: str
    unit: str
    lang: str
    required: bool
    condition: str
    text: OfficialText
    drawn: bool
    length: int
    over: int
    state: str
    label_of_state: str
    tone: str
    evidence: tuple[EvidenceLine, ...]
    url: str


@dataclass(frozen=True)
class Lacking:
    """Something the dossier lacks, and the page where it is mended; ``blocks`` when it cannot be frozen without."""

    label: str
    url: str
    blocks: bool = False


@dataclass(frozen=True)
class SupportLine:
    """A letter of support: who signs, where its words are, whether it is signed."""

    uid: str
    signer: str
    name: str
    title: str
    organisation: str
    letter: str
    scan: str
    signed_on: dt.date | None


@dataclass(frozen=True)
class DossierLine:
    """A dossier in a list."""

    name: str
    url: str
    state: str
    label: str
    tone: str
    working: bool
    public: bool
    replaced: bool


@dataclass(frozen=True)
class DossierPage:
    """A dossier: while it is written, its answers and gaps; once frozen, what it states."""

    line: DossierLine
    number: int
    candidacy: int
    call: calls.CallLine
    asked: tuple[AskedLine, ...]
    support: tuple[SupportLine, ...]
    lacking: tuple[Lacking, ...]
    stated: Mapping[str, Any] | None
    sha256: str
    frozen_at: dt.datetime | None
    submitted_at: dt.datetime | None
    channel: str
    proof: str
    answered_on: dt.date | None
    answer_text: OfficialText
    answer_file: str
    replaces: str


def dossiers_of(member: Member) -> QuerySet[Dossier]:
    """Read a member's dossiers with all that their pages need."""
    return Dossier.objects.of(member).select_related(
        "cycle__member", "call", "frozen", "replaces__cycle", "replaced_by", "submission_proof", "answer_file"
    )


def latest_dossier(cycle: Cycle | None) -> Dossier | None:
    """Give the dossier opened last in a candidacy; nothing before one is."""
    if cycle is None:
        return None
    return dossiers_of(cycle.member).filter(cycle=cycle).order_by("-number").first()


def dossier_url(dossier: Dossier, member: Member) -> str:
    """Give the address of a dossier."""
    return reverse("dossier", args=[member.slug, dossier.cycle.number, dossier.number])


def dossier_line(dossier: Dossier, member: Member) -> DossierLine:
    """Prepare a dossier for a list."""
    label, tone = STATE_WORDS[State(dossier.state)]
    return DossierLine(
        name=_("Dossier %(n)s") % {"n": dossier.number},
        url=dossier_url(dossier, member),
        state=dossier.state,
        label=str(label),
        tone=tone,
        working=dossier.call.working,
        public=dossier.frozen_id is not None,
        replaced=getattr(dossier, "replaced_by", None) is not None,
    )


def asked_lines(dossier: Dossier, member: Member) -> tuple[AskedLine, ...]:
    """List the call's questions with what stands as an answer to each: the call's own, else the condition's."""
    found = Answer.objects.filter(cycle=dossier.cycle).prefetch_related("evidence__file")
    own = {one.question: one for one in found if one.call_id == dossier.call_id}
    base = {one.question: one for one in found if one.call_id is None}
    return tuple(
        _asked(number, one, own.get(one["code"]), base.get(one.get("condition", "")), dossier, member)
        for number, one in enumerate(dossier.call.questions, 1)
    )


def _asked(
    number: int, one: Mapping[str, Any], own: Answer | None, base: Answer | None, dossier: Dossier, member: Member
) -> AskedLine:
    written = own if own and own.revision else None
    stands = written or base
    lang, unit, limit = one.get("lang", "en"), one.get("unit", "words"), one.get("limit")
    text: OfficialText = stands.text if stands else {}
    length = calls.length_of(text[lang]["text"], unit) if lang in text else 0
    label, tone = STATES[Answer.State(stands.state if stands else Answer.State.MISSING)]
    shown = [*(own.evidence.all() if own else ()), *(base.evidence.all() if base else ())]
    return AskedLine(
        code=one["code"],
        number=number,
        label=calls.said(one["label"]),
        help=calls.said(one.get("help") or {}),
        limit=limit,
        limit_words=calls.limit_in_words(limit, unit),
        unit=unit,
        lang=lang,
        required=bool(one.get("required")),
        condition=one.get("condition", ""),
        text=text,
        drawn=written is None and bool(text),
        length=length,
        over=max(0, length - limit) if limit else 0,
        state=stands.state if stands else str(Answer.State.MISSING),
        label_of_state=str(label),
        tone=tone,
        evidence=evidence_lines(shown, member),
        url=reverse("answer", args=[member.slug, dossier.call.uid, one["code"]]),
    )


def support_lines(dossier: Dossier, member: Member) -> tuple[SupportLine, ...]:
    """List the letters of support of a dossier."""
    return tuple(
        SupportLine(
            uid=one.uid,
            signer=str(SIGNERS[Signer(one.signer)]),
            name=one.name,
            title=one.title,
            organisation=one.organisation,
            letter=reverse("letter", args=[member.slug, one.letter.uid]) if one.letter else "",
            scan=reverse("support_scan", args=[member.slug, one.uid]) if one.scan_id else "",
            signed_on=one.signed_on,
        )
        for one in dossier.support.select_related("letter").order_by("pk")
    )


def lacking(dossier: Dossier, asked: tuple[AskedLine, ...]) -> tuple[Lacking, ...]:
    """List what the dossier lacks, each with the page where it is mended. Only unanswered questions block."""
    return (*_lacking_answers(asked), *_lacking_around(dossier))


def _lacking_answers(asked: tuple[AskedLine, ...]) -> list[Lacking]:
    found = []
    for one in asked:
        said: dict[str, Any] = {"n": one.number}
        if not one.length and one.required:
            found.append(Lacking(_missing_words(one), one.url, blocks=True))
        elif one.over:
            over = ngettext("%(over)s word", "%(over)s words", one.over)
            if one.unit == "characters":
                over = ngettext("%(over)s character", "%(over)s characters", one.over)
            said |= {"over": over % {"over": dates.whole(one.over)}}
            found.append(Lacking(_("Answer %(n)s is too long by %(over)s.") % said, one.url))
        elif one.length and one.state != Answer.State.READY:
            found.append(Lacking(_("Answer %(n)s is not said to be ready.") % said, one.url))
    return found


def _missing_words(one: AskedLine) -> str:
    if not one.text:
        return _("Question %(n)s has no answer.") % {"n": one.number}
    names = {"en": _("English"), "fr": _("French"), "ar": _("Arabic")}
    said = {"n": one.number, "lang": names.get(one.lang, one.lang)}
    return _("Answer %(n)s is not written in the language that the call asks for: %(lang)s.") % said


def _lacking_around(dossier: Dossier) -> list[Lacking]:
    cycle, member = dossier.cycle, dossier.cycle.member
    page, found = dossier_url(dossier, member), []
    signed = [one for one in dossier.support.all() if one.scan_id]
    outside = sum(one.signer == Signer.NON_GOVERNMENT for one in signed)
    asked = int(value_of(member, "letters-of-support", today()).value or 2)
    if not any(one.signer == Signer.HEAD for one in signed):
        found.append(Lacking(_("The letter of the head of the Region is not signed."), f"{page}#support"))
    if outside < max(1, asked - 1):
        found.append(Lacking(_("No body from outside government has signed a letter of support."), f"{page}#support"))
    if adopted_deliberation(cycle) is None:
        url = reverse("cycle", args=[member.slug, cycle.kind, cycle.number])
        found.append(Lacking(_("The Council's deliberation to join is not published."), url))
    if contact_in_office(member) is None:
        url = reverse("point_of_contact", args=[member.slug])
        found.append(Lacking(_("The point of contact is not named."), url))
    return [*found, *_lacking_verdicts(cycle, member)]


def _lacking_verdicts(cycle: Cycle, member: Member) -> list[Lacking]:
    given = dict(
        EligibilityVerdict.objects.filter(cycle=cycle).order_by("on", "pk").values_list("criterion", "verdict")
    )
    codes = [one.code for one in criteria(book_for(member, cycle))]
    silent = sum(code not in given for code in codes)
    missed = sum(given.get(code) == EligibilityVerdict.Verdict.NOT_MET for code in codes)
    url, found = reverse("eligibility", args=[member.slug]), []
    if silent:
        said = ngettext("%(n)s criterion has no verdict.", "%(n)s criteria have no verdict.", silent)
        found.append(Lacking(said % {"n": silent}, url))
    if missed:
        said = ngettext("%(n)s criterion is not met.", "%(n)s criteria are not met.", missed)
        found.append(Lacking(said % {"n": missed}, url))
    return found


def dossier_page(dossier: Dossier, member: Member) -> DossierPage:
    """Prepare a dossier's page: what is being written, or what was frozen."""
    draft = dossier.state == State.DRAFT
    asked = asked_lines(dossier, member) if draft else ()
    here = [member.slug, dossier.cycle.number, dossier.number]
    return DossierPage(
        line=dossier_line(dossier, member),
        number=dossier.number,
        candidacy=dossier.cycle.number,
        call=calls.call_line(dossier.call, member),
        asked=asked,
        support=support_lines(dossier, member),
        lacking=lacking(dossier, asked) if draft else (),
        stated=json.loads(dossier.frozen.content) if dossier.frozen else None,
        sha256=dossier.frozen.sha256 if dossier.frozen else "",
        frozen_at=dossier.frozen.frozen_at if dossier.frozen else None,
        submitted_at=dossier.submitted_at,
        channel=str(calls.CHANNELS[Call.Channel(dossier.submitted_by_channel)]) if dossier.submitted_by_channel else "",
        proof=reverse("submission_proof", args=here) if dossier.submission_proof_id else "",
        answered_on=dossier.answered_on,
        answer_text=dossier.answer_text,
        answer_file=reverse("ogp_answer_file", args=here) if dossier.answer_file_id else "",
        replaces=dossier_url(dossier.replaces, member) if dossier.replaces else "",
    )


def statement_of(dossier: Dossier) -> dict[str, Any]:
    """State the whole of a dossier, ready to be frozen: what is in it, and nothing that is not meant for everyone."""
    cycle, member, call = dossier.cycle, dossier.cycle.member, dossier.call
    return {
        "kind": "expression-of-interest",
        "schema": 1,
        "member": {
            "slug": member.slug,
            "name": words_of(member.name),
            "invented": member.invented,
            "authorities": [name_of(one) for one in member.authorities.order_by("membership__rank")],
        },
        "guide": {"version": cycle.guide_version, "sha256": cycle.guide_sha256},
        "candidacy": cycle.number,
        "dossier": dossier.number,
        "call": {
            "uid": call.uid,
            "title": words_of(call.title),
            "working": call.working,
            "source": call.source,
            "opened_on": call.opened_on.isoformat() if call.opened_on else None,
            "closes_at": call.closes_at.isoformat() if call.closes_at else None,
            "time_zone": call.time_zone,
            "channel": call.channel,
        },
        "answers": _stated_answers(dossier),
        "eligibility": _stated_verdicts(cycle, member),
        "point_of_contact": _stated_contact(member),
        "deliberation": _stated_deliberation(cycle),
        "support": [
            {
                "signer": one.signer,
                "name": one.name,
                "title": one.title,
                "organisation": one.organisation,
                "signed_on": one.signed_on.isoformat() if one.signed_on else None,
                "file": _stated_file(one.scan),
            }
            for one in dossier.support.exclude(scan=None).select_related("scan").order_by("pk")
        ],
    }


def _stated_answers(dossier: Dossier) -> list[dict[str, Any]]:
    found = Answer.objects.filter(cycle=dossier.cycle).prefetch_related("evidence__file")
    own = {one.question: one for one in found if one.call_id == dossier.call_id}
    base = {one.question: one for one in found if one.call_id is None}
    stated = []
    for one in dossier.call.questions:
        mine, drawn = own.get(one["code"]), base.get(one.get("condition", ""))
        stands = mine if mine and mine.revision else drawn
        shown = [*(mine.evidence.all() if mine else ()), *(drawn.evidence.all() if drawn else ())]
        stated.append(
            {
                "code": one["code"],
                "label": one["label"],
                "lang": one.get("lang", "en"),
                "limit": one.get("limit"),
                "unit": one.get("unit", "words"),
                "text": words_of(stands.text) if stands else {},
                "evidence": [
                    {
                        "uid": piece.uid,
                        "title": words_of(piece.title),
                        "url": piece.url,
                        "dated_on": piece.dated_on.isoformat() if piece.dated_on else None,
                        "file": _stated_file(piece.file),
                    }
                    for piece in shown
                ],
            }
        )
    return stated


def _stated_verdicts(cycle: Cycle, member: Member) -> list[dict[str, Any]]:
    given: dict[str, EligibilityVerdict] = {}
    for one in EligibilityVerdict.objects.filter(cycle=cycle).order_by("on", "pk"):
        given[one.criterion] = one
    return [
        {
            "criterion": one.code,
            "label": words_of(as_official(one.text)),
            "verdict": given[one.code].verdict,
            "reason": words_of(given[one.code].reason),
            "source": given[one.code].source,
            "on": given[one.code].on.isoformat(),
        }
        for one in criteria(book_for(member, cycle))
        if one.code in given
    ]


def _stated_contact(member: Member) -> dict[str, Any] | None:
    one = contact_in_office(member)
    if one is None:
        return None
    return {
        "name": one.name,
        "function": words_of(one.function),
        "email": one.email,
        "since": one.starts_on.isoformat(),
        "act": {"number": one.act.number, "dated_on": one.act.dated_on.isoformat()},
    }


def _stated_deliberation(cycle: Cycle) -> dict[str, Any] | None:
    one = adopted_deliberation(cycle)
    if one is None:
        return None
    return {
        "number": one.act.number,
        "dated_on": one.act.dated_on.isoformat(),
        "title": words_of(one.act.title),
        "file": _stated_file(one.act.file),
    }


def _stated_file(file: StoredFile | None) -> dict[str, Any] | None:
    if file is None:
        return None
    return {
        "uid": file.uid,
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "media_type": file.media_type,
    }


def statement_in_words(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Make a frozen statement readable by a page: official text instead of plain words, days instead of strings."""

    def day(value: str | None) -> dt.date | None:
        return dt.date.fromisoformat(value) if value else None

    return {
        "answers": [
            one
            | {"label": calls.said(one["label"]), "text": calls.said(one["text"])}
            | {
                "evidence": [
                    piece | {"title": calls.said(piece["title"]), "dated_on": day(piece["dated_on"])}
                    for piece in one["evidence"]
                ]
            }
            for one in stated["answers"]
        ],
        "support": [
            one | {"signer": str(SIGNERS[Signer(one["signer"])]), "signed_on": day(one["signed_on"])}
            for one in stated["support"]
        ],
        "deliberation": stated["deliberation"]
        and (stated["deliberation"] | {"dated_on": day(stated["deliberation"]["dated_on"])}),
        "contact": stated["point_of_contact"]
        and (
            stated["point_of_contact"]
            | {
                "function": calls.said(stated["point_of_contact"]["function"]),
                "since": day(stated["point_of_contact"]["since"]),
            }
        ),
    }


def annexes(stated: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the files that go with a dossier, each once, in the order they are cited, with a number and a name."""
    cited: list[tuple[str, Mapping[str, str], Mapping[str, Any]]] = []
    for one in stated["support"]:
        if one["file"]:
            who = one["organisation"] or one["name"]
            ending = one["file"]["name"].rpartition(".")[2]
            name = f"letter-of-support-{slugify(who, allow_unicode=True) or len(cited) + 1}.{ending}"
            cited.append(("support", _letter_of(who), {**one["file"], "name": name}))
    if stated["deliberation"] and stated["deliberation"]["file"]:
        cited.append(("deliberation", stated["deliberation"]["title"], stated["deliberation"]["file"]))
    for one in stated["answers"]:
        cited += [("evidence", piece["title"], piece["file"]) for piece in one["evidence"] if piece["file"]]
    known: dict[str, dict[str, Any]] = {}
    for kind, title, file in cited:
        if file["uid"] not in known:
            number = len(known) + 1
            known[file["uid"]] = {"number": number, "kind": kind, "title": dict(title), **file}
    return list(known.values())


def _letter_of(who: str) -> dict[str, str]:
    """Name a letter of support by who gives it, in each language."""
    said = {}
    for lang in WORKING:
        with override(lang):
            said[lang] = _("Letter of support – %(who)s") % {"who": who}
    return said


def candidacy_name(cycle: Cycle) -> str:
    """Name a candidacy."""
    return cycle_name(cycle.kind, cycle.number)


def is_late(dossier: Dossier, at: dt.datetime | None = None) -> bool:
    """Say whether the call closed before an instant: it is recorded all the same, and said."""
    closes = dossier.call.closes_at
    return bool(closes and (at or timezone.now()) > closes)
