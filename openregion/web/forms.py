"""The forms of the pages that cross rooms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation import codes
from openregion.consultation.forms.codes import CodeForm
from openregion.consultation.models import Contribution


class FollowForm(CodeForm):
    """Asks the tracking code of a suggestion or a comment."""

    nobody = gettext_lazy("No suggestion has this code here. Check that it was given by this Region.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Twelve digits, given when you sent your suggestion. Spaces do not matter.")

    def find(self, code: str) -> Contribution | None:
        """Give the contribution that has this code, with all that its page shows."""
        found = Contribution.everything.of(self.member).filter(code_hash=codes.hashed(code))
        columns = ("member", "consultation", "suggestion__theme", "suggestion__province", "comment__on")
        return found.select_related(*columns).first()

    @property
    def contribution(self) -> Contribution | None:
        """The contribution that was found."""
        return self.found  # type: ignore[no-any-return]


class RemindersForm(forms.Form):
    """Asks whether a person wants reminders by e-mail."""

    wants_digest = forms.BooleanField(
        label=gettext_lazy("Send me reminders by e-mail"),
        help_text=gettext_lazy("One message a day at most, and only when something is new, late or has moved."),
        required=False,
    )
