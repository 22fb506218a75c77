"""How people's words are moderated, measured: how long they wait, what is decided, for which reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.consultation.models import Appeal, Consultation, Contribution, Sealed
from openregion.consultation.querysets import CAME_AT
from openregion.core import dates
from openregion.core.official import OfficialText
from openregion.guide import queries as guides
from openregion.people.models import Member
from openregion.record.models import JournalLine

MEASURED_OVER = dt.timedelta(days=30)
_DECISIONS = ("publish_contribution", "hide_contribution", "mark_spam")
MOST_MEASURED = 2_000  # the latest decisions; more of them would not move the middle one


@dataclass(frozen=True)
class Delays:
    """How long words waited before a person decided, over the last thirty days; in words, empty where unknown."""

    decided: int
    median: str
    longest: str
    waiting: str


@dataclass(frozen=True)
class Row:
    """A figure of the public page: what is counted, and how many."""

    label: str
    figure: str


@dataclass(frozen=True)
class Asking:
    """A consultation that is open, and whether words are read before they show."""

    title: OfficialText
    slug: str
    reads: str


@dataclass(frozen=True)
class Conduct:
    """What the public page says of moderation: who decides, how fast, how much."""

    deciders: str
    asking: tuple[Asking, ...]
    delays: Delays
    decisions: tuple[Row, ...]
    reasons: tuple[Row, ...]


def delays_of(member: Member, *, at: dt.datetime) -> Delays:
    """Measure how long words wait: the middle and the longest of what was decided in thirty days, the oldest waiting.

    From when they reached the platform: what was said in a room without a
    network could not be read before. What was read in from elsewhere came with
    another day, and what is published as it arrives waits for nobody: neither
    is measured.
    """
    everything = Contribution.everything.of(member)
    decided = everything.filter(moderated_at__gte=at - MEASURED_OVER, moderated_at__gt=CAME_AT)
    decided = decided.exclude(channel=Contribution.Channel.IMPORTED).order_by("-moderated_at")
    latest = list(decided.values_list("uid", CAME_AT, "moderated_at")[:MOST_MEASURED])
    first = _first_decided([uid for uid, _came, _moderated in latest])
    found = ((came, first.get(uid) or moderated) for uid, came, moderated in latest)
    waits = sorted(first_at - came for came, first_at in found if first_at and first_at >= at - MEASURED_OVER)
    waiting = everything.filter(moderation="pending", withdrawn_at=None, erased_at=None).order_by("pk")
    oldest = waiting.values_list(CAME_AT, flat=True).first()
    return Delays(
        decided=len(waits),
        median=_days(_middle(waits)) if waits else "",
        longest=_days(waits[-1]) if waits else "",
        waiting=_days(at - oldest) if oldest else "",
    )


def conduct_of(member: Member, reasons: dict[str, str], *, at: dt.datetime) -> Conduct:
    """Prepare the public page of moderation. ``reasons`` are the published reasons for hiding, in words."""
    lang = get_language() or "fr"
    roles = [one.label.in_(lang) for one in guides.guide(member.guide_version).roles if _decides(one.deeds)]
    standing = Contribution.everything.of(member).filter(withdrawn_at=None).order_by()
    by_state = dict(standing.values_list("moderation").annotate(Count("pk")))
    hidden = dict(standing.filter(moderation="hidden").values_list("hidden_for").annotate(Count("pk")))
    open_now = Consultation.objects.of(member).open_at(at).order_by("closes_at", "pk")
    return Conduct(
        deciders=_(", ").join(roles),
        asking=tuple(Asking(one.title, one.slug, one.reads) for one in open_now),
        delays=delays_of(member, at=at),
        decisions=_decisions(member, by_state),
        # The reason stays public on the page of each, beside its number.
        reasons=tuple(
            Row(str(reasons.get(code) or code), dates.whole(n)) for code, n in sorted(hidden.items(), key=_most)
        ),
    )


def _most(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


def _first_decided(uids: Sequence[str]) -> dict[str, dt.datetime]:
    """Give when each was decided on first, as the journal says: what is decided again later waited no longer."""
    lines = JournalLine.objects.filter(subject_type="Contribution", subject_uid__in=uids, verb__in=_DECISIONS)
    return dict(lines.order_by().values_list("subject_uid").annotate(first=Min("at")))


def _middle(waits: Sequence[dt.timedelta]) -> dt.timedelta:
    """Give the wait within which half of them ended; ``waits`` ascend."""
    half = len(waits) // 2
    return waits[half] if len(waits) % 2 else (waits[half - 1] + waits[half]) / 2


def _decides(deeds: Sequence[str]) -> bool:
    return "hide_contribution" in deeds


def _decisions(member: Member, by_state: dict[str, int]) -> tuple[Row, ...]:
    """Count each decision, in the order in which they can befall words."""
    masked = Sealed.objects.filter(contribution__member=member, contribution__withdrawn_at=None).count()
    told = Appeal.objects.filter(contribution__member=member).aggregate(
        made=Count("pk"), stands=Count("pk", filter=Q(kept=True)), undone=Count("pk", filter=Q(kept=False))
    )
    counts = (
        (_("Published"), by_state.get("published", 0)),
        (_("Hidden, for a published reason"), by_state.get("hidden", 0)),
        (_("Set aside as spam"), by_state.get("spam", 0)),
        (_("Waiting to be read"), by_state.get("pending", 0)),
        (_("Shown with a third person's data blacked out"), masked),
        (_("Appeals by authors"), told["made"]),
        (_("Appeals after which the decision stands"), told["stands"]),
        (_("Appeals after which the decision was undone"), told["undone"]),
    )
    return tuple(Row(label, dates.whole(n)) for label, n in counts)


def _days(wait: dt.timedelta) -> str:
    """Say a wait in whole days."""
    if wait < dt.timedelta(days=1):
        return _("less than a day")
    return ngettext("%(n)s day", "%(n)s days", wait.days) % {"n": wait.days}
