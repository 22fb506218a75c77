"""What stands around the desk's lines: the tools of the work, and what the journal says was done this week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.cycle.models import Cycle
from openregion.people.models import Member, User
from openregion.record import queries as records
from openregion.record.queries import Sentence

WEEK = dt.timedelta(days=7)
MOST_TOLD = 10
# The operations proved are lines of the desk already, with their page.
_TOLD_ALREADY = frozenset({"prove_operation", "prove_operations"})
_CALLS = frozenset({"draft_participation_call", "judge_application", "select_participants"})
_WORKSHOPS = frozenset({"plan_workshop", "revise_need", "capture_suggestions"})
_CONTACTS = frozenset({"add_contact", "revise_contact", "retire_contact", "note_attempt"})


@dataclass(frozen=True)
class Told:
    """A deed of the week in words, and how many more of its kind there were."""

    sentence: Sentence
    more: int


def told_this_week(member: Member, user: User | None) -> tuple[Told, ...]:
    """Say what was done in the last seven days, by one person or by all, deeds of a kind together."""
    since = timezone.now() - WEEK
    found = records.sentences_since(member.slug, since, by_ref=user.reference if user else "")
    kinds: dict[str, list[Sentence]] = {}
    for one in found:
        if one.verb not in _TOLD_ALREADY:
            kinds.setdefault(one.verb, []).append(one)
    return tuple(Told(those[0], len(those) - 1) for those in list(kinds.values())[:MOST_TOLD])


def tools_of(member: Member, may: Collection[str], latest: Cycle | None) -> tuple[tuple[str, str], ...]:
    """List the tools of the work with their addresses: those of the latest cycle, and those a role opens."""
    here = [member.slug]
    found = [
        (_("Calendar"), reverse("calendar", args=here)),
        (_("Plan back from a session"), reverse("backward_planning", args=here)),
        (_("Meetings"), reverse("meetings", args=here)),
        (_("Letters"), reverse("letters", args=here)),
    ]
    if _CONTACTS & set(may):
        found.append((_("Contacts"), reverse("contacts", args=here)))
    found += [(label, reverse(name, args=here)) for label, name, deeds in _consulting() if deeds & set(may)]
    if latest is not None:
        at = [member.slug, latest.kind, latest.number]
        found += [
            (_("Files put to the Council"), reverse("council_files", args=at)),
            (_("Communication"), reverse("communication", args=at)),
        ]
    found += [
        (_("Exchanges"), reverse("exchanges", args=here)),
        (_("Activities with peers"), reverse("peer_activities", args=here)),
    ]
    if "retry_mail" in may:
        found.append((_("Mails"), reverse("mail_state", args=here)))
    if latest is not None and "hand_over" in may:
        found.append((_("Hand-over pack"), reverse("hand_over", args=[member.slug, latest.kind, latest.number])))
    return tuple(found)


def _consulting() -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Name the tools of a consultation, and the deeds of which one opens each."""
    return (
        (_("Read what came"), "moderation", frozenset({"publish_contribution"})),
        (_("Recordings to write down"), "recordings", frozenset({"transcribe_recording"})),
        (_("Workshops"), "workshops", _WORKSHOPS),
        (_("Calls for participation"), "participation_calls", _CALLS),
        (_("Reports"), "reports", frozenset({"draft_report"})),
    )
