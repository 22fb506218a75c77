"""What search finds is what a rebuild finds."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django_tasks_db.models import DBTaskResult

from openregion.admission import actions as admission
from openregion.cycle.queries import entries_of_the_method
from openregion.people import setup as people_setup
from openregion.record.models import SearchEntry
from openregion.record.queries import search
from openregion.registers import actions as registers
from openregion.web.actions import index_again
from openregion.web.queries.across import name_of_kind
from openregion.web.tasks import index_member
from tests.factories.admission import QUESTIONS, CallFactory, candidacy, complete
from tests.factories.people import AT, PASSWORD, ActFactory, MemberFactory, TerritoryFactory, UserFactory, words


def everything() -> list[tuple[object, ...]]:
    columns = ("member_code", "lang", "kind", "subject_uid", "title", "excerpt", "path", "words")
    return sorted(SearchEntry.objects.values_list(*columns))


def reindex(*words: str) -> str:
    out = io.StringIO()
    call_command("reindex", *words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_index_is_what_a_rebuild_gives() -> None:
    member = MemberFactory(slug="membre")
    first = index_again(member)
    before = everything()
    assert first.read == first.indexed == len(before) > 300
    assert reindex() == f"read {first.read} · indexed {first.indexed}\n"
    assert everything() == before


@pytest.mark.django_db
def test_rebuild_forgets_what_no_longer_exists() -> None:
    member = MemberFactory(slug="membre")
    index_again(member)
    count = SearchEntry.objects.count()
    SearchEntry.objects.create(
        member_code="membre", lang="fr", kind="stage", subject_uid="gone", title="x", path="/", words="x"
    )
    reindex("--member", "membre")
    assert SearchEntry.objects.count() == count


@pytest.mark.django_db
def test_every_entry_is_one_page_in_each_working_language() -> None:
    member = MemberFactory(slug="membre")
    named = [
        [(one.kind, one.subject_uid) for one in entries_of_the_method(member, lang)] for lang in ("fr", "ar", "en")
    ]
    assert named[0] == named[1] == named[2]
    assert len(set(named[0])) == len(named[0])


@pytest.mark.django_db
def test_member_is_indexed_in_the_background_and_found_in_three_languages() -> None:
    MemberFactory(slug="membre")
    assert index_member.call("membre") == SearchEntry.objects.count()
    for lang, q in (("fr", "délibération"), ("ar", "المداولة"), ("en", "deliberation")):
        hits = search(q, lang=lang, member_code="membre")
        assert hits, lang
        assert all(hit.path.startswith(f"/{lang}/membre/") for hit in hits)


@pytest.mark.django_db
def test_unknown_member_is_refused() -> None:
    with pytest.raises(CommandError, match="No member"):
        reindex("--member", "inconnu")


@pytest.mark.django_db
def test_opening_a_space_has_it_indexed_in_the_background(client: Client) -> None:
    place = TerritoryFactory()
    typed = {
        "territory": [place.code], "code": people_setup.made_code(), "slug": "nouvelle", "name_fr": "Nouvelle",
        "name_ar": "جديدة", "name_en": "New", "email": "premiere@example.ma", "admin_name": "Première personne",
        "password": PASSWORD, "lang": "fr",
    }  # fmt: skip
    response = client.post("/fr/setup/", typed)
    assert response.status_code == 302
    waiting = DBTaskResult.objects.ready()
    assert [(one.task_path, one.args_kwargs["args"]) for one in waiting] == [
        ("openregion.web.tasks.index_member", ["nouvelle"])
    ]


@pytest.mark.django_db
@pytest.mark.row("B3")
def test_candidacy_and_registers_are_found_as_a_rebuild_finds_them() -> None:
    cycle = candidacy(MemberFactory(slug="membre"))
    member = cycle.member
    by = UserFactory(role="point-of-contact", at=member)
    index_again(member)
    call = CallFactory.build(member=member)
    said = {name: getattr(call, name) for name in ("title", "source", "opened_on", "closes_at", "time_zone", "channel")}
    entered = admission.enter_call(
        member=member, address=call.address, questions=[dict(one) for one in QUESTIONS], by=by, at=AT, **said
    )
    act = ActFactory(authority=member.authorities.get())
    admission.name_point_of_contact(
        member=member, name="Point Focal", function=words("Cheffe de service"), email="p@example.ma", telephone="",
        act=act, starts_on=AT.date(), by=by, at=AT,
    )  # fmt: skip
    registers.record_peer_activity(
        member=member, kind="support", scope="national", part="attended", title=words("Atelier de pairs"),
        starts_on=AT.date(), by=by, at=AT,
    )  # fmt: skip
    dossier = admission.freeze_dossier(complete(cycle, call=entered), seen=True, by=by, at=AT)
    kinds = {"candidacy", "call", "dossier", "point-of-contact", "peer-activity"}
    found = SearchEntry.objects.filter(member_code="membre", kind__in=kinds)
    assert {(kind, lang) for kind, lang in found.values_list("kind", "lang")} == {
        (kind, lang) for kind in kinds for lang in ("fr", "ar", "en")
    }
    assert [name for name in kinds if not name_of_kind(name)] == []
    assert "Point Focal" not in str(list(found.values()))
    assert search("atelier", lang="fr", member_code="membre")[0].kind == "peer-activity"
    assert dossier.frozen is not None
    before = [one for one in everything() if one[2] in kinds]
    reindex()
    assert [one for one in everything() if one[2] in kinds] == before
