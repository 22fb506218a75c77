"""Reading minutes: a first draft from what the meeting holds, what is frozen, what search finds."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
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
from openregion.cycle.models import AgendaItem, Deliberation, Invitation, Meeting, Minutes
from openregion.cycle.queries.council import counts_in_words, counts_of
from openregion.cycle.queries.guests import came_by_category, guests_of
from openregion.cycle.queries.meetings import KINDS, VALID_WHATEVER_THE_NUMBER, agenda_of, day_of, sitting_of
from openregion.cycle.queries.turns import DECISIONS
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
    facts = {"day": dates.day(opened.date(), lang), "hour": f"{opened:%H:%M}", "place": text_in(meeting.place, lang)}
    yield "## " + _("Opening")
    if facts["place"]:
        yield _("The meeting opened on %(day)s at %(hour)s. Place: %(place)s.") % facts
    else:
        yield _("The meeting opened on %(day)s at %(hour)s.") % facts
    if meeting.quorum_met is not None:
        yield _quorum_in_words(meeting)
    others = came_by_category(meeting, meeting.member)
    if others.counts:
        yield _("Also present:")
        yield "\n".join(f"- {label}: {dates.whole(number)}" for label, number in others.counts)
    elif others.too_few:
        yield too_few_in_words()
    voted = votes_at(meeting)
    for one in agenda_of(meeting):
        yield f"## {one.rank}. {text_in(one.title, lang)}"
        decision = _decided(one, voted.get(one.pk, ()), lang)
        yield _("What was said: …")
        yield _("What was decided: %(decision)s") % {"decision": decision} if decision else _("Nothing was decided.")
    yield "## " + _("Close")
    if meeting.closed_on:
        yield _("The meeting closed on %(day)s.") % {"day": dates.day(meeting.closed_on, lang)}


def _quorum_in_words(meeting: Meeting) -> str:
    """Say the quorum as it was recorded; the number present only where the door noted someone.

    A Council that signed a paper list was there all the same: nobody checked in is not nobody present.
    """
    present = meeting.invitations.filter(votes=True, attended=True).count()
    counts = {"present": present, "members": meeting.members_in_office}
    # Fewer noted than the quorum recorded asks: the door did not note everyone, and the count would contradict it.
    partly = (
        meeting.quorum_met
        and present * 2 <= (meeting.members_in_office or 0)
        and sitting_of(meeting) < VALID_WHATEVER_THE_NUMBER
    )
    if not present or partly:
        said = [_("Presence was not noted for everyone.") if present else _("Presence was not noted.")]
        if meeting.members_in_office is not None:
            n = meeting.members_in_office
            said.append(ngettext("%(n)s member is in office.", "%(n)s members are in office.", n) % {"n": n})
        said.append(_("The quorum was met.") if meeting.quorum_met else _("The quorum was not met."))
        return " ".join(said)
    if meeting.quorum_met:
        return _("%(present)s of the %(members)s members in office were present. The quorum was met.") % counts
    return _("%(present)s of the %(members)s members in office were present. The quorum was not met.") % counts


def votes_at(meeting: Meeting) -> dict[int, tuple[Deliberation, ...]]:
    """Give what the Council voted at a sitting, under the points of its agenda.

    The file stands under the point; at a later sitting, and once a postponed
    file has another point, the same title and the day of the vote say which.
    """
    if meeting.body_id is None:
        return {}
    last = meeting.closed_on or day_of(meeting)
    found = Deliberation.objects.filter(
        proposal__council=meeting.body_id, act__dated_on__gte=day_of(meeting), act__dated_on__lte=last
    )
    points = list(meeting.agenda.all())
    titles = {text_in(one.title, "fr"): one.pk for one in reversed(points)}
    known, voted = {one.pk for one in points}, dict[int, tuple[Deliberation, ...]]()
    for one in found.select_related("act", "proposal__agenda_item").order_by("act__dated_on", "pk"):
        file = one.proposal
        if file is None:
            continue
        point = file.agenda_item_id if file.agenda_item_id in known else None
        if point is None and file.agenda_item:
            point = titles.get(text_in(file.agenda_item.title, "fr"))
        point = point or titles.get(text_in(file.title, "fr"))
        if point is not None:
            voted[point] = (*voted.get(point, ()), one)
    return voted


def _decided(item: AgendaItem, voted: Iterable[Deliberation], lang: str) -> str:
    """Say what was decided under a point: what the team recorded, then each vote of the Council with its count."""
    said = [text_in(item.decision, lang)]
    for one in voted:
        counts = counts_of(one)
        told = {
            "decision": str(DECISIONS[one.decision]),
            "number": one.act.number,
            "votes": counts_in_words(counts) if counts else "",
        }
        if counts:
            said.append(_("%(decision)s: deliberation no. %(number)s, %(votes)s.") % told)
        else:
            said.append(_("%(decision)s: deliberation no. %(number)s.") % told)
        said.append(text_in(one.text, lang))
    return "\n".join(filter(None, said))


def _decision_stated(item: AgendaItem, voted: Collection[Deliberation]) -> dict[str, str]:
    """State what was decided under a point; a vote that nobody wrote down again is said in both languages."""
    if not voted:
        return _said(item.decision)
    stated: dict[str, str] = {}
    for lang in LANGUAGES:
        with override(lang):
            stated[lang] = _decided(item, voted, lang)
    return stated


def statement(minutes: Minutes) -> dict[str, Any]:
    """Give all that approved minutes state, ready to be frozen: public through and through.

    Those who hold a seat are named with it, for the office is public; everyone
    else is a number in a category (their names stay with the attendance list).
    """
    meeting = minutes.meeting
    member = meeting.member
    voted, noted = votes_at(meeting), meeting.invitations.filter(attended=True).exclude(mandate=None).exists()
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
            "place": _said(meeting.place),
            "closed_on": meeting.closed_on.isoformat() if meeting.closed_on else "",
            "sitting": sitting_of(meeting),
        },
        "attendance": {
            "members_in_office": meeting.members_in_office,
            "quorum_met": meeting.quorum_met,
            "office": [_in_office(one, noted=noted) for one in guests_of(meeting).exclude(mandate=None)],
            "others": _counted_in_words(meeting),
            "others_too_few": came_by_category(meeting, meeting.member).too_few,
        },
        "agenda": [
            {
                "rank": one.rank,
                "title": _said(one.title),
                "late_reason": _said(one.late_reason),
                "decision": _decision_stated(one, voted.get(one.pk, ())),
            }
            for one in agenda_of(meeting)
        ],
        "text": _said(minutes.text),
        "approved_on": minutes.approved_on.isoformat() if minutes.approved_on else "",
    }


def _in_office(one: Invitation, *, noted: bool) -> dict[str, Any]:
    came = "absent" if noted else "not-noted"  # where the door noted nobody, nobody is said to have stayed away
    if one.attended:
        came = "represented" if one.answer == Invitation.Answer.REPRESENTED else "present"
    return {"name": one.name, "seat": _said(one.mandate.seat.title) if one.mandate else {}, "came": came}


def _counted_in_words(meeting: Meeting) -> list[dict[str, Any]]:
    """Count the others by category, each category named in every language: the guide's wording of that day."""
    by_lang: dict[str, tuple[tuple[str, int], ...]] = {}
    for lang in WORKING:
        with override(lang):
            by_lang[lang] = came_by_category(meeting, meeting.member).counts
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
    others_too_few: str
    sha256: str


def minutes_to_show(meeting: Meeting) -> PublishedMinutes | None:
    """Give the published minutes of a meeting, in the page's language or the one they are written in."""
    found = Minutes.objects.filter(meeting=meeting, state=Minutes.State.PUBLISHED).select_related("frozen").first()
    if found is None or found.frozen is None:
        return None
    said, lang = stated(found), body_lang(get_language() or "fr")
    written = lang if said["text"].get(lang) else next(iter(said["text"]), "fr")
    presence = presence_in_words()
    attendance = said["attendance"]
    return PublishedMinutes(
        lang=written,
        words=said["text"].get(written, ""),
        languages=tuple(code for code in LANGUAGES if code in said["text"]),
        office=tuple((one["name"], _worded(one["seat"], lang), presence[one["came"]]) for one in attendance["office"]),
        others=tuple((_worded(one["category"], lang), one["number"]) for one in attendance["others"]),
        # Minutes frozen before small groups were kept back say nothing of it.
        others_too_few=too_few_in_words() if attendance.get("others_too_few") else "",
        sha256=found.frozen.sha256,
    )


def too_few_in_words() -> str:
    """Say that others came, where even their number would tell of someone."""
    return _("Other people came too. They are too few to be counted by category without telling who.")


def presence_in_words() -> dict[str, str]:
    """Name what minutes say of each who holds a seat."""
    return {
        "present": _("Present"),
        "represented": _("Represented"),
        "absent": _("Absent"),
        "not-noted": _("Not noted"),
    }


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
