"""What a row of a file says, once its columns are known: words, theme, province, language, day."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from django.utils import timezone

from openregion.analysis import tables
from openregion.analysis.normaliser import plain
from openregion.analysis.small_words import tongue_of
from openregion.consultation import rules
from openregion.consultation.codes import comparable, what_is_said
from openregion.consultation.columns import PARTS
from openregion.consultation.models import Consultation, Contribution, Theme
from openregion.core.safe import clean_text
from openregion.people.models import Territory

_TONGUES = {
    "ar": "ar ara arabe arabic العربيه عربيه العربيه الفصحي",
    "ary": "ary darija الدارجه دارجه darija marocaine",
    "ary-latn": "ary-latn ary latn arabizi aransiya",
    "zgh": "zgh ber amazigh tamazight amazighe الامازيغيه امازيغيه",
    "fr": "fr fra fre francais french الفرنسيه فرنسيه",
    "en": "en eng anglais english الانجليزيه انجليزيه",
}
_CHANNELS = {
    "online": "online en ligne internet web site portail formulaire عبر الانترنت الكترونيا الموقع بوابه",
    "assisted": "assisted assiste accompagne guichet بمساعده مرافقه",
    "paper": "paper papier courrier registre cahier ورق ورقيا سجل",
    "workshop": "workshop atelier reunion rencontre ورشه لقاء اجتماع",
    "imported": "imported importe مستورد",
}
_PLACE_WORDS = re.compile(
    r"^(?:prefecture|province|region|commune|اقليم|عماله|عماله مقاطعات)\s+(?:de l'|de la |de |d'|du )?"
)
_WORDS = re.compile(r"[^\W_]+")
_DAYS = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ t]+(\d{1,2})[:h](\d{2})(?::(\d{2}))?)?")


@dataclass(frozen=True)
class Said:
    """A row as it is understood. ``fault`` says why it cannot be received; ``notes``, what was not understood."""

    number: int
    words: dict[str, str] = field(default_factory=dict)
    theme: Theme | None = None
    province: Territory | None = None
    lang: str = "fr"
    channel: str = Contribution.Channel.IMPORTED
    at: dt.datetime | None = None
    source_id: str = ""
    row_hash: str = ""
    fault: str = ""
    notes: tuple[tuple[str, str], ...] = ()


class Reader:
    """Understands the rows of one file for one consultation."""

    def __init__(self, consultation: Consultation, shape: tables.Shape, columns: Mapping[str, str]) -> None:
        self._places = {target: shape.names.index(name) for target, name in columns.items()}
        self._shape = shape
        self._themes: dict[str, Theme] = {}
        for theme in consultation.themes.all():
            for name in (theme.code, *(wording["text"] for wording in theme.name.values())):
                self._themes.setdefault(_folded(name), theme)
        self._provinces: dict[str, Territory] = {}
        places = Territory.objects.of(consultation.cycle.member).defer("boundary")
        for place in places:
            for name in (place.code, place.name_fr, place.name_ar):
                self._provinces.setdefault(_place(name), place)

    def rows(self, file: BinaryIO) -> Iterator[Said]:
        """Give the rows of a file as they are understood."""
        for row in tables.rows_of(file, self._shape):
            yield Said(row.number, fault=row.fault) if row.fault else self._said(row)

    def _said(self, row: tables.Row) -> Said:
        cell = {target: clean_text(row.cells[place]) for target, place in self._places.items()}
        words = {part: cell[part] for part in PARTS if cell.get(part)}
        if not words:
            return Said(row.number, fault="no-text")
        if any(len(text) > rules.LONGEST for text in words.values()):
            return Said(row.number, fault="too-long")
        notes: list[tuple[str, str]] = []

        def understood(target: str, known: Callable[[str], Any], otherwise: Any) -> Any:
            if not (value := cell.get(target, "")):
                return otherwise
            if (found := known(value)) is None:
                notes.append((target, value[:120]))
            return otherwise if found is None else found

        whole = "\n".join(words.values())
        guessed = tongue_of(whole)
        guessed = guessed if guessed in rules.TONGUES else "fr"
        if "\ufffd" in whole:
            notes.append(("damaged", ""))
        return Said(
            number=row.number,
            words=words,
            theme=understood("theme", lambda name: self._themes.get(_folded(name)), None),
            province=understood("province", lambda name: self._provinces.get(_place(name)), None),
            lang=understood("lang", lambda name: _listed(name, _TONGUES), guessed),
            channel=understood("channel", lambda name: _listed(name, _CHANNELS), str(Contribution.Channel.IMPORTED)),
            at=understood("date", _instant, None),
            source_id=cell.get("id", "")[:100],
            row_hash=_hash(words, cell),
            notes=tuple(notes),
        )


def same_words(words: Mapping[str, str], others: Mapping[str, str]) -> bool:
    """Say whether two rows say the same, whatever part their words were read as."""
    return what_is_said(words) == what_is_said(others)


def _folded(text: str) -> str:
    return " ".join(_WORDS.findall(plain(text)))


def _place(name: str) -> str:
    return _folded(_PLACE_WORDS.sub("", plain(name).strip()))


def _listed(value: str, names: Mapping[str, str]) -> str | None:
    folded = _folded(value)
    return next((code for code, listed in names.items() if f" {folded} " in f" {listed} "), None)


def _instant(value: str) -> dt.datetime | None:
    """Read a day as people write it, the day before the month unless it cannot be; None when it is to come."""
    found = _DAYS.match(plain(value).strip())
    if not found:
        return None
    first, second, third, hour, minute, seconds = (int(part or 0) for part in found.groups())
    year, month, day = (first, second, third) if first > 31 else (third, second, first)
    if month > 12 >= day:
        month, day = day, month
    try:
        read = dt.datetime(year, month, day, hour, minute, seconds, tzinfo=ZoneInfo("Africa/Casablanca"))
    except ValueError:
        return None
    return read if dt.datetime(2000, 1, 1, tzinfo=dt.UTC) < read <= timezone.now() else None


def _hash(words: Mapping[str, str], cell: Mapping[str, str]) -> str:
    """Hash what a row says: the same for the same row, however it was encoded, spaced or quoted."""
    told = {part: comparable(text) for part, text in words.items()}
    said_on = _instant(cell.get("date", ""))
    about = {target: _folded(cell.get(target, "")) for target in ("theme", "province", "lang", "channel")}
    about["date"] = said_on.isoformat() if said_on else _folded(cell.get("date", ""))
    whole = json.dumps([told, {k: v for k, v in about.items() if v}], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()
