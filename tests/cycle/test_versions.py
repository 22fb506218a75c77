"""A corrected fact is a new version; a member follows it by a deed, and every page says it from then on."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from openregion.core.languages import WORKING
from openregion.core.refusal import Refused
from openregion.cycle import actions
from openregion.cycle.queries import entries_of_the_method
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.actions import index_entry
from openregion.record.models import JournalLine, SearchEntry
from openregion.record.queries import search
from tests.cycle.overrides import overridden
from tests.factories.people import AT, MemberFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("A1")]
OLD, NEW = "ma-region-2021", "ma-region-2021-1"
FACT = "A fact corrected in the year after."
RULE = "information-request-answer"
Amend = Callable[[str, Callable[[Any], None]], None]


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="membre")


@pytest.fixture
def administrator(member: Member) -> User:
    return UserFactory(administrator_of=member)


@pytest.fixture
def staff(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def amend(tmp_path: Path, settings: Any) -> Amend:
    """A second version beside the first, and a way to edit its files."""
    for version in (OLD, NEW):
        shutil.copytree(Path(settings.GUIDES) / OLD, tmp_path / version)
    settings.GUIDES = tmp_path

    def edit(name: str, change: Callable[[Any], None]) -> None:
        path = tmp_path / NEW / name
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    return edit


@pytest.fixture
def corrected(amend: Amend) -> None:
    """The second version corrects one fact, in English only."""
    amend("guide.yaml", lambda content: content["facts"][0]["text"].update(en=FACT))


def address(name: str, *codes: str) -> str:
    with override("en"):
        return reverse(name, args=["membre", *codes])


def page(client: Client, name: str, *codes: str) -> str:
    return " ".join(client.get(address(name, *codes)).content.decode().split())


def test_page_shows_the_corrected_fact_once_the_version_is_followed(
    member: Member, staff: Client, corrected: None
) -> None:
    visitor = Client()
    assert FACT not in page(visitor, "method_programme")
    response = staff.post(address("adopt_guide_version", NEW))
    assert (response.status_code, response["Location"]) == (302, address("method_versions"))
    member.refresh_from_db()
    assert member.guide_version == NEW
    # The page kept for visitors is renewed: the deed left a line in the journal.
    assert FACT in page(visitor, "method_programme")
    assert "The space follows this version now." in page(staff, "method_versions")


def test_version_followed_leaves_one_line_that_reads_as_a_sentence(
    member: Member, staff: Client, corrected: None
) -> None:
    staff.post(address("adopt_guide_version", NEW))
    line = JournalLine.objects.get(verb="adopt_guide_version")
    facts = {"version": NEW, "before": OLD, "sha256": guides.fingerprint(NEW)}
    assert (line.room, line.subject_type, line.subject_uid, line.facts) == ("cycle", "Member", "membre", facts)
    with override("en"):
        said = render_to_string("cycle/journal/adopt_guide_version.html", {"facts": line.facts})
    assert said.strip() == f"The space follows version {NEW} of the method. Before, it followed {OLD}."


def test_search_finds_the_new_words_and_no_longer_the_old_places(
    member: Member, administrator: User, amend: Amend
) -> None:
    amend("rules.yaml", lambda content: content["rules"][0]["title"].update(en="Zephyr delay"))
    amend("rules.yaml", lambda content: content["rules"].pop())
    gone = guides.guide(OLD).rules[-1].code
    kept = {"kind": "body", "title": "Conseil", "excerpt": "", "path": "/fr/membre/bodies/", "text": "Conseil"}
    for lang in WORKING:
        index_entry(member_code="membre", lang=lang, subject_uid="council", **kept)
        for kind, uid in (("rule", gone), ("stage", "plan-1")):
            index_entry(member_code="membre", lang=lang, **(kept | {"kind": kind, "subject_uid": uid}))
    actions.adopt_guide_version(member=member, version=NEW, by=administrator, at=AT)
    assert [hit.title for hit in search("zephyr", lang="en", member_code="membre")] == ["Zephyr delay"]
    found = set(SearchEntry.objects.of("membre").values_list("lang", "kind", "subject_uid"))
    places = {(lang, one.kind, one.subject_uid) for lang in WORKING for one in entries_of_the_method(member, lang)}
    assert found == places | {(lang, "body", "council") for lang in WORKING}
    assert ("en", "rule", gone) not in found


def test_form_says_what_changes_and_writes_nothing(member: Member, staff: Client, corrected: None) -> None:
    shown = page(staff, "adopt_guide_version", NEW)
    assert shown.count("0 texts differ.") == 2
    assert shown.count("1 text differs.") == 1
    assert address("method_comparison", OLD, NEW) in shown
    assert "1 text differs." in page(staff, "method_comparison", OLD, NEW)
    member.refresh_from_db()
    assert (member.guide_version, JournalLine.objects.count()) == (OLD, 0)


def test_versions_page_offers_the_other_version_to_those_who_may(
    member: Member, staff: Client, corrected: None
) -> None:
    assert address("adopt_guide_version", NEW) in page(staff, "method_versions")
    assert address("adopt_guide_version", OLD) not in page(staff, "method_versions")
    assert address("adopt_guide_version", NEW) not in page(Client(), "method_versions")


def test_version_before_can_be_followed_again(member: Member, administrator: User, corrected: None) -> None:
    for version in (NEW, OLD):
        actions.adopt_guide_version(member=member, version=version, by=administrator, at=AT)
    assert FACT not in page(Client(), "method_programme")
    assert [line.facts["version"] for line in JournalLine.objects.order_by("pk")] == [NEW, OLD]


def spoil(content: Any) -> None:
    content["rules"][0]["unknown"] = "x"


def for_communes(content: Any) -> None:
    content["scope"] = "commune"


@pytest.mark.parametrize(
    ("version", "name", "change", "said"),
    [
        ("nothing", "guide.yaml", dict, "holds no version of this name"),
        ("../ma-region-2021", "guide.yaml", dict, "holds no version of this name"),
        (OLD, "guide.yaml", dict, "follows this version already"),
        (NEW, "rules.yaml", spoil, "has mistakes and cannot be opened"),
        (NEW, "guide.yaml", for_communes, "for another level of authority"),
    ],
)
def test_deed_asks_its_rule(
    member: Member, administrator: User, amend: Amend, version: str, name: str, change: Callable[[Any], None], said: str
) -> None:
    amend(name, change)
    with pytest.raises(Refused, match=said), override("en"):
        actions.adopt_guide_version(member=member, version=version, by=administrator, at=AT)
    member.refresh_from_db()
    assert (member.guide_version, JournalLine.objects.count(), SearchEntry.objects.count()) == (OLD, 0, 0)


@pytest.mark.parametrize(
    ("version", "name", "change", "said"),
    [
        (OLD, "guide.yaml", dict, "follows this version already"),
        (NEW, "rules.yaml", spoil, "has mistakes and cannot be opened"),
        (NEW, "guide.yaml", for_communes, "for another level of authority"),
    ],
)
def test_form_shows_the_refusal(
    member: Member, staff: Client, amend: Amend, version: str, name: str, change: Callable[[Any], None], said: str
) -> None:
    amend(name, change)
    for response in (
        staff.get(address("adopt_guide_version", version)),
        staff.post(address("adopt_guide_version", version)),
    ):
        assert response.status_code == 200
        assert response.content.decode().count(said) == 1
    assert JournalLine.objects.count() == 0


def test_unknown_version_has_no_form(member: Member, staff: Client) -> None:
    assert staff.get(address("adopt_guide_version", "nothing")).status_code == 404


def test_form_is_for_those_who_hold_the_deed(member: Member, corrected: None) -> None:
    assert Client().get(address("adopt_guide_version", NEW)).status_code == 302
    for role, status in (("moderator", 403), ("point-of-contact", 200)):
        client = Client()
        client.force_login(UserFactory(role=role, at=member))
        assert client.get(address("adopt_guide_version", NEW)).status_code == status
    moderator = UserFactory(role="moderator", at=member)
    with pytest.raises(Refused, match="This is done by"), override("en"):
        actions.adopt_guide_version(member=member, version=NEW, by=moderator, at=AT)


def test_journal_names_a_rule_in_the_words_of_the_version_followed(
    member: Member, administrator: User, amend: Amend
) -> None:
    def rename(content: Any) -> None:
        next(rule for rule in content["rules"] if rule["code"] == RULE)["title"]["en"] = "Renamed answer"

    amend("rules.yaml", rename)
    overridden(member, RULE, 15)
    context = {"facts": {"rule": RULE, "value": 15.0, "effective_on": dt.date(2026, 1, 1).isoformat()}}
    template = "cycle/journal/override_rule.html"
    with override("en"):
        assert "Answer to an information request" in render_to_string(template, context | {"member": member})
        actions.adopt_guide_version(member=member, version=NEW, by=administrator, at=AT)
        assert "Renamed answer" in render_to_string(template, context | {"member": member})
        assert "Answer to an information request" in render_to_string(template, context)
