"""The forms of the follow-up: a report with its evidence, a completion sheet and its period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.core import dates, languages
from openregion.core.forms import DayField, WordsField
from openregion.core.official import OfficialText, official, text_in
from openregion.core.safe import clean_text
from openregion.guide.schema import Question
from openregion.monitoring.actions import Shown
from openregion.monitoring.models import CompletionLevel, CompletionSheet, Evidence, ProgressUpdate
from openregion.monitoring.rules import LEVELS, why_not_address
from openregion.people.forms import LineField
from openregion.plan.models import Commitment, Milestone
from openregion.record.arrival import ALLOWED

EVIDENCE_AT_ONCE = 3
_ENDINGS = ",".join(f".{ending}" for ending in dict.fromkeys(ALLOWED.values()))
# OGP's five levels, told so that two people choose alike.
MEANINGS = {
    CompletionLevel.NO_EVIDENCE: gettext_lazy("nothing that anyone can open shows whether work began."),
    CompletionLevel.NOT_STARTED: gettext_lazy("no work has begun."),
    CompletionLevel.LIMITED: gettext_lazy("work has begun, and most of it remains."),
    CompletionLevel.SUBSTANTIAL: gettext_lazy("most of the work is done, and some remains."),
    CompletionLevel.COMPLETE: gettext_lazy("everything that was promised is done."),
}


def _levels() -> list[tuple[str, SafeString]]:
    line = "<strong>{}</strong> – {}"
    return [(code, format_html(line, name, MEANINGS[CompletionLevel(code)])) for code, name in LEVELS.items()]


class LevelField(forms.ChoiceField):
    """A completion level, with what each means."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Completion level"),
            help_text=gettext_lazy("It speaks of the work done, and not of its effects."),
            widget=forms.RadioSelect,
            choices=_levels,
            **kwargs,
        )


def _written(lang: str) -> dict[str, str]:
    return {"lang": lang, "dir": languages.direction(lang)}


def _text(label: Any, lang: str, *, rows: int = 4, needed: bool = False, **more: Any) -> WordsField:
    widget = forms.Textarea(attrs={"rows": rows, **_written(lang)})
    return WordsField(label=label, required=needed, max_length=10_000, widget=widget, **more)


def _title(label: Any, lang: str) -> LineField:
    return LineField(label=label, max_length=200, required=False, widget=forms.TextInput(attrs=_written(lang)))


class AddressField(forms.URLField):
    """An address where anyone can look: of the web, with no name, password or hidden sign in it."""

    def to_python(self, value: Any) -> str:
        """Read what was typed, and change none of it but the way its letters are coded."""
        url = super().to_python(value) or ""
        if url and (refusal := why_not_address(url)):
            raise ValidationError(refusal)
        return clean_text(url)


class ProgressForm(forms.Form):
    """A report: where the commitment or an activity stands, what was done, and what shows it.

    ``update`` is the report being corrected: its words are there to be set
    right, and its evidence may be kept.
    """

    about = forms.ChoiceField(label=gettext_lazy("What you report on"), widget=forms.RadioSelect)
    WHOLE = "whole"
    level = LevelField()
    text_fr = _text(
        gettext_lazy("What was done, in French"),
        "fr",
        needed=True,
        help_text=gettext_lazy("Or that nothing was, and why. Everyone reads it."),
    )
    text_ar = _text(gettext_lazy("What was done, in Arabic"), "ar")
    text_en = _text(gettext_lazy("What was done, in English"), "en")
    as_of = DayField(label=gettext_lazy("As of which day"), help_text=gettext_lazy("Today at the latest."))
    expected_on = DayField(
        label=gettext_lazy("The new day promised"),
        required=False,
        help_text=gettext_lazy("When it is late: until when it is promised now."),
    )
    measure = forms.DecimalField(
        label=gettext_lazy("The indicator's figure that day"),
        required=False,
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )

    def __init__(
        self,
        *args: Any,
        commitment: Commitment,
        steps: Sequence[Milestone] = (),
        update: ProgressUpdate | None = None,
        **kwargs: Any,
    ) -> None:
        initial = _said_before(update) if update else {}
        super().__init__(*args, **{**kwargs, "initial": {**initial, **kwargs.get("initial", {})}})
        self.update, self.steps = update, {step.uid: step for step in steps}
        lang = get_language() or "fr"
        if update or not steps:
            del self.fields["about"]
        else:
            whole = (self.WHOLE, _("The whole commitment"))
            named = [(one.uid, f"{one.number}. {text_in(one.title, lang)}") for one in steps]
            self.fields["about"].choices = [whole, *named]  # type: ignore[attr-defined]
        indicator = getattr(commitment, "indicator", None)
        if indicator is None:
            del self.fields["measure"]
        else:
            named_so = (text_in(indicator.name, lang), text_in(indicator.unit, lang))
            self.fields["measure"].help_text = format_html("{} ({})", *named_so)
        self._offer_evidence()

    def _offer_evidence(self) -> None:
        if self.update and (given := list(self.update.evidence.select_related("file").order_by("pk"))):
            lang = get_language() or "fr"
            self.given = {one.uid: one for one in given}
            self.fields["kept"] = forms.MultipleChoiceField(
                label=_("Evidence of the report you correct"),
                help_text=_("Leave out what does not show it."),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(one.uid, text_in(one.title, lang)) for one in given],
                initial=list(self.given),
            )
        for number in range(1, EVIDENCE_AT_ONCE + 1):
            self.fields[f"title_fr_{number}"] = _title(_("Its title in French"), "fr")
            self.fields[f"title_ar_{number}"] = _title(_("Its title in Arabic"), "ar")
            self.fields[f"title_en_{number}"] = _title(_("Its title in English"), "en")
            self.fields[f"file_{number}"] = forms.FileField(
                label=_("A file"),
                required=False,
                help_text=_("PDF, document, table or picture. Everyone can open it: hide private data first."),
                widget=forms.FileInput(attrs={"accept": _ENDINGS}),
            )
            self.fields[f"url_{number}"] = AddressField(
                label=_("Or an address where anyone can look"),
                required=False,
                max_length=500,
                assume_scheme="https",
            )

    def own_fields(self) -> Iterator[BoundField]:
        """Give the fields before the evidence."""
        for name in ("about", "level", "text_fr", "text_ar", "text_en", "as_of", "expected_on", "measure", "kept"):
            if name in self.fields:
                yield self[name]

    def evidence_sets(self) -> list[tuple[int, bool, list[BoundField]]]:
        """Give the fields of each piece of evidence, and whether it is already begun."""
        names = ("title_fr", "title_ar", "title_en", "file", "url")
        sets = [(n, [self[f"{name}_{n}"] for name in names]) for n in range(1, EVIDENCE_AT_ONCE + 1)]
        return [(n, n == 1 or any(one.value() or one.errors for one in fields), fields) for n, fields in sets]

    def clean(self) -> dict[str, Any]:
        """Ask for a title with each piece of evidence, and for one thing to open: a file or an address."""
        said = super().clean() or {}
        for number in range(1, EVIDENCE_AT_ONCE + 1):
            titled = any(said.get(f"title_{lang}_{number}") for lang in languages.WORKING)
            opened = [name for name in ("file", "url") if said.get(f"{name}_{number}")]
            tried = [name for name in ("file", "url") if f"{name}_{number}" in self.errors]
            if len(opened) == 2:
                self.add_error(f"url_{number}", _("Give a file or an address, not both."))
            elif opened and not said.get(f"title_fr_{number}"):
                self.add_error(f"title_fr_{number}", _("Say in French what this shows."))
            elif titled and not opened and not tried:
                self.add_error(f"file_{number}", _("Choose the file, or give the address."))
        return said

    def milestone(self) -> Milestone | None:
        """Give the activity reported on; nothing for the whole commitment."""
        return self.steps.get(self.cleaned_data.get("about", ""))

    def report(self, at: dt.datetime) -> dict[str, Any]:
        """Give what a deed takes, but the evidence."""
        said = self.cleaned_data
        before = self.update.text if self.update else {}
        words = {lang: said[f"text_{lang}"] for lang in languages.WORKING}
        return {
            "level": said["level"],
            "text": still_official(before, words, at),
            "as_of": said["as_of"],
            "expected_on": said["expected_on"],
            "measure": said.get("measure"),
        }

    def kept_evidence(self) -> list[Shown]:
        """Give what is kept of the corrected report's evidence."""
        kept: list[Evidence] = [self.given[uid] for uid in self.cleaned_data.get("kept", ())]
        return [Shown(title=one.title, file=one.file, url=one.url) for one in kept]

    def new_evidence(self, at: dt.datetime) -> Iterator[tuple[OfficialText, Any, str]]:
        """Give what is added: its title, and the file to keep or the address."""
        said = self.cleaned_data
        for number in range(1, EVIDENCE_AT_ONCE + 1):
            file, url = said.get(f"file_{number}"), said.get(f"url_{number}", "")
            if file or url:
                words = {lang: said[f"title_{lang}_{number}"] for lang in languages.WORKING}
                yield official(at=at, **words), file, url


def _said_before(update: ProgressUpdate) -> dict[str, Any]:
    words = {f"text_{lang}": update.text.get(lang, {}).get("text", "") for lang in languages.WORKING}
    kept = {name: getattr(update, name) for name in ("level", "as_of", "expected_on", "measure")}
    return words | kept


def still_official(before: OfficialText, words: Mapping[str, str], at: dt.datetime) -> OfficialText:
    """Write official text, leaving as it was each language whose words did not change.

    A translation nobody touched keeps the hash of what it translated: it is
    known to be out of date when its source was rewritten.
    """
    after = official(at=at, **words)
    same = {lang for lang, one in after.items() if lang in before and before[lang]["text"] == one["text"]}
    return {lang: before[lang] if lang in same else one for lang, one in after.items()}


class PeriodForm(forms.Form):
    """The period of a completion sheet: a year of the plan, or other days."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), widget=forms.RadioSelect)
    starts_on = DayField(label=gettext_lazy("From"), required=False)
    ends_on = DayField(label=gettext_lazy("To"), required=False)
    OTHER = "other"

    def __init__(self, *args: Any, years: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = {str(one.number): one for one in years}
        lang = get_language() or "fr"
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            *(
                (
                    str(one.number),
                    _("Year %(number)s of the plan: %(first)s – %(last)s")
                    % {
                        "number": one.number,
                        "first": dates.day(one.starts_on, lang),
                        "last": dates.day(one.ends_on, lang),
                    },
                )
                for one in years
            ),
            (self.OTHER, _("Other days, written below")),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the days where no year of the plan was chosen."""
        said = super().clean() or {}
        if said.get("period") == self.OTHER:
            for name in ("starts_on", "ends_on"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose a day."))
        return said

    def days(self) -> tuple[dt.date, dt.date]:
        """Give the first and the last day of the period."""
        said = self.cleaned_data
        one = self.years.get(said["period"])
        return (one.starts_on, one.ends_on) if one else (said["starts_on"], said["ends_on"])


class SheetForm(forms.Form):
    """Annex 4 as the guide prints it: a text in three languages or a yes or no for each question, and the level."""

    YES_OR_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")), ("", gettext_lazy("Not answered yet")))

    def __init__(
        self,
        *args: Any,
        sheet: CompletionSheet,
        groups: Sequence[Any],
        plan_says: Mapping[str, OfficialText],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.groups, self.plan_says = sheet, groups, plan_says
        # A sheet that nobody filled in yet begins with what the plan says.
        self.begun = bool(sheet.texts or sheet.values)
        self.said = sheet.texts if self.begun else plan_says
        for question in self._questions():
            if question.kind == "yes-no":
                self._ask_yes_or_no(question)
            else:
                self._ask_text(question)
        self.fields["level"] = LevelField(initial=sheet.level)

    def _questions(self) -> Iterator[Question]:
        for group in self.groups:
            yield from group.questions

    def _ask_yes_or_no(self, question: Question) -> None:
        answered = {True: "yes", False: "no"}.get(self.sheet.values.get(question.code), "")
        label = question.label.in_(get_language() or "fr")
        self.fields[question.code] = forms.ChoiceField(
            label=label, required=False, widget=forms.RadioSelect, choices=self.YES_OR_NO, initial=answered
        )

    def _ask_text(self, question: Question) -> None:
        rows = 2 if question.kind == "text" else 5
        for language in languages.ALL:
            if (lang := language.code) in languages.WORKING:
                field = _text(language.own_name, lang, rows=rows)
                written = self.said.get(question.code, {}).get(lang)
                field.initial = written["text"] if written else ""
                self.fields[f"{question.code}-{lang}"] = field

    def laid_out(self) -> list[tuple[Any, list[tuple[Question, list[BoundField], OfficialText]]]]:
        """Give each group with its questions; each with its fields, and what the plan says where the sheet is begun."""
        return [(asked.group, [self._laid_out(one) for one in asked.questions]) for asked in self.groups]

    def _laid_out(self, one: Question) -> tuple[Question, list[BoundField], OfficialText]:
        if one.kind == "yes-no":
            return one, [self[one.code]], {}
        order = [language.code for language in languages.ALL if language.code in languages.WORKING]
        fields = [self[f"{one.code}-{lang}"] for lang in order]
        return one, fields, self.plan_says.get(one.code, {}) if self.begun else {}

    def texts(self, at: dt.datetime) -> dict[str, OfficialText]:
        """Give the texts by question; a wording nobody changed stays as it was written."""
        found = {}
        for question in self._questions():
            if question.kind != "yes-no":
                words = {lang: self.cleaned_data[f"{question.code}-{lang}"] for lang in languages.WORKING}
                found[question.code] = still_official(self.sheet.texts.get(question.code, {}), words, at)
        return found

    def values(self) -> dict[str, bool]:
        """Give the answers by yes or no; what nobody answered is left out."""
        said = self.cleaned_data
        asked = [one.code for one in self._questions() if one.kind == "yes-no"]
        return {code: said[code] == "yes" for code in asked if said[code]}
