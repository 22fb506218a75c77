"""Forums and dialogue meetings (row E5), and how people took part, in person and online (row E7).

Nothing is typed twice: both registers are read from the meetings held and the
consultations run, each time they are shown.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.analysis.disclosure import Shown, shown_cells
from openregion.consultation.models import ERASED, Consultation, Contribution, Workshop
from openregion.consultation.queries import CHANNELS, smallest_group
from openregion.core import dates
from openregion.core.official import OfficialText
from openregion.cycle.models import Meeting
from openregion.cycle.queries.meetings import KINDS
from openregion.people.models import Member

# The meetings where the Region and people talk: the others are an authority's own business.
DIALOGUE = ("exchange", "multi-stakeholder", "launch", "public")
IN_PERSON: dict[str, Promise] = {
    "workshop": gettext_lazy("In a workshop"),
    "paper": gettext_lazy("On paper"),
    "assisted": gettext_lazy("With someone's help"),
}
ELSEWHERE = "imported"
# The sources that name a platform, by the word before the colon; of any other, only that files were read in.
PLATFORMS = {"polis": "Polis"}


@dataclass(frozen=True)
class DialogueLine:
    """A forum or a dialogue meeting that was held: what, when, where, how many came, its minutes."""

    on: dt.date
    kind: str
    title: OfficialText
    place: str
    came: str
    url: str
    minutes: bool


@dataclass(frozen=True)
class Dialogues:
    """The register of forums and dialogue meetings: its lines, the latest first, and how many each year."""

    lines: tuple[DialogueLine, ...]
    by_year: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ConsultationLine:
    """A consultation, and by which means people took part in it."""

    title: OfficialText
    url: str
    opens_on: dt.date
    closes_on: dt.date
    online: str
    in_person: str
    elsewhere: str
    received: str
    workshops: str


@dataclass(frozen=True)
class Participation:
    """How people took part: consultation by consultation, then by channel in all, small groups together."""

    lines: tuple[ConsultationLine, ...]
    channels: tuple[tuple[str, str], ...]
    others: str
    smallest: int
    platforms: tuple[str, ...]


def dialogues_of(member: Member) -> Dialogues:
    """Read the forums and dialogue meetings held in public, and every workshop, the latest first.

    A workshop has its page whoever may come: one by invitation is dialogue too.

    How many came is told from the smallest group shown on: under it, a short
    list of guests would be counted on one's fingers.
    """
    smallest = smallest_group(member)
    held = Meeting.objects.of(member).filter(state=Meeting.State.HELD)
    held = held.annotate(is_workshop=Exists(Workshop.objects.filter(meeting=OuterRef("pk"))))
    in_public = Q(open_to_all=True) & (Q(kind__in=DIALOGUE) | Q(body__kind="forum"))
    talked = held.filter(in_public | Q(is_workshop=True))
    rows = talked.select_related("minutes").annotate(came=Count("invitations", filter=Q(invitations__attended=True)))
    lines = tuple(
        DialogueLine(
            on=timezone.localdate(one.starts_at),
            kind=str(KINDS[one.kind]),
            title=one.title,
            place=one.place,
            came=_told(one.came, smallest),
            url=reverse("workshop" if one.is_workshop else "meeting", args=[member.slug, one.number]),
            minutes=hasattr(one, "minutes") and one.minutes.state == "published",
        )
        for one in rows.order_by("-starts_at", "-pk")
    )
    years = Counter(str(one.on.year) for one in lines)
    return Dialogues(lines, tuple((year, dates.whole(n)) for year, n in sorted(years.items(), reverse=True)))


def participation_of(member: Member) -> Participation:
    """Count how people took part, in person and online, in each consultation and in all."""
    smallest = smallest_group(member)
    found = list(Consultation.objects.of(member).latest_first())
    counted = Contribution.objects.of(member).countable().order_by().values_list("consultation", "channel")
    by_consultation: dict[int, Counter[str]] = {one.pk: Counter() for one in found}
    for consultation, channel, number in counted.annotate(n=Count("pk")):
        by_consultation[consultation][channel] += number
    held = Workshop.objects.filter(consultation__cycle__member=member, meeting__state=Meeting.State.HELD).order_by()
    workshops = dict(held.values_list("consultation").annotate(n=Count("pk")))
    lines = tuple(_line(one, by_consultation[one.pk], workshops.get(one.pk, 0), smallest, member) for one in found)
    everything: Counter[str] = Counter()
    for each in by_consultation.values():
        everything.update(each)
    shown = shown_cells(everything, smallest)
    if any(_("not shown apart") in (one.online, one.in_person, one.elsewhere) for one in lines):
        # Beside the lines that are told, a count of them all would tell of the line that is not.
        shown = Shown({}, None, ())
    return Participation(
        lines,
        tuple((str(CHANNELS[channel]), dates.whole(n)) for channel, n in shown.cells.items()),
        dates.whole(shown.rest) if shown.rest is not None else "",
        smallest,
        _platforms(member),
    )


def _platforms(member: Member) -> tuple[str, ...]:
    """Name the platforms that suggestions were brought from; never a file: its name may hold somebody's.

    What a workshop said names its workshop, and what was erased names nothing.
    """
    found = Contribution.objects.of(member).exclude(source__in=["", ERASED]).exclude(source__startswith="workshop:")
    sources = set(found.order_by().values_list("source", flat=True).distinct())
    prefixes = {source.partition(":")[0] if ":" in source else "" for source in sources}
    named = [name for prefix, name in PLATFORMS.items() if prefix in prefixes]
    return (*named, _("files read in")) if prefixes - set(PLATFORMS) else tuple(named)


def _line(
    one: Consultation, channels: Mapping[str, int], workshops: int, smallest: int, member: Member
) -> ConsultationLine:
    here = sum(number for channel, number in channels.items() if channel in IN_PERSON)
    elsewhere = channels.get(ELSEWHERE, 0)
    received = sum(channels.values())
    told = {"online": received - here - elsewhere, "in person": here, "elsewhere": elsewhere}
    shown = shown_cells(told, smallest).cells
    apart = {name: _apart(number, name in shown, alone=number == received) for name, number in told.items()}
    return ConsultationLine(
        title=one.title,
        url=reverse("consultation", args=[member.slug, one.slug]),
        opens_on=timezone.localdate(one.opens_at),
        closes_on=timezone.localdate(one.closes_at - dt.timedelta(seconds=1)),
        online=apart["online"],
        in_person=apart["in person"],
        elsewhere=apart["elsewhere"],
        received=dates.whole(received),
        workshops=dates.whole(workshops),
    )


def _apart(number: int, shown: bool, *, alone: bool) -> str:
    """Write one of the figures whose sum is told: those that may be shown, and one that is the whole sum."""
    if shown or not number or alone:
        return dates.whole(number)
    return _("not shown apart")


def _told(number: int, smallest: int) -> str:
    if not number:
        return ""
    return dates.whole(number) if number >= smallest else _("fewer than %(n)s") % {"n": smallest}
