"""Reports say what was said where they say it was: findings, meetings, and a real consultation coded by people."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from openregion.consultation.capture_passes import source_of
from openregion.consultation.models import Consultation, Contribution, Theme
from openregion.core.official import text_in
from openregion.diagnosis import actions, exports, queries
from openregion.diagnosis.models import Finding, Passage, Report
from openregion.people.models import Member, User
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.cycle import CycleFactory
from tests.factories.diagnosis import FindingFactory
from tests.factories.people import AT, MemberFactory, UserFactory, words
from tests.factories.workshops import WorkshopFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]
SYNTHESIS = "Partout dans la Région, les puits sont à sec."


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


@pytest.fixture
def closed(member: Member) -> Consultation:
    return ConsultationFactory(cycle=CycleFactory(member=member), closed=True, slug="question")


def given(consultation: Consultation, count: int, **fields: Any) -> list[Contribution]:
    return [SuggestionFactory(consultation=consultation, **({"published": True} | fields)) for _ in range(count)]


def gathered(consultation: Consultation, some: list[Contribution]) -> Finding:
    return FindingFactory(
        member=consultation.cycle.member, cycle=consultation.cycle, gathers=some, published=True,
        title=words("L’eau manque.", "الماء ناقص."), synthesis=words(SYNTHESIS, "الآبار جافة في كل الجهة."),
    )  # fmt: skip


def under_finding(report: Report, finding: Finding) -> Passage:
    return report.passages.get(finding=finding)


def all_said(report: Report) -> str:
    return "\n".join(text_in(one.text, "fr") for one in report.passages.all())


def publish(report: Report, by: User) -> Report:
    return actions.publish_report(report, by=by, at=timezone.now(), drafts_read=True)


# Findings: their words are those of all that they gather


def test_report_of_a_meeting_counts_what_a_finding_gathers_there_and_never_says_its_words(
    client: Client, closed: Consultation, contact: User
) -> None:
    met = WorkshopFactory(consultation=closed, held=True)
    heard = given(closed, 2, channel="workshop", source=source_of(met))
    finding = gathered(closed, [*heard, *given(closed, 3)])
    report = actions.draft_report(closed, kind="meeting", workshop=met, by=contact, at=AT)
    passage = under_finding(report, finding)
    assert SYNTHESIS not in all_said(report)
    with override("en"):
        english = actions.draft_report(closed, kind="meetings", by=contact, at=AT)
    told = text_in(passage.text, "fr")
    assert [word in told for word in ("2 ", " 5 ", f" {finding.number}", "L’eau manque")] == [True] * 4
    assert (passage.quotes, passage.citations.count()) == (True, 2)
    assert SYNTHESIS not in all_said(english)  # three of the five were given elsewhere
    # Quoted in their own words, with a link to the finding.
    publish(report, contact)
    path = [reverse(name, args=["ici", number]) for name, number in (("report", report.number), ("finding", 1))]
    page = client.get(path[0]).content.decode()
    assert [one.words["idea"] in page for one in heard] == [True, True]
    assert (f'href="{path[1]}"' in page, SYNTHESIS in page) == (True, False)


def test_finding_of_one_room_alone_is_still_not_put_in_its_mouth(closed: Consultation, contact: User) -> None:
    met = WorkshopFactory(consultation=closed, held=True)
    heard = given(closed, 2, channel="workshop", source=source_of(met), placed__theme=closed.themes.first())
    finding = gathered(closed, heard)
    reports = [
        actions.draft_report(closed, kind="meeting", workshop=met, by=contact, at=AT),
        actions.draft_report(closed, kind="theme", theme=closed.themes.first(), by=contact, at=AT),
    ]
    assert [SYNTHESIS in all_said(one) for one in reports] == [False, False]
    # The meetings together hold all that it gathers: there it speaks for them.
    synthesis = actions.draft_report(closed, kind="meetings", by=contact, at=AT)
    assert text_in(under_finding(synthesis, finding).text, "fr").endswith(SYNTHESIS)


def test_what_waits_or_was_withdrawn_elsewhere_is_no_more_of_this_room(closed: Consultation, contact: User) -> None:
    inside, outside = given(closed, 2, channel="workshop"), given(closed, 1)
    finding = gathered(closed, [*inside, *outside])
    Contribution.objects.filter(pk=outside[0].pk).update(withdrawn_at=AT)
    report = actions.draft_report(closed, kind="meetings", by=contact, at=AT)
    told = text_in(under_finding(report, finding).text, "fr")
    assert (SYNTHESIS in told, told.startswith("2 ")) == (False, True)


def test_final_report_gives_a_finding_once_with_both_counts(closed: Consultation, contact: User) -> None:
    heard, typed = given(closed, 2, channel="workshop"), given(closed, 3)
    finding = gathered(closed, [*heard, *typed])
    for kind in ("meetings", "online"):
        publish(actions.draft_report(closed, kind=kind, by=contact, at=AT), contact)
    final = actions.draft_report(closed, kind="final", by=contact, at=AT)
    passage = under_finding(final, finding)
    title, says, met, out = text_in(passage.text, "fr").splitlines()
    assert (title, says) == ("## L’eau manque.", SYNTHESIS)
    with override("fr"):
        sources = [f"{gettext(source)}. {n} " for source, n in (("In meetings", 2), ("Outside meetings", 3))]
    assert [met.startswith(sources[0]), out.startswith(sources[1])] == [True, True]
    assert set(passage.citations.values_list("contribution", flat=True)) == {one.pk for one in [*heard, *typed]}
    assert set(passage.text) == {"fr", "ar"}


# A real consultation, coded by people

THEMES = {
    "2": ("La place et l’image des femmes dans les médias", "مكانة المرأة وصورتها في وسائل الإعلام"),
    "3": ("Le partage des responsabilités parentales", "تقاسم المسؤوليات الأسرية"),
    "4": ("Les impayés de pensions alimentaires", "عدم أداء النفقة"),
    "5": ("La protection contre les violences conjugales", "الحماية من العنف الزوجي"),
}
# What at least half of its readers said that a contribution does, by the column of the real file.
CODES = {
    "description pb": ("%s contributions décrivent un problème.", "%s مساهمات تصف مشكلا."),
    "analyse des causes": ("%s contributions en analysent les causes.", "%s مساهمات تحلل أسبابه."),
    "nouvelles mesures": ("%s contributions proposent des mesures nouvelles.", "%s مساهمات تقترح تدابير جديدة."),
    "contre 1 mesure": ("%s contributions s’opposent à une mesure.", "%s مساهمات تعارض تدبيرا."),
    "XP personnelle": ("%s contributions racontent ce que leur auteur a vécu.", "%s مساهمات تحكي تجربة معيشة."),
}


@pytest.mark.row("O-5")
def test_real_consultation_is_synthesised_by_theme_into_a_report(shared_data: Path, member: Member) -> None:
    """Imported and published; each sentence counts what its readers coded and cites it; the rest is listed."""
    contact = UserFactory(role="point-of-contact", at=member, email="focal@example.ma")
    consultation = ConsultationFactory(cycle=CycleFactory(member=member), closed=True, slug="egalite", themes=0)
    for rank, (code, (french, arabic)) in enumerate(THEMES.items()):
        Theme.objects.create(consultation=consultation, code=code, name=words(french, arabic), rank=rank)
    path = shared_data / "consultation-egalite" / "contributions-coded.csv"
    asked: dict[str, Any] = {"consultation": "ici/egalite", "publish": True, "by": contact.email}
    call_command("import_contributions", str(path), stdout=io.StringIO(), stderr=io.StringIO(), **asked)
    published = {one.source_id: one for one in Contribution.objects.published()}
    with path.open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["document_id"] in published]
    assert len(published) == len(rows) == 468
    does: dict[str, Any] = {"by": contact, "at": timezone.now()}
    cited: set[str] = set()
    for theme in consultation.themes.order_by("rank"):
        report = actions.draft_report(consultation, kind="theme", theme=theme, **does)
        for passage in report.passages.filter(section="suggestions"):
            actions.remove_passage(passage, **does)  # what was drawn by lot gives way to what was read
        for column, (french, arabic) in CODES.items():
            coded = [
                row["document_id"] for row in rows if row["theme"] == theme.code and float(row[column] or 0) >= 0.5
            ]
            if not coded:
                continue
            text = words(french % len(coded), arabic % len(coded))
            actions.write_passage(
                report, section="suggestions", text=text, contributions=[published[key] for key in coded], **does
            )
            cited |= set(coded)
        publish(report, contact)
    final = actions.draft_report(consultation, kind="final", **does)
    publish(final, contact)
    stated = json.loads(final.frozen.content)
    # Recounted from the file: what no reader coded so is listed, and nothing else is.
    left = sorted(one.number for key, one in published.items() if key not in cited)
    assert stated["not_cited"] == left
    assert (len(cited), len(left)) == (295, 173)
    measures = "65 contributions proposent des mesures nouvelles."
    assert [len(one["cites"]) for one in stated["passages"] if one["text"].get("fr") == measures] == [65]
    assert all({"fr", "ar"} <= set(one["text"]) for one in stated["passages"])
    assert stated["figures"]["by_channel"]["cells"][0]["code"] == "imported"
    for lang in ("fr", "ar"):
        content = exports.report_paper(final, lang=lang, format="pdf")
        assert content is not None
        assert content.startswith(b"%PDF")
    assert queries.published_reports(consultation.cycle)[0].number == final.number
