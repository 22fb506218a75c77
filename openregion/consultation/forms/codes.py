"""The form that asks a tracking code, whatever the code leads to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openregion.consultation import codes
from openregion.people.models import Member


class CodeForm(forms.Form):
    """Asks a tracking code; spaces, hyphens and Arabic-Indic digits are all right.

    Whatever is typed, the same work is done before the answer, so that the time
    it takes tells nothing. Each form says what its code leads to (``find``), and
    what to tell when nothing has it (``nobody``).
    """

    nobody: str | Promise = ""
    code = forms.CharField(
        label=gettext_lazy("Your tracking code"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr", "data-unkept": True}
        ),
        error_messages={"required": gettext_lazy("Write the code that you were given: twelve digits.")},
    )

    def __init__(self, *args: Any, member: Member, asked_from: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.asked_from = member, asked_from
        self.found: Any = None
        self.waits = False

    def find(self, code: str) -> Any:
        """Give what has this code; nothing when nothing has."""
        raise NotImplementedError

    def clean_code(self) -> str:
        """Find what has this code, or say what is wrong with it; wrong ones are counted."""
        code = codes.tidy(self.cleaned_data["code"])
        found = self.find(code)
        if codes.WRONG_ONES.is_reached(self.asked_from):
            self.waits = True
            raise forms.ValidationError(
                _("Too many wrong codes came from your connection. Wait a minute, then try again.")
            )
        if found is None:
            codes.WRONG_ONES.count(self.asked_from)
            raise forms.ValidationError(_what_is_wrong(code) or str(self.nobody))
        self.found = found
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
    return ""
