"""The forms of workshops: planning, the programme's minutes, what is needed, who is in charge, heads at the door."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.consultation.forms.pieces import named_field, place_field, theme_field
from openregion.consultation.models import Charge, Consultation, Need, Workshop
from openregion.consultation.queries.logistics import (
    CHARGES,
    NEEDS,
    guest_categories,
    heads_by_category,
    to_be_charged,
)
from openregion.consultation.queries.programme import LANGUAGES, PARTS, as_timings, timings_of
from openregion.consultation.rules.workshops import LONGEST_PART, MOST_PEOPLE, MOST_TABLES
from openregion.core import languages
from openregion.core.forms import DayField
from openregion.core.official import OfficialText, reworded, text_in
from openregion.cycle.forms.meetings import RevisionForm, words_initial
from openregion.cycle.forms.operations import PersonChoice
from openregion.cycle.models import Invitation, Meeting
from openregion.cycle.queries.operations import team_of
from openregion.people.forms import LineField
from openregion.people.models import Member, User

_MEETING = ("title", "purpose", "place", "starts_at", "ends_at", "open_to_all", "operations")
_SAID = ("title", "purpose", "place")
MOST_DIRHAMS = Decimal(100_000_000)


class WorkshopForm(RevisionForm):
    """A workshop: its meeting, what it is about, the place and how one gets in, the languages spoken."""

    capacity = forms.IntegerField(
        label=gettext_lazy("How many people the place holds"), required=False, min_value=1, max_value=MOST_PEOPLE
    )
    tables = forms.IntegerField(
        label=gettext_lazy("Tables"),
        min_value=1,
        max_value=MOST_TABLES,
        initial=4,
        help_text=gettext_lazy("Eight people a table, ten at most: everyone can speak."),
    )
    access_fr = named_field(gettext_lazy("How to come and get in, in French"), "fr", rows=3, most=1000)
    access_ar = named_field(gettext_lazy("How to come and get in, in Arabic"), "ar", rows=3, most=1000)
    access_en = named_field(gettext_lazy("How to come and get in, in English"), "en", rows=3, most=1000)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages spoken or interpreted"),
        choices=list(LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Tick what is really there on the day. It is public."),
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, cycle=consultation.cycle, kind=Meeting.Kind.PUBLIC, **kwargs)
        self.fields["theme"] = theme_field(consultation, nothing=_("All themes"), label=_("Theme"))
        self.fields["province"] = place_field(consultation, label=_("Province or prefecture"))
        # Its kit is printed in both languages.
        for name in ("place_fr", "place_ar"):
            self.fields[name].required = True
        for name in ("access_fr", "access_ar"):
            self.fields[name].required = False
        self.fields["access_fr"].help_text = _(
            "Steps at the door, toilets, loop for those who hear badly, bus, parking, who opens. It is public."
        )
        self.fields["open_to_all"].help_text = _("Otherwise people come by invitation, or through a call.")
        self.order_fields([*self.order, "access_fr", "access_ar", "access_en", "theme", "province"])

    def given(self, at: dt.datetime) -> dict[str, Any]:
        """Give what the deed takes."""
        said = self.cleaned_data
        meeting = {name: value for name, value in super().given(at).items() if name in _MEETING}
        of_the_workshop = ("theme", "province", "capacity", "tables", "languages")
        return {**meeting, **{name: said[name] for name in of_the_workshop}, "access": self.access(at)}

    def access(self, at: dt.datetime) -> OfficialText:
        """Give how to come and get in as official text."""
        return reworded({}, {lang: self.cleaned_data[f"access_{lang}"] for lang in languages.WORKING}, at=at)


def workshop_initial(workshop: Workshop) -> dict[str, Any]:
    """Give a workshop as its form asks it."""
    meeting = workshop.meeting
    initial: dict[str, Any] = {name: getattr(meeting, name) for name in _MEETING if name not in _SAID}
    initial |= {name: getattr(workshop, name) for name in ("capacity", "tables", "languages")}
    initial |= {
        "theme": workshop.theme and workshop.theme.code,
        "province": workshop.province and workshop.province.code,
    }
    for name in _SAID:
        initial |= words_initial(name, getattr(meeting, name))
    initial |= words_initial("access", workshop.access)
    return initial


class TimingsForm(forms.Form):
    """How many minutes each part of the programme lasts."""

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, minutes in timings_of(workshop):
            label, about, _usual = PARTS[code]
            self.fields[code] = forms.IntegerField(
                label=str(label), help_text=str(about), min_value=0, max_value=LONGEST_PART, initial=minutes
            )

    def timings(self) -> list[dict[str, Any]]:
        """Give the minutes as they are kept."""
        return as_timings(self.cleaned_data)


class NeedForm(forms.Form):
    """Something a workshop needs: what, who sees to it, by when, on which line, for how much."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=list(NEEDS.items()))
    what = LineField(
        label=gettext_lazy("What is needed"),
        max_length=300,
        help_text=gettext_lazy("As you would order it: how many, where, from what hour."),
    )
    who = LineField(
        label=gettext_lazy("Who sees to it"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("A service, a supplier, a person. Only those who organise read it."),
    )
    assignee = PersonChoice(
        User.objects.none(),
        required=False,
        label=gettext_lazy("A person of the team"),
        help_text=gettext_lazy("They find it on their desk."),
        empty_label=gettext_lazy("Nobody yet"),
    )
    due_on = DayField(label=gettext_lazy("By when"), required=False)
    budget_line = LineField(label=gettext_lazy("Budget line"), max_length=120, required=False)
    cost = forms.DecimalField(
        label=gettext_lazy("Cost in dirhams"), required=False, min_value=0, max_value=MOST_DIRHAMS, decimal_places=2
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = team_of(member)  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """Give what the deed takes; the cost in centimes."""
        said = dict(self.cleaned_data)
        cost = said.pop("cost")
        return {**said, "cost": None if cost is None else int(cost * 100)}


class NeedRevisionForm(NeedForm):
    """A line of the list, and the day on which it was ready."""

    done_on = DayField(
        label=gettext_lazy("Ready on"),
        required=False,
        help_text=gettext_lazy("Leave it empty until it is ordered, confirmed or done."),
    )


def need_initial(need: Need) -> dict[str, Any]:
    """Give a line of the list as its form asks it."""
    names = ("kind", "what", "who", "assignee", "due_on", "budget_line", "done_on")
    cost = None if need.cost is None else Decimal(need.cost) / 100
    return {name: getattr(need, name) for name in names} | {"cost": cost}


class ParticipantChoice(forms.ModelChoiceField):
    """A choice among the participants, by their names."""

    def label_from_instance(self, one: Invitation) -> str:  # type: ignore[override]
        """Name the person and their organisation."""
        return _(", ").join(filter(None, (one.name, one.organisation)))


class ChargeForm(forms.Form):
    """Who facilitates a table, or takes down what is said there."""

    invitation = ParticipantChoice(
        Invitation.objects.none(),
        to_field_name="uid",
        label=gettext_lazy("Participant"),
        help_text=gettext_lazy("Those who said that they come, or who came."),
        empty_label=gettext_lazy("Choose a participant"),
    )
    part = forms.ChoiceField(
        label=gettext_lazy("Their part"), choices=list(CHARGES.items()), initial=Charge.Part.FACILITATOR,
        widget=forms.RadioSelect,
    )  # fmt: skip
    table = forms.TypedChoiceField(label=gettext_lazy("Table"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["invitation"].queryset = to_be_charged(workshop)  # type: ignore[attr-defined]
        numbers = [(str(n), str(n)) for n in range(1, workshop.tables + 1)]
        self.fields["table"].choices = [("", _("The whole workshop")), *numbers]  # type: ignore[attr-defined]


class HeadsForm(forms.Form):
    """How many people gave no name at the door, by category: in all, not more on top."""

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = heads_by_category(workshop.meeting)
        self.codes = {f"heads_{n}": code for n, (code, _label) in enumerate(guest_categories(workshop.meeting.member))}
        labels = dict(guest_categories(workshop.meeting.member))
        for name, code in self.codes.items():
            self.fields[name] = forms.IntegerField(
                label=labels[code], min_value=0, max_value=200, required=False, initial=here.get(code, 0)
            )

    def heads(self) -> dict[str, int]:
        """Give the counts by category."""
        return {code: self.cleaned_data[name] or 0 for name, code in self.codes.items()}


def title_of(workshop: Workshop) -> str:
    """Name a workshop in the page's language, for the head of its forms."""
    return text_in(workshop.meeting.title, languages.body_lang(get_language() or "fr"))
