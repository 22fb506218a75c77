"""The form by which a person asks for news."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from openregion.people.forms import ReachableEmailField


class FollowNewsForm(forms.Form):
    """An address, and nothing else: what is followed is in the address of the page."""

    email = ReachableEmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("A link is sent to it. Until you press that link, nothing else leaves."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
