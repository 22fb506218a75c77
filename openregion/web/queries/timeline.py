"""The public timeline of a cycle: what was done, day by day, with its documents; what is to come, in grey."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from openregion.admission.models import Dossier, StatusEvent
from openregion.admission.queries.status import label_of
from openregion.consultation.models import Consultation
from openregion.core import dates
from openregion.core.official import OfficialText
from openregion.cycle import queries as cycles
from openregion.cycle.models import (
    Announcement,
    Cycle,
    Deliberation,
    Letter,
    Meeting,
    Minutes,
    Operation,
    Proposal,
    Stage,
)
from openregion.cycle.queries.council import is_public_deliberation, is_public_file
from openregion.cycle.queries.meetings import is_public as is_public_meeting
from openregion.guide import queries as guides
from openregion.monitoring.models import CompletionSheet
from openregion.people.models import Member
from openregion.people.rules import today
from openregion.plan.models import ActionPlan, Commitment, PlanVersion
from openregion.web.queries.ahead import calls_ahead, first_plan_ahead, reports_ahead
from openregion.web.queries.ogp import OgpDay, ogp_days
from openregion.web.queries.voice import Voice, official

# What each kind of entry is called, in the order entries of one day are read.
KINDS: dict[str, Promise] = {
    "cycle": gettext_lazy("Cycle"),
    "stage": gettext_lazy("Stage"),
    "consultation": gettext_lazy("Consultation"),
    "meeting": gettext_lazy("Meeting"),
    "minutes": gettext_lazy("Minutes"),
    "council": gettext_lazy("Council"),
    "letter": gettext_lazy("Letter"),
    "dossier": gettext_lazy("Dossier"),
    "membership": gettext_lazy("Membership"),
    "plan": gettext_lazy("Plan"),
    "sheet": gettext_lazy("Follow-up"),
    "announcement": gettext_lazy("Announcement"),
    "operation": gettext_lazy("Operations"),
}
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Entry:
    """Something that happened, or is to come, on a day: in words, with what it is about and where it is read."""

    on: dt.date
    kind: str
    sentence: str
    about: Voice | None = None
    url: str = ""
    more: tuple[Voice, ...] = ()
    to_come: bool = field(default=False, compare=False)

    @property
    def label(self) -> str:
        """Name its kind."""
        return str(KINDS[self.kind])


@dataclass(frozen=True)
class Month:
    """The entries of a month."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Timeline:
    """A cycle, day by day: what is to come, the next day first; what was done, the last day first."""

    name: str
    kind: str
    number: int
    to_come: tuple[Month, ...]
    done: tuple[Month, ...]
    count: int
    ogp: tuple[OgpDay, ...]


def timeline_of(cycle: Cycle, member: Member) -> Timeline:
    """Tell a cycle day by day, from what is public alone."""
    on = today()
    found = _merged(_entries(cycle, member, on))
    past = sorted((one for one in found if not one.to_come), key=lambda one: (-one.on.toordinal(), _RANK[one.kind]))
    coming = sorted((one for one in found if one.to_come), key=lambda one: (one.on, _RANK[one.kind]))
    return Timeline(
        name=cycles.cycle_name(cycle.kind, cycle.number),
        kind=cycle.kind,
        number=cycle.number,
        to_come=_by_month(coming),
        done=_by_month(past),
        count=len(past),
        ogp=ogp_days(member),
    )


def _merged(entries: Iterable[Entry]) -> list[Entry]:
    """Tell in one entry what happened to one thing on one day: a meeting held, with its minutes, is read once."""
    found: dict[tuple[object, ...], Entry] = {}
    for number, one in enumerate(entries):
        # What leads nowhere, or is a list of its own, stands alone.
        alone = not one.url or (one.about is None and one.more)
        key = (number,) if alone else (one.on, one.url, one.about and one.about.text, one.to_come)
        if key in found:
            before = found[key]
            said = before.sentence if one.sentence == before.sentence else f"{before.sentence} · {one.sentence}"
            found[key] = replace(before, sentence=said, more=before.more + one.more)
        else:
            found[key] = one
    return list(found.values())


def _by_month(entries: Iterable[Entry]) -> tuple[Month, ...]:
    lang = get_language() or "fr"
    gathered: dict[str, list[Entry]] = defaultdict(list)
    for one in entries:
        gathered[dates.month(one.on, lang)].append(one)
    return tuple(Month(label, tuple(those)) for label, those in gathered.items())


def _entries(cycle: Cycle, member: Member, on: dt.date) -> Iterator[Entry]:
    page = reverse("cycle", args=[member.slug, cycle.kind, cycle.number])
    yield Entry(cycle.opened_on, "cycle", _("The cycle is open"), url=page)
    yield from _stages(cycle, on)
    yield from _operations(cycle, member, on)
    yield from _meetings(cycle, member, on)
    yield from _council(cycle, member)
    yield from _letters(cycle, member, on)
    yield from _consultations(cycle, member, on)
    yield from _announcements(cycle, member, on)
    if cycle.kind == Cycle.Kind.ADMISSION:
        yield from _dossiers(cycle, member)
        yield from _membership(cycle, member)
        yield from _ahead_of_joining(member, on)
    else:
        yield from _plan(cycle, member, on)


def _stages(cycle: Cycle, on: dt.date) -> Iterator[Entry]:
    book = cycles.book_of(cycle)
    named = {one.code: one.short.in_(get_language() or "fr") for one in book.stages}
    for one in Stage.objects.filter(cycle=cycle).exclude(starts_on=None):
        name = Voice(named.get(one.code, one.code))
        assert one.starts_on is not None  # those without a day are left out
        begun = one.starts_on <= on
        said = _("The stage begins") if begun else _("The stage will begin")
        yield Entry(one.starts_on, "stage", said, name, to_come=not begun)
        if one.ends_on:
            over = one.ends_on < on
            said = _("The stage is over") if over else _("The stage will end")
            yield Entry(one.ends_on, "stage", said, name, to_come=not over)


def _operations(cycle: Cycle, member: Member, on: dt.date) -> Iterator[Entry]:
    """Gather the operations proved on one day into one entry: a deed may prove ten."""
    book, lang = cycles.book_of(cycle), get_language() or "fr"
    words = {one.code: one.text.in_(lang) for one in guides.operations(book)}
    rows = Operation.objects.filter(cycle=cycle).select_related("cycle").prefetch_related("proofs")
    proved: dict[dt.date, list[tuple[Voice, str]]] = defaultdict(list)
    page = reverse("cycle", args=[member.slug, cycle.kind, cycle.number])
    held = _public_meetings(cycle, member)
    for one in rows:
        said = official(one.text) if one.text else Voice(words.get(one.code, one.code))
        valid = [proof for proof in one.proofs.all() if proof.withdrawn_on is None]
        first = min(valid, key=lambda proof: (proof.done_on, proof.pk), default=None)
        url = reverse("operation", args=[member.slug, cycle.kind, cycle.number, one.code])
        if first and (first.subject_uid, first.done_on) in held:
            # The meeting that proved it says so, on its own entry.
            about, address = held[first.subject_uid, first.done_on]
            yield Entry(first.done_on, "meeting", _("The meeting was held"), about, address, more=(said,))
        elif first:
            proved[first.done_on].append((said, url))
        elif one.planned_on and one.planned_on >= on and one.set_aside_on is None:
            yield Entry(one.planned_on, "operation", _("An operation is set for this day"), said, url, to_come=True)
    for day, those in proved.items():
        if len(those) == 1:
            ((said, url),) = those
            yield Entry(day, "operation", _("An operation of the method was done"), said, url)
            continue
        told = ngettext(
            "%(n)s operation of the method was done", "%(n)s operations of the method were done", len(those)
        )
        more = tuple(said for said, _url in those)
        yield Entry(day, "operation", told % {"n": len(those)}, url=page, more=more)


def _public_meetings(cycle: Cycle, member: Member) -> dict[tuple[str, dt.date], tuple[Voice, str]]:
    """Give the title and page of each public meeting that was held, by its uid and day."""
    found = Meeting.objects.of(member).filter(cycle=cycle, state=Meeting.State.HELD).select_related("minutes")
    return {
        (one.uid, timezone.localdate(one.starts_at)): (
            official(one.title),
            reverse("meeting", args=[member.slug, one.number]),
        )
        for one in found
        if is_public_meeting(one)
    }


def _meetings(cycle: Cycle, member: Member, on: dt.date) -> Iterator[Entry]:
    for one in Meeting.objects.of(member).filter(cycle=cycle).select_related("minutes"):
        if not is_public_meeting(one):
            continue
        url, title = reverse("meeting", args=[member.slug, one.number]), official(one.title)
        day = timezone.localdate(one.starts_at)
        if one.state == Meeting.State.HELD:
            yield Entry(day, "meeting", _("The meeting was held"), title, url)
        elif one.state == Meeting.State.CANCELLED:
            yield Entry(day, "meeting", _("The meeting was cancelled"), title, url)
        elif day >= on:
            yield Entry(day, "meeting", _("A meeting is to be held"), title, url, to_come=True)
        minutes: Minutes | None = getattr(one, "minutes", None)
        if minutes and minutes.published_on:
            yield Entry(minutes.published_on, "minutes", _("The minutes were published"), title, url)


def _council(cycle: Cycle, member: Member) -> Iterator[Entry]:
    for one in Proposal.objects.filter(cycle=cycle):
        if one.opinion_on and is_public_file(one):
            url = reverse("council_file", args=[member.slug, cycle.kind, cycle.number, one.number])
            yield Entry(one.opinion_on, "council", _("The commission gave its opinion"), official(one.title), url)
    visas = {
        Deliberation.Visa.GRANTED: _("The visa was granted"),
        Deliberation.Visa.REFUSED: _("The visa was refused"),
        Deliberation.Visa.TACIT: _("The visa is tacit: the delay has passed"),
    }
    for vote in Deliberation.objects.filter(cycle=cycle).select_related("act", "proposal"):
        if not is_public_deliberation(vote):
            continue
        url, title = reverse("deliberation", args=[member.slug, vote.uid]), official(vote.act.title)
        said = _("The Council deliberated: %(decision)s") % {"decision": cycles.DECISIONS[vote.decision]}
        yield Entry(vote.act.dated_on, "council", said, title, url)
        if vote.sent_on:
            yield Entry(vote.sent_on, "council", _("Sent to the administrative authority"), title, url)
        if vote.visa_on and vote.visa in visas:
            yield Entry(vote.visa_on, "council", visas[Deliberation.Visa(vote.visa)], title, url)


def _letters(cycle: Cycle, member: Member, on: dt.date) -> Iterator[Entry]:
    found = Letter.objects.of(member).filter(cycle=cycle, public=True, state=Letter.State.ISSUED)
    for one in found.exclude(issued_on=None):
        assert one.issued_on is not None  # those not issued are left out
        url = reverse("letter", args=[member.slug, one.uid])
        yield Entry(one.issued_on, "letter", _("A letter was issued"), official(one.title), url)


def _consultations(cycle: Cycle, member: Member, on: dt.date) -> Iterator[Entry]:
    now = timezone.now()
    for one in Consultation.objects.filter(cycle=cycle):
        url, title = reverse("consultation", args=[member.slug, one.slug]), official(one.title)
        opened, closed = one.opens_at <= now, one.closes_at <= now
        said = _("The consultation opened") if opened else _("A consultation will open")
        yield Entry(timezone.localdate(one.opens_at), "consultation", said, title, url, to_come=not opened)
        # What closes at midnight closes the day before.
        last = timezone.localdate(one.closes_at - dt.timedelta(seconds=1))
        said = _("The consultation closed") if closed else _("The consultation will close")
        yield Entry(last, "consultation", said, title, url, to_come=not closed)


def _announcements(cycle: Cycle, member: Member, on: dt.date) -> Iterator[Entry]:
    for one in Announcement.objects.filter(cycle=cycle).exclude(published_on=None):
        assert one.published_on is not None  # those not published are left out
        url = reverse("communication", args=[member.slug, cycle.kind, cycle.number])
        yield Entry(one.published_on, "announcement", _("An announcement was published"), official(one.title), url)


def _dossiers(cycle: Cycle, member: Member) -> Iterator[Entry]:
    for one in Dossier.objects.filter(cycle=cycle).exclude(frozen=None).select_related("call", "frozen"):
        url = reverse("dossier", args=[member.slug, cycle.number, one.number])
        title = official(one.call.title)
        assert one.frozen is not None  # drafts are left out
        yield Entry(timezone.localdate(one.frozen.frozen_at), "dossier", _("The dossier was frozen"), title, url)
        if one.submitted_at:
            day = timezone.localdate(one.submitted_at)
            yield Entry(day, "dossier", _("The dossier was sent to OGP"), title, url)
        if one.answered_on:
            yield Entry(one.answered_on, "dossier", _("OGP answered"), title, url)


def _membership(cycle: Cycle, member: Member) -> Iterator[Entry]:
    """Tell the member's state from the opening of this candidacy to that of the next."""
    after = (
        Cycle.objects.of(member).filter(kind=cycle.kind, opened_on__gt=cycle.opened_on).order_by("opened_on").first()
    )
    found = StatusEvent.objects.of(member).filter(corrected_by=None, on__gte=cycle.opened_on)
    if after is not None:
        found = found.filter(on__lt=after.opened_on)
    url = reverse("membership", args=[member.slug])
    for one in found:
        said = _("The member's state: %(state)s") % {"state": label_of(one.state)}
        yield Entry(one.on, "membership", said, _spoken(one.reason), url)


def _plan(cycle: Cycle, member: Member, on: dt.date) -> Iterator[Entry]:
    plan = ActionPlan.objects.filter(cycle=cycle).first()
    if plan is None:
        return
    url = reverse("plan", args=[member.slug, cycle.number])
    for one in PlanVersion.objects.filter(plan=plan).published():
        assert one.published_at is not None  # only published ones are read
        said = _("Version %(n)s of the plan was published") % {"n": one.number}
        at = reverse("plan_version", args=[member.slug, cycle.number, one.number])
        yield Entry(timezone.localdate(one.published_at), "plan", said, url=at)
    if not PlanVersion.objects.filter(plan=plan).published().exists():
        return
    over = plan.ends_on < on
    said = _("The plan is over") if over else _("The plan will end")
    yield Entry(plan.ends_on, "plan", said, url=url, to_come=not over)
    promised = set(Commitment.objects.filter(plan=plan).values_list("uid", flat=True))
    for report in reports_ahead(member, on, about={plan.uid, *promised}):
        if report.day >= on:
            yield Entry(report.day, "sheet", report.label, url=report.url, to_come=True)
    sheets = CompletionSheet.objects.of(member).issued().filter(commitment__plan=plan)
    for sheet in sheets.select_related("commitment__plan__cycle"):
        assert sheet.issued_at is not None  # only issued ones are read
        at = reverse("sheet", args=[member.slug, sheet.commitment.slug, sheet.number])
        said = _("A completion sheet was issued for commitment %(n)s") % {"n": sheet.commitment.number}
        yield Entry(timezone.localdate(sheet.issued_at), "sheet", said, url=at)


def _ahead_of_joining(member: Member, on: dt.date) -> Iterator[Entry]:
    """Tell what a candidacy comes to: the closing of OGP's calls, then the first plan."""
    for one in calls_ahead(member, timezone.now()):
        assert one.title is not None  # a call has its own
        yield Entry(one.day, "dossier", one.label, official(one.title), one.url, to_come=True)
    for one in first_plan_ahead(member):
        if one.day >= on:
            yield Entry(one.day, "plan", one.label, url=one.url, to_come=True)


def _spoken(text: OfficialText) -> Voice | None:
    return official(text, most=200) if text else None
