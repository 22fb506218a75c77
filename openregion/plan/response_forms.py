"""The form by which suggestions are answered in public."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.diagnosis.forms import OfficialForm, passage
from openregion.people.forms import BodyChoice
from openregion.people.models import Body, Member
from openregion.plan.queries import DECISIONS

# What each decision binds the Region to, beside its name.
MEANINGS = {
    "taken-up": gettext_lazy("the Region will do what is asked, and says how."),
    "in-part": gettext_lazy("the Region will do a part of it. The reasons say which part, and why not the rest."),
    "not-taken-up": gettext_lazy("the Region could do it and will not. The reasons say why."),
    "out-of-scope": gettext_lazy("it is not for the Region, or not for this plan. The reasons say whose it is."),
}


class ResponseForm(OfficialForm):
    """A reasoned response: what is decided, why, and which body says so."""

    decision = forms.ChoiceField(label=gettext_lazy("What is decided"), widget=forms.RadioSelect)
    reasons_fr = passage(
        gettext_lazy("Why, in French"),
        "fr",
        needed=True,
        help_text=gettext_lazy(
            "Speak to the people who wrote. Say what was looked at, what is decided and what they can do next. "
            "The reasons are published and cannot be changed afterwards: a change of mind is a new answer."
        ),
    )
    reasons_ar = passage(gettext_lazy("Why, in Arabic"), "ar")
    reasons_en = passage(gettext_lazy("Why, in English"), "en")
    body = BodyChoice(
        Body.objects.none(), to_field_name="uid", required=False, label=gettext_lazy("The body that answers")
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meant = [(code, f"{name} – {MEANINGS[code]}") for code, name in DECISIONS.items()]
        self.fields["decision"].choices = meant  # type: ignore[attr-defined]
        self.fields["body"].queryset = Body.objects.of(member).filter(dissolved_on=None)  # type: ignore[attr-defined]
        self.fields["body"].empty_label = _("The Region, without naming a body")  # type: ignore[attr-defined]
