"""The files of a cycle for the pack: what was frozen, the papers printed from it, what people joined.

A file that only the team reads goes to a folder of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.db.models.fields.files import FieldFile

from openregion.admission import queries as admissions
from openregion.admission.models import AnswerEvidence, Dossier, PointOfContact, StatusEvent, SupportLetter
from openregion.cycle.models import (
    Cycle,
    Deliberation,
    Letter,
    MeetingPaper,
    Minutes,
    Proof,
    Proposal,
    ProposalPaper,
    Publication,
)
from openregion.cycle.queries.council import is_public_deliberation
from openregion.diagnosis.exports import kept_as
from openregion.diagnosis.models import Report
from openregion.diagnosis.queries import quoted_in
from openregion.monitoring.models import CompletionSheet, Evidence
from openregion.people.models import Body, Mandate
from openregion.plan.models import PlanVersion
from openregion.record.models import FrozenDocument, Rendition, StoredFile
from openregion.registers.models import Exchange, PeerActivity
from openregion.web.handover.page import Link
from openregion.web.handover.reach import public_meetings, published_statement, reads_file, running_in, within

INTERNAL = "internal"


@dataclass(frozen=True)
class Kept:
    """A file of the pack that the platform holds on its disk, or as words in its tables."""

    path: str
    label: str
    file: FieldFile | None = None
    text: str = ""

    def content(self) -> bytes | None:
        """Read it; nothing where the disk has lost it."""
        if self.file is None:
            return self.text.encode()
        try:
            with self.file.open("rb") as opened:
                return bytes(opened.read())
        except FileNotFoundError:
            return None


@dataclass
class Papers:
    """Every file of a cycle, by the place it has in the pack; each once, whoever names it."""

    kept: dict[str, Kept] = field(default_factory=dict)
    _by_uid: dict[str, tuple[Link, ...]] = field(default_factory=dict)

    def of(self, *those: StoredFile | FrozenDocument | None, inner: bool = False) -> tuple[Link, ...]:
        """Give the links to these files and documents; those kept inside to an ``inner`` page alone.

        The very name of a file that is kept inside may say what nobody should read.
        """
        found = (link for one in those if one is not None for link in self._by_uid.get(one.uid, ()))
        return tuple(link for link in found if inner or not link.path.startswith(f"{INTERNAL}/"))

    def add_file(self, one: StoredFile | None, *, public: bool) -> None:
        """Take a file that was joined."""
        if one is None or (one.uid in self._by_uid and not public):
            return
        ending = PurePosixPath(one.name).suffix.lower()
        path = _place(f"files/{one.uid}{ending}", public=public)
        self._hold(one.uid, [Kept(path, one.name, file=one.file)])

    def add_document(self, one: FrozenDocument | None, *, public: bool, shape: str | None = None) -> None:
        """Take what was frozen, and the papers already printed from it; with ``shape``, those of that shape alone."""
        if one is None or (one.uid in self._by_uid and not public):
            return
        held = [Kept(_place(f"documents/{one.uid}.json", public=public), "JSON", text=one.content)]
        for paper in sorted(one.renditions.all(), key=_order):
            if shape is not None and paper.shape != shape:
                continue
            named = "" if shape is not None else paper.shape  # of one shape alone, nothing tells it from others
            name = "-".join(filter(None, (one.uid, named, paper.lang)))
            label = " ".join(filter(None, (paper.format.upper(), paper.lang, named)))
            held.append(Kept(_place(f"documents/{name}.{paper.format}", public=public), label, file=paper.file))
        self._hold(one.uid, held)

    def _hold(self, uid: str, held: list[Kept]) -> None:
        for link in self._by_uid.get(uid, ()):
            self.kept.pop(link.path, None)  # it was internal: somebody reads it in public
        self.kept.update({one.path: one for one in held})
        self._by_uid[uid] = tuple(Link(one.label, one.path) for one in held)


def _order(paper: Rendition) -> tuple[str, str, str]:
    return (paper.shape, paper.lang, paper.format)


def _place(path: str, *, public: bool) -> str:
    return path if public else f"{INTERNAL}/{path}"


def papers_of(cycle: Cycle) -> Papers:
    """Gather the files of a cycle, in a fixed number of questions."""
    found = Papers()
    for file, public in _files(cycle):
        found.add_file(file, public=public)
    for document, public in _documents(cycle):
        found.add_document(document, public=public)
    reports = Report.objects.published().filter(consultation__cycle=cycle).select_related("frozen", "member")
    for report in reports.prefetch_related("frozen__renditions").order_by("number"):
        # A paper that quotes words withdrawn since may still be on the disk: the one that quotes what shows, alone.
        found.add_document(report.frozen, public=True, shape=kept_as(quoted_in(report)))
    return found


def _files(cycle: Cycle) -> Iterator[tuple[StoredFile | None, bool]]:
    proofs = Proof.objects.filter(operation__cycle=cycle).exclude(file=None).select_related("file")
    yield from ((one.file, one.public and one.withdrawn_on is None) for one in proofs)
    met = public_meetings(cycle)
    for one in MeetingPaper.objects.filter(meeting__cycle=cycle).select_related("file").order_by("pk"):
        yield one.file, one.public and one.meeting_id in met
    for paper in ProposalPaper.objects.filter(proposal__cycle=cycle).select_related("file", "proposal"):
        yield paper.file, reads_file(paper.proposal)
    for vote in Deliberation.objects.filter(cycle=cycle).select_related("act__file", "visa_file").order_by("pk"):
        yield vote.act.file, is_public_deliberation(vote)
        yield vote.visa_file, is_public_deliberation(vote)
    # A signed copy shows hands and stamps: only the team opens it, on the platform as here.
    for letter in Letter.objects.filter(cycle=cycle).exclude(scan=None).select_related("scan").order_by("pk"):
        yield letter.scan, False
    shown = Publication.objects.filter(announcement__cycle=cycle).exclude(file=None)
    for out in shown.select_related("file", "announcement"):
        yield out.file, out.announcement.published_on is not None
    yield from _of_the_candidacy(cycle)
    yield from _of_the_registers(cycle)
    published = published_statement(cycle) is not None
    proofs_of_plan = Evidence.objects.filter(update_shown__commitment__plan__cycle=cycle).exclude(file=None)
    yield from ((one.file, published) for one in proofs_of_plan.select_related("file").order_by("pk"))


def _of_the_candidacy(cycle: Cycle) -> Iterator[tuple[StoredFile | None, bool]]:
    """Give what was sent to OGP, which is public, and the drafts and proofs, which stay inside.

    What was sent is what the frozen dossier cites, and nothing that was joined since.
    """
    sent = Dossier.objects.filter(cycle=cycle).exclude(submitted_at=None).exclude(frozen=None).select_related("frozen")
    cited = {
        piece["uid"]
        for one in sent
        for piece in admissions.annexes(json.loads(one.frozen.content if one.frozen else "{}"))
    }
    for one in AnswerEvidence.objects.filter(answer__cycle=cycle).exclude(file=None).select_related("file"):
        yield one.file, bool(one.file and one.file.uid in cited)
    for support in SupportLetter.objects.filter(dossier__cycle=cycle).exclude(scan=None).select_related("scan"):
        yield support.scan, bool(support.scan and support.scan.uid in cited)
    for dossier in Dossier.objects.filter(cycle=cycle).select_related("submission_proof", "answer_file"):
        yield dossier.submission_proof, False
        yield dossier.answer_file, True


def _of_the_registers(cycle: Cycle) -> Iterator[tuple[StoredFile | None, bool]]:
    for event in within(StatusEvent.objects.of(cycle.member), cycle, "on").select_related("file"):
        yield event.file, True
    for exchange in within(Exchange.objects.of(cycle.member), cycle, "on").select_related("file"):
        yield exchange.file, False
    for activity in within(PeerActivity.objects.of(cycle.member), cycle, "starts_on").select_related("file"):
        yield activity.file, True
    for body in Body.objects.of(cycle.member).select_related("act__file", "rules_file").order_by("pk"):
        yield body.rules_file, True
        if body.act:
            yield body.act.file, body.act.public
    held = running_in(Mandate.objects.filter(seat__body__in=Body.objects.of(cycle.member)), cycle)
    for mandate in held.exclude(act=None).select_related("act__file").order_by("pk"):
        if mandate.act:
            yield mandate.act.file, mandate.act.public
    named = running_in(PointOfContact.objects.of(cycle.member), cycle)
    for contact in named.select_related("act__file").order_by("pk"):
        yield contact.act.file, contact.act.public


def _documents(cycle: Cycle) -> Iterable[tuple[FrozenDocument | None, bool]]:
    def frozen(found: object, name: str = "frozen") -> Iterator[FrozenDocument]:
        rows = found.exclude(**{name: None}).select_related(name)  # type: ignore[attr-defined]
        yield from (getattr(one, name) for one in rows.prefetch_related(f"{name}__renditions").order_by("pk"))

    yield cycle.method, True
    minutes = Minutes.objects.filter(meeting__cycle=cycle)
    yield from ((one, True) for one in frozen(minutes.filter(state=Minutes.State.PUBLISHED)))
    yield from ((one, False) for one in frozen(minutes.exclude(state=Minutes.State.PUBLISHED)))
    files = Proposal.objects.filter(cycle=cycle)
    public = [one.pk for one in files if reads_file(one)]
    yield from ((one, True) for one in frozen(files.filter(pk__in=public)))
    yield from ((one, False) for one in frozen(files.exclude(pk__in=public)))
    votes = Deliberation.objects.filter(cycle=cycle)
    yield from ((one, True) for one in frozen(votes.exclude(published_on=None)))
    yield from ((one, False) for one in frozen(votes.filter(published_on=None)))
    letters = Letter.objects.filter(cycle=cycle)
    yield from ((one, True) for one in frozen(letters.filter(public=True)))
    yield from ((one, False) for one in frozen(letters.filter(public=False)))
    dossiers = Dossier.objects.filter(cycle=cycle)
    yield from ((one, True) for one in frozen(dossiers))
    versions = PlanVersion.objects.filter(plan__cycle=cycle)
    yield from ((one, True) for one in frozen(versions.exclude(published_at=None), "document"))
    yield from ((one, False) for one in frozen(versions.filter(published_at=None), "document"))
    yield from (
        (one, True) for one in frozen(CompletionSheet.objects.filter(commitment__plan__cycle=cycle), "document")
    )
