"""The timeline of a cycle: what was done with its documents, what is to come; nothing that only the team reads."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openregion.cycle.models import Cycle
from openregion.web.queries.timeline import Timeline, timeline_of
from tests.factories.chains import Chain
from tests.factories.cycle import CycleFactory
from tests.factories.desk import MeetingFactory
from tests.factories.people import words

pytestmark = pytest.mark.django_db


def told(page: Timeline, *, to_come: bool) -> list[tuple[dt.date, str]]:
    return [(one.on, one.kind) for month in (page.to_come if to_come else page.done) for one in month.entries]


def test_timeline_tells_the_whole_chain_newest_first() -> None:
    chain = Chain()
    one = chain.promise(chain.gather([chain.suggest()]))
    chain.publish()
    chain.report(one)
    chain.close(one)
    page = timeline_of(chain.cycle, chain.member)
    done, coming = told(page, to_come=False), told(page, to_come=True)
    assert [day for day, _ in done] == sorted((day for day, _ in done), reverse=True)
    assert {"cycle", "consultation", "council", "plan", "sheet", "operation"} - {kind for _, kind in done} == set()
    assert {kind for _, kind in coming} == {"consultation", "plan"}
    assert [day for day, _ in coming] == sorted(day for day, _ in coming)


def test_dated_stages_are_done_or_to_come() -> None:
    cycle = CycleFactory(dated=True)
    page = timeline_of(cycle, cycle.member)
    stages = [[kind for _, kind in told(page, to_come=coming)].count("stage") for coming in (False, True)]
    assert stages == [3, 3]  # begun, over, begun · the end of the second, the third's two days


def test_meeting_of_a_few_is_not_told() -> None:
    cycle = CycleFactory()
    MeetingFactory(cycle=cycle, title=words("Réunion de toutes et tous"))
    MeetingFactory(cycle=cycle, kind="exchange", open_to_all=False, title=words("Réunion entre nous"))
    MeetingFactory(cycle=cycle, to_come=True, title=words("Réunion à venir"))
    page = timeline_of(cycle, cycle.member)
    titles = [
        one.about.text for part in (page.done, page.to_come) for month in part for one in month.entries if one.about
    ]
    assert titles == ["Réunion de toutes et tous", "Réunion à venir"]


def test_timeline_page_is_kept_for_visitors(client: Client) -> None:
    cycle = CycleFactory(dated=True)
    address = reverse("timeline", args=[cycle.member.slug, cycle.kind, cycle.number])
    first, second = client.get(address), client.get(address)
    assert (first.status_code, second["ETag"], first["Cache-Control"]) == (
        200,
        first["ETag"],
        "public, max-age=0, must-revalidate",
    )


def test_timeline_of_another_member_is_not_found(client: Client) -> None:
    cycle, other = CycleFactory(), CycleFactory(admission=True)
    assert client.get(reverse("timeline", args=[cycle.member.slug, other.kind, other.number])).status_code == 404


def test_timeline_asks_the_same_number_of_questions_for_one_row_and_thirty() -> None:
    chain = Chain()
    MeetingFactory(cycle=chain.cycle)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            timeline_of(Cycle.objects.select_related("member", "method").get(pk=chain.cycle.pk), chain.member)
        return len(asked)

    few = questions()
    for number in range(29):
        chain.ask(f"question-{number}")
        MeetingFactory(cycle=chain.cycle, starts_at=timezone.now() - dt.timedelta(days=number))
    assert questions() == few


def test_cycle_page_and_home_page_lead_to_the_timeline(client: Client) -> None:
    cycle = CycleFactory(dated=True)
    address = reverse("timeline", args=[cycle.member.slug, cycle.kind, cycle.number])
    pages = [
        reverse("member_home", args=[cycle.member.slug]),
        reverse("cycle", args=[cycle.member.slug, cycle.kind, cycle.number]),
    ]
    assert [f'href="{address}"' in client.get(page).content.decode() for page in pages] == [True, True]


def test_operation_done_alone_is_named_and_a_meeting_is_told_once_a_day() -> None:
    from tests.factories.cycle import OperationFactory, ProofFactory

    cycle = CycleFactory()
    held = MeetingFactory(cycle=cycle, title=words("Forum inventé"))
    day = timezone.localdate(held.starts_at)
    proved, alone = OperationFactory(cycle=cycle), cycle.operations.filter(stage="plan-3").first()
    ProofFactory(operation=proved, deed="", kind="meeting", subject_uid=held.uid, done_on=day, title=held.title)
    ProofFactory(operation=alone, done_on=day)
    entries = [one for month in timeline_of(cycle, cycle.member).done for one in month.entries]
    (meeting,) = [one for one in entries if one.kind == "meeting"]
    (operation,) = [one for one in entries if one.kind == "operation"]
    assert (len(meeting.more), operation.more, operation.url.endswith(f"/{alone.code}/")) == (1, (), True)
    assert operation.about is not None
