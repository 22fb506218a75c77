"""The forms of the directory: a contact, an attempt to reach it, its leaving."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.core import telephone
from openregion.core.forms import DayField
from openregion.guide import queries as guides
from openregion.people import queries
from openregion.people.forms.offices import LANGUAGES, LineField, PlaceChoice, ReachableEmailField
from openregion.people.models import Gender, Member, Territory


class TelephoneField(forms.CharField):
    """A telephone number, typed in any manner and kept with its country."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "dir": "ltr", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        """Write the number one way."""
        typed = str(super().clean(value) or "")
        try:
            return telephone.written(typed) if typed else ""
        except ValueError:
            raise forms.ValidationError(
                _("Write a telephone number, as in 05 30 00 00 00, or with its country, as in +33 1 00 00 00 00.")
            ) from None


class ContactForm(forms.Form):
    """An organisation or a person of the directory."""

    category = forms.ChoiceField(label=gettext_lazy("Category"))
    organisation = LineField(label=gettext_lazy("Organisation"), max_length=200, required=False)
    name = LineField(label=gettext_lazy("Person"), max_length=120, required=False)
    function = LineField(label=gettext_lazy("Function of the person"), max_length=120, required=False)
    email = ReachableEmailField(label=gettext_lazy("E-mail address"), required=False)
    telephone = TelephoneField(label=gettext_lazy("Telephone"), required=False)
    lang = forms.ChoiceField(label=gettext_lazy("Language to write in"), choices=LANGUAGES)
    gender = forms.ChoiceField(
        label=gettext_lazy("Woman or man"),
        required=False,
        help_text=gettext_lazy("Only to count parity at meetings. Nobody has to say, and it is never shown."),
    )
    territory = PlaceChoice(
        Territory.objects.none(),
        to_field_name="code",
        required=False,
        label=gettext_lazy("Prefecture or province"),
        empty_label=gettext_lazy("The whole territory, or elsewhere"),
    )
    public = forms.BooleanField(
        label=gettext_lazy("The organisation agrees to stand in the public list"),
        required=False,
        help_text=gettext_lazy("Only its name and its place are shown; never a person, an address or a number."),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = get_language() or "fr"
        categories = [(one.code, one.label.in_(lang)) for one in guides.guide(member.guide_version).directory]
        self.fields["category"].choices = [("", _("Choose a category")), *categories]  # type: ignore[attr-defined]
        self.fields["gender"].choices = list(queries.GENDERS.items())  # type: ignore[attr-defined]
        self.fields["territory"].queryset = Territory.objects.of(member)  # type: ignore[attr-defined]

    def clean_gender(self) -> str:
        """Take silence as not said."""
        return str(self.cleaned_data["gender"] or Gender.UNSAID)

    def clean(self) -> dict[str, Any]:
        """Ask who it is."""
        said = super().clean() or {}
        if not said.get("organisation") and not said.get("name") and not self.errors:
            self.add_error("organisation", _("Write the name of the organisation, of the person, or both."))
        return said


class AttemptForm(forms.Form):
    """An attempt to reach a contact."""

    on = DayField(label=gettext_lazy("Day"))
    channel = forms.ChoiceField(
        label=gettext_lazy("By which means"), choices=list(queries.CHANNELS.items()), widget=forms.RadioSelect
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"), choices=list(queries.OUTCOMES.items()), widget=forms.RadioSelect
    )
    about = LineField(
        label=gettext_lazy("About what"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A few words on the process, nothing on the person's life."),
    )


class RetireForm(forms.Form):
    """A contact leaves the directory."""

    on = DayField(label=gettext_lazy("Day"))
    erase = forms.BooleanField(
        label=gettext_lazy("Erase everything: the person asks for it"),
        required=False,
        help_text=gettext_lazy("Without this, the contact is kept apart for five years, then erased."),
    )
