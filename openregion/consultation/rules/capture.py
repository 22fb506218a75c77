"""Who may take down what a workshop says, send the sheet of a table, join two wordings of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.consultation.capture_passes import last_day_to_send
from openregion.consultation.models import Charge, Sheet, Workshop
from openregion.consultation.rules.words import LONGEST, TONGUES
from openregion.core import dates
from openregion.cycle.models import Meeting
from openregion.people.models import User
from openregion.people.rules import why_not_allowed

MOST_AT_ONCE = 50  # contributions in one sending: a telephone sends ten
# Contributions by one pass: a room of two hundred, each speaking twice. Nobody takes down more; a machine would.
MOST_BY_A_PASS = 400
# Who takes down: somebody with a role, or the charge whose pass was brought.
Rapporteur = User | Charge

# What the sheet of a table asks, in its order.
SHEET_PARTS: dict[str, Promise] = {
    "recommendations": gettext_lazy("What the table recommends"),
    "priorities": gettext_lazy("What comes first"),
    "disagreements": gettext_lazy("Where the table does not agree"),
}


def why_not_use_pass(charge: Charge, workshop: Workshop, *, at: dt.datetime) -> str:
    """Say why a pass does not open a workshop's page; empty when it does. ``charge`` holds it as it was brought."""
    if charge.workshop_id != workshop.pk:
        return _("This pass is for another workshop. Open the pass that you were given for this one.")
    if timezone.localdate(at) > (last := last_day_to_send(workshop)):
        told = _(
            "Your pass was good until %(day)s. Nothing is lost: what you typed waits on this telephone. Save it as a "
            "text file from the page where you typed it, and hand it to the team of the workshop."
        )
        return told % {"day": dates.day(last, get_language() or "fr")}
    there = Charge.objects.filter(pk=charge.pk, part=Charge.Part.RAPPORTEUR).exclude(pass_hash="")
    named = there.exclude(invitation=None).exclude(invitation__name="")
    if not charge.pass_hash or not named.filter(pass_hash=charge.pass_hash).exists():
        return _(
            "Your pass has ended: the team ended it, gave a new one, or chose somebody else to take notes. Nothing is "
            "lost: what you typed waits on this telephone. Open your new pass; or save it as a text file from the page "
            "where you typed it, and hand it to the team of the workshop."
        )
    return ""


def why_not_capture(by: Rapporteur, workshop: Workshop, *, at: dt.datetime) -> str:
    """Say why what a workshop says may not be taken down at that instant; empty when it may."""
    return _why_not_let_in(by, "capture_suggestions", workshop, at=at) or _why_not_there(workshop, at=at)


def _why_not_let_in(by: Rapporteur, deed: str, workshop: Workshop, *, at: dt.datetime) -> str:
    if isinstance(by, Charge):
        return why_not_use_pass(by, workshop, at=at)
    return why_not_allowed(by, deed, workshop.consultation.cycle.member)


def why_not_take(*, ticket: str, words: Mapping[str, str]) -> str:
    """Say why one contribution of a sending cannot be read; empty when it can."""
    if len(ticket) != 32 or not all(one.isascii() and (one.isalnum() or one in "-_") for one in ticket):
        return _("The telephone gave this one no ticket of its own. Type it again.")
    if not all(isinstance(text, str) for text in words.values()):
        return _("This one came damaged. Type it again.")
    return ""


def why_not_take_more(came: int) -> str:
    """Say why a pass brings no further contribution; empty while it may. ``came`` says how many it brought."""
    if came < MOST_BY_A_PASS:
        return ""
    told = _(
        "This pass has brought %(most)s contributions, the most that one pass may. Nothing is lost: keep this one, as "
        "a text file or on paper, and hand it to the team of the workshop."
    )
    return told % {"most": MOST_BY_A_PASS}


def why_not_send_sheet(
    by: Rapporteur, workshop: Workshop, *, table: int, words: Mapping[str, str], lang: str, at: dt.datetime
) -> str:
    """Say why the sheet of a table may not be sent; empty when it may. Any one part suffices.

    The pass of whoever takes notes at one table sends the sheet of that table alone.
    """
    if refusal := _why_not_let_in(by, "send_sheet", workshop, at=at) or _why_not_there(workshop, at=at):
        return refusal
    if isinstance(by, Charge) and by.table and table != by.table:
        return _("You take notes at table %(table)s. Send the sheet of that table.") % {"table": by.table}
    if not 1 <= table <= workshop.tables:
        return _("Choose a table of this workshop: it has %(tables)s.") % {"tables": workshop.tables}
    return _why_not_said(words, lang=lang)


def why_not_settle_sheet(
    by: User, sheet: Sheet, *, words: Mapping[str, str], lang: str, from_edition: int, waiting: int
) -> str:
    """Say why wordings may not be joined so; empty when they may. ``waiting``: how many of those read still wait.

    Whoever joins them has read the last of both.
    """
    if refusal := why_not_allowed(by, "settle_sheet", sheet.workshop.consultation.cycle.member):
        return refusal
    if not waiting:
        return _("These wordings have been joined already. Nothing else waits here.")
    if from_edition != sheet.edition:
        return _("The sheet of this table changed since you opened the page. Read it again below, then join the two.")
    return _why_not_said(words, lang=lang)


def why_not_empty_sheet(by: User, sheet: Sheet, *, wordings: int) -> str:
    """Say why what a sheet says may not be deleted; empty when it may. ``wordings``: how many stand beside it."""
    if refusal := why_not_allowed(by, "empty_sheet", sheet.workshop.consultation.cycle.member):
        return refusal
    return "" if sheet.words or wordings else _("The words of this sheet are deleted already.")


def _why_not_there(workshop: Workshop, *, at: dt.datetime) -> str:
    meeting = workshop.meeting
    if meeting.state == Meeting.State.CANCELLED:
        return _("This workshop was cancelled. Nothing is taken down in its name.")
    day = timezone.localdate(meeting.starts_at)
    lang = get_language() or "fr"
    if timezone.localdate(at) < day:
        return _("This workshop is on %(day)s. What you type is sent from that day on.") % {"day": dates.day(day, lang)}
    if timezone.localdate(at) > (last := last_day_to_send(workshop)):
        told = _(
            "What was said at this workshop was received until %(day)s. Nothing here is deleted: save what you typed "
            "as a text file, or copy it on paper, and hand it to the point of contact, who can tell it in the report."
        )
        return told % {"day": dates.day(last, lang)}
    return ""


def _why_not_said(words: Mapping[str, str], *, lang: str) -> str:
    if not all(isinstance(text, str) for text in words.values()):
        return _("This sheet came damaged. Type it again.")
    if not any(text.strip() for text in words.values()):
        return _("Write something in one of the boxes: recommendations, priorities or disagreements.")
    if any(len(text) > LONGEST for text in words.values()):
        return _("One part is longer than 20,000 characters. Shorten it.")
    return "" if lang in TONGUES else _("Choose the language it is written in from the list.")
