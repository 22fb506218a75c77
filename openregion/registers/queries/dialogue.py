"""Forums and dialogue meetings (row E5), and how people took part, in meetings and outside them (row E7).

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
from django.utils.translation import gettext as _

from openregion.consultation.models import ERASED, Consultation, Contribution, Workshop
from openregion.consultation.queries import CHANNELS, smallest_group
from openregion.consultation.queries.channels import Ways, ways_of
from openregion.core import dates
from openregion.core.official import OfficialText
from openregion.cycle.models import Meeting
from openregion.cycle.queries.guests import came_to
from openregion.cycle.queries.meetings import KINDS
from openregion.people.models import Member

# The meetings where the Region and people talk: the others are an authority's own business.
DIALOGUE = ("exchange", "multi-stakeholder", "launch", "public")
# The sources that name a platform, by the word before the colon; of any other, only that files were read in.
PLATFORMS = {"polis": "Polis"}


@dataclass(frozen=True)
class DialogueLine:
    """A forum or a dialogue meeting that was held: what, when, where, how many came, its minutes."""

    on: dt.date
    kind: str
    title: OfficialText
    place: OfficialText
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
    """A consultation, and by which means what it published was given: each channel, then in meetings and outside."""

    title: OfficialText
    url: str
    opens_on: dt.date
    closes_on: dt.date
    channels: tuple[tuple[str, str], ...]
    in_meetings: str
    outside_meetings: str
    published: str
    received: str
    workshops: str


@dataclass(frozen=True)
class Participation:
    """How people took part: the names of the channels, then each consultation, the latest first."""

    channels: tuple[str, ...]
    lines: tuple[ConsultationLine, ...]
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
    rows, came = talked.select_related("minutes"), came_to(talked.order_by().values("pk"), smallest)
    lines = tuple(
        DialogueLine(
            on=timezone.localdate(one.starts_at),
            kind=str(KINDS[one.kind]),
            title=one.title,
            place=one.place,
            came=_told(came, one.pk, smallest),
            url=reverse("workshop" if one.is_workshop else "meeting", args=[member.slug, one.number]),
            minutes=hasattr(one, "minutes") and one.minutes.state == "published",
        )
        for one in rows.order_by("-starts_at", "-pk")
    )
    years = Counter(str(one.on.year) for one in lines)
    return Dialogues(lines, tuple((year, dates.whole(n)) for year, n in sorted(years.items(), reverse=True)))


def participation_of(member: Member) -> Participation:
    """Count how what is published was given, in each consultation: what anyone recounts from the open data.

    Of what is not public only the number received is told, never a part of it.
    """
    found = list(Consultation.objects.of(member).latest_first())
    counted = Contribution.objects.of(member).countable().order_by().values_list("consultation")
    received = dict(counted.annotate(n=Count("pk")))
    ways = ways_of(Contribution.objects.of(member).published().filter(erased_at=None))
    held = Workshop.objects.filter(consultation__cycle__member=member, meeting__state=Meeting.State.HELD).order_by()
    workshops = dict(held.values_list("consultation").annotate(n=Count("pk")))
    lines = tuple(
        _line(one, ways.get(one.pk, Ways()), received.get(one.pk, 0), workshops.get(one.pk, 0), member) for one in found
    )
    return Participation(tuple(str(name) for name in CHANNELS.values()), lines, _platforms(member))


def _platforms(member: Member) -> tuple[str, ...]:
    """Name the platforms that suggestions were brought from; never a file: its name may hold somebody's.

    What a workshop said names its workshop, and what was erased names nothing.
    """
    found = Contribution.objects.of(member).exclude(source__in=["", ERASED]).exclude(source__startswith="workshop:")
    sources = set(found.order_by().values_list("source", flat=True).distinct())
    prefixes = {source.partition(":")[0] if ":" in source else "" for source in sources}
    named = [name for prefix, name in PLATFORMS.items() if prefix in prefixes]
    return (*named, _("files read in")) if prefixes - set(PLATFORMS) else tuple(named)


def _line(one: Consultation, ways: Ways, received: int, workshops: int, member: Member) -> ConsultationLine:
    return ConsultationLine(
        title=one.title,
        url=reverse("consultation", args=[member.slug, one.slug]),
        opens_on=timezone.localdate(one.opens_at),
        closes_on=timezone.localdate(one.closes_at - dt.timedelta(seconds=1)),
        channels=tuple((str(name), dates.whole(ways.channels.get(code, 0))) for code, name in CHANNELS.items()),
        in_meetings=dates.whole(ways.in_meetings),
        outside_meetings=dates.whole(ways.outside_meetings),
        published=dates.whole(ways.all),
        received=dates.whole(received),
        workshops=dates.whole(workshops),
    )


def _told(came: Mapping[int, int | None], key: int, smallest: int) -> str:
    """Say how many came, as the meeting's own page does; nothing where nobody was noted."""
    if key not in came:
        return ""
    number = came[key]
    return _("fewer than %(n)s") % {"n": smallest} if number is None else dates.whole(number)
