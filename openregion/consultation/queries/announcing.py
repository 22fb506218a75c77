"""The announcements of a question's steps, proposed with their words, and what came out of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from openregion.consultation.models import Consultation
from openregion.consultation.queries.questions import READS
from openregion.core import dates
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText, official, text_in
from openregion.cycle.models import Announcement
from openregion.cycle.queries.communication import MEDIA
from openregion.people.models import Contact, Member

NOTE, OPENING, REMINDER, CLOSING, RESULTS = "note", "opening", "reminder", "closing", "results"
STEPS: dict[str, Promise] = {
    NOTE: gettext_lazy("Press note"),
    OPENING: gettext_lazy("It opens"),
    REMINDER: gettext_lazy("It closes soon"),
    CLOSING: gettext_lazy("It is closed"),
    RESULTS: gettext_lazy("The answers"),
}
WEEK = dt.timedelta(days=7)
_KINDS = {NOTE: Announcement.Kind.PRESS_NOTE}


@dataclass(frozen=True)
class Proposed:
    """An announcement proposed for a step: its day, its words; ``planned`` once it stands in the plan."""

    moment: str
    label: str
    kind: str
    planned_on: dt.date
    title: OfficialText
    text: OfficialText
    planned: bool
    published_on: dt.date | None


@dataclass(frozen=True)
class Medium:
    """A medium of the directory."""

    name: str
    who: str
    url: str


@dataclass(frozen=True)
class Out:
    """An announcement about a question that came out."""

    title: OfficialText
    published_on: dt.date
    url: str


def proposed_announcements(consultation: Consultation, *, on: dt.date) -> tuple[Proposed, ...]:
    """Propose what to tell at each step, and when, in the platform's words: people make them theirs.

    A step whose day has passed is not proposed: nobody announces today that it opened last year. Answers that
    are late are still owed, so they are proposed for today. They have a day only where the Region gave one.
    What stands in the plan is shown, whenever it was.
    """
    there = {one.moment: one for one in Announcement.objects.filter(subject_uid=consultation.uid)}
    days = _days(consultation, on)
    proposed = []
    for moment in STEPS:
        one, day = there.get(moment), days.get(moment)
        if one is None and day is None:
            continue
        proposed.append(
            Proposed(
                moment=moment,
                label=str(STEPS[moment]),
                kind=_KINDS.get(moment, Announcement.Kind.ANNOUNCEMENT),
                planned_on=one.planned_on if one else day or on,
                title=one.title if one else _worded(consultation, moment, "title"),
                text=one.text if one else _worded(consultation, moment, "text"),
                planned=one is not None,
                published_on=one.published_on if one else None,
            )
        )
    return tuple(proposed)


def media_of(member: Member) -> tuple[Medium, ...]:
    """List the media of the directory, for those who announce."""
    found = Contact.objects.of(member).present().filter(category=MEDIA).order_by("organisation", "name", "pk")
    return tuple(
        Medium(
            name=one.organisation or one.name,
            who=one.name if one.organisation else one.function,
            url=reverse("contact", args=[member.slug, one.uid]),
        )
        for one in found
    )


def announced_of(consultation: Consultation) -> tuple[Out, ...]:
    """List the announcements about a question that came out, the latest first."""
    cycle = consultation.cycle
    plan = reverse("communication", args=[cycle.member.slug, cycle.kind, cycle.number])
    found = Announcement.objects.filter(subject_uid=consultation.uid).exclude(published_on=None)
    return tuple(
        Out(one.title, one.published_on, f"{plan}#{one.uid}")
        for one in found.order_by("-published_on", "-pk")
        if one.published_on
    )


def _days(consultation: Consultation, on: dt.date) -> dict[str, dt.date]:
    opens = timezone.localdate(consultation.opens_at)
    last = timezone.localdate(consultation.closes_at - dt.timedelta(seconds=1))
    reminder, closed = max(last - WEEK, opens + (last - opens) / 2), last + dt.timedelta(days=1)
    days = {OPENING: opens, CLOSING: closed}
    if on <= last:
        days[NOTE] = on  # the media are told at once: they too need time
    if reminder > opens:
        days[REMINDER] = reminder
    if consultation.answers_by:
        days[RESULTS] = max(on, consultation.answers_by)
    return {moment: day for moment, day in days.items() if day >= on}


def _worded(one: Consultation, moment: str, part: str) -> OfficialText:
    """Word a step in every working language, from what the question says of itself."""
    member = one.cycle.member
    words = {}
    for lang in WORKING:
        with override(lang):
            told = {
                "title": text_in(one.title, lang),
                "question": text_in(one.question, lang),
                "where": text_in(member.name, lang),
                "first": dates.instant(one.opens_at, lang),
                "last": dates.instant(one.closes_at, lang),
                "answers": dates.day(one.answers_by, lang) if one.answers_by else "",
                "purpose": text_in(one.purpose, lang),
                "promise": text_in(one.promise, lang),
                "conduct": text_in(one.conduct, lang),
                "reads": str(READS[one.reads]),
                "rules": settings.SITE + reverse("moderation_rules", args=[member.slug]),
                "address": settings.SITE + reverse("consultation", args=[member.slug, one.slug]),
            }
            words[lang] = _title(moment, told) if part == "title" else _text(moment, told)
    return official(at=timezone.now(), **words)


def _title(moment: str, told: dict[str, str]) -> str:
    titles = {
        NOTE: _("%(where)s asks its inhabitants: %(title)s"),
        OPENING: _("The consultation is open: %(title)s"),
        REMINDER: _("Last days to answer: %(title)s"),
        CLOSING: _("The consultation is closed: %(title)s"),
        RESULTS: _("What becomes of the answers: %(title)s"),
    }
    return titles[moment] % told


def _text(moment: str, told: dict[str, str]) -> str:
    """Word a step from what the consultation itself says: nothing is promised here that it does not promise."""
    promised = [
        *([_("What the Region will do with the answers: %(promise)s")] if told["promise"] else []),
        *([_("It answers in public by %(answers)s.")] if told["answers"] else []),
    ]
    paragraphs = {
        NOTE: [
            _("From %(first)s to %(last)s, %(where)s asks:"),
            "%(question)s",
            *([_("What it is for: %(purpose)s")] if told["purpose"] else []),
            _("Anyone may answer, online or in a meeting, in the language they like, with or without an account."),
            *promised,
            _("When words are read: %(reads)s"),
            *(["%(conduct)s"] if told["conduct"] else []),
            _("What is not published, and why: %(rules)s"),
        ],
        OPENING: [
            "%(question)s",
            _("Anyone may answer until %(last)s, in the language they like, with or without an account."),
            *promised,
        ],
        REMINDER: [
            "%(question)s",
            _("It closes on %(last)s. Nothing more is received afterwards."),
        ],
        CLOSING: [_("Thank you to all who answered. What was said is being gathered."), *promised],
        RESULTS: [
            _("The Region's answers to the suggestions are published, each with its reasons. "
              "The page says how many suggestions have theirs."),
        ],
    }  # fmt: skip
    return "\n\n".join([*(one % told for one in paragraphs[moment]), told["address"]])
