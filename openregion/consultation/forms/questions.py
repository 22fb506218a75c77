"""The forms that put a question to the public, word it better, and give documents with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from openregion.consultation import queries, rules
from openregion.consultation.forms.pieces import may_be_empty, moment_field, named_field
from openregion.consultation.models import Consultation
from openregion.core import languages
from openregion.core.forms import DayField
from openregion.core.official import OfficialText, official, reworded
from openregion.cycle.forms.operations import ENDINGS
from openregion.cycle.models import Cycle
from openregion.cycle.queries import book_of
from openregion.people.forms import LineField
from openregion.people.models import Territory

FREE_THEMES = 4
LONGEST_TEXT = 2000


class PlacesChoice(forms.ModelMultipleChoiceField):
    """A choice of several places, by their name."""

    def label_from_instance(self, place: Territory) -> str:  # type: ignore[override]
        """Name the place in the page's language."""
        return place.name_in(get_language() or "fr")


class QuestionForm(forms.Form):
    """What a consultation says, whether it is being announced or worded better."""

    title_fr = named_field(gettext_lazy("Title in French"), "fr")
    title_ar = named_field(gettext_lazy("Title in Arabic"), "ar")
    title_en = named_field(gettext_lazy("Title in English"), "en")
    question_fr = named_field(gettext_lazy("The question in French"), "fr", rows=3, most=LONGEST_TEXT)
    question_ar = named_field(gettext_lazy("The question in Arabic"), "ar", rows=3, most=LONGEST_TEXT)
    question_en = named_field(gettext_lazy("The question in English"), "en", rows=3, most=LONGEST_TEXT)
    purpose_fr = may_be_empty(
        gettext_lazy("What it is for, in French"),
        "fr",
        help_text=gettext_lazy("Why the Region asks, and what can still change. People answer better when they know."),
    )
    purpose_ar = may_be_empty(gettext_lazy("What it is for, in Arabic"), "ar")
    purpose_en = may_be_empty(gettext_lazy("What it is for, in English"), "en")
    promise_fr = may_be_empty(
        gettext_lazy("What will be done with the answers, in French"),
        "fr",
        help_text=gettext_lazy("A promise that can be kept: who reads them, who decides, where the answer is read."),
    )
    promise_ar = may_be_empty(gettext_lazy("What will be done with the answers, in Arabic"), "ar")
    promise_en = may_be_empty(gettext_lazy("What will be done with the answers, in English"), "en")
    answers_by = DayField(
        label=gettext_lazy("By which day they are answered"),
        help_text=gettext_lazy("Shown on the page; after that day the page says whether it was kept."),
        required=False,
    )
    conduct_fr = may_be_empty(
        gettext_lazy("The rules, in French"),
        "fr",
        help_text=gettext_lazy(
            "Empty, the platform's own rules of moderation apply. Write only what this consultation adds to them."
        ),
    )
    conduct_ar = may_be_empty(gettext_lazy("The rules, in Arabic"), "ar")
    conduct_en = may_be_empty(gettext_lazy("The rules, in English"), "en")
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage of the guide that it serves"),
        help_text=gettext_lazy("It cannot be changed once the consultation is open."),
    )
    opens_at = moment_field(
        gettext_lazy("Opens"),
        gettext_lazy("Day and hour, on Casablanca's clock. Good practice leaves people two weeks to hear of it."),
    )
    closes_at = moment_field(gettext_lazy("Closes"), gettext_lazy("From that instant nothing more is received."))
    reads = forms.ChoiceField(
        label=gettext_lazy("When words are read"),
        choices=list(queries.READS.items()),
        initial=Consultation.Reads.BEFORE,
        widget=forms.RadioSelect,
        required=False,
    )
    takes_votes = forms.BooleanField(
        label=gettext_lazy("People may say whether they agree with a suggestion"), required=False, initial=True
    )
    takes_comments = forms.BooleanField(
        label=gettext_lazy("People may comment a suggestion"), required=False, initial=True
    )

    def __init__(self, *args: Any, cycle: Cycle, before: Consultation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle, self.before = cycle, before
        lang = get_language() or "fr"
        opened = set(cycle.stages.values_list("code", flat=True))
        stages = [
            (one.code, f"{one.number}. {one.short.in_(lang)}") for one in book_of(cycle).stages if one.code in opened
        ]
        self.fields["stage"].choices = stages  # type: ignore[attr-defined]
        places = Territory.objects.of(cycle.member).order_by("name_ar" if lang == "ar" else "name_fr")
        self.fields["places"] = PlacesChoice(
            places,
            to_field_name="code",
            required=False,
            label=_("Provinces and prefectures it is about"),
            help_text=_("None means the whole Region."),
            widget=forms.CheckboxSelectMultiple,
        )

    def want(self, *names: str) -> None:
        """Ask for these without fail: in French and in Arabic, where they are words."""
        for name in names:
            for box in (name,) if name in self.fields else (f"{name}_fr", f"{name}_ar"):
                self.fields[box].required = True
                self.fields[box].widget.is_required = True

    def clean_reads(self) -> str:
        """Read before publishing, unless something else is chosen."""
        return str(self.cleaned_data["reads"] or Consultation.Reads.BEFORE)

    def official(self, name: str, at: dt.datetime) -> OfficialText:
        """Give one of its texts as official text; words left as they were keep their date."""
        kept = getattr(self.before, name) if self.before else {}
        words = {lang: self.cleaned_data[f"{name}_{lang}"] for lang in languages.WORKING}
        return reworded(kept, words, at=at) if self.before else official(at=at, **words)


class ConsultationForm(QuestionForm):
    """A question put to the public: its words, its days, the themes it is read under."""

    slug = LineField(
        label=gettext_lazy("Short address"),
        max_length=rules.LONGEST_SLUG,
        help_text=gettext_lazy("Small letters without accents, digits and hyphens. It cannot be changed later."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    frame = forms.MultipleChoiceField(
        label=gettext_lazy("Themes proposed by the guide"),
        help_text=gettext_lazy("The four references of the participatory diagnosis, in the guide's own words."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, cycle=cycle, **kwargs)
        lang = get_language() or "fr"
        self.want(*rules.PROMISED)
        self.fields["stage"].initial = queries.stage_to_consult_in(cycle)
        self.references = dict(queries.frame_of(cycle))
        asked = self.fields["frame"]
        asked.choices = [(code, queries.as_a_name(text.in_(lang))) for code, text in self.references.items()]  # type: ignore[attr-defined]
        asked.initial = list(self.references)
        for number in range(1, FREE_THEMES + 1):
            for code, label in (("fr", _("Another theme %(number)s, in French")), ("ar", _("The same in Arabic"))):
                field = named_field(label % {"number": number}, code, most=100)
                field.required = False
                self.fields[f"theme_{number}_{code}"] = field
        said = [f"{name}_{one}" for name in ("purpose", "promise") for one in languages.WORKING]
        first = ("slug", "stage", "opens_at", "closes_at", "answers_by", "places", "frame")
        named = [f"title_{one}" for one in languages.WORKING] + [f"question_{one}" for one in languages.WORKING]
        themes = [name for name in self.fields if name.startswith("theme_")]
        self.order_fields([*named, *said, *first, *themes])

    def themes(self, at: dt.datetime) -> Sequence[tuple[str, OfficialText]]:
        """Give the themes in their order: those of the guide, then the free ones."""
        chosen = [
            (code, official(at=at, **{one: queries.as_a_name(text.in_(one)) for one in languages.WORKING}))
            for code, text in self.references.items()
            if code in self.cleaned_data["frame"]
        ]
        return [*chosen, *((_code_of(fr), official(at=at, fr=fr, ar=ar)) for _number, fr, ar in self._free())]

    def clean(self) -> dict[str, Any]:
        """Ask each free theme in both languages, and no theme twice."""
        said = super().clean() or {}
        known = set(said.get("frame", []))
        for number, fr, ar in self._free():
            if not (fr and ar):
                missing = f"theme_{number}_{'ar' if fr else 'fr'}"
                self.add_error(missing, _("Write this theme in French and in Arabic, or empty both boxes."))
            elif (code := _code_of(fr)) in known:
                self.add_error(f"theme_{number}_fr", _("This theme is there already. Choose another name."))
            else:
                known.add(code)
        return said

    def _free(self) -> list[tuple[int, str, str]]:
        said = self.cleaned_data
        rows = [
            (number, said.get(f"theme_{number}_fr", ""), said.get(f"theme_{number}_ar", ""))
            for number in range(1, FREE_THEMES + 1)
        ]
        return [row for row in rows if row[1] or row[2]]


class RevisionForm(QuestionForm):
    """A consultation worded better. What may no longer change is not asked; once it is open, a note says why."""

    note_fr = may_be_empty(
        gettext_lazy("What you correct and why, in French"),
        "fr",
        help_text=gettext_lazy("It stands on the page with its day, beside the words that stood before."),
    )
    note_ar = may_be_empty(gettext_lazy("What you correct and why, in Arabic"), "ar")
    note_en = may_be_empty(gettext_lazy("What you correct and why, in English"), "en")

    def __init__(self, *args: Any, consultation: Consultation, at: dt.datetime, **kwargs: Any) -> None:
        self.kept = list(consultation.themes.order_by("rank", "pk"))
        kwargs["initial"] = _as_typed(consultation) | (kwargs.get("initial") or {})
        super().__init__(*args, cycle=consultation.cycle, before=consultation, **kwargs)
        self.to_come, self.closed = at < consultation.opens_at, at >= consultation.closes_at
        gone = set() if self.to_come else set(rules.FIXED_ONCE_OPEN)
        if self.to_come:
            gone |= {"note_fr", "note_ar", "note_en"}
        # What was said before people answered is not taken back.
        self.want(*(name for name in rules.PROMISED if self.to_come or getattr(consultation, name)))
        if self.closed:
            gone |= set(self.fields) - {"answers_by", "note_fr", "note_ar", "note_en"}
        else:
            self._ask_themes()
        for name in gone:
            self.fields.pop(name, None)
        notes = [name for name in self.fields if name.startswith("note_")]
        self.order_fields([*(name for name in self.fields if name not in notes), *notes])

    def _ask_themes(self) -> None:
        for number, theme in enumerate(self.kept, start=1):
            labels = {
                "name": {"fr": _("Theme %(number)s, in French"), "ar": _("Theme %(number)s, in Arabic")},
                "question": {
                    "fr": _("What is asked under theme %(number)s, in French"),
                    "ar": _("What is asked under theme %(number)s, in Arabic"),
                },
            }
            for part, by_lang in labels.items():
                for lang, label in by_lang.items():
                    wanted = part == "name"
                    make = named_field if wanted else may_be_empty
                    field = make(label % {"number": number}, lang, rows=0 if wanted else 2, most=300)
                    field.initial = getattr(theme, part).get(lang, {}).get("text", "")
                    self.fields[f"{part}_of_{theme.pk}_{lang}"] = field

    def said(self, at: dt.datetime) -> rules.Said:
        """Give what was said: what was not asked is not said."""
        typed, before = self.cleaned_data, self.before
        said: rules.Said = {}
        for name in rules.WORDS:
            if f"{name}_fr" in self.fields:
                said[name] = self.official(name, at)  # type: ignore[literal-required]
        for name in ("answers_by", "stage", "places", "reads", "takes_votes", "takes_comments"):
            if name in self.fields:
                said[name] = typed[name]  # type: ignore[literal-required]
        for name in ("opens_at", "closes_at"):
            if name in self.fields:
                kept = getattr(before, name)
                # The box holds minutes: what was not touched keeps its seconds.
                same = typed[name] == kept.replace(second=0, microsecond=0)
                said[name] = kept if same else typed[name]  # type: ignore[literal-required]
        if not self.closed:
            said["themes"] = [
                rules.ThemeSaid(one.code, self._of_theme("name", one, at), self._of_theme("question", one, at))
                for one in self.kept
            ]
        return said

    def note(self, at: dt.datetime) -> OfficialText:
        """Give the note; none where none was asked."""
        return official(at=at, **{lang: self.cleaned_data.get(f"note_{lang}", "") for lang in languages.WORKING})

    def _of_theme(self, part: str, theme: Any, at: dt.datetime) -> OfficialText:
        kept: OfficialText = getattr(theme, part)
        # A language that is not asked here stays as it is.
        words = {lang: said["text"] for lang, said in kept.items()}
        words |= {lang: self.cleaned_data[f"{part}_of_{theme.pk}_{lang}"] for lang in ("fr", "ar")}
        return reworded(kept, words, at=at)


class ConsultationPaperForm(forms.Form):
    """A document given with a consultation."""

    title_fr = named_field(gettext_lazy("Title in French"), "fr")
    title_ar = named_field(gettext_lazy("Title in Arabic"), "ar")
    title_en = named_field(gettext_lazy("Title in English"), "en")
    upload = forms.FileField(
        label=gettext_lazy("The document"),
        help_text=gettext_lazy("PDF, document, table or picture. Everyone can open it: hide private data first."),
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
    )

    def title(self, at: dt.datetime) -> OfficialText:
        """Give the title as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"title_{lang}"] for lang in languages.WORKING})


class RemovePaperForm(forms.Form):
    """Why a document goes; a note is needed once people can answer after reading it."""

    note_fr = may_be_empty(gettext_lazy("Why it goes, in French"), "fr")
    note_ar = may_be_empty(gettext_lazy("Why it goes, in Arabic"), "ar")

    def note(self, at: dt.datetime) -> OfficialText:
        """Give the note as official text; nothing where nothing was typed."""
        return official(at=at, **{lang: self.cleaned_data[f"note_{lang}"] for lang in ("fr", "ar")})


def _as_typed(one: Consultation) -> dict[str, Any]:
    """Give a consultation as its form shows it."""
    typed: dict[str, Any] = {
        f"{name}_{lang}": said["text"] for name in rules.WORDS for lang, said in getattr(one, name).items()
    }
    for name in ("answers_by", "stage", "opens_at", "closes_at", "reads", "takes_votes", "takes_comments"):
        typed[name] = getattr(one, name)
    return typed | {"places": list(one.places.values_list("code", flat=True))}


def _code_of(name: str) -> str:
    with override("fr"):
        return slugify(name, allow_unicode=True)[:60].strip("-") or "theme"
