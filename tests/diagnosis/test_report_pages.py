"""The pages of reports: read in public, drafted and published by their forms; what the desk says of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation.models import Consultation, Contribution
from openregion.diagnosis import actions, queries
from openregion.diagnosis.forms import spans_in
from openregion.diagnosis.models import Citation, Report
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from openregion.web.queries.desk import due_of
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.cycle import CycleFactory
from tests.factories.people import AT, MemberFactory, UserFactory, words
from tests.factories.reports import PassageFactory, ReportFactory, published_report
from tests.factories.workshops import WorkshopFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]
DEEDS = (
    "draft_report", "write_passage", "revise_passage", "remove_passage", "cite_in_passage", "publish_report",
    "discard_report",
)  # fmt: skip
ROLES = ("administrator", "point-of-contact", "coordinator", "team-member", "unit-head", "moderator")
LANGUAGES = ("ar", "zgh", "fr", "en")
KIND = Report.Kind


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


@pytest.fixture
def closed(member: Member) -> Consultation:
    return ConsultationFactory(cycle=CycleFactory(member=member), closed=True, slug="question")


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


def given(consultation: Consultation, count: int, **fields: Any) -> list[Contribution]:
    return [SuggestionFactory(consultation=consultation, **({"published": True} | fields)) for _ in range(count)]


# Pages


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everyone_reads_published_reports_and_only_the_team_the_drafts(
    client: Client, member: Member, contact: User, lang: str
) -> None:
    assert client.get(address("reports", "ici", lang=lang)).status_code == 200
    draft, out = ReportFactory(member=member, cites=1), published_report(by=contact, member=member, cites=1)
    names = [("report",), ("report_uncited",)]
    found = [
        client.get(address(name, "ici", one.number, lang=lang)).status_code for one in (draft, out) for (name,) in names
    ]
    assert found == [404, 404, 200, 200]
    passage = out.passages.get()
    assert client.get(address("report_passage", "ici", out.number, passage.uid, lang=lang)).status_code == 200
    assert client.get(address("report_passage", "ici", out.number, "no-such", lang=lang)).status_code == 404
    client.force_login(UserFactory(role="moderator", at=member))
    assert client.get(address("report", "ici", draft.number, lang=lang)).status_code == 404
    client.force_login(UserFactory(role="team-member", at=member))
    page = client.get(address("report", "ici", draft.number, lang=lang)).content.decode()
    assert address("write_passage", "ici", draft.number, lang=lang) in page
    assert address("publish_report", "ici", draft.number, lang=lang) not in page
    assert client.get(address("report_uncited", "ici", draft.number, lang=lang)).status_code == 200


def test_quoted_words_stand_in_their_language_and_go_when_their_author_withdraws(
    client: Client, closed: Consultation, contact: User
) -> None:
    [arabic] = given(closed, 1, in_arabic=True)
    [darija] = given(closed, 1, lang="ary", words={"text": "bghit nfhem lmizania"})
    report = ReportFactory(member=closed.cycle.member, consultation=closed, cites=[arabic, darija])
    report.passages.update(quotes=True)
    actions.publish_report(report, by=contact, at=timezone.now(), drafts_read=True)
    path = address("report", "ici", report.number, lang="en")
    page = client.get(path).content.decode()
    assert f'<blockquote class="quote" lang="ar" dir="auto"><p>{arabic.words["idea"]}</p></blockquote>' in page
    assert '<blockquote class="quote" lang="ar-MA" dir="auto"><p>bghit nfhem lmizania</p></blockquote>' in page
    Contribution.objects.filter(pk=darija.pk).update(withdrawn_at=AT)
    again = client.get(path + "?again=1").content.decode()
    assert ("bghit nfhem" in again, "1 suggestion quoted here no longer shows" in again) == (False, True)


def test_list_of_what_is_not_cited_is_read_a_page_at_a_time(
    client: Client, closed: Consultation, contact: User
) -> None:
    theme = closed.themes.first()
    numbers = [one.number for one in given(closed, 45, placed__theme=theme)]
    given(closed, 2)
    report = ReportFactory(member=closed.cycle.member, consultation=closed)
    narrowed = queries.uncited_page(report, after=0, theme=theme.code)
    assert (narrowed.count, narrowed.found) == (47, 45)
    actions.publish_report(report, by=contact, at=timezone.now(), drafts_read=True)
    seen: list[int] = []
    after, pages = 0, 0
    while pages == 0 or after:
        voices = queries.uncited_page(report, after=after).voices
        seen += [one.number for one in voices.voices]
        after, pages = voices.following, pages + 1
    assert (pages, seen[:45]) == (3, numbers)
    for odd in ("", "x", "9" * 40, "-3"):
        assert client.get(address("report_uncited", "ici", 1), {"after": odd}).status_code == 200


def test_pages_of_reports_ask_as_much_for_one_row_as_for_thirty(client: Client, member: Member, contact: User) -> None:
    client.force_login(contact)
    consultation = ConsultationFactory(cycle=CycleFactory(member=member), closed=True)
    draft = ReportFactory(member=member, consultation=consultation, kind="online", cites=1)
    draft.passages.update(quotes=True)
    out = published_report(by=contact, member=member, consultation=consultation, cites=1)
    [listed] = given(consultation, 1)
    passage = draft.passages.get()
    paths = [
        address("reports", "ici"), address("report", "ici", draft.number), address("report", "ici", out.number),
        address("report_uncited", "ici", draft.number), address("new_report", "ici"),
        address("report_passage", "ici", out.number, out.passages.get().uid),
        address("cite_in_passage", "ici", draft.number, passage.uid), address("suggestion", "ici", listed.number),
    ]  # fmt: skip

    def asked() -> list[int]:
        counts = []
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            counts.append(len(seen))
        return counts

    few = asked()
    for _ in range(29):
        more = PassageFactory(report=draft, quotes=True)
        Citation.objects.bulk_create(Citation(passage=more, contribution=one) for one in given(consultation, 2))
    for number in range(5):
        published_report(by=contact, member=member, consultation=consultation, kind="meetings", number=100 + number)
    WorkshopFactory.create_batch(3, consultation=consultation, held=True)
    assert asked() == few


def test_publishing_warns_of_what_tables_wrote(client: Client, closed: Consultation, contact: User) -> None:
    client.force_login(contact)
    report = ReportFactory(consultation=closed, member=closed.cycle.member)
    publish, told = address("publish_report", "ici", report.number, lang="en"), "copied from table sheets"
    PassageFactory(report=report, section="recommendations")
    assert told not in client.get(publish).content.decode()
    PassageFactory(report=report, section="recommendations", as_given=True, text=words("Avec Karim."))
    assert told in client.get(publish).content.decode()


def test_report_line_comes_after_its_passages(closed: Consultation, contact: User) -> None:
    given(closed, 2)
    with CaptureQueriesContext(connection) as asked:
        actions.draft_report(closed, kind=KIND.FINAL, by=contact, at=timezone.now())
    tables = ("diagnosis_passage", "record_journalline")
    written = [name for one in asked for name in tables if one["sql"].startswith(f'INSERT INTO "{name}"')]
    assert (written[-1], written.count(tables[1])) == (tables[1], 1)


def test_report_is_begun_edited_and_published_by_its_forms(client: Client, closed: Consultation, contact: User) -> None:
    client.force_login(contact)
    theme = closed.themes.order_by("rank")[0]
    numbers = [one.number for one in given(closed, 40, placed__theme=theme)]
    given(closed, 3)
    new = address("new_report", "ici")
    offered = [value for _, group in client.get(new).context["form"].fields["of"].choices for value, _ in group]
    assert offered[0] == f"{closed.uid}|final|"
    assert client.post(new, {"of": f"{closed.uid}|theme|{theme.code}"})["Location"] == address("report", "ici", 1)
    assert client.post(new, {"of": f"{closed.uid}|theme|{theme.code}"}).status_code == 200
    report = Report.objects.get()
    write = address("write_passage", "ici", 1)
    refused = client.post(write, {"section": "suggestions", "text_en": ""})
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["text_fr"])
    done = client.post(write, {"section": "suggestions", "text_fr": "Quarante personnes demandent de l’eau."})
    passage = report.passages.get(drafted=False)
    cite = address("cite_in_passage", "ici", 1, passage.uid)
    assert done["Location"] == cite
    first = client.get(cite)
    assert (first.context["found"], first.context["fresh"]) == (35, True)  # five are quoted by lot
    page = client.post(cite, {"theme": theme.code, "do": "all"})
    assert (page.status_code, page.context["found"], len(page.context["pick"].picking.chosen)) == (200, 40, 40)
    chosen = {"chosen": page.context["pick"].picking.kept, "do": "save", "numbers": "1-3, 9999", "without": "2"}
    assert client.post(cite, chosen)["Location"] == address("report", "ici", 1) + f"#p-{passage.uid}"
    assert passage.citations.count() == 39
    client.post(cite, {"do": "save", "without": "1", "numbers": "2"})
    assert set(passage.citations.values_list("contribution__number", flat=True)) == set(numbers) - {1}
    edit = address("revise_passage", "ici", 1, passage.uid)
    typed = client.get(edit).context["form"].initial
    assert client.post(edit, {**typed, "text_ar": "أربعون شخصا يطلبون الماء.", "place": "1"}).status_code == 302
    other = report.passages.filter(drafted=True).first()
    assert other is not None
    remove = address("remove_passage", "ici", 1, other.uid)
    assert (client.get(remove).status_code, client.post(remove).status_code, client.get(remove).status_code) == (
        200, 302, 404,
    )  # fmt: skip
    publish = address("publish_report", "ici", 1)
    assert (client.get(publish).status_code, client.post(publish, {"drafts_read": "on"}).status_code) == (200, 302)
    assert client.post(publish).status_code == 200
    correct = address("correct_report", "ici", 1)
    assert (client.get(correct).status_code, client.post(correct)["Location"]) == (200, address("report", "ici", 2))
    discard = address("discard_report", "ici", 2)
    assert (client.get(discard).status_code, client.post(discard)["Location"]) == (200, address("reports", "ici"))


def test_stopped_draft_is_gone_on_with_by_hand(client: Client, closed: Consultation, contact: User) -> None:
    client.force_login(contact)
    report = ReportFactory(member=closed.cycle.member, consultation=closed, state="writing", material=5000)
    path = address("report", "ici", report.number, lang="en")
    assert "The platform is writing the first draft" in client.get(path).content.decode() or "not moving" in (
        client.get(path).content.decode()
    )
    assert client.get(address("stop_report", "ici", report.number)).status_code == 200
    assert client.post(address("stop_report", "ici", report.number)).status_code == 302
    assert Report.objects.get().state == "draft"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_staff_pages_of_reports_open_in_every_language(
    client: Client, member: Member, contact: User, lang: str
) -> None:
    client.force_login(contact)
    assert client.get(address("new_report", "ici", lang=lang)).status_code == 200
    report = ReportFactory(member=member, cites=1)
    uid = report.passages.get().uid
    out = published_report(by=contact, member=member)
    paths = [
        ("new_report",), ("write_passage", 1), ("revise_passage", 1, uid), ("remove_passage", 1, uid),
        ("cite_in_passage", 1, uid), ("publish_report", 1), ("discard_report", 1), ("stop_report", 1),
        ("correct_report", out.number), ("report_passage", 1, uid),
    ]  # fmt: skip
    for name, *rest in paths:
        assert (name, client.get(address(name, "ici", *rest, lang=lang)).status_code) == (name, 200)


@pytest.mark.row("O-8")
def test_reports_of_another_member_are_not_found(client: Client, member: Member, contact: User) -> None:
    CycleFactory(member=member)
    theirs = published_report(member=MemberFactory(slug="ailleurs"), cites=1)
    uid = theirs.passages.get().uid
    client.force_login(contact)
    for name, *rest in [
        ("report",), ("report_uncited",), ("report_json",), ("report_csv",), ("report_paper", "fr", "pdf"),
        ("report_passage", uid), ("revise_passage", uid), ("cite_in_passage", uid), ("remove_passage", uid),
        ("write_passage",), ("publish_report",), ("discard_report",), ("correct_report",), ("stop_report",),
    ]:  # fmt: skip
        path = address(name, "ici", theirs.number, *rest)
        assert (path, client.get(path).status_code) == (path, 404)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_deeds_of_reports_leave_a_sentence(client: Client, closed: Consultation, contact: User, lang: str) -> None:
    [one] = given(closed, 1)
    does: dict[str, Any] = {"by": contact, "at": timezone.now()}
    report = actions.draft_report(closed, kind="final", **does)
    passage = actions.write_passage(report, section="conclusion", text=words("Des mots."), **does)
    actions.revise_passage(passage, section="conclusion", text=words("D’autres mots."), **does)
    actions.cite_in_passage(passage, contributions=[one], **does)
    actions.cite_in_passage(passage, contributions=[], without=[one], **does)
    actions.remove_passage(passage, **does)
    actions.publish_report(report, drafts_read=True, **does)
    correction = actions.draft_report(closed, kind="final", replaces=report, **does)
    actions.discard_report(correction, **does)
    kept = JournalLine.objects.filter(room="diagnosis")
    assert set(kept.values_list("verb", flat=True)) == set(DEEDS)
    page = client.get(address("journal", "ici", lang=lang))
    assert page.status_code == 200
    assert "Des mots" not in page.content.decode() and "autres mots" not in page.content.decode()


def test_desk_says_which_reports_wait_and_that_no_rule_sets_a_day(
    closed: Consultation, contact: User, english: None
) -> None:
    met = WorkshopFactory(consultation=closed, held=True)

    def lines() -> dict[str, str]:
        found = due_of(closed.cycle.member, timezone.localdate())
        return {one.key: one.why for one in found if one.key.startswith("report:")}

    assert set(lines()) == {f"report:final:{closed.uid}", f"report:meeting:{met.uid}"}
    assert all("No rule sets a day" in why for why in lines().values())
    final = actions.draft_report(closed, kind="final", by=contact, at=AT)
    assert set(lines()) == {f"report:{final.uid}", f"report:meeting:{met.uid}"}
    actions.publish_report(final, by=contact, at=timezone.now(), drafts_read=True)
    assert set(lines()) == {f"report:meeting:{met.uid}"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [("1,2", (1, 2)), ("3-5 9", (3, 4, 5, 9)), ("5–3", ()), ("", ()), ("x", ()), ("7 - 8", (7, 8))],
)
def test_numbers_and_spans_are_read_from_what_is_typed(typed: str, read: tuple[int, ...]) -> None:
    assert spans_in(typed) == read


def test_spans_that_never_end_choose_no_more_than_a_page_can() -> None:
    assert len(spans_in("1-999999999")) == queries.MOST_CHOSEN
