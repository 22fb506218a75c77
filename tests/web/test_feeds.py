"""Calendars to subscribe to: the public one, and a person's own, which a key alone opens."""

from __future__ import annotations

import datetime as dt
import logging
import re
from typing import Any

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openregion.core.logs import WithoutKeys
from openregion.people.models import CalendarKey, Member, User
from openregion.plan.models import PlanVersion
from openregion.web.actions import make_calendar_key, revoke_calendar_key
from openregion.web.queries.timeline import timeline_of
from tests.factories.admission import CallFactory, StatusFactory, candidacy
from tests.factories.chains import Chain
from tests.factories.desk import MeetingFactory
from tests.factories.people import AppointmentFactory, MemberFactory, UserFactory, words

pytestmark = pytest.mark.django_db


def entries(response: Any) -> dict[str, Any]:
    book = icalendar.Calendar.from_ical(response.content)
    return {str(one["uid"]): one for one in book.walk("VEVENT")}


def key_of(user: User, member: Member) -> str:
    return make_calendar_key(user=user, member=member, at=timezone.now())


def test_public_feed_holds_meetings_consultations_and_the_end_of_plans(client: Client) -> None:
    chain = Chain()
    chain.promise()
    chain.publish()
    meeting = MeetingFactory(cycle=chain.cycle, to_come=True)
    response = client.get(reverse("calendar_feed", args=[chain.member.slug]))
    found = entries(response)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    last = timezone.localdate(chain.consultation.closes_at - dt.timedelta(seconds=1))
    closing = next(one for uid, one in found.items() if uid.startswith(f"consultation-{chain.consultation.uid}"))
    assert closing["dtstart"].dt == last
    assert chain.plan is not None
    ends = next(one for uid, one in found.items() if uid.startswith(f"plan-{chain.plan.uid}"))
    assert ends["dtstart"].dt == chain.plan.ends_on
    assert [
        str(one["summary"]) for one in found.values() if str(meeting.title["fr"]["text"]) in str(one["summary"])
    ] != []


def test_public_feed_says_nothing_of_meetings_for_a_few(client: Client) -> None:
    chain = Chain()
    MeetingFactory(cycle=chain.cycle, to_come=True, kind="exchange", open_to_all=False, place=words("Lieu gardé"))
    assert "Lieu gardé" not in client.get(reverse("calendar_feed", args=[chain.member.slug])).content.decode()


def test_public_feed_is_the_same_file_when_asked_again(client: Client) -> None:
    chain = Chain()
    address = reverse("calendar_feed", args=[chain.member.slug])
    assert client.get(address).content == client.get(address).content


def test_own_feed_holds_ones_lines_that_have_a_day(client: Client) -> None:
    chain = Chain()
    chain.promise()
    chain.publish()
    head = AppointmentFactory(member=chain.member, role="unit-head", unit=chain.unit).user
    response = client.get(reverse("my_feed", args=[chain.member.slug, key_of(head, chain.member)]))
    assert [uid.split(":")[0] for uid in entries(response)] == ["report"]
    assert response["Cache-Control"] == "private, no-cache"
    assert response.cookies == {}


def test_own_feed_speaks_the_language_of_its_address(client: Client) -> None:
    chain = Chain()
    key = key_of(chain.by, chain.member)
    address = reverse("my_feed", args=[chain.member.slug, key]).replace("/fr/", "/ar/", 1)
    assert "/ar/" in client.get(address).content.decode().replace("\r\n ", "")


def test_key_is_kept_hashed_and_opens_one_members_calendar(client: Client) -> None:
    member, other = MemberFactory(), MemberFactory()
    user = UserFactory(role="point-of-contact", at=member)
    AppointmentFactory(user=user, member=other, role="point-of-contact")
    key = key_of(user, member)
    assert (len(key) >= 43, key in str(CalendarKey.objects.values())) == (True, False)
    answers = [client.get(reverse("my_feed", args=[one.slug, key])).status_code for one in (member, other)]
    assert answers == [200, 404]


def test_new_key_closes_the_old_and_closing_closes_all(client: Client) -> None:
    member = MemberFactory()
    user = UserFactory(role="point-of-contact", at=member)
    keys = [key_of(user, member), key_of(user, member)]
    ask = [reverse("my_feed", args=[member.slug, key]) for key in keys]
    assert [client.get(one).status_code for one in ask] == [404, 200]
    assert (revoke_calendar_key(user=user, member=member), client.get(ask[1]).status_code) == (True, 404)
    assert revoke_calendar_key(user=user, member=member) is False


def test_feed_closes_with_the_role_and_with_the_account(client: Client) -> None:
    member = MemberFactory()
    user = UserFactory(role="point-of-contact", at=member)
    address = reverse("my_feed", args=[member.slug, key_of(user, member)])
    user.is_active = False
    user.save()
    assert client.get(address).status_code == 404
    User.objects.filter(pk=user.pk).update(is_active=True)
    user.appointments.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert client.get(address).status_code == 404


def test_wrong_key_leaves_no_line_in_the_logs(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    member = MemberFactory()
    with caplog.at_level(logging.DEBUG):
        client.get(reverse("my_feed", args=[member.slug, "a" * 43]))
    assert [record.getMessage() for record in caplog.records if "a" * 43 in record.getMessage()] == []


def test_logs_strike_keys_out_of_addresses() -> None:
    record = logging.LogRecord("x", 40, "", 0, "Failed: %s", ("/fr/m/desk/abcdefghijklmnopqrstuvwxyz012345.ics",), None)
    assert WithoutKeys().filter(record) is True
    assert record.getMessage() == "Failed: /fr/m/desk/….ics"


def test_page_shows_the_address_once(client: Client) -> None:
    member = MemberFactory()
    client.force_login(UserFactory(role="moderator", at=member))
    page = reverse("my_calendar", args=[member.slug])
    made = client.post(page, {"do": "make"})
    shown = re.findall(r"/desk/([\w-]{40,})\.ics", made.content.decode())
    assert (made.status_code, len(shown), "no-store" in made["Cache-Control"]) == (200, 1, True)
    assert client.get(reverse("my_feed", args=[member.slug, shown[0]])).status_code == 200
    assert shown[0] not in client.get(page).content.decode()
    assert client.post(page, {"do": "close"}).status_code == 302
    assert CalendarKey.objects.count() == 0


def test_asking_the_page_makes_no_key(client: Client) -> None:
    member = MemberFactory()
    client.force_login(UserFactory(role="moderator", at=member))
    client.get(reverse("my_calendar", args=[member.slug]))
    assert CalendarKey.objects.count() == 0


def test_access_lines_of_the_development_server_hold_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    for name in ("django.server", "django.request", "django"):
        logger = logging.getLogger(name)
        while logger and name != "root":
            for handler in logger.handlers:
                record = logging.LogRecord(
                    name, 40, "", 0, '"%s" %s', ("GET /fr/m/desk/abcdefghijklmnopqrstuvwxyz012345.ics", "200"), None
                )
                if type(handler) is logging.StreamHandler and handler.filter(record):
                    said.append(handler.format(record))
            if not logger.propagate or logger.parent is None:
                break
            logger = logger.parent
    assert (said != [], [one for one in said if "abcdefgh" in one]) == (True, [])


def test_public_feed_and_timeline_hold_the_days_counted_by_ogps_rules(client: Client) -> None:
    chain = Chain()
    one = chain.promise()
    version = chain.publish()
    PlanVersion.objects.filter(pk=version.pk).update(published_at=timezone.now())
    plan = version.plan
    found = entries(client.get(reverse("calendar_feed", args=[chain.member.slug])))
    assert [uid for uid in found if uid.startswith(f"inception-{plan.uid}")] != []
    told = [
        (entry.kind, entry.url) for month in timeline_of(chain.cycle, chain.member).to_come for entry in month.entries
    ]
    assert ("sheet", reverse("plan", args=[chain.member.slug, chain.cycle.number])) in told
    for step in [None, *one.milestones.all()]:
        chain.report(one, "complete", ago=1, milestone=step)
    found = entries(client.get(reverse("calendar_feed", args=[chain.member.slug])))
    assert [uid for uid in found if uid.startswith(f"ended-{one.uid}")] != []


def test_first_plan_is_to_come_a_year_after_admission_until_one_is_published(client: Client) -> None:
    cycle = candidacy()
    on = timezone.localdate() - dt.timedelta(days=30)
    StatusFactory(member=cycle.member, on=on)
    call = CallFactory(member=cycle.member)
    found = entries(client.get(reverse("calendar_feed", args=[cycle.member.slug])))
    (first,) = [one for uid, one in found.items() if uid.startswith("first-plan-")]
    assert (first["dtstart"].dt.year, first["dtstart"].dt.month) == (on.year + 1, on.month)
    assert str(first["description"]) != ""
    coming = [entry for month in timeline_of(cycle, cycle.member).to_come for entry in month.entries]
    assert [(one.kind, one.on) for one in coming] == [
        ("dossier", timezone.localdate(call.closes_at)), ("plan", first["dtstart"].dt),
    ]  # fmt: skip
