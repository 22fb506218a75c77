"""How often one visitor may do a thing within a while."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache
from freezegun import freeze_time

from openregion.core.limits import Limit


def test_a_limit_is_each_visitors_own_and_each_deeds_own() -> None:
    codes, reports = Limit("codes", most=2, within=60), Limit("reports", most=2, within=60)
    codes.count("192.0.2.1")
    assert not codes.is_reached("192.0.2.1")
    codes.count("192.0.2.1")
    assert [codes.is_reached("192.0.2.1"), codes.is_reached("192.0.2.2"), reports.is_reached("192.0.2.1")] == [
        True,
        False,
        False,
    ]


def test_the_while_runs_from_the_first_and_is_then_forgotten() -> None:
    limit = Limit("codes", most=2, within=60)
    with freeze_time("2026-11-23 12:00") as clock:
        limit.count("192.0.2.1")
        clock.tick(dt.timedelta(seconds=50))
        limit.count("192.0.2.1")
        assert limit.is_reached("192.0.2.1")
        clock.tick(dt.timedelta(seconds=11))
        assert not limit.is_reached("192.0.2.1")


def test_no_address_is_kept_in_clear() -> None:
    Limit("codes", most=2, within=60).count("192.0.2.77")
    kept = list(cache._cache)  # type: ignore[attr-defined]  # the memory of this process, as it is
    assert kept
    assert not [key for key in kept if "192.0.2.77" in key]
