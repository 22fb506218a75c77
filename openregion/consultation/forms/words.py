"""The form by which a person gives a suggestion."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, cast

from django import forms
from django.core import signing
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.analysis.tongue import guess_language
from openregion.consultation import codes, held, rules
from openregion.consultation.forms.pieces import body, place_field, theme_field
from openregion.consultation.models import Attachment, Consultation, Contribution
from openregion.core import post
from openregion.core.forms import WordsField, one_is_enough
from openregion.core.refusal import Refused
from openregion.people.models import User
from openregion.record.actions import receive_file
from openregion.record.arrival import ALLOWED, Arrived

ASKED = ("problem", "idea", "effect")
FILES = ("voice", "photo", "document")
OPENED = "opened"  # what signs the instant at which a form was opened


def file_field(kind: str, *, label: Any, help_text: Any, accept: str) -> forms.FileField:
    """Ask for a file of a kind. No ``capture``: it would keep people from what their telephone already holds.

    Without it the telephone offers its recorder, its camera and its files.
    """
    box = forms.FileInput(attrs={"accept": accept, "data-kind": kind})
    return forms.FileField(label=label, help_text=help_text, required=False, widget=box, allow_empty_file=True)


class TranscriptForm(forms.Form):
    """What a recording says, as a person of the team wrote it down."""

    text = WordsField(
        label=gettext_lazy("What the recording says"),
        help_text=gettext_lazy(
            "Word for word, in the language that is spoken and in its usual letters. Leave out names of private "
            "people: write […]. Where you cannot hear, write [?]."
        ),
        rows=12,
    )
    lang = forms.ChoiceField(label=gettext_lazy("Language that is spoken"), choices=list(rules.TONGUES.items()))


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
    voice = file_field(
        Attachment.Kind.VOICE,
        label=gettext_lazy("Your recorded voice"),
        help_text=gettext_lazy(
            "Say it rather than write it: up to ten minutes. People hear your voice; somebody of the team writes down "
            "what it says."
        ),
        accept="audio/*,.m4a,.mp3,.ogg,.opus,.oga,.aac,.wav,.amr,.3gp,.weba",
    )
    photo = file_field(
        Attachment.Kind.PHOTO,
        label=gettext_lazy("A photo"),
        help_text=gettext_lazy("Of the place, not of people. Where and when it was taken is removed."),
        accept="image/jpeg,image/png",
    )
    document = file_field(
        Attachment.Kind.DOCUMENT,
        label=gettext_lazy("A document"),
        help_text=gettext_lazy("PDF, DOCX or ODT. Leave out names, addresses and telephone numbers."),
        accept=".pdf,.docx,.odt",
    )
    opened = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    adds_to = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)
    website = forms.CharField(required=False, max_length=1000)
    lang = forms.ChoiceField(
        label=gettext_lazy("Language you write or speak in"),
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
        self.page_lang = body()
        self.consultation = consultation
        self.arrived: dict[str, Arrived] = {}
        self.fields["ticket"].initial = codes.new_ticket()
        self.fields["opened"].initial = signing.dumps(timezone.now().timestamp(), salt=OPENED)
        one_is_enough(*(self.fields[part] for part in (*ASKED, *FILES)))
        self.fields["lang"].initial = self.page_lang
        order = ["ticket", *ASKED, *FILES]
        if consultation.themes.exists():
            nothing = _("Let the team choose")
            self.fields["theme"] = theme_field(consultation, label=_("Theme"), nothing=nothing)
            order.append("theme")
        self.fields["province"] = place_field(
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

    def clean_voice(self) -> None:
        """Look at the recording that came."""
        self._receive("voice")

    def clean_photo(self) -> None:
        """Look at the photo that came."""
        self._receive("photo")

    def clean_document(self) -> None:
        """Look at the document that came."""
        self._receive("document")

    def _receive(self, kind: str) -> None:
        """Make a file clean, and remember it; a refusal is an error beside its own box. Raises ``ValidationError``."""
        if (sent := self.cleaned_data.get(kind)) is None:
            return
        try:
            self.arrived[kind] = receive_file(sent, takes=rules.TAKEN[kind], most=rules.MOST_BYTES[kind])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_adds_to(self) -> Contribution | None:
        """Find the suggestion that this one adds to. Raises ``ValidationError`` when it is not public any more."""
        if (number := self.cleaned_data["adds_to"]) is None:
            return None
        found = Contribution.objects.filter(consultation=self.consultation, number=number).first()
        if found is None or (refusal := rules.why_not_add_to(found, self.consultation)):
            raise forms.ValidationError(refusal if found else _("What you add to is no longer public."))
        return found

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
        self.kept = self._files_kept(str(said.get("ticket", "")))
        if refusal := rules.why_not_so_much(sum(len(one.content) for one in self.kept.values())):
            for kind in self.arrived:
                del self.kept[kind]
            self.arrived = {}
            self.add_error(None, refusal)
        return said

    def _files_kept(self, ticket: str) -> dict[str, Arrived]:
        """Join what came now to what came with this form before, less what its author takes back."""
        back = self.data.getlist("without") if hasattr(self.data, "getlist") else []
        for kind in {*back, *self.arrived} & {*FILES}:
            held.forget(ticket, kind)
        return held.held(ticket) | self.arrived if ticket else self.arrived

    def hold(self, *, at: dt.datetime) -> None:
        """Hold what came until the form is sent for good, since it goes back to its author now."""
        for kind, one in self.arrived.items():
            if not held.hold(self.cleaned_data["ticket"], kind, one, at=at):
                self.kept.pop(kind, None)
        if self.cleaned_data.get("ticket") and self.data.get("ticket") != self.cleaned_data["ticket"]:
            self.set("ticket", self.cleaned_data["ticket"])

    def given_files(self) -> list[tuple[str, Arrived]]:
        """Give the files to be received, each under its kind."""
        return [(kind, self.kept[kind]) for kind in FILES if kind in self.kept]

    def held_files(self) -> list[tuple[str, str, str, int]]:
        """Say what is held for this form: kind, its name, its usual ending, its size."""
        kept = getattr(self, "kept", {})
        return [
            (kind, str(rules.KINDS[kind]), ALLOWED[kept[kind].media_type].upper(), len(kept[kind].content))
            for kind in FILES
            if kind in kept
        ]

    def dropped(self) -> list[str]:
        """Say which files are not received, once the consultation is closed; those held for the form are let go."""
        here = {*self.files, *held.held(ticket := str(self.data.get("ticket", "")))}
        held.forget(ticket)
        return [str(rules.KINDS[kind]) for kind in FILES if kind in here]

    def set(self, name: str, value: str) -> None:
        """Have the form come back with another value in one of its boxes."""
        changed = cast(QueryDict, self.data).copy()
        changed[name] = value
        self.data = changed

    def opened_at(self) -> dt.datetime | None:
        """Say when the form was opened, where our own signature says it."""
        try:
            opened = signing.loads(self.cleaned_data["opened"], salt=OPENED)
        except signing.BadSignature:
            return None
        return dt.datetime.fromtimestamp(opened, dt.UTC)

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
