"""Where the member stands towards OGP (row C0): its events, its state today, what is proposed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from openregion.admission.models import Dossier, StatusEvent
from openregion.consultation.models import Consultation
from openregion.core.official import OfficialText
from openregion.cycle.models import Cycle
from openregion.cycle.queries import latest_cycle
from openregion.people.models import Member

State = StatusEvent.State

LABELS = {
    "": gettext_lazy("Nothing recorded"),
    State.NOT_ELIGIBLE: gettext_lazy("Not eligible for now"),
    State.PREPARING: gettext_lazy("Preparing its candidacy"),
    State.SUBMITTED: gettext_lazy("Candidacy sent"),
    State.REFUSED: gettext_lazy("Candidacy not admitted"),
    State.ADMITTED: gettext_lazy("Admitted by OGP"),
    State.EFFECTIVE: gettext_lazy("Effective member"),
    State.INACTIVE: gettext_lazy("Inactive member"),
}
TONES = {
    "": "idle",
    State.NOT_ELIGIBLE: "idle",
    State.PREPARING: "underway",
    State.SUBMITTED: "underway",
    State.REFUSED: "late",
    State.ADMITTED: "done",
    State.EFFECTIVE: "done",
    State.INACTIVE: "late",
}
BELONGS = frozenset({State.ADMITTED, State.EFFECTIVE})
_AGAIN = frozenset({State.REFUSED, State.NOT_ELIGIBLE, State.INACTIVE})


@dataclass(frozen=True)
class Status:
    """The member's state towards OGP on the day it is read, and what gave it.

    ``state`` is empty before anything is known. ``computed`` says that no event
    gave it: a candidacy is open, and that is all. ``event`` is the uid of the event.
    """

    state: str
    label: str
    tone: str
    on: dt.date | None
    reason: OfficialText
    source: str
    event: str
    computed: bool

    @property
    def belongs(self) -> bool:
        """Whether the Region is a member: admitted, or effective."""
        return self.state in BELONGS


@dataclass(frozen=True)
class EventLine:
    """An event of the member's state, with its proof; struck out once corrected."""

    uid: str
    label: str
    tone: str
    on: dt.date
    reason: OfficialText
    source: str
    file: str
    about: str
    corrected: bool
    corrects: str


@dataclass(frozen=True)
class Proposal:
    """What would make an admitted Region an effective member: a consultation launched since."""

    consultation: OfficialText
    url: str
    uid: str
    launched_on: dt.date


@dataclass(frozen=True)
class MembershipPage:
    """The member's state, its events newest first, and what is proposed to those who record."""

    status: Status
    events: tuple[EventLine, ...]
    proposal: Proposal | None


def label_of(state: str) -> str:
    """Say a state in words."""
    return str(LABELS.get(state, state))


def status_of(member: Member) -> Status:
    """Give the member's state today: that of its last event not corrected, or what an open candidacy shows."""
    last = StatusEvent.objects.of(member).filter(corrected_by=None).order_by("-on", "-pk").first()
    return _status(last, latest_cycle(member, Cycle.Kind.ADMISSION))


def _status(last: StatusEvent | None, candidacy: Cycle | None) -> Status:
    begun = candidacy.opened_on if candidacy else None
    if begun and (last is None or (last.state in _AGAIN and begun > last.on)):
        state = str(State.PREPARING)
        return Status(state, label_of(state), TONES[State.PREPARING], begun, {}, "", "", computed=True)
    if last is None:
        return Status("", label_of(""), TONES[""], None, {}, "", "", computed=True)
    tone = TONES[State(last.state)]
    return Status(last.state, label_of(last.state), tone, last.on, last.reason, last.source, last.uid, computed=False)


def membership_page(member: Member) -> MembershipPage:
    """Prepare the public page of the member's state."""
    status = status_of(member)
    return MembershipPage(status, event_lines(member), effective_proposal(member, status))


def event_lines(member: Member) -> tuple[EventLine, ...]:
    """List every event, the latest first; a corrected one stays to be read."""
    found = StatusEvent.objects.of(member).select_related("corrects", "corrected_by").order_by("-on", "-pk")
    dossiers = {
        one.uid: reverse("dossier", args=[member.slug, one.cycle.number, one.number])
        for one in Dossier.objects.of(member).exclude(frozen=None).select_related("cycle")
    }
    return tuple(
        EventLine(
            uid=one.uid,
            label=label_of(one.state),
            tone=TONES[State(one.state)],
            on=one.on,
            reason=one.reason,
            source=one.source,
            file=reverse("status_file", args=[member.slug, one.uid]) if one.file_id else "",
            about=dossiers.get(one.subject_uid, ""),
            corrected=getattr(one, "corrected_by", None) is not None,
            corrects=label_of(one.corrects.state) if one.corrects else "",
        )
        for one in found
    )


def effective_proposal(member: Member, status: Status) -> Proposal | None:
    """Find the first consultation launched since OGP's acceptance: it would make the Region an effective member."""
    if status.state != State.ADMITTED or status.on is None:
        return None
    since = timezone.make_aware(dt.datetime.combine(status.on, dt.time()))
    found = (
        Consultation.objects.filter(cycle__member=member, opens_at__gte=since, opens_at__lte=timezone.now())
        .order_by("opens_at")
        .first()
    )
    if found is None:
        return None
    url = reverse("consultation", args=[member.slug, found.slug])
    return Proposal(found.title, url, found.uid, timezone.localdate(found.opens_at))
