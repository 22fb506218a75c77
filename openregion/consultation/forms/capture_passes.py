"""What the pages of a pass ask: one press to give it, its signs to open it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation import codes, queries, rules
from openregion.consultation.models import Charge, Workshop


class PassForm(forms.Form):
    """One press: its ticket makes the pass, and ``after`` tells which pass the page knew."""

    ticket = forms.RegexField(r"^[\w-]{32}$", widget=forms.HiddenInput)
    after = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, charge: Charge, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ticket"].initial = codes.new_ticket()
        self.fields["after"].initial = charge.pass_given_at.isoformat() if charge.pass_given_at else ""

    def given(self) -> dict[str, Any]:
        """Give what the deed takes."""
        return {"ticket": self.cleaned_data["ticket"], "after": _instant(self.cleaned_data["after"])}


class TypedPassForm(forms.Form):
    """Asks the signs of a pass, as they stand on the paper."""

    signs = forms.CharField(
        label=gettext_lazy("Your pass"),
        help_text=gettext_lazy(
            "The sixteen letters and digits on the sheet that you were given. Hyphens do not matter."
        ),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}
        ),
    )

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workshop, self.charge = workshop, Charge()

    def clean_signs(self) -> str:
        """Find whose pass it is, or say what to do."""
        signs = str(self.cleaned_data["signs"])
        charge = queries.charge_of_pass(self.workshop, signs)
        if charge is None:
            raise forms.ValidationError(
                _("This workshop has no such pass. Compare the signs with your sheet, or ask the team for a new one.")
            )
        charge.workshop = self.workshop
        if reason := rules.why_not_use_pass(charge, self.workshop, at=timezone.now()):
            raise forms.ValidationError(reason)
        self.charge = charge
        return signs


def _instant(given: str) -> dt.datetime | None:
    try:
        return parse_datetime(given)
    except ValueError:
        return None
