"""Calls and their forms: what is asked, by when, by which channel; the working form until one opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from openregion.admission.models import Call
from openregion.core import dates
from openregion.core.languages import WORKING, body_lang
from openregion.core.official import OfficialText
from openregion.guide import queries as guides
from openregion.guide.schema import Guide
from openregion.people.models import Member

CHANNELS = {
    Call.Channel.ONLINE_FORM: gettext_lazy("Online form"),
    Call.Channel.EMAIL: gettext_lazy("E-mail"),
}
UNITS = ("words", "characters")


@dataclass(frozen=True)
class QuestionLine:
    """A question of a call, as its page shows it."""

    code: str
    label: OfficialText
    help: OfficialText
    limit: str
    required: bool
    condition: str
    lang: str


@dataclass(frozen=True)
class CallLine:
    """A call: when it closes on its own clock and on Casablanca's, by which channel, from which source."""

    uid: str
    url: str
    title: OfficialText
    working: bool
    opened_on: dt.date | None
    closes_at: dt.datetime | None
    closes_there: str
    closes_here: str
    time_zone: str
    is_open: bool
    channel: str
    address: str
    address_url: str
    source: str
    source_url: str
    questions: tuple[QuestionLine, ...]


def said(words: Mapping[str, str]) -> OfficialText:
    """Give the words of a call's form as official text, so that pages mark their language."""
    return {lang: {"text": text, "at": "", "of": ""} for lang, text in words.items() if text}


def working_questions(book: Guide) -> list[dict[str, Any]]:
    """Write the working form: the guide's admissibility conditions, one question each, without any limit of OGP's."""
    return [
        {
            "code": one.code,
            "label": {lang: one.text.in_(lang) for lang in WORKING},
            "help": {},
            "limit": None,
            "unit": "words",
            "required": True,
            "condition": one.code,
            "lang": "en",
        }
        for one in book.book.admissibility
    ]


def working_title() -> dict[str, str]:
    """Name the working form, so that nobody takes it for OGP's."""
    return {
        "fr": "Formulaire de travail de la Région, d'après le guide (ce n'est pas celui de l'OGP)",
        "ar": "استمارة عمل خاصة بالجهة وفق الدليل (وليست استمارة الشراكة)",
        "en": "The Region's working form, after the guide (it is not OGP's)",
    }


def limit_in_words(limit: int | None, unit: str) -> str:
    """Say the longest answer; nothing where the call sets none."""
    if not limit:
        return ""
    if unit == "characters":
        return ngettext("%(n)s character at most", "%(n)s characters at most", limit) % {"n": dates.whole(limit)}
    return ngettext("%(n)s word at most", "%(n)s words at most", limit) % {"n": dates.whole(limit)}


def open_call(member: Member, now: dt.datetime | None = None) -> Call | None:
    """Give the call entered last that has not closed; nothing when none is open."""
    found = Call.objects.of(member).filter(working=False, closes_at__gte=now or timezone.now())
    return found.order_by("closes_at", "pk").first()


def calls_page(member: Member) -> tuple[CallLine, ...]:
    """List the calls entered, the last to close first; the working form is another page's."""
    found = Call.objects.of(member).filter(working=False).order_by("-closes_at", "-pk")
    return tuple(call_line(one, member) for one in found)


def working_page(member: Member) -> tuple[QuestionLine, ...]:
    """Show what the working form asks."""
    return tuple(map(_question, working_questions(guides.guide(member.guide_version))))


def call_line(call: Call, member: Member) -> CallLine:
    """Prepare a call for its page."""
    lang, closes = get_language() or "fr", call.closes_at
    there = closes.astimezone(ZoneInfo(call.time_zone)) if closes and call.time_zone else None
    web = call.channel == Call.Channel.ONLINE_FORM
    return CallLine(
        uid=call.uid,
        url=reverse("call", args=[member.slug, call.uid]),
        title=call.title,
        working=call.working,
        opened_on=call.opened_on,
        closes_at=closes,
        closes_there=f"{dates.day(there.date(), lang)}{_(', ')}{there:%H:%M}" if there else "",
        closes_here=dates.instant(closes, lang) if closes else "",
        time_zone=call.time_zone,
        is_open=bool(closes and closes >= timezone.now()),
        channel=str(CHANNELS[Call.Channel(call.channel)]) if call.channel else "",
        address=call.address,
        address_url=(call.address if web else f"mailto:{call.address}") if call.address else "",
        source=call.source,
        source_url=call.source if call.source.startswith(("https://", "http://")) and " " not in call.source else "",
        questions=tuple(map(_question, call.questions)),
    )


def _question(one: Mapping[str, Any]) -> QuestionLine:
    return QuestionLine(
        code=one["code"],
        label=said(one["label"]),
        help=said(one.get("help") or {}),
        limit=limit_in_words(one.get("limit"), one.get("unit", "words")),
        required=bool(one.get("required")),
        condition=one.get("condition", ""),
        lang=one.get("lang", "en"),
    )


def length_of(text: str, unit: str) -> int:
    """Count words or characters as a form does: line ends are one character, words stand between spaces."""
    plain = text.replace("\r\n", "\n").strip()
    return len(plain) if unit == "characters" else len(plain.split())


def here() -> str:
    """Give the language that pages are written in."""
    return body_lang(get_language() or "fr")
