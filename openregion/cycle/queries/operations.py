"""The operations of a cycle: where each is, who is charged with it, what proves it, what is due."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, TextChoices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from openregion.core import dates, languages
from openregion.core.due import Due, Share
from openregion.core.official import OfficialText, text_in
from openregion.core.page import twin
from openregion.cycle.models import Cycle, Letter, Meeting, Operation, Proof, Stage
from openregion.cycle.queries.days import days_of
from openregion.cycle.queries.meetings import PUBLIC
from openregion.cycle.queries.pinned import book_of, cycle_name, stage_name
from openregion.guide import queries as guides
from openregion.guide.schema import Actor, Form, Guide, LetterModel, Procedure, Reference, Text
from openregion.guide.schema import Operation as Written
from openregion.people.deeds import label as deed_label
from openregion.people.models import Act, Appointment, Body, Member, User
from openregion.people.queries import cited
from openregion.people.rules import today
from openregion.record.models import SearchEntry
from openregion.record.queries import Sentence, sentences_about

PROOFS_SHOWN = 3
LATELY = dt.timedelta(days=7)
KINDS_OF_PROOF: dict[str, Promise] = {
    "deed": gettext_lazy("A deed on the platform"),
    "document": gettext_lazy("A document"),
    "meeting": gettext_lazy("A meeting"),
    "decision": gettext_lazy("A decision"),
    "letter": gettext_lazy("A letter"),
}


class OperationState(TextChoices):
    """Where an operation is; computed, never kept."""

    TO_DO = "to-do"
    PLANNED = "planned"
    DONE = "done"
    SET_ASIDE = "set-aside"


STATE_LABELS: dict[str, Promise] = {
    "to-do": gettext_lazy("To do"),
    "planned": gettext_lazy("Planned"),
    "done": gettext_lazy("Done"),
    "set-aside": gettext_lazy("Set aside"),
}
_TONES = {"to-do": "idle", "planned": "underway", "done": "done", "set-aside": "idle"}


def state_of(operation: Operation, *, proved: bool) -> OperationState:
    """Say where an operation is: what is proved is done, whatever was said of it before."""
    if proved:
        return OperationState.DONE
    if operation.set_aside_on:
        return OperationState.SET_ASIDE
    if operation.planned_on or operation.assignee_id or operation.body_id:
        return OperationState.PLANNED
    return OperationState.TO_DO


def is_proved(operation: Operation) -> bool:
    """Say whether something that was not withdrawn proves an operation done."""
    return operation.proofs.filter(withdrawn_on=None).exists()


@dataclass(frozen=True)
class ProofLine:
    """What proves an operation done: its kind in words, the day, the title, and where it is read.

    ``told`` is the title in the page's language where the thing has a page of its
    own. ``kept`` says that its document is for the team alone.
    """

    uid: str
    kind: str
    done_on: dt.date
    title: OfficialText
    told: str
    url: str
    file: str
    kept: bool
    public: bool
    withdrawn_on: dt.date | None
    reason: OfficialText


@dataclass(frozen=True)
class OperationLine:
    """An operation in its cycle's page: its words, where it is, who is charged, what proves it."""

    code: str
    url: str
    text: Text | OfficialText
    state: str
    label: str
    tone: str
    late: bool
    last_day: dt.date | None
    planned_on: dt.date | None
    who: str
    charged: bool
    proofs: tuple[ProofLine, ...]
    more: int
    own: bool
    gone: bool

    @property
    def open(self) -> bool:
        """Whether it is still to do."""
        return self.state in (OperationState.TO_DO, OperationState.PLANNED)


@dataclass(frozen=True)
class OperationPage:
    """An operation whole: its words and ground in the guide, what it uses, its proofs, its history."""

    line: OperationLine
    cycle: str
    kind: str
    number: int
    stage: str
    stage_code: str
    stage_url: str
    written: Written | None
    stakeholders: tuple[tuple[Text, tuple[Actor, ...]], ...]
    references: tuple[tuple[Text, tuple[Reference, ...]], ...]
    forms: tuple[Form, ...]
    letters: tuple[LetterModel, ...]
    withdrawn: tuple[ProofLine, ...]
    set_aside_on: dt.date | None
    set_aside_reason: OfficialText
    history: tuple[Sentence, ...]


def written_operations(book: Guide, part: str) -> dict[str, tuple[str, Written]]:
    """Map the code of each operation of a part of the process to its stage and its words, in order."""
    return {
        one.code: (stage.code, one)
        for stage in book.stages
        if stage.part == part
        for procedure in stage.procedures
        for one in procedure.operations
    }


def words_of(operation: Operation, book: Guide, known: dict[str, tuple[str, Written]] | None = None) -> Any:
    """Give an operation in words: its own, else the guide's, else its code."""
    if operation.text:
        return operation.text
    found = (known or written_operations(book, operation.cycle.kind)).get(operation.code)
    return found[1].text if found else {"fr": {"text": operation.code, "at": "", "of": ""}}


def in_words(text: Text | OfficialText, lang: str = "") -> str:
    """Write guide or official text in the page's language, without the stop a list leaves at its end."""
    lang = lang or get_language() or "fr"
    said = text.in_(lang) if isinstance(text, Text) else text_in(text, lang)
    return said.rstrip(" ;.؛")


def operation_lines(
    cycle: Cycle, member: Member, book: Guide, *, for_team: bool, most: int | None = PROOFS_SHOWN, code: str = ""
) -> tuple[tuple[str, OperationLine], ...]:
    """List a cycle's operations with the code of their stage, in order; of ``code`` one alone.

    A person charged is named to the team only. The same number of readings for one and for thirty.
    """
    rows = cycle.operations.select_related("assignee", "body").prefetch_related(_valid_proofs())
    found = list(rows.filter(code=code) if code else rows)
    known = written_operations(book, cycle.kind)
    proofs = [proof for one in found for proof in one.valid]  # type: ignore[attr-defined]
    drawn = proof_lines(proofs, cycle, member, for_team=for_team)
    day, ends = today(), dict(cycle.stages.values_list("code", "ends_on"))
    return tuple(
        (one.stage, _line(one, cycle, member, known, drawn, day, ends.get(one.stage), for_team=for_team, most=most))
        for one in found
    )


def last_day_of(operation: Operation, stage_ends_on: dt.date | None) -> dt.date | None:
    """Give the day after which an operation is late: its own, else the end of its stage once someone has charge of it.

    What nobody took is never late: it is settled when its stage is over.
    """
    if operation.planned_on or not (operation.assignee_id or operation.body_id):
        return operation.planned_on
    return stage_ends_on


def _valid_proofs() -> Prefetch[Any, Any, Any]:
    valid = Proof.objects.filter(withdrawn_on=None).select_related("file", "operation")
    return Prefetch("proofs", queryset=valid, to_attr="valid")


def _line(
    one: Operation,
    cycle: Cycle,
    member: Member,
    known: dict[str, tuple[str, Written]],
    drawn: dict[int, ProofLine],
    day: dt.date,
    ends_on: dt.date | None,
    *,
    for_team: bool,
    most: int | None,
) -> OperationLine:
    valid: list[Proof] = one.valid  # type: ignore[attr-defined]
    state = state_of(one, proved=bool(valid))
    last = last_day_of(one, ends_on) if state == OperationState.PLANNED else None
    late = last is not None and last < day
    shown = valid[:most]
    return OperationLine(
        code=one.code,
        url=reverse("operation", args=[member.slug, cycle.kind, cycle.number, one.code]),
        text=one.text or (known[one.code][1].text if one.code in known else _code_alone(one.code)),
        state=state,
        label=_("Late") if late else str(STATE_LABELS[state]),
        tone="late" if late else _TONES[state],
        late=late,
        last_day=last,
        planned_on=one.planned_on,
        who=_who(one, for_team=for_team),
        charged=bool(one.assignee_id or one.body_id),
        proofs=tuple(drawn[proof.pk] for proof in shown),
        more=len(valid) - len(shown),
        own=one.added_on is not None,
        gone=one.added_on is None and one.code not in known,
    )


def _code_alone(code: str) -> OfficialText:
    return {"fr": {"text": code, "at": "", "of": ""}}


def _who(one: Operation, *, for_team: bool) -> str:
    if one.body:
        return text_in(one.body.name, get_language() or "fr")
    if one.assignee:
        return (one.assignee.name or one.assignee.email) if for_team else _("a person of the team")
    return ""


def proof_lines(proofs: Collection[Proof], cycle: Cycle, member: Member, *, for_team: bool) -> dict[int, ProofLine]:
    """Say what each proof is and where it is read, by its key."""
    pages = _pages_of(member, proofs, for_team=for_team)
    return {one.pk: _proof_line(one, cycle, member, pages, for_team=for_team) for one in proofs}


def _proof_line(
    one: Proof, cycle: Cycle, member: Member, pages: dict[str, tuple[str, str]], *, for_team: bool
) -> ProofLine:
    told, url = pages.get(one.subject_uid, ("", "")) if one.subject_uid else ("", "")
    hidden = one.kind == Proof.Kind.MEETING and bool(told) and not url  # its title says what a few guests met about
    readable = one.file is not None and (for_team or (one.public and one.withdrawn_on is None))
    place = [member.slug, cycle.kind, cycle.number, one.operation.code, one.uid]
    return ProofLine(
        uid=one.uid,
        kind=deed_label(one.deed) if one.kind == Proof.Kind.DEED else str(KINDS_OF_PROOF[one.kind]),
        done_on=one.done_on,
        title={} if hidden else one.title,
        told=told if hidden or not one.title else "",
        url=url,
        file=reverse("proof_file", args=place) if readable else "",
        kept=one.file is not None and not readable,
        public=one.public,
        withdrawn_on=one.withdrawn_on,
        reason=one.withdrawn_reason,
    )


def _pages_of(member: Member, proofs: Iterable[Proof], *, for_team: bool) -> dict[str, tuple[str, str]]:
    """Find the page of each thing that proves: search knows the public ones; meetings, acts and letters have theirs."""
    uids: dict[str, set[str]] = defaultdict(set)
    for one in proofs:
        uids[one.kind].add(one.subject_uid)
    every = set().union(*uids.values()) - {""}
    lang = get_language() or "fr"
    pages: dict[str, tuple[str, str]] = {}
    held = Meeting.objects.of(member).filter(uid__in=uids["meeting"])
    readable = held if for_team else held.filter(PUBLIC)
    pages |= dict.fromkeys(held.values_list("uid", flat=True), (_("Held, not public"), ""))
    for meeting in readable:
        pages[meeting.uid] = (text_in(meeting.title, lang), reverse("meeting", args=[member.slug, meeting.number]))
    for letter in Letter.objects.of(member).filter(uid__in=uids["letter"]):
        if for_team or letter.public:
            pages[letter.uid] = (text_in(letter.title, lang), reverse("letter", args=[member.slug, letter.uid]))
    for act in Act.objects.of(member).shown(early=for_team).filter(uid__in=uids["decision"]).distinct():
        pages[act.uid] = (cited(act), reverse("act_file", args=[member.slug, act.uid]) if act.file_id else "")
    entries = SearchEntry.objects.of(member.slug).filter(lang=languages.body_lang(lang), subject_uid__in=every)
    for uid, title, path in entries.values_list("subject_uid", "title", "path"):
        pages[uid] = (title, twin(path, lang))
    return pages


def operation_page(operation: Operation, member: Member, book: Guide, *, for_team: bool) -> OperationPage:
    """Prepare an operation's page, in the words of the method its cycle pinned."""
    cycle = operation.cycle
    ((_stage, line),) = operation_lines(cycle, member, book, for_team=for_team, most=None, code=operation.code)
    procedure, written = _procedure_of(book, operation.code)
    here = {one.code for one in guides.guide(member.guide_version).stages}
    gone = list(operation.proofs.exclude(withdrawn_on=None).select_related("file", "operation"))
    withdrawn = proof_lines(gone, cycle, member, for_team=for_team)
    actors, cites = {one.code: one for one in book.actors}, {one.code: one for one in book.references}
    return OperationPage(
        line=line,
        cycle=cycle_name(cycle.kind, cycle.number),
        kind=cycle.kind,
        number=cycle.number,
        stage=stage_name(cycle, operation.stage),
        stage_code=operation.stage,
        stage_url=reverse("method_stage", args=[member.slug, operation.stage]) if operation.stage in here else "",
        written=written,
        stakeholders=tuple(
            (one.text, tuple(actors[code] for code in one.actors))
            for one in (procedure.stakeholders if procedure else ())
        ),
        references=tuple(
            (one.text, tuple(cites[code] for code in one.cites)) for one in (procedure.references if procedure else ())
        ),
        forms=tuple(one for one in book.forms if written and one.code in written.forms),
        letters=tuple(one for one in book.letters if operation.code in one.operations) if for_team else (),
        withdrawn=tuple(withdrawn[one.pk] for one in gone),
        set_aside_on=operation.set_aside_on,
        set_aside_reason=operation.set_aside_reason,
        history=sentences_about(member.slug, subject_type="Operation", subject_uid=operation.uid),
    )


def _procedure_of(book: Guide, code: str) -> tuple[Procedure | None, Written | None]:
    for stage in book.stages:
        for procedure in stage.procedures:
            for one in procedure.operations:
                if one.code == code:
                    return procedure, one
    return None, None


def operation_of(cycle: Cycle, code: str) -> Operation | None:
    """Find an operation of a cycle by its code; nothing where the cycle has none."""
    return cycle.operations.filter(code=code).select_related("cycle__member", "assignee", "body").first()


def team_of(member: Member) -> QuerySet[User]:
    """List those who hold a role today at a member: who may be charged with an operation."""
    held = Appointment.objects.of(member).held_on(today()).values("user")
    return User.objects.filter(pk__in=held, is_active=True).order_by("pk")


def bodies_to_charge(member: Member) -> QuerySet[Body]:
    """List the bodies that may be charged with an operation."""
    return Body.objects.of(member).filter(dissolved_on=None)


def held_meetings(member: Member) -> QuerySet[Meeting]:
    """List the meetings that were held, the latest first: they may prove an operation."""
    return Meeting.objects.of(member).filter(state=Meeting.State.HELD).order_by("-starts_at", "-pk")


def issued_letters(member: Member) -> QuerySet[Letter]:
    """List the letters that were issued, the latest first: they may prove an operation."""
    return Letter.objects.of(member).filter(state=Letter.State.ISSUED).order_by("-issued_on", "-pk")


def latest_cycles(member: Member) -> tuple[Cycle, ...]:
    """Give the cycle of each kind that was opened last: those the work of the day is about."""
    latest: dict[str, Cycle] = {}
    for one in Cycle.objects.of(member).latest_first().select_related("member"):
        latest.setdefault(one.kind, one)
    return tuple(latest.values())


def due_operations(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say which operations are due, awaited from a body, or done these last days, in the cycles of the day.

    One without a day of its own is due by the end of its stage, once that stage has
    begun; those of a stage that is over, which nobody took, are settled together.
    """
    cycles = {one.pk: one for one in latest_cycles(member)}
    stages = {(one.cycle_id, one.code): one for one in Stage.objects.filter(cycle__in=cycles).select_related("cycle")}
    lately = Q(proofs__withdrawn_on=None, proofs__done_on__gt=today - LATELY)
    rows = Operation.objects.filter(cycle__in=cycles)
    wanted = Q(pk__in=rows.open().values("pk")) | Q(pk__in=rows.filter(lately).values("pk"))
    found = rows.filter(wanted).select_related("body").prefetch_related(_valid_proofs())
    books = {pk: book_of(one) for pk, one in cycles.items()}
    known = {pk: written_operations(books[pk], one.kind) for pk, one in cycles.items()}
    alone: list[Due] = []
    forgotten: dict[tuple[int, str], list[Due]] = defaultdict(list)
    for one in found:
        stage = stages.get((one.cycle_id, one.stage))
        line = _due(one, cycles[one.cycle_id], member, known[one.cycle_id], stage)
        if line and line.deed == "plan_operation" and stage and days_of(stage).state == "done":
            forgotten[one.cycle_id, one.stage].append(line)
        elif line:
            alone.append(line)
    gathered = (_to_settle(lines, cycles[pk], code, member) for (pk, code), lines in forgotten.items())
    return (*alone, *gathered)


def _to_settle(lines: list[Due], cycle: Cycle, code: str, member: Member) -> Due:
    """Make one line of what an ended stage left with nobody in charge: the desk is not a list of old omissions.

    It has no day: nobody was ever told one. Each duty of coordination keeps its own count.
    """
    served = Counter(line.duty for line in lines if line.duty)
    stage = stage_name(cycle, code)
    return Due(
        key=f"settle:{cycle.uid}:{code}",
        label=_settle(len(lines), stage),
        url=f"{reverse('cycle', args=[member.slug, cycle.kind, cycle.number])}#{code}",
        act=_("Settle them"),
        why=_("The stage is over. Prove what was done, say why the rest was not, or give it a day."),
        deed="plan_operation",
        shares=tuple(Share(duty, n, _settle(n, stage)) for duty, n in served.items()),
    )


def _settle(n: int, stage: str) -> str:
    label = ngettext(
        "%(stage)s: %(n)s operation has neither proof nor reason. Settle it.",
        "%(stage)s: %(n)s operations have neither proof nor reason. Settle them.",
        n,
    )
    return label % {"n": n, "stage": stage}


def _due(
    one: Operation, cycle: Cycle, member: Member, known: dict[str, tuple[str, Written]], stage: Stage | None
) -> Due | None:
    written = known.get(one.code, ("", None))[1]
    valid: list[Proof] = one.valid  # type: ignore[attr-defined]
    begun = stage is not None and days_of(stage).state in ("present", "done")
    if not valid and state_of(one, proved=False) == OperationState.TO_DO and not begun:
        return None
    day, why = one.planned_on, ""
    if day is None and begun and stage is not None and stage.ends_on:
        day, why = stage.ends_on, _("Its stage ends that day; it has no day of its own.")
    awaited = text_in(one.body.name, get_language() or "fr") if one.body and not valid else ""
    if awaited and day and day < today():
        # Past its day it is late, whoever has charge of it: as the cycle's page counts it.
        why, awaited = _("Awaited from: %(body)s.") % {"body": awaited}, ""
    taken = bool(one.assignee_id or one.body_id or one.planned_on)
    deed, where = "prove_operation" if taken else "plan_operation", [member.slug, cycle.kind, cycle.number, one.code]
    text = one.text or (written.text if written else _code_alone(one.code))
    return Due(
        key=f"operation:{one.uid}",
        label=in_words(text),
        url=reverse("operation", args=where),
        act=_("Give its proof") if taken else _("Say who does it, and when"),
        act_url=reverse(deed, args=where),
        day=day,
        done_on=max(proof.done_on for proof in valid) if valid else None,
        waits_for=awaited,
        why="" if valid else why,
        deed=deed,
        assignee=one.assignee_id,
        duty=written.duties[0] if written and written.duties else "",
    )


def late_words(day: dt.date, text: Text | OfficialText) -> str:
    """Say that an operation is late, since which day."""
    return _("Late since %(day)s: %(operation)s") % {
        "day": dates.day(day, get_language() or "fr"),
        "operation": in_words(text),
    }
