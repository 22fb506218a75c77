"""The forms of meetings: planning, agenda, documents, guests and their answers, holding, minutes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.core import languages
from openregion.core.forms import FIRST_DAY, LAST_DAY, DayField, WordsField
from openregion.core.official import OfficialText, official
from openregion.cycle.models import Cycle, Invitation, Meeting
from openregion.cycle.queries import guests, meetings
from openregion.cycle.queries.guests import Guest
from openregion.people.forms import LANGUAGES, BodyChoice, LineField
from openregion.people.models import Body, Contact, Gender, Member

_NAMES = {"fr": gettext_lazy("in French"), "ar": gettext_lazy("in Arabic"), "en": gettext_lazy("in English")}
LONGEST_LINE, LONGEST_WORDS, LONGEST_MINUTES = 200, 3000, 60_000


class InstantField(forms.DateTimeField):
    """A day and an hour on Casablanca's clock, asked with the browser's own calendar where it has one."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"type": "datetime-local"}
        kwargs.setdefault("widget", forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs=attrs))
        kwargs.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"])
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        """Refuse a day far away. Raises ``ValidationError``."""
        super().validate(value)
        if value and not FIRST_DAY <= timezone.localdate(value) <= LAST_DAY:
            raise forms.ValidationError(_("Choose a day of this century."))


class FoldedChoices(forms.CheckboxSelectMultiple):
    """Boxes to tick, folded group by group; a group where one is ticked stands open."""

    template_name = "cycle/meetings/pieces/folded_choices.html"


def _said(form: forms.Form, name: str, at: dt.datetime) -> OfficialText:
    """Give what was written under a name in each language, as official text; the first one written is the source."""
    written = {lang: form.cleaned_data.get(f"{name}_{lang}", "") for lang in languages.WORKING}
    source = next((lang for lang in languages.WORKING if written[lang]), "fr")
    return official(at=at, source=source, **written)


def _add(
    form: forms.Form, name: str, labels: dict[str, Any], *, help: Any = "", rows: int = 0, needed: bool = True
) -> None:
    """Add a field in each working language: French and Arabic where it is needed, English when there is one."""
    for place, lang in enumerate(languages.WORKING):
        attrs: dict[str, Any] = {"lang": lang, "dir": languages.direction(lang)}
        shared = {
            "label": labels[lang],
            "required": needed and lang != "en",
            "help_text": help if place == 0 else "",
        }
        if rows:
            widget = forms.Textarea(attrs={**attrs, "rows": rows})
            form.fields[f"{name}_{lang}"] = WordsField(max_length=LONGEST_WORDS, widget=widget, **shared)
        else:
            line = forms.TextInput(attrs=attrs)
            form.fields[f"{name}_{lang}"] = LineField(max_length=LONGEST_LINE, widget=line, **shared)


def words_initial(name: str, text: OfficialText) -> dict[str, str]:
    """Give the words of official text to the fields that ask it."""
    return {f"{name}_{lang}": text.get(lang, {}).get("text", "") for lang in languages.WORKING}  # type: ignore[call-overload]


_TITLE = {
    "fr": gettext_lazy("Title in French"),
    "ar": gettext_lazy("Title in Arabic"),
    "en": gettext_lazy("Title in English"),
}
_PLACE = {
    "fr": gettext_lazy("Place, in French"),
    "ar": gettext_lazy("Place, in Arabic"),
    "en": gettext_lazy("Place, in English"),
}
_PURPOSE = {
    "fr": gettext_lazy("What it is for, in French"),
    "ar": gettext_lazy("What it is for, in Arabic"),
    "en": gettext_lazy("What it is for, in English"),
}
_REASON = {
    "fr": gettext_lazy("The reason, in French"),
    "ar": gettext_lazy("The reason, in Arabic"),
    "en": gettext_lazy("The reason, in English"),
}
_DECISION = {
    "fr": gettext_lazy("What was decided, in French"),
    "ar": gettext_lazy("What was decided, in Arabic"),
    "en": gettext_lazy("What was decided, in English"),
}
_ABOUT = {
    "fr": gettext_lazy("What is asked of those present, in French"),
    "ar": gettext_lazy("What is asked of those present, in Arabic"),
    "en": gettext_lazy("What is asked of those present, in English"),
}


class RevisionForm(forms.Form):
    """What may change of a meeting: its words, day, place, whether all are welcome, the operations it serves."""

    starts_at = InstantField(label=gettext_lazy("Day and hour of opening"))
    ends_at = InstantField(label=gettext_lazy("Day and hour of closing"), required=False)
    open_to_all = forms.BooleanField(
        label=gettext_lazy("Everyone may come"),
        required=False,
        help_text=gettext_lazy("The meeting is then announced to the public. Those of bodies always are."),
    )
    asked_by = LineField(
        label=gettext_lazy("Who asked for it"),
        max_length=LONGEST_LINE,
        required=False,
        help_text=gettext_lazy("For an extraordinary session only. It is public."),
    )
    operations = forms.MultipleChoiceField(
        label=gettext_lazy("Operations that it proves once held"),
        required=False,
        widget=FoldedChoices,
        help_text=gettext_lazy("Open a stage to read its operations."),
    )

    order: tuple[str, ...] = (
        "title_fr",
        "title_ar",
        "title_en",
        "purpose_fr",
        "purpose_ar",
        "purpose_en",
        "starts_at",
        "ends_at",
        "place_fr",
        "place_ar",
        "place_en",
    )

    def __init__(self, *args: Any, cycle: Cycle | None, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _add(self, "title", _TITLE)
        _add(self, "purpose", _PURPOSE, rows=3, needed=False)
        where = _("A room and an address, or the address of a video meeting open to all.")
        _add(self, "place", _PLACE, help=where, needed=False)
        if cycle is None:
            del self.fields["operations"]
        else:
            self.fields["operations"].choices = meetings.operations_by_stage(cycle)  # type: ignore[attr-defined]
        if kind and kind != Meeting.Kind.EXTRAORDINARY_SESSION:
            del self.fields["asked_by"]
        self.order_fields(self.order)

    def given(self, at: dt.datetime) -> dict[str, Any]:
        """Give what the deed takes."""
        said = self.cleaned_data
        return {
            "title": _said(self, "title", at),
            "purpose": _said(self, "purpose", at),
            "starts_at": said["starts_at"],
            "ends_at": said["ends_at"],
            "place": _said(self, "place", at),
            "open_to_all": said["open_to_all"],
            "asked_by": said.get("asked_by", ""),
            "operations": said.get("operations", []),
        }


class MeetingForm(RevisionForm):
    """A new meeting: its kind, the body that meets, and all that may change later."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of meeting"))
    body = BodyChoice(
        Body.objects.none(),
        to_field_name="slug",
        required=False,
        label=gettext_lazy("Body that meets"),
        help_text=gettext_lazy("For a session, the Council. Its seats give the quorum."),
        empty_label=gettext_lazy("None: people come in their own name"),
    )

    order = ("kind", "body", *RevisionForm.order)

    def __init__(self, *args: Any, member: Member, cycle: Cycle | None, **kwargs: Any) -> None:
        kind = kwargs.get("initial", {}).get("kind", "")
        super().__init__(*args, cycle=cycle, **kwargs)
        self.initial.setdefault("body", meetings.usual_body(member, kind))
        self.initial.setdefault("open_to_all", kind in meetings.SESSIONS)
        self.fields["kind"].choices = list(meetings.KINDS.items())  # type: ignore[attr-defined]
        self.fields["body"].queryset = Body.objects.of(member).filter(dissolved_on=None)  # type: ignore[attr-defined]

    def given(self, at: dt.datetime) -> dict[str, Any]:
        """Give what the deed takes."""
        return {**super().given(at), "kind": self.cleaned_data["kind"], "body": self.cleaned_data["body"]}

    def clean(self) -> dict[str, Any]:
        """Ask which body meets, beside the field where it is chosen."""
        said = super().clean() or {}
        if said.get("kind") in meetings.NEEDS_BODY and said.get("body") is None and "body" not in self.errors:
            told = _("Choose the body that meets. Set it up first, on the page of bodies, where it is not listed.")
            self.add_error("body", told)
        return said


class AgendaForm(forms.Form):
    """A point of an agenda; once the agenda was sent, the reason of its lateness too."""

    def __init__(self, *args: Any, late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.late = late
        _add(self, "title", _TITLE)
        _add(self, "about", _ABOUT, rows=3, needed=False)
        if late:
            told = _("The agenda was sent already. Say why it joins late, in French or in Arabic: everyone reads it.")
            _add(self, "late_reason", _REASON, rows=2, help=told, needed=False)

    def given(self, at: dt.datetime) -> dict[str, OfficialText]:
        """Give what the deed takes."""
        asked = ("title", "about", "late_reason") if self.late else ("title", "about")
        return {name: _said(self, name, at) for name in asked}


class PaperForm(forms.Form):
    """A document given for a meeting."""

    file = forms.FileField(
        label=gettext_lazy("The document"),
        help_text=gettext_lazy("A PDF, DOCX, XLSX, ODT or CSV document, or a picture; 20 MB at most."),
    )
    sent_on = DayField(
        label=gettext_lazy("Sent on"),
        help_text=gettext_lazy("The day on which the guests received it, or on which it was published."),
    )
    public = forms.BooleanField(
        label=gettext_lazy("Everyone may read it"),
        required=False,
        help_text=gettext_lazy("Hide private names and addresses first. Otherwise it stays with the team."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _add(self, "title", _TITLE)
        self.order_fields(["title_fr", "title_ar", "title_en"])

    def given(self, at: dt.datetime) -> dict[str, Any]:
        """Give what the deed takes."""
        said = self.cleaned_data
        title = _said(self, "title", at)
        return {"title": title, "upload": said["file"], "sent_on": said["sent_on"], "public": said["public"]}


class ReasonForm(forms.Form):
    """Why a meeting is cancelled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = _("In French or in Arabic. Guests and the public read it.")
        _add(self, "reason", _REASON, rows=3, help=told, needed=False)

    def reason(self, at: dt.datetime) -> OfficialText:
        """Give the reason as official text."""
        return _said(self, "reason", at)


class DecisionForm(forms.Form):
    """What was decided under a point of the agenda."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = _("In French or in Arabic. It is public with the agenda.")
        _add(self, "decision", _DECISION, rows=4, help=told, needed=False)

    def decision(self, at: dt.datetime) -> OfficialText:
        """Give the decision as official text."""
        return _said(self, "decision", at)


class SittingForm(forms.Form):
    """The sitting that follows one without quorum."""

    starts_at = InstantField(label=gettext_lazy("Day and hour of opening"))
    ends_at = InstantField(label=gettext_lazy("Day and hour of closing"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _add(self, "place", _PLACE, needed=False)

    def given(self, at: dt.datetime) -> dict[str, Any]:
        """Give what the deed takes."""
        said = self.cleaned_data
        return {"starts_at": said["starts_at"], "ends_at": said["ends_at"], "place": _said(self, "place", at)}


class HeldForm(forms.Form):
    """What the secretary records when a meeting closes."""

    closed_on = DayField(label=gettext_lazy("Closed on"))
    members_in_office = forms.IntegerField(
        label=gettext_lazy("Members in office"), min_value=1, max_value=1000,
        help_text=gettext_lazy("Counted from the seats with a vote that are held that day. Correct it if need be."),
    )  # fmt: skip
    quorum_met = forms.TypedChoiceField(
        label=gettext_lazy("Was the quorum met?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No: another sitting follows"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, with_quorum: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_quorum:
            del self.fields["members_in_office"], self.fields["quorum_met"]


class PressForm(forms.Form):
    """One press: there is nothing to type, and a refusal needs a place to be read."""


class ConveneForm(forms.Form):
    """One press to convene; where nobody is invited, a tick that says it is meant."""

    to_nobody = forms.BooleanField(
        label=gettext_lazy("Nobody receives a convocation: the meeting is only announced to the public"),
        required=False,
    )

    def __init__(self, *args: Any, alone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not alone:
            del self.fields["to_nobody"]


class OnceMoreForm(forms.Form):
    """The address to which one guest's convocation is sent again."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("Correct it if the first message went astray. A new link leaves; the old one closes."),
    )


class OpeningForm(forms.Form):
    """One press to publish minutes; for a meeting of a few guests, a tick that says its page opens too."""

    opens = forms.BooleanField(
        label=gettext_lazy("Open the page of this meeting to everyone"),
        help_text=gettext_lazy(
            "This meeting is for its guests alone so far. With its minutes, everyone reads its title, day, place, "
            "agenda, decisions and public documents. The guests stay unseen."
        ),
    )

    def __init__(self, *args: Any, private: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not private:
            del self.fields["opens"]


class BodyGuestsForm(forms.Form):
    """Everyone who holds a seat of a body on the day of the meeting."""

    body = BodyChoice(
        Body.objects.none(), to_field_name="slug", label=gettext_lazy("Body"), empty_label=gettext_lazy("Choose a body")
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.of(meeting.member).filter(dissolved_on=None)  # type: ignore[attr-defined]
        self.meeting = meeting

    def guests(self) -> tuple[Guest, ...]:
        """List the guests chosen."""
        day = meetings.day_of(self.meeting)
        return guests.seated_guests(self.cleaned_data["body"], day, member=self.meeting.member)


class ContactsChoice(forms.ModelMultipleChoiceField):
    """A choice among the contacts of the directory, by their names."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, one: Contact) -> str:  # type: ignore[override]
        """Name the person and their organisation."""
        return _(", ").join(filter(None, (one.name, one.organisation)))


class DirectoryGuestsForm(forms.Form):
    """Contacts of the directory: whole categories, or those ticked."""

    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Everyone in these categories"), required=False, widget=forms.CheckboxSelectMultiple
    )
    contacts = ContactsChoice(
        Contact.objects.none(), to_field_name="uid", label=gettext_lazy("These contacts"), required=False
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there = guests.contacts_to_invite(meeting.member)
        here = meeting.invitations.exclude(contact=None).values("contact")
        present = set(self.there.values_list("category", flat=True))
        named = guests.categories_of(meeting.member).items()
        self.fields["categories"].choices = [(code, label) for code, label in named if code in present]  # type: ignore[attr-defined]
        self.fields["contacts"].queryset = self.there.exclude(pk__in=here)  # type: ignore[attr-defined]

    def guests(self) -> tuple[Guest, ...]:
        """List the guests chosen, each once."""
        said = self.cleaned_data
        ticked = {one.pk for one in said["contacts"]}
        chosen = [one for one in self.there if one.pk in ticked or one.category in said["categories"]]
        return tuple(guests.guest_from(one) for one in chosen)


class PersonForm(forms.Form):
    """Someone typed: who is not in the directory, or who walked in."""

    name = LineField(label=gettext_lazy("Name"), max_length=120)
    organisation = LineField(label=gettext_lazy("Organisation"), max_length=LONGEST_LINE, required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("None of these")), *guests.categories_of(meeting.member).items()]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]

    def guests(self) -> tuple[Guest, ...]:
        """Give the one person typed."""
        return (Guest(**self.cleaned_data),)


class PersonGuestForm(PersonForm):
    """Someone typed, to be invited: with an address and a language to write in."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy("The convocation goes there. Without one, print it."),
    )
    lang = forms.ChoiceField(label=gettext_lazy("Language of the convocation"), choices=LANGUAGES)
    gender = forms.ChoiceField(
        label=gettext_lazy("For parity"),
        required=False,
        choices=[
            (Gender.UNSAID, gettext_lazy("Not said")),
            (Gender.WOMAN, gettext_lazy("Woman")),
            (Gender.MAN, gettext_lazy("Man")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"].initial = get_language()

    def clean_gender(self) -> str:
        """Nobody has to say."""
        return self.cleaned_data["gender"] or Gender.UNSAID


GUEST_FORMS: dict[str, Any] = {
    "body": BodyGuestsForm,
    "directory": DirectoryGuestsForm,
    "person": PersonGuestForm,
}


class AnswerForm(forms.Form):
    """A guest's answer."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            (Invitation.Answer.COMING, gettext_lazy("I am coming")),
            (Invitation.Answer.DECLINED, gettext_lazy("I am not coming")),
            (Invitation.Answer.REPRESENTED, gettext_lazy("Someone stands in for me")),
        ],
    )
    stand_in = LineField(
        label=gettext_lazy("Name of the person who stands in"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Only if someone stands in for you. The team alone reads it."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask who stands in."""
        said = super().clean() or {}
        if said.get("answer") == Invitation.Answer.REPRESENTED and not said.get("stand_in"):
            self.add_error("stand_in", _("Write the name of the person who stands in."))
        return said


class TakenDownForm(AnswerForm):
    """A guest's answer, taken down by the team."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = _("The guest's answer")
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            (code, label) for code, (label, _tone) in guests.ANSWERS.items() if code != Invitation.Answer.NONE
        ]
        self.fields["stand_in"].help_text = _("Only if someone stands in.")


class MinutesForm(forms.Form):
    """The minutes in the two languages of the Region."""

    text_fr = WordsField(
        label=gettext_lazy("Minutes in French"),
        required=False,
        help_text=gettext_lazy(
            "They will be public. Do not name guests who hold no seat. "
            "A line that begins with ## is a heading; lines that begin with a hyphen make a list."
        ),
        max_length=LONGEST_MINUTES,
        widget=forms.Textarea(attrs={"rows": 24, "lang": "fr", "dir": "ltr"}),
    )
    text_ar = WordsField(
        label=gettext_lazy("Minutes in Arabic"),
        required=False,
        max_length=LONGEST_MINUTES,
        widget=forms.Textarea(attrs={"rows": 24, "lang": "ar", "dir": "rtl"}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two languages at least."""
        said = super().clean() or {}
        if not self.errors and not said.get("text_fr") and not said.get("text_ar"):
            self.add_error("text_fr", _("Write the minutes, in French or in Arabic."))
        return said

    def text(self, at: dt.datetime) -> OfficialText:
        """Give the minutes as official text."""
        written = {lang: self.cleaned_data[f"text_{lang}"] for lang in ("fr", "ar")}
        return official(at=at, source="fr" if written["fr"] else "ar", **written)


class OnForm(forms.Form):
    """The day on which something was done."""

    on = DayField(label=gettext_lazy("Day"))
