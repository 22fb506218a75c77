"""Days, instants and amounts as Morocco writes them.

Western digits everywhere; Moroccan month names in Arabic (CLDR ``ar-MA``, which
Django's ``ar`` does not give); the clock of Africa/Casablanca, which moves
during Ramadan: instants are stored in UTC and shown through the zone.
"""

from __future__ import annotations

import datetime as dt

from babel.dates import format_date
from django.utils import timezone

_LOCALES = {"ar": "ar_MA", "fr": "fr_MA", "en": "en_GB", "zgh": "fr_MA"}
# CLDR's fr_MA shortens June to "jui.", which reads as July.
_SHORT = _LOCALES | {"fr": "fr", "zgh": "fr"}
_NARROW = "\u202f"  # between thousands: never breaks a figure over two lines


def day(value: dt.date, lang: str, *, short: bool = False) -> str:
    """Write a day in full ("23 novembre 2026") or shortened."""
    pattern = "d MMM y" if short else "d MMMM y"
    written = _western(format_date(value, pattern, locale=(_SHORT if short else _LOCALES).get(lang, "fr_MA")))
    first = value.day == 1 and lang in {"fr", "zgh"}
    return f"1er{written[1:]}" if first else written


def weekday(value: dt.date, lang: str) -> str:
    """Name the day of the week."""
    return format_date(value, "EEEE", locale=_LOCALES.get(lang, "fr_MA"))


def month(value: dt.date, lang: str) -> str:
    """Write a month and its year."""
    return _western(format_date(value, "MMMM y", locale=_LOCALES.get(lang, "fr_MA")))


def partly_known(value: str, lang: str) -> str:
    """Write a date known to the year, the month or the day: "2016", "2020-10", "2021-07-30"."""
    year, *rest = (int(part) for part in value.split("-"))
    if not rest:
        return str(year)
    if len(rest) == 1:
        return month(dt.date(year, rest[0], 1), lang)
    return day(dt.date(year, rest[0], rest[1]), lang)


def instant(value: dt.datetime, lang: str) -> str:
    """Write an instant as a day and an hour on Casablanca's clock."""
    here = timezone.localtime(value)
    return f"{day(here.date(), lang)}{'،' if lang == 'ar' else ','} {here:%H:%M}"


def whole(value: float) -> str:
    """Write a whole number with spaces between thousands: 1 250 000."""
    return f"{round(value):,}".replace(",", _NARROW)


def dirhams(value: float, lang: str) -> str:
    """Write an amount in dirhams in the words of ``lang``."""
    return f"{whole(value)}\u00a0{'درهم' if lang == 'ar' else 'DH'}"


def _western(text: str) -> str:
    return text.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
