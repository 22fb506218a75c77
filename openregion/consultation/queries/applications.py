"""Applications to a call, as those who judge them read them, and as whoever applied follows theirs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from openregion.consultation import codes
from openregion.consultation.models import Application, CallForParticipation
from openregion.consultation.queries.alike import alike_in, criterion_text, signs_in_words
from openregion.consultation.queries.categories import GENDERS, KINDS, category_name, organisation_types
from openregion.consultation.queries.draws import reserve_ranks, states_of
from openregion.core import languages
from openregion.core.official import OfficialText
from openregion.people.models import Member

ON_A_PAGE = 30
_State = Application.State
STATES: dict[str, tuple[Promise, str]] = {
    _State.RECEIVED: (gettext_lazy("To judge"), "late"),
    _State.ELIGIBLE: (gettext_lazy("Meets the criteria"), "underway"),
    _State.REFUSED: (gettext_lazy("Not kept"), "idle"),
    _State.SELECTED: (gettext_lazy("Selected"), "done"),
    _State.RESERVE: (gettext_lazy("Reserve"), "underway"),
    _State.WITHDRAWN: (gettext_lazy("Withdrawn"), "idle"),
}


@dataclass(frozen=True)
class ApplicationLine:
    """An application in the list of those who judge."""

    number: int
    who: str
    kind: str
    province: str
    received_at: dt.datetime
    label: str
    tone: str
    rank: int
    alike: tuple[int, ...]


@dataclass(frozen=True)
class Tally:
    """How many applications are in a state, and the way to see them alone."""

    code: str
    label: str
    count: int
    current: bool


@dataclass(frozen=True)
class AlikeLine:
    """An application that looks like the same person's: its number, where it is, the signs in words."""

    number: int
    label: str
    signs: str
    apart: bool


@dataclass(frozen=True)
class ApplicationPage:
    """An application as those who judge it read it."""

    number: int
    is_organisation: bool
    organisation: str
    organisation_type: str
    name: str
    email: str
    telephone: str
    gender: str
    age: str
    province: str
    motivation: str
    may_name: bool
    received_at: dt.datetime
    label: str
    tone: str
    criterion: str
    refusal: str
    alike: tuple[AlikeLine, ...]
    erased: bool
    withdrawn: bool


@dataclass(frozen=True)
class Followed:
    """An application as whoever applied follows it: its state, and nothing of the judgement before everyone is told."""

    number: int
    call: OfficialText
    call_number: int
    closes_at: dt.datetime
    received_at: dt.datetime
    state: str
    rank: int
    criterion: str
    refusal: str
    by_lot: bool
    may_withdraw: bool


def application_lines(call: CallForParticipation, *, state: str = "", page: str = "") -> Page[Any]:
    """List a call's applications by number, thirty a page; ``state`` keeps one state."""
    found = call.applications.select_related("province").order_by("number")
    shown = Paginator(found.filter(state=state) if state in STATES else found, ON_A_PAGE).get_page(page)
    ranks, lang = reserve_ranks(call), get_language() or "fr"
    alike = alike_in(call)
    types = organisation_types(call.member)
    rows: Any = shown
    rows.object_list = [
        ApplicationLine(
            number=one.number,
            who=one.organisation or one.name,
            kind=types.get(one.organisation_type) or str(KINDS[one.kind]),
            province=one.province.name_in(lang) if one.province else "",
            received_at=one.received_at,
            label=str(STATES[one.state][0]),
            tone=STATES[one.state][1],
            rank=ranks.get(one.number, 0) if one.state == _State.RESERVE else 0,
            alike=tuple(other.number for other in alike.get(one.number, ()) if not other.settled),
        )
        for one in shown.object_list
    ]
    return rows  # type: ignore[no-any-return]


def tallies(call: CallForParticipation, *, state: str = "") -> tuple[Tally, ...]:
    """Count a call's applications by state, to see one state alone."""
    counted = states_of(call)
    return tuple(
        Tally(code, str(label), counted[code], code == state)
        for code, (label, _tone) in STATES.items()
        if counted.get(code)
    )


def application_of(call: CallForParticipation, number: int) -> Application | None:
    """Find one of a call's applications by its number."""
    return call.applications.select_related("province", "call__member").filter(number=number).first()


def next_to_judge(call: CallForParticipation) -> int | None:
    """Give the number of the first application that nobody has judged."""
    waiting = call.applications.filter(state=_State.RECEIVED).order_by("number")
    return waiting.values_list("number", flat=True).first()


def application_page(application: Application) -> ApplicationPage:
    """Prepare an application for those who judge it."""
    member, lang = application.call.member, get_language() or "fr"
    label, tone = STATES[application.state]
    return ApplicationPage(
        number=application.number,
        is_organisation=application.kind == Application.Kind.ORGANISATION,
        organisation=application.organisation,
        organisation_type=organisation_types(member).get(application.organisation_type, ""),
        name=application.name,
        email=application.email,
        telephone=application.telephone,
        gender=str(GENDERS[application.gender]) if application.gender != "unsaid" else "",
        age=category_name(member, "age_band", application.age_band) if application.age_band else "",
        province=application.province.name_in(lang) if application.province else "",
        motivation=application.motivation,
        may_name=application.may_name,
        received_at=application.received_at,
        label=str(label),
        tone=tone,
        criterion=_criterion(application),
        refusal=application.refusal,
        alike=tuple(
            AlikeLine(one.number, str(STATES[one.state][0]), signs_in_words(one), one.apart)
            for one in alike_in(application.call).get(application.number, ())
        ),
        erased=application.erased_at is not None,
        withdrawn=application.state == _State.WITHDRAWN,
    )


def application_by_code(member: Member, code: str) -> Application | None:
    """Find whose code this is, among the member's applications."""
    found = Application.objects.of(member).filter(code_hash=codes.hashed(code))
    return found.select_related("call__member", "call__draw__document", "province").first()


def followed(application: Application, *, may_withdraw: bool) -> Followed:
    """Prepare the page of whoever applied: until all are told at once, it says "received" whatever was judged."""
    call = application.call
    told = call.state == CallForParticipation.State.SELECTED or application.state == _State.WITHDRAWN
    return Followed(
        number=application.number,
        call=call.title,
        call_number=call.number,
        closes_at=call.closes_at,
        received_at=application.received_at,
        state=application.state if told else str(_State.RECEIVED.value),
        rank=reserve_ranks(call).get(application.number, 0) if application.state == _State.RESERVE else 0,
        criterion=_criterion(application) if told else "",
        refusal=application.refusal if told else "",
        by_lot=hasattr(call, "draw"),
        may_withdraw=may_withdraw,
    )


def to_print(call: CallForParticipation) -> list[Application]:
    """List those to write to on paper: they left no address for messages."""
    if call.state != CallForParticipation.State.SELECTED:
        return []
    found = call.applications.standing().filter(email="", erased_at=None).order_by("number")
    for one in found:
        one.call = call  # read once, with its draw and its workshop
    return list(found)


def _criterion(application: Application) -> str:
    return criterion_text(application.call, application.refused_for, languages.body_lang(get_language() or "fr"))
