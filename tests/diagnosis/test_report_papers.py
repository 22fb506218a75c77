"""Reports to take away: papers in two directions, kept with the words they quote; the JSON, and a table to recount."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation.models import Consultation, Contribution, Theme
from openregion.core.paper import Heading, Paper, Paragraph, Quote, Table
from openregion.diagnosis import actions, exports, papers, queries, tasks
from openregion.diagnosis.models import Report
from openregion.people.models import Member, User
from openregion.record.models import Rendition
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.cycle import CycleFactory
from tests.factories.people import AT, MemberFactory, UserFactory, words
from tests.factories.reports import PassageFactory, ReportFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


@pytest.fixture
def closed(member: Member) -> Consultation:
    return ConsultationFactory(cycle=CycleFactory(member=member), closed=True, slug="question")


@pytest.fixture
def report(closed: Consultation, contact: User) -> Report:
    """A published report with a passage that quotes two suggestions, one in Arabic; a third is cited nowhere."""
    said = [
        SuggestionFactory(consultation=closed, published=True, words={"idea": "Publier le budget"}),
        SuggestionFactory(consultation=closed, published=True, lang="ar", words={"idea": "نشر الميزانية"}),
    ]
    SuggestionFactory(consultation=closed, published=True)
    made = ReportFactory(member=closed.cycle.member, consultation=closed, cites=said)
    made.passages.update(quotes=True)
    PassageFactory(
        report=made, section="recommendations", text=words("À faire :\n– publier\n– expliquer", ""), as_given=True
    )
    return actions.publish_report(made, by=contact, at=timezone.now(), drafts_read=True)


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


def paper(report: Report, lang: str) -> Paper:
    return exports._paper(report, queries.quoted_in(report), lang)


def test_paper_states_figures_passages_what_they_cite_and_what_nothing_cites(report: Report) -> None:
    with override("en"):
        stated = paper(report, "en")
    headings = [one.text for one in stated.blocks if isinstance(one, Heading)]
    assert headings == [
        "Who spoke", "Where from", "What was suggested", "Recommendations", "Suggestions that nothing here cites",
    ]  # fmt: skip
    paragraphs = [one.text for one in stated.blocks if isinstance(one, Paragraph)]
    assert ("[Suggestions 1–2]" in paragraphs, "[In the words of those who gave them.]" in paragraphs) == (True, True)
    assert [(one.text, one.lang) for one in stated.blocks if isinstance(one, Quote)] == [
        ("Publier le budget", "fr"), ("نشر الميزانية", "ar"),
    ]  # fmt: skip
    assert [one.text for one in stated.blocks if isinstance(one, Paragraph)][-1] == "3"
    assert stated.address.endswith("/ici/reports/1/")


def test_paper_in_arabic_marks_what_is_not_translated(report: Report) -> None:
    stated = paper(report, "ar")
    said = {one.lang for one in stated.blocks if isinstance(one, Paragraph)}
    assert said == {None, "fr"}
    assert stated.lang == "ar"


def test_counts_of_a_paper_are_those_of_what_is_published(closed: Consultation, contact: User) -> None:
    big, small, other = (
        Theme.objects.create(consultation=closed, code=code, name=words(code), rank=9) for code in ("a", "b", "c")
    )
    for theme, count in ((big, 12), (small, 6), (other, 5)):
        for _ in range(count):
            SuggestionFactory(consultation=closed, published=True, placed__theme=theme)
    report = actions.draft_report(closed, kind="final", by=contact, at=AT)
    with override("en"):
        [table] = [one for one in paper(report, "en").blocks if isinstance(one, Table) and one.caption == "By theme"]
    assert table.rows == (("a", "12"), ("b", "6"), ("c", "5"))


@pytest.mark.parametrize(
    ("numbers", "said"), [([1, 2, 3, 7], "1–3, 7"), ([], ""), ([5], "5"), ([9, 8, 8, 10], "8–10"), ([1, 3], "1, 3")]
)
def test_numbers_that_follow_each_other_are_one_range(numbers: list[int], said: str) -> None:
    with override("en"):
        assert papers.in_ranges(numbers) == said


def test_papers_are_printed_once_and_handed_out_as_they_were(client: Client, report: Report) -> None:
    assert tasks.print_report.func(report.uid) == 4
    assert tasks.print_report.func(report.uid) == 4
    kept = Rendition.objects.filter(document=report.frozen)
    assert sorted(kept.values_list("lang", "format")) == [("ar", "docx"), ("ar", "pdf"), ("fr", "docx"), ("fr", "pdf")]
    for lang, format in kept.values_list("lang", "format"):
        answer = client.get(address("report_paper", "ici", 1, lang, format))
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == kept.get(lang=lang, format=format).sha256
    with zipfile.ZipFile(io.BytesIO(client.get(address("report_paper", "ici", 1, "ar", "docx")).content)) as opened:
        text = opened.read("word/document.xml").decode()
    assert "نشر الميزانية" in text
    assert client.get(address("report_paper", "ici", 1, "fr", "odt")).status_code == 404
    assert client.get(address("report_paper", "ici", 1, "xx", "pdf")).status_code == 404


@pytest.mark.row("L-1")
def test_words_withdrawn_leave_the_papers_and_the_disk(report: Report) -> None:
    tasks.print_report.func(report.uid)
    first = exports.kept_as(queries.quoted_in(report))
    Contribution.objects.filter(number=1).update(withdrawn_at=AT)
    report = Report.objects.select_related("frozen", "member", "consultation").get()
    assert [one.text for one in paper(report, "fr").blocks if isinstance(one, Quote)] == ["نشر الميزانية"]
    assert exports.kept_as(queries.quoted_in(report)) != first
    content = exports.report_paper(report, lang="fr", format="docx")
    assert content is not None
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert "Publier le budget" not in opened.read("word/document.xml").decode()
    files = [one.file.path for one in Rendition.objects.all()]
    out = io.StringIO()
    call_command("let_go", stdout=out)
    assert "papers 4" in out.getvalue()
    assert not any(Path(path).exists() for path in files)
    # Printed again without them, ahead of the readers.
    assert {one.shape for one in Rendition.objects.all()} == {exports.kept_as(queries.quoted_in(report))}
    assert Rendition.objects.count() == 4


def test_words_masked_since_are_printed_masked(report: Report) -> None:
    before = exports.kept_as(queries.quoted_in(report))
    Contribution.objects.filter(number=1).update(words={"idea": "Publier le ▮▮▮"})
    assert exports.kept_as(queries.quoted_in(report)) != before
    assert next(one.text for one in paper(report, "fr").blocks if isinstance(one, Quote)) == "Publier le ▮▮▮"


def test_json_is_what_was_frozen_and_the_table_is_recounted_from_it(client: Client, report: Report) -> None:
    assert report.frozen is not None
    answer = client.get(address("report_json", "ici", 1))
    assert hashlib.sha256(answer.content).hexdigest() == report.frozen.sha256
    stated = json.loads(answer.content)
    table = b"".join(client.get(address("report_csv", "ici", 1))).decode("utf-8-sig")  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(int(row["number"]), row["cited"], row["passages"]) for row in rows] == [
        (1, "yes", "1:suggestions"), (2, "yes", "1:suggestions"), (3, "no", ""),
    ]  # fmt: skip
    cited = {number for one in stated["passages"] for number in one["cites"]}
    figures = stated["figures"]
    assert (figures["cited"], figures["not_cited"]) == (len(cited), len(stated["not_cited"]))
    assert figures["published"] == figures["cited"] + figures["not_cited"]


def test_draft_is_printed_for_the_team_alone_and_says_so(client: Client, member: Member, contact: User) -> None:
    draft = ReportFactory(member=member, cites=1)
    paths = [address("report_paper", "ici", draft.number, "fr", "docx"), address("report_json", "ici", draft.number)]
    assert [client.get(path).status_code for path in paths] == [404, 404]
    client.force_login(contact)
    assert [client.get(path).status_code for path in paths] == [200, 404]
    with override("en"):
        assert paper(draft, "en").notice.splitlines()[-1].startswith("Draft.")
    assert Rendition.objects.count() == 0
