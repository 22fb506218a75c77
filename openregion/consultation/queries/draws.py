"""What a draw reads and publishes: the list, the quotas, the seats, the seed; and who comes next."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from openregion.consultation import lots
from openregion.consultation.models import Application, CallForParticipation, Draw
from openregion.consultation.queries.categories import DIMENSIONS, categories_of, values_of
from openregion.core import dates
from openregion.core.official import OfficialText
from openregion.record.actions import canonical

_State = Application.State


@dataclass(frozen=True)
class QuotaLine:
    """A category on the page of a draw: what was asked, how many candidates, how many were drawn."""

    label: str
    least: str
    most: str
    there: str
    drawn: str


@dataclass(frozen=True)
class QuotaTable:
    """The quotas of one dimension."""

    code: str
    label: str
    lines: tuple[QuotaLine, ...]


@dataclass(frozen=True)
class DrawPage:
    """A draw as its page shows it: from the frozen document alone."""

    number: int
    title: OfficialText
    drawn_at: dt.datetime
    seats: int
    candidates: int
    seed: str
    seed_sha256: str
    recipe: int
    list_sha256: str
    list_mark: str
    drawn_from: str
    public_source: OfficialText
    public_on: dt.date | None
    public_value: str
    sha256: str
    library: str
    version: str
    algorithm: str
    selected: tuple[int, ...]
    reserves: tuple[int, ...]
    quotas: tuple[QuotaTable, ...]


def states_of(call: CallForParticipation) -> dict[str, int]:
    """Count a call's applications in each state."""
    return dict(call.applications.order_by().values_list("state").annotate(n=Count("pk")))


def is_by_lot(call: CallForParticipation) -> bool:
    """Say whether lots are drawn: there are more who meet the criteria than seats."""
    return states_of(call).get(_State.ELIGIBLE, 0) > call.seats


def pool_of(call: CallForParticipation) -> list[dict[str, Any]]:
    """List those among whom participants are chosen: their number, and the categories of the quotas alone."""
    eligible = call.applications.filter(state=_State.ELIGIBLE).select_related("province").order_by("number")
    return [{"number": one.number, "categories": categories_of(one, call.quotas)} for one in eligible]


def statement_of(
    call: CallForParticipation, pool: Sequence[Mapping[str, Any]], public_value: str = ""
) -> dict[str, Any]:
    """Write what the draw is made from, and nothing else; of ``public_value``, that others published, the digits."""
    return {
        "recipe": lots.RECIPE,
        "pool": list(pool),
        "quotas": call.quotas,
        "seats": call.seats,
        "seed": call.seed,
        "public_value": lots.figure_digits(public_value),
    }


def mark_of_list(call: CallForParticipation) -> str:
    """Give the mark of a judged list, for everyone to keep before the draw; nothing while it may still change much.

    It comes from the secret number too, so it tells nobody who was kept before all are told.
    """
    states = states_of(call)
    if call.state != CallForParticipation.State.PUBLISHED or not call.seed or states.get(_State.RECEIVED):
        return ""
    pool = pool_of(call)
    return lots.list_mark(statement_of(call, pool)) if len(pool) > call.seats else ""


def draw_ahead(call: CallForParticipation, *, public_value: str = "") -> None:
    """Draw before the deed does, outside its transaction: the same list gives the same draw, which is remembered."""
    pool = pool_of(call)
    if len(pool) > call.seats and not lots.lacking(pool, call.quotas):
        lots.outcome_of(canonical(statement_of(call, pool, public_value)))


def document_of(
    call: CallForParticipation, statement: Mapping[str, Any], outcome: lots.Outcome, *, at: dt.datetime
) -> dict[str, Any]:
    """Write the document that is frozen and published: whoever has it can draw again."""
    public = {
        "source": {lang: said["text"] for lang, said in call.public_source.items()},
        "on": call.public_on.isoformat() if call.public_on else "",
    }
    return {
        "kind": "draw",
        "member": call.member.slug,
        "call": {"number": call.number, "title": {lang: said["text"] for lang, said in call.title.items()}},
        "drawn_at": at.isoformat(),
        **statement,
        "public": public,
        "seed_sha256": call.secret_hash,
        "list_sha256": lots.list_hash(statement),
        "list_mark": lots.list_mark(statement),
        "drawn_from": lots.start_of(statement),
        "drawn_from_is": lots.START,
        "library": {"name": lots.LIBRARY, "version": lots.library_version(), "algorithm": lots.ALGORITHM},
        "reserves_in_order_of": lots.RESERVES,
        "selected": list(outcome.selected),
        "reserves": list(outcome.reserves),
    }


def draw_page(draw: Draw) -> DrawPage:
    """Prepare the page of a draw."""
    call, document = draw.call, draw.document
    stated = json.loads(document.content)
    return DrawPage(
        number=call.number,
        title=call.title,
        drawn_at=draw.drawn_at,
        seats=stated["seats"],
        candidates=len(stated["pool"]),
        seed=stated["seed"],
        seed_sha256=stated["seed_sha256"],
        recipe=stated.get("recipe", lots.FIRST),
        list_sha256=stated.get("list_sha256", ""),
        list_mark=stated.get("list_mark", ""),
        drawn_from=stated.get("drawn_from", stated["seed"]),
        public_source=call.public_source,
        public_on=call.public_on,
        public_value=stated.get("public_value", ""),
        sha256=document.sha256,
        library=stated["library"]["name"],
        version=stated["library"]["version"],
        algorithm=stated["library"]["algorithm"],
        selected=tuple(stated["selected"]),
        reserves=tuple(stated["reserves"]),
        quotas=tuple(_table(call, dimension, stated) for dimension in DIMENSIONS if dimension in stated["quotas"]),
    )


def next_reserve(left: Application, *, at: dt.datetime) -> Application | None:
    """Find who takes a seat that was left: the first reserve with whom the quotas hold, else the first.

    Nobody once the meeting has begun.
    """
    call = left.call
    draw = Draw.objects.select_related("document").filter(call=call).first()
    if draw is None or (call.workshop and call.workshop.meeting.starts_at <= at):
        return None
    stated = json.loads(draw.document.content)
    there = {one["number"]: one["categories"] for one in stated["pool"]}
    waiting = {one.number: one for one in call.applications.filter(state=_State.RESERVE)}
    seated = set(call.applications.filter(state=_State.SELECTED).values_list("number", flat=True)) - {left.number}
    order = [number for number in stated["reserves"] if number in waiting]
    chosen = [there[number] for number in sorted(seated) if number in there]
    fits = (number for number in order if lots.kept_by([*chosen, there[number]], stated["quotas"]))
    number = next(fits, order[0] if order else None)
    return waiting[number] if number is not None else None


def rank_of(call: CallForParticipation, number: int) -> int:
    """Give the place of a reserve in the order drawn; 0 for who is not one."""
    return reserve_ranks(call).get(number, 0)


def reserve_ranks(call: CallForParticipation) -> dict[int, int]:
    """Give the place of each reserve in the order drawn."""
    draw = Draw.objects.select_related("document").filter(call=call).first()
    if draw is None:
        return {}
    return {number: rank for rank, number in enumerate(json.loads(draw.document.content)["reserves"], 1)}


def _table(call: CallForParticipation, dimension: str, stated: Mapping[str, Any]) -> QuotaTable:
    named, quotas, drawn = values_of(call.member, dimension), stated["quotas"][dimension], set(stated["selected"])
    there = [one["categories"][dimension] for one in stated["pool"]]
    taken = [one["categories"][dimension] for one in stated["pool"] if one["number"] in drawn]
    codes = [code for code in named if code in quotas or code in there]
    codes += sorted(set(there) - set(codes))  # a category that has no name any more
    lines = []
    for code in codes:
        least, most = quotas.get(code, (0, stated["seats"]))
        figures = (dates.whole(one) for one in (least, most, there.count(code), taken.count(code)))
        lines.append(QuotaLine(named.get(code, code), *figures))
    return QuotaTable(dimension, str(DIMENSIONS[dimension]), tuple(lines))
