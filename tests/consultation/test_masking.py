"""Masking: what names a third person leaves every public page; no other word changes; the original stays sealed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from openregion.consultation import actions, codes, mails, rules
from openregion.consultation.models import Appeal, Consultation, Contribution, Notice, Sealed
from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine, SearchEntry
from tests.factories.chains import Chain
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.people import AT, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
MARK = "Marqueur-Benflane"
WORDS = {"problem": f"Le guichet de {MARK} ferme à midi.", "idea": "L'ouvrir l'après-midi."}
MASKED = {"problem": "Le guichet de […] ferme à midi.", "idea": "L'ouvrir l'après-midi."}
LATER = AT + dt.timedelta(days=1)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


@pytest.fixture
def moderator(member: Member) -> User:
    return UserFactory(role="moderator", at=member)


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def mask(one: Contribution, by: User, words: dict[str, str] | None = None, at: dt.datetime = AT) -> Contribution:
    return actions.mask_words(one, words=words or MASKED, by=by, at=at)


@pytest.mark.row("D2")
@pytest.mark.parametrize(
    ("text", "masked", "covers"),
    [
        ("Le guichet de Sana ferme.", "Le guichet de […] ferme.", True),
        ("Le guichet de Sana ferme.", "[…]", True),
        ("Le guichet de Sana ferme.", "[…] Sana ferme.", True),
        ("Le guichet de Sana ferme.", "Le guichet […]", True),
        ("Sana et Sana", "[…] et […]", True),
        ("Sana et Sana", "Sana et […]", True),
        ("Le guichet de Sana ferme.", "Le guichet de Sana ferme.", True),
        ("Le guichet de […] ferme à midi.", "[…] ferme […]", True),
        ("Le guichet de Sana ferme.", "Le guichet de […] ouvre.", False),
        ("Le guichet de Sana ferme.", "Le guichet ferme.", False),
        ("Le guichet de Sana ferme.", "Le guichet de Sana ferme. […]", False),
        ("Le guichet de Sana ferme.", "Le guichet de […]Sana ferme.", False),
        ("Il ne ferme pas.", "Il ferme.", False),
        ("Sana ferme.", "ferme. […]", False),
        ("ab", "a[…][…]b", False),
        ("aba", "a[…]ba", False),
        ("", "[…]", False),
        ("مكتب سناء مغلق", "مكتب […] مغلق", True),
    ],
)
def test_masked_words_are_the_words_with_something_covered(text: str, masked: str, covers: bool) -> None:
    assert rules.only_covers(text, masked) is covers


@pytest.mark.row("D2")
def test_masking_moves_the_original_aside_and_tells_the_author(consultation: Consultation, moderator: User) -> None:
    one = SuggestionFactory(consultation=consultation, words=WORDS, published=True, with_reply=True)
    mask(one, moderator)
    one.refresh_from_db()
    assert (one.words, one.sealed.words, one.sealed.sealed_at) == (MASKED, WORDS, AT)
    assert list(Notice.objects.values_list("step", flat=True)) == ["masked"]
    line = JournalLine.objects.get()
    assert (line.verb, line.by_ref, line.facts) == ("mask_words", moderator.reference, {"number": one.number})
    mails.send_now()
    (sent,) = mail.outbox
    assert (MARK in sent.body, "[…]" in sent.body) == (False, True)


@pytest.mark.parametrize(
    "words",
    [
        WORDS,
        MASKED | {"idea": "L'ouvrir le matin."},
        {"problem": MASKED["problem"]},
        MASKED | {"effect": "[…]"},
        {},
    ],
    ids=["nothing masked", "reworded", "a part left out", "a part added", "nothing at all"],
)
def test_masking_that_does_more_or_less_than_cover_is_refused(
    consultation: Consultation, moderator: User, words: dict[str, str]
) -> None:
    one = SuggestionFactory(consultation=consultation, words=WORDS)
    with pytest.raises(Refused):
        actions.mask_words(one, words=words, by=moderator, at=AT)
    one.refresh_from_db()
    assert (one.words, Sealed.objects.count(), JournalLine.objects.count()) == (WORDS, 0, 0)


@pytest.mark.row("D2")
def test_masked_twice_keeps_the_first_original(consultation: Consultation, moderator: User) -> None:
    one = SuggestionFactory(consultation=consultation, words=WORDS, published=True)
    mask(one, moderator)
    with pytest.raises(Refused):
        mask(one, moderator)
    mask(one, moderator, {"problem": "Le guichet […]", "idea": "L'ouvrir l'après-midi."}, LATER)
    one.refresh_from_db()
    assert (one.words["problem"], one.sealed.words, one.sealed.sealed_at) == ("Le guichet […]", WORDS, AT)


@pytest.mark.parametrize("traits", [{}, {"published": True}, {"hidden": True}, {"spam": True}])
def test_every_state_may_be_masked(consultation: Consultation, moderator: User, traits: dict[str, Any]) -> None:
    one = mask(SuggestionFactory(consultation=consultation, words=WORDS, **traits), moderator)
    assert (one.words, SearchEntry.objects.exists()) == (MASKED, "published" in traits)


@pytest.mark.parametrize("gone", [{"withdrawn": True}, {"erased_at": AT}])
def test_what_its_author_took_back_is_masked_no_more(
    consultation: Consultation, contact: User, gone: dict[str, Any]
) -> None:
    one = SuggestionFactory(consultation=consultation, words=WORDS, published=True, **gone)
    with pytest.raises(Refused):
        mask(one, contact)
    with pytest.raises(Refused):
        actions.open_sealed(one, by=contact, at=AT)


@pytest.mark.row("D2")
def test_roles_that_mask_and_open_are_those_of_the_guide(consultation: Consultation, moderator: User) -> None:
    member = consultation.cycle.member
    one = mask(SuggestionFactory(consultation=consultation, words=WORDS), moderator)
    allowed = {}
    for role in guides.guide(member.guide_version).roles:
        by = UserFactory(role=role.code, at=member)
        may = (not rules.why_not_mask_now(by, one), not rules.why_not_open_sealed(by, one))
        if any(may):
            allowed[role.code] = may
    assert allowed == {"moderator": (True, False), "point-of-contact": (True, True)}
    elsewhere = UserFactory(role="point-of-contact", at=MemberFactory())
    assert rules.why_not_open_sealed(elsewhere, one)


@pytest.mark.row("D2")
def test_opening_the_original_is_a_deed_with_its_line(
    consultation: Consultation, moderator: User, contact: User
) -> None:
    one = SuggestionFactory(consultation=consultation, words=WORDS)
    with pytest.raises(Refused):
        actions.open_sealed(one, by=contact, at=AT)
    mask(one, moderator)
    assert actions.open_sealed(one, by=contact, at=LATER) == WORDS
    last = JournalLine.objects.order_by("-pk")[0]
    assert (last.verb, last.facts) == ("open_sealed", {"number": one.number})


def test_sealed_page_is_posted_shown_once_and_kept_nowhere(
    client: Client, consultation: Consultation, moderator: User, contact: User
) -> None:
    one = mask(SuggestionFactory(consultation=consultation, words=WORDS), moderator)
    path = reverse("sealed", args=["ici", one.number])
    client.force_login(moderator)
    assert (client.post(path).status_code, client.get(path).status_code) == (403, 403)
    client.force_login(contact)
    assert client.get(path).status_code == 405
    answer = client.post(path)
    assert (MARK in answer.content.decode(), "no-store" in answer["Cache-Control"]) == (True, True)
    assert MARK not in client.get(reverse("moderate", args=["ici", one.number])).content.decode()
    assert JournalLine.objects.filter(verb="open_sealed").count() == 1


@pytest.mark.row("D2")
def test_moderator_masks_on_the_page_and_three_dots_are_the_sign(
    client: Client, consultation: Consultation, moderator: User
) -> None:
    one = SuggestionFactory(consultation=consultation, words=WORDS)
    client.force_login(moderator)
    path = reverse("moderate", args=["ici", one.number])
    wrong = {"act": "mask", "mask_problem": "Le guichet de personne ferme.", "mask_idea": WORDS["idea"]}
    text = client.post(path, wrong).content.decode()
    assert ('role="alert"' in text, "guichet de personne" in text) == (True, True)
    right = {"act": "mask", "mask_problem": "Le guichet de [...] ferme à midi.", "mask_idea": WORDS["idea"]}
    assert client.post(path, right)["Location"] == path
    one.refresh_from_db()
    assert one.words == MASKED
    assert MARK not in client.get(path).content.decode()


@pytest.mark.row("D2")
def test_marker_is_found_in_no_public_output_once_masked() -> None:
    """Planted in the words, masked: pages, lists, search, feeds, open data, journal and index hold it no more."""
    chain = Chain()
    one = chain.suggest(f"Le guichet de {MARK} ferme à midi")
    chain.answer([one])
    finding = chain.gather([one])
    here, browser = f"/fr/{chain.member.slug}", Client()
    pages = [
        f"{here}/", f"{here}/suggestions/", f"{here}/suggestions/{one.number}/", f"{here}/search/?q=guichet",
        f"{here}/findings/{finding.number}/", f"{here}/findings/", f"{here}/journal/",
        f"{here}/consultations/question/", f"{here}/responses/", f"{here}/responses/1/",
    ]  # fmt: skip
    doors = [f"{here}/{door}" for door in open_doors(chain)]

    def told() -> dict[str, bool]:
        found = {}
        for path in [*pages, *doors]:
            answer = browser.get(path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert answer.status_code in {200, 404}, path
            found[path] = MARK in body.decode()
        return found

    before = told()
    assert indexed()
    assert before[f"{here}/suggestions/{one.number}/"]
    assert sum(before.values()) >= 3
    actions.mask_words(one, words={"idea": "Le guichet de […] ferme à midi"}, by=chain.by, at=AT)
    assert [path for path, held in told().items() if held] == []
    assert not indexed()
    assert MARK not in "".join(str(line) for line in JournalLine.objects.values())
    call_command("reindex")
    assert [path for path, held in told().items() if held] == []
    # The day is said on the page.
    assert "Le guichet de […] ferme à midi" in browser.get(pages[2]).content.decode()


def indexed() -> bool:
    """Say whether search holds the marker, however it cuts words short."""
    return any("benflan" in str(entry).lower() for entry in SearchEntry.objects.values_list("words", flat=True))


def open_doors(chain: Chain) -> list[str]:
    """List the addresses of feeds and open data: files for programs."""
    from django.urls import get_resolver

    found = []
    for name in get_resolver().reverse_dict:
        if not isinstance(name, str) or not name.endswith(("_csv", "_json", "_feed", "_ics")):
            continue
        try:
            path = reverse(name, args=[chain.member.slug])
        except Exception:  # another kind of address
            continue
        found.append(path.split(f"/{chain.member.slug}/", 1)[1])
    assert "suggestions.csv" in found
    return found


@pytest.mark.row("D2")
def test_author_appeals_against_masking_and_another_person_undoes_it(
    consultation: Consultation, moderator: User, contact: User
) -> None:
    one = SuggestionFactory(consultation=consultation, words=WORDS, published=True)
    mask(one, moderator)
    appeal = actions.make_appeal(one, words="C'est le nom du quartier.", lang="fr", at=LATER)
    assert (appeal.against, appeal.first_by) == ("mask_words", moderator)
    with pytest.raises(Refused):
        actions.decide_appeal(appeal, keep=False, answer="Oui.", by=moderator, at=LATER)
    actions.decide_appeal(appeal, keep=False, answer="Oui.", by=contact, at=LATER)
    one.refresh_from_db()
    assert (one.words, one.moderation, Sealed.objects.count()) == (WORDS, "published", 0)
    assert indexed()


def test_erasing_takes_the_sealed_original_too_and_knows_the_row_again(
    consultation: Consultation, moderator: User
) -> None:
    one = SuggestionFactory(consultation=consultation, words=WORDS, source="fichier", row_hash="r" * 64)
    mask(one, moderator)
    actions.erase_contribution(one, at=LATER)
    one.refresh_from_db()
    assert (one.words, Sealed.objects.count()) == ({}, 0)
    assert one.row_hash == codes.tombstone(*codes.what_is_said(WORDS))


def test_author_is_told_on_the_page_of_their_code_and_may_appeal() -> None:
    chain = Chain()
    one = chain.suggest(f"Le guichet de {MARK} ferme")
    actions.mask_words(one, words={"idea": "Le guichet de […] ferme"}, by=chain.by, at=AT)
    code, here = chain.codes[one.number], f"/en/{chain.member.slug}/follow/"
    text = Client().post(here, {"code": code}).content.decode()
    assert ("data is blacked out in your words" in text, MARK in text, "follow/appeal/" in text) == (True, False, True)
    Client().post(f"{here}appeal/", {"code": code, "appeal": "It is a place."})
    assert Appeal.objects.get().against == "mask_words"
