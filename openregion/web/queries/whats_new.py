"""What is new for those who follow something: read from the journal, so that nothing is told twice or before its time.

Read once a member, whatever the number of those who follow; each then takes
what touches what they follow, from the line to which they were told.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.consultation.models import Comment, Consultation, Contribution, Follow, Suggestion, Workshop
from openregion.core import dates, languages
from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Meeting
from openregion.diagnosis.models import Finding, FindingSource, Report
from openregion.people.models import Member, Territory
from openregion.plan.models import CoveredContribution, ReasonedResponse
from openregion.plan.queries import DECISIONS
from openregion.record.models import JournalLine
from openregion.web.queries.voice import first_words

Key = tuple[str, str]
MOST = 10  # lines under one heading of a message; the page has them all
LOOKED_THROUGH = 5_000  # suggestions of one week: beyond, the latest are told and the page has the rest
LONGEST_START = 120
_CONSULTATION, _THEME = Follow.Kind.CONSULTATION.value, Follow.Kind.THEME.value
_PROVINCE, _SUGGESTION = Follow.Kind.PROVINCE.value, Follow.Kind.SUGGESTION.value

HEADINGS: dict[str, Promise] = {
    "consultation": gettext_lazy("Consultations"),
    "meeting": gettext_lazy("Meetings to come"),
    "suggestion": gettext_lazy("New suggestions"),
    "comment": gettext_lazy("New comments"),
    "answer": gettext_lazy("Answers"),
    "finding": gettext_lazy("What many people said"),
    "report": gettext_lazy("Reports"),
}


@dataclass(frozen=True)
class Happened:
    """Something new: the journal line that tells it, its heading, how to say it, where it is read."""

    line: int
    heading: str
    said: Callable[[], str]
    url: Callable[[], str]


@dataclass(frozen=True)
class WhatsNew:
    """All that happened at a member since a line, by what it touches; ``until`` is the last line read."""

    until: int
    by_key: dict[Key, tuple[Happened, ...]]

    def of(self, follow: Follow) -> tuple[Happened, ...]:
        """Give what is new under what somebody follows, since they were last told."""
        found = self.by_key.get((follow.kind, follow.subject), ())
        return tuple(one for one in found if one.line > follow.told_until)


def in_parts(news: Iterable[Happened]) -> list[dict[str, object]]:
    """Write news by heading in the language in force: ten lines each, and how many more there are."""
    grouped: dict[str, list[Happened]] = defaultdict(list)
    for one in news:
        grouped[one.heading].append(one)
    return [
        {
            "heading": str(label),
            "lines": [{"said": one.said(), "url": settings.SITE + one.url()} for one in grouped[code][:MOST]],
            "more": max(len(grouped[code]) - MOST, 0),
        }
        for code, label in HEADINGS.items()
        if code in grouped
    ]


def whats_new(member: Member, *, since: int, until: int, at: dt.datetime) -> WhatsNew:
    """Read what happened at a member after one line and up to another, as everyone may know it now."""
    lines = _lines(member, since, until)
    found: dict[Key, list[Happened]] = defaultdict(list)
    for read in (_consultations, _meetings, _suggestions, _comments, _answers, _findings, _reports):
        for one, touched in read(member, lines, at):
            for key in touched:
                found[key].append(one)
    ordered = {key: tuple(sorted(ones, key=lambda one: -one.line)) for key, ones in found.items()}
    return WhatsNew(until, ordered)


Lines = dict[str, dict[str, int]]  # verb → uid of the subject → the last line about it
News = Iterable[tuple[Happened, set[Key]]]

_SHOWN_AT_ONCE = "receive_suggestion"
_READ = (
    "open_consultation", "revise_consultation", "plan_meeting", "plan_workshop", "publish_contribution",
    _SHOWN_AT_ONCE, "give_comment", "give_reasoned_response", "publish_finding", "publish_report",
)  # fmt: skip


def _lines(member: Member, since: int, until: int) -> Lines:
    rows = JournalLine.objects.of(member.slug).filter(pk__gt=since, pk__lte=until, verb__in=_READ)
    read: Lines = {verb: {} for verb in _READ}
    for verb, uid, line in rows.values_list("verb", "subject_uid").annotate(last=Max("pk")).order_by():
        read[verb][uid] = line
    return read


def _latest(uids: dict[str, int]) -> list[str]:
    return sorted(uids, key=lambda uid: -uids[uid])[:LOOKED_THROUGH]


def _in(text: OfficialText) -> str:
    return text_in(text, languages.body_lang(get_language() or "fr"))


def _touched(suggestion: Suggestion | None, consultation: Consultation) -> set[Key]:
    """Name what a suggestion is followed under: its consultation, its theme, its province."""
    keys = {(_CONSULTATION, consultation.slug)}
    if suggestion and suggestion.theme:
        keys.add((_THEME, f"{consultation.slug}.{suggestion.theme.code}"))
    if suggestion and suggestion.province:
        keys.add((_PROVINCE, suggestion.province.code))
    return keys


def _public(member: Member, uids: Iterable[str]) -> list[Contribution]:
    found = Contribution.objects.of(member).published().filter(uid__in=list(uids), erased_at=None)
    return list(found.select_related("consultation", "suggestion__theme", "suggestion__province"))


def _suggestions(member: Member, lines: Lines, at: dt.datetime) -> News:
    """Give the suggestions published, by a person or at once where words are read afterwards."""
    published, received = lines["publish_contribution"], lines[_SHOWN_AT_ONCE]
    for one in _public(member, _latest(received | published)):
        line = published.get(one.uid)
        if line is None and one.consultation.reads != Consultation.Reads.AFTER:
            continue  # its publication has a line of its own, and will be told with it
        yield (
            Happened(
                line or received[one.uid],
                "suggestion",
                lambda one=one: _suggestion_said(one),  # type: ignore[misc]
                lambda one=one: reverse("suggestion", args=[member.slug, one.number]),  # type: ignore[misc]
            ),
            _touched(one.suggestion, one.consultation),
        )


def _suggestion_said(one: Contribution) -> str:
    number = _("Suggestion %(number)s") % {"number": one.number}
    return f"{number} · {first_words(one.words, most=LONGEST_START)}"


def _comments(member: Member, lines: Lines, at: dt.datetime) -> News:
    """Give the comments published, to those who follow what they comment."""
    told = lines["give_comment"] | lines["publish_contribution"]
    found = Comment.objects.filter(contribution__uid__in=_latest(told), contribution__member=member)
    public = found.filter(contribution__moderation="published", contribution__withdrawn_at=None)
    for one in public.filter(contribution__erased_at=None).select_related("contribution", "on"):
        number = one.on.number
        yield (
            Happened(
                told[one.contribution.uid],
                "comment",
                lambda number=number: _("A comment on suggestion %(number)s") % {"number": number},  # type: ignore[misc]
                lambda number=number: reverse("suggestion_voices", args=[member.slug, number]),  # type: ignore[misc]
            ),
            {(_SUGGESTION, str(number))},
        )


def _answers(member: Member, lines: Lines, at: dt.datetime) -> News:
    """Give the Region's answers, to those who follow a suggestion answered, its theme, its province, its question."""
    told = lines["give_reasoned_response"]
    responses = {one.pk: one for one in ReasonedResponse.objects.filter(member=member, uid__in=_latest(told))}
    touched: dict[int, set[Key]] = defaultdict(set)
    covered = CoveredContribution.objects.filter(response__in=responses).select_related(
        "contribution__consultation", "contribution__suggestion__theme", "contribution__suggestion__province"
    )
    for cover in covered:
        one = cover.contribution
        suggestion = getattr(one, "suggestion", None)
        touched[cover.response_id] |= _touched(suggestion, one.consultation) | {(_SUGGESTION, str(one.number))}
    for pk, response in responses.items():
        yield (
            Happened(
                told[response.uid],
                "answer",
                lambda one=response: _answer_said(one),  # type: ignore[misc]
                lambda one=response: reverse("response", args=[member.slug, one.number]),  # type: ignore[misc]
            ),
            touched[pk],
        )


def _answer_said(one: ReasonedResponse) -> str:
    told = {"number": one.number, "decision": str(DECISIONS[one.decision])}
    return _("Answer %(number)s: %(decision)s") % told


def _findings(member: Member, lines: Lines, at: dt.datetime) -> News:
    """Give the findings published, to those who follow what they rest on."""
    told = lines["publish_finding"]
    findings = {one.pk: one for one in Finding.objects.of(member).filter(uid__in=_latest(told)) if one.published_at}
    touched: dict[int, set[Key]] = defaultdict(set)
    sources = FindingSource.objects.filter(finding__in=findings).select_related(
        "contribution__consultation", "contribution__suggestion__theme", "contribution__suggestion__province"
    )
    for source in sources:
        one = source.contribution
        suggestion = getattr(one, "suggestion", None)
        touched[source.finding_id] |= _touched(suggestion, one.consultation) | {(_SUGGESTION, str(one.number))}
    for pk, finding in findings.items():
        yield (
            Happened(
                told[finding.uid],
                "finding",
                lambda one=finding: _in(one.title),  # type: ignore[misc]
                lambda one=finding: reverse("finding", args=[member.slug, one.number]),  # type: ignore[misc]
            ),
            touched[pk],
        )


def _reports(member: Member, lines: Lines, at: dt.datetime) -> News:
    """Give the reports published, to those who follow their question, their theme, the province of their workshop."""
    told = lines["publish_report"]
    found = Report.objects.filter(member=member, state="published", uid__in=_latest(told))
    for one in found.select_related("consultation", "theme", "workshop__theme", "workshop__province"):
        slug, workshop = one.consultation.slug, one.workshop
        keys = {(_CONSULTATION, slug)}
        keys |= {(_THEME, f"{slug}.{theme.code}") for theme in (one.theme, workshop and workshop.theme) if theme}
        if workshop and workshop.province:
            keys.add((_PROVINCE, workshop.province.code))
        yield (
            Happened(
                told[one.uid],
                "report",
                lambda one=one: _in(one.title),  # type: ignore[misc]
                lambda one=one: reverse("report", args=[member.slug, one.number]),  # type: ignore[misc]
            ),
            keys,
        )


def _meetings(member: Member, lines: Lines, at: dt.datetime) -> News:
    """Give the meetings and workshops to come that everyone may know of."""
    told = lines["plan_workshop"]
    planned = (Meeting.State.PLANNED, Meeting.State.CONVENED)
    workshops = Workshop.objects.of(member).filter(uid__in=_latest(told), meeting__state__in=planned)
    to_come = workshops.filter(meeting__starts_at__gt=at)
    for one in to_come.select_related("meeting", "consultation", "theme", "province"):
        keys = {(_CONSULTATION, one.consultation.slug)}
        if one.theme:
            keys.add((_THEME, f"{one.consultation.slug}.{one.theme.code}"))
        if one.province:
            keys.add((_PROVINCE, one.province.code))
        yield _meeting(member, one.meeting, told[one.uid], "workshop"), keys
    gathered = lines["plan_meeting"]
    meetings = Meeting.objects.of(member).filter(uid__in=_latest(gathered), state__in=planned, open_to_all=True)
    slugs: dict[int, set[str]] = defaultdict(set)
    for cycle, slug in Consultation.objects.of(member).values_list("cycle_id", "slug"):
        slugs[cycle].add(slug)
    of_workshops = set(Workshop.objects.of(member).values_list("meeting_id", flat=True))
    for meeting in meetings.filter(starts_at__gt=at).exclude(cycle=None).exclude(pk__in=of_workshops):
        touched = {(_CONSULTATION, slug) for slug in slugs[meeting.cycle_id or 0]}
        yield _meeting(member, meeting, gathered[meeting.uid], "meeting"), touched


def _meeting(member: Member, one: Meeting, line: int, page: str) -> Happened:
    def said() -> str:
        when = dates.instant(one.starts_at, get_language() or "fr")
        return " · ".join(filter(None, (_in(one.title), when, _in(one.place))))

    return Happened(line, "meeting", said, lambda: reverse(page, args=[member.slug, one.number]))


def _consultations(member: Member, lines: Lines, at: dt.datetime) -> News:
    """Give the questions announced in a province that is followed, and new days of one that is followed."""
    told = lines["open_consultation"] | lines["revise_consultation"]
    codes = set(Territory.objects.of(member).values_list("code", flat=True)) if told else set()
    found = Consultation.objects.of(member).filter(uid__in=_latest(told), closes_at__gt=at)
    for one in found.prefetch_related("places", "themes"):
        places = {place.code for place in one.places.all()} or codes
        keys: set[Key] = set()
        if one.uid in lines["open_consultation"]:
            keys |= {(_PROVINCE, code) for code in places}
        if one.uid in lines["revise_consultation"]:
            keys |= {(_CONSULTATION, one.slug)}
            keys |= {(_THEME, f"{one.slug}.{theme.code}") for theme in one.themes.all()}
        yield (
            Happened(
                told[one.uid],
                "consultation",
                lambda one=one: _consultation_said(one),  # type: ignore[misc]
                lambda one=one: reverse("consultation", args=[member.slug, one.slug]),  # type: ignore[misc]
            ),
            keys,
        )


def _consultation_said(one: Consultation) -> str:
    last = dates.instant(one.closes_at, get_language() or "fr")
    return _("%(title)s · open until %(last)s") % {"title": _in(one.title), "last": last}
