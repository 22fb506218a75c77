"""The form by which a call is entered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.admission.forms.questions import Unread, read_file, read_lines
from openregion.admission.queries.calls import CHANNELS
from openregion.admission.rules import why_not_questions
from openregion.core import languages
from openregion.core.forms import DayField, WordsField, one_is_enough
from openregion.core.official import OfficialText, official
from openregion.people.forms import LineField
from openregion.people.models import Member

ZONES = (
    ("America/Los_Angeles", gettext_lazy("Pacific (Los Angeles)")),
    ("America/New_York", gettext_lazy("Eastern (Washington)")),
    ("UTC", gettext_lazy("Universal time (UTC)")),
    ("Africa/Casablanca", gettext_lazy("Casablanca")),
    ("Europe/Paris", gettext_lazy("Paris, Brussels, Madrid")),
    ("Etc/GMT+12", gettext_lazy("Anywhere on Earth")),
)


ROWS, MORE, MOST_ROWS = 5, 5, 60


class QuestionForm(forms.Form):
    """A question of a call; left empty, it is none."""

    label_en = LineField(label=gettext_lazy("Question, in English"), max_length=1000, required=False)
    label_fr = LineField(label=gettext_lazy("In French"), max_length=1000, required=False)
    label_ar = LineField(
        label=gettext_lazy("In Arabic"),
        max_length=1000,
        required=False,
        widget=forms.TextInput(attrs={"lang": "ar", "dir": "rtl"}),
    )
    limit = forms.IntegerField(label=gettext_lazy("Longest answer"), required=False, min_value=1, max_value=50_000)
    unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        required=False,
        choices=[("words", gettext_lazy("words")), ("characters", gettext_lazy("characters"))],
    )
    optional = forms.BooleanField(label=gettext_lazy("It may be left without an answer"), required=False)
    condition = forms.ChoiceField(label=gettext_lazy("The condition of the guide it takes up"), required=False)

    def __init__(self, *args: Any, conditions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("None")), *((code, f"{text[:80]}…" if len(text) > 80 else text) for code, text in conditions)]
        self.fields["condition"].choices = choices  # type: ignore[attr-defined]
        for field in self.fields.values():
            one_is_enough(field)

    def question(self, number: int, lang: str) -> dict[str, Any] | None:
        """Give the question as it is kept, its code drawn from its words; nothing for an empty row."""
        said = self.cleaned_data
        label = {name: said[f"label_{name}"] for name in ("fr", "ar", "en") if said.get(f"label_{name}")}
        if not label:
            return None
        words = slugify(label.get("en") or label.get("fr") or "")[:40].strip("-")
        return {
            "code": f"{words}-{number}" if words else f"question-{number}",
            "label": label,
            "help": {},
            "limit": said.get("limit"),
            "unit": said.get("unit") or "words",
            "required": not said.get("optional"),
            "condition": said.get("condition") or "",
            "lang": lang,
        }


class CallForm(forms.Form):
    """A call: its title and source, when it closes on which clock, where the dossier goes, what is asked."""

    title_en = LineField(label=gettext_lazy("Title, as OGP announces it in English"), max_length=200)
    title_fr = LineField(label=gettext_lazy("Title in French"), max_length=200)
    title_ar = LineField(label=gettext_lazy("Title in Arabic"), max_length=200)
    source = LineField(
        label=gettext_lazy("Where the call was read"),
        max_length=300,
        help_text=gettext_lazy("The address of OGP's page."),
    )
    opened_on = DayField(label=gettext_lazy("Opened on"), required=False)
    closes_on = DayField(label=gettext_lazy("Closes on"))
    closes_time = forms.TimeField(
        label=gettext_lazy("At which hour"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=gettext_lazy("On the clock of the time zone below."),
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone of the deadline"), choices=ZONES)
    channel = forms.ChoiceField(
        label=gettext_lazy("How OGP receives the dossier"), widget=forms.RadioSelect, choices=list(CHANNELS.items())
    )
    address = LineField(
        label=gettext_lazy("Address"),
        max_length=300,
        help_text=gettext_lazy("That of the form, or the e-mail address."),
    )
    lang = forms.ChoiceField(
        label=gettext_lazy("Language of the answers"),
        choices=[(one.code, one.own_name) for one in languages.ALL if one.code in languages.WORKING],
        initial="en",
    )
    lines = WordsField(
        label=gettext_lazy("Or paste the questions, one a line"),
        rows=10,
        required=False,
        help_text=gettext_lazy(
            "Words in English | limit | required or optional | condition of the guide | words in French | words in "
            "Arabic. Only the first part is needed. As in: Why do you want to join? | 300 words | required"
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a YAML or JSON file of the questions"),
        required=False,
        help_text=gettext_lazy("It replaces the questions above. The page of calls gives the working form as a model."),
    )

    rows = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=MOST_ROWS)

    def __init__(
        self, *args: Any, member: Member, conditions: Sequence[tuple[str, str]] = (), more: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        asked = str(self.data.get("rows") or "")
        count = min(int(asked), MOST_ROWS) if asked.isdecimal() else ROWS
        shown = min(count + MORE, MOST_ROWS) if more else count
        self.questions = [
            QuestionForm(self.data if self.is_bound else None, prefix=f"q{n}", conditions=conditions)
            for n in range(1, shown + 1)
        ]
        self.fields["rows"].initial = shown
        if self.is_bound:
            self.data = {**{name: self.data.get(name) for name in self.data}, "rows": str(shown)}
        for name in ("source", "address"):
            self.fields[name].widget.attrs |= {"dir": "ltr"}

    def title(self, at: dt.datetime) -> OfficialText:
        """Give the title as official text: OGP's own words are English, and the others translate them."""
        words = {lang: self.cleaned_data[f"title_{lang}"] for lang in languages.WORKING}
        return official(at=at, source="en", **words)

    def clean(self) -> dict[str, Any]:
        """Read the questions and the deadline."""
        said = super().clean() or {}
        if said.get("closes_on") and said.get("closes_time") and said.get("time_zone"):
            there = dt.datetime.combine(said["closes_on"], said["closes_time"], ZoneInfo(said["time_zone"]))
            said["closes_at"] = there.astimezone(dt.UTC)
        where = "file" if said.get("file") else "lines" if said.get("lines") else None
        if not all(one.is_valid() for one in self.questions):
            self.add_error(None, _("A question is not well filled in. Correct it below."))
            return said
        try:
            lang = said.get("lang") or "en"
            if where:
                questions = read_file(said["file"].read(), lang) if where == "file" else read_lines(said["lines"], lang)
            else:
                typed = (one.question(number, lang) for number, one in enumerate(self.questions, 1))
                questions = [one for one in typed if one]
        except Unread as error:
            self.add_error(where, str(error))
            return said
        if wrong := why_not_questions(self.member, questions):
            self.add_error(where, wrong)
        said["questions"] = questions
        return said

    def call(self, at: dt.datetime) -> dict[str, Any]:
        """Give the call as its deed asks for it."""
        said = self.cleaned_data
        names = ("source", "opened_on", "closes_at", "time_zone", "channel", "address", "questions")
        return {"title": self.title(at)} | {name: said[name] for name in names}
