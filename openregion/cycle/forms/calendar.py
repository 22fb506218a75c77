"""The forms of the calendar: a holiday announced, a day to plan back from, a delay to count."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.core import dates, languages
from openregion.core.forms import DayField
from openregion.core.official import OfficialText, official, text_in
from openregion.cycle import queries
from openregion.people.forms import LineField
from openregion.people.models import Member

EXCEPTIONAL = "exceptional"


def _named_in(label: Any, lang: str) -> LineField:
    attrs = {"lang": lang, "dir": languages.direction(lang)}
    return LineField(label=label, max_length=200, required=False, widget=forms.TextInput(attrs=attrs))


class HolidayForm(forms.Form):
    """The day of a holiday as announced: which one, its first day, where it was announced."""

    holiday = forms.ChoiceField(label=gettext_lazy("Holiday"), widget=forms.RadioSelect)
    day = DayField(
        label=gettext_lazy("First day, as announced"),
        help_text=gettext_lazy("A holiday of two days moves whole: give its first day."),
    )
    source = LineField(
        label=gettext_lazy("Where it was announced"),
        max_length=300,
        help_text=gettext_lazy("For instance the statement of the Ministry of Habous and its date. It is published."),
    )
    name_fr = _named_in(gettext_lazy("Name in French, of an exceptional holiday"), "fr")
    name_ar = _named_in(gettext_lazy("Name in Arabic, of an exceptional holiday"), "ar")
    name_en = _named_in(gettext_lazy("Name in English, of an exceptional holiday"), "en")

    def __init__(self, *args: Any, member: Member, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = queries.holiday_lines(queries.calendar_of(member), year)
        self.fields["holiday"].choices = [  # type: ignore[attr-defined]
            *((one.known_by.isoformat(), _said(one)) for one in lines if one.movable),
            (EXCEPTIONAL, _("An exceptional holiday, announced by a decree")),
        ]

    @property
    def estimated_on(self) -> dt.date | None:
        """The estimate that the day replaces; nothing for an exceptional holiday."""
        chosen = self.cleaned_data["holiday"]
        return None if chosen == EXCEPTIONAL else dt.date.fromisoformat(chosen)

    def name(self, at: dt.datetime) -> OfficialText:
        """Give the name of an exceptional holiday as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"name_{lang}"] for lang in languages.WORKING})

    def clean(self) -> dict[str, Any]:
        """Ask the names of an exceptional holiday. Raises ``ValidationError``."""
        said = super().clean() or self.cleaned_data
        if said.get("holiday") == EXCEPTIONAL:
            for lang, needed in (("fr", _("Name it in French.")), ("ar", _("Name it in Arabic."))):
                if not said.get(f"name_{lang}"):
                    self.add_error(f"name_{lang}", ValidationError(needed))
        return said


def _said(one: queries.HolidayLine) -> str:
    lang = get_language() or "fr"
    named = {"name": text_in(one.name, lang), "day": dates.day(one.first, lang), "state": one.state.lower()}
    return _("%(name)s – %(day)s (%(state)s)") % named


class BackwardForm(forms.Form):
    """The day a file is to be voted, and the days the commission takes."""

    day = DayField(label=gettext_lazy("Day of the vote"))
    commission_days = forms.IntegerField(
        label=gettext_lazy("Days the commission needs"),
        required=False,
        min_value=0,
        max_value=365,
        help_text=gettext_lazy("No text sets them: your own figure, or what your internal rules say."),
    )


class DelayForm(forms.Form):
    """A rule and the day its delay is counted from."""

    rule = forms.ChoiceField(label=gettext_lazy("Delay"))
    day = DayField(label=gettext_lazy("Day it is counted from"))

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = get_language() or "fr"
        self.fields["rule"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a delay")),
            *(
                (topic, [(one.code, f"{one.title.in_(lang)} – {queries.figures(one)[0]}") for one in rules])
                for topic, rules in queries.countable_rules(member)
            ),
        ]
