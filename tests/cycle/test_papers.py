"""The method on paper: the whole book and each blank annex, in three languages, printed once."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from openregion.core.paper import Blank, Paper, Table
from openregion.cycle import exports, papers
from openregion.guide import queries as guides
from tests.factories.people import MemberFactory

VERSION = "ma-region-2021"
NAMES = ("method", "annex-1", "annex-2", "annex-3", "annex-4", "ogp-commitment", "ogp-plan")
pytestmark = pytest.mark.row("A1")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path


def paper(name: str, lang: str = "fr") -> Paper:
    found = papers.paper_of_the_method(guides.guide(VERSION), name=name, lang=lang, sha256=guides.fingerprint(VERSION))
    assert found is not None
    return found


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_blank_annex_asks_every_question_in_its_language(lang: str) -> None:
    for form in guides.guide(VERSION).forms:
        asked = [block.label for block in paper(form.code, lang).blocks if isinstance(block, Blank)]
        tables = [block.caption for block in paper(form.code, lang).blocks if isinstance(block, Table)]
        questions = [question for group in form.groups for question in group.questions]
        closing = [form.closing.in_(lang)] if form.closing else []
        assert asked == [one.label.in_(lang) for one in questions if one.kind != "rows"] + closing
        assert tables == [one.label.in_(lang) for one in questions if one.kind == "rows"]


@pytest.mark.row("O-4")
def test_blank_record_of_ogp_is_never_passed_off_as_the_guides() -> None:
    assert "Guide 4.2" in paper("annex-2").source_note
    assert "OGP Local" in paper("ogp-commitment").source_note
    assert "Guide 4.2" not in paper("ogp-commitment").as_json()


def test_amazigh_paper_is_the_french_one() -> None:
    assert paper("annex-1", "zgh") == paper("annex-1", "fr")


def test_whole_method_holds_every_operation() -> None:
    written = paper("method").as_json()
    assert [
        one.code for one in guides.operations(guides.guide(VERSION)) if one.text.fr.replace('"', '\\"') not in written
    ] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_papers_are_printed_in_less_than_a_breath(name: str, lang: str) -> None:
    pdf = exports.printed_method(VERSION, name=name, lang=lang, format="pdf")
    docx = exports.printed_method(VERSION, name=name, lang=lang, format="docx")
    assert pdf is not None and docx is not None
    assert (pdf[:5], docx[:2]) == (b"%PDF-", b"PK")
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert str(reader.trailer["/Root"]["/Lang"]).startswith(lang)


def test_paper_is_printed_once_for_each_wording(tmp_path: Path) -> None:
    first = exports.printed_method(VERSION, name="annex-1", lang="fr", format="pdf")
    (kept,) = (tmp_path / "papers" / VERSION).iterdir()
    kept.write_bytes(b"what was printed")
    assert exports.printed_method(VERSION, name="annex-1", lang="fr", format="pdf") == b"what was printed"
    outdated = kept.with_name("annex-1-fr-000000000000000000000000.pdf")
    kept.rename(outdated)
    assert exports.printed_method(VERSION, name="annex-1", lang="fr", format="pdf") == first
    assert [one.name for one in kept.parent.iterdir()] == [kept.name]


@pytest.mark.django_db
def test_papers_are_handed_out_in_the_language_of_the_page() -> None:
    MemberFactory(slug="membre")
    with override("ar"):
        response = Client().get(reverse("method_paper", args=["membre", "annex-2", "pdf"]))
    assert response["Content-Disposition"] == f'attachment; filename="{VERSION}-annex-2-ar.pdf"'
    assert response["Content-Type"] == "application/pdf"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "format"), [("annex-9", "pdf"), ("annex-1", "exe"), ("method", "html")])
def test_paper_that_does_not_exist_is_not_found(name: str, format: str) -> None:
    MemberFactory(slug="membre")
    with override("fr"):
        assert Client().get(reverse("method_paper", args=["membre", name, format])).status_code == 404


@pytest.mark.django_db
def test_second_hand_out_is_quick() -> None:
    exports.printed_method(VERSION, name="method", lang="fr", format="pdf")
    started = time.perf_counter()
    exports.printed_method(VERSION, name="method", lang="fr", format="pdf")
    assert time.perf_counter() - started < 1
