"""The forms of the registers: an exchange, a peer activity."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.core import languages
from openregion.core.forms import DayField, WordsField
from openregion.core.official import OfficialText, reworded
from openregion.people.forms import LineField
from openregion.people.models import Contact, Member
from openregion.people.queries import contact_title
from openregion.registers import queries
from openregion.registers.models import Exchange

_PDF = forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"})


def _line(label: Any, lang: str, **more: Any) -> LineField:
    attrs = {"lang": lang, "dir": languages.direction(lang)}
    return LineField(label=label, max_length=300, required=False, widget=forms.TextInput(attrs=attrs), **more)


class ContactChoice(forms.ModelChoiceField):
    """A choice among the contacts of the directory, by their name."""

    def label_from_instance(self, contact: Contact) -> str:  # type: ignore[override]
        """Name the contact."""
        return contact_title(contact)


class ExchangeChoice(forms.ModelChoiceField):
    """A choice among the exchanges that want an answer."""

    def label_from_instance(self, exchange: Exchange) -> str:  # type: ignore[override]
        """Say with whom, and about what."""
        return f"{queries.PARTIES[exchange.party]} – {queries.said(exchange.subject)}"


def _official(said: dict[str, Any], name: str, at: dt.datetime) -> OfficialText:
    return reworded({}, {lang: said[f"{name}_{lang}"] for lang in languages.WORKING}, at=at)


class ExchangeForm(forms.Form):
    """A message, call or meeting with those who help and decide."""

    party = forms.ChoiceField(
        label=gettext_lazy("With whom"), choices=list(queries.PARTIES.items()), widget=forms.RadioSelect
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("Direction"), choices=list(queries.DIRECTIONS.items()), widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(label=gettext_lazy("By which means"), choices=list(queries.CHANNELS.items()))
    on = DayField(label=gettext_lazy("Day"))
    subject_fr = _line(
        gettext_lazy("Subject in French"),
        "fr",
        help_text=gettext_lazy("Everyone reads the subject: write no person’s name in it. One language is enough."),
    )
    subject_ar = _line(gettext_lazy("Subject in Arabic"), "ar")
    subject_en = _line(gettext_lazy("Subject in English"), "en")
    summary_fr = WordsField(
        label=gettext_lazy("Summary in French"),
        rows=4,
        required=False,
        help_text=gettext_lazy("The team alone reads the summary, the contact and the file."),
    )
    summary_ar = WordsField(label=gettext_lazy("Summary in Arabic"), rows=4, required=False)
    summary_en = WordsField(label=gettext_lazy("Summary in English"), rows=4, required=False)
    wants_answer_by = DayField(
        label=gettext_lazy("An answer is wanted by"),
        required=False,
        help_text=gettext_lazy("The desk then reminds the team of it."),
    )
    file = forms.FileField(label=gettext_lazy("The message itself"), required=False, widget=_PDF)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answers"] = ExchangeChoice(
            Exchange.objects.of(member).exclude(wants_answer_by=None),
            to_field_name="uid",
            required=False,
            label=_("What it answers"),
            empty_label=_("Nothing: it is new"),
        )
        self.fields["contact"] = ContactChoice(
            Contact.objects.of(member).present().by_name(),
            to_field_name="uid",
            required=False,
            label=_("Contact of the directory"),
            empty_label=_("None"),
        )
        self.order_fields(["answers", "party", "direction", "channel", "on"])

    def subject(self, at: dt.datetime) -> OfficialText:
        """Give the subject as official text."""
        return _official(self.cleaned_data, "subject", at)

    def summary(self, at: dt.datetime) -> OfficialText:
        """Give the summary as official text."""
        return _official(self.cleaned_data, "summary", at)

    def clean(self) -> dict[str, Any]:
        """Ask for a subject in French or in Arabic."""
        data = super().clean() or {}
        if not data.get("subject_fr") and not data.get("subject_ar"):
            self.add_error("subject_fr", _("Write the subject, in French or in Arabic."))
        return data


class PeerActivityForm(forms.Form):
    """A peer-exchange or support activity."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=list(queries.ACTIVITIES.items()), widget=forms.RadioSelect
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Level"), choices=list(queries.SCOPES.items()), widget=forms.RadioSelect
    )
    part = forms.ChoiceField(
        label=gettext_lazy("The Region’s part"), choices=list(queries.PARTS.items()), widget=forms.RadioSelect
    )
    title_fr = _line(
        gettext_lazy("Title in French"),
        "fr",
        help_text=gettext_lazy("Everyone reads this register. One language is enough."),
    )
    title_ar = _line(gettext_lazy("Title in Arabic"), "ar")
    title_en = _line(gettext_lazy("Title in English"), "en")
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("Until"), required=False)
    place = LineField(label=gettext_lazy("Place"), max_length=200, required=False)
    partners = LineField(
        label=gettext_lazy("Partners"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Authorities and organisations that took part."),
    )
    learnt_fr = WordsField(label=gettext_lazy("What was learnt, in French"), rows=4, required=False)
    learnt_ar = WordsField(label=gettext_lazy("What was learnt, in Arabic"), rows=4, required=False)
    learnt_en = WordsField(label=gettext_lazy("What was learnt, in English"), rows=4, required=False)
    file = forms.FileField(
        label=gettext_lazy("Report or programme"),
        required=False,
        widget=_PDF,
        help_text=gettext_lazy("Everyone can read it."),
    )

    def title(self, at: dt.datetime) -> OfficialText:
        """Give the title as official text."""
        return _official(self.cleaned_data, "title", at)

    def learnt(self, at: dt.datetime) -> OfficialText:
        """Give what was learnt as official text."""
        return _official(self.cleaned_data, "learnt", at)

    def clean(self) -> dict[str, Any]:
        """Ask for a title in French or in Arabic."""
        data = super().clean() or {}
        if not data.get("title_fr") and not data.get("title_ar"):
            self.add_error("title_fr", _("Write the title, in French or in Arabic."))
        return data
