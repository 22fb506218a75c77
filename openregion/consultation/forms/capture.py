"""What the rapporteur's page asks: one contribution, the sheet of a table, the joining of two wordings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.analysis.tongue import guess_language
from openregion.consultation import codes, rules
from openregion.consultation.actions import Captured
from openregion.consultation.forms.pieces import ThemeChoice, body, place_field
from openregion.consultation.models import Consultation, Workshop
from openregion.core.forms import WordsField, one_is_enough
from openregion.core.safe import clean_text
from openregion.people.models import Territory

SAID = ("problem", "idea", "effect")
BY_ITS_LETTERS = ("", gettext_lazy("As its letters say"))


def tongue_field(help_text: Any = "") -> forms.ChoiceField:
    """Ask for the language that something was said in; its letters say it unless somebody does."""
    return forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[BY_ITS_LETTERS, *rules.TONGUES.items()],
        required=False,
        help_text=help_text,
    )


def theme_select(consultation: Consultation, *, nothing: str) -> ThemeChoice:
    """Ask for a theme in one line, where many contributions are typed one after the other."""
    return ThemeChoice(
        consultation.themes.order_by("rank", "pk"),
        to_field_name="code",
        required=False,
        blank=True,
        empty_label=nothing,
        label=_("Theme"),
    )


def tongue_of(lang: str, words: Mapping[str, str]) -> str:
    """Give the language that was chosen, else the one that the letters say."""
    return lang or guess_language(" ".join(words.values()), body())


class SaidForm(forms.Form):
    """What somebody said, taken down by another: any one part is enough."""

    ticket = forms.CharField(widget=forms.HiddenInput, required=False)
    problem = WordsField(label=gettext_lazy("The problem seen"), rows=3, required=False)
    idea = WordsField(label=gettext_lazy("The idea"), rows=3, required=False)
    effect = WordsField(label=gettext_lazy("What it would change"), rows=2, required=False)
    lang = tongue_field()

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ticket"].initial = codes.new_ticket()
        one_is_enough(*(self.fields[part] for part in SAID))
        order = ["ticket", *SAID]
        if consultation.themes.exists():
            self.fields["theme"] = theme_select(consultation, nothing=_("Let the team choose"))
            order.append("theme")
        self.fields["province"] = place_field(consultation, label=_("Province or prefecture"))
        self.order_fields([*order, "province", "lang"])

    def clean_ticket(self) -> str:
        """Keep a ticket of ours; one that somebody shortened would be easy to guess."""
        ticket = str(self.cleaned_data["ticket"])
        return ticket if re.fullmatch(r"[\w-]{32}", ticket, re.ASCII) else codes.new_ticket()

    def words(self) -> dict[str, str]:
        """Give the parts that were written."""
        return {part: text for part in SAID if (text := self.cleaned_data.get(part, ""))}

    def said(self) -> dict[str, Any]:
        """Give what was said as the deeds take it."""
        given = self.cleaned_data
        words = self.words()
        return {
            "words": words,
            "lang": tongue_of(given["lang"], words),
            "theme": given.get("theme"),
            "province": given["province"],
        }


class CaptureForm(SaidForm):
    """What the rapporteur takes down; with a script it is kept on the telephone first."""

    def captured(self) -> Captured:
        """Give it as the deed takes it."""
        return Captured(ticket=self.cleaned_data["ticket"], **self.said())


class SheetForm(forms.Form):
    """What a table agreed on, and where it does not; ``from_edition`` is the edition that was read.

    ``only`` is the one table whose sheet may be sent, where there is one.
    """

    from_edition = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    table = forms.TypedChoiceField(label=gettext_lazy("Table"), coerce=int)
    lang = tongue_field()

    def __init__(self, *args: Any, workshop: Workshop, only: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tables = range(1, workshop.tables + 1) if only is None else (only,)
        numbers = [(number, str(number)) for number in tables]
        self.fields["table"].choices = numbers  # type: ignore[attr-defined]
        _add_parts(self)
        self.order_fields(["from_edition", "table", *rules.SHEET_PARTS, "lang"])

    def said(self) -> dict[str, Any]:
        """Give the sheet as the deed takes it."""
        words = _parts(self)
        return {
            "table": self.cleaned_data["table"],
            "words": words,
            "lang": tongue_of(self.cleaned_data["lang"], words),
            "from_edition": self.cleaned_data["from_edition"] or 0,
        }


class SettleForm(forms.Form):
    """The wordings of a sheet joined into one by a person; it begins with the sheet as it is."""

    table = forms.IntegerField(widget=forms.HiddenInput)
    from_edition = forms.IntegerField(widget=forms.HiddenInput)
    conflicts = forms.CharField(widget=forms.HiddenInput)
    lang = tongue_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _add_parts(self)
        self.order_fields(["table", "from_edition", "conflicts", *rules.SHEET_PARTS, "lang"])

    def said(self) -> dict[str, Any]:
        """Give what was joined as the deed takes it."""
        words, given = _parts(self), self.cleaned_data
        return {
            "conflicts": given["conflicts"].split(),
            "words": words,
            "lang": tongue_of(given["lang"], words),
            "from_edition": given["from_edition"],
        }


class EmptySheetForm(forms.Form):
    """The table whose sheet is to say nothing any more."""

    table = forms.IntegerField(widget=forms.HiddenInput)


def items_of(sent: Any, workshop: Workshop) -> list[Captured]:
    """Read the contributions that a telephone sends; one it describes badly comes without what cannot be read.

    A theme or a place that is no longer there is left out: the words matter more.
    """
    if not isinstance(sent, list):
        return []
    one = workshop.consultation
    themes = {theme.code: theme for theme in one.themes.all()}
    places = {place.code: place for place in Territory.objects.of(one.cycle.member)}
    found = []
    for entry in sent[: rules.MOST_AT_ONCE]:
        if not isinstance(entry, dict):
            continue
        words = _words(entry.get("words"), SAID)
        found.append(
            Captured(
                ticket=_text(entry.get("ticket")),
                words=words,
                lang=tongue_of(_text(entry.get("lang")), words),
                theme=themes.get(_text(entry.get("theme"))),
                province=places.get(_text(entry.get("province"))),
                said_at=_instant(entry.get("written_at")),
            )
        )
    return found


def sheets_of(sent: Any) -> list[dict[str, Any]]:
    """Read the sheets that a telephone sends, as the deed takes them."""
    if not isinstance(sent, list):
        return []
    found = []
    for entry in sent[: rules.MOST_AT_ONCE]:
        if not isinstance(entry, dict):
            continue
        words = _words(entry.get("words"), tuple(rules.SHEET_PARTS))
        lang = tongue_of(_text(entry.get("lang")), words)
        numbers = {name: _number(entry.get(name)) for name in ("table", "from_edition")}
        found.append({"words": words, "lang": lang, **numbers})
    return found


def _add_parts(form: forms.Form) -> None:
    for part, label in rules.SHEET_PARTS.items():
        form.fields[part] = WordsField(label=label, rows=4, required=False)
    one_is_enough(*(form.fields[part] for part in rules.SHEET_PARTS))


def _parts(form: forms.Form) -> dict[str, str]:
    return {part: text for part in rules.SHEET_PARTS if (text := form.cleaned_data.get(part, ""))}


def _words(given: Any, parts: tuple[str, ...]) -> dict[str, str]:
    said = given if isinstance(given, dict) else {}
    return {part: text for part in parts if (text := clean_text(_text(said.get(part))))}


def _text(given: Any) -> str:
    return given if isinstance(given, str) else ""


def _number(given: Any) -> int:
    return given if isinstance(given, int) and 0 <= given < 10_000 else 0


def _instant(given: Any) -> dt.datetime | None:
    try:
        found = parse_datetime(_text(given))
    except ValueError:
        return None
    return found if found and found.tzinfo else None
