"""Links that come by mail, opened in a real browser: their address holds a key, and their button still works."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import Page

from openregion.consultation.models import Follow
from openregion.cycle.models import Invitation
from tests.factories.following import FollowFactory, key_of
from tests.factories.meetings import KEY, InvitationFactory, MeetingFactory
from tests.journeys import steps
from tests.journeys.steps import said, then_i_read, when_i_open, when_i_press

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
IN_BOTH = pytest.mark.parametrize(("lang", "screen"), steps.PAIRS, ids=steps.PAIRS_IDS, indirect=["screen"])


def address(lang: str, name: str, key: str, member: str) -> str:
    with override(lang):
        return reverse(name, args=[member, key])


@pytest.mark.row("D2")
@IN_BOTH
def test_follower_confirms_then_stops_with_one_button_each(
    page: Page, live_server: Any, region: steps.Region, baseline: Any, lang: str
) -> None:
    member = region.member
    follow = FollowFactory(member=member, subject=region.consultation.slug, unconfirmed=True, asked_at=timezone.now())
    when_i_open(page, live_server.url + address(lang, "confirm_follow", key_of(follow.uid), member.slug))
    baseline(page)
    when_i_press(page)
    then_i_read(page, said(lang, "It is confirmed"))
    follow.refresh_from_db()
    assert follow.confirmed_at
    with page.expect_navigation():
        page.get_by_role("link", name=said(lang, "Stop these news")).click()
    when_i_press(page)
    then_i_read(page, said(lang, "You get no more of these news"))
    assert not Follow.objects.exists()
    baseline(page)


@pytest.mark.row("B1")
@IN_BOTH
def test_guest_answers_an_invitation_without_an_account(
    page: Page, live_server: Any, region: steps.Region, baseline: Any, lang: str
) -> None:
    member = region.member
    meeting = MeetingFactory(member=member, cycle=region.cycle, convened=True)
    guest = InvitationFactory(meeting=meeting, sent=True)
    when_i_open(page, live_server.url + address(lang, "answer_invitation", KEY, member.slug))
    baseline(page)
    page.locator("input[name=answer][value=coming]").check()
    when_i_press(page)
    then_i_read(page, said(lang, "Your answer is recorded."))
    assert Invitation.objects.get(pk=guest.pk).answer == "coming"
    baseline(page)
