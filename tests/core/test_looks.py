"""The look of every page: direction, weight, contrast, and that nothing typed is lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django import forms
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override
from lxml import html as lxml_html

from openregion.analysis.normaliser import plain
from openregion.core import colour, gallery, glossary, languages, page
from openregion.core.forms import DayField, WordsField
from openregion.core.refusal import Refused
from openregion.core.templatetags import brick

STATIC = Path(colour.__file__).resolve().parent / "static/core"
SHEET = (STATIC / "openregion.css").read_text(encoding="utf-8")
FONTS = {"readex-latin.woff2", "readex-arabic.woff2", "tifinagh.woff2"}
INSTANCE_PAGES = ("accessibility", "components", "glossary", "privacy", "accounts/login", "accounts/password/reset")
BUDGET = 100 * 1024


def compressed(text: bytes) -> int:
    return len(brotli.compress(text))


def tree(response: HttpResponse) -> Any:
    return lxml_html.fromstring(response.content.decode())


def pick(node: Any, *way: str) -> list[Any]:
    """Find what lies at the end of a way: "tag", ".class", "#id" or "a|b", each somewhere inside the one before."""
    found = [node]
    for step in way:
        if step[0] == ".":
            test = f"contains(concat(' ', @class, ' '), ' {step[1:]} ')"
        elif step[0] == "#":
            test = f"@id='{step[1:]}'"
        else:
            test = " or ".join(f"self::{tag}" for tag in step.split("|"))
        found = [inner for outer in found for inner in outer.xpath(f".//*[{test}]")]
    return found


@pytest.mark.row("L-3")
@pytest.mark.parametrize("lang", languages.CODES)
@pytest.mark.django_db
def test_page_says_its_language_and_direction(client: Client, lang: str) -> None:
    found = tree(client.get(f"/{lang}/accessibility/"))
    assert (found.get("lang"), found.get("dir")) == (lang, languages.direction(lang))
    assert found.find("body").get("lang") == languages.body_lang(lang)


@pytest.mark.row("L-3")
@pytest.mark.django_db
def test_header_offers_each_language_in_its_own_name(client: Client) -> None:
    links = pick(tree(client.get("/fr/glossary/?x=1")), ".tongues", "a")
    assert [(a.get("lang"), a.get("dir"), a.get("href"), a.text, a.get("aria-current")) for a in links] == [
        ("ar", "rtl", "/ar/glossary/?x=1", "العربية", None),
        ("zgh", "ltr", "/zgh/glossary/?x=1", "ⵜⴰⵎⴰⵣⵉⵖⵜ", None),
        ("fr", "ltr", "/fr/glossary/?x=1", "Français", "true"),
        ("en", "ltr", "/en/glossary/?x=1", "English", None),
    ]


def test_twin_changes_only_the_language() -> None:
    assert page.twin("/fr/region/journal/?q=fr", "ar") == "/ar/region/journal/?q=fr"
    assert page.twin("/fr/", "zgh") == "/zgh/"
    assert page.twin("/favicon.ico", "ar") == "/ar/"


@pytest.mark.django_db
def test_visitors_page_never_opens_a_session(client: Client) -> None:
    response = client.get("/fr/accessibility/")
    assert (response.wsgi_request.session.accessed, dict(response.cookies)) == (False, {})


@pytest.mark.parametrize("name", INSTANCE_PAGES)
@pytest.mark.parametrize("lang", ["ar", "fr"])
@pytest.mark.django_db
def test_first_visit_weighs_under_a_hundred_kilobytes(client: Client, lang: str, name: str) -> None:
    body = client.get(f"/{lang}/{name}/").content
    fonts = sum((STATIC / "fonts" / font).stat().st_size for font in FONTS)
    drawings = sum((STATIC / drawing).stat().st_size for drawing in ("icon.svg", "lattice.svg"))
    assert compressed(body) + compressed(SHEET.encode()) + fonts + drawings < BUDGET


def test_stylesheet_stays_in_its_budget() -> None:
    assert compressed(SHEET.encode()) < 20 * 1024


def test_fonts_come_with_their_licence_and_load_from_here_alone() -> None:
    assert {path.name for path in (STATIC / "fonts").glob("*.woff2")} == FONTS
    assert {path.name for path in (STATIC / "fonts").glob("*.txt")} == {"readex-OFL.txt", "tifinagh-OFL.txt"}
    assert set(re.findall(r"url\(\"([^\"]+)\"\)", SHEET)) == {f"fonts/{name}" for name in FONTS} | {"lattice.svg"}
    assert "@import" not in SHEET


def test_stylesheet_knows_no_physical_side() -> None:
    sides = r"(?<![-\w])(?:left|right)\s*:|(?:margin|padding|border|inset)-(?:left|right)|:\s*(?:left|right)\s*[;}]"
    assert re.findall(sides, SHEET) == []


def test_colours_that_carry_words_can_be_read() -> None:
    assert [pair for pair in gallery.PALETTE if colour.contrast(pair[0], pair[1]) < colour.READABLE] == []
    assert {ink for ink, _, _ in gallery.PALETTE} | {g for _, g, _ in gallery.PALETTE} <= set(
        re.findall(r"#[0-9a-f]{6}", SHEET)
    )


def test_contrast_is_the_one_of_wcag() -> None:
    assert round(colour.contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(colour.contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.django_db
def test_accent_sheet_draws_readable_shades_and_refuses_pale_ones(client: Client) -> None:
    sheet = client.get("/fr/accent/7a2e1d.css")
    shades = colour.accent("#7a2e1d")
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert re.findall(r"#[0-9a-f]{6}", sheet.content.decode()) == [shades.plain, shades.deep, shades.wash]
    assert colour.contrast(shades.plain, shades.wash) >= colour.READABLE
    assert client.get("/fr/accent/f0e060.css").status_code == 404
    assert client.get("/fr/accent/red.css").status_code == 404


@pytest.mark.parametrize("lang", ["ar", "fr", "en", "zgh"])
@pytest.mark.django_db
def test_glossary_page_lists_every_term(client: Client, lang: str) -> None:
    found = tree(client.get(f"/{lang}/glossary/"))
    assert {term.get("id") for term in pick(found, ".term")} == {term.code for term in glossary.terms()}
    assert len(pick(found, ".term")) == len(glossary.terms())


def test_glossary_sorts_as_its_readers_look_up() -> None:
    initials = [plain(term.name_in("fr"))[0] for term in glossary.in_order("fr")]
    assert initials == sorted(initials)
    assert {term.code for term in glossary.in_order("ar")} == {term.code for term in glossary.terms()}


@pytest.mark.row("L-1")
@pytest.mark.django_db
def test_privacy_page_tells_each_personal_column(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.PRIVACY_FILE = tmp_path / "privacy.yaml"
    settings.PRIVACY_FILE.write_text(
        "tables:\n  people.user:\n    none: [lang]\n    personal:\n      email:\n        label: {fr: adresse}\n"
        "        purpose: {fr: se connecter}\n        ground: mission\n        retention: deux ans\n"
        "        seen_by: [équipe, soi]\n"
        "  record.journalline:\n    none: [verb]\n    personal: {}\n",
        encoding="utf-8",
    )
    cells = [cell.text_content() for cell in pick(tree(client.get("/fr/privacy/")), "tbody", "th|td")]
    assert cells == ["adresse", "se connecter", "mission", "deux ans", "équipe, soi"]


# Forms


class Asked(forms.Form):
    title = forms.CharField(label="Title", help_text="One sentence.")
    words = WordsField(label="Words", required=False)
    email = forms.EmailField(label="E-mail")
    day = DayField(label="Day")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Agreed")


def drawn(form: forms.Form) -> Any:
    with override("en"):
        context = {"form": form, "submit": "Send"}
        text = render_to_string("core/components/form.html", context, RequestFactory().get("/"))
    return lxml_html.fromstring(f"<div>{text}</div>")


def test_form_gathers_errors_at_the_top_each_leading_to_its_field() -> None:
    form = Asked({"email": "nobody@", "words": "typed"})
    form.add_error(None, "The consultation is closed.")
    found = drawn(form)
    assert [a.get("href") for a in pick(found, ".errors", "a")] == [
        "#id_title",
        "#id_email",
        "#id_day",
        "#id_kind_0",
        "#id_agreed",
    ]
    for link in pick(found, ".errors", "a"):
        assert len(pick(found, link.get("href"))) == 1
    assert pick(found, ".errors")[0].get("autofocus") is not None
    assert "The consultation is closed." in pick(found, ".errors")[0].text_content()
    assert pick(found, "textarea")[0].text_content().strip() == "typed"


def test_form_ties_help_and_errors_to_the_field() -> None:
    found = drawn(Asked({}))
    title = found.get_element_by_id("id_title")
    assert title.get("aria-describedby") == "id_title_helptext id_title_error"
    assert title.get("aria-invalid") == "true"
    described = [found.get_element_by_id(ref) for ref in title.get("aria-describedby").split()]
    assert [one.get("class") for one in described] == ["help", None]


def test_form_says_in_words_what_is_optional() -> None:
    labels = [" ".join(label.text_content().split()) for label in pick(drawn(Asked()), "label|legend")]
    assert labels == ["Title", "Words (optional)", "E-mail", "Day", "Kind", "A", "B", "Agreed"]


def test_form_controls_know_their_direction_and_what_to_fill() -> None:
    found = drawn(Asked())
    told = {name: found.get_element_by_id(f"id_{name}") for name in ("title", "words", "email", "day")}
    assert {name: (one.get("dir"), one.get("autocomplete")) for name, one in told.items()} == {
        "title": ("auto", None),
        "words": ("auto", None),
        "email": ("ltr", "email"),
        "day": ("ltr", None),
    }
    assert told["day"].get("type") == "date"


def test_words_field_drops_hidden_controls_and_keeps_the_words() -> None:
    assert WordsField().clean(" route\u202e du village \r\n") == "route du village"


# Components


def test_every_component_stands_in_the_gallery() -> None:
    templates = Path(colour.__file__).resolve().parent / "templates/core"
    shown = (templates / "gallery_side.html").read_text() + (templates / "components.html").read_text()
    parts = {"errors.html", "field.html", "field_words.html", "keep.html"}  # pieces of form.html
    names = {path.name for path in (templates / "components").glob("*.html")} - parts
    assert {name for name in names if f"components/{name}" not in shown} == set()


@pytest.mark.django_db
def test_gallery_shows_both_directions(client: Client) -> None:
    sides = pick(tree(client.get("/en/components/")), ".sides", "section")
    assert [(side.get("lang"), side.get("dir")) for side in sides] == [("ar", "rtl"), ("fr", "ltr")]
    ids = re.findall(r'\sid="([^"]+)"', client.get("/en/components/").content.decode())
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("state", ["done", "underway", "late", "idle"])
def test_badge_says_its_state_in_words_and_by_a_mark(state: str) -> None:
    found = lxml_html.fromstring(render_to_string("core/components/badge.html", {"tone": state, "label": "Word"}))
    assert (found.text_content().strip(), len(pick(found, "svg"))) == ("Word", 1)


def test_marks_of_different_states_have_different_drawings() -> None:
    drawings = {re.sub(r"mark--[\w-]+", "", brick.mark(state)) for state in ("done", "underway", "late", "idle")}
    assert len(drawings) == 4


def test_words_in_another_language_are_marked() -> None:
    name = {"ar": {"text": "جهة", "at": "", "of": ""}}
    with override("fr"):
        assert brick.words(name) == '<span lang="ar" dir="rtl">جهة</span>'
        assert brick.said_in(name, "fr") == ""


# Errors


@pytest.mark.django_db
def test_refusal_shows_its_sentence(rf: RequestFactory) -> None:
    from django.views.defaults import permission_denied

    with override("en"):
        response = permission_denied(rf.get("/en/x/"), Refused("Only the <president> signs."))
    assert response.status_code == 403
    assert pick(tree(response), "main", ".prose", "p")[0].text_content() == "Only the <president> signs."


@pytest.mark.django_db
def test_unknown_address_keeps_the_language(client: Client) -> None:
    response = client.get("/ar/nothing/at/all/")
    assert (response.status_code, tree(response).get("dir")) == (404, "rtl")


def test_failure_page_needs_nothing() -> None:
    assert 'lang="fr"' in render_to_string("500.html")


@pytest.mark.django_db
def test_expired_form_comes_back_with_what_was_typed() -> None:
    client = Client(enforce_csrf_checks=True)
    typed = {
        "text": "La route\ndu <village>",
        "theme": ["eau", "route"],
        "password": "secret-word",
        "code": "123",
        "csrfmiddlewaretoken": "old",
    }
    response = client.post("/fr/accounts/login/?next=/fr/x/", typed, headers={"Origin": "http://testserver"})
    assert (response.status_code, response["Cache-Control"]) == (403, "no-store")
    form = pick(tree(response), "main", "form")[0]
    kept = [(area.get("name"), area.text.removeprefix("\n")) for area in pick(form, "textarea")]
    assert kept == [("text", "La route\ndu <village>"), ("theme", "eau"), ("theme", "route")]
    assert form.get("action") == "/fr/accounts/login/?next=/fr/x/"
    assert b"secret-word" not in response.content
    token = form.xpath(".//input[@name='csrfmiddlewaretoken']")[0].get("value")
    again = client.post(form.get("action"), {"login": "x", "csrfmiddlewaretoken": token})
    assert again.status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {}])
@pytest.mark.django_db
def test_form_of_another_site_is_never_offered_again(headers: dict[str, str]) -> None:
    response = Client(enforce_csrf_checks=True).post("/fr/accounts/logout/", {"text": "do it"}, headers=headers)
    assert response.status_code == 403
    assert pick(tree(response), "main", "form") == []


# Sign-in


ACCOUNT_PAGES = (
    "login/",
    "login/code/",
    "signup/",
    "inactive/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/done/",
    "password/reset/key/1-dead-link/",
)


@pytest.mark.parametrize("path", ACCOUNT_PAGES)
@pytest.mark.django_db
def test_account_pages_wear_our_layout(client: Client, path: str) -> None:
    found = tree(client.get(f"/ar/accounts/{path}"))
    assert (found.get("dir"), len(pick(found, "h1")), len(pick(found, ".strip"))) == ("rtl", 1, 1)


@pytest.mark.django_db
def test_code_by_mail_is_plain_text_and_says_what_to_do(client: Client, mailoutbox: list[Any]) -> None:
    from openregion.people.models import User

    User.objects.create_user("salma@example.org", None, name="Salma")
    client.post("/en/accounts/login/code/", {"email": "salma@example.org"})
    (message,) = mailoutbox
    assert message.subject == "Your sign-in code"
    assert message.alternatives == []
    assert re.search(r"^[A-Z0-9-]{6,}$", message.body, re.MULTILINE)


@pytest.mark.django_db
def test_staff_see_their_name_and_the_way_out(client: Client) -> None:
    from openregion.people.models import User

    client.force_login(User.objects.create_user("salma@example.org", None, name="Salma"))
    person = pick(tree(client.get("/fr/accessibility/")), ".strip", ".person")[0]
    assert [a.get("href") for a in pick(person, "a")] == ["/fr/accounts/password/change/", "/fr/accounts/logout/"]
    assert pick(person, "bdi")[0].text == "Salma"
