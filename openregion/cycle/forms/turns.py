"""The forms of a member's turns of the process: opening one, dating a stage, recording a deliberation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.core.forms import DayField
from openregion.cycle import queries
from openregion.cycle.models import Cycle
from openregion.guide import queries as guides
from openregion.guide.schema import Guide
from openregion.people.forms import ActChoice
from openregion.people.models import Act, Member


class CycleForm(forms.Form):
    """A new turn of the process: which part of it, from which day."""

    kind = forms.ChoiceField(label=gettext_lazy("What begins"), widget=forms.RadioSelect)
    opened_on = DayField(label=gettext_lazy("Opened on"))

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book = guides.guide(member.guide_version)
        self.fields["kind"].choices = [(kind, _kind(book, kind)) for kind in Cycle.Kind.values]  # type: ignore[attr-defined]


def _kind(book: Guide, kind: str) -> str:
    """Name a part of the process, and say what it is in the guide's words."""
    lang = get_language() or "fr"
    said = book.book.candidacy if kind == Cycle.Kind.ADMISSION else book.book.plan
    words = said[0].text.in_(lang) if said else ""
    if words.endswith(":"):  # the guide goes on with a list: that of the stages
        names = _(", ").join(one.short.in_(lang) for one in book.stages if one.part == kind)
        words = f"{words} {names}."
    return f"{queries.part_name(kind)} – {words}"


class StageForm(forms.Form):
    """The two days of a stage; either may be left open."""

    starts_on = DayField(label=gettext_lazy("Starts on"), required=False)
    ends_on = DayField(
        label=gettext_lazy("Ends on"),
        required=False,
        help_text=gettext_lazy("That day still counts. Leave it empty while it is not known."),
    )


class DeliberationForm(forms.Form):
    """What a council decided: the act that carries it, and the decision."""

    act = ActChoice(
        Act.objects.none(),
        to_field_name="uid",
        label=gettext_lazy("Deliberation"),
        help_text=gettext_lazy("Record it first, with its number, date and file, on the page of acts."),
        empty_label=gettext_lazy("Choose the deliberation"),
    )
    decision = forms.ChoiceField(
        label=gettext_lazy("What the Council decided"),
        widget=forms.RadioSelect,
        choices=list(queries.DECISIONS.items()),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].queryset = queries.acts_to_record(member)  # type: ignore[attr-defined]
