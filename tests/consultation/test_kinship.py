"""Kinship: two suggestions that say the same lead to each other; nobody's words or support move."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openregion.consultation import actions, rules
from openregion.consultation.models import Consultation, Contribution, Kinship, Vote
from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.moderation import KinshipFactory
from tests.factories.people import AT, MemberFactory, UserFactory
from tests.factories.voices import CommentFactory, VoteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


@pytest.fixture
def moderator(member: Member) -> User:
    return UserFactory(role="moderator", at=member)


def suggestions(consultation: Consultation, many: int, **traits: Any) -> list[Contribution]:
    return SuggestionFactory.create_batch(many, consultation=consultation, **({"published": True} | traits))


def link(one: Contribution, other: Contribution, by: User) -> Kinship:
    return actions.link_kin(one, says_as=other, by=by, at=AT)


def links() -> set[tuple[int, int]]:
    return set(Kinship.objects.values_list("suggestion__number", "says_as__number"))


@pytest.mark.row("D2")
def test_nobody_s_votes_or_words_move(consultation: Consultation, moderator: User) -> None:
    one, other = suggestions(consultation, 2)
    for suggestion, many in ((one, 3), (other, 2)):
        VoteFactory.create_batch(many, suggestion=suggestion)
    ledger = list(Vote.objects.order_by("pk").values())
    words = list(Contribution.objects.order_by("pk").values_list("words", "moderation"))
    link(one, other, moderator)
    actions.unlink_kin(one, by=moderator, at=AT)
    link(other, one, moderator)
    assert list(Vote.objects.order_by("pk").values()) == ledger
    assert list(Contribution.objects.order_by("pk").values_list("words", "moderation")) == words


@pytest.mark.row("D2")
def test_kin_of_kin_stand_around_one_head(consultation: Consultation, moderator: User) -> None:
    one, two, three, four = suggestions(consultation, 4)
    link(two, one, moderator)
    link(three, two, moderator)
    assert links() == {(2, 1), (3, 1)}
    link(one, four, moderator)
    assert links() == {(2, 4), (3, 4), (1, 4)}
    with pytest.raises(Refused):
        link(four, two, moderator)
    actions.unlink_kin(two, by=moderator, at=AT)
    assert links() == {(3, 4), (1, 4)}


def test_linked_again_or_to_itself_is_refused(consultation: Consultation, moderator: User) -> None:
    one, two = suggestions(consultation, 2)
    link(one, two, moderator)
    for these in ((one, two), (two, one), (one, one)):
        with pytest.raises(Refused):
            link(*these, moderator)
    with pytest.raises(Refused):
        actions.unlink_kin(two, by=moderator, at=AT)
    actions.unlink_kin(one, by=moderator, at=AT)
    with pytest.raises(Refused):
        actions.unlink_kin(one, by=moderator, at=AT)
    lines = list(JournalLine.objects.order_by("pk").values_list("verb", "facts"))
    assert lines == [
        ("link_kin", {"number": 1, "says_as": 2}),
        ("unlink_kin", {"number": 1, "said_as": 2}),
    ]


@pytest.mark.parametrize(
    "traits", [{"published": False}, {"hidden": True}, {"spam": True}, {"withdrawn": True}, {"erased_at": AT}]
)
def test_only_public_suggestions_are_linked(
    consultation: Consultation, moderator: User, traits: dict[str, Any]
) -> None:
    (one,), (other,) = suggestions(consultation, 1), suggestions(consultation, 1, **({"published": False} | traits))
    if "withdrawn" in traits or "erased_at" in traits:
        Contribution.objects.filter(pk=other.pk).update(moderation="published")
        other.refresh_from_db()
    for these in ((one, other), (other, one)):
        with pytest.raises(Refused):
            link(*these, moderator)
    assert Kinship.objects.count() == 0


def test_comments_and_other_regions_suggestions_are_no_kin(consultation: Consultation, moderator: User) -> None:
    (one,) = suggestions(consultation, 1)
    for other in (CommentFactory(on=one), SuggestionFactory(published=True)):
        with pytest.raises(Refused):
            link(one, other, moderator)


@pytest.mark.row("D2")
def test_roles_that_link_are_those_of_the_guide(consultation: Consultation) -> None:
    member, (one, two) = consultation.cycle.member, suggestions(consultation, 2)
    allowed = set()
    for role in guides.guide(member.guide_version).roles:
        by = UserFactory(role=role.code, at=member)
        if not rules.why_not_link_kin(by, one, says_as=two):
            allowed.add(role.code)
    assert allowed == {"moderator", "point-of-contact"}


@pytest.mark.row("D2")
def test_pages_of_kin_lead_to_each_other(consultation: Consultation, moderator: User) -> None:
    one, two, three = suggestions(consultation, 3)
    link(one, three, moderator)
    link(two, three, moderator)

    def leads(number: int) -> set[int]:
        text = Client().get(reverse("suggestion", args=["ici", number])).content.decode()
        aside = text.split('id="kin"', 1)[1] if 'id="kin"' in text else ""
        return {other for other in (1, 2, 3) if f'/suggestions/{other}/"' in aside.split("</aside>")[0]}

    assert [leads(number) for number in (1, 2, 3)] == [{2, 3}, {1, 3}, {1, 2}]
    actions.hide_contribution(two, reason="insult", by=moderator, at=AT)
    assert [leads(number) for number in (1, 2, 3)] == [{3}, set(), {1}]
    actions.hide_contribution(three, reason="insult", by=moderator, at=AT)
    assert leads(1) == set()


def test_page_asks_as_much_for_one_kin_as_for_thirty(consultation: Consultation) -> None:
    head, *_rest = suggestions(consultation, 1)
    KinshipFactory(says_as=head, suggestion=suggestions(consultation, 1)[0])
    path = reverse("suggestion", args=["ici", head.number])

    def asked() -> int:
        Client().get(path)
        from django.core.cache import caches

        caches["pages"].clear()
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(path).status_code == 200
        return len(seen)

    few = asked()
    for one in suggestions(consultation, 29):
        KinshipFactory(says_as=head, suggestion=one)
    assert asked() == few


def test_moderator_links_and_parts_on_the_page(client: Client, consultation: Consultation, moderator: User) -> None:
    one, _two = suggestions(consultation, 2)
    client.force_login(moderator)
    path = reverse("moderate", args=["ici", one.number])
    for wrong in ("", "99", "0", "1"):
        text = client.post(path, {"act": "kin", "says_as": wrong}).content.decode()
        assert 'role="alert"' in text, wrong
    assert client.post(path, {"act": "kin", "says_as": "2"})["Location"] == path
    assert (links(), 'value="unkin"' in client.get(path).content.decode()) == ({(1, 2)}, True)
    client.post(path, {"act": "unkin"})
    assert links() == set()


def test_moderator_looks_for_what_is_close_and_links_it(
    client: Client, consultation: Consultation, moderator: User
) -> None:
    said = {"idea": "Réparer la passerelle de Ras Lghezla avant la crue"}
    one, two, three = (
        actions.publish_contribution(SuggestionFactory(consultation=consultation, words=words), by=moderator, at=AT)
        for words in (
            said,
            {"idea": "La passerelle de Ras Lghezla, la réparer avant la crue"},
            {"idea": "Ouvrir le soir"},
        )
    )
    client.force_login(moderator)
    path = reverse("moderate", args=["ici", one.number])

    def proposed(query: str) -> list[str]:
        return re.findall(r'name="says_as" value="(\d+)"', client.get(path + query).content.decode())

    assert (proposed(""), proposed("?close=1")) == ([], [str(two.number)])
    client.post(path + "?close=1", {"act": "kin", "says_as": str(two.number)})
    assert links() == {(one.number, two.number)}
    assert three.number not in {number for pair in links() for number in pair}
