"""The forms of the pages that cross rooms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openregion.consultation import codes
from openregion.consultation.models import Contribution
from openregion.people.models import Member
from openregion.web import guesses


class FollowForm(forms.Form):
    """Asks the tracking code; spaces, hyphens and Arabic-Indic digits are all right.

    Whatever is typed, the same work is done before the answer, so that the time
    it takes tells nothing.
    """

    code = forms.CharField(
        label=gettext_lazy("Your tracking code"),
        help_text=gettext_lazy("Twelve digits, given when you sent your suggestion. Spaces do not matter."),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, member: Member, asked_from: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.asked_from = member, asked_from
        self.contribution: Contribution | None = None
        self.waits = False

    def clean_code(self) -> str:
        """Find the suggestion that has this code, or say what is wrong with it."""
        code = codes.tidy(self.cleaned_data["code"])
        found = Contribution.everything.of(self.member).filter(code_hash=codes.hashed(code))
        contribution = found.select_related(
            "member", "consultation", "suggestion__theme", "suggestion__province", "comment__on"
        ).first()
        if guesses.too_many(self.asked_from):
            self.waits = True
            raise forms.ValidationError(
                _("Too many wrong codes came from your connection. Wait a minute, then try again.")
            )
        if contribution is None:
            guesses.count(self.asked_from)
            raise forms.ValidationError(_what_is_wrong(code))
        self.contribution = contribution
        return code


def _what_is_wrong(code: str) -> str:
    """Tell a slip of the finger from a code that nobody has: the last digit checks the others."""
    if len(code) != codes.LENGTH:
        told = ngettext(
            "A code has twelve digits; this one has %(n)s. Check it on your receipt.",
            "A code has twelve digits; this one has %(n)s. Check it on your receipt.",
            len(code),
        )
        return told % {"n": len(code)}
    if not codes.is_well_formed(code):
        return _("This code has a typing mistake: its last digit does not fit the others. Check each digit.")
    return _("No suggestion has this code here. Check that it was given by this Region.")


class RemindersForm(forms.Form):
    """Asks whether a person wants reminders by e-mail."""

    wants_digest = forms.BooleanField(
        label=gettext_lazy("Send me reminders by e-mail"),
        help_text=gettext_lazy("One message a day at most, and only when something is new, late or has moved."),
        required=False,
    )
