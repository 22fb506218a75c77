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
from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.cycle import actions, exports, papers
from openregion.cycle.models import Letter
from openregion.cycle.queries.council import facts_for_letters
from openregion.cycle.queries.letters import seen_of
from openregion.cycle.queries.wording import PARTS, filled, missing_words, pieces
from openregion.people.models import Member, User
from openregion.record import press
from tests.factories.council import ProposalFactory
from tests.factories.cycle import CycleFactory
from tests.factories.letters import FACTS, issued, letter
from tests.factories.meetings import MeetingFactory
from tests.factories.people import AT, BodyFactory, MandateFactory, MemberFactory, SeatFactory, UserFactory

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


def drawn(one: Letter, lang: str) -> list[str]:
    """Give the words of each page of a letter's PDF."""
    made = press.pdf(papers.letter_paper(one, lang))
    text = subprocess.run(["pdftotext", "-", "-"], input=made, capture_output=True, check=True).stdout.decode()
    return text.split("\f")[:-1]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not here")
@pytest.mark.parametrize("lines", range(24, 44, 2))
def test_room_to_sign_never_stands_alone_on_its_page(member: Member, writer: User, lines: int) -> None:
    one = letter(member, writer, "support-head")
    said = words_of(one)
    body = "\n\n".join(f"Ligne {n}" for n in range(lines))
    said["text"]["fr"] = f"{body}\n\nVeuillez agréer, Madame, Monsieur, ces mots."
    actions.revise_letter(one, words=said, seen=seen_of(one), by=writer, at=AT)
    pages = drawn(one, "fr")
    signed = next(page for page in pages if "Signature" in page)
    assert "Veuillez agréer" in signed


def test_letter_that_somebody_else_signs_bears_no_number_of_the_regions(member: Member, writer: User) -> None:
    theirs, ours = issued(member, writer, "support-non-government"), issued(member, writer, "support-head")
    for lang in ("fr", "ar", "en"):
        paper = papers.letter_paper(theirs, lang)
        assert (paper.reference, paper.notice == "") == ("", False)
        assert papers.letter_paper(ours, lang).reference == "2/2026"
    with override("en"):
        assert "for signature" in papers.letter_paper(theirs, "en").notice


def test_name_of_whoever_signs_stands_under_the_office(member: Member, writer: User) -> None:
    facts = {word: said for word, said in FACTS.items() if word != "president"}
    one = letter(member, writer, "support-head", facts={**facts, "signatory-name": "Amina Inventée"})
    assert one.signatory["fr"]["text"] == "Le/la Président(e) du Conseil de la Région\nAmina Inventée"
    seat = SeatFactory(body=BodyFactory(authority=member.authorities.order_by("pk")[0]), actor="council-president")
    MandateFactory(seat=seat, holder_name="Yto Inventée", starts_on=AT.date())
    one = letter(member, writer, "agenda-item-to-wali", facts={"item": "Point"})
    assert one.signatory["ar"]["text"].endswith("\nYto Inventée")
    theirs = letter(member, writer, "support-non-government", facts={"signatory-name": "Zineb"})
    assert theirs.signatory["fr"]["text"] == "{organisation} : Zineb, {signatory-function}"


@pytest.mark.parametrize(
    ("model", "fact", "said"),
    [
        ("les moyens : {x} ;", "400 000 dirhams par an.", "les moyens : 400 000 dirhams par an ;"),
        ("domaine : {x}, nous", "la culture de la vallée. ", "domaine : la culture de la vallée, nous"),
        ("الوسائل: {x}؛", "في السنة.", "الوسائل: في السنة؛"),
        ("Voici : {x}.", "un dossier ; ", "Voici : un dossier."),
        ("{x}\n\nSuite", "Une phrase.", "Une phrase.\n\nSuite"),
        ("- {x}", "Une phrase.", "- Une phrase."),
    ],
)
def test_words_filled_in_a_sentence_leave_their_stop(model: str, fact: str, said: str) -> None:
    assert filled(model, {"x": fact}) == said


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_words_of_the_platform_in_a_letter_are_in_the_letters_language(member: Member, lang: str) -> None:
    """Whatever the language of the page that drafts: here a session, its papers, and the result of a vote."""
    session = MeetingFactory(member=member, session=True)
    proposal = ProposalFactory(cycle=CycleFactory(member=member, admission=True), session=session)
    with override("en"):
        found = facts_for_letters(proposal)
    for code in ("session", "papers"):
        said = found[code]
        assert isinstance(said, dict)
        with override(lang):
            expected = {"session": _("ordinary (%(month)s)").split()[0], "papers": _("Report")}[code]
        assert expected in said[lang]
        assert said[lang] != said["en"]
