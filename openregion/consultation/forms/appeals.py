"""What an author who appeals is asked, and who decides again."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from openregion.consultation import rules
from openregion.core.forms import WordsField


class AppealForm(forms.Form):
    """Why an author thinks that a decision on their words is a mistake; in any language."""

    appeal = WordsField(
        label=gettext_lazy("Why do you think that it is a mistake?"),
        help_text=gettext_lazy("In any language. Only those who moderate read it, and it is never published."),
        rows=5,
        max_length=rules.LONGEST_APPEAL,
        error_messages={"required": gettext_lazy("Write in a few words why you think that the decision is a mistake.")},
    )


class DecideForm(forms.Form):
    """Whether a decision stands, and what its author is told."""

    keep = forms.ChoiceField(
        label=gettext_lazy("The first decision"),
        choices=[("yes", gettext_lazy("It stands")), ("no", gettext_lazy("It is undone"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether the first decision stands.")},
    )
    answer = WordsField(
        label=gettext_lazy("Your answer to the author"),
        help_text=gettext_lazy("The author reads these words, and nobody else does. Say why."),
        rows=4,
        max_length=rules.LONGEST_APPEAL,
        error_messages={"required": gettext_lazy("Write the answer: the author reads it.")},
    )
