"""Who may write reports of what was said, what they may cite, and when they are published. A reason, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, Contribution, Theme, Workshop
from openregion.consultation.queries.rapporteurs import noted_by
from openregion.core import dates
from openregion.core.official import OfficialText, says_the_same, text_in
from openregion.cycle.models import Meeting
from openregion.diagnosis.models import Passage, Report
from openregion.diagnosis.queries import (
    SECTIONS,
    first_words_of,
    lacking,
    material_of_report,
    named_languages,
    pending_in,
    readable,
    roles_writing_all,
)
from openregion.people.models import Member, User
from openregion.people.rules import roles_of, why_not_allowed

# A draft that is discarded leaves nothing but its lines in the journal.
MOVES: dict[Report.State, dict[str, Report.State | None]] = {
    Report.State.WRITING: {"discard_report": None},
    Report.State.DRAFT: {
        "write_passage": Report.State.DRAFT,
        "revise_passage": Report.State.DRAFT,
        "remove_passage": Report.State.DRAFT,
        "cite_in_passage": Report.State.DRAFT,
        "publish_report": Report.State.PUBLISHED,
        "discard_report": None,
    },
    Report.State.PUBLISHED: {},
}
# What is drawn from the whole of a consultation waits until it is closed: its list of what nothing cites is then final.
WAIT_FOR_THE_END = (Report.Kind.THEME, Report.Kind.ONLINE, Report.Kind.FINAL)
NAMED_AT_ONCE = 3  # passages that a refusal names; the page lists them all


def writes_of_all(by: User, member: Member, deed: str = "draft_report") -> bool:
    """Say whether somebody's roles let them do a deed on any report, and not on those of their own workshops alone."""
    return not roles_writing_all(member, deed).isdisjoint(roles_of(by, member))


def drafts_read_by(by: User, member: Member) -> QuerySet[Report]:
    """Give the reports not published yet that somebody who writes reports may read: a rapporteur, those of their own.

    Whoever may publish one reads them all.
    """
    drafts = Report.objects.of(member).exclude(state=Report.State.PUBLISHED)
    if writes_of_all(by, member) or writes_of_all(by, member, "publish_report"):
        return drafts
    return drafts.filter(kind=Report.Kind.MEETING, workshop__in=noted_by(by, member))


def why_not_write_of(by: User, deed: str, member: Member, workshop: Workshop | None) -> str:
    """Say why somebody may not do a deed on the report of a workshop, or on one of more than a workshop."""
    if refusal := why_not_allowed(by, deed, member):
        return refusal
    if writes_of_all(by, member, deed) or _noted(by, member, workshop):
        return ""
    return _(
        "A rapporteur writes the report of the workshop where they took notes, and no other. The team of the process "
        "writes the others."
    )


def deeds_on(by: User, may: frozenset[str], member: Member, workshop: Workshop | None) -> frozenset[str]:
    """Keep, of the deeds that somebody's roles give them, those they may do on the report of a workshop, or of more."""
    held = set(roles_of(by, member)) if may else set()
    of_all = frozenset(deed for deed in may if not held.isdisjoint(roles_writing_all(member, deed)))
    return may if of_all != may and _noted(by, member, workshop) else of_all


def _noted(by: User, member: Member, workshop: Workshop | None) -> bool:
    return workshop is not None and noted_by(by, member).filter(pk=workshop.pk).exists()


def why_not_draft_report(
    by: User,
    consultation: Consultation,
    *,
    kind: str,
    workshop: Workshop | None = None,
    theme: Theme | None = None,
    replaces: Report | None = None,
) -> str:
    """Say why a report may not be begun; empty when it may."""
    if refusal := why_not_write_of(by, "draft_report", consultation.cycle.member, workshop):
        return refusal
    if refusal := _why_not_of(consultation, kind, workshop, theme):
        return refusal
    same = Report.objects.filter(consultation=consultation, kind=kind, workshop=workshop, theme=theme)
    if begun := same.exclude(state=Report.State.PUBLISHED).first():
        return _("This report is being written already, under number %(number)s.") % {"number": begun.number}
    last = same.current().first()  # type: ignore[attr-defined]
    if replaces and replaces != last:
        return _("Only a published report that no other corrects yet can be corrected.")
    if last and not replaces:
        return _("This report is published, under number %(number)s. Correct that one.") % {"number": last.number}
    return ""


def why_not_write_passage(
    by: User,
    report: Report,
    *,
    section: str,
    text: OfficialText,
    quotes: bool = False,
    contributions: Sequence[Contribution] = (),
) -> str:
    """Say why a passage may not be added to a report; empty when it may."""
    if refusal := _why_not_now(by, report, "write_passage"):
        return refusal
    if refusal := _why_not_worded(section, text) or _why_not_cite(report, contributions):
        return refusal
    if any(says_the_same(one.text, text) for one in report.passages.filter(section=section)):
        return _("This passage is written already, in the same part of the report.")
    return ""


def why_not_revise_passage(by: User, passage: Passage, *, section: str, text: OfficialText, seen: str = "") -> str:
    """Say why a passage may not be worded anew; empty when it may. ``seen`` marks the words its editor had read."""
    report = passage.report
    if refusal := _why_not_now(by, report, "revise_passage"):
        return refusal
    if seen and seen != passage.seen:
        return _(
            "Someone else saved this passage while you were writing. Their words are on the report's page, and yours "
            "are kept in the form. Put together what you want to keep, then save again."
        )
    return _why_not_worded(section, text)


def why_not_remove_passage(by: User, passage: Passage) -> str:
    """Say why a passage may not be removed; empty when it may."""
    return _why_not_now(by, passage.report, "remove_passage")


def why_not_cite_in_passage(
    by: User, passage: Passage, *, contributions: Sequence[Contribution], without: Sequence[Contribution] = ()
) -> str:
    """Say why a passage may not cite these, or no longer cite those; empty when it may."""
    report = passage.report
    if refusal := _why_not_now(by, report, "cite_in_passage"):
        return refusal
    if not contributions and not without:
        return _("Choose at least one suggestion.")
    return _why_not_cite(report, contributions)


def why_not_publish_report(by: User, report: Report, *, at: dt.datetime, drafts_read: bool) -> str:
    """Say why a report may not be published; empty when it may.

    ``drafts_read``: whoever publishes says having read the passages that nobody changed.
    """
    if refusal := _why_not_now(by, report, "publish_report"):
        return refusal
    closes = report.consultation.closes_at
    if report.kind in WAIT_FOR_THE_END and at < closes:
        when = dates.instant(closes, get_language() or "fr")
        return _("People can still write until %(when)s. Publish this report once the consultation is closed.") % {
            "when": when
        }
    if waiting := pending_in(report):
        told = ngettext(
            "%(n)s suggestion that this report speaks of waits to be read by moderation. Publish the report once it "
            "is read: what waits can be neither cited nor listed.",
            "%(n)s suggestions that this report speaks of wait to be read by moderation. Publish the report once they "
            "are read: what waits can be neither cited nor listed.",
            waiting,
        )
        return told % {"n": dates.whole(waiting)}
    passages = list(report.passages.all())
    if not any(text_in(one.text, "fr") for one in passages):
        return _("This report says nothing yet. Write at least one passage.")
    return _why_not_in_both(passages) or _why_not_read(passages, drafts_read=drafts_read)


def _why_not_in_both(passages: Sequence[Passage]) -> str:
    """Ask that each passage is written in French and in Arabic, people's own words left aside."""
    found = [(first_words_of(one), named_languages(lacks)) for one in passages if (lacks := lacking(one))]
    if not found:
        return ""
    told = ngettext(
        "A report is published in French and in Arabic. %(n)s passage is not written in both: %(names)s",
        "A report is published in French and in Arabic. %(n)s passages are not written in both: %(names)s",
        len(found),
    )
    names = [_("%(words)s (missing: %(langs)s)") % {"words": words, "langs": langs} for words, langs in found]
    more = [_("and others")] if len(names) > NAMED_AT_ONCE else []
    return told % {"n": dates.whole(len(found)), "names": _("; ").join([*names[:NAMED_AT_ONCE], *more])}


def _why_not_read(passages: Sequence[Passage], *, drafts_read: bool) -> str:
    count = sum(one.drafted for one in passages)
    if drafts_read or not count:
        return ""
    told = ngettext(
        "The platform drafted %(n)s passage that nobody changed. Read it, then say that you have.",
        "The platform drafted %(n)s passages that nobody changed. Read them, then say that you have.",
        count,
    )
    return told % {"n": dates.whole(count)}


def why_not_discard_report(by: User, report: Report) -> str:
    """Say why a draft may not be discarded; empty when it may."""
    return _why_not_now(by, report, "discard_report")


def _why_not_now(by: User, report: Report, deed: str) -> str:
    """Say why a deed does not fit the person, or the state the report is in."""
    if refusal := why_not_write_of(by, deed, report.member, report.workshop):
        return refusal
    if deed in MOVES[Report.State(report.state)]:
        return ""
    if report.state == Report.State.WRITING:
        return _("The platform is writing the first draft. Wait until it has ended, or stop it.")
    return _("This report is published, and its words no longer change. Write another that corrects it.")


def _why_not_of(consultation: Consultation, kind: str, workshop: Workshop | None, theme: Theme | None) -> str:
    asks_workshop, asks_theme = kind == Report.Kind.MEETING, kind == Report.Kind.THEME
    mine: list[Any] = [one for one in (workshop, theme) if one]
    if (
        kind not in Report.Kind.values
        or bool(workshop) != asks_workshop
        or bool(theme) != asks_theme
        or any(one.consultation_id != consultation.pk for one in mine)
    ):
        return _("Say what the report is of: a meeting or a theme of this consultation, or the whole of it.")
    if workshop and workshop.meeting.state != Meeting.State.HELD:
        return _("This meeting is not recorded as held. Record it first, then write its report.")
    return ""


def _why_not_worded(section: str, text: OfficialText) -> str:
    if section not in SECTIONS:
        return _("Choose the part of the report where this stands.")
    if not text_in(text, "fr"):
        return _("Write this passage, in one language at least.")
    return ""


def _why_not_cite(report: Report, contributions: Sequence[Contribution]) -> str:
    """Ask that what is cited is in the report's material and can be read by anyone."""
    asked = {one.pk: one.number for one in contributions}
    allowed = set(readable(material_of_report(report)).filter(pk__in=asked).values_list("pk", flat=True))
    wrong = sorted(number for key, number in asked.items() if key not in allowed)
    if wrong:
        return _(
            "Suggestion %(number)s cannot be cited here: this report does not speak of it, or its words are not public."
        ) % {"number": wrong[0]}
    return ""
