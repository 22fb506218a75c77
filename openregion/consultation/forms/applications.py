"""The form by which an organisation or a person applies to a call, and the one that asks the code."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.consultation import codes
from openregion.consultation.forms.codes import CodeForm
from openregion.consultation.models import Application, CallForParticipation
from openregion.consultation.queries.applications import application_by_code
from openregion.consultation.queries.categories import KINDS, organisation_types
from openregion.consultation.queries.counting import AGES
from openregion.consultation.rules.applications import LONGEST_MOTIVATION
from openregion.core.forms import WordsField
from openregion.people.forms import LineField, PlaceChoice, ReachableEmailField, TelephoneField
from openregion.people.models import Gender, Territory

_SHOWN_AGAIN = ("organisation", "name", "email", "telephone", "motivation")


class ApplicationForm(forms.Form):
    """Who applies and how to reach them; what the quotas count, and nothing more.

    Gender, age and place are asked only where a quota of the call counts them,
    and may stay empty. The ticket makes the same form sent twice one application.
    """

    ticket = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Who applies"),
        choices=list(KINDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say who applies: choose one of the answers.")},
    )
    organisation = LineField(
        label=gettext_lazy("Name of the organisation"),
        help_text=gettext_lazy("Empty when a person applies in their own name."),
        max_length=200,
        required=False,
    )
    organisation_type = forms.ChoiceField(
        label=gettext_lazy("Type of organisation"),
        help_text=gettext_lazy("For organisations only."),
        required=False,
    )
    name = LineField(
        label=gettext_lazy("Name of the person who would take part"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Write the name of the person who would take part.")},
    )
    email = ReachableEmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("To be told the outcome. Without an address, the letter is printed for you."),
        required=False,
        max_length=254,
    )
    telephone = TelephoneField(label=gettext_lazy("Telephone"), required=False)
    gender = forms.ChoiceField(
        label=gettext_lazy("Gender"),
        choices=[
            (Gender.UNSAID, gettext_lazy("I prefer not to say")),
            (Gender.WOMAN, gettext_lazy("Woman")),
            (Gender.MAN, gettext_lazy("Man")),
        ],
        initial=Gender.UNSAID,
        required=False,
        widget=forms.RadioSelect,
    )
    age_band = forms.ChoiceField(label=gettext_lazy("Age"), required=False)
    motivation = WordsField(
        label=gettext_lazy("How you meet the criteria"),
        help_text=gettext_lazy("In a few sentences, in the language you like. Only those who judge read it."),
        rows=5,
        max_length=LONGEST_MOTIVATION,
        required=False,
    )
    may_name = forms.BooleanField(
        label=gettext_lazy("The organisation may be named on the public list of participants"),
        help_text=gettext_lazy("For organisations only. People are never named."),
        required=False,
    )

    def __init__(self, *args: Any, call: CallForParticipation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        self.fields["ticket"].initial = codes.new_ticket()
        choices: Any = self.fields
        choices["organisation_type"].choices = [("", _("Choose")), *organisation_types(call.member).items()]
        counted = call.quotas
        if "province" in counted:
            places = Territory.objects.of(call.member).order_by("name_ar" if get_language() == "ar" else "name_fr")
            self.fields["province"] = PlaceChoice(
                places, to_field_name="code", required=False, label=_("Province or prefecture"),
                empty_label=_("I prefer not to say"),
            )  # fmt: skip
        choices["age_band"].choices = [("", _("I prefer not to say")), *AGES.items()]
        for name in ("gender", "age_band"):
            if name not in counted:
                del self.fields[name]
        # Who somebody is stays in no browser: another person may use the telephone after them.
        for name in {"name", "gender", "age_band", "province"} & {*self.fields}:
            self.fields[name].widget.attrs["data-unkept"] = True
        self.order_fields([*list(ApplicationForm.base_fields)[:7], "province", "gender", "age_band"])

    def clean_ticket(self) -> str:
        """Keep a ticket of ours; one that somebody shortened would be easy to guess."""
        ticket = str(self.cleaned_data["ticket"])
        return ticket if re.fullmatch(r"[\w-]{32}", ticket) else codes.new_ticket()

    def clean(self) -> dict[str, Any]:
        """Ask an organisation its name and its type; forget them where a person applies."""
        said = super().clean() or {}
        if said.get("kind") == Application.Kind.ORGANISATION:
            if not said.get("organisation"):
                self.add_error("organisation", _("Write the name of the organisation."))
            if not said.get("organisation_type"):
                self.add_error("organisation_type", _("Choose its type from the list."))
        return said

    def given(self) -> dict[str, Any]:
        """Give what was typed, as the deed takes it."""
        said = self.cleaned_data
        given = {name: said[name] for name in self.fields}
        return given | {"gender": said.get("gender") or Gender.UNSAID}

    def typed(self) -> list[tuple[str, str]]:
        """Give back what was typed, for the person to copy when it cannot be received."""
        boxes = [(str(self.fields[name].label), str(self.data.get(name, ""))) for name in _SHOWN_AGAIN]
        return [(label, text) for label, text in boxes if text.strip()]


class ApplicationCodeForm(CodeForm):
    """Asks the tracking code of an application."""

    nobody = gettext_lazy("No application has this code here. The code of a suggestion is followed on another page.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Twelve digits, given when you applied. Spaces do not matter.")

    def find(self, code: str) -> Application | None:
        """Give the application that has this code."""
        return application_by_code(self.member, code)

    @property
    def application(self) -> Application | None:
        """The application that was found."""
        return self.found  # type: ignore[no-any-return]
