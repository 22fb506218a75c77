"""The home page's three answers: where are we, what can I do now, what became of what was said."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.consultation.models import CallForParticipation, Consultation, Contribution, Workshop
from openregion.consultation.queries.workshops import workshops_to_come
from openregion.core.audience import KEPT_FOR
from openregion.core.dates import day
from openregion.cycle import queries as cycles
from openregion.cycle.models import Cycle, Deliberation, Meeting
from openregion.cycle.queries.council import PUBLIC_DELIBERATIONS
from openregion.monitoring.models import Evidence
from openregion.monitoring.queries import STATES, Stands, reports_of, sentence_of, stands, worded
from openregion.people.map import drawn
from openregion.people.models import Member, Territory
from openregion.people.rules import today
from openregion.plan.models import CoveredContribution, PlanVersion, ReasonedResponse
from openregion.plan.queries import DECISIONS, Coverage, coverage_of
from openregion.record import queries as records
from openregion.record.models import JournalLine
from openregion.record.queries import Sentence
from openregion.web.chain import promises
from openregion.web.journey import TONES
from openregion.web.queries.across import PartOfTheLine, line_of_stages
from openregion.web.queries.voice import Voice, official

LAST = 3  # answers, proofs
LONGEST_REASONS = 160
COMMITMENTS_SHOWN = 8
_SHADES = 4
LATELY, LOOKED_THROUGH = 5, 60
BY_THE_HUNDRED = frozenset(
    {
        "receive_suggestion",
        "publish_contribution",
        "place_suggestion",
        "tell_reason",
        "give_comment",
        "flag_contribution",
    }
)


@dataclass(frozen=True)
class WhereWeAre:
    """The line of stages: of the cycle that is open, else all that is to come; the stages under way apart."""

    cycle: str
    parts: tuple[PartOfTheLine, ...]
    present: tuple[dict[str, object], ...]
    timeline: str = ""


@dataclass(frozen=True)
class OpenConsultation:
    """A consultation that receives suggestions now."""

    title: Voice
    question: Voice
    url: str
    suggest_url: str
    voices_url: str
    closes_on: dt.date
    days_left: str


@dataclass(frozen=True)
class OpenCall:
    """A call for participation to which one may apply now."""

    title: Voice
    url: str
    closes_on: dt.date


@dataclass(frozen=True)
class WorkshopsToCome:
    """How many workshops are to come, and the day of the next one."""

    count: int
    url: str
    next_on: dt.date


@dataclass(frozen=True)
class DecisionBar:
    """How many were answered in one way: the figure, its share of the answered, how long its bar is."""

    label: str
    tone: str
    count: int
    percent: int
    url: str


@dataclass(frozen=True)
class LastAnswer:
    """An answer given lately."""

    number: int
    url: str
    decision: str
    tone: str
    given_on: dt.date
    covers: str
    reasons: Voice


@dataclass(frozen=True)
class LastProof:
    """A proof added lately, and the promise it is about."""

    title: Voice
    url: str
    added_on: dt.date
    commitment: Voice
    commitment_url: str


@dataclass(frozen=True)
class PlaceSaid:
    """A province on the map: its shape, how much was said of it in words, where that is read."""

    name: str
    path: str
    x: str
    y: str
    url: str
    figure: str
    words: str
    shade: int


@dataclass(frozen=True)
class MapOfVoices:
    """How many published suggestions speak of each province."""

    box: str
    places: tuple[PlaceSaid, ...]
    invented: bool


@dataclass(frozen=True)
class Counts:
    """The figures of what was said: coverage, answers by the decision that stands, published ones by province."""

    coverage: Coverage
    by_decision: dict[str, int]
    by_province: dict[str, int]


@dataclass(frozen=True)
class BecameOfIt:
    """What became of what was said: coverage, by decision, the last answers and proofs, the map."""

    coverage: Coverage
    percent: int | None
    bars: tuple[DecisionBar, ...]
    answers: tuple[LastAnswer, ...]
    proofs: tuple[LastProof, ...]
    map: MapOfVoices | None


@dataclass(frozen=True)
class Promise:
    """A commitment of the plan in force, and where it stands."""

    number: int
    title: Voice
    unit: Voice
    url: str
    state: str
    tone: str
    when: str


@dataclass(frozen=True)
class PlanNow:
    """The plan in force, late first."""

    title: Voice
    url: str
    sentence: str
    promises: tuple[Promise, ...]
    more: int


def done_lately(member: Member) -> tuple[Sentence, ...]:
    """Give the last deeds, leaving out what comes by the hundred: each suggestion received, read and placed.

    Looked for among the last lines only, so that a consultation in full swing
    costs no more than a quiet week.
    """
    lines = records.last_sentences(member.slug, most=LOOKED_THROUGH)
    rare = [one for one in lines if one.verb not in BY_THE_HUNDRED]
    return tuple((rare or lines)[:LATELY])


def where_we_are(member: Member) -> WhereWeAre:
    """Draw the stages of the cycle opened last; of the whole method before one is open."""
    latest = Cycle.objects.of(member).latest_first().first()
    parts = line_of_stages(member, latest.kind if latest else "")
    present = tuple(one for part in parts for one in part.stages if one["state"] == "present")
    if latest is None:
        return WhereWeAre("", parts, present)
    timeline = reverse("timeline", args=[member.slug, latest.kind, latest.number])
    return WhereWeAre(cycles.cycle_name(latest.kind, latest.number), parts, present, timeline)


def open_consultations(member: Member) -> tuple[OpenConsultation, ...]:
    """List the consultations that receive suggestions now, the one that closes first before the others."""
    now = timezone.now()
    said = Contribution.objects.published().filter(consultation=OuterRef("pk"))
    found = Consultation.objects.of(member).open_at(now).annotate(said=Exists(said)).order_by("closes_at", "pk")
    return tuple(_open(member, one) for one in found)


def open_call(member: Member) -> OpenCall | None:
    """Find the call for participation that receives applications now; of several, the one that closes first."""
    now = timezone.now()
    found = CallForParticipation.objects.of(member).filter(state=CallForParticipation.State.PUBLISHED)
    one = found.filter(opens_at__lte=now, closes_at__gt=now).order_by("closes_at", "pk").first()
    if one is None:
        return None
    # What closes at midnight closes the day before.
    closes_on = timezone.localdate(one.closes_at - dt.timedelta(seconds=1))
    return OpenCall(official(one.title), reverse("participation_call", args=[member.slug, one.number]), closes_on)


def coming_workshops(member: Member) -> WorkshopsToCome | None:
    """Say how many workshops are to come, and when the next one is; nothing while none is planned."""
    found = workshops_to_come(Workshop.objects.of(member), now=timezone.now())
    told = found.exclude(meeting__state=Meeting.State.CANCELLED).aggregate(
        count=Count("pk"), first=Min("meeting__starts_at")
    )
    if not told["count"]:
        return None
    return WorkshopsToCome(told["count"], reverse("workshops", args=[member.slug]), timezone.localdate(told["first"]))


@dataclass(frozen=True)
class NextMeeting:
    """The next meeting that everyone may attend."""

    title: Voice
    url: str
    starts_at: dt.datetime
    place: Voice


def next_meeting(member: Member) -> NextMeeting | None:
    """Find the next meeting open to all, for whoever asks what they can do now."""
    planned = (Meeting.State.PLANNED, Meeting.State.CONVENED)
    found = Meeting.objects.of(member).filter(open_to_all=True, state__in=planned, starts_at__gt=timezone.now())
    one = found.order_by("starts_at", "pk").first()
    if one is None:
        return None
    return NextMeeting(
        official(one.title), reverse("meeting", args=[member.slug, one.number]), one.starts_at, official(one.place)
    )


@dataclass(frozen=True)
class LastDecision:
    """What the Council decided last, as published."""

    title: Voice
    url: str
    decision: str
    on: dt.date


def last_decision(member: Member) -> LastDecision | None:
    """Find the Council's last published decision."""
    found = Deliberation.objects.of(member).filter(PUBLIC_DELIBERATIONS).select_related("act")
    one = found.order_by("-act__dated_on", "-pk").first()
    if one is None:
        return None
    url = reverse("deliberation", args=[member.slug, one.uid])
    return LastDecision(official(one.act.title), url, str(cycles.DECISIONS[one.decision]), one.act.dated_on)


def changes_soon(member: Member) -> bool:
    """Say whether a consultation opens or closes before a page kept now is let go: no journal line tells it."""
    now = timezone.now()
    soon = now + dt.timedelta(seconds=KEPT_FOR)
    near = Q(opens_at__gt=now, opens_at__lte=soon) | Q(closes_at__gt=now, closes_at__lte=soon)
    calls = CallForParticipation.objects.of(member).filter(state=CallForParticipation.State.PUBLISHED)
    if Consultation.objects.of(member).filter(near).exists() or calls.filter(near).exists():
        return True
    return Meeting.objects.of(member).filter(open_to_all=True, starts_at__gt=now, starts_at__lte=soon).exists()


def _open(member: Member, one: Consultation) -> OpenConsultation:
    # The last day on which one may write: what closes at midnight closes the day before.
    closes_on = timezone.localdate(one.closes_at - dt.timedelta(seconds=1))
    left = (closes_on - today()).days
    told = ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left} if left else _("last day today")
    return OpenConsultation(
        title=official(one.title),
        question=official(one.question, most=240),
        url=reverse("consultation", args=[member.slug, one.slug]),
        suggest_url=reverse("suggest", args=[member.slug, one.slug]),
        # Where there is nothing to read yet, or nobody is asked whether they agree, nothing is offered.
        voices_url=reverse("voices", args=[member.slug, one.slug]) if one.said and one.takes_votes else "",  # type: ignore[attr-defined]
        closes_on=closes_on,
        days_left=told,
    )


def became_of_it(member: Member) -> BecameOfIt | None:
    """Tell what became of what was said; nothing while nobody was asked anything."""
    everything = Contribution.objects.of(member)
    if not everything.exists():
        return None
    counts = counted(member)
    return BecameOfIt(
        coverage=counts.coverage,
        # Rounded down: nothing is said to be whole before it is.
        percent=counts.coverage.percent,
        bars=_bars(member, counts),
        answers=_last_answers(member),
        proofs=_last_proofs(member),
        map=map_of_voices(member, counts.by_province),
    )


def counted(member: Member) -> Counts:
    """Count what was said and answered; counted once between two lines of the journal.

    Every row is looked at, so that no counter can drift; in whatever language
    and by whomever the page is read, once is enough until something happens.
    """
    last = JournalLine.objects.of(member.slug).aggregate(last=Max("pk"))["last"]
    key = f"counts:{member.slug}:{last}"
    known: Counts | None = caches["pages"].get(key)
    if known is None:
        caches["pages"].set(key, known := _count(member))
    return known


def _count(member: Member) -> Counts:
    everything = Contribution.objects.of(member)
    placed = everything.published().exclude(suggestion__province=None).order_by()
    by_province = placed.values_list("suggestion__province__code").annotate(many=Count("pk"))
    return Counts(coverage_of(everything), by_decision(member), dict(by_province))


def by_decision(member: Member) -> dict[str, int]:
    """Count what was answered by the decision that stands; a change of mind counts once, as what it became."""
    later = CoveredContribution.objects.filter(contribution=OuterRef("contribution")).filter(
        Q(response__given_at__gt=OuterRef("response__given_at"))
        | Q(response__given_at=OuterRef("response__given_at"), response__gt=OuterRef("response"))
    )
    countable = Q(contribution__withdrawn_at=None) & ~Q(contribution__moderation="spam")
    standing = CoveredContribution.objects.filter(countable, response__member=member).filter(~Exists(later))
    counted = standing.order_by().values("response__decision").annotate(many=Count("pk"))
    return {one["response__decision"]: one["many"] for one in counted}


def _bars(member: Member, figures: Counts) -> tuple[DecisionBar, ...]:
    """Give the answers by decision; what is hidden with its reason told is answered too, and has its own bar."""
    coverage, counts = figures.coverage, figures.by_decision
    listed = reverse("suggestions", args=[member.slug])
    rows = [
        (str(DECISIONS[code]), TONES[code], counts.get(code, 0), f"{listed}?answer={code}")
        for code in ReasonedResponse.Decision.values
    ]
    told = coverage.answered - sum(counts.values())
    rows.append((_("Hidden by moderation, and told why"), "idle", told, ""))
    waiting = coverage.countable - coverage.answered
    rows.append((_("Waiting for an answer"), "underway", waiting, f"{listed}?answer=waiting"))
    whole = max(coverage.countable, 1)
    return tuple(
        DecisionBar(label, tone, count, round(count / whole * 100), url) for label, tone, count, url in rows if count
    )


def _last_answers(member: Member) -> tuple[LastAnswer, ...]:
    found = ReasonedResponse.objects.of(member).latest_first().annotate(many=Count("covers"))[:LAST]
    return tuple(
        LastAnswer(
            number=one.number,
            url=reverse("response", args=[member.slug, one.number]),
            decision=str(DECISIONS[one.decision]),
            tone=TONES[one.decision],
            given_on=timezone.localdate(one.given_at),
            covers=ngettext("answers %(n)s suggestion", "answers %(n)s suggestions", one.many) % {"n": one.many},
            reasons=official(one.reasons, most=LONGEST_REASONS),
        )
        for one in found
    )


def _last_proofs(member: Member) -> tuple[LastProof, ...]:
    shown = Evidence.objects.filter(update_shown__commitment__plan__cycle__member=member)
    found = shown.select_related("update_shown__commitment__plan__cycle").order_by("-added_at", "-pk")[:LAST]
    stated = promises([one.update_shown.commitment for one in found])
    return tuple(
        LastProof(
            title=official(one.title),
            url=one.url or reverse("evidence_file", args=[member.slug, one.uid]),
            added_on=timezone.localdate(one.added_at),
            commitment=official(worded(promise["title"])),
            commitment_url=reverse(
                "commitment", args=[member.slug, f"{one.update_shown.commitment.plan.cycle.number}-{promise['number']}"]
            ),
        )
        for one in found
        if (promise := stated.get(one.update_shown.commitment_id))
    )


def map_of_voices(member: Member, by_province: Mapping[str, int]) -> MapOfVoices | None:
    """Draw how many published suggestions speak of each province, as the list of each counts them."""
    places = list(Territory.objects.of(member))
    drawing = drawn({place.code: place.boundary for place in places if place.boundary})
    if drawing is None or len(places) < 2:
        return None
    counts = {place.code: by_province.get(place.code, 0) for place in places}
    most = max(*counts.values(), 1)
    listed, lang = reverse("suggestions", args=[member.slug]), get_language() or "fr"
    return MapOfVoices(
        box=drawing.box,
        places=tuple(
            PlaceSaid(
                name=place.name_in(lang),
                path=drawing.paths[place.code],
                x=drawing.labels[place.code][0],
                y=drawing.labels[place.code][1],
                url=f"{listed}?province={place.code}",
                figure=str(counts[place.code] or ""),
                words=_how_many(counts[place.code]),
                shade=-(-counts[place.code] * _SHADES // most),
            )
            for place in places
            if place.code in drawing.labels
        ),
        invented=any(place.invented for place in places),
    )


def _how_many(suggestions: int) -> str:
    if not suggestions:
        return _("none yet")
    return ngettext("%(n)s suggestion", "%(n)s suggestions", suggestions) % {"n": suggestions}


def plan_now(member: Member) -> PlanNow | None:
    """Give the plan published last at a glance, late first; nothing before one is published."""
    versions = PlanVersion.objects.of(member).exclude(published_at=None).select_related("document", "plan__cycle")
    version = versions.order_by("-plan__starts_on", "-plan_id", "-number").first()
    if version is None:
        return None
    stated, reports = json.loads(version.document.content), reports_of(version.plan, member)
    found = [(one, stands(one, reports, today())) for one in stated["commitments"]]
    rank = list(STATES)
    found.sort(key=lambda pair: (rank.index(pair[1].state), pair[0]["number"]))
    return PlanNow(
        title=official(worded(stated["title"])),
        url=reverse("plan", args=[member.slug, stated["cycle"]]),
        sentence=sentence_of([where.state for _one, where in found]),
        promises=tuple(_promise(member, stated["cycle"], one, where) for one, where in found[:COMMITMENTS_SHOWN]),
        more=max(len(found) - COMMITMENTS_SHOWN, 0),
    )


def _promise(member: Member, cycle: int, one: Mapping[str, Any], where: Stands) -> Promise:
    return Promise(
        number=one["number"],
        title=official(worded(one["title"])),
        unit=official(worded(one["unit"])),
        url=reverse("commitment", args=[member.slug, f"{cycle}-{one['number']}"]),
        state=where.label,
        tone=where.tone,
        when=_until(where),
    )


def _until(where: Stands) -> str:
    """Say by when a commitment is promised: the new day when one was given, said as such."""
    lang = get_language() or "fr"
    if where.late and where.expected_on:
        return _("until %(ends_on)s; what is late is promised for %(expected_on)s") % {
            "ends_on": day(where.ends_on, lang),
            "expected_on": day(where.expected_on, lang),
        }
    return _("until %(ends_on)s") % {"ends_on": day(where.ends_on, lang)}
