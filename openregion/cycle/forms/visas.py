"""The forms of the administrative control of a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.core.forms import DayField
from openregion.cycle.forms.council import WordedForm
from openregion.cycle.models import Deliberation
from openregion.cycle.queries.council import guide_asks_visa
from openregion.people.rules import today


class SendingForm(forms.Form):
    """The day a decision was sent, and whether the visa is asked for."""

    sent_on = DayField(label=gettext_lazy("Sent on"))
    asks_visa = forms.BooleanField(
        required=False,
        label=gettext_lazy("The visa is asked for"),
        help_text=gettext_lazy("The guide asks it for the plan. For joining the programme, the Region chooses."),
    )

    def __init__(self, *args: Any, one: Deliberation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sent_on"].initial = today()
        self.fields["asks_visa"].initial = bool(one.proposal and one.proposal.wants_visa) or guide_asks_visa(one)
        if guide_asks_visa(one):
            self.fields["confirmed"] = forms.BooleanField(
                required=False,
                label=_("Send the plan without asking for the visa"),
                help_text=_("The guide asks it. Confirm only if you know better; it can still be asked for later."),
            )


class VisaForm(WordedForm):
    """What the administrative authority answered, or its silence."""

    visa = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        widget=forms.RadioSelect,
        choices=[
            ("granted", gettext_lazy("Visa granted")),
            ("refused", gettext_lazy("Visa refused")),
            ("tacit", gettext_lazy("No answer within the delay: tacit visa")),
        ],
    )
    visa_on = DayField(label=gettext_lazy("Day of the answer, or on which silence became a visa"))

    def __init__(self, *args: Any, early: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visa_on"].initial = today()
        help_text = _("Of a refusal always. They are published, and the new vote answers them.")
        self.ask_words("reasons", _("Reasons"), rows=4, help_text=help_text)
        self.fields["file"] = forms.FileField(
            required=False, label=_("The answer itself, as a PDF"), help_text=_("Everyone can read it."),
            widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        )  # fmt: skip
        if early:
            self.fields["confirmed"] = forms.BooleanField(
                required=False,
                label=_("I know that the delay has run out, though the platform counts otherwise"),
                help_text=_("For a tacit visa only. Write why under the reasons."),
            )
