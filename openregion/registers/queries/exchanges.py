"""What the registers show, to the public and to the team, and which answers are awaited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from openregion.core import dates, languages
from openregion.core.due import Due
from openregion.core.official import OfficialText, text_in
from openregion.people.models import Member
from openregion.registers.models import Exchange, PeerActivity

PEER_ACTIVITY = "peer-activity"
FINDABLE_KINDS: dict[str, Promise] = {PEER_ACTIVITY: gettext_lazy("Peer activities")}
PARTIES: dict[str, Promise] = {
    "support-unit": gettext_lazy("Support Unit"),
    "national-contact": gettext_lazy("National point of contact"),
    "ogp": gettext_lazy("OGP"),
}
CHANNELS: dict[str, Promise] = {
    "email": gettext_lazy("E-mail"),
    "letter": gettext_lazy("Letter by post"),
    "telephone": gettext_lazy("Telephone"),
    "meeting": gettext_lazy("Meeting"),
    "online-form": gettext_lazy("Online form"),
}
DIRECTIONS: dict[str, Promise] = {
    "sent": gettext_lazy("Sent by the Region"),
    "received": gettext_lazy("Received by the Region"),
}
ACTIVITIES: dict[str, Promise] = {
    "peer-exchange": gettext_lazy("Peer exchange"),
    "support": gettext_lazy("Support activity"),
}
SCOPES: dict[str, Promise] = {
    "national": gettext_lazy("National"),
    "international": gettext_lazy("International"),
}
PARTS: dict[str, Promise] = {
    "offered": gettext_lazy("The Region offered it"),
    "attended": gettext_lazy("The Region attended it"),
}


@dataclass(frozen=True)
class ExchangeLine:
    """An exchange as it is shown; what the team alone reads is empty for the public."""

    uid: str
    on: dt.date
    party: str
    channel: str
    direction: str
    subject: OfficialText
    answers: OfficialText | None
    summary: OfficialText
    file: str
    contact: str
    awaits: dt.date | None
    late: bool
    answered: bool


@dataclass(frozen=True)
class ActivityLine:
    """A peer activity as everyone reads it."""

    uid: str
    title: OfficialText
    kind: str
    scope: str
    part: str
    starts_on: dt.date
    ends_on: dt.date | None
    place: str
    partners: str
    learnt: OfficialText
    file: str


def exchanges_of(member: Member) -> QuerySet[Exchange]:
    """Give the exchanges of a member, the latest first, with what a line says."""
    return Exchange.objects.of(member).select_related("answers", "contact").prefetch_related("answered_by")


def exchange_lines(
    exchanges: Iterable[Exchange], member: Member, *, today: dt.date, for_team: bool
) -> tuple[ExchangeLine, ...]:
    """Put exchanges in words: the summary, the contact, the file and the delay for the team alone."""
    return tuple(_exchange(one, member, today, for_team=for_team) for one in exchanges)


def activities_of(member: Member) -> QuerySet[PeerActivity]:
    """Give the peer activities of a member, the latest first."""
    return PeerActivity.objects.of(member)


def activity_lines(activities: Iterable[PeerActivity], member: Member) -> tuple[ActivityLine, ...]:
    """Put peer activities in words."""
    return tuple(
        ActivityLine(
            uid=one.uid,
            title=one.title,
            kind=str(ACTIVITIES[one.kind]),
            scope=str(SCOPES[one.scope]),
            part=str(PARTS[one.part]),
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            place=one.place,
            partners=one.partners,
            learnt=one.learnt,
            file=reverse("peer_activity_file", args=[member.slug, one.uid]) if one.file_id else "",
        )
        for one in activities
    )


def activity_counts(member: Member) -> tuple[tuple[str, int], ...]:
    """Count a member's peer activities: those offered and attended, in the country and abroad."""
    rows = list(PeerActivity.objects.of(member).order_by().values_list("part", "scope"))
    return tuple(
        (f"{PARTS[part]} · {SCOPES[scope]}", sum(row == (part, scope) for row in rows))
        for part in PARTS
        for scope in SCOPES
    )


def open_questions(member: Member) -> QuerySet[Exchange]:
    """Give the exchanges that want an answer and have none."""
    return Exchange.objects.of(member).filter(answered_by=None).exclude(wants_answer_by=None)


def due(member: Member, today: dt.date) -> tuple[Due, ...]:
    """List the answers that are awaited, and those the Region owes; one question."""
    return tuple(_due(one, member, today) for one in open_questions(member).order_by("wants_answer_by", "pk"))


def said(words: OfficialText) -> str:
    """Give official text as plain words in the page's language."""
    return text_in(words, languages.body_lang(get_language() or "fr"))


def entries_of_activity(one: PeerActivity) -> Iterator[dict[str, Any]]:
    """Yield what search finds of a peer activity, in each working language."""
    for lang in languages.WORKING:
        with override(lang):
            learnt = text_in(one.learnt, lang)
            yield {
                "lang": lang,
                "kind": PEER_ACTIVITY,
                "subject_uid": one.uid,
                "title": text_in(one.title, lang),
                "excerpt": learnt[:180],
                "path": reverse("peer_activities", args=[one.member.slug]),
                "text": "\n".join(filter(None, (one.partners, one.place, learnt))),
            }


def findable(member: Member) -> Iterator[dict[str, Any]]:
    """Yield all that search finds of a member's registers."""
    for one in PeerActivity.objects.of(member).select_related("member").order_by("pk"):
        yield from entries_of_activity(one)


def _due(one: Exchange, member: Member, today: dt.date) -> Due:
    party, subject = str(PARTIES[one.party]), said(one.subject)
    facts: Any = {
        "key": f"exchange {one.uid}",
        "day": one.wants_answer_by,
        "deed": "log_exchange",
        "url": f"{reverse('new_exchange', args=[member.slug])}?answers={one.uid}",
        "why": _("The day was set when the message was logged, on %(day)s.")
        % {"day": dates.day(one.on, get_language() or "fr")},
    }
    if one.direction == Exchange.Direction.RECEIVED:
        return Due(
            label=_("Answer %(party)s: %(subject)s") % {"party": party, "subject": subject}, act=_("Log it"), **facts
        )
    late = one.wants_answer_by is not None and one.wants_answer_by < today
    label = _("No answer yet from %(party)s: %(subject)s") if late else _("%(party)s is to answer: %(subject)s")
    act = _("Log the answer, or ask again") if late else _("Log the answer")
    return Due(label=label % {"party": party, "subject": subject}, act=act, waits_for="" if late else party, **facts)


def _exchange(one: Exchange, member: Member, today: dt.date, *, for_team: bool) -> ExchangeLine:
    answered = bool(one.answered_by.all())
    awaits = one.wants_answer_by if for_team and not answered else None
    return ExchangeLine(
        uid=one.uid,
        on=one.on,
        party=str(PARTIES[one.party]),
        channel=str(CHANNELS[one.channel]),
        direction=str(DIRECTIONS[one.direction]),
        subject=one.subject,
        answers=one.answers.subject if one.answers else None,
        summary=one.summary if for_team else {},
        file=reverse("exchange_file", args=[member.slug, one.uid]) if for_team and one.file_id else "",
        contact=(one.contact.organisation or one.contact.name) if for_team and one.contact else "",
        awaits=awaits,
        late=awaits is not None and awaits < today,
        answered=answered,
    )
