"""What the press prints: tagged, in the right direction, copied back whole, the same bytes twice."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import docx as python_docx
import pikepdf
import pypdf
import pytest
from docx.oxml.ns import qn

from openregion.core.paper import (
    Blank,
    Fields,
    Heading,
    ItemList,
    Note,
    PageBreak,
    Paper,
    Paragraph,
    Quote,
    Sign,
    Table,
)
from openregion.record import press
from openregion.record.press.columns import shares
from openregion.record.press.directions import line
from openregion.record.press.glyphs import UNPRINTABLE, printable
from openregion.record.press.labels import in_groups, printed_day
from openregion.record.press.typesetting import sheet

ARABIC = Paper(
    title="تقرير حول الحكومة المنفتحة",
    subtitle="جهة طنجة-تطوان-الحسيمة",
    lang="ar",
    kind="تقرير سنوي",
    reference="TTA-2026-0031",
    dated=date(2026, 11, 23),
    address="https://participer.example.ma/ar/tta/reports/3/",
    notice="معطيات مختلقة لا تلزم أحدا.",
    source_note="دليل الحكومة المنفتحة للجهات.",
    blocks=(
        Heading(1, "الحق في الحصول على المعلومات"),
        Paragraph(
            "يعتبر الحق في الحصول على المعلومات حقا دستوريا كرسه الفصل 27 من الدستور المغربي، وقد جاء القانون "
            "لينظم ممارسة هذا الحق ويحدد الهيئات والمؤسسات المعنية والاستثناءات الواردة عليه."
        ),
        Paragraph(
            "إنَّ المشاركةَ المواطِنةَ ركيزةٌ أساسيّةٌ للحكامةِ الجيّدة، ولا يجوز إلغاء الآليات التشاركية للحوار "
            "والتشاور إلا بقرار معلل. الله أكبر، والآلات والأنهار والألفة واللاجئون والمؤلفات، لجنة محمد الحسيمي."
        ),
        Paragraph("المدة 2027-2029 والمبلغ 1 250 000 درهم، الموقع https://tta.ma/a?b=1 (Région Ouverte)."),
        Heading(3, "الالتزامات"),
        ItemList(("نشر الميزانية المفتوحة", "إحداث منصة رقمية للمشاركة"), numbered=True),
        Table(
            "جدول الالتزامات",
            ("الإقليم", "الاقتراحات", "ملاحظات"),
            (("العرائش", "311", "تأخر في الجواب"), ("شفشاون", "97", "Réponse en français.")),
            row_headers=True,
        ),
        Fields((("الجهة", "طنجة-تطوان-الحسيمة"), ("الغلاف المالي", "1 250 000 درهم"))),
        Quote("بغينا الطوبيس يوصل حتى لـ Oued Laou.", "ary"),
        Note("تنشر الجهة جوابا معللا داخل أجل 60 يوما."),
        PageBreak(),
        Blank("ما هو المشكل الذي يعالجه الالتزام؟", ("صف الوضع الحالي.",), 4),
        Blank("هل سبق تقديم هذا الاقتراح؟", kind="yes-no"),
    ),
)
FRENCH = Paper(
    title="Fiche d’engagement",
    lang="fr",
    reference="TTA-7",
    dated=date(2027, 3, 1),
    blocks=(
        Heading(1, "Proposition"),
        Paragraph("Le mot « الجهة المنفتحة » et ⵜⴰⵎⴰⵣⵉⵖⵜ gardent leur direction."),
        ItemList(("un", "deux"), numbered=True),
        ItemList(("trois",), numbered=True),
        Table("Suivi", ("Province", "Réponses"), (("Larache", "92 %"),), row_headers=True),
        Table("Vide", ("Province", "Réponses"), ()),
        Blank("Valeur", kind="choice", choices=("Transparence", "Participation")),
        Blank("Signature", lines=4, kind="box"),
    ),
)

HOSTILE = (
    "{{ 7*7 }} {% raw %} {_{ x }_} {_% y %_}",
    '#eval("1+1") #read("/etc/passwd") $x$ *gras* <label>',
    "<script>alert(1)</script> &amp; </w:t>",
    "😀 👨‍👩‍👧 漢字",
    "zéro\x00octet",
    "abc\u202edef\u2066ghi",
    "=1+1\t+2\r\nfin",
    "",
    "   ",
    "é\u0301\u0301 ⵣ\u0301 \ud800 \uffff",
    "mot " * 12_500,
    "ا" * 50_000,
)


def _text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def _words(text: str) -> Counter[str]:
    """Words as a reader searches them: no vowels, no direction marks."""
    text = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", " ", unicodedata.normalize("NFKD", text))
    return Counter(re.findall(r"\w+", "".join(char for char in text if not unicodedata.combining(char))))


def _stated(paper: Paper) -> str:
    """Every word a paper's blocks state."""

    def strings(value: object) -> list[str]:
        if isinstance(value, tuple):
            return [text for item in value for text in strings(item)]
        return [value] if isinstance(value, str) else []

    found = [paper.title, paper.subtitle, paper.kind, paper.notice]
    for block in paper.blocks:
        for name in ("text", "items", "caption", "head", "rows", "pairs", "label", "help", "choices"):
            found += strings(getattr(block, name, ()))
    return "\n".join(found)


def _tags(pdf: pikepdf.Pdf, name: str) -> list[pikepdf.Object]:
    """Every structure element of one kind, in reading order."""
    found: list[pikepdf.Object] = []

    def walk(element: pikepdf.Object) -> None:
        if isinstance(element, pikepdf.Array):
            for kid in element:
                walk(kid)
        elif isinstance(element, pikepdf.Dictionary):
            if element.get("/S") == f"/{name}":
                found.append(element)
            if "/K" in element:
                walk(element.K)

    walk(pdf.Root.StructTreeRoot.K)
    return found


def _scopes(cells: list[pikepdf.Object]) -> Counter[str]:
    return Counter(
        next((str(entry.Scope) for entry in cell.A if "/Scope" in entry), "none") for cell in cells if "/A" in cell
    )


# --- PDF -----------------------------------------------------------------


@pytest.mark.parametrize(("paper", "lang"), [(ARABIC, "ar-MA"), (FRENCH, "fr-MA")])
def test_pdf_says_it_is_tagged(paper: Paper, lang: str) -> None:
    with pikepdf.open(io.BytesIO(press.pdf(paper))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == lang
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) is True
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"] == paper.title


def test_pdf_headers_say_what_they_head() -> None:
    with pikepdf.open(io.BytesIO(press.pdf(ARABIC))) as pdf:
        assert _scopes(_tags(pdf, "TH")) == {"/Column": 3, "/Row": 4}
        # a list of headers would win over the scope, and it names columns only
        assert [cell for cell in _tags(pdf, "TD") if any("/Headers" in entry for entry in cell.A)] == []


def test_pdf_headings_make_the_outline_without_gaps() -> None:
    with pikepdf.open(io.BytesIO(press.pdf(ARABIC))) as pdf:
        assert [len(_tags(pdf, name)) for name in ("H1", "H2", "H3")] == [1, 1, 0]
        with pdf.open_outline() as outline:
            assert [entry.title for entry in outline.root] == ["الحق في الحصول على المعلومات"]
            assert [entry.title for entry in outline.root[0].children] == ["الالتزامات"]


def test_pdf_head_of_a_long_table_comes_back_on_every_page() -> None:
    rows = tuple((str(nth), f"Engagement numéro {nth}") for nth in range(500))
    made = press.pdf(Paper(title="Long", lang="fr", blocks=(Table("Tous", ("Rang", "Intitulé"), rows),)))
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    assert len(pages) > 8
    assert [("Intitulé" in page.extract_text()) for page in pages] == [True] * len(pages)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(_tags(pdf, "TR")) == 501


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed; pypdf reorders Arabic lines")
def test_pdf_in_arabic_copies_out_whole(tmp_path: Path) -> None:
    (tmp_path / "ar.pdf").write_bytes(press.pdf(ARABIC))
    run = subprocess.run(
        ["pdftotext", "ar.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=True
    )
    wanted = _words(_stated(ARABIC))
    lost = wanted - _words(run.stdout)
    assert 1 - lost.total() / wanted.total() >= 0.98, lost


def test_pdf_in_french_copies_out_whole() -> None:
    wanted = _words(_stated(FRENCH))
    got = _words(_text(press.pdf(FRENCH)))
    assert sorted(word for word in wanted - got if word.isascii()) == []


def test_pdf_is_the_same_bytes_twice() -> None:
    assert press.pdf(ARABIC) == press.pdf(Paper.from_json(ARABIC.as_json()))


def test_pdf_shows_the_fingerprint_short_on_each_page_and_whole_on_the_last() -> None:
    made = press.pdf(FRENCH, fingerprint="3f2a91bc0d4e7788" * 4)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    assert ["3f2a 91bc 0d4e 7788" in page for page in pages] == [True] * len(pages)
    assert ["3f2a91bc0d4e7788" * 4 in page for page in pages] == [False] * (len(pages) - 1) + [True]


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_pdf_of_sheets_proves_itself_on_each_page_and_ends_with_the_last(lang: str) -> None:
    lines = tuple(Blank("…", lines=8) for _page in range(2))
    paper = Paper(title="…", lang=lang, sheets=True, blocks=(lines[0], PageBreak(), lines[1]))  # type: ignore[arg-type]
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(press.pdf(paper))).pages]
    assert [paper.sha256() in page for page in pages] == [True, True]
    assert Paper.from_json(paper.as_json()) == paper


def test_pdf_leaves_room_for_a_pen_in_the_cells_filled_by_hand() -> None:
    def pages(*, by_hand: bool) -> int:
        table = Table("T", ("A", "B"), (("x", ""),) * 28, row_headers=True, by_hand=by_hand)
        return len(pypdf.PdfReader(io.BytesIO(press.pdf(Paper(title="T", lang="fr", blocks=(table,))))).pages)

    assert (pages(by_hand=False), pages(by_hand=True)) == (1, 2)  # 28 rows of a centimetre are more than a page


def test_words_stay_with_what_they_lead_to() -> None:
    made = sheet(
        Paper(
            title="T",
            lang="fr",
            blocks=(
                Heading(2, "Thème"),
                Paragraph("58 suggestions."),
                Heading(3, "Constat"),
                Paragraph("Dit."),
                Paragraph("Voici :"),
                ItemList(("un", "deux")),
                Paragraph("Fin."),
            ),
        ),
        "0" * 64,
    )
    assert [(one["is"], one["sticks"]) for one in made["blocks"] if one["is"] == "paragraph"] == [
        ("paragraph", True),  # towards a smaller heading
        ("paragraph", False),
        ("paragraph", True),  # towards the list it announces
        ("paragraph", True),  # with the colophon
    ]
    assert [one["keep"] for one in made["blocks"] if one["is"] == "list"] == [True]


def test_choices_in_a_row_are_one_line_in_each_format() -> None:
    blank = Blank("سنكم", kind="choice", choices=("15–24", "25–34", "60 سنة فأكثر"), in_a_row=True)
    paper = Paper(title="T", lang="ar", blocks=(blank,))
    [row] = [one.text for one in python_docx.Document(io.BytesIO(press.docx(paper))).paragraphs if "15–24" in one.text]
    assert [row.count(one) for one in ("15–24", "25–34", "فأكثر")] == [1, 1, 1]
    # Signs alone between two numbers would have them read from the left: a mark keeps their order.
    assert re.search("15–24[^\u200f]*\u200f[^\u200f]*\u200f[^\u200f]*25–34", row)
    assert press.pdf(paper)[:4] == b"%PDF"


def test_pdf_embeds_only_our_fonts() -> None:
    with pikepdf.open(io.BytesIO(press.pdf(FRENCH))) as pdf:
        names = {str(font.BaseFont).split("+")[1] for page in pdf.pages for font in page.resources.Font.values()}
    assert names == {"ReadexPro-Regular", "ReadexPro-Bold", "Amiri-Regular", "NotoSansTifinagh-Regular"}


def test_sign_fills_a_page_of_its_own_and_says_its_words_once() -> None:
    signs = (Sign("Atelier", pointing="left"), Sign("Table", "12"), Sign("Ici, personne n’est filmé"))
    paper = Paper(title="Panneaux", lang="fr", blocks=(Paragraph("À suspendre."), *signs, Heading(1, "Fin")))
    assert Paper.from_json(paper.as_json()) == paper
    pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(press.pdf(paper))).pages]
    assert [word in pages[at] for at, word in ((1, "Atelier"), (2, "Table 12"), (3, "filmé"))] == [True] * 3
    made = python_docx.Document(io.BytesIO(press.docx(paper)))
    headings = [one for one in made.paragraphs if one.style.name == "Heading 1"]
    assert [one.text for one in headings][:2] == ["Atelier ←", "Table 12"]
    assert [one.paragraph_format.page_break_before for one in headings] == [True, True, True, None]
    assert "<h2>Table 12</h2>" in press.html(paper)


@pytest.mark.parametrize("said", [{"text": ""}, {"text": "Atelier", "pointing": "north"}])
def test_sign_that_says_nothing_or_points_nowhere_is_refused_where_it_is_written(said: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        Sign(**said)


# --- hostile words -------------------------------------------------------


def _full_of(text: str) -> Paper:
    """One paper with the same words in each kind of place, short ones where a place is short."""
    brief = text[:2000]
    return Paper(
        title=brief,
        subtitle=brief,
        lang="ar",
        kind=brief,
        reference=brief,
        address=brief,
        notice=brief,
        source_note=brief,
        blocks=(
            Heading(2, brief),
            Paragraph(text),
            ItemList((text,)),
            Table(brief, (brief, "ب"), ((text, brief),), row_headers=True),
            Table("فارغ", ("أ",), ()),
            Table("", (), ()),
            Fields(((brief, brief),)),
            Fields(()),
            Blank(brief, (brief,), kind="choice", choices=(brief,)),
            Quote(text),
            Sign(brief or "–", brief[:200], "ahead"),
            Note(brief),
        ),
    )


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_press_prints_hostile_words_as_words(text: str) -> None:
    paper = _full_of(text)
    assert press.pdf(paper)[:5] == b"%PDF-"
    assert zipfile.ZipFile(io.BytesIO(press.docx(paper))).testzip() is None
    assert press.html(paper).startswith("<article")


@pytest.mark.parametrize("text", [HOSTILE[0], HOSTILE[1]])
def test_pdf_evaluates_nothing(text: str) -> None:
    printed = _text(press.pdf(Paper(title="T", lang="fr", blocks=(Paragraph(text),))))
    assert text in " ".join(printed.split())


@pytest.mark.parametrize("text", [HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[3]])
def test_docx_evaluates_nothing(text: str) -> None:
    made = python_docx.Document(io.BytesIO(press.docx(Paper(title=text, lang="fr", blocks=(Paragraph(text),)))))
    assert [paragraph.text for paragraph in made.paragraphs if paragraph.style.name == "Normal"] == [text]
    assert made.core_properties.title == text


def test_html_escapes_everything() -> None:
    made = press.html(_full_of('<script>alert("1")</script>'))
    assert re.findall("<script|onerror|style=", made) == []
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in made


def test_glyphs_leave_out_what_turns_a_line_round() -> None:
    assert printable("a\x00b\u202ec\u2066d") == "abcd"


def test_glyphs_say_where_a_character_is_missing() -> None:
    assert printable("漢 👨‍👩‍👧 👍🏽 → ✓ e\u0301") == f"{UNPRINTABLE} {UNPRINTABLE * 3} {UNPRINTABLE} › √ é"


# --- directions, days, widths --------------------------------------------


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("المدة 2027-2029 سنوات", ["2027-2029"]),
        ("المبلغ 1 250 000 درهم", ["1 250 000"]),
        ("الهاتف +212 539 97 80 00.", ["+212 539 97 80 00"]),
        ("انظر (https://tta.ma/a/) هنا", ["https://tta.ma/a/"]),
        ("برنامج OGP Local 2027 للجهة", ["OGP Local 2027"]),
        ("المواد 5، 6 و7", ["5", "6", "7"]),
        ("قال OGP (Local) ثم", ["OGP (Local)"]),
    ],
)
def test_line_sets_latin_words_and_numbers_apart_in_arabic(text: str, apart: list[str]) -> None:
    cut = line(text, "ar")
    assert [run.text for run in cut.runs if not run.rtl] == apart
    assert cut.text.replace("\u200f", "") == text


def test_line_keeps_a_quotation_in_its_own_direction() -> None:
    assert line("بغينا الطوبيس لـ Oued Laou", "fr", own_words=True).rtl is True
    assert line("Réponse donnée.", "ar").rtl is False


def test_line_of_endless_turns_stays_one_run() -> None:
    assert len(line("ا1a " * 20_000, "ar").runs) == 1


@pytest.mark.parametrize(
    ("day", "lang", "written"),
    [
        (date(2027, 3, 1), "fr", "1er mars 2027"),
        (date(2027, 7, 31), "ar", "31 يوليوز 2027"),
        (date(2027, 8, 1), "ar", "1 غشت 2027"),
        (date(2027, 3, 1), "en", "1 March 2027"),
        (date(2027, 12, 21), "zgh", "21 décembre 2027"),
    ],
)
def test_day_is_written_as_in_morocco(day: date, lang: str, written: str) -> None:
    assert printed_day(day, lang) == written


def test_fingerprint_is_cut_in_groups() -> None:
    assert in_groups("3f2a91bc0d4e7788aaaa") == "3f2a 91bc 0d4e 7788"


def test_columns_give_room_to_those_who_say_more() -> None:
    rank, words = shares(Table("c", ("Rang", "Texte"), (("1", "Une phrase qui prend de la place. " * 4),)))
    assert rank < words
    assert shares(Table("c", ("a", "b"), (), widths=(1, 3))) == (25, 75)


# --- DOCX ----------------------------------------------------------------


def _document(paper: Paper) -> python_docx.document.Document:
    return python_docx.Document(io.BytesIO(press.docx(paper)))


def test_docx_in_arabic_runs_right_to_left() -> None:
    made = _document(ARABIC)
    assert made.sections[0]._sectPr.find(qn("w:bidi")) is not None
    heading = next(paragraph for paragraph in made.paragraphs if paragraph.style.name == "Heading 1")
    assert heading._p.pPr.find(qn("w:bidi")).get(qn("w:val")) is None
    run = heading.runs[0]._r.rPr
    assert run.find(qn("w:rtl")) is not None
    assert run.find(qn("w:lang")).get(qn("w:bidi")) == "ar-MA"
    assert [table._tbl.tblPr.find(qn("w:bidiVisual")) is not None for table in made.tables] == [True, True]


def test_docx_leaves_addresses_and_numbers_left_to_right() -> None:
    made = _document(ARABIC)
    paragraph = next(paragraph for paragraph in made.paragraphs if "tta.ma/a" in paragraph.text)
    straight = [run.text.strip("\u200e") for run in paragraph.runs if run._r.find(f".//{qn('w:rtl')}") is None]
    assert straight == ["2027-2029", "1 250 000", "https://tta.ma/a?b=1 (Région Ouverte)"]


def test_docx_has_real_headings_lists_and_table_heads() -> None:
    made = _document(FRENCH)
    assert [paragraph.text for paragraph in made.paragraphs if paragraph.style.name == "Heading 1"] == ["Proposition"]
    head = made.tables[0].rows[0]._tr.trPr
    assert head.find(qn("w:tblHeader")) is not None
    widths = [int(column.get(qn("w:w"))) for column in made.tables[0]._tbl.tblGrid]
    assert widths == [int(cell._tc.tcPr.tcW.get(qn("w:w"))) for cell in made.tables[0].rows[1].cells]
    assert [cell.text for cell in made.tables[1].rows[1].cells] == ["Rien à indiquer", ""]
    counts = [item._p.pPr.numPr.numId.val for item in made.paragraphs if item.style.name == "List Number"]
    assert len(counts) == 3
    assert counts[0] == counts[1] != counts[2]


def test_docx_says_its_title_and_language() -> None:
    about = _document(ARABIC).core_properties
    assert (about.title, about.language) == (ARABIC.title, "ar-MA")


def test_docx_holds_no_macro_and_is_the_same_bytes_twice() -> None:
    made = press.docx(FRENCH)
    assert made == press.docx(FRENCH)
    assert [name for name in zipfile.ZipFile(io.BytesIO(made)).namelist() if "vba" in name.lower()] == []


# --- HTML ----------------------------------------------------------------


def test_html_names_rows_columns_and_directions() -> None:
    made = press.html(ARABIC)
    assert made.startswith('<article class="paper" lang="ar" dir="rtl">')
    assert made.count("<h1>") == 1
    assert made.count('<th scope="col"') == 3
    assert made.count('<th scope="row">') == 2
    assert '<bdi dir="ltr">1 250 000</bdi>' in made
    assert '<bdi lang="fr" dir="ltr">https://tta.ma/a?b=1 (Région Ouverte)</bdi>' in made


def test_html_under_amazigh_is_french_and_says_so() -> None:
    made = press.html(Paper(title="Fiche", lang="zgh", blocks=(Paragraph("Le mot ⵜⴰⵎⴰⵣⵉⵖⵜ."),)))
    assert made.startswith('<article class="paper" lang="fr" dir="ltr">')
    assert '<span lang="zgh">ⵜⴰⵎⴰⵣⵉⵖⵜ</span>' in made
