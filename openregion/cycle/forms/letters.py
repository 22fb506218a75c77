"""The forms of letters: choosing a model, wording a draft, attaching the signed copy."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.core import dates, languages
from openregion.core.forms import DayField, WordsField
from openregion.core.official import text_in
from openregion.cycle.models import Cycle, Letter
from openregion.cycle.queries.letters import SUBJECTS, seen_of
from openregion.cycle.queries.pinned import cycle_name
from openregion.cycle.queries.wording import DAYS, PARTS, SAME, Missing, filled, languages_of, missing_words
from openregion.guide import queries as guides
from openregion.people.forms import LineField
from openregion.people.models import Contact, Member

LONGEST = {"addressee": 1000, "title": 500, "text": 200_000, "signatory": 500}
_ROWS = {"addressee": 2, "title": 2, "text": 24, "signatory": 2}


class CycleChoice(forms.ModelChoiceField):
    """A choice among a member's cycles, by their name."""

    def label_from_instance(self, cycle: Cycle) -> str:  # type: ignore[override]
        """Name the cycle."""
        return cycle_name(cycle.kind, cycle.number)


class ContactChoice(forms.ModelChoiceField):
    """A choice among a member's contacts, by their organisation or name."""

    def label_from_instance(self, contact: Contact) -> str:  # type: ignore[override]
        """Name the contact, the organisation first."""
        return " – ".join(filter(None, (contact.organisation, contact.name)))


class NewLetterForm(forms.Form):
    """Which letter, in which cycle, to whom."""

    kind = forms.ChoiceField(label=gettext_lazy("Which letter"), widget=forms.RadioSelect)
    cycle = CycleChoice(
        Cycle.objects.none(),
        to_field_name="uid",
        required=False,
        label=gettext_lazy("In which cycle"),
        help_text=gettext_lazy("Once issued, the letter proves the operations of that cycle it carries out."),
        empty_label=gettext_lazy("In no cycle"),
    )
    to_contact = ContactChoice(
        Contact.objects.none(),
        to_field_name="uid",
        required=False,
        label=gettext_lazy("To which contact"),
        help_text=gettext_lazy("A letter to a contact whom the Region does not name in public is never published."),
        empty_label=gettext_lazy("To no contact of the directory"),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = get_language() or "fr"
        models = guides.guide(member.guide_version).letters
        self.fields["kind"].choices = [(one.code, one.title.in_(lang)) for one in models]  # type: ignore[attr-defined]
        self.fields["cycle"].queryset = Cycle.objects.of(member).latest_first()  # type: ignore[attr-defined]
        theirs = Contact.objects.of(member).filter(retired_on=None).order_by("organisation", "name", "pk")
        self.fields["to_contact"].queryset = theirs  # type: ignore[attr-defined]


class LetterForm(forms.Form):
    """The words of a draft: four texts in each of its languages. ``seen`` marks the words its editor had read."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        self.langs, self.letter = languages_of(letter.member, letter), letter
        kwargs["initial"] = self._as_saved() | {"seen": seen_of(letter)}
        super().__init__(*args, **kwargs)
        names = {one.code: one.own_name for one in languages.ALL}
        for lang in self.langs:
            for part in PARTS:
                self.fields[f"{part}_{lang}"] = WordsField(
                    label=_("%(part)s (%(language)s)") % {"part": SUBJECTS[part], "language": names[lang]},
                    required=False,
                    max_length=LONGEST[part],
                    help_text=_(
                        "An empty line parts paragraphs. A line that begins with # is a heading, with - an item."
                    )
                    if part == "text"
                    else "",
                    widget=forms.Textarea(
                        attrs={"rows": _ROWS[part], "lang": lang, "dir": languages.direction(lang)},
                    ),
                )

    def _as_saved(self) -> dict[str, str]:
        return {
            f"{part}_{lang}": getattr(self.letter, part)[lang]["text"]
            for lang in self.langs
            for part in PARTS
            if lang in getattr(self.letter, part)
        }

    def words(self) -> dict[str, dict[str, str]]:
        """Give what was typed, part by part and language by language; a language it does not ask for stays."""
        kept = {part: {lang: said["text"] for lang, said in getattr(self.letter, part).items()} for part in PARTS}
        typed = {part: {lang: self.cleaned_data[f"{part}_{lang}"] for lang in self.langs} for part in PARTS}
        return {part: kept[part] | typed[part] for part in PARTS}

    def start_again_from(self, letter: Letter) -> tuple[tuple[str, str, str], ...]:
        """After someone else saved: keep what was typed, give what they saved as (label, language, words).

        From there on the editor has read their words, and saving again is on purpose.
        """
        self.data = {**{name: self.data.get(name) for name in self.data}, "seen": seen_of(letter)}
        theirs = []
        for lang in self.langs:
            for part in PARTS:
                saved = getattr(letter, part).get(lang)
                words = saved["text"] if saved else ""
                if words != self.cleaned_data.get(f"{part}_{lang}", ""):
                    theirs.append((str(self.fields[f"{part}_{lang}"].label), lang, words))
        return tuple(theirs)


class FillForm(forms.Form):
    """What stands for each word in braces; what is left empty stays in braces.

    A day, an address and a number are asked once for all the languages.
    """

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": seen_of(letter)}
        super().__init__(*args, **kwargs)
        self.letter = letter
        self.asked: dict[str, tuple[Missing, ...]] = {}
        by_code: dict[str, list[Missing]] = {}
        for one in missing_words(letter, letter.member):
            by_code.setdefault(one.code, []).append(one)
        for code, found in by_code.items():
            for together in [found] if code in DAYS | SAME else [[one] for one in found]:
                name = f"word_{len(self.asked)}"
                self.asked[name], self.fields[name] = tuple(together), _field_for(together[0])

    def words(self) -> dict[str, dict[str, str]]:
        """Give the letter's texts with what was typed written in place of the braces."""
        said: dict[str, dict[str, str]] = {}
        for name, together in self.asked.items():
            typed = self.cleaned_data[name]
            for one in together:
                written = dates.day(typed, one.lang) if isinstance(typed, dt.date) else typed
                said.setdefault(one.lang, {})[one.code] = written or ""
        return {
            part: {lang: filled(text["text"], said.get(lang, {})) for lang, text in getattr(self.letter, part).items()}
            for part in PARTS
        }


def _field_for(one: Missing) -> forms.Field:
    """Ask for what stands for a word in braces."""
    label = one.label.in_(get_language() or "fr") if one.label else one.code
    if one.code in DAYS:
        return DayField(label=label, required=False)
    if one.code in SAME:
        return LineField(label=label, required=False, max_length=300, widget=forms.TextInput(attrs={"dir": "ltr"}))
    own_names = {tongue.code: tongue.own_name for tongue in languages.ALL}
    return WordsField(
        label=_("%(part)s (%(language)s)") % {"part": label, "language": own_names[one.lang]},
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2, "lang": one.lang, "dir": languages.direction(one.lang)}),
    )


class IssueForm(forms.Form):
    """One press to issue: there is nothing to type, and a refusal needs a place to be read."""


class DiscardForm(forms.Form):
    """One press to throw a draft away: nothing to type, and a refusal needs a place to be read."""


class ScanForm(forms.Form):
    """The signed copy of a letter."""

    upload = forms.FileField(
        label=gettext_lazy("Signed copy"),
        help_text=gettext_lazy(
            "A PDF, or a photograph in JPEG or PNG, of 20 MB at most. It is kept as the proof and never replaced."
        ),
    )


def named_in(letter: Letter) -> str:
    """Give a letter's subject in the page's language, for the pages about it."""
    return text_in(letter.title, get_language() or "fr")
