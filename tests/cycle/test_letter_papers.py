"""Letters on paper: hostile and long words, tagged PDF read back in French and Arabic, DOCX, drafts marked."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import docx as python_docx
import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from openregion.cycle import actions, exports, papers
from openregion.cycle.models import Letter
from openregion.cycle.queries.letters import seen_of
from openregion.cycle.queries.wording import PARTS, missing_words, pieces
from openregion.people.models import Member, User
from openregion.record import press
from tests.factories.letters import FACTS, issued, letter
from tests.factories.people import AT, MemberFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("B2")]
HOSTILE = (
    '<script>alert(1)</script> {{ 7*7 }} {% now "Y" %} =1+1 @SUM(A1) #eval("1+1")\n\n'
    "- <img src=x onerror=alert(1)>\n\n# <b>titre</b>\n\nabc\u202edef\u2066ghi \u200fعربي\u200e z\u00e9ro\x00octet 😀"
)


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def writer(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


def words_of(one: Letter) -> dict[str, dict[str, str]]:
    return {part: {lang: said["text"] for lang, said in getattr(one, part).items()} for part in PARTS}


def test_hostile_words_are_shown_as_words(client: Client, member: Member, writer: User) -> None:
    one = letter(member, writer, "press-note")
    words = words_of(one)
    # The template's braces are the hostile part: they count as words still to write.
    words["text"] = dict.fromkeys(words["text"], HOSTILE)
    actions.revise_letter(one, words=words, seen=seen_of(one), by=writer, at=AT)
    assert {lost.code for lost in missing_words(one, member)} == {"7*7", '% now "Y" %'}
    words["text"] = dict.fromkeys(words["text"], re.sub("[{}]", "", HOSTILE))
    actions.revise_letter(one, words=words, seen=seen_of(one), by=writer, at=AT)
    actions.issue_letter(one, by=writer, at=AT)
    page = client.get(address("letter", "ici", one.uid)).content.decode()
    assert ("<script>alert" in page, "<img src=x" in page, "<b>titre" in page) == (False, False, False)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert ("\u202e" in one.text["fr"]["text"], "\x00" in one.text["fr"]["text"]) == (False, False)
    for format in ("pdf", "docx"):
        for lang in ("fr", "ar"):
            assert exports.letter_file(one, lang=lang, format=format)


def test_very_long_letter_is_saved_issued_and_printed(client: Client, member: Member, writer: User) -> None:
    one = letter(member, writer, "press-note")
    client.force_login(writer)
    typed = {f"{part}_{lang}": "mot" for part in PARTS for lang in ("fr", "ar")}
    typed |= {"text_fr": "mot " * 25_000, "text_ar": "كلمة " * 20_000, "seen": seen_of(one)}
    assert client.post(address("revise_letter", "ici", one.uid), typed).status_code == 302
    done = actions.issue_letter(Letter.objects.get(), by=writer, at=AT)
    assert exports.letter_file(done, lang="fr", format="pdf").startswith(b"%PDF")


def _read_back(content: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    path = folder / "letter.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_letter_is_printed_tagged_and_read_back(member: Member, writer: User, lang: str, tmp_path: Path) -> None:
    one = issued(member, writer)
    content = exports.letter_file(one, lang=lang, format="pdf")
    assert content is not None
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith(lang)
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()
    text = _read_back(content, tmp_path)
    assert "1/2026" in text
    assert one.frozen.sha256[:8] in text.replace(" ", "")
    wanted = "Veuillez agréer" if lang == "fr" else "والاحترام"
    assert wanted in re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text)
    paper = papers.letter_paper(one, lang)
    assert paper.subtitle == "  ·  ".join(
        member.name[code]["text"] for code in (("ar", "fr") if lang == "ar" else ("fr", "ar"))
    )
    assert f'dir="{"rtl" if lang == "ar" else "ltr"}"' in press.html(paper)


def test_draft_is_printed_as_a_draft_and_kept_nowhere(client: Client, member: Member, writer: User) -> None:
    one = letter(member, writer)
    client.force_login(writer)
    answer = client.get(address("letter_paper", "ici", one.uid, "fr", "pdf"))
    assert (answer.status_code, answer["Content-Disposition"]) == (
        200,
        'attachment; filename="ici-letter-draft-fr.pdf"',
    )
    with override("en"):
        assert papers.letter_paper(one, "fr").notice != ""
    for lang, format in (("en", "pdf"), ("fr", "txt"), ("zgh", "pdf")):
        assert client.get(address("letter_paper", "ici", one.uid, lang, format)).status_code == 404


def test_papers_are_printed_once_and_kept(member: Member, writer: User) -> None:
    one = issued(member, writer)
    assert exports.print_letter_papers(one) == 4
    assert one.frozen.renditions.count() == 4
    assert exports.print_letter_papers(one) == 4
    kept = one.frozen.renditions.get(lang="ar", format="docx")
    with kept.file.open("rb") as opened:
        assert exports.letter_file(one, lang="ar", format="docx") == opened.read()
    written = python_docx.Document(io.BytesIO(exports.letter_file(one, lang="fr", format="docx")))
    assert "Veuillez agréer" in "\n".join(line.text for line in written.paragraphs)


def test_letter_that_a_body_signs_bears_its_name(member: Member, writer: User) -> None:
    one = issued(member, writer, "support-non-government", facts={**FACTS, "organisation": "Association Inventée"})
    assert papers.letter_paper(one, "fr").subtitle.startswith("Association Inventée")


def test_text_is_cut_into_its_pieces() -> None:
    cut = pieces("Bonjour,\nmonde\n\n# Titre\n## Sous\n- un\n- deux\n\n- trois\nSuite\n\n\nFin")
    assert [(one["kind"], one["words"]) for one in cut] == [
        ("paragraph", ["Bonjour,\nmonde"]),
        ("heading", ["Titre"]),
        ("subheading", ["Sous"]),
        ("items", ["un", "deux", "trois"]),
        ("paragraph", ["Suite"]),
        ("paragraph", ["Fin"]),
    ]
    assert pieces("") == []
