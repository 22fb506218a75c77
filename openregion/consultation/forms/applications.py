"""The form by which an organisation or a person applies to a call, and the one that asks the code."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from openregion.consultation import codes, guesses
from openregion.consultation.models import Application, CallForParticipation
from openregion.consultation.queries.applications import application_by_code
from openregion.consultation.queries.categories import KINDS, organisation_types
from openregion.consultation.queries.takers import AGES
from openregion.consultation.rules.applications import LONGEST_MOTIVATION
from openregion.core.forms import WordsField
from openregion.people.forms import LineField, PlaceChoice, ReachableEmailField, TelephoneField
from openregion.people.models import Gender, Member, Territory

_SHOWN_AGAIN = ("organisation", "name", "email", "telephone", "motivation")


class ApplicationForm(forms.Form):
    """Who applies and how to reach them; what the quotas count, and nothing more.

    Gender, age and place are asked only where a quota of the call counts them,
    and may stay empty. The ticket makes the same form sent twice one application.
    """

    ticket = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Who applies"), choices=list(KINDS.items()), widget=forms.RadioSelect)
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


class ApplicationCodeForm(forms.Form):
    """Asks the tracking code of an application; spaces, hyphens and Arabic-Indic digits are all right."""

    code = forms.CharField(
        label=gettext_lazy("Your tracking code"),
        help_text=gettext_lazy("Twelve digits, given when you applied. Spaces do not matter."),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, member: Member, asked_from: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.asked_from = member, asked_from
        self.application: Application | None = None
        self.waits = False

    def clean_code(self) -> str:
        """Find the application that has this code, or say what is wrong with it; wrong ones are counted."""
        code = codes.tidy(self.cleaned_data["code"])
        application = application_by_code(self.member, code)
        if guesses.too_many(self.asked_from):
            self.waits = True
            raise forms.ValidationError(
                _("Too many wrong codes came from your connection. Wait a minute, then try again.")
            )
        if application is None:
            guesses.count(self.asked_from)
            raise forms.ValidationError(_what_is_wrong(code))
        self.application = application
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
    return _("No application has this code here. The code of a suggestion is followed on another page.")
