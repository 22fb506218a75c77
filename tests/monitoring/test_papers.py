"""Completion sheets on paper: annex 4 in order, the promise, what changed, from the frozen JSON of the issued sheet."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx as python_docx
import pikepdf
import pypdf
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from freezegun import freeze_time

from openregion.core.paper import Block, Fields, Heading, ItemList, Note, Paper, Paragraph, Table
from openregion.guide import queries as guides
from openregion.monitoring import exports, papers
from openregion.monitoring.actions import Shown, issue_completion_sheet, report_progress
from openregion.monitoring.models import CompletionSheet
from openregion.monitoring.queries import statement_of_sheet
from openregion.monitoring.tasks import print_sheet
from openregion.people.models import Member, User
from openregion.record.actions import store_file
from openregion.record.models import Rendition
from tests.factories.people import MemberFactory, UserFactory
from tests.monitoring.reports import TEXTS, drafted_sheet
from tests.plan.statements import PROMISES, STEPS, filled_plan, published, words

BOOK = guides.guide("ma-region-2021")
LANGS = ("fr", "ar", "en")
ISSUED = dt.datetime(2028, 2, 1, 10, 0, tzinfo=dt.UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.row("D10")]


@pytest.fixture(autouse=True)
def _later(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    with freeze_time(ISSUED):
        yield


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="deux-oueds", is_invented=True)


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


@pytest.fixture
def sheet(member: Member, contact: User) -> CompletionSheet:
    return drafted_sheet(published(filled_plan(member, contact), contact).plan, contact)


@pytest.fixture
def issued(sheet: CompletionSheet, contact: User) -> CompletionSheet:
    return issue_completion_sheet(sheet, by=contact, at=ISSUED)


def paper(sheet: CompletionSheet, lang: str = "en") -> Paper:
    found = papers.paper_of_sheet(
        json.loads(json.dumps(statement_of_sheet(sheet))),
        form_guide=BOOK,
        lang=lang,
        sha256="ab" * 32,
        issued_on=ISSUED.date(),
    )
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


def tables(whole: Paper) -> dict[str, Table]:
    return {block.caption: block for block in whole.blocks if isinstance(block, Table)}


@pytest.mark.parametrize("lang", LANGS)
def test_sheet_holds_every_question_of_annex_4_in_order(sheet: CompletionSheet, lang: str) -> None:
    form = guides.form(BOOK, "annex-4")
    assert form is not None
    given = list(texts(paper(sheet, lang).blocks))
    at = 0
    for group in form.groups:
        wanted = [group.label.in_(lang)] if group.label else []
        for question in group.questions:
            wanted += [question.label.in_(lang), *(choice.label.in_(lang) for choice in question.choices)]
            wanted += [column.label.in_(lang) for column in question.columns]
        for label in wanted:
            assert label in given[at:], label
            at = given.index(label, at)


@pytest.mark.parametrize(("rank", "lang"), list(enumerate(LANGS)))
def test_sheet_holds_its_words_and_those_of_the_plan_it_does_not_write_again(
    sheet: CompletionSheet, rank: int, lang: str
) -> None:
    said = "\n".join(texts(paper(sheet, lang).blocks))
    wanted = [text[rank] for text in TEXTS.values()]
    wanted += [PROMISES[0][code][rank] for code in ("title", "action", "contribution")]
    wanted += [title[rank] for title, _deliverable in STEPS]
    assert [text for text in wanted if text not in said] == []


@pytest.mark.row("O-7")
def test_scale_prints_the_guides_four_levels_and_no_evidence_with_the_chosen_one_marked(sheet: CompletionSheet) -> None:
    scale = tables(paper(sheet, "en"))["The level reached at the end of the period"]
    assert scale.head == ("Not started", "Limited", "Substantial", "Complete", "No evidence available")
    assert scale.rows == (("", "Chosen", "", "", ""),)


@pytest.mark.row("O-7")
def test_sheet_without_evidence_marks_that_level(sheet: CompletionSheet) -> None:
    sheet.level = "no-evidence"
    (row,) = tables(paper(sheet, "en"))["The level reached at the end of the period"].rows
    assert [bool(cell) for cell in row] == [False, False, False, False, True]


def test_activities_stand_as_they_did_on_the_last_day_of_the_period(sheet: CompletionSheet) -> None:
    steps = statement_of_sheet(sheet)["milestones"]
    assert [(one["level"], one["late"], one["expected_on"]) for one in steps] == [
        ("complete", False, None),
        ("limited", True, None),  # reported complete, then corrected
        ("limited", False, "2028-10-31"),
        ("", False, None),
    ]


def test_what_changed_since_the_plan_is_said(sheet: CompletionSheet) -> None:
    stated = statement_of_sheet(sheet)
    assert stated["changes"] == {"texts": ["problem"], "contact": [], "milestones": [2, 3]}
    found = tables(paper(sheet, "en"))
    assert [row[1] for row in found["Answers that differ from the plan"].rows] == [PROMISES[0]["problem"][2]]
    assert [row[2] for row in found["Activities late or put off"].rows] == ["No new day was given", "31 Oct 2028"]


def test_contact_is_the_one_of_today_and_its_change_is_said(sheet: CompletionSheet) -> None:
    sheet.commitment.contact_name = "Idris Invendi"
    stated = statement_of_sheet(sheet)
    assert (stated["contact"]["name"], stated["changes"]["contact"]) == ("Idris Invendi", ["name"])


def test_only_standing_reports_of_the_period_count(sheet: CompletionSheet) -> None:
    stated = statement_of_sheet(sheet)
    assert [(one["as_of"], one["milestone"], one["level"]) for one in stated["reports"]] == [
        ("2027-02-01", 1, "complete"),
        ("2027-06-20", 2, "limited"),
        ("2027-11-30", 3, "limited"),
    ]
    assert [(one["url"], one["milestone"]) for one in stated["evidence"]] == [("https://budget.example.ma/2027", 1)]
    assert stated["measures"] == [{"as_of": "2027-11-30", "value": "2"}]


def test_reports_keep_the_activity_of_the_promise_when_the_draft_numbers_its_own_anew(sheet: CompletionSheet) -> None:
    before, printed = statement_of_sheet(sheet), [row[1] for row in reported(sheet)]
    for step in sheet.commitment.milestones.order_by("-number"):
        step.number += 1
        step.save()
    assert statement_of_sheet(sheet) == before
    assert [row[1] for row in reported(sheet)] == printed == [title[2] for title, _deliverable in STEPS[:3]]
    uids = {one["number"]: one["uid"] for one in before["milestones"]}
    assert [one["milestone_uid"] for one in before["reports"]] == [uids[number] for number in (1, 2, 3)]


def reported(sheet: CompletionSheet) -> tuple[tuple[str, ...], ...]:
    return tables(paper(sheet, "en"))["Reports, without those that a later one corrects"].rows


def test_activity_that_ends_with_the_period_is_not_late_that_day(sheet: CompletionSheet) -> None:
    second = statement_of_sheet(sheet)["milestones"][1]
    late = []
    for days in (0, 1):
        sheet.ends_on = dt.date.fromisoformat(second["ends_on"]) + dt.timedelta(days=days)
        late.append(statement_of_sheet(sheet)["milestones"][1]["late"])
    assert late == [False, True]


def test_file_given_as_evidence_is_named_with_its_fingerprint(sheet: CompletionSheet, contact: User) -> None:
    upload = ContentFile(b"province;dirhams\nNord;12\n", name="budget.csv")
    kept = store_file(upload=upload, member_code="deux-oueds", by_ref="", at=ISSUED)
    shown = Shown(title=words(("Budget citoyen", "ميزانية المواطن", "Citizens’ budget")), file=kept)
    said = words(("Publié.", "نُشر.", "Published."))
    day = dt.date(2027, 12, 1)
    report_progress(
        sheet.commitment, level="substantial", text=said, as_of=day, evidence=[shown], by=contact, at=ISSUED
    )
    (listed,) = (block for block in paper(sheet, "en").blocks if isinstance(block, ItemList))
    assert listed.items[-1] == (
        f"Citizens’ budget (report of 1 December 2027)\nFile {kept.name}, SHA-256 {kept.sha256}"
    )


def test_issued_sheet_stays_when_more_is_reported(issued: CompletionSheet, contact: User) -> None:
    before = exports.handed_out(issued, lang="fr", format="pdf")
    said = words(("Tout est fait.", "أُنجز كل شيء.", "All is done."))
    report_progress(issued.commitment, level="limited", text=said, as_of=dt.date(2027, 12, 30), by=contact, at=ISSUED)
    assert exports.handed_out(CompletionSheet.objects.get(), lang="fr", format="pdf") == before


@pytest.mark.parametrize(("lang", "tag"), [("fr", "fr-MA"), ("ar", "ar-MA"), ("en", "en-MA")])
def test_pdf_is_tagged_says_its_language_and_carries_the_hash_of_the_json(
    issued: CompletionSheet, lang: str, tag: str
) -> None:
    made = exports.handed_out(issued, lang=lang, format="pdf")
    assert made is not None and issued.document is not None
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert str(pdf.Root.Lang) == tag
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
    sha256 = hashlib.sha256(issued.document.content.encode()).hexdigest()
    last = pypdf.PdfReader(io.BytesIO(made)).pages[-1].extract_text()
    # pypdf puts marks of direction inside what it reads on an Arabic line.
    assert sha256 in re.sub("[\u200e\u200f\u202a-\u202e\\s]", "", last)


@pytest.mark.parametrize("lang", LANGS)
def test_docx_opens_with_its_headings(issued: CompletionSheet, lang: str) -> None:
    opened = python_docx.Document(io.BytesIO(exports.handed_out(issued, lang=lang, format="docx") or b""))
    chapters = [one for one in opened.paragraphs if one.style.name == "Heading 1"]
    assert chapters[0].text == guides.form(BOOK, "annex-4").title.in_(lang)  # type: ignore[union-attr]
    assert ["w:bidi" in one.style.element.xml for one in chapters] == [lang == "ar"] * 2


def test_papers_are_kept_once_and_the_same(issued: CompletionSheet) -> None:
    afresh = exports.handed_out(issued, lang="ar", format="pdf")
    assert (print_sheet.call(issued.uid), print_sheet.call(issued.uid)) == (6, 6)
    assert Rendition.objects.filter(document=issued.document).count() == 6
    assert exports.handed_out(issued, lang="ar", format="pdf") == afresh


# --- handed out ----------------------------------------------------------


def address(name: str, **values: Any) -> str:
    with override("fr"):
        return reverse(name, kwargs={"member": "deux-oueds", "slug": "1-1", "sheet": 1, **values})


def test_issued_sheet_is_handed_out_to_everyone(issued: CompletionSheet) -> None:
    response = Client().get(address("sheet_paper", lang="ar", format="docx"))
    name = 'attachment; filename="deux-oueds-commitment-1-1-sheet-1-ar.docx"'
    assert (response["Content-Disposition"], response.content[:2]) == (name, b"PK")
    data = Client().get(address("sheet_json"))
    assert issued.document is not None
    assert hashlib.sha256(data.content).hexdigest() == issued.document.sha256
    assert Rendition.objects.count() == 0  # a page that is read writes nothing


def test_sheet_that_is_not_issued_is_a_draft_for_those_who_fill_it_in(sheet: CompletionSheet, contact: User) -> None:
    where = address("sheet_paper", lang="fr", format="pdf")
    assert Client().get(where).status_code == 404
    client = Client()
    client.force_login(contact)
    assert client.get(where)["Content-Disposition"].endswith('sheet-1-draft-fr.pdf"')
    assert client.get(address("sheet_json")).status_code == 404


@pytest.mark.parametrize("role", ["unit-head", "coordinator", "team-member", "moderator", "monitor", "administrator"])
def test_draft_on_paper_is_closed_to_the_roles_that_its_page_is_closed_to(
    sheet: CompletionSheet, member: Member, role: str
) -> None:
    client = Client()
    client.force_login(UserFactory(role=role, at=member))
    pages = address("sheet"), address("sheet_paper", lang="fr", format="pdf")
    assert [client.get(page).status_code for page in pages] == [404, 404]


@pytest.mark.parametrize(("lang", "format"), [("zgh", "pdf"), ("fr", "exe")])
def test_paper_that_does_not_exist_is_not_found(issued: CompletionSheet, lang: str, format: str) -> None:
    assert Client().get(address("sheet_paper", lang=lang, format=format)).status_code == 404
