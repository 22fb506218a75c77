"""Who may put a question to the public, what may still change in it, and when it receives answers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, ConsultationPaper
from openregion.core.official import OfficialText, says_the_same
from openregion.cycle.models import Cycle
from openregion.people.models import Territory, User
from openregion.people.rules import why_not_allowed

LONGEST_SLUG = 60


RESERVED = {"new"}  # the page that opens a consultation

# What people answer in words; corrected once it is open with a dated note, the words of before kept beside.
WORDS = ("title", "question", "purpose", "promise", "conduct")
# What people are to know before they are asked.
PROMISED: dict[str, Promise] = {
    "purpose": gettext_lazy("what it is for"),
    "promise": gettext_lazy("what will be done with the answers"),
    "answers_by": gettext_lazy("by which day they are answered"),
}
# What people count on as they answer: it stays as it is once the consultation is open.
FIXED_ONCE_OPEN = frozenset({"opens_at", "stage", "places", "reads", "takes_votes", "takes_comments"})


@dataclass(frozen=True)
class ThemeSaid:
    """A theme as it is given: its code, its name, and what is asked under it."""

    code: str
    name: OfficialText
    question: OfficialText = field(default_factory=dict)


class Said(TypedDict, total=False):
    """What a revision says; what it does not name stays as it is."""

    title: OfficialText
    question: OfficialText
    purpose: OfficialText
    promise: OfficialText
    conduct: OfficialText
    answers_by: dt.date | None
    stage: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    places: Sequence[Territory]
    reads: str
    takes_votes: bool
    takes_comments: bool
    themes: Sequence[ThemeSaid]


def changes(consultation: Consultation, said: Said) -> frozenset[str]:
    """Name what a revision changes: words are compared as they are read, whenever they were written."""
    found = set()
    for name, value in said.items():
        if name == "themes":
            themes = {one.code: one for one in said["themes"]}
            if _themes_differ(consultation, themes):
                found.add(name)
        elif name == "places":
            if {place.pk for place in said["places"]} != set(consultation.places.values_list("pk", flat=True)):
                found.add(name)
        elif name in WORDS:
            if not says_the_same(getattr(consultation, name), value):  # type: ignore[arg-type]
                found.add(name)
        elif getattr(consultation, name) != value:
            found.add(name)
    return frozenset(found)


def why_not_open_consultation(
    by: User,
    cycle: Cycle,
    *,
    slug: str,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    answers_by: dt.date | None = None,
    places: Iterable[Territory] = (),
    reads: str = Consultation.Reads.BEFORE,
    purpose: OfficialText | None = None,
    promise: OfficialText | None = None,
    at: dt.datetime,
) -> str:
    """Say why a consultation may not be opened between these instants; empty when it may.

    Nobody is asked without being told what it is for, what will be done with the
    answers, and by when. One that is over already, brought from elsewhere, was
    asked as it was.
    """
    if reason := why_not_allowed(by, "open_consultation", cycle.member):
        return reason
    if reason := _why_not_in_order(opens_at, closes_at, answers_by):
        return reason
    given = {"purpose": _worded(purpose or {}), "promise": _worded(promise or {}), "answers_by": bool(answers_by)}
    if closes_at > at and (reason := _why_not_without(name for name, is_there in given.items() if not is_there)):
        return reason
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > LONGEST_SLUG:
        return _("The address holds small letters without accents, digits and hyphens, 60 at most.")
    if slug in RESERVED:
        return _("This address is a page of the platform. Choose another one.")
    if Consultation.objects.of(cycle.member).filter(slug=slug).exists():
        return _("A consultation of this address exists already. Choose another address.")
    return _why_not_so(cycle, places, reads)


def why_not_revise_consultation(
    by: User, consultation: Consultation, said: Said, *, note: OfficialText, at: dt.datetime
) -> str:
    """Say why a consultation may not be changed so; empty when it may.

    Until it opens everything may change but its address. Then people answer it:
    it may last longer, and its words may be corrected, with a note that says so.
    """
    if reason := why_not_allowed(by, "revise_consultation", consultation.cycle.member):
        return reason
    changed = changes(consultation, said)
    if not changed:
        return _("Nothing changes: the consultation says this already.")
    if reason := _why_not_worded(said):
        return reason
    opens_at, closes_at = said.get("opens_at", consultation.opens_at), said.get("closes_at", consultation.closes_at)
    answers_by = said.get("answers_by", consultation.answers_by)
    if at >= consultation.opens_at and (reason := _why_not_once_open(consultation, said, changed, note, at)):
        return reason
    if "opens_at" in changed and opens_at < at:
        return _("This opening is past: nobody could have read of it. Choose a later one.")
    if reason := _why_not_in_order(opens_at, closes_at, answers_by):
        return reason
    if reason := _why_not_without(_lost(consultation, said, at)):
        return reason
    cycle = consultation.cycle
    return _why_not_so(cycle, said.get("places", ()), said.get("reads", consultation.reads))


def why_not_add_consultation_paper(
    by: User, consultation: Consultation, *, title: OfficialText, at: dt.datetime
) -> str:
    """Say why a document may not be given with a consultation; empty when it may."""
    if reason := why_not_allowed(by, "add_consultation_paper", consultation.cycle.member):
        return reason
    if at >= consultation.closes_at:
        return _("It is closed: nobody answers any more after reading this document. Give it with the report.")
    if not _worded(title):
        return _("Give the document a title, in French or in Arabic.")
    return ""


def why_not_give_paper_again(consultation: Consultation, *, sha256: str) -> str:
    """Say that a document was given with a consultation already; empty when it was not."""
    if consultation.papers.filter(file__sha256=sha256).exists():
        return _("This very document was given with this consultation already.")
    return ""


def why_not_remove_consultation_paper(
    by: User, paper: ConsultationPaper, *, note: OfficialText, at: dt.datetime
) -> str:
    """Say why a document may not be taken away; empty when it may. Once people answer, a note says why it went."""
    consultation = paper.consultation
    if reason := why_not_allowed(by, "remove_consultation_paper", consultation.cycle.member):
        return reason
    if at >= consultation.opens_at and not _worded(note):
        return _("People answered after reading it. Say why it goes: the note stands on the page with its day.")
    return ""


def why_not_open(consultation: Consultation, *, at: dt.datetime) -> str:
    """Say why a consultation receives nothing at that instant; empty when it does."""
    if at < consultation.opens_at:
        return _("This consultation is not open yet. Keep your text and come back when it opens.")
    if at >= consultation.closes_at:
        return _("This consultation is closed. Copy your text: the consultations that are open are on the home page.")
    return ""


def _why_not_once_open(
    consultation: Consultation, said: Said, changed: frozenset[str], note: OfficialText, at: dt.datetime
) -> str:
    """Say what is unfair to those who have begun to answer, or have answered; empty when nothing is."""
    if at >= consultation.closes_at and changed != {"answers_by"}:
        return _(
            "It is closed: its words and its days stay as people answered them. "
            "Only the day of the answers may move, with a note."
        )
    if changed & FIXED_ONCE_OPEN:
        return _(
            "It is open: people answer it as it is, so its opening, its stage, its places and its rules stay. "
            "You may give it more days, add documents, or correct its words with a note."
        )
    if "closes_at" in changed and said["closes_at"] < consultation.closes_at:
        return _("People count on the days they read: once it is open, it may close later and never earlier.")
    if "themes" in changed and {one.code for one in said["themes"]} != set(
        consultation.themes.values_list("code", flat=True)
    ):
        return _("It is open, and suggestions are placed under its themes: correct their words, and keep them all.")
    if changed - {"closes_at"} and not _worded(note):
        return _("Say what you correct and why: the note stands on the page with its day, beside the words of before.")
    return ""


def _why_not_in_order(opens_at: dt.datetime, closes_at: dt.datetime, answers_by: dt.date | None) -> str:
    if closes_at <= opens_at:
        return _("A consultation closes after it opens. Choose a later closing day.")
    if answers_by and answers_by < timezone.localdate(closes_at):
        return _("Answers come once everyone has spoken. Choose a day after it closes.")
    return ""


def _why_not_without(missing: Iterable[str]) -> str:
    """Name what people must know before they are asked, and is not said; empty when all is."""
    named = [str(PROMISED[name]) for name in missing]
    if not named:
        return ""
    separator = "؛ " if get_language() == "ar" else "; "
    return _("People answer when they know why and what becomes of it. Say first: %(list)s.") % {
        "list": separator.join(named)
    }


def _lost(consultation: Consultation, said: Said, at: dt.datetime) -> Iterator[str]:
    """Name what a revision leaves unsaid: all of it before it opens; afterwards, what it takes back."""
    for name in PROMISED:
        before, now = getattr(consultation, name), said.get(name, getattr(consultation, name))
        was, is_there = (_worded(one) if isinstance(one, dict) else bool(one) for one in (before, now))
        if not is_there and (was or (at < consultation.opens_at and name in said)):
            yield name


def _why_not_so(cycle: Cycle, places: Iterable[Territory], reads: str) -> str:
    theirs = {place.pk for place in places}
    if theirs and Territory.objects.of(cycle.member).filter(pk__in=theirs).count() != len(theirs):
        return _("Choose provinces of this Region.")
    if reads not in Consultation.Reads.values:
        return _("Say whether words are read before they are published, or after.")
    return ""


def _why_not_worded(said: Said) -> str:
    if "title" in said and not _worded(said["title"]):
        return _("Give the consultation a title, in French or in Arabic.")
    if "question" in said and not _worded(said["question"]):
        return _("Write the question, in French or in Arabic.")
    codes = [one.code for one in said.get("themes", ())]
    if len(codes) != len(set(codes)):
        return _("One theme is there twice. Choose another name.")
    if not all(_worded(one.name) for one in said.get("themes", ())):
        return _("Give each theme a name, in French or in Arabic.")
    return ""


def _themes_differ(consultation: Consultation, themes: dict[str, ThemeSaid]) -> bool:
    kept = {one.code: one for one in consultation.themes.all()}
    if list(themes) != [one.code for one in sorted(kept.values(), key=lambda one: (one.rank, one.pk))]:
        return True
    return any(
        not says_the_same(kept[code].name, one.name) or not says_the_same(kept[code].question, one.question)
        for code, one in themes.items()
    )


def _worded(text: OfficialText) -> bool:
    """Say whether a text is written in one of the two languages of the Region."""
    return bool(text.get("fr") or text.get("ar"))
