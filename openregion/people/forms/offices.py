"""The forms of the people room: what is asked, in which words, and what is wrong with an answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from openregion.core import languages, post
from openregion.core.forms import DayField, WordsField
from openregion.core.official import OfficialText, official, reworded, text_in
from openregion.core.safe import clean_text
from openregion.guide import queries as guides
from openregion.people import queries, rules, setup
from openregion.people.actions import NewCommune
from openregion.people.models import Act, Authority, Body, Gender, Member, Territory, User

LANGUAGES = [(language.code, language.own_name) for language in languages.ALL]


class LineField(forms.CharField):
    """One line of words: normalised, without hidden control characters."""

    def to_python(self, value: Any) -> str:
        """Clean what was typed, on one line."""
        return " ".join(clean_text(super().to_python(value) or "").split())


class ReachableEmailField(forms.EmailField):
    """An e-mail address that a message can be sent to: some are well formed, and stop whoever writes them."""

    def clean(self, value: Any) -> Any:
        """Refuse an address that nothing can be sent to."""
        address = super().clean(value)
        if address and not post.can_be_written_to(address):
            raise forms.ValidationError(validate_email.message, code="invalid")
        return address


def _line(label: Any, lang: str = "", *, most: int = 200, needed: bool = True, **more: Any) -> LineField:
    attrs = {"lang": lang, "dir": languages.direction(lang)} if lang else {}
    return LineField(label=label, max_length=most, required=needed, widget=forms.TextInput(attrs=attrs), **more)


class NamedForm(forms.Form):
    """A form that asks a name in French, Arabic and, when there is one, English."""

    name_fr = _line(gettext_lazy("Name in French"), "fr")
    name_ar = _line(gettext_lazy("Name in Arabic"), "ar")
    name_en = _line(gettext_lazy("Name in English"), "en", needed=False)

    def name(self, at: dt.datetime) -> OfficialText:
        """Give the name as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"name_{lang}"] for lang in languages.WORKING})


class ActChoice(forms.ModelChoiceField):
    """A choice among an authority's acts, cited as on the pages."""

    def label_from_instance(self, act: Act) -> str:  # type: ignore[override]
        """Cite the act."""
        return queries.cited(act)


class BodyChoice(forms.ModelChoiceField):
    """A choice among a member's bodies, by their name."""

    def label_from_instance(self, body: Body) -> str:  # type: ignore[override]
        """Name the body in the page's language."""
        return _in(body.name)


class AuthorityChoice(forms.ModelChoiceField):
    """A choice among a member's authorities, by their name."""

    def label_from_instance(self, authority: Authority) -> str:  # type: ignore[override]
        """Name the authority in the page's language."""
        return queries.name_of(authority)


def _act_field(acts: QuerySet[Act], *, needed: bool = False) -> ActChoice:
    return ActChoice(
        acts.order_by("-dated_on", "-pk"),
        to_field_name="uid",
        required=needed,
        label=_("Act that gives it"),
        help_text=_("Record the act first, on the page of acts; then choose it here."),
        empty_label=_("Choose the act") if needed else _("Without an act for now"),
    )


class PlaceChoice(forms.ModelChoiceField):
    """A choice among places, by their name."""

    def label_from_instance(self, place: Territory) -> str:  # type: ignore[override]
        """Name the place in the page's language."""
        return place.name_in(get_language() or "fr")


class CommuneForm(forms.Form):
    """A commune that opens a space: none is loaded, so whoever opens it names theirs; empty when none does."""

    commune_fr = _line(gettext_lazy("Name of the commune in French"), "fr", most=120, needed=False)
    commune_ar = _line(gettext_lazy("Name of the commune in Arabic"), "ar", most=120, needed=False)
    commune_of = PlaceChoice(
        # The demonstration's invented provinces hold no real commune.
        Territory.objects.filter(level="province").exclude(parent__authority__members__invented=True),
        to_field_name="code",
        required=False,
        label=gettext_lazy("Its prefecture or province"),
    )
    commune_code = _line(
        gettext_lazy("Its code"),
        most=rules.LONGEST_PLACE_CODE,
        needed=False,
        help_text=gettext_lazy("The code of the Haut-Commissariat au Plan, if you know it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces = self.fields["commune_of"].queryset  # type: ignore[attr-defined]
        self.fields["commune_of"].queryset = provinces.order_by(  # type: ignore[attr-defined]
            "name_ar" if get_language() == "ar" else "name_fr"
        )
        self.fields["commune_code"].widget.attrs |= {"dir": "ltr"}

    def commune(self) -> NewCommune | None:
        """Give the commune that was named, or none where nothing was written."""
        said = self.cleaned_data
        fr, ar, code = (said.get(f"commune_{name}", "") for name in ("fr", "ar", "code"))
        place = said.get("commune_of")
        return NewCommune(name_fr=fr, name_ar=ar, parent=place, code=code) if fr or ar or code or place else None

    def clean(self) -> dict[str, Any]:
        """Ask for the whole of a commune, or nothing of it."""
        said = super().clean() or {}
        if (one := self.commune()) and (
            reason := rules.why_not_add_commune(
                code=one.code, name_fr=one.name_fr, name_ar=one.name_ar, parent=one.parent
            )
        ):
            self.add_error(None, reason)
        return said


class SetupForm(NamedForm, CommuneForm):
    """The rest of the setup: the code, the names, the first administrator.

    A wrong code is counted by where it came from: ten in ten minutes close the
    page to that address for a while.
    """

    code = _line(
        gettext_lazy("Setup code"),
        most=40,
        help_text=gettext_lazy("The terminal of whoever started the platform shows it. Twelve letters and digits."),
    )
    territory = forms.ModelMultipleChoiceField(
        Territory.objects.order_by("code"), to_field_name="code", widget=forms.MultipleHiddenInput, required=False
    )
    slug = _line(
        gettext_lazy("Short address of the space"),
        most=rules.LONGEST_SLUG,
        help_text=gettext_lazy("It stands in every address of the space and cannot be changed later."),
    )
    admin_name = _line(gettext_lazy("Your name"), most=120)
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("You sign in with it."),
    )
    # Sent back as typed, so that a mistake elsewhere does not cost a password; the page is never stored.
    password = forms.CharField(
        label=gettext_lazy("A password"),
        help_text=gettext_lazy(
            "Ten characters or more, and no common word. You can also sign in by a code sent by e-mail."
        ),
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    lang = forms.ChoiceField(label=gettext_lazy("Language of the e-mails you receive"), choices=LANGUAGES)

    field_order = [
        "code",
        "territory",
        "name_fr",
        "name_ar",
        "name_en",
        "slug",
        "admin_name",
        "email",
        "password",
        "lang",
    ]

    def __init__(self, *args: Any, asked_from: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked_from = asked_from
        for name in CommuneForm.base_fields:  # named at the first step
            self.fields[name].widget = forms.HiddenInput()
        if len(versions := guides.versions()) > 1:
            self.fields["guide"] = forms.ChoiceField(
                label=_("Guide that the space follows"),
                choices=[(one, _guide_name(one)) for one in versions],
                initial=settings.GUIDE_VERSION,
            )
        self.fields["code"].widget.attrs |= {"autocomplete": "off", "dir": "ltr"}
        self.fields["slug"].widget.attrs |= {"dir": "ltr"}
        self.fields["admin_name"].widget.attrs |= {"autocomplete": "name"}

    @staticmethod
    def proposals(chosen: list[Territory], commune: NewCommune | None = None) -> dict[str, Any]:
        """Propose names and an address for the authorities chosen, to be corrected."""
        names: dict[str, Any] = {}
        territories = list(chosen)
        if commune:
            territories.append(Territory(level="commune", name_fr=commune.name_fr, name_ar=commune.name_ar))
            names = {"commune_fr": commune.name_fr, "commune_ar": commune.name_ar}
            names |= {"commune_of": commune.parent, "commune_code": commune.code}
        for lang in languages.WORKING:
            with override(lang):
                of_region = len(territories) == 1 and territories[0].level == "region"
                joined = _(", ").join(place.name_in(lang) for place in territories)
                names[f"name_{lang}"] = _("Region of %(name)s") % {"name": joined} if of_region else joined
        slug = slugify("-".join(place.name_fr for place in territories))[: rules.LONGEST_SLUG].strip("-")
        return {"territory": chosen, "slug": slug, "lang": get_language(), **names}

    def clean_code(self) -> str:
        """Refuse a wrong code, and any code after too many."""
        typed = self.cleaned_data["code"]
        if setup.WRONG_TRIES.is_reached(self.asked_from):
            raise ValidationError(_("Too many wrong codes were typed from here. Wait ten minutes, then try again."))
        if not setup.is_the_code(typed):
            setup.WRONG_TRIES.count(self.asked_from)
            raise ValidationError(
                _("This is not the code. Read it again in the terminal, or ask for it: ./manage setup_code")
            )
        return typed

    def clean(self) -> dict[str, Any]:
        """Check the address against the pages of the platform, and the password against the person."""
        said = super().clean() or {}
        if "slug" in said and "territory" in said:
            reason = rules.why_not_found(
                slug=said["slug"], territories=list(said["territory"]), with_commune=self.commune() is not None
            )
            if reason:
                self.add_error("slug", reason)
        if "password" in said:
            try:
                validate_password(said["password"], User(email=said.get("email", ""), name=said.get("admin_name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return said


def _guide_name(version: str) -> str:
    return f"{guides.guide(version).book.title.in_(get_language() or 'fr')} ({version})"


class BodyForm(NamedForm):
    """A new body of an authority."""

    authority = AuthorityChoice(Authority.objects.none(), label=gettext_lazy("Authority"), empty_label=None)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of body"))
    remit_fr = WordsField(label=gettext_lazy("What it is for, in French"), rows=3, required=False)
    remit_ar = WordsField(label=gettext_lazy("What it is for, in Arabic"), rows=3, required=False)
    remit_en = WordsField(label=gettext_lazy("What it is for, in English"), rows=3, required=False)
    parent = BodyChoice(
        Body.objects.none(), required=False, to_field_name="uid", label=gettext_lazy("Within which body")
    )
    stance = forms.ChoiceField(
        label=gettext_lazy("Side of a group of the Council"),
        required=False,
        choices=[("", gettext_lazy("None")), *queries.STANCES.items()],
        help_text=gettext_lazy("For a group of the Council only."),
    )

    field_order = [
        "authority",
        "kind",
        "name_fr",
        "name_ar",
        "name_en",
        "remit_fr",
        "remit_ar",
        "remit_en",
        "parent",
        "stance",
        "act",
    ]

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = get_language() or "fr"
        kinds = guides.guide(member.guide_version).book.bodies
        authorities = Authority.objects.of(member).select_related("territory")
        self.fields["authority"].queryset = authorities  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(kind.code, kind.title.in_(lang)) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["parent"].queryset = Body.objects.of(member)  # type: ignore[attr-defined]
        self.fields["act"] = _act_field(Act.objects.of(member))
        if len(authorities) == 1:
            self.fields["authority"].widget = forms.HiddenInput()
            self.fields["authority"].initial = authorities[0].pk
        self.order_fields(self.field_order)

    def remit(self, at: dt.datetime) -> OfficialText:
        """Give what the body is for, as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"remit_{lang}"] for lang in languages.WORKING})

    def clean(self) -> dict[str, Any]:
        """Check that the act and the body around it are the same authority's."""
        said = super().clean() or {}
        for name in ("act", "parent"):
            if said.get(name) and said.get("authority") and said[name].authority_id != said["authority"].pk:
                self.add_error(name, _("This belongs to another authority of the consortium."))
        return said


class BodyRulesForm(forms.Form):
    """The rules a body works by, in words and as the signed file."""

    rules_fr = WordsField(label=gettext_lazy("The rules, in French"), rows=10, required=False)
    rules_ar = WordsField(label=gettext_lazy("The rules, in Arabic"), rows=10, required=False)
    rules_en = WordsField(label=gettext_lazy("The rules, in English"), rows=6, required=False)
    file = forms.FileField(
        label=gettext_lazy("The rules themselves, as a PDF"),
        required=False,
        help_text=gettext_lazy("Everyone can read it. Without a new file, the one before stays."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def text(self, before: OfficialText, at: dt.datetime) -> OfficialText:
        """Give the rules as official text; words left as they were keep their date."""
        return reworded(before, {lang: self.cleaned_data[f"rules_{lang}"] for lang in languages.WORKING}, at=at)


class FunctionForm(forms.Form):
    """The part of another body that this one also fills."""

    kind = forms.ChoiceField(label=gettext_lazy("Part it also fills"))

    def __init__(self, *args: Any, body: Body, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = get_language() or "fr"
        others = [kind for kind in guides.guide(member.guide_version).book.bodies if kind.code != body.kind]
        self.fields["kind"].choices = [(kind.code, kind.title.in_(lang)) for kind in others]  # type: ignore[attr-defined]
        self.fields["act"] = _act_field(Act.objects.filter(authority=body.authority_id), needed=True)
        self.fields["act"].label = _("Act that declares it")


class SeatForm(forms.Form):
    """A new seat, and the actor of the guide who takes it."""

    actor = forms.ChoiceField(label=gettext_lazy("Who takes it, in the guide's words"), required=False)
    title_fr = _line(gettext_lazy("Title in French"), "fr")
    title_ar = _line(gettext_lazy("Title in Arabic"), "ar")
    title_en = _line(gettext_lazy("Title in English"), "en", needed=False)
    side = forms.ChoiceField(
        label=gettext_lazy("Side it sits on"),
        required=False,
        choices=[("", gettext_lazy("None")), *queries.SIDES.items()],
        help_text=gettext_lazy("In a forum, civil society and the council sit in equal numbers."),
    )
    leads = forms.BooleanField(label=gettext_lazy("It chairs or co-ordinates the body"), required=False)
    votes = forms.BooleanField(
        label=gettext_lazy("It votes"),
        required=False,
        initial=True,
        help_text=gettext_lazy("A seat without a vote is heard, and does not count for the quorum."),
    )

    def __init__(self, *args: Any, body: Body, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = get_language() or "fr"
        actors = guides.guide(member.guide_version).actors
        nearest = sorted(actors, key=lambda actor: actor.of != body.kind)
        choices = [(actor.code, actor.label.in_(lang)) for actor in nearest]
        self.fields["actor"].choices = [("", _("None of the guide's actors")), *choices]  # type: ignore[attr-defined]

    def title(self, at: dt.datetime) -> OfficialText:
        """Give the title as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"title_{lang}"] for lang in languages.WORKING})


class MandateForm(forms.Form):
    """Who takes a seat, from when, by which act."""

    holder_name = _line(
        gettext_lazy("Name of the person"),
        most=120,
        help_text=gettext_lazy("The name is public, with the office and the dates."),
    )
    starts_on = DayField(label=gettext_lazy("From"))
    gender = forms.ChoiceField(
        label=gettext_lazy("Woman or man"),
        required=False,
        choices=list(queries.GENDERS.items()),
        help_text=gettext_lazy("Only to count parity in the body. Nobody has to say, and it is never shown."),
    )

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"] = _act_field(Act.objects.filter(authority=authority))

    def clean_gender(self) -> str:
        """Take silence as not said."""
        return str(self.cleaned_data["gender"] or Gender.UNSAID)


class EndForm(forms.Form):
    """The last day of a mandate or of a role."""

    on = DayField(label=gettext_lazy("Last day"), help_text=gettext_lazy("That day still counts."))


class ActForm(forms.Form):
    """An act of an authority, with its file when it can be published."""

    authority = AuthorityChoice(Authority.objects.none(), label=gettext_lazy("Authority"), empty_label=None)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of act"), choices=list(queries.ACTS.items()))
    number = _line(gettext_lazy("Number"), most=60, help_text=gettext_lazy("As printed on the act, as in 12/2026."))
    dated_on = DayField(label=gettext_lazy("Date of the act"))
    title_fr = _line(gettext_lazy("Subject in French"), "fr", most=300)
    title_ar = _line(gettext_lazy("Subject in Arabic"), "ar", most=300)
    title_en = _line(gettext_lazy("Subject in English"), "en", most=300, needed=False)
    file = forms.FileField(
        label=gettext_lazy("The act itself, as a PDF"),
        required=False,
        help_text=gettext_lazy(
            "Everyone can read it. Hide the identity-card numbers and private addresses it may hold."
        ),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        authorities = Authority.objects.of(member).select_related("territory")
        self.fields["authority"].queryset = authorities  # type: ignore[attr-defined]
        if len(authorities) == 1:
            self.fields["authority"].widget = forms.HiddenInput()
            self.fields["authority"].initial = authorities[0].pk

    def title(self, at: dt.datetime) -> OfficialText:
        """Give the subject as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"title_{lang}"] for lang in languages.WORKING})


class CouncilMandateForm(forms.Form):
    """The dates of a council's mandate."""

    starts_on = DayField(label=gettext_lazy("Elected on"))
    ends_on = DayField(
        label=gettext_lazy("Ends on"),
        help_text=gettext_lazy("The months left for an action plan are counted to this day."),
    )


class AppointForm(forms.Form):
    """A role given to a person."""

    name = _line(gettext_lazy("Name"), most=120)
    email = ReachableEmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("An invitation goes to this address. The person signs in with it."),
    )
    lang = forms.ChoiceField(label=gettext_lazy("Language of the invitation"), choices=LANGUAGES)
    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    starts_on = DayField(label=gettext_lazy("From"))

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = get_language() or "fr"
        roles = guides.guide(member.guide_version).roles
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.code, f"{role.label.in_(lang)} – {role.about.in_(lang)}") for role in roles
        ]
        self.fields["unit"] = BodyChoice(
            Body.objects.of(member),
            to_field_name="uid",
            required=False,
            label=_("Unit or body"),
            empty_label=_("None"),
        )
        self.fields["act"] = _act_field(Act.objects.of(member))


class AccentForm(forms.Form):
    """The colour of a space."""

    accent = forms.CharField(
        label=gettext_lazy("Colour"),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=gettext_lazy("A deep one: text is written in it, and white is written on it."),
    )

    def clean_accent(self) -> str:
        """Write the colour in small letters."""
        return str(self.cleaned_data["accent"]).lower()


def _in(words: OfficialText) -> str:
    return text_in(words, languages.body_lang(get_language() or "fr"))
