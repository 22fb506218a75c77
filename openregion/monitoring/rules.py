"""Who may report, correct and issue, and when. A reason, or an empty string."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.official import OfficialText, says_the_same, text_in
from openregion.cycle.queries import book_of
from openregion.guide import queries as guides
from openregion.monitoring.models import CompletionLevel, CompletionSheet, ProgressUpdate
from openregion.people.models import User
from openregion.people.rules import today
from openregion.plan.models import Commitment, Milestone
from openregion.plan.rules import why_not_fill_in

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

A_FORM_SENT_TWICE = dt.timedelta(minutes=1)
A_YEAR = dt.timedelta(days=366)
SHOWN_LEVELS = (CompletionLevel.SUBSTANTIAL, CompletionLevel.COMPLETE)
# Signs nobody sees that turn the reading direction: an address would show another place than it opens.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LEVELS: dict[str, Promise] = {
    CompletionLevel.NO_EVIDENCE: gettext_lazy("No evidence available"),
    CompletionLevel.NOT_STARTED: gettext_lazy("Not started"),
    CompletionLevel.LIMITED: gettext_lazy("Limited"),
    CompletionLevel.SUBSTANTIAL: gettext_lazy("Substantial"),
    CompletionLevel.COMPLETE: gettext_lazy("Complete"),
}


def why_not_report(
    by: User,
    commitment: Commitment,
    *,
    level: str,
    text: OfficialText,
    as_of: dt.date,
    evidence: Sequence[object],
    milestone: Milestone | None = None,
    expected_on: dt.date | None = None,
) -> str:
    """Say why progress may not be reported so; empty when it may.

    Only a promise that was published is reported on; substantial or complete is
    claimed with something anyone can open.
    """
    if refusal := why_not_fill_in(by, commitment, deed="report_progress"):
        return refusal
    return _why_not_so(commitment, level, text, as_of, evidence, milestone, expected_on)


def why_not_report_twice(
    commitment: Commitment,
    *,
    level: str,
    text: OfficialText,
    as_of: dt.date,
    milestone: Milestone | None,
    expected_on: dt.date | None,
    measure: Decimal | None,
    at: dt.datetime,
) -> str:
    """Say why progress may not be reported so just after it was; empty when it may: a form was sent twice."""
    said = {"level": level, "as_of": as_of, "milestone": milestone, "expected_on": expected_on, "measure": measure}
    since = {"reported_at__gt": at - A_FORM_SENT_TWICE, "reported_at__lte": at}
    just_now = ProgressUpdate.objects.filter(commitment=commitment, **said, **since)
    if any(says_the_same(one.text, text) for one in just_now):
        return _("This report was published a moment ago. Look at the page of the commitment.")
    return ""


def why_not_correct(
    by: User,
    update: ProgressUpdate,
    *,
    level: str,
    text: OfficialText,
    as_of: dt.date,
    evidence: Sequence[object],
    expected_on: dt.date | None = None,
) -> str:
    """Say why an update may not be corrected so; empty when it may. It is corrected once, then its correction is."""
    if refusal := why_not_fill_in(by, update.commitment, deed="correct_progress"):
        return refusal
    if ProgressUpdate.objects.filter(corrects=update).exists():
        return _("This report is corrected already. Correct the correction.")
    return _why_not_so(update.commitment, level, text, as_of, evidence, update.milestone, expected_on)


def why_not_draft_sheet(by: User, commitment: Commitment, *, starts_on: dt.date, ends_on: dt.date, level: str) -> str:
    """Say why a completion sheet may not be begun for that period; empty when it may."""
    if refusal := why_not_fill_in(by, commitment, deed="draft_completion_sheet"):
        return refusal
    if not is_promised(commitment):
        return _("This commitment is not in a published plan yet. Publish the plan first.")
    if ends_on <= starts_on:
        return _("The period ends after it starts. Choose a later day.")
    begun = CompletionSheet.objects.filter(commitment=commitment, starts_on=starts_on, ends_on=ends_on, document=None)
    if twin := begun.first():
        return _("Sheet %(number)s is begun for that period and not issued yet. Fill that one in.") % {
            "number": twin.number
        }
    return "" if level in CompletionLevel.values else _("Choose a completion level from the list.")


def why_not_revise_sheet(
    by: User, sheet: CompletionSheet, *, texts: Collection[str], values: Collection[str], level: str
) -> str:
    """Say why a completion sheet may not be filled in so; empty when it may."""
    if refusal := why_not_fill_in(by, sheet.commitment, deed="revise_completion_sheet"):
        return refusal
    if sheet.document_id:
        return _("This sheet is issued and does not change any more. Begin another for the next period.")
    if unknown := (set(texts) | set(values)) - set(questions_of_sheet(sheet.commitment)):
        return _("The sheet has no such question: %(codes)s.") % {"codes": ", ".join(sorted(unknown))}
    return "" if level in CompletionLevel.values else _("Choose a completion level from the list.")


def why_not_issue_sheet(by: User, sheet: CompletionSheet) -> str:
    """Say why a completion sheet may not be issued; empty when it may.

    It says what was achieved by the end of its period, so that period is over;
    substantial or complete rests on something that the record shows by then.
    """
    if refusal := why_not_fill_in(by, sheet.commitment, deed="issue_completion_sheet"):
        return refusal
    if sheet.document_id:
        return _("This sheet is issued already.")
    if not text_in(sheet.texts.get("results", {}), "fr"):
        return _("Describe the results before issuing the sheet.")
    if sheet.ends_on > today():
        day = dates.day(sheet.ends_on, get_language() or "fr")
        return _("The period runs until %(day)s. Issue the sheet once it is over.") % {"day": day}
    if sheet.level in SHOWN_LEVELS and not _is_shown(sheet):
        return _(
            "Substantial or complete is shown by evidence, and no report up to the end of the period has any. "
            "Report progress with evidence, or choose another level."
        )
    return ""


def may_read_draft(by: User | AnonymousUser, sheet: CompletionSheet) -> bool:
    """Say whether someone reads a sheet before it is issued: those who fill it in or issue it, and nobody else."""
    deeds = ("revise_completion_sheet", "issue_completion_sheet")
    return by.is_authenticated and any(not why_not_fill_in(by, sheet.commitment, deed=deed) for deed in deeds)


def why_not_address(url: str) -> str:
    """Say why an address may not be given as evidence; empty when it may. It opens for anyone, where it says."""
    if _TURNS.search(url):
        return _("This address holds hidden signs that change its reading direction. Type it again.")
    try:
        parts = urlsplit(url)
    except ValueError:
        return _("This address cannot be read. Copy it again from the browser.")
    if parts.scheme not in ("http", "https"):
        return _("Give an address that begins with https:// or http://.")
    if "@" in parts.netloc:
        return _("This address holds a name or a password. Give one that opens for anyone.")
    return ""


def _is_shown(sheet: CompletionSheet) -> bool:
    reports = ProgressUpdate.objects.filter(commitment=sheet.commitment).standing()
    return reports.filter(as_of__lte=sheet.ends_on, evidence__isnull=False).exists()


def is_promised(commitment: Commitment) -> bool:
    """Say whether a commitment is in a version of its plan that the public reads."""
    versions = commitment.plan.versions.exclude(published_at=None)
    return any(f'"uid":"{commitment.uid}"' in one.document.content for one in versions.select_related("document"))


def questions_of_sheet(commitment: Commitment) -> tuple[str, ...]:
    """List the questions of annex 4 that the sheet itself answers, by their codes."""
    form = guides.form(book_of(commitment.plan.cycle), "annex-4")
    if form is None:
        return ()
    asked = (question for group in form.groups for question in group.questions)
    return tuple(dict.fromkeys(one.code for one in asked if (one.stores or "").startswith("completion_sheet.")))


def _why_not_so(
    commitment: Commitment,
    level: str,
    text: OfficialText,
    as_of: dt.date,
    evidence: Sequence[object],
    milestone: Milestone | None,
    expected_on: dt.date | None,
) -> str:
    if not is_promised(commitment):
        return _("This commitment is not in a published plan yet. Publish the plan first.")
    if milestone and milestone.commitment_id != commitment.pk:
        return _("This activity belongs to another commitment.")
    if level not in CompletionLevel.values:
        return _("Choose a completion level from the list.")
    if not text_in(text, "fr"):
        return _("Say what was done, or that nothing was.")
    if as_of > today():
        return _("Progress is reported as of today at the latest. Check the day.")
    if as_of < commitment.plan.starts_on - A_YEAR:
        return _("That day is more than a year before the plan starts. Check the day.")
    if level in SHOWN_LEVELS and not evidence:
        return _("Substantial or complete is shown by something anyone can open: add a file or an address.")
    if expected_on and expected_on < as_of:
        return _("The new day lies in the past. Choose a later one.")
    urls = (getattr(one, "url", "") for one in evidence)
    return next((refusal for url in urls if url and (refusal := why_not_address(url))), "")
