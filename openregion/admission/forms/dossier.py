"""The forms of the dossier: opening, support, freezing, sending, OGP's answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from openregion.admission.models import Call, SupportLetter
from openregion.admission.queries.calls import CHANNELS
from openregion.admission.queries.dossier import SIGNERS
from openregion.core import languages
from openregion.core.forms import DayField, WordsField
from openregion.core.official import OfficialText, official, text_in
from openregion.people.forms import LineField
from openregion.people.models import Member


class CallChoice(forms.ModelChoiceField):
    """A choice among calls, by their title."""

    def label_from_instance(self, call: Call) -> str:  # type: ignore[override]
        """Name the call in the page's language."""
        return text_in(call.title, get_language() or "fr")


class DossierForm(forms.Form):
    """Which call the dossier answers; none is the working form."""

    call = CallChoice(
        Call.objects.none(),
        to_field_name="uid",
        required=False,
        label=gettext_lazy("Call that the dossier answers"),
        empty_label=gettext_lazy("None yet: the Region's working form"),
        help_text=gettext_lazy("On the working form one prepares; only a dossier that answers a call is sent."),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Call.objects.of(member).filter(working=False).order_by("-closes_at")
        self.fields["call"].queryset = found  # type: ignore[attr-defined]


class SupportForm(forms.Form):
    """Who signs a letter of support."""

    signer = forms.ChoiceField(label=gettext_lazy("Who signs"), widget=forms.RadioSelect, choices=list(SIGNERS.items()))
    name = LineField(label=gettext_lazy("Name of the person who signs"), max_length=120)
    title = LineField(label=gettext_lazy("Function"), max_length=200, required=False)
    organisation = LineField(
        label=gettext_lazy("Organisation"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Needed for a body from outside government."),
    )


class SignedForm(forms.Form):
    """The signed scan of a letter."""

    file = forms.FileField(
        label=gettext_lazy("The signed letter"),
        help_text=gettext_lazy("A PDF or a picture. It goes with the dossier and everyone can read it."),
    )
    signed_on = DayField(label=gettext_lazy("Signed on"))


class FreezeForm(forms.Form):
    """Freezing, having read what is lacking."""

    seen = forms.BooleanField(label=gettext_lazy("I have read what the dossier lacks"), required=False)

    def __init__(self, *args: Any, lacking: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not lacking:
            del self.fields["seen"]


class SubmissionForm(forms.Form):
    """When and how the dossier was sent, with its proof."""

    sent_on = DayField(label=gettext_lazy("Sent on"))
    sent_time = forms.TimeField(
        label=gettext_lazy("At which hour, in Casablanca"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("By which channel"), widget=forms.RadioSelect, choices=list(CHANNELS.items())
    )
    file = forms.FileField(
        label=gettext_lazy("Proof that it was sent"),
        help_text=gettext_lazy("The receipt of the form, or the message itself. Only the team reads it."),
    )

    def instant(self) -> dt.datetime:
        """Give the instant at which the dossier was sent."""
        said = self.cleaned_data
        return timezone.make_aware(dt.datetime.combine(said["sent_on"], said["sent_time"]))


class OgpAnswerForm(forms.Form):
    """What OGP answered."""

    answer = forms.ChoiceField(
        label=gettext_lazy("OGP's answer"),
        widget=forms.RadioSelect,
        choices=[
            ("admitted", gettext_lazy("It admits the Region")),
            ("refused", gettext_lazy("It does not admit the Region")),
        ],
    )
    on = DayField(label=gettext_lazy("Day of the answer"))
    text_en = WordsField(label=gettext_lazy("OGP's words, in English"), rows=4, required=False, max_length=10_000)
    text_fr = WordsField(label=gettext_lazy("The same in French"), rows=4, required=False, max_length=10_000)
    text_ar = WordsField(label=gettext_lazy("The same in Arabic"), rows=4, required=False, max_length=10_000)
    file = forms.FileField(
        label=gettext_lazy("The file of the answer"),
        required=False,
        help_text=gettext_lazy("Everyone can read it. Hide the private addresses it may hold."),
    )

    def text(self, at: dt.datetime) -> OfficialText:
        """Give OGP's words as official text: English is the source."""
        words = {lang: self.cleaned_data[f"text_{lang}"] for lang in languages.WORKING}
        return official(at=at, source="en", **words)


def signer_of(*, head: bool) -> str:
    """Give the signer that the form proposes first."""
    return str(SupportLetter.Signer.NON_GOVERNMENT if head else SupportLetter.Signer.HEAD)
