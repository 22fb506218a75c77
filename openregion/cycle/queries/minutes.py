"""Reading minutes: a first draft from what the meeting holds, what is frozen, what search finds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypedDict

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.languages import WORKING, body_lang
from openregion.core.official import OfficialText, text_in
from openregion.core.safe import clean_text
from openregion.cycle.models import Invitation, Meeting, Minutes
from openregion.cycle.queries.guests import came_by_category, guests_of
from openregion.cycle.queries.meetings import KINDS, agenda_of, sitting_of
from openregion.people.models import Member

KIND = "minutes"
LONGEST_EXCERPT = 180
# Minutes are written in the two languages of the Region.
LANGUAGES = ("fr", "ar")


class Entry(TypedDict):
    """What search keeps of published minutes, in one language."""

    lang: str
    kind: str
    subject_uid: str
    title: str
    excerpt: str
    path: str
    text: str


def first_draft(meeting: Meeting, lang: str) -> str:
    """Write the minutes that the platform can: the opening, who came, each point with its decision, the close.

    Names stand there for those who hold a seat alone, and only in the list that
    is frozen beside these words; the others are counted by category.
    """
    with override(lang):
        return clean_text("\n\n".join(_paragraphs(meeting, lang)))


def _paragraphs(meeting: Meeting, lang: str) -> Iterator[str]:
    opened = timezone.localtime(meeting.starts_at)
    facts = {"day": dates.day(opened.date(), lang), "hour": f"{opened:%H:%M}", "place": meeting.place}
    yield "## " + _("Opening")
    if meeting.place:
        yield _("The meeting opened on %(day)s at %(hour)s. Place: %(place)s.") % facts
    else:
        yield _("The meeting opened on %(day)s at %(hour)s.") % facts
    if meeting.quorum_met is not None:
        present = meeting.invitations.filter(votes=True, attended=True).count()
        counts = {"present": present, "members": meeting.members_in_office}
        if meeting.quorum_met:
            yield _("%(present)s of the %(members)s members in office were present. The quorum was met.") % counts
        else:
            yield _("%(present)s of the %(members)s members in office were present. The quorum was not met.") % counts
    others = came_by_category(meeting, meeting.member)
    if others:
        yield _("Also present:")
        yield "\n".join(f"- {label}: {dates.whole(number)}" for label, number in others)
    for one in agenda_of(meeting):
        yield f"## {one.rank}. {text_in(one.title, lang)}"
        decision = text_in(one.decision, lang)
        yield _("What was said: …")
        yield _("What was decided: %(decision)s") % {"decision": decision} if decision else _("Nothing was decided.")
    yield "## " + _("Close")
    if meeting.closed_on:
        yield _("The meeting closed on %(day)s.") % {"day": dates.day(meeting.closed_on, lang)}


def statement(minutes: Minutes) -> dict[str, Any]:
    """Give all that approved minutes state, ready to be frozen: public through and through.

    Those who hold a seat are named with it, for the office is public; everyone
    else is a number in a category (their names stay with the attendance list).
    """
    meeting = minutes.meeting
    member = meeting.member
    return {
        "kind": KIND,
        "member": {"code": member.slug, "name": _said(member.name), "invented": member.invented},
        "meeting": {
            "number": meeting.number,
            "kind": meeting.kind,
            "title": _said(meeting.title),
            "purpose": _said(meeting.purpose),
            "body": _said(meeting.body.name) if meeting.body else {},
            "starts_at": meeting.starts_at.isoformat(),
            "place": meeting.place,
            "closed_on": meeting.closed_on.isoformat() if meeting.closed_on else "",
            "sitting": sitting_of(meeting),
        },
        "attendance": {
            "members_in_office": meeting.members_in_office,
            "quorum_met": meeting.quorum_met,
            "office": [_in_office(one) for one in guests_of(meeting).exclude(mandate=None)],
            "others": _counted_in_words(meeting),
        },
        "agenda": [
            {
                "rank": one.rank,
                "title": _said(one.title),
                "late_reason": _said(one.late_reason),
                "decision": _said(one.decision),
            }
            for one in agenda_of(meeting)
        ],
        "text": _said(minutes.text),
        "approved_on": minutes.approved_on.isoformat() if minutes.approved_on else "",
    }


def _in_office(one: Invitation) -> dict[str, Any]:
    came = "absent"
    if one.attended:
        came = "represented" if one.answer == Invitation.Answer.REPRESENTED else "present"
    return {"name": one.name, "seat": _said(one.mandate.seat.title) if one.mandate else {}, "came": came}


def _counted_in_words(meeting: Meeting) -> list[dict[str, Any]]:
    """Count the others by category, each category named in every language: the guide's wording of that day."""
    by_lang: dict[str, tuple[tuple[str, int], ...]] = {}
    for lang in WORKING:
        with override(lang):
            by_lang[lang] = came_by_category(meeting, meeting.member)
    return [
        {"category": {lang: by_lang[lang][place][0] for lang in WORKING}, "number": number}
        for place, (_label, number) in enumerate(by_lang["fr"])
    ]


def _said(text: OfficialText) -> dict[str, str]:
    return {lang: wording["text"] for lang, wording in text.items() if wording["text"]}


def stated(minutes: Minutes) -> dict[str, Any]:
    """Give what approved minutes state, from what was frozen."""
    return json.loads(minutes.frozen.content) if minutes.frozen else {}


@dataclass(frozen=True)
class PublishedMinutes:
    """Minutes as everyone reads them, from what was frozen."""

    lang: str
    words: str
    languages: tuple[str, ...]
    office: tuple[tuple[str, str, str], ...]
    others: tuple[tuple[str, int], ...]
    sha256: str


def minutes_to_show(meeting: Meeting) -> PublishedMinutes | None:
    """Give the published minutes of a meeting, in the page's language or the one they are written in."""
    found = Minutes.objects.filter(meeting=meeting, state=Minutes.State.PUBLISHED).select_related("frozen").first()
    if found is None or found.frozen is None:
        return None
    said, lang = stated(found), body_lang(get_language() or "fr")
    written = lang if said["text"].get(lang) else next(iter(said["text"]), "fr")
    presence = {"present": _("Present"), "represented": _("Represented"), "absent": _("Absent")}
    attendance = said["attendance"]
    return PublishedMinutes(
        lang=written,
        words=said["text"].get(written, ""),
        languages=tuple(code for code in LANGUAGES if code in said["text"]),
        office=tuple((one["name"], _worded(one["seat"], lang), presence[one["came"]]) for one in attendance["office"]),
        others=tuple((_worded(one["category"], lang), one["number"]) for one in attendance["others"]),
        sha256=found.frozen.sha256,
    )


def _worded(said: dict[str, str], lang: str) -> str:
    return said.get(lang) or said.get("fr") or next(iter(said.values()), "")


def entries_of_minutes(minutes: Minutes) -> Iterator[Entry]:
    """Yield what search finds of published minutes, in each language they are written in."""
    said = stated(minutes)
    meeting = said["meeting"]
    for lang, words in said["text"].items():
        with override(lang):
            title = meeting["title"].get(lang) or next(iter(meeting["title"].values()))
            decided = [one["decision"].get(lang, "") for one in said["agenda"]]
            named = [one["title"].get(lang, "") for one in said["agenda"]]
            summary = ngettext("Minutes, %(n)s point", "Minutes, %(n)s points", len(named)) % {"n": len(named)}
            yield Entry(
                lang=lang,
                kind=KIND,
                subject_uid=minutes.meeting.uid,
                title=title,
                excerpt=f"{KINDS[meeting['kind']]} · {summary}"[:LONGEST_EXCERPT],
                path=reverse("meeting", args=[said["member"]["code"], meeting["number"]]) + "#minutes",
                text="\n".join([words, *decided, *named]),
            )


def findable_minutes(member: Member) -> Iterator[Entry]:
    """Yield every entry of a member's published minutes, for the index read again."""
    published = Minutes.objects.filter(meeting__member=member, state=Minutes.State.PUBLISHED)
    for one in published.select_related("frozen", "meeting__member").order_by("pk"):
        yield from entries_of_minutes(one)
