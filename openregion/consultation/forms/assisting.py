"""What is asked of whoever writes for a person who is present."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from openregion.consultation import rules
from openregion.consultation.forms.capture import SAID, SaidForm
from openregion.people.forms import LineField


class AssistForm(SaidForm):
    """What the person says, once they agreed to the words read aloud; nothing of who they are."""

    consent = forms.BooleanField(
        label=gettext_lazy("I read these words aloud, and the person said yes."),
        error_messages={"required": gettext_lazy("Read the words aloud, and tick this box once the person agrees.")},
    )
    consent_lang = forms.ChoiceField(
        label=gettext_lazy("In which language you asked"),
        choices=[("", gettext_lazy("Choose")), *rules.ASKED_IN.items()],
        error_messages={"required": gettext_lazy("Say in which language you asked the person whether they agree.")},
    )
    organisation = LineField(
        label=gettext_lazy("For which organisation you help"),
        required=False,
        max_length=rules.LONGEST_ORGANISATION,
        help_text=gettext_lazy("Yours, not the person's: an association, a service. It is never published."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in SAID:
            self.fields[part].widget.attrs["autocomplete"] = "off"
        for asked in ("consent", "consent_lang"):
            self.fields[asked].widget.attrs["data-unkept"] = True  # each person is asked: no draft answers for them
        self.order_fields(["ticket", "consent", "consent_lang", *SAID, "theme", "province", "lang", "organisation"])

    def given(self) -> dict[str, Any]:
        """Give what was written as the deed takes it."""
        given = self.cleaned_data
        return self.said() | {name: given[name] for name in ("ticket", "consent", "consent_lang", "organisation")}

    def typed(self) -> list[tuple[str, str]]:
        """Give back what was typed, for the helper to copy when it cannot be received."""
        boxes = [(str(self.fields[part].label), str(self.data.get(part, ""))) for part in SAID]
        return [(label, text) for label, text in boxes if text.strip()]
