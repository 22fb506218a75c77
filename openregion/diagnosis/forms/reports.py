"""The forms of reports: what a report is of, a passage's words, the numbers it cites."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, Theme, Workshop
from openregion.core import languages
from openregion.core.official import OfficialText, text_in
from openregion.diagnosis.forms.findings import OfficialForm, passage
from openregion.diagnosis.models import Passage, Report
from openregion.diagnosis.queries import MOST_CHOSEN, REPORT_KINDS, SECTIONS
from openregion.people.forms import LineField

_SPANS = re.compile(r"([0-9]{1,9})(?:\s*[-–]\s*([0-9]{1,9}))?")


class ReportForm(forms.Form):
    """What a report is of: the whole of a consultation, a part of it, one of its themes, one of its meetings."""

    of = forms.ChoiceField(
        label=gettext_lazy("What the report is of"),
        help_text=gettext_lazy(
            "The platform writes a first draft from what was said. You then correct it, add what matters, and cite."
        ),
    )

    def __init__(self, *args: Any, offered: Sequence[tuple[str, Sequence[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"].choices = list(offered)  # type: ignore[attr-defined]


def offered(
    consultations: Sequence[Consultation],
    workshops: Sequence[Workshop],
    begun: set[tuple[int, str, int, int]],
    *,
    meetings_alone: bool,
) -> list[tuple[str, list[tuple[str, str]]]]:
    """List the reports that may be begun, by consultation: those begun or published already are left out.

    ``begun`` holds consultation, kind, workshop and theme of each report there is, 0 for none. A rapporteur
    writes of their ``meetings_alone``.
    """
    lang = languages.body_lang(get_language() or "fr")
    groups = []
    for one in consultations:
        choices = [
            (f"{one.uid}|{kind}|", str(REPORT_KINDS[kind]))
            for kind in (Report.Kind.FINAL, Report.Kind.ONLINE, Report.Kind.MEETINGS)
            if (one.pk, str(kind), 0, 0) not in begun and not meetings_alone
        ]
        themes: list[Theme] = sorted(one.themes.all(), key=lambda theme: (theme.rank, theme.pk))
        choices += [
            (f"{one.uid}|theme|{theme.code}", _("Theme: %(name)s") % {"name": text_in(theme.name, lang)})
            for theme in themes
            if (one.pk, "theme", 0, theme.pk) not in begun and not meetings_alone
        ]
        choices += [
            (f"{one.uid}|meeting|{met.meeting.number}", _("Meeting: %(name)s") % {"name": _meeting(met, lang)})
            for met in workshops
            if met.consultation_id == one.pk and (one.pk, "meeting", met.pk, 0) not in begun
        ]
        if choices:
            groups.append((text_in(one.title, lang), choices))
    return groups


def _meeting(workshop: Workshop, lang: str) -> str:
    return text_in(workshop.meeting.title, lang)


class PassageForm(OfficialForm):
    """A passage: its words in each language, its part of the report, whether the words it cites show under it."""

    section = forms.ChoiceField(label=gettext_lazy("Part of the report"))
    text_fr = passage(
        gettext_lazy("Words in French"),
        "fr",
        rows=5,
        help_text=gettext_lazy(
            "A sentence or a paragraph. A line that begins with # is a title; lines that begin with a dash make a list."
        ),
    )
    text_ar = passage(gettext_lazy("Words in Arabic"), "ar", rows=5)
    text_en = passage(gettext_lazy("Words in English"), "en", rows=3)
    quotes = forms.BooleanField(
        label=gettext_lazy("Quote the suggestions it cites"),
        required=False,
        help_text=gettext_lazy("Their words show under the passage, in their own language: the first ten it cites."),
    )
    as_given = forms.BooleanField(
        label=gettext_lazy("These are people's own words"),
        required=False,
        help_text=gettext_lazy(
            "Copied as they gave them, from the sheet of a table for example. They stay in their language, ask for no "
            "translation, and the report says so. Your own sentences are written in French and in Arabic."
        ),
    )
    place = forms.IntegerField(
        label=gettext_lazy("Place in its part"),
        required=False,
        min_value=1,
        max_value=9999,
        help_text=gettext_lazy("1 to be read first. Left empty, it stays where it is."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [(code, str(name)) for code, name in SECTIONS.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the words in one language at least."""
        said = super().clean() or {}
        self._one_language("text", _("Write this passage, in one language at least."))
        return said

    def words(self, at: dt.datetime, before: OfficialText | None = None) -> OfficialText:
        """Give what was typed as official text; a language that the form does not ask stays as it was."""
        others = {lang: said for lang, said in (before or {}).items() if lang not in languages.WORKING}
        return {**others, **self.said("text", at, before)}

    @staticmethod
    def words_of(one: Passage) -> dict[str, Any]:
        """Give a passage as the form's first values."""
        typed: Mapping[str, str] = {
            f"text_{lang}": one.text[lang]["text"] for lang in languages.WORKING if lang in one.text
        }
        return {**typed, "section": one.section, "quotes": one.quotes, "as_given": one.as_given, "seen": one.seen}


class PublishForm(forms.Form):
    """What whoever publishes a report confirms: having read what the platform drafted and nobody changed."""

    drafts_read = forms.BooleanField(required=False)

    def __init__(self, *args: Any, drafted: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not drafted:
            del self.fields["drafts_read"]
            return
        asked = ngettext(
            "I have read the %(n)s passage that the platform drafted and nobody changed.",
            "I have read the %(n)s passages that the platform drafted and nobody changed.",
            drafted,
        )
        self.fields["drafts_read"].label = asked % {"n": drafted}


class CiteForm(forms.Form):
    """Numbers of suggestions, typed: one by one or from one to another."""

    numbers = LineField(
        label=gettext_lazy("Numbers to cite too"),
        required=False,
        max_length=2_000,
        help_text=gettext_lazy("For example 12, 15, 40-62. Those that this report cannot cite are left out."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    without = LineField(
        label=gettext_lazy("Numbers to cite no longer"),
        required=False,
        max_length=2_000,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def typed(self, name: str) -> tuple[int, ...]:
        """Give the numbers typed in a field, each once."""
        return spans_in(self.cleaned_data.get(name, ""))


def spans_in(text: str) -> tuple[int, ...]:
    """Read public numbers and spans of them, "12, 40-62"; as many as may be chosen at once."""
    found: dict[int, None] = {}
    for first, last in _SPANS.findall(text):
        begin, end = int(first), int(last or first)
        for number in range(begin, min(end, begin + MOST_CHOSEN) + 1):
            found[number] = None
    return tuple(sorted(found)[:MOST_CHOSEN])
