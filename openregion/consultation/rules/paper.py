"""Who may print forms, file their pictures, type them in, check them, set them aside; and from which state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, PaperBatch, PaperForm, Theme, Workshop
from openregion.consultation.queries.paper import given_at
from openregion.consultation.rules.questions import why_not_open
from openregion.consultation.rules.words import LONGEST, TONGUES, why_not_there
from openregion.core import dates
from openregion.cycle.models import Meeting
from openregion.people.models import Territory, User
from openregion.people.rules import why_not_allowed

MOST_FORMS = 120  # in a batch: what the press sets in a few seconds
_AT_A_TABLE = 8
FORM_LANGUAGES = ("ar", "fr")
# After a consultation closes, to gather what was filled by hand in its last days. What is filed by then is typed later.
FILED_WITHIN = dt.timedelta(days=30)
PICTURES = frozenset({"application/pdf", "image/jpeg", "image/png"})

_State = PaperForm.State

# What each deed makes of a form in each state; a deed that is not there is refused. What is checked is a contribution.
FORM_MOVES: dict[PaperForm.State, dict[str, PaperForm.State]] = {
    _State.SCANNED: {"enter_form": _State.ENTERED, "set_aside_form": _State.SET_ASIDE},
    _State.ENTERED: {
        "scan_form": _State.ENTERED,
        "enter_form": _State.ENTERED,
        "check_form": _State.CHECKED,
        "set_aside_form": _State.SET_ASIDE,
    },
    _State.CHECKED: {},
    _State.SET_ASIDE: {"enter_form": _State.ENTERED},
}

# Why a form gives no contribution.
ASIDE_REASONS: dict[str, Promise] = {
    "unreadable": gettext_lazy("Nobody can read it."),
    "blank": gettext_lazy("Nothing is written on it."),
    "duplicate": gettext_lazy("The same form is here already."),
    "late": gettext_lazy("It was given before the consultation opened, or after it closed."),
}


def why_not_print_forms(
    by: User, consultation: Consultation, *, forms: int, lang: str, workshop: Workshop | None
) -> str:
    """Say why numbered forms may not be printed; empty when they may."""
    if refusal := why_not_allowed(by, "print_forms", consultation.cycle.member):
        return refusal
    if not 1 <= forms <= MOST_FORMS:
        return _("A batch holds from 1 to %(most)s forms. Print several batches for more.") % {"most": MOST_FORMS}
    if lang not in FORM_LANGUAGES:
        return _("Forms are printed in Arabic or in French. Choose one of the two.")
    return _why_not_its(workshop, consultation)


def why_not_scan_form(
    by: User, consultation: Consultation, *, workshop: Workshop | None, at: dt.datetime, form: PaperForm | None = None
) -> str:
    """Say why the picture of a form may not be filed here; empty when it may.

    ``form`` is one that was typed already, without a picture: it takes one,
    once. A new one is filed until a last day, in sight of its consultation.
    """
    if refusal := why_not_allowed(by, "scan_form", consultation.cycle.member):
        return refusal
    if form and form.scan_id is not None:
        return _("This form has its picture already. If it is not the right one, set the form aside.")
    if form and (refusal := _why_not_move(form, "scan_form")):
        return refusal
    return _why_not_its(workshop, consultation) or ("" if form else why_not_file_late(consultation, at=at))


def last_day_for_forms(consultation: Consultation) -> dt.date:
    """Give the last day on which a form filled by hand is filed or typed from its sheet."""
    return timezone.localdate(consultation.closes_at) + FILED_WITHIN


def why_not_file_late(consultation: Consultation, *, at: dt.datetime) -> str:
    """Say why a form filled by hand comes too late for its consultation; empty when it does not."""
    if timezone.localdate(at) <= (last := last_day_for_forms(consultation)):
        return ""
    told = _(
        "Forms filled by hand were filed until %(day)s, %(days)s days after this consultation closed. Keep this one, "
        "and hand it to the point of contact, who can tell what it says in the report."
    )
    return told % {"day": dates.day(last, get_language() or "fr"), "days": FILED_WITHIN.days}


def why_not_a_picture(media_type: str, *, there: bool) -> str:
    """Say why a file is no picture of a form; ``there`` when the very same is filed already. Empty when it is one."""
    if media_type not in PICTURES:
        return _("Send a photo (JPEG, PNG) or a scan (PDF) of the form.")
    return _("This very picture is filed already.") if there else ""


def why_not_enter_form(
    by: User,
    consultation: Consultation,
    *,
    form: PaperForm | None,
    workshop: Workshop | None,
    words: Mapping[str, str],
    lang: str,
    theme: Theme | None,
    province: Territory | None,
    given_on: dt.date | None,
    at: dt.datetime,
) -> str:
    """Say why a form may not be typed in so; empty when it may. ``form`` is none when it is new, from its sheet.

    What has its picture in time is typed later; what has none, new or set aside, comes as late as a new form.
    """
    if refusal := why_not_allowed(by, "enter_form", consultation.cycle.member):
        return refusal
    if refusal := _why_not_its(workshop, consultation):
        return refusal
    if form and (refusal := _why_not_move(form, "enter_form")):
        return refusal
    if (form is None or form.scan_id is None) and (refusal := why_not_file_late(consultation, at=at)):
        return refusal
    return _why_not_written(consultation, words, lang=lang, theme=theme, province=province, given_on=given_on, at=at)


def why_not_number(batch: PaperBatch | None, serial: int, *, filled: bool) -> str:
    """Say why a number is not that of this form; empty when it is. ``filled``: another form bears it already."""
    if batch is None or not 1 <= serial <= batch.forms:
        return _("No form of this number was printed for this consultation. Read the number on the form again.")
    return _("The form of this number was filled in already. If it is the same, set this one aside.") if filled else ""


def why_not_check_form(
    by: User,
    form: PaperForm,
    *,
    words: Mapping[str, str],
    lang: str,
    theme: Theme | None,
    province: Territory | None,
    at: dt.datetime,
) -> str:
    """Say why somebody may not check a form; empty when they may.

    Who typed it does not check it, and nobody does without its picture: the
    paper is in one place, and what it says is proved by what everyone sees.
    """
    if refusal := why_not_allowed(by, "check_form", form.member):
        return refusal
    if refusal := _why_not_move(form, "check_form"):
        return refusal
    if form.entered_by_id == by.pk:
        return _("You typed this form in: somebody else checks it, with fresh eyes.")
    if form.scan_id is None:
        return _("This form has no picture yet. File a scan or a photo of it on this page: it is checked beside it.")
    if why_not_open(form.consultation, at=given_at(form, at=at)):
        return _(
            "On the day this form was given, the consultation was not open. "
            "If the day is mistyped, whoever typed the form corrects it; if not, set the form aside."
        )
    return _why_not_written(
        form.consultation, words, lang=lang, theme=theme, province=province, given_on=form.given_on, at=at
    )


def why_not_set_aside_form(by: User, form: PaperForm, *, reason: str) -> str:
    """Say why a form may not be set aside for that reason; empty when it may."""
    if refusal := why_not_allowed(by, "set_aside_form", form.member):
        return refusal
    if reason not in ASIDE_REASONS:
        return _("Say why it is set aside: choose one of the reasons.")
    return _why_not_move(form, "set_aside_form")


def forms_for(workshop: Workshop) -> int:
    """Say how many forms a workshop asks for: one a place, else eight a table, as many as a batch holds."""
    return min(workshop.capacity or _AT_A_TABLE * workshop.tables, MOST_FORMS)


def form_moves_of(form: PaperForm) -> frozenset[str]:
    """List the deeds that a form's state allows, to show the right buttons."""
    return frozenset(FORM_MOVES[PaperForm.State(form.state)])


def _why_not_its(workshop: Workshop | None, consultation: Consultation) -> str:
    if workshop is None:
        return ""
    if workshop.consultation_id != consultation.pk:
        return _("This workshop belongs to another consultation.")
    return _("This workshop was cancelled.") if workshop.meeting.state == Meeting.State.CANCELLED else ""


def _why_not_move(form: PaperForm, deed: str) -> str:
    if deed in FORM_MOVES[PaperForm.State(form.state)]:
        return ""
    if form.state == PaperForm.State.CHECKED:
        return _("Somebody has checked this form already: it is a contribution now, and its words stay as they are.")
    if form.state == PaperForm.State.SET_ASIDE:
        return _("This form was set aside. Type it in again to take it up.")
    return _("This form is not typed in yet.")


def _why_not_written(
    consultation: Consultation,
    words: Mapping[str, str],
    *,
    lang: str,
    theme: Theme | None,
    province: Territory | None,
    given_on: dt.date | None,
    at: dt.datetime,
) -> str:
    if not any(text.strip() for text in words.values()):
        return _("Type what is written on the form. If nothing is, set it aside.")
    if any(len(text) > LONGEST for text in words.values()):
        return _("One part is longer than 20,000 characters. Check what was typed.")
    if lang not in TONGUES:
        return _("Choose the language it is written in from the list.")
    if theme and theme.consultation_id != consultation.pk:
        return _("This theme belongs to another consultation.")
    if given_on and given_on > timezone.localdate(at):
        return _("The day on the form is still to come. Read it again.")
    return why_not_there(province, consultation.cycle.member)
