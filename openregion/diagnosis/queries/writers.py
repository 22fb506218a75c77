"""Who writes which reports: the team all of them, a rapporteur those of the workshops where they took notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from openregion.consultation.queries.rapporteurs import note_takers
from openregion.guide import queries as guides
from openregion.people.models import Appointment, Member

# Who has this role writes of the workshops where they took notes, and of nothing else.
RAPPORTEUR = "rapporteur"


def roles_writing_all(member: Member, deed: str = "draft_report") -> frozenset[str]:
    """Give the roles that do a deed on any report, and not on those of one's own workshops alone."""
    roles = guides.guide(member.guide_version).roles
    return frozenset(role.code for role in roles if deed in role.deeds and role.code != RAPPORTEUR)


def writers_of(member: Member, workshops: Collection[int], on: dt.date) -> dict[int, frozenset[int]]:
    """Give those whose roles of a day let them write the report of each workshop: the team, and who took notes there.

    Workshops and people are given by their keys.
    """
    if not workshops:
        return {}
    whole = roles_writing_all(member)
    held = list(Appointment.objects.of(member).held_on(on).select_related("user"))
    team = frozenset(one.user_id for one in held if one.role in whole)
    others = {one.user_id: one.user for one in held if one.user_id not in team}
    return {key: team | people for key, people in note_takers(member, workshops, [*others.values()]).items()}
