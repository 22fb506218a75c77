"""Files put to the Council: assembled, frozen, on an agenda, referred, voted; who may, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from freezegun import freeze_time

from openregion.core.refusal import Refused
from openregion.cycle import actions, queries, rules
from openregion.cycle.models import AgendaItem, Deliberation, NamedVote, Proof, Proposal
from openregion.cycle.queries import council as reading
from openregion.cycle.queries import council_steps as steps
from openregion.cycle.queries.council import Counts
from openregion.cycle.rules.council import MOVES
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.plan.actions import adopt_plan, freeze_plan
from openregion.record.models import JournalLine, SearchEntry
from tests.factories.council import (
    NOW,
    ProposalFactory,
    ProposalPaperFactory,
    a_council,
    a_session,
    frozen,
    hold,
    on_agenda,
    secretary,
    voted,
    voters,
)
from tests.factories.cycle import CycleFactory
from tests.factories.people import BodyFactory, MemberFactory, UserFactory, words
from tests.factories.plan import a_plan

pytestmark = [pytest.mark.django_db, pytest.mark.row("B2")]
ROLES = (
    "administrator",
    "president",
    "council-secretary",
    "point-of-contact",
    "coordinator",
    "wali-services",
    "monitor",
)


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with freeze_time("2026-11-23 10:00:00"):
        yield


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def by(member: Member) -> User:
    return secretary(member)


@pytest.fixture
def proposal(member: Member) -> Proposal:
    return ProposalFactory(cycle=CycleFactory(member=member, admission=True))


def address(name: str, proposal: Proposal, *more: Any, lang: str = "fr") -> str:
    cycle = proposal.cycle
    with override(lang):
        return reverse(name, args=[cycle.member.slug, cycle.kind, cycle.number, proposal.number, *more])


def signed_in(by: User) -> Client:
    client = Client()
    client.force_login(by)
    return client


def why_nots(by: User, proposal: Proposal) -> dict[str, str]:
    """Ask every rule of a file that is ready for each deed but for its state and who asks."""
    session = proposal.session or a_session(proposal.cycle.member)
    later = a_session(proposal.cycle.member, on=dt.datetime(2027, 3, 1, 10, tzinfo=dt.UTC))
    commission = BodyFactory(authority=proposal.council.authority, kind="council-commission")
    worded: dict[str, Any] = {"subject": "adhesion", "council": proposal.council, "title": words("Autre titre")}
    said: dict[str, Any] = {"session": session, "dated_on": dt.date(2026, 10, 5), "decision": "adopted"}
    vote: dict[str, Any] = {"ballot": "show-of-hands", "counts": Counts(3, 1, 0, 0), "text": words("Texte voté")}
    day = dt.date(2026, 9, 20)
    return {
        "revise_proposal": rules.why_not_revise_proposal(by, proposal, **worded),
        "add_proposal_paper": rules.why_not_add_proposal_paper(by, proposal, title=words("Annexe")),
        "freeze_proposal": rules.why_not_freeze_proposal(by, proposal),
        "place_on_agenda": rules.why_not_place_on_agenda(by, proposal, session=later),
        "address_agenda": rules.why_not_address_agenda(by, proposal, addressed_on=day),
        "refer_to_commission": rules.why_not_refer_to_commission(by, proposal, commission=commission, referred_on=day),
        "record_opinion": rules.why_not_record_opinion(by, referred(proposal), opinion="favourable", opinion_on=day),
        "withdraw_proposal": rules.why_not_withdraw_proposal(by, proposal, reason=words("Pas prêt")),
        "record_vote": rules.why_not_record_vote(by, proposal, **said, **vote),
    }


def referred(proposal: Proposal) -> Proposal:
    copy = Proposal.objects.get(pk=proposal.pk)
    copy.commission, copy.referred_on = proposal.council, dt.date(2026, 9, 10)
    return copy


def in_state(proposal: Proposal, state: str) -> Proposal:
    """Bring a file on the agenda of a session held with its quorum into a state."""
    session = a_session(proposal.cycle.member)
    on_agenda(proposal, session)
    if state in ("frozen", "voted"):
        frozen(proposal)
    hold(session)
    Proposal.objects.filter(pk=proposal.pk).update(state=state)
    return Proposal.objects.get(pk=proposal.pk)


@pytest.mark.parametrize("state", Proposal.State.values)
@pytest.mark.parametrize("role", [*ROLES, ""])
def test_file_is_moved_by_those_the_guide_names_in_the_states_that_allow_it(
    member: Member, proposal: Proposal, role: str, state: str
) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    given = why_nots(by, in_state(proposal, state))
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    expected = set(MOVES[Proposal.State(state)]) & set(named.deeds if named else ())
    assert {deed for deed, reason in given.items() if not reason} == expected


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_file_is_opened_by_those_the_guide_names(member: Member, role: str) -> None:
    by, cycle = UserFactory(role=role, at=member) if role else UserFactory(), CycleFactory(member=member)
    refusal = rules.why_not_open_proposal(by, cycle, subject="plan", council=a_council(member), title=words("Plan"))
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    assert (refusal == "") == bool(named and "open_proposal" in named.deeds)


def test_whole_way_of_a_file_to_the_vote(member: Member, by: User) -> None:
    cycle, council = CycleFactory(member=member, admission=True), a_council(member)
    said: dict[str, Any] = {"subject": "adhesion", "council": council, "wants_visa": True, "by": by, "at": NOW}
    texts = {"title": words("Adhésion", "انضمام"), "report": words("Pourquoi"), "decision_text": words("Adhérer")}
    made = actions.open_proposal(cycle, **texts, **said)
    with pytest.raises(Refused, match="1"):
        actions.open_proposal(cycle, **texts, **said)
    paper = ProposalPaperFactory(proposal=made)
    extra = ProposalPaperFactory(proposal=made)
    actions.revise_proposal(made, **{**texts, "report": words("Pourquoi, mieux dit")}, **said, without=[extra])
    assert list(made.papers.all()) == [paper]
    session = a_session(member)
    actions.place_on_agenda(made, session=session, by=by, at=NOW)
    assert [(item.title, item.late_reason) for item in session.agenda.all()] == [(made.title, {})]
    actions.address_agenda(made, addressed_on=dt.date(2026, 9, 10), by=by, at=NOW)
    letter = made.agenda_letter
    assert (letter.kind, letter.state, letter.subject_uid) == ("agenda-item-to-wali", "draft", made.uid)
    assert "Adhésion" in letter.text["fr"]["text"]
    assert "5 octobre 2026" in letter.text["fr"]["text"]
    commission = BodyFactory(authority=council.authority, kind="council-commission")
    actions.refer_to_commission(made, commission=commission, referred_on=dt.date(2026, 9, 10), by=by, at=NOW)
    assert made.referral_letter.kind == "referral-to-commission"
    opined: dict[str, Any] = {"opinion": "with-reservations", "text": words("Oui, si"), "by": by, "at": NOW}
    actions.record_opinion(made, opinion_on=dt.date(2026, 9, 20), **opined)
    actions.freeze_proposal(made, by=by, at=dt.datetime(2026, 9, 25, tzinfo=dt.UTC))
    stated = json.loads(made.frozen.content)
    assert [one["sha256"] for one in stated["papers"]] == [paper.file.sha256]
    assert (stated["report"]["fr"], stated["asks_visa"]) == ("Pourquoi, mieux dit", True)
    vote = voted(made, by=by)
    made.refresh_from_db()
    assert (made.state, vote.act.number, vote.act.kind, vote.proposal) == ("voted", "12/2026", "deliberation", made)
    held = json.loads(vote.frozen.content)
    assert held["file"]["sha256"] == made.frozen.sha256
    assert (held["counts"]["votes_for"], held["decision"]) == (40, "adopted")


@pytest.mark.row("A1")
def test_deeds_of_a_file_prove_the_operations_the_guide_data_names(proposal: Proposal, by: User) -> None:
    on_agenda(proposal, by=by)
    actions.address_agenda(proposal, addressed_on=dt.date(2026, 9, 10), by=by, at=NOW)
    commission = BodyFactory(authority=proposal.council.authority, kind="council-commission")
    actions.refer_to_commission(proposal, commission=commission, referred_on=dt.date(2026, 9, 10), by=by, at=NOW)
    voted(proposal, by=by)
    proved = set(Proof.objects.filter(operation__cycle=proposal.cycle).values_list("operation__code", "deed"))
    assert proved == {
        ("prepare-deliberation-file", "freeze_proposal"),
        ("agenda-item-to-wali", "address_agenda"),
        ("refer-to-commission", "refer_to_commission"),
        ("debate-and-deliberate", "record_deliberation"),
    }


def test_late_point_says_why(proposal: Proposal, member: Member, by: User) -> None:
    sent = a_session(member, agenda_sent_on=dt.date(2026, 9, 10))
    with pytest.raises(Refused):
        actions.place_on_agenda(proposal, session=sent, by=by, at=NOW)
    actions.place_on_agenda(proposal, session=sent, late_reason=words("Appel d'OGP tardif"), by=by, at=NOW)
    assert AgendaItem.objects.get().late_reason["fr"]["text"] == "Appel d'OGP tardif"
    page = Client().get(address("council_file", proposal, lang="en")).content.decode()
    assert "Appel d&#x27;OGP tardif" in page
    line = JournalLine.objects.get(verb="place_on_agenda")
    assert line.facts["late"] is True


@pytest.mark.row("O-1")
def test_point_addressed_after_the_last_day_warns_and_goes_on(proposal: Proposal, by: User) -> None:
    on_agenda(proposal, by=by)  # the session opens on 5 October 2026: twenty days before is 15 September
    assert steps.agenda_due(proposal).day == dt.date(2026, 9, 15)
    actions.address_agenda(proposal, addressed_on=dt.date(2026, 9, 16), by=by, at=NOW)
    with override("en"):
        step = next(one for one in steps.steps_of(proposal, None, today=dt.date(2026, 9, 17)) if one.code == "address")
    assert (step.state, step.late, "15 September 2026" in step.why) == ("present", True, True)
    assert step.when == "letter drafted, not issued"
    proposal.agenda_letter.state = "issued"
    step = next(one for one in steps.steps_of(proposal, None, today=dt.date(2026, 9, 17)) if one.code == "address")
    assert (step.state, step.late) == ("done", True)


def test_file_moves_to_another_session_and_is_addressed_anew(proposal: Proposal, member: Member, by: User) -> None:
    first, later = a_session(member), a_session(member, on=dt.datetime(2027, 3, 1, 10, tzinfo=dt.UTC))
    on_agenda(proposal, first, by=by)
    with pytest.raises(Refused):
        actions.place_on_agenda(proposal, session=first, by=by, at=NOW)
    actions.address_agenda(proposal, addressed_on=dt.date(2026, 9, 10), by=by, at=NOW)
    actions.place_on_agenda(proposal, session=later, by=by, at=NOW)
    assert (first.agenda.count(), later.agenda.count(), proposal.agenda_addressed_on) == (0, 1, None)


def test_point_stays_where_a_session_was_held(proposal: Proposal, member: Member, by: User) -> None:
    first, later = a_session(member), a_session(member, on=dt.datetime(2027, 3, 1, 10, tzinfo=dt.UTC))
    on_agenda(proposal, first, by=by)
    hold(first)
    actions.place_on_agenda(Proposal.objects.get(), session=later, by=by, at=NOW)
    assert (first.agenda.count(), later.agenda.count()) == (1, 1)


def test_agenda_takes_sessions_of_this_council_only(proposal: Proposal, member: Member, by: User) -> None:
    wrong = [
        a_session(MemberFactory()),
        a_session(member, kind="bureau"),
        a_session(member, body=BodyFactory(authority=member.authorities.get(), kind="council")),
        a_session(member, held=True),
    ]
    for session in wrong:
        with pytest.raises(Refused):
            actions.place_on_agenda(proposal, session=session, by=by, at=NOW)
    assert AgendaItem.objects.count() == 0


def sat(member: Member, follows: Any = None, *, quorum: bool | None) -> Any:
    return a_session(member, held=True, quorum=quorum, follows=follows)


def test_vote_needs_a_sitting_held_with_its_quorum_and_a_third_needs_none(
    proposal: Proposal, member: Member, by: User
) -> None:
    first = a_session(member)
    on_agenda(proposal, first, by=by)
    frozen(proposal, by=by)
    said: dict[str, Any] = {"dated_on": dt.date(2026, 10, 5), "decision": "adopted", "ballot": "show-of-hands"}
    asked = said | {"counts": Counts(3), "text": words("Texte")}

    def refused(session: Any) -> str:
        with override("en"):
            return rules.why_not_record_vote(by, proposal, session=session, **asked)

    assert "held" in refused(first)
    hold(first, quorum=None)
    assert "quorum" in refused(first)
    hold(first, quorum=False)
    assert "again" in refused(first)
    second = sat(member, first, quorum=False)
    assert "again" in refused(second)
    third = sat(member, second, quorum=False)
    assert refused(third) == ""
    assert reading.voting_sitting(first) == third
    assert refused(sat(member, quorum=True)) != ""  # another session altogether


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({}, False),
        ({"dated_on": dt.date(2026, 10, 4)}, True),
        ({"dated_on": dt.date(2026, 11, 24)}, True),
        ({"decision": "maybe"}, True),
        ({"ballot": "secret"}, True),
        ({"counts": None}, True),
        ({"counts": Counts(70, 6, 0, 0)}, True),
        ({"counts": Counts(70, 5, 0, 0)}, False),
        ({"text": {}}, True),
    ],
)
def test_vote_is_recorded_as_it_was_held(proposal: Proposal, by: User, change: dict[str, Any], refused: bool) -> None:
    if refused:
        with pytest.raises(Refused):
            voted(proposal, by=by, **change)
        assert (Deliberation.objects.count(), Proposal.objects.get().state) == (0, "frozen")
    else:
        assert voted(proposal, by=by, **change).decision == "adopted"


def test_vote_is_not_older_than_the_frozen_file(proposal: Proposal, by: User) -> None:
    on_agenda(proposal, by=by)
    frozen(proposal, by=by, at=dt.datetime(2026, 10, 5, 23, 30, tzinfo=dt.UTC))  # the 6th in Casablanca
    with pytest.raises(Refused):
        voted(proposal, by=by)
    voted(proposal, by=by, dated_on=dt.date(2026, 10, 6))


@pytest.mark.parametrize(
    ("decision", "counts", "warned"),
    [
        ("adopted", Counts(21, 20, 30, 0), False),
        ("adopted", Counts(20, 20, 5, 0), True),
        ("adopted", Counts(0, 0, 40, 0), True),
        ("rejected", Counts(20, 20, 0, 0), False),
        ("rejected", Counts(21, 20, 0, 0), True),
        ("postponed", Counts(0, 0, 0, 0), False),
    ],
)
def test_decision_that_disagrees_with_its_votes_is_kept_with_a_warning(
    proposal: Proposal, by: User, decision: str, counts: Counts, warned: bool
) -> None:
    vote = voted(proposal, by=by, decision=decision, counts=counts)
    page = signed_in(by).get(reverse("deliberation", args=["ici", vote.uid]))
    assert (vote.decision, bool(page.context["page"].warning)) == (decision, warned)


def test_vote_by_name_is_counted_from_the_names(proposal: Proposal, member: Member, by: User) -> None:
    one, two, three = voters(proposal.council)
    named = [(one, "for"), (two, "for"), (three, "abstained")]
    vote = voted(proposal, by=by, ballot="by-name", counts=None, named=named)
    assert (vote.votes_for, vote.votes_against, vote.abstained, vote.not_taking_part) == (2, 0, 1, 0)
    assert NamedVote.objects.count() == 3
    assert [one["choice"] for one in json.loads(vote.frozen.content)["named"]] == ["for", "for", "abstained"]


def test_vote_by_name_refuses_a_name_twice_or_from_elsewhere(proposal: Proposal, by: User) -> None:
    one, two, _three = voters(proposal.council)
    elsewhere = voters(a_council(MemberFactory()), 1)[0]
    for named in ([(one, "for"), (one, "against")], [(two, "for"), (elsewhere, "for")], [(one, "aloud")], []):
        with pytest.raises(Refused):
            voted(proposal, by=by, ballot="by-name", counts=None, named=named)
    assert (NamedVote.objects.count(), Deliberation.objects.count()) == (0, 0)


def test_vote_is_not_recorded_twice(proposal: Proposal, by: User) -> None:
    voted(proposal, by=by)
    with pytest.raises(Refused):
        voted(Proposal.objects.get(), by=by, number="13/2026")
    assert Deliberation.objects.count() == 1


def test_postponed_file_is_voted_another_day(proposal: Proposal, member: Member, by: User) -> None:
    voted(proposal, by=by, decision="postponed", counts=Counts())
    assert Proposal.objects.get().state == "frozen"
    later = a_session(member, on=dt.datetime(2026, 11, 2, 10, tzinfo=dt.UTC))
    again = Proposal.objects.get()
    on_agenda(again, later, by=by)
    voted(again, by=by, number="14/2026", dated_on=dt.date(2026, 11, 2))
    assert Proposal.objects.get().state == "voted"
    assert list(Deliberation.objects.order_by("pk").values_list("decision", flat=True)) == ["postponed", "adopted"]


@pytest.mark.row("D8")
def test_plan_put_to_the_council_is_voted_by_its_hash_and_adopted(member: Member) -> None:
    contact = UserFactory(role="point-of-contact", at=member)
    plan = a_plan(member, commitments=1, full=True)
    version = freeze_plan(plan, by=contact, at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    a_council(member)
    client = signed_in(contact)
    path = reverse("put_to_council", args=["ici", plan.cycle.number, 1])
    asked = client.get(path)
    form = asked.context["form"]
    sent = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    sent |= {"report_fr": "Le plan répond aux voix.", "council": a_council(member).uid, "wants_visa": "on"}
    assert client.post(path, sent).status_code == 302
    assert client.post(path, sent).status_code == 200  # a file for this version is open already
    made = Proposal.objects.get()
    assert (made.subject, made.subject_uid, made.wants_visa) == ("plan", version.uid, True)
    vote = voted(made, by=contact)
    assert json.loads(vote.frozen.content)["about"]["sha256"] == version.document.sha256
    assert version.document.sha256 in client.get(address("council_file", made)).content.decode()
    adopt_plan(version, deliberation=vote, by=contact, at=NOW)
    actions.send_for_control(vote, sent_on=dt.date(2026, 10, 6), asks_visa=True, by=contact, at=NOW)
    page = client.get(reverse("plan_version", args=["ici", plan.cycle.number, 1])).content.decode()
    assert (address("council_file", made) in page, reverse("deliberation", args=["ici", vote.uid]) in page) == (
        True,
        True,
    )


def test_deliberation_recorded_after_the_fact_has_the_same_page_and_is_found(member: Member, by: User) -> None:
    from tests.factories.people import ActFactory

    act = ActFactory(authority=member.authorities.get(), deliberation=True)
    one = actions.record_deliberation(CycleFactory(member=member), act=act, decision="adopted", by=by, at=NOW)
    page = Client().get(reverse("deliberation", args=["ici", one.uid]))
    assert (page.status_code, act.number in page.content.decode()) == (200, True)
    found = SearchEntry.objects.filter(kind="deliberation", subject_uid=one.uid)
    assert set(found.values_list("lang", flat=True)) == {"fr", "ar", "en"}
    assert len(list(queries.findable_deliberations(member))) == 3


def test_withdrawn_file_says_why_and_frees_its_subject(proposal: Proposal, by: User) -> None:
    with pytest.raises(Refused):
        actions.withdraw_proposal(proposal, reason={}, by=by, at=NOW)
    actions.withdraw_proposal(proposal, reason=words("Pas encore prêt"), by=by, at=NOW)
    page = signed_in(by).get(address("council_file", proposal)).content.decode()
    assert "Pas encore prêt" in page
    with pytest.raises(Refused):
        actions.withdraw_proposal(proposal, reason=words("Encore"), by=by, at=NOW)
