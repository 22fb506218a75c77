"""OGP's own days are counted from what the record knows, and say whether they were met."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.web.queries.ogp import ogp_days
from tests.factories.admission import StatusFactory
from tests.factories.chains import Chain

pytestmark = pytest.mark.django_db


def test_first_plan_is_met_late_or_to_come_after_the_admission() -> None:
    chain = Chain()
    assert ogp_days(chain.member) == ()
    admitted = StatusFactory(member=chain.member, on=timezone.localdate() - dt.timedelta(days=500))
    with override("en"):
        found = {one.due.rule.code: one for one in ogp_days(chain.member)}
    assert found["first-plan"].state == "Late"
    assert (found["first-plan"].due.start, "admission by OGP" in found["first-plan"].due.sentence) == (
        admitted.on,
        True,
    )
    page = reverse("timeline", args=[chain.member.slug, chain.cycle.kind, chain.cycle.number])
    assert 'id="ogp"' in Client().get(page).content.decode()
