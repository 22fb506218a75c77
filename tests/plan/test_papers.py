"""The plan on paper: every question of the annexes in order, every promise, in three languages, from frozen JSON."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx as python_docx
import pikepdf
import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from openregion.core.paper import Block, Fields, Heading, ItemList, Note, Paper, Paragraph, Table
from openregion.guide import queries as guides
from openregion.guide.schema import Form
from openregion.people.models import Member, User
from openregion.plan import exports, papers, queries
from openregion.plan.actions import freeze_plan, revise_plan
from openregion.plan.models import ActionPlan, PlanVersion
from openregion.plan.tasks import print_plan
from openregion.record.models import Rendition
from tests.factories.people import MemberFactory, UserFactory
from tests.plan.statements import AT, ENDS, PROMISES, STARTS, STEPS, TITLE, adopted, filled_plan, published, words

BOOK = guides.guide("ma-region-2021")
LANGS = ("fr", "ar", "en")
VOTE = ("41/2026", dt.date(2026, 10, 5))
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="deux-oueds", is_invented=True)


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


@pytest.fixture
def plan(member: Member, contact: User) -> ActionPlan:
    return filled_plan(member, contact)


@pytest.fixture
def stated(plan: ActionPlan) -> dict[str, Any]:
    """What is frozen, with voices behind the first commitment."""
    whole = queries.statement_of(plan) | {"version": 2}
    first = whole["commitments"][0]
    first["findings"] = [{"number": 3, "title": {"fr": "Le budget se lit mal", "ar": "تصعب قراءة الميزانية"}}]
    first["responses"] = [{"number": 12, "decision": "taken-up"}]
    first["voices"] = 1234
    whole["participation"] |= {"received": 300, "spam": 7, "withdrawn": 3, "countable": 290, "answered": 289}
    return json.loads(json.dumps(whole))


def paper(stated: dict[str, Any], lang: str = "fr", shape: str = "annex-3", **more: Any) -> Paper:
    said = {"sha256": "ab" * 32, "adopted": VOTE} | more
    found = papers.paper_of_plan(stated, form_guide=BOOK, lang=lang, shape=shape, **said)
    assert found is not None
    return found


def texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Give every text of a paper in reading order."""
    for block in blocks:
        match block:
            case Heading() | Paragraph() | Note():
                yield block.text
            case Fields():
                yield from (text for pair in block.pairs for text in pair)
            case ItemList():
                yield from block.items
            case Table():
                yield from (block.caption, *block.head, *(cell for row in block.rows for cell in row))
            case _:
                pass


def labels(form: Form, lang: str) -> list[str]:
    """Give the labels of a form in its order: groups, questions, columns."""
    found = []
    for group in form.groups:
        found += [group.label.in_(lang)] if group.label else []
        for question in group.questions:
            found.append(question.label.in_(lang))
            found += [column.label.in_(lang) for column in question.columns]
    return found


def in_order(wanted: list[str], given: list[str]) -> list[str]:
    """List the labels that are not found after the one before them."""
    at, missing = 0, []
    for label in wanted:
        try:
            at = given.index(label, at)
        except ValueError:
            missing.append(label)
    return missing


def form(code: str) -> Form:
    found = guides.form(BOOK, code)
    assert found is not None
    return found


def sheet_of(whole: Paper, number: int) -> tuple[Block, ...]:
    """Cut the pages of one commitment out of the paper."""
    starts = [at for at, one in enumerate(whole.blocks) if isinstance(one, Heading) and one.level == 1]
    starts = [at for at in starts if f" {number}. " in whole.blocks[at].text]  # type: ignore[union-attr]
    rest = whole.blocks[starts[0] + 1 :]
    end = next((at for at, one in enumerate(rest) if isinstance(one, Heading) and one.level == 1), len(rest))
    return rest[:end]


# --- what it states ------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.row("D7")
def test_plan_holds_every_section_of_annex_3_in_order(stated: dict[str, Any], lang: str) -> None:
    assert in_order(labels(form("annex-3"), lang), list(texts(paper(stated, lang).blocks))) == []


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.row("D5")
def test_each_sheet_holds_every_question_of_annex_2_in_order(stated: dict[str, Any], lang: str) -> None:
    whole = paper(stated, lang)
    wanted = labels(form("annex-2"), lang)
    assert [in_order(wanted, list(texts(sheet_of(whole, number)))) for number in range(1, 6)] == [[]] * 5


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.row("O-4")
def test_ogp_paper_holds_every_question_of_its_own_record_in_order(stated: dict[str, Any], lang: str) -> None:
    whole = paper(stated, lang, "ogp")
    assert in_order(labels(form("ogp-plan"), lang), list(texts(whole.blocks))) == []
    wanted = labels(form("ogp-commitment"), lang)
    assert [in_order(wanted, list(texts(sheet_of(whole, number)))) for number in range(1, 6)] == [[]] * 5


@pytest.mark.parametrize("shape", papers.SHAPES)
@pytest.mark.parametrize(("rank", "lang"), list(enumerate(LANGS)))
@pytest.mark.row("D5")
@pytest.mark.row("O-4")
def test_plan_holds_every_promise_and_activity(stated: dict[str, Any], rank: int, lang: str, shape: str) -> None:
    said = "\n".join(texts(paper(stated, lang, shape).blocks))
    asked = ("title", "problem", "action", "contribution", "indicator")
    wanted = [promise[code][rank] for promise in PROMISES for code in asked]
    wanted += [text[rank] for step in STEPS for text in step]
    assert [text for text in wanted if text not in said] == []


@pytest.mark.row("O-4")
def test_ogp_values_are_those_whose_test_is_answered_yes(stated: dict[str, Any]) -> None:
    pairs = dict(
        pair for block in sheet_of(paper(stated, "en", "ogp"), 1) if isinstance(block, Fields) for pair in block.pairs
    )
    assert pairs["OGP values served"] == "Transparency (access to information), Civic participation"
    assert pairs["Primary policy area"] == "Fiscal Openness, Right To Information"


@pytest.mark.row("D5")
def test_values_are_answered_yes_no_or_not_at_all(stated: dict[str, Any]) -> None:
    (answers,) = [one for one in sheet_of(paper(stated, "en"), 1) if isinstance(one, Table) and len(one.rows) == 6]
    assert [row[1] for row in answers.rows] == ["Yes", "Yes", "Yes", "No", "Yes", "Not answered"]


@pytest.mark.row("D7")
def test_participation_is_counted_and_never_rounded_up_to_the_whole(stated: dict[str, Any]) -> None:
    pairs = dict(pair for block in paper(stated, "en").blocks if isinstance(block, Fields) for pair in block.pairs)
    assert (pairs["Suggestions received"], pairs["Coverage"]) == ("300", "99\u00a0%")


@pytest.mark.row("D5")
def test_sheet_says_what_the_commitment_rests_on(stated: dict[str, Any]) -> None:
    said = list(texts(sheet_of(paper(stated, "en"), 1)))
    assert said[-3:] == [
        "Finding 3: Le budget se lit mal",
        "Public answer 12: Taken up",
        "1\u202f234 suggestions stand behind it.",
    ]


@pytest.mark.row("D7")
def test_empty_section_says_it_is_not_filled_in(stated: dict[str, Any]) -> None:
    del stated["sections"]["context-reforms"]
    blocks = paper(stated, "en").blocks
    label = next(q.label.en for group in form("annex-3").groups for q in group.questions if q.code == "context-reforms")
    at = blocks.index(Heading(2, label))
    assert blocks[at + 1] == Note("Not filled in.")


@pytest.mark.row("D7")
def test_text_that_is_not_translated_keeps_its_language_and_the_chapter_says_so(stated: dict[str, Any]) -> None:
    del stated["sections"]["efforts-achievements"]["en"]
    blocks = paper(stated, "en").blocks
    french = [one for one in blocks if isinstance(one, Paragraph) and one.lang]
    assert french == [Paragraph(stated["sections"]["efforts-achievements"]["fr"], "fr")]
    chapter = blocks.index(Heading(1, form("annex-3").groups[1].label.in_("en")))  # type: ignore[union-attr]
    assert "Not everything here is translated" in blocks[chapter + 1].text  # type: ignore[union-attr]
    whole = [one for one in blocks if isinstance(one, Note) and "Not everything here is translated" in one.text]
    assert len(whole) == 2  # this chapter, and the sheet whose finding has no English title


def test_figures_are_written_without_idle_zeros() -> None:
    assert [papers.figure(value) for value in ("1E+2", "100.00", "12.50", "0", "1250000")] == [
        "100",
        "100",
        "12.5",
        "0",
        "1\u202f250\u202f000",
    ]


@pytest.mark.row("D7")
def test_cover_says_invented_and_whether_the_council_adopted_it(stated: dict[str, Any]) -> None:
    before, after, draft = (
        paper(stated, "en", adopted=None),
        paper(stated, "en"),
        paper(stated, "en", adopted=None, sha256=""),
    )
    invented = "Demonstration: this Region, its people and its texts are invented."
    assert after.notice == invented
    assert before.notice == f"{invented}\nDraft, not adopted by the Council."
    assert draft.notice == f"{invented}\nDraft. Nothing here is frozen, and all of it may still change."
    assert "Adopted by deliberation no. 41/2026 of 5 October 2026" in texts(after.blocks)
    assert (after.dated, draft.reference) == (VOTE[1], "Draft")


def test_guide_without_the_forms_gives_no_paper(stated: dict[str, Any]) -> None:
    bare = BOOK.model_copy(update={"forms": (form("annex-3"), form("annex-2"))})
    assert papers.paper_of_plan(stated, form_guide=bare, lang="fr", sha256="", adopted=None, shape="ogp") is None


# --- printed -------------------------------------------------------------


@pytest.fixture
def version(plan: ActionPlan, contact: User) -> PlanVersion:
    return published(plan, contact)


@pytest.mark.parametrize(("lang", "tag"), [("fr", "fr-MA"), ("ar", "ar-MA"), ("en", "en-MA")])
@pytest.mark.row("D7")
def test_pdf_is_tagged_says_its_language_and_carries_the_hash_of_the_json(
    version: PlanVersion, lang: str, tag: str
) -> None:
    made = exports.handed_out(version, lang=lang, format="pdf")
    assert made is not None
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert str(pdf.Root.Lang) == tag
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"] == TITLE[LANGS.index(lang)]
    sha256 = hashlib.sha256(exports.plan_as_json(version)).hexdigest()
    said = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    # pypdf puts marks of direction inside what it reads on an Arabic line.
    bare = [re.sub("[\u200e\u200f\u202a-\u202e\\s]", "", page) for page in said]
    assert [sha256[:16] in page for page in bare] == [True] * len(bare)
    assert sha256 in bare[-1]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.row("D7")
def test_docx_opens_with_its_headings_in_its_direction(version: PlanVersion, lang: str) -> None:
    made = exports.handed_out(version, lang=lang, format="docx")
    assert made is not None
    opened = python_docx.Document(io.BytesIO(made))
    chapters = [one.text for one in opened.paragraphs if one.style.name == "Heading 1"]
    axes = [group.label.in_(lang) for group in form("annex-3").groups if group.label]
    assert (chapters[: len(axes)], len(chapters)) == (axes, len(axes) + 5)
    turned = [one for one in opened.paragraphs if one.style.name == "Heading 1" and "w:bidi" in one.style.element.xml]
    assert len(turned) == (len(chapters) if lang == "ar" else 0)
    assert opened.core_properties.language == f"{lang}-MA"


@pytest.mark.parametrize("format", ["pdf", "docx"])
def test_paper_printed_twice_is_the_same_bytes(version: PlanVersion, format: str) -> None:
    twice = [exports.handed_out(version, lang="ar", format=format) for _ in range(2)]
    assert twice[0] == twice[1]


@pytest.mark.row("D7")
def test_published_paper_stays_when_the_draft_changes(version: PlanVersion, contact: User) -> None:
    before = exports.handed_out(version, lang="fr", format="pdf")
    plan = version.plan
    other = words(("Un autre titre", "عنوان آخر", "Another title"))
    revise_plan(plan, title=other, starts_on=STARTS, ends_on=ENDS, sections={}, by=contact, at=AT)
    again = PlanVersion.objects.get(pk=version.pk)
    assert exports.handed_out(again, lang="fr", format="pdf") == before
    draft = exports.draft_paper(plan, lang="fr", format="pdf")
    assert "Un autre titre" in pypdf.PdfReader(io.BytesIO(draft or b"")).pages[0].extract_text()


def test_paper_is_kept_once_for_each_shape_language_and_format(version: PlanVersion) -> None:
    assert print_plan.call(version.uid) == 12
    assert print_plan.call(version.uid) == 12
    assert Rendition.objects.filter(document=version.document).count() == 12
    kept = Rendition.objects.get(document=version.document, shape="ogp", lang="ar", format="pdf")
    Path(kept.file.path).write_bytes(b"what was printed")
    assert exports.handed_out(version, lang="ar", format="pdf", shape="ogp") == b"what was printed"


@pytest.mark.row("D7")
def test_paper_put_to_the_vote_is_another_than_the_one_after_it(plan: ActionPlan, contact: User) -> None:
    version = freeze_plan(plan, by=contact, at=AT)
    before = exports.plan_paper(version, lang="fr", format="pdf")
    after = exports.plan_paper(adopted(version, contact), lang="fr", format="pdf")
    assert before is not None and after is not None
    assert (before.shape, after.shape) == ("annex-3-proposed", "annex-3")
    assert before.sha256 != after.sha256


# --- handed out ----------------------------------------------------------


def address(name: str, **values: Any) -> str:
    with override("fr"):
        return reverse(name, kwargs={"member": "deux-oueds", "number": 1, **values})


def paper_at(shape: str = "annex-3", lang: str = "ar", format: str = "pdf") -> str:
    return address("plan_paper", version=1, shape=shape, lang=lang, format=format)


@pytest.mark.row("D7")
def test_published_plan_is_handed_out_to_everyone(version: PlanVersion) -> None:
    response = Client().get(paper_at())
    assert response["Content-Disposition"] == 'attachment; filename="deux-oueds-plan-1-v1-annex-3-ar.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response.content[:5] == b"%PDF-"
    assert Rendition.objects.count() == 0  # a page that is read writes nothing
    data = Client().get(address("plan_json", version=1))
    assert (data["Content-Type"], hashlib.sha256(data.content).hexdigest()) == (
        "application/json",
        version.document.sha256,
    )


@pytest.mark.parametrize(
    ("shape", "lang", "format"), [("annex-9", "fr", "pdf"), ("ogp", "zgh", "pdf"), ("ogp", "fr", "exe")]
)
def test_paper_that_does_not_exist_is_not_found(version: PlanVersion, shape: str, lang: str, format: str) -> None:
    assert Client().get(paper_at(shape, lang, format)).status_code == 404


def test_papers_of_a_version_not_published_open_to_those_to_whom_its_page_does(
    plan: ActionPlan, member: Member, contact: User
) -> None:
    freeze_plan(plan, by=contact, at=AT)
    stranger = UserFactory(role="point-of-contact", at=MemberFactory())
    secretary, moderator = (UserFactory(role=role, at=member) for role in ("council-secretary", "moderator"))
    for user, status in ((None, 403), (stranger, 403), (moderator, 403), (secretary, 200), (contact, 200)):
        client = Client()
        if user:
            client.force_login(user)
        assert client.get(paper_at()).status_code == status
        assert client.get(address("plan_json", version=1)).status_code == status
        assert client.get(address("plan_version", version=1)).status_code == status


def test_draft_is_previewed_by_those_who_write_it(plan: ActionPlan, contact: User) -> None:
    where = address("plan_draft_paper", lang="fr", format="pdf")
    assert Client().get(where).status_code == 302
    client = Client()
    client.force_login(contact)
    response = client.get(where)
    assert response["Content-Disposition"] == 'attachment; filename="deux-oueds-plan-1-draft-fr.pdf"'
    assert Rendition.objects.count() == 0


# --- on the command line -------------------------------------------------


@pytest.mark.parametrize("format", ["pdf", "docx", "json"])
@pytest.mark.row("D7")
def test_export_writes_the_latest_published_version(
    version: PlanVersion, contact: User, tmp_path: Path, capsys: Any, format: str
) -> None:
    ActionPlan.objects.filter(pk=version.plan_id).update(sections={})
    freeze_plan(version.plan, by=contact, at=AT)  # a second version, not published
    out = tmp_path / f"plan.{format}"
    call_command("export_plan", member="deux-oueds", lang="ar", format=format, output=str(out))
    content = out.read_bytes()
    said = f"wrote {len(content)} bytes · {format} · ar · plan 1 version 1 · sha256 {version.document.sha256}\n"
    assert capsys.readouterr().out == said
    if format == "json":
        assert content == version.document.content.encode()


def test_export_to_standard_output_holds_the_document_alone(
    version: PlanVersion, monkeypatch: Any, capsys: Any
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, write_through=True))
    call_command("export_plan", "--member", "deux-oueds", "--format", "json", "--version", "1", "-o", "-")
    assert raw.getvalue() == version.document.content.encode()
    assert capsys.readouterr().err.startswith("wrote ")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (["--member", "personne"], "No member is called 'personne'."),
        (["--member", "deux-oueds"], "There is no published version of any plan of deux-oueds."),
        (["--member", "deux-oueds", "--version", "7", "--plan", "1"], "There is no version 7 of plan 1 of deux-oueds."),
    ],
)
def test_export_says_when_there_is_nothing_to_write(
    plan: ActionPlan, contact: User, tmp_path: Path, asked: list[str], sentence: str
) -> None:
    freeze_plan(plan, by=contact, at=AT)
    with pytest.raises(CommandError, match=sentence) as refusal:
        call_command("export_plan", *asked, "-o", str(tmp_path / "plan.pdf"))
    assert refusal.value.returncode == 2
