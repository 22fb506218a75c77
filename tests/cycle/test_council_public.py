"""What the public reads of the Council's work and when; the ways out and the way on that reviews asked for."""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from freezegun import freeze_time

from openregion.core.official import text_in
from openregion.core.refusal import Refused
from openregion.cycle import actions, queries, rules
from openregion.cycle.council_exports import paper_of
from openregion.cycle.forms.council import OpinionForm
from openregion.cycle.models import AgendaItem, Deliberation, Letter, Proposal
from openregion.cycle.queries import council as reading
from openregion.cycle.queries import council_pages as pages
from openregion.cycle.queries import council_steps as steps
from openregion.cycle.queries.clock import clock_of
from openregion.cycle.queries.council import Counts
from openregion.cycle.queries.sessions import legal_days
from openregion.cycle.rules import council as council_rules
from openregion.cycle.rules.council import MOVES
from openregion.people.models import Act, Member, User
from openregion.plan.actions import adopt_plan, freeze_plan, publish_plan
from openregion.record.actions import store_file
from openregion.record.models import JournalLine
from tests.factories.council import (
    NOW,
    ProposalFactory,
    a_council,
    a_session,
    frozen,
    hold,
    on_agenda,
    secretary,
    voted,
)
from tests.factories.cycle import CycleFactory
from tests.factories.people import BodyFactory, MemberFactory, UserFactory, words
from tests.factories.plan import a_plan

pytestmark = [pytest.mark.django_db, pytest.mark.row("B2"), pytest.mark.row("D8")]
TODAY = dt.date(2026, 11, 23)
SENT, RECEIVED = dt.date(2026, 10, 6), dt.date(2026, 10, 7)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with freeze_time("2026-11-23 10:00:00"), override("en"):
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


def address(name: str, proposal: Proposal) -> str:
    cycle = proposal.cycle
    return reverse(name, args=["ici", cycle.kind, cycle.number, proposal.number])


def signed_in(by: User) -> Client:
    client = Client()
    client.force_login(by)
    return client


def read(path: str, client: Client | None = None) -> str:
    return (client or Client()).get(path).content.decode()


def plan_voted(member: Member, by: User) -> Deliberation:
    cycle = CycleFactory(member=member)
    return voted(ProposalFactory(cycle=cycle, subject="plan", wants_visa=True), by=by)


def step_of(found: tuple[steps.Step, ...], code: str) -> steps.Step:
    return next(one for one in found if one.code == code)


# --- before it is published -----------------------------------------------


def test_act_of_a_vote_is_public_with_its_deliberation(proposal: Proposal, by: User, member: Member) -> None:
    upload = SimpleUploadedFile("deliberation.pdf", PDF)
    file = store_file(upload=upload, member_code="ici", by_ref=by.reference, at=NOW)
    vote = voted(proposal, by=by, file=file)
    listed, served = reverse("acts", args=["ici"]), reverse("act_file", args=["ici", vote.act.uid])
    cycle = reverse("cycle", args=["ici", proposal.cycle.kind, proposal.cycle.number])

    def told(client: Client) -> tuple[bool, int, bool]:
        title = text_in(vote.act.title, "en")
        answer = client.get(served)
        answer.getvalue()
        return title in read(listed, client), answer.status_code, title in read(cycle, client)

    assert told(Client()) == (False, 403, False)
    assert told(signed_in(by)) == (True, 200, True)
    actions.publish_deliberation(vote, by=by, at=NOW)
    assert told(Client()) == (True, 200, True)
    assert Act.objects.get(pk=vote.act_id).public is True


def test_calendar_tells_the_visa_of_published_decisions_alone(member: Member, by: User) -> None:
    vote = plan_voted(member, by)
    actions.send_for_control(vote, sent_on=SENT, asks_visa=True, by=by, at=NOW)
    actions.record_receipt(vote, received_on=RECEIVED, by=by, at=NOW)

    def told(*, private: bool) -> bool:
        days = legal_days(clock_of(member), SENT, TODAY, SENT, private=private)
        return f"visa:{vote.uid}" in {one.key for one in days}

    assert (told(private=False), told(private=True)) == (False, True)
    actions.publish_deliberation(vote, by=by, at=NOW)
    assert told(private=False) is True


def test_agenda_tells_what_is_proposed_once_frozen_and_as_last_worded(
    proposal: Proposal, member: Member, by: User
) -> None:
    on_agenda(proposal, by=by)
    assert AgendaItem.objects.get().about == {}
    worded: dict[str, Any] = {"subject": "adhesion", "council": proposal.council, "wants_visa": True}
    texts = {"title": words("Autre titre"), "report": words("Pourquoi"), "decision_text": words("Mieux décidé")}
    actions.revise_proposal(proposal, **worded, **texts, by=by, at=NOW)
    item = AgendaItem.objects.get()
    assert (text_in(item.title, "fr"), item.about) == ("Autre titre", {})
    frozen(proposal, by=by)
    assert text_in(AgendaItem.objects.get().about, "fr") == "Mieux décidé"
    later = a_session(member, on=dt.datetime(2027, 3, 1, 10, tzinfo=dt.UTC))
    on_agenda(proposal, later, by=by)
    assert text_in(AgendaItem.objects.get().about, "fr") == "Mieux décidé"


def test_public_reads_the_opinion_in_words_once_the_file_is_frozen(proposal: Proposal, by: User) -> None:
    on_agenda(proposal, by=by)
    commission = BodyFactory(authority=proposal.council.authority, kind="council-commission")
    actions.refer_to_commission(proposal, commission=commission, referred_on=dt.date(2026, 9, 10), by=by, at=NOW)
    said: dict[str, Any] = {"opinion": "favourable", "opinion_on": dt.date(2026, 9, 20), "text": words("Avis entier")}
    actions.record_opinion(proposal, **said, by=by, at=NOW)
    path = address("council_file", proposal)
    assert ("Avis entier" in read(path), "Avis entier" in read(path, signed_in(by))) == (False, True)
    frozen(proposal, by=by)
    assert "Avis entier" in read(path)


# --- the agenda -----------------------------------------------------------


def test_point_of_a_withdrawn_file_leaves_the_agenda_and_the_file_stays_public(proposal: Proposal, by: User) -> None:
    on_agenda(proposal, by=by)
    item = AgendaItem.objects.get()
    assert rules.why_not_remove_from_agenda(by, item) != ""
    actions.withdraw_proposal(proposal, reason=words("Pas prêt"), by=by, at=NOW)
    item = AgendaItem.objects.get()
    assert "Take it off" in read(reverse("meeting", args=["ici", item.meeting.number]), signed_in(by))
    actions.remove_from_agenda(item, by=by, at=NOW)
    assert (AgendaItem.objects.count(), "Pas prêt" in read(address("council_file", proposal))) == (0, True)


def test_agenda_a_file_leaves_closes_ranks(proposal: Proposal, member: Member, by: User) -> None:
    first, later = a_session(member), a_session(member, on=dt.datetime(2027, 3, 1, 10, tzinfo=dt.UTC))
    on_agenda(proposal, first, by=by)
    other = on_agenda(ProposalFactory(cycle=proposal.cycle), first, by=by)
    on_agenda(proposal, later, by=by)
    other.agenda_item.refresh_from_db()
    assert (list(first.agenda.values_list("rank", flat=True)), other.agenda_item.rank) == ([1], 1)


def test_session_page_tells_a_published_vote_and_asks_no_other_decision(proposal: Proposal, by: User) -> None:
    vote = voted(proposal, by=by, counts=Counts(29, 2, 2, 0))
    path, page = (
        reverse("meeting", args=["ici", proposal.session.number]),
        reverse("deliberation", args=["ici", vote.uid]),
    )
    assert page not in read(path)
    actions.publish_deliberation(vote, by=by, at=NOW)
    shown = read(path)
    assert (page in shown, "29–2–2" in shown) == (True, True)
    assert "Record a decision" not in read(path, signed_in(UserFactory(role="point-of-contact", at=vote.cycle.member)))


# --- what is due ----------------------------------------------------------


def test_published_decision_still_waits_to_be_sent_and_received(proposal: Proposal, member: Member, by: User) -> None:
    vote = voted(proposal, by=by)
    actions.publish_deliberation(vote, by=by, at=NOW)
    assert {line.deed for line in queries.due_council(member, TODAY)} == {"send_for_control"}
    actions.send_for_control(vote, sent_on=SENT, asks_visa=False, by=by, at=NOW)
    assert {line.deed for line in queries.due_council(member, TODAY)} == {"record_receipt"}
    actions.record_receipt(vote, received_on=RECEIVED, by=by, at=NOW)
    assert queries.due_council(member, TODAY) == ()


def test_postponed_decision_waits_for_nothing(proposal: Proposal, member: Member, by: User) -> None:
    voted(proposal, by=by, decision="postponed")
    assert "send_for_control" not in {line.deed for line in queries.due_council(member, TODAY)}


# --- the visa -------------------------------------------------------------


def test_plan_sent_without_its_visa_is_confirmed_and_the_visa_asked_later(member: Member, by: User) -> None:
    vote, client = plan_voted(member, by), signed_in(by)
    path = reverse("send_for_control", args=["ici", vote.uid])
    refused = client.post(path, {"sent_on": "2026-10-06"})
    assert (refused.status_code, "guide asks the visa" in refused.content.decode()) == (200, True)
    assert client.post(path, {"sent_on": "2026-10-06", "confirmed": "on"}).status_code == 302
    client.post(reverse("record_receipt", args=["ici", vote.uid]), {"received_on": "2026-10-07"})
    page = read(reverse("deliberation", args=["ici", vote.uid]), client)
    assert ("The visa was not asked for" in page, f'href="{path}"' in page) == (True, True)
    assert client.post(path, {"sent_on": "2026-10-19"}).status_code == 302
    vote.refresh_from_db()
    assert (vote.visa, vote.sent_on, vote.visa_asked_on) == ("awaited", SENT, dt.date(2026, 10, 19))
    # Twenty days from the day it was asked for, not from the receipt.
    assert steps.visa_due(vote).day == dt.date(2026, 11, 8)
    assert client.post(path, {"sent_on": "2026-10-20", "asks_visa": "on"}).status_code == 200
    with pytest.raises(Refused):
        actions.record_visa(vote, visa="granted", visa_on=dt.date(2026, 10, 18), by=by, at=NOW)
    actions.record_visa(vote, visa="granted", visa_on=dt.date(2026, 10, 20), by=by, at=NOW)


def test_opposition_is_told_in_the_past_once_over(member: Member, by: User) -> None:
    vote = plan_voted(member, by)
    actions.send_for_control(vote, sent_on=SENT, asks_visa=True, by=by, at=NOW)
    actions.record_receipt(vote, received_on=RECEIVED, by=by, at=NOW)
    while_open = step_of(steps.steps_after(vote, today=dt.date(2026, 10, 12)), "receipt")
    after = step_of(steps.steps_after(vote, today=dt.date(2026, 10, 13)), "receipt")
    assert ("may oppose" in while_open.why, while_open.folded) == (True, "")
    assert ("No opposition is recorded" in after.folded, after.why) == (True, "")
    actions.record_visa(vote, visa="granted", visa_on=dt.date(2026, 10, 9), by=by, at=NOW)
    assert step_of(steps.steps_after(vote, today=dt.date(2026, 10, 9)), "receipt").why == ""


@pytest.mark.parametrize(("follows", "same_thing", "found"), [(True, "", 1), (False, "", 0), (False, "thing", 1)])
def test_vote_on_another_matter_replaces_its_own_alone(
    member: Member, by: User, follows: bool, same_thing: str, found: int
) -> None:
    cycle = CycleFactory(member=member)
    first = ProposalFactory(cycle=cycle, subject="other", subject_uid=same_thing)
    vote = voted(first, by=by)
    Deliberation.objects.update(visa="refused", visa_on=dt.date(2026, 10, 20))
    client = signed_in(by)
    path = reverse("new_proposal", args=["ici", cycle.kind, cycle.number])
    sent = {"subject": "other", "council": a_council(member).uid, "title_fr": "Encore", "decision_text_fr": "Oui"}
    assert client.post(path + (f"?after={first.number}" if follows else ""), sent).status_code == 302
    Proposal.objects.filter(number=2).update(subject_uid=same_thing)
    assert list(reading.refused_to_replace(Proposal.objects.get(number=2))) == [vote][:found]


# --- the vote -------------------------------------------------------------


def test_vote_without_quorum_is_confirmed_with_its_reason_in_public(proposal: Proposal, by: User) -> None:
    on_agenda(proposal, by=by)
    frozen(proposal, by=by)
    hold(proposal.session, quorum=False)
    client, path = signed_in(by), address("record_vote", proposal)
    sent = {
        "session": proposal.session.uid, "number": "12/2026", "dated_on": "2026-10-05", "decision": "adopted",
        "votes_for": "40", "votes_against": "3", "abstained": "0", "text_fr": "Le Conseil adhère",
    }  # fmt: skip
    for more in ({}, {"confirmed": "on"}, {"quorum_reason_fr": "Présents recomptés"}):
        refused = client.post(path, sent | more)
        assert (refused.status_code, "Convene it again" in refused.content.decode()) == (200, True)
    assert client.post(path, sent | {"confirmed": "on", "quorum_reason_fr": "Présents recomptés"}).status_code == 302
    vote = Deliberation.objects.get()
    actions.publish_deliberation(vote, by=by, at=NOW)
    page = read(reverse("deliberation", args=["ici", vote.uid]))
    assert ("Présents recomptés" in page, "recorded as not met" in page) == (True, True)
    assert "Présents recomptés" in paper_of(vote.frozen, "fr").as_json()


def test_reason_for_no_quorum_is_kept_only_where_it_was_needed(proposal: Proposal, by: User) -> None:
    vote = voted(proposal, by=by, confirmed=True, quorum_reason=words("Inutile"))
    assert vote.quorum_reason == {}


def test_opinion_offers_meetings_of_the_commission_alone(proposal: Proposal, member: Member, by: User) -> None:
    commission = BodyFactory(authority=proposal.council.authority, kind="council-commission")
    theirs = a_session(member, kind="commission", body=commission)
    elsewhere = a_session(member, kind="exchange", body=None)
    assert list(OpinionForm(proposal=proposal).fields["meeting"].queryset) == []
    actions.refer_to_commission(proposal, commission=commission, referred_on=dt.date(2026, 9, 10), by=by, at=NOW)
    assert list(OpinionForm(proposal=proposal).fields["meeting"].queryset) == [theirs]
    said: dict[str, Any] = {"opinion": "favourable", "opinion_on": dt.date(2026, 9, 20)}
    assert rules.why_not_record_opinion(by, proposal, **said, meeting=elsewhere) != ""
    assert rules.why_not_record_opinion(by, proposal, **said, meeting=theirs) == ""


# --- the way on -----------------------------------------------------------


def first_act(proposal: Proposal) -> tuple[str, set[str]]:
    one = Proposal.objects.get(pk=proposal.pk)
    deeds = frozenset(MOVES[Proposal.State(one.state)])
    page = pages.file_page(one, staff=True, today=TODAY, deeds=deeds)
    return page.first.deed if page.first else "", {act.deed for act in page.others}


def test_page_of_a_file_gives_its_next_act_first(proposal: Proposal, by: User) -> None:
    Proposal.objects.update(decision_text={})
    assert (first_act(proposal)[0], "freeze_proposal" in first_act(proposal)[1]) == ("revise_proposal", False)
    Proposal.objects.update(decision_text=words("Décider"))
    proposal.refresh_from_db()
    assert first_act(proposal)[0] == "place_on_agenda"
    assert first_act(proposal)[1] & {"record_vote", "record_opinion"} == set()
    on_agenda(proposal, by=by)
    assert first_act(proposal)[0] == "address_agenda"
    frozen(proposal, by=by)
    page = read(address("council_file", proposal), signed_in(by))
    assert (address("record_vote", proposal) in page, "once its session is recorded as held" in page) == (False, True)
    hold(proposal.session)
    assert first_act(proposal)[0] == "record_vote"


def test_page_of_the_vote_says_on_top_why_none_can_be_recorded_yet(proposal: Proposal, by: User) -> None:
    client, path = signed_in(by), address("record_vote", proposal)

    def said() -> list[str]:
        page = html.unescape(read(path, client))
        return [
            one for one in ("Place this file on the agenda", "Record first that the session was held") if one in page
        ]

    assert "Place this file on the agenda" in council_rules.why_not_vote_yet(proposal)
    on_agenda(proposal, by=by)
    frozen(proposal, by=by)
    assert "Record first that the session was held" in council_rules.why_not_vote_yet(proposal)
    assert said() == ["Record first that the session was held"]
    hold(proposal.session)
    assert (council_rules.why_not_vote_yet(proposal), said()) == ("", [])


def test_address_to_the_wali_is_under_way_until_its_letter_leaves(proposal: Proposal, member: Member) -> None:
    contact = UserFactory(role="point-of-contact", at=member)
    client = signed_in(contact)
    on_agenda(proposal, by=contact)
    answer = client.post(address("address_agenda", proposal), {"addressed_on": "2026-09-10"})
    letter = Letter.objects.get()
    assert answer["Location"] == reverse("letter", args=["ici", letter.uid])
    assert address("council_file", proposal) in read(answer["Location"], client)
    file = Proposal.objects.get()
    assert step_of(steps.steps_of(file, None, today=TODAY), "address").state == "present"
    assert "draft, not issued" in read(address("council_file", proposal), client)
    file.agenda_letter.state = "issued"
    assert step_of(steps.steps_of(file, None, today=TODAY), "address").state == "done"


def test_steps_left_out_of_a_voted_file_say_so(proposal: Proposal, by: User) -> None:
    vote = voted(proposal, by=by)
    found = steps.steps_of(Proposal.objects.get(), vote, today=TODAY)
    assert {one.code for one in found if one.missed} == {"address", "refer", "opinion"}
    assert "Not done before the vote" in read(address("council_file", proposal))


def test_pages_of_the_council_lead_to_the_plan_once_everyone_reads_it(member: Member) -> None:
    contact = UserFactory(role="point-of-contact", at=member)
    plan = a_plan(member, commitments=1, full=True)
    version = freeze_plan(plan, by=contact, at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    named = {"subject": "plan", "subject_type": "PlanVersion", "subject_uid": version.uid}
    vote = voted(ProposalFactory(cycle=plan.cycle, **named), by=contact)
    actions.publish_deliberation(vote, by=contact, at=NOW)
    link = reverse("plan_version", args=["ici", plan.cycle.number, version.number])
    paths = (address("council_file", vote.proposal), reverse("deliberation", args=["ici", vote.uid]))
    assert [link in read(path) for path in paths] == [False, False]
    adopt_plan(version, deliberation=vote, by=contact, at=NOW)
    publish_plan(version, by=contact, at=NOW)
    assert [link in read(path) for path in paths] == [True, True]
    assert Client().get(link).status_code == 200


# --- the paper ------------------------------------------------------------


def test_deliberation_is_printed_as_an_act(proposal: Proposal, by: User) -> None:
    vote = voted(proposal, by=by, text=words("Le Conseil décide :\n\nAdhérer.\n\nPublier."))
    stated = json.loads(vote.frozen.content)
    assert (len(stated["grounds"]), stated["session"]["sitting"]) == (2, 1)
    with override("fr"):
        said = paper_of(vote.frozen, "fr").as_json()
    assert ("111-14" in said, "Article 2" in said, "Article 3" in said) == (True, True, False)
    own = voted(ProposalFactory(cycle=proposal.cycle), by=by, number="13/2026", text=words("Article 1 : adhérer."))
    assert paper_of(own.frozen, "fr").as_json().count("Article 1") == 1


def test_deliberation_frozen_before_still_prints(proposal: Proposal, by: User) -> None:
    vote = voted(proposal, by=by)
    stated = json.loads(vote.frozen.content)
    for name in ("grounds", "asks_visa", "opinion"):
        del stated[name]
    for name in ("sitting", "place", "present", "quorum_reason"):
        del stated["session"][name]
    vote.frozen.content = json.dumps(stated)
    assert "12/2026" in paper_of(vote.frozen, "fr").as_json()
    stated["session"]["place"] = "Salle d'avant"  # frozen as one line, before places were said in languages
    vote.frozen.content = json.dumps(stated)
    assert "Salle d'avant" in paper_of(vote.frozen, "ar").as_json()


def test_outcome_of_a_vote_is_told_in_the_journal_once_it_is_published(proposal: Proposal, by: User) -> None:
    vote = voted(proposal, by=by)
    cycle = proposal.cycle
    verbs = ["record_vote", "record_deliberation"]
    told = dict(JournalLine.objects.filter(verb__in=verbs).values_list("verb", "facts"))
    where = {"kind": cycle.kind, "cycle": cycle.number, "file": proposal.number}
    assert told == {"record_vote": where, "record_deliberation": where}
    page = read(reverse("journal", args=["ici"]))
    assert ("was recorded." in page, f"no. {vote.act.number}" in page) == (True, False)
    actions.publish_deliberation(vote, by=by, at=NOW)
    facts = JournalLine.objects.get(verb="publish_deliberation").facts
    assert (facts["number"], facts["decision"], facts["votes_for"]) == (vote.act.number, "adopted", vote.votes_for)
    assert f"For: {vote.votes_for}; against: {vote.votes_against}" in read(reverse("journal", args=["ici"]))
