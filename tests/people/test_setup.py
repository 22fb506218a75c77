"""An empty instance is led through its first member and administrator in the browser."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from openregion.people import setup
from openregion.people.models import Appointment, Member, Territory, User
from openregion.people.rules import deeds_of
from tests.factories.people import AuthorityFactory, BodyFactory, MemberFactory, TerritoryFactory

pytestmark = pytest.mark.django_db
SETUP = "/fr/setup/"


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def answers(place: Territory, **changed: Any) -> dict[str, Any]:
    return {
        "code": setup.made_code(),
        "territory": [place.code],
        "name_fr": "Région d'essai",
        "name_ar": "جهة للتجربة",
        "name_en": "",
        "slug": "essai",
        "admin_name": "Première administratrice",
        "email": "Premiere@Example.ma",
        "password": "une-phrase-bien-longue",
        "lang": "fr",
    } | changed


@pytest.mark.row("O-8")
@pytest.mark.row("L-1")
def test_setup_leads_from_an_empty_instance_to_a_signed_in_administrator(client: Client) -> None:
    place = TerritoryFactory(name_fr="Béni Essai", name_ar="بني تجربة")
    TerritoryFactory(province=True, parent=place)
    assert place.code in client.get(SETUP).content.decode()
    second = client.get(SETUP, {"territory": place.code, "asked": "1"}).content.decode()
    assert ('value="beni-essai"' in second, "09-08" in second, "CNDP" in second) == (True, True, True)
    response = client.post(SETUP, answers(place))
    assert (response.status_code, response["Location"]) == (302, reverse("home"))
    member = Member.objects.get()
    assert client.get(response["Location"])["Location"] == reverse("member_home", args=["essai"])
    user = User.objects.get()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.email, user.check_password("une-phrase-bien-longue")) == ("premiere@example.ma", True)
    assert "appoint" in deeds_of(user, member)
    assert not setup.code_file().exists()
    assert (client.get(SETUP).status_code, client.post(SETUP, {}).status_code) == (302, 302)


@pytest.mark.row("O-8")
def test_setup_founds_a_consortium(client: Client) -> None:
    region, province = TerritoryFactory(), TerritoryFactory(province=True)
    client.post(SETUP, answers(region, territory=[region.code, province.code]))
    assert set(Member.objects.get().authorities.values_list("kind", flat=True)) == {"region", "province"}


def named_commune(place: Territory, **changed: str) -> dict[str, str]:
    named = {"commune_fr": "Aïn Essai", "commune_ar": "عين تجربة", "commune_of": place.code, "commune_code": ""}
    return named | changed


@pytest.mark.row("O-8")
def test_setup_founds_a_commune_and_offers_its_usual_bodies(client: Client) -> None:
    province = TerritoryFactory(province=True)
    assert "commune_fr" in client.get(SETUP).content.decode()
    second = client.get(SETUP, {"asked": "1", **named_commune(province)})
    assert second.context["form"].initial["slug"] == "ain-essai"
    page = second.content.decode()
    assert ('name="commune_ar" value="عين تجربة"' in page, f'value="{province.code}"' in page) == (True, True)
    client.post(SETUP, answers(province, territory=[], **named_commune(province)))
    authority = Member.objects.get().authorities.get()
    place = authority.territory
    assert (authority.kind, place.level, place.type, place.parent) == ("commune", "commune", "commune", province)
    assert (place.name_fr, place.name_ar, place.population_2024) == ("Aïn Essai", "عين تجربة", None)
    assert place.code == f"{province.code}.x1"
    offered = client.get(f"/fr/essai/authorities/{place.code}/usual-bodies/").content.decode()
    assert "Conseil communal" in offered
    assert client.get("/fr/essai/territory/").status_code == 200


@pytest.mark.row("O-8")
@pytest.mark.parametrize(
    "missing", [{"commune_fr": ""}, {"commune_ar": ""}, {"commune_of": ""}, {"commune_code": "a b"}]
)
def test_a_commune_half_named_is_asked_again(client: Client, missing: dict[str, str]) -> None:
    province = TerritoryFactory(province=True)
    named = named_commune(province, **missing)
    first = client.get(SETUP, {"asked": "1", **named})
    assert [template.name for template in first.templates][:1] == ["people/setup_authorities.html"]
    assert len(first.context["commune"].non_field_errors()) == 1
    client.post(SETUP, answers(province, **named))
    assert (Member.objects.count(), Territory.objects.filter(level="commune").count()) == (0, 0)


def test_setup_stays_open_beside_the_demonstration(client: Client) -> None:
    invented = MemberFactory(is_invented=True)
    region = TerritoryFactory()
    page = client.get(SETUP).content.decode()
    theirs = invented.authorities.get().territory.code
    assert (f'value="{region.code}"' in page, f'value="{theirs}"' in page) == (True, False)
    client.post(SETUP, answers(region))
    assert (Member.objects.filter(invented=False).count(), setup.is_open(), setup.made_code()) == (1, False, "")


def test_setup_asks_for_the_guide_only_where_there_are_several(client: Client, settings: Any, tmp_path: Path) -> None:
    place = TerritoryFactory()
    asked = {"territory": place.code}
    assert "guide" not in client.get(SETUP, asked).context["form"].fields
    for version in ("ma-region-2021", "ma-region-2030"):
        shutil.copytree(settings.GUIDES / "ma-region-2021", tmp_path / "guides" / version)
    settings.GUIDES = tmp_path / "guides"
    assert client.get(SETUP, asked).context["form"]["guide"].value() == "ma-region-2021"
    client.post(SETUP, answers(place, guide="ma-region-2030"))
    assert Member.objects.get().guide_version == "ma-region-2030"


def test_authorities_with_bodies_at_one_address_do_not_share_a_space(client: Client) -> None:
    both = [AuthorityFactory(), AuthorityFactory()]
    for one in both:
        BodyFactory(authority=one, slug="conseil")
    places = [one.territory for one in both]
    response = client.post(SETUP, answers(places[0], territory=[place.code for place in places]))
    assert (len(response.context["form"].non_field_errors()), Member.objects.count()) == (1, 0)
    assert setup.code_file().exists()


@pytest.mark.parametrize("lang", ["ar", "zgh", "fr", "en"])
def test_setup_opens_in_every_language(client: Client, lang: str) -> None:
    place = TerritoryFactory()
    path = f"/{lang}/setup/"
    assert [client.get(path).status_code, client.get(path, {"territory": place.code}).status_code] == [200, 200]


def test_a_wrong_answer_loses_nothing_typed(client: Client) -> None:
    place = TerritoryFactory()
    typed = answers(place, code="WRONGCODE234", slug="setup", password="short", name_ar="اسم مكتوب")
    response = client.post(SETUP, typed)
    text = response.content.decode()
    kept = ("Région d&#x27;essai", "اسم مكتوب", "Première administratrice", "WRONGCODE234", "short")
    assert (response.status_code, Member.objects.count()) == (200, 0)
    assert [words for words in kept if words not in text] == []
    assert set(response.context["form"].errors) == {"code", "slug", "password"}
    assert "no-store" in response["Cache-Control"]


def test_the_code_is_read_however_it_is_typed(client: Client) -> None:
    code = setup.made_code()
    typed = [code, code.lower(), f" {code[:4]}-{code[4:8]} {code[8:]} ", code[:-1], "", "é" * 12]
    assert [setup.is_the_code(one) for one in typed] == [True, True, True, False, False, False]


def test_ten_wrong_codes_close_the_page_for_a_while(client: Client) -> None:
    place = TerritoryFactory()
    for _ in range(10):
        client.post(SETUP, answers(place, code="WRONGCODE234"))
    client.post(SETUP, answers(place))
    assert Member.objects.count() == 0
    client.post(SETUP, answers(place), REMOTE_ADDR="10.0.0.9")
    assert Member.objects.count() == 1


def test_the_command_prints_one_code_and_none_once_open(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("setup_code")
    call_command("setup_code")
    first, second = capsys.readouterr().out.split()
    assert (first, len(first), first.isalnum()) == (second, 12, True)
    assert setup.code_file().stat().st_mode & 0o777 == 0o600
    MemberFactory()
    call_command("setup_code")
    assert capsys.readouterr().out == ""


def test_the_code_is_taken_once_and_given_back_when_founding_fails() -> None:
    code = setup.made_code()
    with pytest.raises(ZeroDivisionError), setup.code_taken():
        raise ZeroDivisionError
    assert setup.is_the_code(code)
    with setup.code_taken():
        with pytest.raises(setup.CodeGone), setup.code_taken():
            pass
        assert not setup.is_the_code(code)
    assert list(setup.code_file().parent.glob("setup.*")) == []


@pytest.mark.django_db(transaction=True)
def test_two_submissions_at_once_make_one_member() -> None:
    from django.db import connection

    place = TerritoryFactory()
    typed = answers(place)
    start = threading.Barrier(2)
    seen = []

    def submit(slug: str) -> None:
        try:
            start.wait()
            seen.append(Client(raise_request_exception=False).post(SETUP, {**typed, "slug": slug}).status_code)
        finally:
            connection.close()

    both = [threading.Thread(target=submit, args=(slug,)) for slug in ("un", "deux")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert (Member.objects.count(), Appointment.objects.count()) == (1, 1)
    assert 302 in seen
    assert set(seen) <= {200, 302}


@pytest.mark.parametrize("lang, said", [("ar", "كلمة المرور قصيرة"), ("fr", "Le mot de passe est court")])
def test_short_password_is_refused_in_the_language_of_the_page(client: Client, lang: str, said: str) -> None:
    place = TerritoryFactory()
    response = client.post(f"/{lang}/setup/", answers(place, password="court"))
    assert said in response.content.decode()
