"""The form by which a person gives a suggestion."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.analysis.tongue import guess_language
from openregion.consultation import codes, rules
from openregion.consultation.forms.pieces import body, place_field, theme_field
from openregion.consultation.models import Consultation
from openregion.core import post
from openregion.core.forms import WordsField
from openregion.people.models import User

ASKED = ("problem", "idea", "effect")


class SuggestionForm(forms.Form):
    """What a person proposes, and where it speaks of; an address only if they want news.

    ``by`` is the person who is signed in, if any: their address is known, so it
    is not asked. The ticket makes the same form sent twice one suggestion.
    """

    ticket = forms.CharField(widget=forms.HiddenInput, required=False)
    problem = WordsField(
        label=gettext_lazy("The problem you see"),
        help_text=gettext_lazy("What does not work, where, for whom. Any one of the three boxes is enough."),
        rows=4,
        required=False,
    )
    idea = WordsField(
        label=gettext_lazy("Your idea"), help_text=gettext_lazy("What should be done."), rows=4, required=False
    )
    effect = WordsField(
        label=gettext_lazy("What it would change"),
        help_text=gettext_lazy("What would be better, and for whom."),
        rows=3,
        required=False,
    )
    lang = forms.ChoiceField(
        label=gettext_lazy("Language you write in"),
        choices=list(rules.TONGUES.items()),
        help_text=gettext_lazy("Write in the language you like, darija too. Your words are shown as you wrote them."),
    )
    reply_to = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("To be told at each step what becomes of it. It is never published."),
        required=False,
        max_length=254,
    )
    tell_me = forms.BooleanField(label=gettext_lazy("Tell me at each step, by e-mail"), required=False)

    def __init__(self, *args: Any, consultation: Consultation, by: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page_lang = body()
        self.fields["ticket"].initial = codes.new_ticket()
        self.fields["lang"].initial = self.page_lang
        order = ["ticket", *ASKED]
        if consultation.themes.exists():
            nothing = _("Let the team choose")
            self.fields["theme"] = theme_field(consultation, label=_("Theme"), nothing=nothing)
            order.append("theme")
        self.fields["province"] = place_field(
            consultation,
            label=_("Province or prefecture"),
            help_text=_("The place it speaks of; shown with your suggestion."),
        )
        order += ["province", "lang"]
        if by is None:
            del self.fields["tell_me"]
            self.fields["reply_to"].widget.attrs["autocomplete"] = "email"
        else:
            del self.fields["reply_to"]
            self.fields["tell_me"].help_text = _("At %(address)s. It is never published.") % {"address": by.email}
        self.by = by
        self.order_fields([*order, "reply_to", "tell_me"])

    def clean_ticket(self) -> str:
        """Keep a ticket of ours; one that somebody shortened would be easy to guess."""
        ticket = str(self.cleaned_data["ticket"])
        return ticket if re.fullmatch(r"[\w-]{32}", ticket) else codes.new_ticket()

    def clean_reply_to(self) -> str:
        """Refuse an address that nothing can be sent to, however well formed."""
        address = str(self.cleaned_data["reply_to"])
        if address and not post.can_be_written_to(address):
            raise forms.ValidationError(validate_email.message, code="invalid")
        return address

    def clean(self) -> dict[str, Any]:
        """Let the letters say the language, unless the person chose another than the page proposed.

        Someone who was signed out meanwhile, and had asked for news, is asked for an address.
        """
        said = super().clean() or {}
        if self.by is None and self.data.get("tell_me") and not said.get("reply_to"):
            self.add_error("reply_to", _("You are signed out. Write your address here, or leave the box empty."))
        if said.get("lang") == self.page_lang:
            said["lang"] = guess_language(" ".join(self.words().values()), self.page_lang)
        return said

    def words(self) -> dict[str, str]:
        """Give the parts that were written."""
        return {part: text for part in ASKED if (text := self.cleaned_data.get(part, ""))}

    def address(self) -> str:
        """Give the address that news go to; none where none was asked for."""
        if self.by is not None:
            return self.by.email if self.cleaned_data.get("tell_me") else ""
        return str(self.cleaned_data.get("reply_to", ""))

    def typed(self) -> list[tuple[str, str]]:
        """Give back what was typed, for the person to copy when it cannot be received."""
        boxes = [(str(self.fields[part].label), str(self.data.get(part, ""))) for part in ASKED]
        return [(label, text) for label, text in boxes if text.strip()]
