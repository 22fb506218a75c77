"""Where promises stand, what is late, and how reports and corrections reach the page."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from openregion.core.refusal import Refused
from openregion.monitoring import actions, queries
from openregion.monitoring.models import Evidence, ProgressUpdate
from openregion.monitoring.queries import drawing
from openregion.people.models import Member
from openregion.plan.models import Commitment
from openregion.record.models import JournalLine, StoredFile
from tests.factories.monitoring import CommitmentFactory, EvidenceFactory, PlanFactory, ReportFactory, publish
from tests.factories.people import AT, MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("D10")]
TODAY = dt.date(2026, 11, 23)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
NONE_SHOWN = {f"{name}_{n}": "" for n in (1, 2, 3) for name in ("title_fr", "title_ar", "title_en", "url")}


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with freeze_time(TODAY):
        yield


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def promised(member: Member) -> Commitment:
    one = CommitmentFactory(plan=PlanFactory(member=member), measured=True)
    publish(one.plan)
    return one


@pytest.fixture
def staff(client: Client, member: Member) -> Client:
    client.force_login(UserFactory(role="point-of-contact", at=member))
    return client


def where(one: Commitment, on: dt.date = TODAY) -> queries.Stands:
    found = queries.promised(one.plan.cycle.member, one.slug)
    assert found is not None
    return queries.stands(found.stated, queries.reports_of(one.plan, one.plan.cycle.member), on)


def test_a_promise_is_late_the_day_after_an_activity_should_have_ended(promised: Commitment) -> None:
    end = dt.date(2026, 6, 30)
    found = [(where(promised, day).state, where(promised, day).late) for day in (end, end + dt.timedelta(days=1))]
    assert found == [("no-report", False), ("late", True)]


def test_what_is_complete_is_not_late(promised: Commitment) -> None:
    for step in promised.milestones.all():
        ReportFactory(commitment=promised, milestone=step, level="complete")
    assert (where(promised).state, where(promised).late_steps) == ("under-way", ())
    ReportFactory(commitment=promised, level="complete")
    assert where(promised, dt.date(2030, 1, 1)).state == "complete"


def test_a_promise_past_its_own_end_is_late_whatever_its_activities(promised: Commitment) -> None:
    for step in promised.milestones.all():
        ReportFactory(commitment=promised, milestone=step, level="complete")
    ReportFactory(commitment=promised, level="substantial")
    assert (where(promised).state, where(promised, dt.date(2027, 7, 1)).state) == ("under-way", "late")


@pytest.mark.row("O-7")
@pytest.mark.parametrize(
    ("level", "state"),
    [
        ("no-evidence", "no-evidence"),
        ("not-started", "not-started"),
        ("limited", "under-way"),
        ("substantial", "under-way"),
        ("complete", "complete"),
    ],
)
def test_each_of_the_five_levels_has_its_state(member: Member, level: str, state: str) -> None:
    one = CommitmentFactory(plan=PlanFactory(member=member), bare=True)
    publish(one.plan)
    ReportFactory(commitment=one, level=level)
    assert where(one).state == state


def test_the_latest_day_counts_and_not_the_latest_writing(promised: Commitment) -> None:
    old = ReportFactory(commitment=promised, level="complete", as_of=dt.date(2026, 2, 1))
    ReportFactory(commitment=promised, level="substantial", as_of=dt.date(2026, 9, 1))
    later = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    ReportFactory(commitment=promised, level="limited", as_of=dt.date(2026, 2, 1), corrects=old, reported_at=later)
    assert (where(promised).whole.level, where(promised).whole.as_of) == ("substantial", dt.date(2026, 9, 1))


def test_the_new_day_promised_stands_until_another_is_given(promised: Commitment) -> None:
    step = promised.milestones.get(number=1)
    first, second = dt.date(2026, 12, 1), dt.date(2027, 2, 1)
    ReportFactory(commitment=promised, milestone=step, as_of=dt.date(2026, 7, 1), expected_on=first)
    ReportFactory(commitment=promised, milestone=step, as_of=dt.date(2026, 8, 1))
    before = where(promised).expected_on
    ReportFactory(commitment=promised, milestone=step, as_of=dt.date(2026, 9, 1), expected_on=second)
    assert (before, where(promised).expected_on) == (first, second)


@given(days=st.lists(st.integers(0, 900), min_size=2, max_size=2), mirrored=st.booleans())
def test_a_mirrored_axis_is_the_other_seen_in_a_mirror(days: list[int], mirrored: bool) -> None:
    first, last = dt.date(2026, 1, 1), dt.date(2026, 1, 1) + dt.timedelta(days=900)
    one, other = (drawing.Axis(first, last, way) for way in (mirrored, not mirrored))
    at = [first + dt.timedelta(days=day) for day in days]
    assert [round(one.share(day) + other.share(day), 6) for day in at] == [100, 100]
    assert one.between(*at).width == other.between(*at).width


def test_figures_are_written_as_the_language_does() -> None:
    assert [drawing.figure(Decimal("1250.50"), lang) for lang in ("fr", "ar", "en")] == [
        "1\u202f250,5",
        "1\u202f250,5",
        "1\u202f250.5",
    ]


def test_a_report_shows_on_the_page_with_its_proof(staff: Client, promised: Commitment, member: Member) -> None:
    step = promised.milestones.get(number=1)
    said = {"about": step.uid, "level": "complete", "text_fr": "Le registre est ouvert.", "text_ar": "فُتح السجل."}
    said |= {"text_en": "", "as_of": "2026-06-20", "expected_on": "", "measure": "32.5"}
    shown = {
        "title_fr_1": "Procès-verbal",
        "title_fr_2": "Page du registre",
        "url_2": "https://region.example/registre",
    }
    file = {"file_1": SimpleUploadedFile("pv.pdf", PDF, "application/pdf")}
    response = staff.post(address("new_progress", "ici", promised.slug), said | NONE_SHOWN | shown | file)
    page = address("commitment", "ici", promised.slug)
    assert (response.status_code, response["Location"]) == (302, page)
    text, evidence = Client().get(page).content.decode(), Evidence.objects.exclude(file=None).get()
    for words_shown in ("Le registre est ouvert.", "Procès-verbal", "https://region.example/registre", "32,5"):
        assert words_shown in text
    opened = Client().get(address("evidence_file", "ici", evidence.uid))
    assert (opened.status_code, b"".join(opened.streaming_content)) == (200, PDF)
    line = JournalLine.objects.get(verb="report_progress")
    assert line.facts == {"commitment": promised.slug, "level": "complete", "evidence": 2, "milestone": 1}


def test_a_correction_keeps_both_reports(staff: Client, promised: Commitment) -> None:
    first = ReportFactory(commitment=promised, level="complete", text=words("Tout est fait."))
    kept = EvidenceFactory(update_shown=first, title=words("Photographie"))
    said = {"level": "substantial", "text_fr": "Une partie reste à faire.", "text_ar": "", "text_en": ""}
    said |= {"as_of": "2026-03-31", "expected_on": "", "measure": "", "kept": [kept.uid]}
    response = staff.post(address("correct_progress", "ici", first.uid), said | NONE_SHOWN)
    second = ProgressUpdate.objects.get(corrects=first)
    assert (response.status_code, where(promised).whole.level) == (302, "substantial")
    assert second.evidence.get().url == kept.url
    text = Client().get(address("commitment", "ici", promised.slug)).content.decode()
    assert [text.count(sentence) for sentence in ("Tout est fait.", "Une partie reste à faire.")] == [1, 1]
    assert text.count(f'href="#report-{second.uid}"') == text.count(f'href="#report-{first.uid}"') == 1


def test_words_nobody_changed_stay_as_they_were_written(staff: Client, promised: Commitment) -> None:
    first = ReportFactory(commitment=promised, text=words("Avant.", "قبل"))
    said = {"level": "limited", "text_fr": "Après.", "text_ar": "قبل", "text_en": "", "as_of": "2026-03-31"}
    staff.post(address("correct_progress", "ici", first.uid), said | NONE_SHOWN | {"expected_on": "", "measure": ""})
    text = ProgressUpdate.objects.get(corrects=first).text
    assert text["ar"] == first.text["ar"]
    assert text["fr"]["text"] == "Après."


def test_a_refused_form_keeps_what_was_typed_and_asks_for_the_files_again(staff: Client, promised: Commitment) -> None:
    said = {"about": "whole", "level": "complete", "text_fr": "Tout ce qui fut tapé.", "text_ar": "", "text_en": ""}
    said |= {"as_of": "2026-12-31", "expected_on": "", "measure": ""}
    file = {"file_1": SimpleUploadedFile("pv.pdf", PDF, "application/pdf"), "title_fr_1": "Un titre"}
    response = staff.post(address("new_progress", "ici", promised.slug), said | NONE_SHOWN | file)
    text = response.content.decode()
    assert response.status_code == 200
    for kept in ("Tout ce qui fut tapé.", 'value="Un titre"', "2026-12-31"):
        assert kept in text
    assert (ProgressUpdate.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert response.context["files_lost"]


@pytest.mark.parametrize(
    ("given_", "wrong"),
    [
        ({"title_fr_1": "Sans rien à ouvrir"}, "file_1"),
        ({"url_2": "https://region.example/x"}, "title_fr_2"),
        ({"title_fr_1": "Piège", "url_1": "ftp://region.example/x"}, "url_1"),
        ({"title_fr_1": "Piège", "url_1": "javascript:alert(1)"}, "url_1"),
        ({"title_fr_1": "Piège", "url_1": "https://region:pw@elsewhere.example/"}, "url_1"),
        ({"title_fr_1": "Piège", "url_1": "https://region.example/\u202egpj.exe"}, "url_1"),
        ({"as_of": "0026-11-01"}, "as_of"),
        ({"expected_on": "2101-01-01"}, "expected_on"),
    ],
)
def test_evidence_has_a_title_and_one_thing_to_open(
    staff: Client, promised: Commitment, given_: dict[str, str], wrong: str
) -> None:
    said = {"about": "whole", "level": "limited", "text_fr": "Fait.", "text_ar": "", "text_en": ""}
    said |= {"as_of": "2026-11-01", "expected_on": "", "measure": ""}
    response = staff.post(address("new_progress", "ici", promised.slug), said | NONE_SHOWN | given_)
    assert list(response.context["form"].errors) == [wrong]


def test_a_proof_of_an_unpublished_promise_cannot_be_opened(member: Member) -> None:
    draft = CommitmentFactory(plan=PlanFactory(member=member))
    kept = StoredFile.objects.create(
        member_code="ici", name="pv.pdf", media_type="application/pdf", size=1, sha256="0" * 64, stored_at=AT
    )
    shown = EvidenceFactory(update_shown=ReportFactory(commitment=draft), file=kept, url="")
    assert Client().get(address("evidence_file", "ici", shown.uid)).status_code == 404


def test_open_data_holds_every_report_and_runs_no_formula(client: Client, promised: Commitment) -> None:
    first = ReportFactory(commitment=promised, text=words("=HYPERLINK(0)", "نص", "-1"))
    ReportFactory(commitment=promised, corrects=first, level="substantial")
    answer = client.get(address("progress_csv", "ici", promised.slug))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["level"], row["corrects"] or row["corrected_by"]) for row in rows] == [
        ("limited", rows[1]["report"]),
        ("substantial", rows[0]["report"]),
    ]
    assert (rows[0]["text_fr"], rows[0]["text_en"]) == ("'=HYPERLINK(0)", "'-1")
    standing = [row for row in rows if not row["corrected_by"]]
    assert [row["level"] for row in standing] == [where(promised).whole.level]


def test_a_deed_s_report_is_told_to_those_whose_words_it_rests_on(promised: Commitment, member: Member) -> None:
    by = UserFactory(role="point-of-contact", at=member)
    made = actions.report_progress(
        promised, level="limited", text=words("Commencé."), as_of=TODAY, by=by, at=dt.datetime.now(dt.UTC)
    )
    assert json.dumps(JournalLine.objects.get(verb="report_progress").facts, sort_keys=True) == json.dumps(
        {"commitment": promised.slug, "evidence": 0, "level": "limited"}, sort_keys=True
    )
    assert made.text["fr"]["text"] == "Commencé."


def test_the_same_report_is_refused_within_a_minute(promised: Commitment, member: Member) -> None:
    by, now = UserFactory(role="point-of-contact", at=member), dt.datetime.now(dt.UTC)
    step = promised.milestones.get(number=1)

    def report(after: int, **changed: Any) -> None:
        said = {"level": "limited", "text": words("Commencé."), "as_of": TODAY} | changed
        actions.report_progress(promised, by=by, at=now + dt.timedelta(seconds=after), **said)

    report(0)
    with pytest.raises(Refused):
        report(59)
    report(10, milestone=step)
    report(10, text=words("Commencé, et plus."))
    report(10, level="not-started")
    report(10, measure=Decimal(12))
    report(60)
    assert ProgressUpdate.objects.count() == 6


def test_the_same_form_sent_twice_reports_once_and_says_so(staff: Client, promised: Commitment) -> None:
    said = {"about": "whole", "level": "limited", "text_fr": "Commencé.", "text_ar": "", "text_en": ""} | NONE_SHOWN
    said |= {"as_of": "2026-06-20", "expected_on": "", "measure": "32.5"}
    answers = [staff.post(address("new_progress", "ici", promised.slug), said) for _ in range(2)]
    assert ([one.status_code for one in answers], ProgressUpdate.objects.count()) == ([302, 200], 1)
    assert len(answers[1].context["form"].non_field_errors()) == 1


def test_the_journal_numbers_an_activity_as_the_plan_in_force_does(promised: Commitment, member: Member) -> None:
    step = promised.milestones.order_by("number")[0]
    published, step.number = step.number, 77
    step.save()
    actions.report_progress(
        promised,
        level="limited",
        text=words("Un début."),
        as_of=TODAY,
        milestone=step,
        by=UserFactory(role="point-of-contact", at=member),
        at=AT,
    )
    assert JournalLine.objects.get(verb="report_progress").facts["milestone"] == published
