"""Files put to the Council and what it decided, invented for tests.

``ProposalFactory(cycle=…)`` is being assembled; ``on_agenda(…)`` places it at a
session, ``frozen(…)`` freezes it by its deed; ``voted(…)`` has the Council adopt
it. ``a_session(member, held=True)`` is a session of its council.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from openregion.cycle import actions
from openregion.cycle.models import Deliberation, Meeting, Proposal, ProposalPaper
from openregion.cycle.queries.council import Counts
from openregion.people.models import Body, Mandate, Member, User
from openregion.record.models import StoredFile
from tests.factories.cycle import CycleFactory
from tests.factories.people import BodyFactory, MandateFactory, SeatFactory, UserFactory, words

NOW = dt.datetime(2026, 10, 20, 9, 0, tzinfo=dt.UTC)
SESSION_ON = dt.datetime(2026, 10, 5, 10, 0, tzinfo=dt.UTC)


def a_council(member: Member) -> Body:
    """Give the council of a member's first authority."""
    authority = member.authorities.order_by("pk")[0]
    found = Body.objects.filter(authority=authority, kind="council").first()
    return found or BodyFactory(authority=authority, kind="council")


def voters(council: Body, count: int = 3) -> list[Mandate]:
    """Seat as many people in a council, all of whom vote."""
    return [MandateFactory(seat=SeatFactory(body=council, rank=rank)) for rank in range(1, count + 1)]


def a_session(
    member: Member, *, held: bool = False, quorum: bool | None = True, on: dt.datetime = SESSION_ON, **fields: Any
) -> Meeting:
    """Make an ordinary session of a member's council; ``held`` records its quorum."""
    number = Meeting.objects.filter(member=member).count() + 1
    state = {"state": "held", "quorum_met": quorum, "closed_on": timezone.localdate(on)} if held else {}
    usual = {"kind": "ordinary-session", "title": words("Session d'octobre", "دورة أكتوبر", "October session")}
    whole = usual | {"body": a_council(member), "starts_at": on, "members_in_office": 75} | state | fields
    return Meeting.objects.create(member=member, number=number, **whole)


class ProposalFactory(DjangoModelFactory):
    """A file being assembled, for joining the programme, in a candidacy."""

    class Meta:
        model = Proposal

    cycle = factory.SubFactory(CycleFactory, admission=True)
    number = factory.LazyAttribute(lambda one: Proposal.objects.filter(cycle=one.cycle).count() + 1)
    subject = "adhesion"
    council = factory.LazyAttribute(lambda one: a_council(one.cycle.member))
    title = factory.Sequence(lambda n: words(f"Adhésion inventée {n}", f"انضمام متخيل {n}", f"Invented joining {n}"))
    report = factory.LazyFunction(lambda: words("Pourquoi adhérer.", "لماذا الانضمام.", "Why join."))
    decision_text = factory.LazyFunction(
        lambda: words("Le Conseil décide d'adhérer.", "يقرر المجلس الانضمام.", "The Council decides to join.")
    )


class ProposalPaperFactory(DjangoModelFactory):
    """A document of a file."""

    class Meta:
        model = ProposalPaper

    proposal = factory.SubFactory(ProposalFactory)
    title = factory.Sequence(lambda n: words(f"Document inventé {n}", f"وثيقة متخيلة {n}"))
    file = factory.LazyAttributeSequence(
        lambda one, n: StoredFile.objects.create(
            uid=f"paper-{n}",
            member_code=one.proposal.cycle.member.slug,
            name="rapport.pdf",
            media_type="application/pdf",
            size=1200,
            sha256=f"{n:064d}",
            by_ref="",
            stored_at=NOW,
            file=f"paper-{n}.pdf",
        )
    )


def secretary(member: Member) -> User:
    """Give someone who keeps the Council's files."""
    return UserFactory(role="council-secretary", at=member)


def on_agenda(proposal: Proposal, session: Meeting | None = None, *, by: User | None = None) -> Proposal:
    """Place a file on the agenda of a session to come."""
    member = proposal.cycle.member
    session = session or a_session(member)
    return actions.place_on_agenda(proposal, session=session, by=by or secretary(member), at=NOW)


def frozen(proposal: Proposal, *, by: User | None = None, at: dt.datetime | None = None) -> Proposal:
    """Freeze a file, before its session."""
    by = by or secretary(proposal.cycle.member)
    return actions.freeze_proposal(proposal, by=by, at=at or dt.datetime(2026, 9, 1, 9, 0, tzinfo=dt.UTC))


def hold(session: Meeting, *, quorum: bool | None = True) -> Meeting:
    """Say that a session was held, with or without its quorum."""
    session.state, session.quorum_met = "held", quorum
    session.closed_on = timezone.localdate(session.starts_at)
    session.save()
    return session


def voted(
    proposal: Proposal | None = None, *, by: User | None = None, number: str = "12/2026", **said: Any
) -> Deliberation:
    """Have the Council vote a file, by show of hands unless told otherwise."""
    proposal = proposal or ProposalFactory()
    by = by or secretary(proposal.cycle.member)
    if proposal.agenda_item_id is None:
        on_agenda(proposal, by=by)
    if proposal.frozen_id is None:
        frozen(proposal, by=by)
    session = hold(proposal.session) if proposal.session and proposal.session.state != "held" else proposal.session
    usual: dict[str, Any] = {
        "session": session, "number": number, "dated_on": dt.date(2026, 10, 5), "decision": "adopted",
        "ballot": "show-of-hands", "counts": Counts(40, 10, 5, 0), "text": proposal.decision_text,
    }  # fmt: skip
    return actions.record_vote(proposal, **(usual | said), by=by, at=NOW)
