"""The public registers as tables that any spreadsheet opens; no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from openregion.analysis.tables import safe_cell
from openregion.people.models import Member
from openregion.people.rules import today
from openregion.registers import queries


def exchanges_as_csv(member: Member) -> str:
    """Write the register of exchanges as the public reads it: no summary, no contact, no file."""
    head = (_("Day"), _("With whom"), _("By which means"), _("Direction"), _("Subject"), _("Answers"))
    lines = queries.exchange_lines(queries.exchanges_of(member), member, today=today(), for_team=False)
    return _table(
        head,
        (
            (
                one.on.isoformat(),
                one.party,
                one.channel,
                one.direction,
                queries.said(one.subject),
                queries.said(one.answers) if one.answers else "",
            )
            for one in lines
        ),
    )


def peer_activities_as_csv(member: Member) -> str:
    """Write the register of peer activities as the public reads it."""
    head = (
        _("From"),
        _("Until"),
        _("Kind"),
        _("Level"),
        _("The Region’s part"),
        _("Title"),
        _("Place"),
        _("Partners"),
        _("What was learnt"),
    )
    lines = queries.activity_lines(queries.activities_of(member), member)
    return _table(
        head,
        (
            (
                one.starts_on.isoformat(),
                one.ends_on.isoformat() if one.ends_on else "",
                one.kind,
                one.scope,
                one.part,
                queries.said(one.title),
                one.place,
                one.partners,
                queries.said(one.learnt),
            )
            for one in lines
        ),
    )


def dialogues_as_csv(member: Member) -> str:
    """Write the register of forums and dialogue meetings."""
    head = (_("Day"), _("Kind"), _("Title"), _("Place"), _("How many came"), _("Minutes published"))
    lines = queries.dialogues_of(member).lines
    return _table(
        head,
        (
            (
                one.on.isoformat(),
                one.kind,
                queries.said(one.title),
                queries.said(one.place),
                one.came,
                _("yes") if one.minutes else _("no"),
            )
            for one in lines
        ),
    )


def participation_as_csv(member: Member) -> str:
    """Write how people took part, consultation by consultation."""
    register = queries.participation_of(member)
    head = (
        _("Consultation"),
        _("Opens"),
        _("Closes"),
        *register.channels,
        _("In meetings"),
        _("Outside meetings"),
        _("Published"),
        _("Received"),
        _("Workshops held"),
    )
    return _table(
        head,
        (
            (
                queries.said(one.title),
                one.opens_on.isoformat(),
                one.closes_on.isoformat(),
                *(number for _name, number in one.channels),
                one.in_meetings,
                one.outside_meetings,
                one.published,
                one.received,
                one.workshops,
            )
            for one in register.lines
        ),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; a byte order mark leads, so that a spreadsheet reads the Arabic."""
    written = io.StringIO()
    written.write("\ufeff")
    out = csv.writer(written)
    out.writerow(head)
    out.writerows([safe_cell(cell) for cell in row] for row in rows)
    return written.getvalue()
