"""Findings: who writes and publishes them, what they may gather, what everyone reads of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from openregion.consultation.models import Contribution, Notice
from openregion.core.official import is_out_of_date, text_in
from openregion.core.refusal import Refused
from openregion.cycle.actions import open_cycle
from openregion.diagnosis import actions, queries, rules
from openregion.diagnosis.forms import numbers_in, picking_of
from openregion.diagnosis.models import Finding
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.actions import index_entry
from openregion.record.models import JournalLine, SearchEntry
from tests.factories.consultation import ConsultationFactory, SuggestionFactory, ThemeFactory
from tests.factories.cycle import CycleFactory
from tests.factories.diagnosis import FindingFactory, suggestions
from tests.factories.people import AT, MemberFactory, TerritoryFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]
LATER = AT + dt.timedelta(hours=1)
DEEDS = ("write_finding", "revise_finding", "add_to_finding", "remove_from_finding", "publish_finding")
ROLES = ("administrator", "point-of-contact", "coordinator", "team-member", "unit-head", "moderator")
LANGUAGES = ("ar", "zgh", "fr", "en")


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


def why_not(by: User, deed: str, finding: Finding, one: Contribution) -> str:
    said = {"title": finding.title, "synthesis": finding.synthesis, "reference": finding.reference}
    return {
        "write_finding": lambda: rules.why_not_write_finding(by, finding.cycle, **said, contributions=[one]),
        "revise_finding": lambda: rules.why_not_revise_finding(by, finding, **said),
        "add_to_finding": lambda: rules.why_not_add_to_finding(by, finding, [one]),
        "remove_from_finding": lambda: rules.why_not_remove_from_finding(by, finding, one),
        "publish_finding": lambda: rules.why_not_publish_finding(by, finding),
    }[deed]()


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_findings_are_written_and_published_by_those_the_guide_names(member: Member, role: str) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    finding = FindingFactory(member=member, gathers=2)
    one = queries.gathered_by(finding).earliest("pk")
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    expected = {deed for deed in DEEDS if named and deed in named.deeds}
    assert {deed for deed in DEEDS if not why_not(by, deed, finding, one)} == expected


@pytest.mark.parametrize(
    ("state", "gathered"),
    [
        ({"published": True}, True),
        ({"hidden": True}, True),
        ({}, False),
        ({"spam": True}, False),
        ({"published": True, "withdrawn": True}, False),
    ],
    ids=["published", "hidden", "pending", "spam", "withdrawn"],
)
def test_finding_gathers_what_moderation_has_read(
    member: Member, contact: User, state: dict[str, bool], gathered: bool
) -> None:
    finding = FindingFactory(member=member)
    [one] = suggestions(member, 1, **({"published": False} | state))
    assert (why_not(contact, "add_to_finding", finding, one) == "") == gathered


def test_finding_rests_on_someone_and_on_nobody_elsewhere(member: Member, contact: User) -> None:
    finding = FindingFactory(member=member)
    [elsewhere] = suggestions(MemberFactory(), 1)
    [only] = queries.gathered_by(finding)
    said = {"title": words("Titre"), "synthesis": words("Synthèse"), "by": contact, "at": AT}
    with pytest.raises(Refused):
        actions.write_finding(finding.cycle, contributions=[], **said)
    with pytest.raises(Refused):
        actions.write_finding(finding.cycle, contributions=[elsewhere], **said)
    with pytest.raises(Refused):
        actions.write_finding(finding.cycle, contributions=[only], reference="no-such-reference", **said)
    with pytest.raises(Refused):
        actions.remove_from_finding(finding, contribution=only, by=contact, at=AT)
    assert Finding.objects.count() == 1


def test_published_finding_is_found_in_each_language_and_a_draft_is_not(member: Member, contact: User) -> None:
    finding = FindingFactory(member=member)
    assert list(queries.findable(member)) == []
    actions.publish_finding(finding, by=contact, at=AT)
    assert sorted(SearchEntry.objects.filter(kind="finding").values_list("lang", flat=True)) == ["ar", "en", "fr"]
    assert len(list(queries.findable(member))) == 3
    with pytest.raises(Refused):
        actions.publish_finding(finding, by=contact, at=AT)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everyone_reads_published_findings_and_only_the_team_the_drafts(
    client: Client, member: Member, lang: str
) -> None:
    assert client.get(address("findings", "ici", lang=lang)).status_code == 200
    draft, out = FindingFactory(member=member), FindingFactory(member=member, published=True)
    listed, pages = address("findings", "ici", lang=lang) + "?again=1", [draft.number, out.number]
    found = [client.get(address("finding", "ici", number, lang=lang)).status_code for number in pages]
    page = client.get(listed).content.decode()
    assert found == [404, 200]
    assert (text_in(draft.title, "fr") in page or text_in(draft.title, lang) in page) is False
    client.force_login(UserFactory(role="moderator", at=member))
    assert client.get(address("finding", "ici", draft.number, lang=lang)).status_code == 404
    client.force_login(UserFactory(role="team-member", at=member))
    assert client.get(address("finding", "ici", draft.number, lang=lang)).status_code == 200
    assert text_in(draft.title, "fr" if lang == "zgh" else lang) in client.get(listed).content.decode()


def test_findings_stand_under_the_guides_references_in_its_order(member: Member) -> None:
    FindingFactory(member=member, published=True, reference="participation-in-policy")
    FindingFactory(member=member, published=True, reference="")
    FindingFactory(member=member, published=True, reference="budget-transparency")
    with override("fr"):
        found = queries.findings_page(member, drafts=False)
    assert [(one.reference, [line.number for line in one.findings]) for one in found] == [
        ("Transparence budgétaire", [3]),
        ("Participation citoyenne à l'élaboration des politiques publiques", [1]),
        ("", [2]),
    ]


def test_page_shows_words_in_their_own_direction_and_hides_what_may_not_be_read(client: Client, member: Member) -> None:
    said = suggestions(member, 2, in_arabic=True)
    hidden = suggestions(member, 1, hidden=True, published=False, words={"idea": "Un nom caché"})
    darija = suggestions(member, 1, lang="ary", words={"text": "bghit nfhem lmizania"})
    gone = suggestions(member, 1, withdrawn=True, words={"idea": "Un mot retiré"})
    finding = FindingFactory(member=member, published=True, gathers=[*said, *hidden, *darija, *gone])
    page = client.get(address("finding", "ici", finding.number, lang="en")).content.decode()
    assert "It gathers 5 suggestions" in page
    assert "Of these, 3 can be read here." in page
    assert f'<p lang="ar" dir="auto">{said[0].words["idea"]}</p>' in page
    assert '<p lang="ar-MA" dir="auto">bghit nfhem lmizania</p>' in page
    assert ("Un nom caché" in page, "Un mot retiré" in page) == (False, False)


def test_page_counts_what_is_published_by_province_and_channel_as_it_is(member: Member) -> None:
    region = member.authorities.get().territory
    big, small, other = (TerritoryFactory(province=True, parent=region, name_fr=name) for name in ("Grande", "B", "C"))
    given = suggestions(member, 12, placed__province=big, channel="online")
    given += suggestions(member, 9, placed__province=small, channel="paper")
    given += suggestions(member, 1, placed__province=other, channel="online")
    page = queries.finding_page(FindingFactory(member=member, published=True, gathers=given), member, after=0)
    # Each is public with its place and its channel: anyone can count them.
    assert [(one.label, one.count) for one in page.by_province.cells] == [("Grande", "12"), ("B", "9"), ("C", "1")]
    assert [one.count for one in page.by_channel.cells] == ["13", "9"]


def test_page_reads_suggestions_twenty_at_a_time_from_one_end(client: Client, member: Member) -> None:
    finding = FindingFactory(member=member, published=True, gathers=45)
    seen: list[int] = []
    after, pages = 0, 0
    while pages == 0 or after:
        voices = queries.finding_page(finding, member, after=after).voices
        seen += [one.number for one in voices.voices]
        after, pages = voices.following, pages + 1
    assert (pages, seen) == (3, sorted(queries.gathered_by(finding).values_list("number", flat=True)))
    for odd in ("", "x", "9" * 40, "-3", "٣"):
        assert client.get(address("finding", "ici", finding.number), {"after": odd}).status_code == 200


def test_pages_of_findings_ask_as_much_for_one_row_as_for_thirty(client: Client, member: Member) -> None:
    client.force_login(UserFactory(role="point-of-contact", at=member))
    first = FindingFactory(member=member, published=True)
    for number in range(2):
        TerritoryFactory(province=True, parent=member.authorities.get().territory, name_fr=f"Province {number}")
    paths = [
        address("findings", "ici"), address("finding", "ici", first.number), address("new_finding", "ici"),
        address("add_to_finding", "ici", first.number),
    ]  # fmt: skip

    def asked() -> list[int]:
        counts = []
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            counts.append(len(seen))
        return counts

    few = asked()
    FindingFactory.create_batch(29, member=member, published=True, gathers=2)
    actions.add_to_finding(
        first,
        contributions=suggestions(member, 15, placed__theme=ThemeFactory()),
        by=UserFactory(role="point-of-contact", at=member),
        at=AT,
    )
    assert asked() == few


def test_choosing_over_several_pages_keeps_what_is_ticked_and_typed(client: Client, member: Member) -> None:
    client.force_login(UserFactory(role="team-member", at=member))
    given = suggestions(member, 50)
    typed = {"title_fr": "Le budget ne se lit pas", "reference": "budget-transparency"}
    first = client.post(
        address("new_finding", "ici"), {**typed, "pick": ["1", "3"], "seen": "1,2,3", "do": "more", "after": "20"}
    )
    assert (first.status_code, Finding.objects.count()) == (200, 0)
    pick = first.context["pick"]
    assert (pick.picking.kept, [one.number for one in pick.found.voices][:1], pick.found.following) == ("1,3", [21], 40)
    assert 'value="Le budget ne se lit pas"' in first.content.decode()
    assert first.context["form"].errors == {}
    second = {**typed, "chosen": "1,3", "seen": pick.seen, "pick": ["1", "21"], "do": "save", "page": "20"}
    refused = client.post(address("new_finding", "ici"), second)
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["synthesis_fr"])
    assert refused.context["pick"].picking.chosen == (1, 21)
    done = client.post(address("new_finding", "ici"), {**second, "synthesis_ar": "الميزانية منشورة ولا تقرأ"})
    finding = Finding.objects.get()
    assert done["Location"] == address("finding", "ici", finding.number)
    assert set(queries.gathered_by(finding)) == {given[0], given[20]}
    assert (text_in(finding.title, "fr"), finding.published_at) == ("Le budget ne se lit pas", None)


def test_new_finding_is_refused_without_a_suggestion_and_loses_nothing(client: Client, member: Member) -> None:
    client.force_login(UserFactory(role="team-member", at=member))
    suggestions(member, 1)
    typed = {"title_fr": "Un titre", "synthesis_fr": "Une synthèse longuement écrite", "do": "save"}
    page = client.post(address("new_finding", "ici"), typed)
    assert (page.status_code, Finding.objects.count()) == (200, 0)
    assert "Une synthèse longuement écrite" in page.content.decode()


def test_three_hundred_suggestions_are_gathered_at_once(client: Client, member: Member) -> None:
    client.force_login(UserFactory(role="coordinator", at=member))
    numbers = ",".join(str(one.number) for one in suggestions(member, 300))
    typed = {"title_fr": "Titre", "synthesis_fr": "Synthèse", "do": "save", "chosen": numbers}
    assert client.post(address("new_finding", "ici"), typed).status_code == 302
    assert Finding.objects.get().sources.count() == 300


def test_suggestions_are_found_by_words_theme_and_province(member: Member) -> None:
    place = TerritoryFactory(province=True, parent=member.authorities.get().territory)
    [road, _] = suggestions(member, 2)
    theme = ThemeFactory(consultation=road.consultation, code="routes")
    [placed] = suggestions(member, 1, placed__theme=theme, placed__province=place)
    [foreign] = suggestions(MemberFactory(), 1)
    for one in (road, foreign):
        index_entry(
            member_code=one.member.slug, lang="fr", kind="suggestion", subject_uid=one.uid, title="Une piste",
            excerpt="", path="/fr/", text="une piste rurale",
        )  # fmt: skip
    among = queries.readable(Contribution.objects.of(member))

    def found(**asked: Any) -> list[int]:
        pick = queries.to_pick(member, queries.Picking(**asked), among=among, most=20)
        return [one.number for one in pick.found.voices]

    assert found() == [1, 2, 3]
    assert found(q="pistes") == [road.number]
    assert found(theme="routes") == [placed.number]
    assert found(province=place.code) == [placed.number]
    assert found(q="introuvable") == []


@pytest.mark.parametrize(
    ("typed", "read"), [("1,2", (1, 2)), ("", ()), ("x 3;4", (3, 4)), ("٣", ()), ("9" * 12, (999999999, 999))]
)
def test_public_numbers_are_read_from_whatever_is_typed(typed: str, read: tuple[int, ...]) -> None:
    assert numbers_in(typed) == read


def test_what_is_ticked_counts_for_what_was_seen_only() -> None:
    from django.http import QueryDict

    read = picking_of(QueryDict("chosen=1,2,9&seen=2,3&pick=3&do=search&page=40&q=a%00b"))
    assert (read.chosen, read.after, read.q) == ((1, 3, 9), 0, "ab")


def test_finding_is_worded_anew_and_a_stale_translation_says_so(client: Client, member: Member) -> None:
    client.force_login(UserFactory(role="team-member", at=member))
    finding = FindingFactory(member=member)
    path = address("edit_finding", "ici", finding.number)
    first = client.get(path).context["form"].initial
    assert (first["title_fr"], first["reference"]) == (text_in(finding.title, "fr"), "ease-of-access")
    assert client.post(path, {**first, "title_fr": "Un autre titre"})["Location"] == address("finding", "ici", 1)
    before, finding = finding, Finding.objects.get()
    assert text_in(finding.title, "fr") == "Un autre titre"
    assert finding.title["ar"] == before.title["ar"]
    assert is_out_of_date(finding.title, "ar") is True
    assert finding.synthesis == before.synthesis
    refused = client.post(path, {**first, "title_fr": "", "title_ar": "", "title_en": ""})
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["title_fr"])


def test_staff_add_remove_and_publish(client: Client, member: Member, contact: User) -> None:
    client.force_login(contact)
    finding = FindingFactory(member=member)
    more = suggestions(member, 2)
    add, numbers = address("add_to_finding", "ici", 1), [str(one.number) for one in more]
    offered = [one.number for one in client.get(add).context["pick"].found.voices]
    assert offered == [one.number for one in more]
    assert client.post(add, {"do": "save"}).status_code == 200
    assert client.post(add, {"do": "save", "pick": numbers, "seen": ",".join(numbers)}).status_code == 302
    assert finding.sources.count() == 3
    remove = address("remove_from_finding", "ici", 1, more[0].number)
    assert client.get(remove).status_code == 200
    assert client.post(remove)["Location"] == address("finding", "ici", 1)
    assert client.get(remove).status_code == 404
    publish = address("publish_finding", "ici", 1)
    assert (client.get(publish).status_code, client.post(publish).status_code) == (200, 302)
    assert client.post(publish).status_code == 200
    finding.refresh_from_db()
    assert (finding.sources.count(), finding.published_at is not None) == (2, True)
    client.logout()
    assert client.get(address("finding", "ici", 1)).status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_staff_pages_of_findings_open_in_every_language(
    client: Client, member: Member, contact: User, lang: str
) -> None:
    client.force_login(contact)
    assert client.get(address("new_finding", "ici", lang=lang)).status_code == 200
    FindingFactory(member=member, gathers=2)
    paths = [
        ("new_finding",),
        ("edit_finding", 1),
        ("add_to_finding", 1),
        ("remove_from_finding", 1, 1),
        ("publish_finding", 1),
    ]
    for name, *rest in paths:
        assert client.get(address(name, "ici", *rest, lang=lang)).status_code == 200


@pytest.mark.row("O-8")
def test_findings_of_another_member_are_not_found(client: Client, member: Member, contact: User) -> None:
    CycleFactory(member=member)
    theirs = FindingFactory(member=MemberFactory(slug="ailleurs"), published=True, gathers=2)
    client.force_login(contact)
    for name, *rest in [
        ("finding",),
        ("edit_finding",),
        ("add_to_finding",),
        ("publish_finding",),
        ("remove_from_finding", 1),
    ]:
        path = address(name, "ici", theirs.number, *rest)
        assert (path, client.get(path).status_code) == (path, 404)
    mine = FindingFactory(member=member)
    assert client.get(address("remove_from_finding", "ici", mine.number, 2)).status_code == 404
    chosen = {"do": "save", "chosen": "2", "title_fr": "Titre", "synthesis_fr": "Synthèse"}
    assert client.post(address("new_finding", "ici"), chosen).status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_deeds_of_the_diagnosis_leave_a_sentence(client: Client, member: Member, contact: User, lang: str) -> None:
    first, second = suggestions(member, 2)
    said = {"title": words("Titre"), "synthesis": words("Synthèse"), "by": contact, "at": AT}
    finding = actions.write_finding(first.consultation.cycle, contributions=[first], **said)
    actions.revise_finding(finding, **said)
    actions.add_to_finding(finding, contributions=[first, second], by=contact, at=AT)
    actions.remove_from_finding(finding, contribution=first, by=contact, at=AT)
    actions.publish_finding(finding, by=contact, at=AT)
    kept = JournalLine.objects.filter(room="diagnosis").order_by("pk")
    assert [one.verb for one in kept] == list(DEEDS)
    assert kept[2].facts == {"number": 1, "suggestions": 1}
    assert client.get(address("journal", "ici", lang=lang)).status_code == 200


def test_pending_words_are_never_offered_to_the_team(client: Client, member: Member, contact: User) -> None:
    [known] = suggestions(member, 1)
    SuggestionFactory(consultation=known.consultation, words={"idea": "Personne ne l'a lu"})
    client.force_login(contact)
    assert "Personne ne l" not in client.get(address("new_finding", "ici")).content.decode()


def test_the_same_finding_is_not_written_twice(member: Member, contact: User) -> None:
    first, second = suggestions(member, 2)
    said: dict[str, Any] = {"synthesis": words("Synthèse"), "by": contact}
    cycle = first.consultation.cycle
    actions.write_finding(cycle, title=words("Titre"), contributions=[first, second], at=AT, **said)
    with pytest.raises(Refused):
        actions.write_finding(cycle, title=words("Titre"), contributions=[second, first], at=LATER, **said)
    actions.write_finding(cycle, title=words("Titre"), contributions=[first], at=LATER, **said)
    actions.write_finding(cycle, title=words("Un autre"), contributions=[first, second], at=LATER, **said)
    assert Finding.objects.count() == 3


def test_deeds_on_a_finding_look_at_it_as_it_is_now(member: Member, contact: User) -> None:
    said: dict[str, Any] = {"by": contact, "at": AT}
    finding = FindingFactory(member=member, gathers=2)
    stale = Finding.objects.get(pk=finding.pk)
    actions.publish_finding(finding, **said)
    with pytest.raises(Refused):
        actions.publish_finding(stale, **said)
    assert JournalLine.objects.filter(verb="publish_finding").count() == 1
    [late] = suggestions(member, 1)
    Contribution.objects.filter(pk=late.pk).update(withdrawn_at=AT)
    assert late.withdrawn_at is None  # what the page had loaded before its author withdrew it
    with pytest.raises(Refused):
        actions.add_to_finding(finding, contributions=[late], **said)
    with pytest.raises(Refused):
        actions.write_finding(
            finding.cycle, title=words("Titre"), synthesis=words("Synthèse"), contributions=[late], **said
        )
    assert finding.sources.count() == 2


def test_numbers_typed_that_may_not_be_chosen_are_neither_read_nor_kept(client: Client, member: Member) -> None:
    client.force_login(UserFactory(role="team-member", at=member))
    [known, *_more] = suggestions(member, 25)
    states: list[dict[str, Any]] = [{"hidden": True}, {"spam": True}, {"withdrawn": True}, {}]
    said = {"consultation": known.consultation, "words": {"idea": "MARQUE"}}
    secret = [SuggestionFactory(**said, **state) for state in states]
    numbers = ",".join(str(one.number) for one in [known, *secret])
    page = client.post(address("new_finding", "ici"), {"chosen": numbers, "do": "more", "after": "20"})
    pick = page.context["pick"]
    assert ([one.number for one in pick.elsewhere], pick.picking.chosen, pick.unseen) == ([1], (1,), 0)
    assert "MARQUE" not in page.content.decode()


@pytest.mark.row("C0")
def test_finding_chooses_among_the_references_frozen_with_its_cycle(member: Member, contact: User) -> None:
    cycle = open_cycle(member=member, kind="plan", opened_on=AT.date(), by=contact, at=AT)
    today = rules.references_of(cycle)
    type(cycle).objects.filter(pk=cycle.pk).update(guide_sha256="3" * 64, guide_version="no-such-folder")
    cycle.refresh_from_db()
    assert rules.references_of(cycle) == today != ()


@pytest.mark.row("O-5")
def test_authors_who_left_an_address_are_told_that_they_were_gathered() -> None:
    consultation = ConsultationFactory()
    cycle = consultation.cycle
    told = SuggestionFactory(consultation=consultation, published=True, with_reply=True)
    silent = SuggestionFactory(consultation=consultation, published=True)
    by = UserFactory(role="point-of-contact", at=cycle.member)
    finding = actions.write_finding(
        cycle,
        title=words("Un constat"),
        synthesis=words("Ce que des personnes disent."),
        contributions=[told, silent],
        by=by,
        at=AT,
    )
    assert Notice.objects.count() == 0
    actions.publish_finding(finding, by=by, at=AT)
    assert list(Notice.objects.values_list("contribution", "step")) == [(told.pk, "gathered")]
