"""What is refused about calls and their forms, and why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from openregion.admission import queries
from openregion.admission.models import Call
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.people.rules import today, why_not_allowed

MOST_QUESTIONS = 60
HIGHEST_LIMIT = 50_000
_CODE = re.compile(r"^[a-z0-9][a-z0-9-]{0,79}$")
_KEYS = {"code", "label", "help", "limit", "unit", "required", "condition", "lang"}


def why_not_enter_call(
    by: User,
    member: Member,
    *,
    title: OfficialText,
    source: str,
    opened_on: dt.date | None,
    closes_at: dt.datetime | None,
    time_zone: str,
    channel: str,
    address: str,
    questions: Sequence[Mapping[str, Any]],
) -> str:
    """Say why a call may not be entered as given; empty when it may. A call already closed may be."""
    if refusal := why_not_allowed(by, "enter_call", member):
        return refusal
    if not title:
        return _("Give the call its title, as OGP announces it.")
    if not source.strip():
        return _("Say where the call was read: nobody can check it otherwise.")
    if opened_on and opened_on > today():
        return _("This call opens in the future. Enter it when it is open, with its real form.")
    if closes_at is None:
        return _("Give the day and the hour when the call closes.")
    if time_zone not in available_timezones():
        return _("Choose the time zone on whose clock the call closes.")
    if opened_on and closes_at.date() < opened_on:
        return _("The call closes before it opens. Check the two days.")
    if refusal := _why_not_address(channel, address) or why_not_questions(member, questions):
        return refusal
    same = Call.objects.of(member).filter(working=False, closes_at=closes_at, questions=list(questions))
    if same.exists():
        return _("This call is entered already. Look at the list of calls.")
    return ""


def _why_not_address(channel: str, address: str) -> str:
    if channel not in Call.Channel.values:
        return _("Say by which channel OGP receives the dossier: an online form or an e-mail.")
    try:
        if channel == Call.Channel.EMAIL:
            validate_email(address)
        else:
            URLValidator(schemes=["https", "http"])(address)
    except ValidationError:
        if channel == Call.Channel.EMAIL:
            return _("Give the e-mail address that receives the dossier.")
        return _("Give the address of the online form, as it stands in the browser.")
    return ""


def why_not_questions(member: Member, questions: Sequence[Mapping[str, Any]]) -> str:
    """Say what is wrong in a call's form, naming the question by its number; empty when it can be answered."""
    if not questions:
        return _("Give the questions of the form: there is nothing to answer without them.")
    if len(questions) > MOST_QUESTIONS:
        return _("A form holds %(most)s questions at most.") % {"most": MOST_QUESTIONS}
    conditions = {one.code for one in guides.guide(member.guide_version).book.admissibility}
    codes: set[str] = set()
    for number, one in enumerate(questions, 1):
        if wrong := _why_not_one(one, conditions, codes):
            return _("Question %(n)s: %(wrong)s") % {"n": number, "wrong": wrong}
        codes.add(one["code"])
    return ""


def _why_not_one(one: Mapping[str, Any], conditions: set[str], codes: set[str]) -> str:
    code, label, limit = one.get("code"), one.get("label"), one.get("limit")
    if unknown := set(one) - _KEYS:
        return _("the key “%(key)s” is not known.") % {"key": str(min(unknown, key=str))[:60]}
    if not isinstance(code, str) or not _CODE.match(code):
        return _("its code is made of small letters, digits and hyphens.")
    if code in codes:
        return _("its code is another question's already.")
    for words in (label, one.get("help") or {}):
        if not isinstance(words, dict) or not all(
            key in WORKING and isinstance(text, str) and len(text) <= 2000 for key, text in words.items()
        ):
            return _("its words are given by language: fr, ar or en, 2 000 characters at most.")
    if not any((label or {}).values()):
        return _("it has no words.")
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or not 0 < limit <= HIGHEST_LIMIT):
        return _("its limit is a whole number between 1 and 50 000, or nothing.")
    if one.get("unit", "words") not in queries.UNITS:
        return _("its limit counts words or characters.")
    if not isinstance(one.get("required", False), bool):
        return _("it is required or optional.")
    if one.get("condition") and one["condition"] not in conditions:
        return _("“%(code)s” is not a condition of the guide.") % {"code": str(one["condition"])[:80]}
    if one.get("lang", "en") not in WORKING:
        return _("its answer is asked in en, fr or ar.")
    return ""
