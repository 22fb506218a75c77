"""The forms by which people answer a suggestion, or flag what should not be published."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.core import signing
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.analysis.tongue import guess_language
from openregion.consultation import codes, rules
from openregion.consultation.forms.pieces import body
from openregion.core import post
from openregion.core.forms import WordsField
from openregion.people.models import User

OPENED = "comment-opened"


class CommentForm(forms.Form):
    """A comment on a suggestion; an address only if its author wants news, and none is asked of who is signed in.

    ``website`` is a box that people do not see, ``opened`` says when the form
    was given: quiet signs of a machine, and never a refusal.
    """

    ticket = forms.CharField(widget=forms.HiddenInput, required=False)
    opened = forms.CharField(widget=forms.HiddenInput, required=False)
    text = WordsField(
        label=gettext_lazy("Your comment"),
        help_text=gettext_lazy("In the language you like. It is shown as you wrote it, once it is read."),
        rows=4,
        error_messages={"required": gettext_lazy("Write your comment in the box.")},
    )
    reply_to = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("To be told when it is published, or why it is not. It is never published."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off", "data-unkept": True})
    )

    def __init__(self, *args: Any, by: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ticket"].initial = codes.new_ticket()
        self.fields["opened"].initial = signing.dumps(int(timezone.now().timestamp()), salt=OPENED)
        self.by = by
        if by is not None:
            del self.fields["reply_to"]

    def clean_ticket(self) -> str:
        """Keep a ticket of ours; one that somebody shortened would be easy to guess."""
        ticket = str(self.cleaned_data["ticket"])
        return ticket if re.fullmatch(r"[\w-]{32}", ticket) else codes.new_ticket()

    def clean_text(self) -> str:
        """Refuse what is longer than a comment, and keep what was typed."""
        text = str(self.cleaned_data["text"])
        if len(text) > rules.LONGEST_COMMENT:
            raise forms.ValidationError(
                _("A comment holds 3,000 characters at most. Shorten it, or give it as a suggestion.")
            )
        return text

    def clean_reply_to(self) -> str:
        """Refuse an address that nothing can be sent to, however well formed."""
        address = str(self.cleaned_data["reply_to"])
        if address and not post.can_be_written_to(address):
            raise forms.ValidationError(validate_email.message, code="invalid")
        return address

    def opened_at(self) -> dt.datetime | None:
        """Say when the form was given, where that is known for sure."""
        try:
            seconds = int(signing.loads(str(self.data.get("opened", "")), salt=OPENED))
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)

    def lang(self) -> str:
        """Say what language it is written in, as far as its letters tell."""
        return guess_language(self.cleaned_data["text"], body())

    def typed(self) -> str:
        """Give back what was typed, to copy when it cannot be received."""
        return str(self.data.get("text", ""))


class FlagForm(forms.Form):
    """Why a reader thinks that something published should not be."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it?"),
        help_text=gettext_lazy("These are the only reasons for which something is hidden."),
        choices=list(rules.REASONS_TO_CHOOSE.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the reasons.")},
    )
