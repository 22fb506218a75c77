"""The forms of the communication plan: an announcement in its languages, and where it was published."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy

from openregion.core import languages
from openregion.core.forms import DayField
from openregion.core.official import OfficialText, reworded
from openregion.cycle.forms.operations import ENDINGS, line_in, words_in
from openregion.cycle.models import Announcement, Cycle
from openregion.cycle.queries.communication import KINDS_TO_SAY
from openregion.cycle.queries.pinned import book_of
from openregion.cycle.rules.communication import Said
from openregion.people.forms import LineField

LONGEST_TEXT = 10_000


class AnnouncementForm(forms.Form):
    """What is told, at which stage, on which day; a title is needed, the words may come later."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"), widget=forms.RadioSelect, choices=list(KINDS_TO_SAY.items())
    )
    planned_on = DayField(label=gettext_lazy("Planned for"))
    title_fr = line_in(gettext_lazy("Title in French"), "fr", needed=True)
    title_ar = line_in(gettext_lazy("Title in Arabic"), "ar", needed=True)
    title_en = line_in(gettext_lazy("Title in English"), "en")
    text_fr = words_in(
        gettext_lazy("Its words in French"),
        "fr",
        rows=8,
        most=LONGEST_TEXT,
        help_text=gettext_lazy("The team alone reads them until it is published. They may be changed until then."),
    )
    text_ar = words_in(gettext_lazy("Its words in Arabic"), "ar", rows=8, most=LONGEST_TEXT)
    text_en = words_in(gettext_lazy("Its words in English"), "en", rows=8, most=LONGEST_TEXT)

    def __init__(self, *args: Any, cycle: Cycle, announcement: Announcement | None = None, **kwargs: Any) -> None:
        self.before = announcement
        initial = _as_typed(announcement) if announcement else {}
        super().__init__(*args, **{**kwargs, "initial": {**initial, **(kwargs.get("initial") or {})}})
        lang, here = get_language() or "fr", set(cycle.stages.values_list("code", flat=True))
        stages = [(one.code, one.short.in_(lang)) for one in book_of(cycle).stages if one.code in here]
        self.fields["stage"].choices = stages  # type: ignore[attr-defined]

    def said(self, at: dt.datetime) -> Said:
        """Give what was said; words left as they were keep their date."""
        typed = self.cleaned_data
        return {
            "stage": typed["stage"],
            "kind": typed["kind"],
            "planned_on": typed["planned_on"],
            "title": self._words("title", at),
            "text": self._words("text", at),
        }

    def _words(self, name: str, at: dt.datetime) -> OfficialText:
        words = {lang: self.cleaned_data[f"{name}_{lang}"] for lang in languages.WORKING}
        return reworded(getattr(self.before, name) if self.before else {}, words, at=at)


def _as_typed(one: Announcement) -> dict[str, Any]:
    typed: dict[str, Any] = {"stage": one.stage, "kind": one.kind, "planned_on": one.planned_on}
    for name in ("title", "text"):
        written: OfficialText = getattr(one, name)
        typed |= {f"{name}_{lang}": said["text"] for lang, said in written.items()}
    return typed


class PublicationForm(forms.Form):
    """Where an announcement came out, on which day, and what shows it."""

    where = LineField(
        label=gettext_lazy("Where it was published"),
        max_length=200,
        help_text=gettext_lazy("A newspaper, a radio, a site, a notice board."),
    )
    on = DayField(label=gettext_lazy("On which day"))
    url = forms.URLField(
        label=gettext_lazy("Its address on the web"), required=False, max_length=500, assume_scheme="https"
    )
    upload = forms.FileField(
        label=gettext_lazy("What shows it"),
        required=False,
        help_text=gettext_lazy("PDF, document, table or picture. Everyone can open it."),
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
    )
