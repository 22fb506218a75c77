"""Tables as offices send them: encodings, separators, titles, ragged rows, quotes that never close."""

from __future__ import annotations

import io
import time

import pytest

from openregion.analysis import tables
from openregion.analysis.small_words import tongue_of

FRENCH = "Texte;Thème\nÉclairer l’école du douar;Équipements\nÀ quand la route ?;Routes\n"
ARABIC = "النص,المحور\nنريد طريقا معبدة نحو السوق الأسبوعي,الطرق\nيجب نشر الميزانية بلغة مبسطة,الشفافية\n"
pytestmark = pytest.mark.row("O-5")


def read(content: bytes, encoding: str = "") -> tuple[tables.Shape, list[tables.Row]]:
    file = io.BytesIO(content)
    shape = tables.shape_of(file, encoding=encoding)
    return shape, list(tables.rows_of(file, shape))


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in read(content)[1]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_french_reads_the_same_in_every_encoding(encoding: str) -> None:
    assert cells(FRENCH.encode(encoding)) == [
        ("Éclairer l’école du douar", "Équipements"),
        ("À quand la route ?", "Routes"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256"])
def test_arabic_reads_the_same_in_every_encoding(encoding: str) -> None:
    shape, rows = read(ARABIC.encode(encoding))
    assert shape.names == ("النص", "المحور")
    assert rows[1].cells == ("يجب نشر الميزانية بلغة مبسطة", "الشفافية")


def test_arabic_and_french_together_in_windows_1256_are_told_from_french_alone() -> None:
    mixed = "Texte;Langue\nنريد مدرسة في الدوار;arabe\nRéparer la route, déjà promise;français\n"
    assert read(mixed.encode("cp1256"))[0].encoding == "cp1256"
    assert read(FRENCH.encode("cp1252"))[0].encoding == "cp1252"


def test_signs_lost_between_latin_1_and_windows_1252_come_back() -> None:
    broken = "texte;n\nl’école…;1\n".encode("cp1252")
    as_controls = "texte;n\nl\x92école\x85;1\n".encode()
    assert cells(broken)[0][0] == cells(as_controls)[0][0] == "l’école…"


def test_utf_8_with_a_few_broken_letters_stays_utf_8() -> None:
    content = ("texte;n\n" + "été à l’école;1\n" * 20).encode() + b"caf\xe9;2\n"
    shape, rows = read(content)
    assert shape.encoding == "utf-8"
    assert rows[-1].cells == ("caf\ufffd", "2")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    content = separator.join(("texte", "thème", "n")) + "\n"
    content += "".join(separator.join(('"Un, deux ; trois"', "Eau", str(n))) + "\n" for n in range(3))
    assert read(content.encode())[0].separator == separator
    assert cells(content.encode())[2] == ("Un, deux ; trois", "Eau", "2")


def test_excel_s_line_on_separators_is_obeyed() -> None:
    shape, rows = read(b"sep=|\ntexte|n\na;b;c|1\n")
    assert (shape.separator, shape.names, rows[0].cells) == ("|", ("texte", "n"), ("a;b;c", "1"))


def test_one_column_keeps_its_commas() -> None:
    content = "Contribution\nIl faut une route, une école, un médecin\nRien, merci\nOui\n"
    assert cells(content.encode()) == [("Il faut une route, une école, un médecin",), ("Rien, merci",), ("Oui",)]


def test_rows_are_numbered_as_a_spreadsheet_does_under_title_and_header() -> None:
    content = 'Consultation 2026;;\n;;\ntexte;thème;date\n"Une ligne\net une autre";Eau;1\n;;\n\nOui;Routes;2\n'
    shape, rows = read(content.encode())
    assert shape.names == ("texte", "thème", "date")
    assert [(row.number, row.cells[0]) for row in rows] == [(4, "Une ligne\net une autre"), (7, "Oui")]


def test_ragged_rows_are_filled_up_or_reported() -> None:
    content = "texte;thème;date\nOui\nNon;Eau;1;reste;encore\nPeut-être;Eau;2;;\n"
    _, rows = read(content.encode())
    assert [(row.cells, row.fault) for row in rows] == [
        (("Oui", "", ""), ""),
        (("Non", "Eau", "1"), "more-cells"),
        (("Peut-être", "Eau", "2"), ""),
    ]


def test_names_of_columns_are_told_apart() -> None:
    assert read(b"avis;avis;;date\na;b;c;d\n")[0].names == ("avis", "avis (2)", "(3)", "date")


def test_a_quote_that_never_closes_loses_one_row_only() -> None:
    content = 'texte;n\nUn;1\n"Deux;2\nTrois;3\nQuatre;4\n'
    _, rows = read(content.encode())
    assert [(row.number, row.cells[0], row.fault) for row in rows] == [
        (2, "Un", ""),
        (3, '"Deux', "quote"),
        (4, "Trois", ""),
        (5, "Quatre", ""),
    ]


def test_a_quote_that_never_closes_in_a_long_file_stops_at_the_longest_row() -> None:
    many = "".join(f"Ligne {n} assez longue pour compter;{n}\n" for n in range(20_000))
    _, rows = read(('texte;n\n"Ouverte;0\n' + many).encode())
    assert len(rows) == 20_001
    assert [row.number for row in rows if row.fault] == [2]


@pytest.mark.parametrize("line", ['a"b,"c', '"', 'un;"deux', '"a";"b', 'a"b;"c;"d'])
def test_a_file_in_which_every_line_opens_a_quote_is_read_in_a_moment(line: str) -> None:
    many = 300_000 // (len(line) + 1)
    began = time.process_time()
    _, rows = read(("texte;n\n" + f"{line}\n" * many + "Une idée;1\n").encode())
    assert time.process_time() - began < 20  # it took minutes
    assert "Une idée" in rows[-1].cells[0]


def test_after_too_many_open_quotes_a_line_is_a_row_and_closed_quotes_still_count() -> None:
    opened = 'a"b;"c\n' * 60_000
    _, rows = read(("texte;n\n" + opened + '"Une idée; deux";1\n').encode())
    assert len(rows) == 60_001
    assert {row.fault for row in rows[:-1]} == {"quote"}
    assert (rows[-1].cells, rows[-1].fault) == (("Une idée; deux", "1"), "")


def test_a_last_row_with_an_open_quote_is_told_even_when_its_quotes_are_two() -> None:
    _, rows = read(b'texte;n\nUn;1\nDe"ux;"2\nTrois;3\n')
    assert [(row.number, row.cells[0], row.fault) for row in rows] == [
        (2, "Un", ""),
        (3, 'De"ux', "quote"),
        (4, "Trois", ""),
    ]


def test_a_header_of_too_many_columns_is_cut() -> None:
    began = time.process_time()
    shape, rows = read(b"avis;" * 20_000 + b"\n" + b"oui;\n" * 30_000)
    assert time.process_time() - began < 20
    assert (len(shape.names), len(set(shape.names)), len(rows)) == (400, 400, 30_000)


def test_huge_cells_and_nul_bytes_are_survived() -> None:
    content = b"texte;n\n" + b"a" * 1_000_000 + b";1\nd\x00eux;2\n"
    _, rows = read(content)
    assert [(row.number, row.fault) for row in rows] == [(2, "too-long"), (3, "")]
    assert rows[1].cells == ("deux", "2")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n  \n", "empty"),
        (b"%PDF-1.7\n", "pdf"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\x1f\x8bzip", "archive"),
        (bytes(range(1, 32)) * 40, "binary"),
    ],
)
def test_what_is_no_table_is_named(content: bytes, kind: str) -> None:
    with pytest.raises(tables.NotATable) as refused:
        read(content)
    assert refused.value.kind == kind


def test_an_encoding_that_was_said_is_believed() -> None:
    assert read("texte;n\nÉté;1\n".encode("cp850"), "cp850")[1][0].cells == ("Été", "1")
    with pytest.raises(LookupError):
        read(b"texte;n\n", "no-such-encoding")


@pytest.mark.parametrize("cell", ["=1+1", "+212", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_formulas_are_neutralised(cell: str) -> None:
    assert tables.safe_cell(cell) == f"'{cell}"


def test_plain_cells_stay_as_they_are() -> None:
    assert [tables.safe_cell(cell) for cell in ("Oui", 3, None, "a=b")] == ["Oui", "3", "", "a=b"]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Il faut réparer la route et l’éclairage du douar.", "fr"),
        ("The road to the school should be repaired.", "en"),
        ("La transparencia de los gobiernos en el país", "es"),
        ("نريد طريقا معبدة نحو السوق الأسبوعي في الجماعة", "ar"),
        ("بغينا الطريق ديال الدوار تصاوب دابا", "ary"),
        ("ⵏⵔⴰ ⴰⴱⵔⵉⴷ", "zgh"),
        ("12345", ""),
    ],
)
def test_tongues_are_told_by_script_then_by_small_words(text: str, lang: str) -> None:
    assert tongue_of(text) == lang
