"""Writing for somebody who is present: with their yes, marked as such, and edited by nobody afterwards."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation import actions, codes, queries
from openregion.consultation.models import AssistedEntry, Consultation, Contribution
from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from tests.factories.consultation import ConsultationFactory
from tests.factories.people import MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
ACTIONS = Path(actions.__file__).parent


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


@pytest.fixture
def helper(member: Member) -> User:
    return UserFactory(role="assistant", at=member)


def page(lang: str = "fr") -> str:
    with override(lang):
        return reverse("assist", args=["ici", "question"])


def given(**more: Any) -> dict[str, Any]:
    return {
        "ticket": codes.new_ticket(), "consent": "on", "idea": "بغيت الضو فالدوار", "lang": "ary",
        "organisation": "Association inventée", **more,
    }  # fmt: skip


def assisted(consultation: Consultation, by: User, **more: Any) -> actions.Received:
    said = {"words": {"idea": "Une fontaine."}, "lang": "fr", "consent": True, **more}
    return actions.assist_entry(consultation, **said, by=by, at=timezone.now())


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_helper_writes_for_somebody_and_hands_over_the_code(
    client: Client, consultation: Consultation, helper: User, lang: str
) -> None:
    client.force_login(helper)
    said = given()
    first, again = (client.post(page(lang), said) for _time in range(2))
    shown = [re.findall(r"\d{4} \d{4} \d{4}", one.content.decode()) for one in (first, again)]
    one = Contribution.objects.get()
    assert (first.status_code, shown[0], codes.hashed(codes.tidy(shown[0][0]))) == (200, shown[1], one.code_hash)
    assert "no-store" in first["Cache-Control"]
    assert (one.channel, one.author, one.reply_to, one.lang) == ("assisted", None, "", "ary")
    kept = AssistedEntry.objects.get()
    assert (kept.contribution, kept.helper, kept.organisation) == (one, helper, "Association inventée")
    assert page(lang) in first.content.decode()


@pytest.mark.row("L-1")
def test_nothing_is_written_without_a_yes(client: Client, consultation: Consultation, helper: User) -> None:
    client.force_login(helper)
    answer = client.post(page(), given(consent=""))
    assert (answer.status_code, Contribution.objects.count()) == (200, 0)
    assert "بغيت الضو فالدوار" in answer.content.decode()
    with pytest.raises(Refused):
        assisted(consultation, helper, consent=False)


@pytest.mark.row("L-1")
def test_words_to_read_aloud_are_there_in_three_tongues(
    client: Client, consultation: Consultation, helper: User
) -> None:
    client.force_login(helper)
    text = client.get(page("ar")).content.decode()
    aloud = queries.consent_aloud()
    assert [one.lang for one in aloud] == ["ary", "ar", "fr"]
    assert [one.sentences[-1] in text for one in aloud] == [True] * 3
    assert 'name="reply_to"' not in text


@pytest.mark.row("A2")
def test_roles_that_hold_the_deed_do_it_and_no_other(consultation: Consultation, member: Member) -> None:
    for role in guides.guide(member.guide_version).roles:
        try:
            assisted(consultation, UserFactory(role=role.code, at=member))
            done = True
        except Refused:
            done = False
        assert done == ("assist_entry" in role.deeds), role.code
    elsewhere = UserFactory(role="assistant", at=MemberFactory())
    with pytest.raises(Refused):
        assisted(consultation, elsewhere)


def test_page_is_for_helpers_alone(client: Client, consultation: Consultation, member: Member) -> None:
    assert client.get(page()).status_code == 302
    client.force_login(UserFactory(role="moderator", at=member))
    assert client.get(page()).status_code == 403


def test_same_form_sent_twice_is_one_entry(consultation: Consultation, helper: User) -> None:
    ticket = codes.new_ticket()
    first, again = (assisted(consultation, helper, ticket=ticket) for _time in range(2))
    assert (first.code, again.new) == (again.code, False)
    assert (AssistedEntry.objects.count(), JournalLine.objects.filter(verb="assist_entry").count()) == (1, 1)


@pytest.mark.row("L-1")
def test_journal_does_not_lead_from_the_helper_to_the_words(consultation: Consultation, helper: User) -> None:
    received = assisted(consultation, helper)
    line, given = (JournalLine.objects.get(verb=verb) for verb in ("assist_entry", "receive_suggestion"))
    assert (given.parent, given.by_ref, line.facts, line.by_ref) == (
        None, "", {"consultation": "question"}, helper.reference,
    )  # fmt: skip
    assert line.subject_uid != received.contribution.uid


def test_closed_consultation_takes_nothing_and_says_so(client: Client, member: Member, helper: User) -> None:
    ConsultationFactory(member=member, slug="question", closed=True)
    client.force_login(helper)
    assert "<form class" not in client.get(page()).content.decode()
    assert client.post(page(), given()).status_code == 200
    assert Contribution.objects.count() == 0


@pytest.mark.row("D2")
def test_entries_are_counted_by_channel(consultation: Consultation, helper: User) -> None:
    assisted(consultation, helper)
    assert str(queries.CHANNELS["assisted"])
    assert list(Contribution.objects.values_list("channel", flat=True)) == ["assisted"]


@pytest.mark.row("D2")
def test_no_deed_edits_the_words_of_a_contribution() -> None:
    """Words are written once, when they are received. Erasing empties them, masking covers a part and is undone."""
    writers = {
        function.name
        for path in ACTIONS.glob("*.py")
        for function in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(function, ast.FunctionDef)
        for inner in ast.walk(function)
        if isinstance(inner, ast.Assign)
        and any("contribution.words" in ast.unparse(target) for target in inner.targets)
    }
    assert writers <= {"erase_contribution", "mask_words", "unmasked", "transcribe_recording"}


@pytest.mark.row("D2")
@pytest.mark.parametrize("deed", ["publish_contribution", "hide_contribution", "mark_spam", "place_suggestion"])
def test_staff_cannot_change_what_somebody_said(
    consultation: Consultation, helper: User, member: Member, deed: str
) -> None:
    one = assisted(consultation, helper).contribution
    more: dict[str, Any] = {"hide_contribution": {"reason": "insult"}}.get(deed, {})
    if deed == "place_suggestion":
        more = {"theme": None, "province": None, "lang": "ary"}
    moderator = UserFactory(role="moderator", at=member)
    getattr(actions, deed)(one, by=moderator, at=timezone.now(), **more)
    one.refresh_from_db()
    assert one.words == {"idea": "Une fontaine."}


@pytest.mark.parametrize("lang", ["ar", "zgh", "fr", "en"])
def test_journal_tells_the_deed(consultation: Consultation, helper: User, lang: str) -> None:
    assisted(consultation, helper)
    line = JournalLine.objects.get(verb="assist_entry")
    with override(lang):
        told = render_to_string(
            "consultation/journal/assist_entry.html", {"line": line, "facts": line.facts, "when": line.at}
        )
    assert "question" in told
