"""The forms of operations: who does one and when, what proves it, a reason, an operation of the Region's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.core import dates, languages
from openregion.core.forms import DayField, WordsField, one_is_enough
from openregion.core.official import OfficialText, official, text_in
from openregion.cycle.models import Letter, Meeting, Proof
from openregion.cycle.queries.operations import (
    KINDS_OF_PROOF,
    bodies_to_charge,
    held_meetings,
    issued_letters,
    team_of,
)
from openregion.people.forms import ActChoice, BodyChoice, LineField
from openregion.people.models import Act, Body, Member, User
from openregion.record.arrival import ALLOWED

ENDINGS = ",".join(f".{ending}" for ending in dict.fromkeys(ALLOWED.values()))
LONGEST_TITLE = 300
LONGEST_REASON = 2000


def _attrs(lang: str) -> dict[str, Any]:
    return {"lang": lang, "dir": languages.direction(lang)}


def line_in(label: Any, lang: str, *, needed: bool = False, **more: Any) -> LineField:
    """Ask one line of official text in a language."""
    widget = forms.TextInput(attrs=_attrs(lang))
    return LineField(label=label, max_length=LONGEST_TITLE, required=needed, widget=widget, **more)


def words_in(label: Any, lang: str, *, rows: int = 4, most: int = LONGEST_REASON, **more: Any) -> WordsField:
    """Ask some lines of official text in a language."""
    widget = forms.Textarea(attrs=_attrs(lang) | {"rows": rows})
    return WordsField(label=label, max_length=most, required=False, widget=widget, **more)


class PersonChoice(forms.ModelChoiceField):
    """A choice among the people of the team, by their name."""

    def label_from_instance(self, user: User) -> str:  # type: ignore[override]
        """Name the person."""
        return user.name or user.email


class MeetingChoice(forms.ModelChoiceField):
    """A choice among meetings that were held."""

    def label_from_instance(self, meeting: Meeting) -> str:  # type: ignore[override]
        """Name the meeting and its day."""
        lang = get_language() or "fr"
        return f"{text_in(meeting.title, lang)} – {dates.day(timezone.localdate(meeting.starts_at), lang)}"


class LetterChoice(forms.ModelChoiceField):
    """A choice among letters that were issued."""

    def label_from_instance(self, letter: Letter) -> str:  # type: ignore[override]
        """Cite the letter: its number in the year, and its subject."""
        return f"{letter.number}/{letter.year} – {text_in(letter.title, get_language() or 'fr')}"


class OperationPlanForm(forms.Form):
    """Who does an operation, and when: a person or a body, a day; any of them may wait."""

    assignee = PersonChoice(
        User.objects.none(),
        required=False,
        label=gettext_lazy("A person of the team"),
        help_text=gettext_lazy("Visitors do not see the name."),
        empty_label=gettext_lazy("Nobody yet"),
    )
    body = BodyChoice(
        Body.objects.none(),
        to_field_name="uid",
        required=False,
        label=gettext_lazy("Or a body"),
        help_text=gettext_lazy("The public page names it."),
        empty_label=gettext_lazy("No body"),
    )
    planned_on = DayField(
        label=gettext_lazy("Planned for"),
        required=False,
        help_text=gettext_lazy("The day by which it should be done. After it, the operation is late."),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = team_of(member)  # type: ignore[attr-defined]
        self.fields["body"].queryset = bodies_to_charge(member)  # type: ignore[attr-defined]


ASKED_BY = {"meeting": "meeting", "decision": "act", "letter": "letter"}


def things_that_prove(member: Member) -> dict[str, Any]:
    """Find the meetings, the acts and the letters that can prove something, under the names of their fields."""
    return {
        "meeting": held_meetings(member),
        "act": Act.objects.of(member).distinct().latest_first(),
        "letter": issued_letters(member),
    }


class ProofKindForm(forms.Form):
    """What kind of thing proves it, before anything is asked of it: only the kinds that this space can give."""

    kind = forms.ChoiceField(label=gettext_lazy("What proves it"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = things_that_prove(member)
        offered = [kind for kind, name in ASKED_BY.items() if found[name].exists()]
        self.offered = [(kind, KINDS_OF_PROOF[kind]) for kind in ("document", *offered)]
        self.fields["kind"].choices = self.offered  # type: ignore[attr-defined]
        self.fields["kind"].initial = "document"


class ProofForm(forms.Form):
    """What shows that an operation was carried out: only the fields of the kind that was ``chosen`` before."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS_OF_PROOF], required=False)
    done_on = DayField(label=gettext_lazy("Done on"))
    file = forms.FileField(
        label=gettext_lazy("The document"),
        required=False,
        help_text=gettext_lazy("PDF, document, table or picture."),
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
    )
    public = forms.BooleanField(
        label=gettext_lazy("Everyone may read this document"),
        required=False,
        help_text=gettext_lazy("Hide private data first. Left empty, the team alone opens it; its title stays public."),
    )
    meeting = MeetingChoice(
        Meeting.objects.none(),
        to_field_name="uid",
        required=False,
        label=gettext_lazy("The meeting"),
        empty_label=gettext_lazy("Choose the meeting"),
    )
    act = ActChoice(
        Act.objects.none(),
        to_field_name="uid",
        required=False,
        label=gettext_lazy("The act that carries the decision"),
        empty_label=gettext_lazy("Choose the act"),
    )
    letter = LetterChoice(
        Letter.objects.none(),
        to_field_name="uid",
        required=False,
        label=gettext_lazy("The letter"),
        empty_label=gettext_lazy("Choose the letter"),
    )
    title_fr = line_in(
        gettext_lazy("What it is, in French"),
        "fr",
        help_text=gettext_lazy("Everyone reads it. In French or in Arabic: one is enough."),
    )
    title_ar = line_in(gettext_lazy("What it is, in Arabic"), "ar")
    title_en = line_in(gettext_lazy("What it is, in English"), "en")

    def __init__(self, *args: Any, member: Member, chosen: str = Proof.Kind.DOCUMENT, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = ["file", "public"] if chosen == Proof.Kind.DOCUMENT else [ASKED_BY.get(chosen, "")]
        for name in {"file", "public", *ASKED_BY.values()} - set(asked):
            del self.fields[name]
        self.fields["kind"].initial, self.fields["kind"].widget = chosen, forms.HiddenInput()
        if chosen == Proof.Kind.DOCUMENT:
            self.fields["file"].required = True
            one_is_enough(self.fields["title_fr"], self.fields["title_ar"])
        else:
            for name in asked:
                self.fields[name].required = True
                self.fields[name].queryset = things_that_prove(member)[name]  # type: ignore[attr-defined]
            self.fields["title_fr"].help_text = _("Left empty, its own title is shown.")

    def proof(self, at: dt.datetime) -> dict[str, Any]:
        """Give what was said as the deed takes it: the thing chosen goes with its kind, and the rest is left out."""
        said = self.cleaned_data
        kind = said["kind"] or self.fields["kind"].initial
        title = official(at=at, **{lang: said[f"title_{lang}"] for lang in languages.WORKING})
        if kind == Proof.Kind.DOCUMENT:
            upload = said["file"] or None
            return {
                "kind": kind,
                "done_on": said["done_on"],
                "title": title,
                "upload": upload,
                "public": said["public"],
            }
        thing = said.get("act" if kind == Proof.Kind.DECISION else kind)
        title = title or (thing.title if thing else {})
        return {"kind": kind, "done_on": said["done_on"], "title": title, "subject_uid": thing.uid if thing else ""}


class ReasonForm(forms.Form):
    """Why: in French or in Arabic, published beside what it explains."""

    reason_fr = words_in(
        gettext_lazy("Why, in French"),
        "fr",
        help_text=gettext_lazy("One or two sentences, in French or in Arabic: one is enough. Everyone reads them."),
    )
    reason_ar = words_in(gettext_lazy("Why, in Arabic"), "ar")
    reason_en = words_in(gettext_lazy("Why, in English"), "en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_is_enough(self.fields["reason_fr"], self.fields["reason_ar"])

    def clean(self) -> dict[str, Any]:
        """Ask for the reason in one of the two working languages."""
        said = super().clean() or {}
        if not said.get("reason_fr") and not said.get("reason_ar"):
            self.add_error("reason_fr", _("Say why, in French or in Arabic: everyone reads it."))
        return said

    def reason(self, at: dt.datetime) -> OfficialText:
        """Give the reason as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"reason_{lang}"] for lang in languages.WORKING})


class OwnOperationForm(forms.Form):
    """An operation of the Region's own, in its words."""

    text_fr = line_in(
        gettext_lazy("What is to be done, in French"),
        "fr",
        needed=True,
        help_text=gettext_lazy("It stands after the guide's operations of this stage, marked as added by the Region."),
    )
    text_ar = line_in(gettext_lazy("What is to be done, in Arabic"), "ar", needed=True)
    text_en = line_in(gettext_lazy("What is to be done, in English"), "en")

    def text(self, at: dt.datetime) -> OfficialText:
        """Give the words as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"text_{lang}"] for lang in languages.WORKING})


class PressForm(forms.Form):
    """One press: there is nothing to type, and a refusal needs a place to be read."""
