"""Writing for somebody who is present: with their yes, marked as such, and edited by nobody afterwards."""

from __future__ import annotations

import ast
import html
import json
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
        "ticket": codes.new_ticket(), "consent": "on", "consent_lang": "ary", "lang": "ary",
        "idea": "بغيت الضو فالدوار", "organisation": "Association inventée", **more,
    }  # fmt: skip


def assisted(consultation: Consultation, by: User, **more: Any) -> actions.Received:
    said = {"words": {"idea": "Une fontaine."}, "lang": "fr", "consent": True, "consent_lang": "fr", **more}
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
    assert (kept.contribution, kept.helper, kept.organisation, kept.consent_lang) == (
        one, helper, "Association inventée", "ary",
    )  # fmt: skip
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
@pytest.mark.parametrize("tongue", ["", "xx"])
def test_tongue_in_which_consent_was_asked_is_said(
    client: Client, consultation: Consultation, helper: User, tongue: str
) -> None:
    client.force_login(helper)
    answer = client.post(page("en"), given(consent_lang=tongue)).content.decode()
    assert ("id_consent_lang" in answer, "بغيت الضو فالدوار" in answer) == (True, True)
    with override("en"), pytest.raises(Refused, match="in which language you asked"):
        assisted(consultation, helper, consent_lang=tongue)
    assert Contribution.objects.count() == 0


@pytest.mark.row("L-1")
def test_consent_is_asked_in_tamazight_in_the_words_of_the_place(
    client: Client, consultation: Consultation, helper: User
) -> None:
    client.force_login(helper)
    assert "in Tamazight as the person speaks it" in client.get(page("en")).content.decode()
    client.post(page(), given(consent_lang="zgh", lang="zgh", idea="ⴰⵎⴰⵏ"))
    assert AssistedEntry.objects.get().consent_lang == "zgh"


@pytest.mark.row("L-1")
def test_words_to_read_aloud_are_there_in_four_tongues(
    client: Client, consultation: Consultation, helper: User
) -> None:
    client.force_login(helper)
    text = client.get(page("ar")).content.decode()
    aloud = queries.consent_aloud(consultation)
    assert [(one.lang, one.way, len(one.sentences)) for one in aloud] == [
        ("ary", "rtl", 7), ("zgh", "ltr", 0), ("ar", "rtl", 7), ("fr", "ltr", 7), ("en", "ltr", 7),
    ]  # fmt: skip
    assert [html.escape(sentence) in text for one in aloud for sentence in one.sentences] == [True] * 28
    assert 'name="reply_to"' not in text


@pytest.mark.row("L-1")
@pytest.mark.parametrize(("reads", "aloud"), [("before", "seront lus, puis publiés"), ("after", "tout de suite")])
def test_consent_says_how_this_consultation_publishes(
    client: Client, member: Member, helper: User, reads: str, aloud: str
) -> None:
    ConsultationFactory(member=member, slug="question", reads=reads)
    client.force_login(helper)
    text = client.get(page("en")).content.decode()
    assert aloud in text
    assert ("published at once and read after, marked" in text) == (reads == "after")
    assert ("published once it is read, marked" in text) == (reads == "before")


@pytest.mark.row("L-1")
@pytest.mark.usefixtures("english")
def test_nothing_is_marked_as_written_with_help_without_a_consent(consultation: Consultation) -> None:
    said: dict[str, Any] = {"words": {"idea": "x"}, "lang": "fr", "channel": "assisted", "at": timezone.now()}
    with pytest.raises(Refused, match="where their consent is recorded"):
        actions.receive_suggestion(consultation, **said)
    read_in = actions.receive_suggestion(consultation, **said, origin=actions.Origin("file", "1"))
    assert (read_in.contribution.channel, AssistedEntry.objects.count()) == ("assisted", 0)


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", ["ar", "fr", "en", "zgh"])
def test_everyone_reads_that_words_were_written_with_help_and_not_by_whom(
    client: Client, consultation: Consultation, helper: User, member: Member, lang: str
) -> None:
    helper.name = "Marqueur Nom"
    helper.save()
    one = assisted(consultation, helper, organisation="Marqueur Association").contribution
    actions.publish_contribution(one, by=UserFactory(role="moderator", at=member), at=timezone.now())
    with override(lang):
        named = html.escape(str(queries.MARKS["assisted"]))
        short = html.escape(str(queries.CHANNELS["assisted"]))
        listed = [reverse(name, args=["ici", *more]) for name, more in (("suggestions", []), ("voices", ["question"]))]
        own, data = reverse("suggestion", args=["ici", one.number]), reverse("suggestions_json", args=["ici"])
    text = client.get(own).content.decode()
    assert (named in text, "Marqueur" in text) == (True, False)
    for address in listed:
        text = client.get(address).content.decode()
        assert (short in text, "Marqueur" in text) == (True, False)
    told = b"".join(client.get(data).streaming_content).decode()  # type: ignore[attr-defined]
    assert (json.loads(told)[0]["channel"], "Marqueur" in told) == ("assisted", False)


@pytest.mark.row("L-1")
@pytest.mark.usefixtures("english")
def test_those_who_moderate_read_the_consent_and_who_helped(
    client: Client, consultation: Consultation, helper: User, member: Member
) -> None:
    helper.name = "Aïda Tamdi"
    helper.save()
    one = assisted(consultation, helper, consent_lang="zgh", organisation="Association inventée").contribution
    moderator = UserFactory(role="moderator", at=member)
    client.force_login(moderator)
    with override("en"):
        case, public = (reverse(name, args=["ici", one.number]) for name in ("moderate", "suggestion"))
        queue = client.get(reverse("moderation", args=["ici"])).content.decode()
    assert "With someone&#x27;s help" in queue
    text = client.get(case).content.decode()
    said = ("They were asked in this language: Tamazight.", "Aïda Tamdi", "Association inventée")
    assert [word in text for word in said] == [True] * 3
    actions.publish_contribution(one, by=moderator, at=timezone.now())
    assert [word in client.get(public).content.decode() for word in said] == [True] * 3
    client.logout()
    assert [word in client.get(public).content.decode() for word in said] == [False] * 3


@pytest.mark.row("D2")
def test_helper_is_led_to_the_page_first(client: Client, consultation: Consultation, helper: User) -> None:
    ConsultationFactory(member=consultation.cycle.member, slug="fermee", closed=True)
    visitor, at = Client(), page("en")
    client.force_login(helper)
    with override("en"):
        desk, listed = (reverse(name, args=["ici"]) for name in ("desk", "consultations"))
        own = reverse("consultation", args=["ici", "question"])
    text = client.get(desk).content.decode()
    assert (text.count(f'href="{at}"'), "/fermee/assist/" in text) == (1, False)
    assert text.index(f'href="{at}"') < text.index("<section")
    assert [f'href="{at}"' in client.get(one).content.decode() for one in (listed, own)] == [True, True]
    assert [f'href="{at}"' in visitor.get(one).content.decode() for one in (listed, own)] == [False, False]


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
def test_journal_names_the_consultation_and_no_words(consultation: Consultation, helper: User) -> None:
    received = assisted(consultation, helper)
    line, given = (JournalLine.objects.get(verb=verb) for verb in ("assist_entry", "receive_suggestion"))
    assert (given.parent, given.by_ref, line.facts, line.by_ref) == (
        None, "", {"consultation": "question"}, helper.reference,
    )  # fmt: skip
    assert line.subject_uid != received.contribution.uid


def test_closed_consultation_takes_nothing_and_says_so(client: Client, member: Member, helper: User) -> None:
    ConsultationFactory(member=member, slug="question", closed=True)
    client.force_login(helper)
    asked = client.get(page()).content.decode()
    assert ("<form class" in asked, "readonly" in asked) == (False, False)
    answer = client.post(page(), given(problem="Pas de lumière le soir."))
    text = answer.content.decode()
    assert (answer.status_code, Contribution.objects.count(), text.count("readonly")) == (200, 0, 2)
    assert ("بغيت الضو فالدوار" in text, "Pas de lumière le soir." in text) == (True, True)


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
