"""Calls for participation as their pages show them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _

from openregion.analysis.disclosure import shown_cells
from openregion.consultation.models import Application, CallForParticipation, Workshop
from openregion.consultation.queries.alike import ONE_EACH
from openregion.consultation.queries.categories import DIMENSIONS, GENDERS, UNSAID, categories_of, values_of
from openregion.consultation.queries.draws import mark_of_list
from openregion.consultation.queries.questions import smallest_group
from openregion.core import dates, languages
from openregion.core.due import Due
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Meeting
from openregion.cycle.queries.guests import Guest, came_by_category
from openregion.cycle.queries.meetings import is_public
from openregion.people.models import Member

_State = CallForParticipation.State
_Where = Application.State
_MOVED: dict[str, Promise] = {
    "public_on": gettext_lazy("Public figure of the draw: %(before)s, then %(after)s"),
    "place_by": gettext_lazy("Day and place said by: %(before)s, then %(after)s"),
}


@dataclass(frozen=True)
class CallLine:
    """A call in a list."""

    number: int
    title: OfficialText
    opens_at: dt.datetime
    closes_at: dt.datetime
    seats: int
    state: str


@dataclass(frozen=True)
class QuotaRow:
    """A category whose number is bounded: from the least to the most."""

    label: str
    least: int
    most: int


@dataclass(frozen=True)
class QuotaGroup:
    """The bounded categories of a dimension."""

    code: str
    label: str
    rows: tuple[QuotaRow, ...]


@dataclass(frozen=True)
class ChangeLine:
    """What was changed once the call was published, and why."""

    at: dt.datetime
    reason: OfficialText
    what: tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """A count by category without small groups; ``rest`` gathers them. No cell at all where every group is small."""

    code: str
    label: str
    cells: tuple[tuple[str, str], ...]
    rest: str


@dataclass(frozen=True)
class MeetingLine:
    """The meeting that a call chooses participants for."""

    title: OfficialText
    starts_at: dt.datetime
    place: OfficialText
    address: str


@dataclass(frozen=True)
class CallPage:
    """A call as everyone reads it."""

    number: int
    title: OfficialText
    about: OfficialText
    consultation: OfficialText
    consultation_slug: str
    meeting: MeetingLine | None
    state: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    seats: int
    criteria: tuple[OfficialText, ...]
    one_each: str
    quotas: tuple[QuotaGroup, ...]
    changes: tuple[ChangeLine, ...]
    secret_hash: str
    list_mark: str
    public_source: OfficialText
    public_on: dt.date | None
    place_by: dt.date | None
    smallest: int
    selected_at: dt.datetime | None
    by_lot: bool
    told_by_draw: str
    participants: int
    shares: tuple[Share, ...]
    shares_withheld: bool
    organisations: tuple[str, ...]
    came: tuple[Share, ...]


def call_state(call: CallForParticipation, *, at: dt.datetime) -> str:
    """Say where a call is: "draft", "to-come", "open", "closed" or "selected"."""
    if call.state != _State.PUBLISHED:
        return call.state
    if at < call.opens_at:
        return "to-come"
    return "open" if at < call.closes_at else "closed"


def call_lines(member: Member, *, at: dt.datetime, drafts: bool = False) -> tuple[CallLine, ...]:
    """List a member's calls, the last to open first; drafts for those who write them only."""
    found = CallForParticipation.objects.of(member).latest_first()
    return tuple(
        CallLine(one.number, one.title, one.opens_at, one.closes_at, one.seats, call_state(one, at=at))
        for one in (found if drafts else found.public())
    )


def call_of(member: Member, number: int) -> CallForParticipation | None:
    """Find a member's call by its number, with what its pages read."""
    found = CallForParticipation.objects.of(member).filter(number=number)
    return found.select_related(
        "member", "consultation__cycle__member", "workshop__meeting__member", "draw__document"
    ).first()


def call_page(call: CallForParticipation, *, at: dt.datetime) -> CallPage:
    """Prepare the public page of a call: criteria, quotas, days, promise; then who was chosen, and who came."""
    member, smallest = call.member, smallest_group(call.member)
    chosen = _participants(call)
    withheld = _someone_chosen_is_erased(call)
    return CallPage(
        number=call.number,
        title=call.title,
        about=call.about,
        consultation=call.consultation.title,
        consultation_slug=call.consultation.slug,
        meeting=_meeting_line(call),
        state=call_state(call, at=at),
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        seats=call.seats,
        criteria=tuple(one["text"] for one in call.criteria),
        one_each=str(ONE_EACH),
        quotas=quota_groups(member, call.quotas),
        changes=tuple(_change(one) for one in reversed(call.changes)),
        secret_hash=call.secret_hash,
        list_mark=mark_of_list(call) if at >= call.closes_at else "",
        public_source=call.public_source,
        public_on=call.public_on,
        place_by=call.place_by if call.workshop is None else None,
        smallest=smallest,
        selected_at=call.selected_at,
        by_lot=hasattr(call, "draw"),
        told_by_draw=_told_by_draw(call),
        participants=len(chosen),
        shares=() if withheld else _shares(member, chosen, smallest, told=call.quotas if hasattr(call, "draw") else ()),
        shares_withheld=withheld,
        organisations=tuple(sorted({one.organisation for one in chosen if one.may_name and one.organisation})),
        came=who_came(call, smallest),
    )


def quota_groups(member: Member, quotas: Mapping[str, Mapping[str, Sequence[int]]]) -> tuple[QuotaGroup, ...]:
    """Write quotas in words, in the order of the categories."""
    groups = []
    for dimension, label in DIMENSIONS.items():
        if asked := quotas.get(dimension):
            named = values_of(member, dimension)
            codes = [*(code for code in named if code in asked), *(code for code in asked if code not in named)]
            rows = tuple(QuotaRow(named.get(code, code), *asked[code]) for code in codes)
            groups.append(QuotaGroup(dimension, str(label), rows))
    return tuple(groups)


def who_came(call: CallForParticipation, smallest: int) -> tuple[Share, ...]:
    """Count who came to the call's meeting, by category as its own page does, and by gender; small groups held back."""
    if not call.workshop or call.workshop.meeting.state != Meeting.State.HELD:
        return ()
    meeting = call.workshop.meeting
    came = came_by_category(meeting, call.member)
    genders = {code: str(label) for code, label in GENDERS.items()}
    of_others = Counter(meeting.invitations.filter(attended=True, mandate=None).values_list("gender", flat=True))
    cells = tuple((label, dates.whole(n)) for label, n in came.cells)
    rest = dates.whole(came.rest) if cells and came.rest is not None else ""
    return (
        Share("came-category", _("By category"), cells, rest),
        _share("came-gender", _("By gender"), of_others, genders, smallest),
    )


def next_call_change(calls: Iterable[CallLine | CallForParticipation], *, at: dt.datetime) -> dt.datetime | None:
    """Say when the first of these calls opens or closes next; nothing when none will."""
    return min((when for one in calls for when in (one.opens_at, one.closes_at) if when > at), default=None)


def workshops_of(member: Member) -> QuerySet[Workshop]:
    """List the workshops for which participants may be chosen: those not held nor cancelled."""
    ahead = Workshop.objects.filter(consultation__cycle__member=member).exclude(
        meeting__state__in=("held", "cancelled")
    )
    return ahead.select_related("meeting", "consultation").order_by("meeting__starts_at", "pk")


def guests_of_call(call: CallForParticipation) -> tuple[Guest, ...]:
    """Make guests of those chosen, to put on the list of the call's meeting."""
    return tuple(guest_of(one) for one in _participants(call) if not one.erased_at)


def guest_of(application: Application) -> Guest:
    """Make a guest of someone who applied."""
    return Guest(
        name=application.name,
        organisation=application.organisation,
        category=application.organisation_type or "citizens",
        gender=application.gender,
        email=application.email,
        lang=application.lang,
    )


def entries_of_call(call: CallForParticipation) -> Iterator[dict[str, Any]]:
    """Yield what search finds of a published call, in each working language."""
    if call.state == _State.DRAFT:
        return
    for lang in WORKING:
        with override(lang):
            about = text_in(call.about, lang)
            yield {
                "lang": lang,
                "kind": "participation-call",
                "subject_uid": call.uid,
                "title": text_in(call.title, lang),
                "excerpt": about[:180],
                "path": reverse("participation_call", args=[call.member.slug, call.number]),
                "text": " ".join([about, *(text_in(one["text"], lang) for one in call.criteria)]),
            }


def findable_calls(member: Any) -> Iterator[dict[str, Any]]:
    """Yield all that search finds of a member's calls."""
    for call in CallForParticipation.objects.of(member).public().select_related("member").order_by("pk"):
        yield from entries_of_call(call)


def due_calls(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say which calls are to publish, open or close, what is to judge, where to choose, and where to say the place."""
    now, lines = timezone.now(), []
    placed = Q(state=_State.SELECTED) & (Q(workshop__isnull=False) | Q(place_by=None))
    found = (
        CallForParticipation.objects.of(member)
        .exclude(placed)
        .annotate(
            waiting=Count("applications", filter=Q(applications__state=_Where.RECEIVED)),
            eligible=Count("applications", filter=Q(applications__state=_Where.ELIGIBLE)),
        )
    )
    for one in found.select_related("member").order_by("closes_at", "pk"):
        if one.state == _State.DRAFT:
            lines += _draft_due(one)
        else:
            lines += _place_due(one) if one.state == _State.SELECTED else _published_due(one, now)
    return tuple(lines)


def _draft_due(call: CallForParticipation) -> list[Due]:
    page = reverse("revise_participation_call", args=[call.member.slug, call.number])
    return [
        Due(
            key=f"call-draft:{call.uid}",
            label=_("Publish the call for participation: %(title)s") % {"title": _title(call)},
            url=page,
            act=_("Open the draft"),
            day=timezone.localdate(call.opens_at),
            why=_("The day on which it opens, set in its draft."),
            deed="publish_participation_call",
            duty="civil-society",
        )
    ]


def _place_due(call: CallForParticipation) -> list[Due]:
    """Recall what the letters promised: the day and the place, by a day."""
    return [
        Due(
            key=f"call:{call.uid}:place",
            label=_("Say where and when: %(title)s") % {"title": _title(call)},
            url=reverse("participation_quotas", args=[call.member.slug, call.number]),
            act=_("Choose its workshop"),
            day=call.place_by,
            why=_("The day set when the call was published."),
            deed="revise_participation_call",
            duty="civil-society",
        )
    ]


def _published_due(call: Any, now: dt.datetime) -> list[Due]:
    lines, said = [], {"title": _title(call)}
    page = reverse("participation_call", args=[call.member.slug, call.number])
    applications = reverse("applications", args=[call.member.slug, call.number])
    opened, closed = call.opens_at <= now, call.closes_at <= now
    if not closed:
        told = _("The call for participation closes: %(title)s") if opened else _("The call opens: %(title)s")
        # What closes at midnight closes the day before.
        day = call.closes_at - dt.timedelta(seconds=1) if opened else call.opens_at
        lines.append(
            Due(
                key=f"call:{call.uid}:{'closes' if opened else 'opens'}",
                label=told % said,
                url=page,
                act=_("Open its page"),
                day=timezone.localdate(day),
                why=_("The day set when the call was published."),
                deed="publish_participation_call",
                duty="civil-society",
            )
        )
    if call.waiting:
        judge = ngettext("Judge %(n)s application: %(title)s", "Judge %(n)s applications: %(title)s", call.waiting)
        lines.append(
            Due(
                key=f"call:{call.uid}:judge",
                label=judge % {**said, "n": call.waiting},
                url=applications,
                act=_("Judge them"),
                why=_("No rule sets a delay. Nobody is told before the participants are chosen."),
                deed="judge_application",
                duty="civil-society",
            )
        )
    elif closed:
        day, why = None, _("The call has closed and every application is judged. No rule sets a delay.")
        # No lots are drawn where everyone has a seat: nothing waits for the figure.
        if call.public_on and call.public_on > timezone.localdate(now) and call.eligible > call.seats:
            day = call.public_on
            told = _("The draw waits for the public figure that the call named: it is published on %(day)s.")
            why = told % {"day": dates.day(day, get_language() or "fr")}
        lines.append(
            Due(
                key=f"call:{call.uid}:select",
                label=_("Choose the participants: %(title)s") % said,
                url=applications,
                act=_("Choose them"),
                day=day,
                why=why,
                deed="select_participants",
                duty="civil-society",
            )
        )
    return lines


def _title(call: CallForParticipation) -> str:
    return text_in(call.title, languages.body_lang(get_language() or "fr"))


def _participants(call: CallForParticipation) -> list[Application]:
    if call.state != _State.SELECTED:
        return []
    return list(call.applications.filter(state=_Where.SELECTED).select_related("province").order_by("number"))


def _someone_chosen_is_erased(call: CallForParticipation) -> bool:
    """Say whether somebody was erased who had been chosen, or may have been.

    Counts without them, beside those that were read before, would tell who they were.
    """
    if call.state != _State.SELECTED or call.selected_at is None:
        return False
    had_a_seat = call.applications.filter(state__in=(_Where.SELECTED, _Where.WITHDRAWN))
    return had_a_seat.filter(erased_at__gte=call.selected_at).exists()


def _meeting_line(call: CallForParticipation) -> MeetingLine | None:
    if call.workshop is None:
        return None
    meeting = call.workshop.meeting
    address = reverse("meeting", args=[call.member.slug, meeting.number]) if is_public(meeting) else ""
    return MeetingLine(meeting.title, meeting.starts_at, meeting.place, address)


def _shares(
    member: Member, chosen: Sequence[Application], smallest: int, *, told: Collection[str]
) -> tuple[Share, ...]:
    """Count who was chosen by kind, gender and place; no cell under the threshold.

    What a draw has ``told`` already, number by number, stands on its own page.
    """
    dimensions = [one for one in ("kind", "gender", "province") if one not in told]
    counted = [categories_of(one, dict.fromkeys(dimensions)) for one in chosen]
    return tuple(
        _share(name, str(DIMENSIONS[name]), Counter(one[name] for one in counted), values_of(member, name), smallest)
        for name in dimensions
        if counted
    )


def _told_by_draw(call: CallForParticipation) -> str:
    """Name what a draw publishes number by number; nothing before one, or where the seats are not shared."""
    if not hasattr(call, "draw"):
        return ""
    return _(", ").join(str(label) for name, label in DIMENSIONS.items() if name in call.quotas)


def _share(code: str, label: str, counts: Mapping[str, int], named: Mapping[str, str], smallest: int) -> Share:
    # Of those who said so: to pass over a question is no group of people.
    said = {key: n for key, n in {**dict.fromkeys(named, 0), **counts}.items() if key != UNSAID}
    shown = shown_cells(said, smallest)
    cells = tuple((named.get(key, key), dates.whole(n)) for key, n in shown.cells.items() if n)
    rest = dates.whole(shown.rest) if cells and shown.rest is not None else ""
    return Share(code, label, cells, rest)


def _change(kept: Mapping[str, Any]) -> ChangeLine:
    before, after, lang = kept["before"], kept["after"], get_language() or "fr"
    what = []
    if "seats" in after:
        what.append(_("Seats: %(before)s, then %(after)s") % {"before": before["seats"], "after": after["seats"]})
    if "closes_at" in after:
        days = [dates.instant(dt.datetime.fromisoformat(one["closes_at"]), lang) for one in (before, after)]
        what.append(_("Closing: %(before)s, then %(after)s") % {"before": days[0], "after": days[1]})
    if "quotas" in after:
        what.append(_("The quotas"))
    if "workshop" in after:
        what.append(_("The workshop is chosen"))
    for name, told in _MOVED.items():
        if name in after:
            days = [dates.day(dt.date.fromisoformat(one[name]), lang) if one[name] else "…" for one in (before, after)]
            what.append(str(told) % {"before": days[0], "after": days[1]})
    return ChangeLine(dt.datetime.fromisoformat(kept["at"]), kept["reason"], tuple(what))
