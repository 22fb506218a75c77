"""What a moderator is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation import rules
from openregion.consultation.forms.pieces import place_field, theme_field
from openregion.consultation.models import Contribution


class HideForm(forms.Form):
    """The reason for which a contribution is hidden, in the words its author will read."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Its author reads these words."),
        choices=list(rules.HIDING_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say why it is hidden: choose one of the reasons.")},
    )


class PlaceForm(forms.Form):
    """The theme, province and language that a suggestion is read under."""

    lang = forms.ChoiceField(label=gettext_lazy("Language it is written in"), choices=list(rules.TONGUES.items()))

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        suggestion = contribution.suggestion
        kwargs["initial"] = {
            "theme": suggestion.theme and suggestion.theme.code,
            "province": suggestion.province and suggestion.province.code,
            "lang": contribution.lang,
        }
        super().__init__(*args, **kwargs)
        one = contribution.consultation
        self.fields["theme"] = theme_field(one, label=_("Theme"), nothing=_("None of these"))
        self.fields["province"] = place_field(one, label=_("Province or prefecture"))
        self.order_fields(["theme", "province", "lang"])
