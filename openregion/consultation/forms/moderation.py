"""What a moderator is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation import rules
from openregion.consultation.forms.appeals import DecideForm
from openregion.consultation.forms.pieces import place_field, theme_field
from openregion.consultation.models import Contribution
from openregion.consultation.queries import PARTS, tag_of
from openregion.core.forms import WordsField, one_is_enough

DOTS = "[...]"  # what a keyboard gives easily


class HideForm(forms.Form):
    """The reason for which a contribution is hidden, in the words its author will read."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Its author reads these words."),
        choices=list(rules.REASONS_TO_CHOOSE.items()),
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


class MaskForm(forms.Form):
    """The words of a contribution, in which what names a third person is covered."""

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = contribution.words
        for part, label in PARTS.items():
            if text := self.kept.get(part):
                attrs = {"rows": min(14, 2 + len(text) // 70), "lang": tag_of(contribution.lang), "dir": "auto"}
                box = forms.Textarea(attrs=attrs | {"data-mask": rules.MASK})
                self.fields[f"mask_{part}"] = WordsField(label=label, initial=text, required=False, widget=box)
        one_is_enough(*self.fields.values())

    def words(self) -> dict[str, str]:
        """Give the masked words, part by part; three dots typed in brackets are the sign, where they were not there."""
        said = {part: str(self.cleaned_data.get(f"mask_{part}", "")) for part in self.kept}
        return {
            part: text if DOTS in self.kept[part] else text.replace(DOTS, rules.MASK) for part, text in said.items()
        }


class KinForm(forms.Form):
    """The number of a suggestion that says the same."""

    says_as = forms.IntegerField(
        label=gettext_lazy("Number of the other suggestion"),
        help_text=gettext_lazy("Both stay, each with its own support, and their pages lead to each other."),
        min_value=1,
        max_value=2_000_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Write the number of the other suggestion.")},
    )


class CaseForms:
    """All that a moderator may be asked on one case; the one that was sent holds what was typed."""

    def __init__(self, contribution: Contribution, *, act: str, data: Any) -> None:
        def typed(*acts: str) -> Any:
            return data if act in acts else None

        suggests = contribution.kind == Contribution.Kind.SUGGESTION
        self.hide = HideForm(typed("hide"))
        self.place = PlaceForm(typed("place"), contribution=contribution) if suggests else None
        self.mask = MaskForm(typed("mask"), contribution=contribution)
        self.kin = KinForm(typed("kin")) if suggests else None
        self.decide = DecideForm(typed("appeal"))
        self.bare = forms.Form(typed("publish", "spam", "unkin", "flags"))
        by_act = {"hide": self.hide, "place": self.place, "mask": self.mask, "kin": self.kin, "appeal": self.decide}
        self.sent: forms.Form | None = by_act.get(act, self.bare if self.bare.is_bound else None)
