"""The forms of the consultation room: what is asked, in which words, and what is wrong with an answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from openregion.analysis.tongue import guess_language
from openregion.consultation import codes, queries, rules
from openregion.consultation.models import Consultation, Contribution, Theme
from openregion.core import languages, post
from openregion.core.forms import WordsField
from openregion.core.official import OfficialText, official, text_in
from openregion.cycle.models import Cycle
from openregion.cycle.queries import book_of
from openregion.people.forms import LineField, PlaceChoice
from openregion.people.models import Territory, User

ASKED = ("problem", "idea", "effect")
FREE_THEMES = 4


class ThemeChoice(forms.ModelChoiceField):
    """A choice among a consultation's themes, by their name."""

    def label_from_instance(self, theme: Theme) -> str:  # type: ignore[override]
        """Name the theme in the page's language."""
        return text_in(theme.name, _body())


def _theme_field(consultation: Consultation, *, nothing: str, **more: Any) -> ThemeChoice:
    return ThemeChoice(
        consultation.themes.order_by("rank", "pk"),
        to_field_name="code",
        required=False,
        blank=True,
        empty_label=nothing,
        widget=forms.RadioSelect,
        **more,
    )


def _place_field(consultation: Consultation, **more: Any) -> PlaceChoice:
    places = Territory.objects.of(consultation.cycle.member)
    return PlaceChoice(
        places.order_by("name_ar" if get_language() == "ar" else "name_fr"),
        to_field_name="code",
        required=False,
        empty_label=_("The whole Region"),
        **more,
    )


class SuggestionForm(forms.Form):
    """What a person proposes, and where it speaks of; an address only if they want news.

    ``by`` is the person who is signed in, if any: their address is known, so it
    is not asked. The ticket makes the same form sent twice one suggestion.
    """

    ticket = forms.CharField(widget=forms.HiddenInput, required=False)
    problem = WordsField(
        label=gettext_lazy("The problem you see"),
        help_text=gettext_lazy("What does not work, where, for whom. Any one of the three boxes is enough."),
        rows=4,
        required=False,
    )
    idea = WordsField(
        label=gettext_lazy("Your idea"), help_text=gettext_lazy("What should be done."), rows=4, required=False
    )
    effect = WordsField(
        label=gettext_lazy("What it would change"),
        help_text=gettext_lazy("What would be better, and for whom."),
        rows=3,
        required=False,
    )
    lang = forms.ChoiceField(
        label=gettext_lazy("Language you write in"),
        choices=list(rules.TONGUES.items()),
        help_text=gettext_lazy("Write in the language you like, darija too. Your words are shown as you wrote them."),
    )
    reply_to = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("To be told at each step what becomes of it. It is never published."),
        required=False,
        max_length=254,
    )
    tell_me = forms.BooleanField(label=gettext_lazy("Tell me at each step, by e-mail"), required=False)

    def __init__(self, *args: Any, consultation: Consultation, by: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page_lang = _body()
        self.fields["ticket"].initial = codes.new_ticket()
        self.fields["lang"].initial = self.page_lang
        order = ["ticket", *ASKED]
        if consultation.themes.exists():
            nothing = _("Let the team choose")
            self.fields["theme"] = _theme_field(consultation, label=_("Theme"), nothing=nothing)
            order.append("theme")
        self.fields["province"] = _place_field(
            consultation,
            label=_("Province or prefecture"),
            help_text=_("The place it speaks of; shown with your suggestion."),
        )
        order += ["province", "lang"]
        if by is None:
            del self.fields["tell_me"]
            self.fields["reply_to"].widget.attrs["autocomplete"] = "email"
        else:
            del self.fields["reply_to"]
            self.fields["tell_me"].help_text = _("At %(address)s. It is never published.") % {"address": by.email}
        self.by = by
        self.order_fields([*order, "reply_to", "tell_me"])

    def clean_ticket(self) -> str:
        """Keep a ticket of ours; one that somebody shortened would be easy to guess."""
        ticket = str(self.cleaned_data["ticket"])
        return ticket if re.fullmatch(r"[\w-]{32}", ticket) else codes.new_ticket()

    def clean_reply_to(self) -> str:
        """Refuse an address that nothing can be sent to, however well formed."""
        address = str(self.cleaned_data["reply_to"])
        if address and not post.can_be_written_to(address):
            raise forms.ValidationError(validate_email.message, code="invalid")
        return address

    def clean(self) -> dict[str, Any]:
        """Let the letters say the language, unless the person chose another than the page proposed.

        Someone who was signed out meanwhile, and had asked for news, is asked for an address.
        """
        said = super().clean() or {}
        if self.by is None and self.data.get("tell_me") and not said.get("reply_to"):
            self.add_error("reply_to", _("You are signed out. Write your address here, or leave the box empty."))
        if said.get("lang") == self.page_lang:
            said["lang"] = guess_language(" ".join(self.words().values()), self.page_lang)
        return said

    def words(self) -> dict[str, str]:
        """Give the parts that were written."""
        return {part: text for part in ASKED if (text := self.cleaned_data.get(part, ""))}

    def address(self) -> str:
        """Give the address that news go to; none where none was asked for."""
        if self.by is not None:
            return self.by.email if self.cleaned_data.get("tell_me") else ""
        return str(self.cleaned_data.get("reply_to", ""))

    def typed(self) -> list[tuple[str, str]]:
        """Give back what was typed, for the person to copy when it cannot be received."""
        boxes = [(str(self.fields[part].label), str(self.data.get(part, ""))) for part in ASKED]
        return [(label, text) for label, text in boxes if text.strip()]


class HideForm(forms.Form):
    """The reason for which a contribution is hidden, in the words its author will read."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Its author reads these words."),
        choices=list(rules.HIDING_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say why it is hidden: choose one of the reasons.")},
    )


class PlaceForm(forms.Form):
    """The theme, province and language that a suggestion is read under."""

    lang = forms.ChoiceField(label=gettext_lazy("Language it is written in"), choices=list(rules.TONGUES.items()))

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        suggestion = contribution.suggestion
        kwargs["initial"] = {
            "theme": suggestion.theme and suggestion.theme.code,
            "province": suggestion.province and suggestion.province.code,
            "lang": contribution.lang,
        }
        super().__init__(*args, **kwargs)
        one = contribution.consultation
        self.fields["theme"] = _theme_field(one, label=_("Theme"), nothing=_("None of these"))
        self.fields["province"] = _place_field(one, label=_("Province or prefecture"))
        self.order_fields(["theme", "province", "lang"])


def _moment(label: Any, help_text: Any) -> forms.DateTimeField:
    box = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, help_text=help_text, widget=box)


def _named(label: Any, lang: str, *, rows: int = 0, most: int = 200) -> forms.CharField:
    attrs = {"lang": lang, "dir": languages.direction(lang)}
    needed = lang != "en"
    if rows:
        box = forms.Textarea(attrs={**attrs, "rows": rows})
        return WordsField(label=label, rows=rows, required=needed, max_length=most, widget=box)
    return LineField(label=label, required=needed, max_length=most, widget=forms.TextInput(attrs=attrs))


class ConsultationForm(forms.Form):
    """A question put to the public: its words, its days, the themes it is read under."""

    title_fr = _named(gettext_lazy("Title in French"), "fr")
    title_ar = _named(gettext_lazy("Title in Arabic"), "ar")
    title_en = _named(gettext_lazy("Title in English"), "en")
    question_fr = _named(gettext_lazy("The question in French"), "fr", rows=3, most=2000)
    question_ar = _named(gettext_lazy("The question in Arabic"), "ar", rows=3, most=2000)
    question_en = _named(gettext_lazy("The question in English"), "en", rows=3, most=2000)
    slug = LineField(
        label=gettext_lazy("Short address"),
        max_length=rules.LONGEST_SLUG,
        help_text=gettext_lazy("Small letters without accents, digits and hyphens. It cannot be changed later."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    stage = forms.ChoiceField(label=gettext_lazy("Stage of the guide that it serves"))
    opens_at = _moment(gettext_lazy("Opens"), gettext_lazy("Day and hour, on Casablanca's clock."))
    closes_at = _moment(gettext_lazy("Closes"), gettext_lazy("From that instant nothing more is received."))
    frame = forms.MultipleChoiceField(
        label=gettext_lazy("Themes proposed by the guide"),
        help_text=gettext_lazy("The four references of the participatory diagnosis, in the guide's own words."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        lang = get_language() or "fr"
        book = book_of(cycle)
        opened = set(cycle.stages.values_list("code", flat=True))
        stages = [(one.code, f"{one.number}. {one.short.in_(lang)}") for one in book.stages if one.code in opened]
        self.fields["stage"].choices = stages  # type: ignore[attr-defined]
        self.references = dict(queries.frame_of(cycle))
        asked = self.fields["frame"]
        asked.choices = [(code, queries.as_a_name(text.in_(lang))) for code, text in self.references.items()]  # type: ignore[attr-defined]
        asked.initial = list(self.references)
        for number in range(1, FREE_THEMES + 1):
            for code, label in (("fr", _("Another theme %(number)s, in French")), ("ar", _("The same in Arabic"))):
                field = _named(label % {"number": number}, code, most=100)
                field.required = False
                self.fields[f"theme_{number}_{code}"] = field

    def official(self, name: str, at: dt.datetime) -> OfficialText:
        """Give the title or the question as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"{name}_{lang}"] for lang in languages.WORKING})

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


def _code_of(name: str) -> str:
    with override("fr"):
        return slugify(name, allow_unicode=True)[:60].strip("-") or "theme"


def _body() -> str:
    return languages.body_lang(get_language() or "fr")
