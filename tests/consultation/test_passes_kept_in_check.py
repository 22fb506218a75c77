"""What a rapporteur's pass brings is looked at, counted and bounded; a pass is ended, and forgotten by a telephone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation import actions, capture_passes, codes, queries, rules, signals
from openregion.consultation.models import Charge, Contribution, Workshop
from openregion.consultation.rules.workshops import why_not_end_capture_pass
from openregion.core.refusal import Refused
from openregion.cycle.models import Meeting
from openregion.diagnosis.models import Report
from openregion.diagnosis.queries.material import material_of
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from tests.consultation.test_capture_passes import asked, at, given, opened, page_of, send
from tests.factories.people import MemberFactory, UserFactory
from tests.factories.workshops import ChargeFactory, WorkshopFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]
LONG = "Nous demandons une école pour les enfants de notre douar."


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def workshop(member: Member) -> Workshop:
    """A workshop of a consultation whose words are read once they are public."""
    made = WorkshopFactory(member=member, on_its_day=True)
    made.consultation.reads = "after"
    made.consultation.save()
    return made


@pytest.fixture
def by(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


@pytest.fixture
def charge(workshop: Workshop, by: User) -> Charge:
    made = ChargeFactory(workshop=workshop, rapporteur=True, table=2)
    given(made, by)
    made.refresh_from_db()
    return made


@pytest.fixture
def english() -> Any:
    with override("en"):
        yield


@pytest.fixture
def staff(by: User) -> Client:
    signed_in = Client()
    signed_in.force_login(by)
    return signed_in


def captured(text: str, **more: Any) -> actions.Captured:
    return actions.Captured(**{"ticket": codes.new_ticket(), "words": {"idea": text}, "lang": "fr", **more})


def brought(workshop: Workshop, by: Charge | User, *texts: str) -> list[str]:
    outcomes = actions.capture_suggestions(workshop, items=[captured(text) for text in texts], by=by, at=timezone.now())
    return [one.state for one in outcomes]


def states() -> list[tuple[str, list[str]]]:
    return list(Contribution.objects.order_by("number").values_list("moderation", "signals"))


# --- what it brings ---------------------------------------------------------------


def test_what_bears_a_sign_waits_for_a_person_where_words_are_read_after(workshop: Workshop, charge: Charge) -> None:
    brought(workshop, charge, "Un puits.", LONG, LONG, "www.a.ma www.b.ma www.c.ma", "Une route.")
    assert states() == [
        ("published", []), ("published", []), ("pending", ["repeat"]), ("pending", ["links"]), ("published", []),
    ]  # fmt: skip


def test_repetition_is_seen_days_after_the_workshop(workshop: Workshop, charge: Charge) -> None:
    """All was said at the workshop's hour: a telephone that finds a network three days later is no way around."""
    later = timezone.now() + dt.timedelta(days=3)
    actions.capture_suggestions(workshop, items=[captured(LONG), captured(LONG)], by=charge, at=later)
    assert states() == [("published", []), ("pending", ["repeat"])]


def test_thirty_that_differ_are_published_and_what_exceeds_a_table_waits(
    workshop: Workshop, charge: Charge, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert brought(workshop, charge, *(f"Idée {n}" for n in range(30))) == ["received"] * 30
    assert {state for state, _signs in states()} == {"published"}
    monkeypatch.setattr(signals, "MANY_BY_ONE_PASS", 31)
    brought(workshop, charge, "Idée de plus", "Idée de trop")
    assert states()[30:] == [("published", []), ("pending", ["many"])]


def test_whoever_signed_in_with_a_role_is_not_looked_at(workshop: Workshop, member: Member) -> None:
    brought(workshop, UserFactory(role="rapporteur", at=member), LONG, LONG)
    assert states() == [("published", []), ("published", [])]


def test_pass_brings_so_many_and_no_more_and_loses_nothing(
    workshop: Workshop, charge: Charge, english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rules.MOST_BY_A_PASS == 400
    monkeypatch.setattr(rules.capture, "MOST_BY_A_PASS", 3)
    items = [captured(f"Idée {n}") for n in range(5)]
    told = actions.capture_suggestions(workshop, items=items, by=charge, at=timezone.now())
    assert [one.state for one in told] == ["received"] * 3 + ["refused"] * 2
    assert "Nothing is lost" in told[-1].reason
    again = actions.capture_suggestions(workshop, items=items[:1] + items[4:], by=charge, at=timezone.now())
    assert [one.state for one in again] == ["already", "refused"]
    other = ChargeFactory(workshop=workshop, rapporteur=True, pass_hash="x" * 64)
    assert brought(workshop, other, "Une autre table.") == ["received"]
    assert brought(workshop, UserFactory(role="rapporteur", at=workshop.meeting.member), "Par l’équipe.") == [
        "received"
    ]


def test_plain_form_gives_back_what_one_pass_too_many_typed(
    workshop: Workshop, charge: Charge, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules.capture, "MOST_BY_A_PASS", 0)
    telephone = opened(workshop, given(charge, by).key)
    page = telephone.get(at("capture", workshop, lang="en"))
    typed = {"act": "said", "ticket": "t" * 32, "idea": "Une école au douar.", "csrfmiddlewaretoken": ""}
    typed["csrfmiddlewaretoken"] = str(page.context["csrf_token"])
    shown = page_of(telephone.post(at("capture", workshop, lang="en"), typed))
    assert ("Une école au douar." in shown, "the most that one pass may" in shown) == (True, True)
    assert Contribution.objects.count() == 0


def test_team_reads_which_pass_brought_how_many(
    workshop: Workshop, charge: Charge, staff: Client, member: Member
) -> None:
    other = ChargeFactory(workshop=workshop, rapporteur=True, table=3, pass_hash="x" * 64)
    brought(workshop, charge, "Un puits.", LONG, LONG)
    brought(workshop, other, "Une route.")
    brought(workshop, UserFactory(role="rapporteur", at=member), "Un pont.")
    assert queries.brought_by_passes(workshop) == {
        charge.uid: queries.Brought(3, 1), other.uid: queries.Brought(1, 0),
    }  # fmt: skip
    people = page_of(staff.get(at("workshop_people", workshop, lang="en")))
    assert ("3 contributions" in people, "1 perhaps written by a machine" in people) == (True, True)
    assert material_of(workshop.consultation, Report.Kind.MEETING, workshop=workshop).count() == 5


def test_whose_pass_it_was_is_in_no_public_page_nor_line(workshop: Workshop, charge: Charge, by: User) -> None:
    telephone = opened(workshop, given(charge, by).key)
    (told,) = send(telephone, workshop, "Un puits.").json()["items"]
    assert Contribution.objects.get().source == f"workshop:{workshop.uid}:{charge.uid}"
    with override("fr"):
        pages = (
            f"/fr/ici/suggestions/{told['number']}/",
            at("workshop", workshop),
            "/fr/ici/suggestions/",
            "/fr/ici/journal/",
            f"/fr/ici/consultations/{workshop.consultation.slug}/suggestions.atom",
        )
        answers = [Client().get(page, follow=True) for page in pages]
    assert [answer.status_code for answer in answers] == [200] * len(pages)
    assert [charge.uid in answer.content.decode() for answer in answers] == [False] * len(pages)
    sent = JournalLine.objects.filter(verb__in=["capture_suggestions", "receive_suggestion"])
    assert (sent.count(), charge.uid in str(list(sent.values()))) == (2, False)


def test_who_brought_it_is_forgotten_with_the_passes(workshop: Workshop, charge: Charge, by: User) -> None:
    brought(workshop, charge, "Un puits.")
    actions.let_go_of_capture_passes(at=timezone.now())
    assert Contribution.objects.get().source == f"workshop:{workshop.uid}:{charge.uid}"
    was = timezone.now() - capture_passes.PASS_GOOD_FOR - dt.timedelta(days=1)
    Meeting.objects.filter(pk=workshop.meeting_id).update(starts_at=was, ends_at=was)
    actions.end_charge(charge, by=by, at=timezone.now())  # even where the charge was ended before
    call_command("let_go")
    assert Contribution.objects.get().source == f"workshop:{workshop.uid}"


# --- ending it --------------------------------------------------------------------


@pytest.mark.parametrize("state", [state.value for state in Meeting.State])
@pytest.mark.parametrize("role", ["point-of-contact", "coordinator", "team-member", "rapporteur", "moderator", ""])
def test_pass_is_ended_by_whoever_gives_them_once_the_workshop_was_held_too(
    member: Member, role: str, state: str
) -> None:
    user = UserFactory(role=role, at=member) if role else UserFactory()
    held = WorkshopFactory(member=member, meeting__state=state)
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    expected = bool(named and "give_capture_pass" in named.deeds) and state != "cancelled"
    with_one = ChargeFactory(workshop=held, rapporteur=True, pass_hash="x" * 64)
    assert (why_not_end_capture_pass(user, with_one) == "") == expected


def test_pass_that_is_ended_sends_nothing_more_and_says_what_to_do(
    workshop: Workshop, charge: Charge, by: User, staff: Client, english: None
) -> None:
    telephone = opened(workshop, given(charge, by).key)
    token = asked(telephone, workshop)["token"]
    assert send(telephone, workshop, "Un puits.", token=token).status_code == 200
    Meeting.objects.filter(pk=workshop.meeting_id).update(state="held")
    people = at("workshop_people", workshop, lang="en")
    path = at("end_capture_pass", workshop, charge.uid, lang="en")
    assert path in staff.get(people).content.decode()
    assert staff.get(path).status_code == 200
    answer = staff.post(path)
    assert (answer.status_code, answer["Location"]) == (302, people)
    assert path not in staff.get(people).content.decode()
    refused = send(telephone, workshop, "Une route.", token=token)
    assert (refused.status_code, "reason" in refused.json()) == (401, True)
    page = page_of(telephone.get(at("capture", workshop, lang="en")))
    assert "Your pass has ended: the team ended it" in page
    assert (Contribution.objects.count(), Charge.objects.count()) == (1, 1)


def test_pass_is_ended_once_and_its_line_names_nobody(charge: Charge, by: User, english: None) -> None:
    actions.end_capture_pass(charge, by=by, at=timezone.now())
    with pytest.raises(Refused, match="This person has no pass"):
        actions.end_capture_pass(charge, by=by, at=timezone.now())
    line = JournalLine.objects.get(verb="end_capture_pass")
    assert (line.room, line.by_ref, line.facts, line.subject_uid) == (
        "consultation", by.reference, {"number": charge.workshop.meeting.number}, charge.uid,
    )  # fmt: skip


def test_old_page_sent_again_revives_no_pass_that_was_ended(workshop: Workshop, by: User, english: None) -> None:
    charge = ChargeFactory(workshop=workshop, rapporteur=True)
    press = {"ticket": "t" * 32, "by": by, "at": timezone.now()}
    key = actions.give_capture_pass(charge, **press).key
    actions.end_capture_pass(charge, by=by, at=timezone.now())
    with pytest.raises(Refused, match="open the page again"):
        actions.give_capture_pass(Charge.objects.get(pk=charge.pk), **press)
    assert queries.charge_of_pass(workshop, key) is None
    assert given(charge, by).new is True


# --- forgetting it ----------------------------------------------------------------


def test_borrowed_telephone_forgets_its_pass_in_every_language(workshop: Workshop, charge: Charge, by: User) -> None:
    telephone = opened(workshop, given(charge, by).key, lang="en")
    page = telephone.get(at("capture", workshop, lang="en"))
    assert "Forget my pass on this telephone" in page_of(page)
    door = at("capture_door", workshop, lang="en")
    told = {"act": "forget", "csrfmiddlewaretoken": str(page.context["csrf_token"])}
    for _press in range(2):  # pressed twice, it says so twice
        answer = telephone.post(door, told)
        assert (answer.status_code, answer["Location"]) == (302, door)
        gone = {name: cookie for name, cookie in answer.cookies.items() if name.startswith("rapporteur-")}
        assert {(cookie["path"], cookie["max-age"], cookie.value) for cookie in gone.values()} == {
            (at("capture", workshop, lang=code), 0, "") for code in ("ar", "fr", "zgh", "en")
        }
        assert "This telephone has forgotten the pass." in page_of(telephone.get(door))
    assert asked(telephone, workshop)["signed_in"] is False
    assert queries.charge_of_pass(workshop, "x") is None
    charge.refresh_from_db()
    assert rules.why_not_use_pass(charge, workshop, at=timezone.now()) == ""  # the pass itself is as good as before


def test_page_of_a_role_offers_no_pass_to_forget(workshop: Workshop, staff: Client) -> None:
    assert "data-leave" not in staff.get(at("capture", workshop)).content.decode()
