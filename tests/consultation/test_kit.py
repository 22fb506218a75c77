"""The kit of a workshop: what each paper states, in both languages, tagged, in our fonts; names for the door alone."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pikepdf
import pypdf
import pytest
from django.forms import ChoiceField
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from openregion.consultation import kit_exports
from openregion.consultation.form_papers import forms_paper
from openregion.consultation.forms.takers import ProfileForm
from openregion.consultation.kit_papers import KIT, kit_paper
from openregion.consultation.models import Workshop
from openregion.consultation.queries import programme
from openregion.core.paper import Blank, Fields, PageBreak, Paper, Sign, Table
from openregion.people.models import Member, Membership, Territory
from openregion.record import press
from tests.factories import rooms
from tests.factories.consultation import ConsultationFactory
from tests.factories.cycle import CycleFactory
from tests.factories.meetings import InvitationFactory
from tests.factories.people import MemberFactory, TerritoryFactory, UserFactory
from tests.factories.workshops import WorkshopFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]
OUR_FONTS = {"ReadexPro-Regular", "ReadexPro-Bold", "Amiri-Regular", "Amiri-Bold", "NotoSansTifinagh-Regular"}


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture(autouse=True)
def _a_home_of_its_own(settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def workshop(member: Member) -> Workshop:
    consultation = ConsultationFactory(cycle=CycleFactory(member=member))
    one = WorkshopFactory(consultation=consultation, in_province=True, languages=["ar", "sign"], tables=3)
    InvitationFactory(meeting=one.meeting, name="Invitée Nommée", category="civil-society")
    return one


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.mark.parametrize("lang", ["fr", "ar"])
@pytest.mark.parametrize("name", list(KIT))
def test_paper_of_the_kit_is_tagged_in_its_language_and_in_our_fonts(workshop: Workshop, name: str, lang: str) -> None:
    paper = kit_paper(workshop, name, lang=lang)
    assert Paper.from_json(paper.as_json()) == paper
    with pikepdf.open(io.BytesIO(press.pdf(paper))) as pdf:
        assert pdf.Root.MarkInfo.Marked == True  # noqa: E712 - a pikepdf object
        assert str(pdf.Root.Lang).startswith(lang)
        with pdf.open_metadata() as said:
            assert said["pdfuaid:part"] == "1"
        fonts = {str(one.BaseFont).split("+")[1] for page in pdf.pages for one in page.resources.Font.values()}
        assert "/StructTreeRoot" in pdf.Root
    assert fonts <= OUR_FONTS
    assert zipfile.ZipFile(io.BytesIO(press.docx(paper))).testzip() is None
    assert press.html(paper).startswith("<article")


def test_guide_lays_out_the_hours_the_references_and_the_questions(workshop: Workshop, english: None) -> None:
    paper = kit_paper(workshop, "guide", lang="fr")
    hours = next(one for one in paper.blocks if isinstance(one, Table))
    assert len(hours.rows) == len(programme.PARTS)
    assert hours.rows[0][1] == hours.rows[1][0]
    said = paper.as_json()
    assert "Transparence budgétaire" in said
    assert workshop.consultation.question["fr"]["text"] in said
    assert "شفافية الميزانية" in kit_paper(workshop, "guide", lang="ar").as_json()


def test_table_sheets_and_signs_are_one_for_each_table(workshop: Workshop) -> None:
    signs = [one for one in kit_paper(workshop, "signs", lang="fr").blocks if isinstance(one, Sign)]
    assert [one.figure for one in signs if one.figure] == ["1", "2", "3"]
    assert {one.pointing for one in signs} == {"", "left", "right", "ahead"}
    made = press.pdf(kit_paper(workshop, "signs", lang="fr"))
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) == len(signs) + 1
    sheets = kit_paper(workshop, "tables", lang="fr")
    assert sum(type(one).__name__ == "PageBreak" for one in sheets.blocks) == workshop.tables


@pytest.mark.row("L-1")
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_papers_that_people_write_on_say_what_becomes_of_it_and_stay_one_page(workshop: Workshop, lang: str) -> None:
    with override(lang):
        told = gettext("CNDP reference")
    assert [name for name in KIT if told in kit_paper(workshop, name, lang=lang).as_json()] == [
        "contribution",
        "takers",
        "recording",
        "attendance",
    ]
    counted = {name: len(pages_of(kit_paper(workshop, name, lang=lang))) for name in KIT}
    # No page for the colophon alone, and none for what a page could hold.
    assert {name: counted[name] for name in ("tables", "contribution", "evaluation", "recording", "takers")} == {
        "tables": 1 + workshop.tables,
        "contribution": 1,
        "evaluation": 1,
        "recording": 2,
        "takers": 2,
    }


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_forms_leave_six_lines_to_each_part_and_stay_one_page_where_the_region_is_invented(
    workshop: Workshop, lang: str
) -> None:
    workshop.meeting.member.invented = True  # which says so, at the head
    paper = kit_paper(workshop, "contribution", lang=lang)
    parts = [block.lines for block in paper.blocks if isinstance(block, Blank) and block.kind == "lines"]
    assert (len(parts), min(parts) >= 6, len(pages_of(paper))) == (3, True, 1)
    batch = rooms.batch(workshop.consultation, forms=1, lang=lang, workshop=workshop)
    numbered = forms_paper(batch)
    parts = [block.lines for block in numbered.blocks if isinstance(block, Blank)]
    assert (len(parts), min(parts) >= 6, len(pages_of(numbered))) == (3, True, 2)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_guide_is_three_pages_and_its_last_holds_more_than_a_few_lines(workshop: Workshop, lang: str) -> None:
    pages = pages_of(kit_paper(workshop, "guide", lang=lang))
    assert (len(pages), len(pages[-1].extract_text().splitlines()) >= 10) == (3, True)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_what_is_filled_by_hand_has_the_height_of_handwriting(workshop: Workshop, lang: str) -> None:
    to_write = [
        block
        for name in KIT
        for block in kit_paper(workshop, name, lang=lang).blocks
        if (isinstance(block, Table) and any(not any(column) for column in zip(*block.rows, strict=True)))
        or (isinstance(block, Fields) and not all(value for _label, value in block.pairs))
    ]
    assert len(to_write) > workshop.tables
    assert [block for block in to_write if not block.by_hand] == []


@pytest.mark.row("E7")
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_slips_ask_what_the_page_asks_and_hold_nothing_that_joins_them_to_words(workshop: Workshop, lang: str) -> None:
    paper = kit_paper(workshop, "takers", lang=lang)
    provinces = [one.name_in(lang) for one in Territory.objects.of(workshop.meeting.member)]
    first, *slips = split_at_breaks(paper)
    asked = [block for block in slips[0] if isinstance(block, Blank)]
    with override(lang):
        form = ProfileForm(consultation=workshop.consultation)
        said = {
            str(form[name].label): provinces
            if name == "province"
            else [str(said) for value, said in one.choices if value]
            for name, one in form.fields.items()
            if isinstance(one, ChoiceField)
        }
    assert {block.label: list(block.choices) for block in asked[: len(said)]} == said
    half = len(slips[0]) // 2
    assert slips[0][:half] == slips[0][half + 1 :]  # both slips the same, with the cut between them
    assert kit_paper(workshop, "takers", lang=lang) == paper  # no number, no code
    assert address("about_you", "ici", workshop.consultation.slug, lang=lang) in first[-1].pairs[0][1]


def split_at_breaks(paper: Paper) -> list[list[Any]]:
    """Give the blocks of each page that a paper begins itself."""
    pages: list[list[Any]] = [[]]
    for block in paper.blocks:
        if isinstance(block, PageBreak):
            pages.append([])
        else:
            pages[-1].append(block)
    return pages


@pytest.mark.row("E7")
def test_slips_offer_the_provinces_and_stay_two_a_page(member: Member, workshop: Workshop) -> None:
    region = Membership.objects.get(member=member).authority.territory
    for nth, name in enumerate(["الدار البيضاء أنفا", "المضيق الفنيدق", "عمالة طنجة أصيلة", "مولاي يعقوب"] * 2):
        TerritoryFactory(code=f"x{nth}", name_ar=f"{name} {nth}", parent=region, level="province", type="province")
    assert len(Territory.objects.of(member)) == 9
    paper = kit_paper(workshop, "takers", lang="ar")
    assert "المضيق الفنيدق 1" in paper.as_json()
    assert len(pages_of(paper)) == 2


def pages_of(paper: Paper) -> list[Any]:
    return list(pypdf.PdfReader(io.BytesIO(press.pdf(paper))).pages)


def test_names_stand_on_the_attendance_list_alone(workshop: Workshop) -> None:
    named = [name for name in KIT if "Invitée Nommée" in kit_paper(workshop, name, lang="fr").as_json()]
    assert named == ["attendance"]


def test_kit_is_read_by_everyone_and_the_list_of_names_by_those_at_the_door(member: Member, workshop: Workshop) -> None:
    number = workshop.meeting.number
    visitor, door = Client(), Client()
    door.force_login(UserFactory(role="coordinator", at=member))
    lists = address("kit_paper", "ici", number, "attendance", "fr", "pdf")
    assert lists not in visitor.get(address("workshop_kit", "ici", number)).content.decode()
    assert lists in door.get(address("workshop_kit", "ici", number)).content.decode()
    assert visitor.get(lists).status_code == 404
    handed = door.get(lists)
    assert (handed.status_code, handed["Cache-Control"]) == (200, "private, no-store")
    guide = visitor.get(address("kit_paper", "ici", number, "guide", "ar", "pdf"))
    assert (guide.status_code, guide["Content-Type"]) == (200, "application/pdf")
    assert guide.content[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("name", "lang", "format"), [("x", "fr", "pdf"), ("guide", "en", "pdf"), ("guide", "fr", "exe")]
)
def test_paper_that_is_not_in_the_kit_is_not_found(workshop: Workshop, name: str, lang: str, format: str) -> None:
    url = address("kit_paper", "ici", workshop.meeting.number, name, lang, format)
    assert Client().get(url).status_code == 404


def test_paper_is_printed_once_for_each_wording_and_the_list_of_names_never_kept(
    workshop: Workshop, settings: Any
) -> None:
    kept = settings.HOME / "papers" / "workshops" / workshop.uid
    first = kit_exports.printed(workshop, "guide", lang="fr", format="pdf")
    assert kit_exports.printed(workshop, "guide", lang="fr", format="pdf") == first
    kit_exports.printed(workshop, "attendance", lang="fr", format="pdf")
    assert [one.name.split("-")[0] for one in kept.iterdir()] == ["guide"]
    workshop.tables = 9
    assert kit_exports.printed(workshop, "guide", lang="fr", format="pdf") != first
    assert len(list(kept.iterdir())) == 1
