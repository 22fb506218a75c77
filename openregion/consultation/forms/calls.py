"""What those who call for participation are asked: the call, its quotas, a change once it is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation.forms.pieces import body, may_be_empty, moment_field, named_field
from openregion.consultation.models import Application, CallForParticipation, Consultation, Workshop
from openregion.consultation.queries.alike import ALREADY_APPLIED, ONE_EACH, Alike, alike_in, signs_in_words
from openregion.consultation.queries.calls import workshops_of
from openregion.consultation.queries.categories import DIMENSIONS, values_of
from openregion.consultation.queries.draws import is_by_lot
from openregion.consultation.rules.applications import LONGEST_REFUSAL
from openregion.consultation.rules.calls import LONGEST_FIGURE, MOST_CRITERIA, MOST_SEATS
from openregion.core import dates, languages
from openregion.core.forms import DayField
from openregion.core.official import OfficialText, official, reworded, text_in
from openregion.people.forms import LineField
from openregion.people.models import Member

FIRST_CRITERIA = 4
_LATER_DAYS: dict[str, Promise] = {
    "public_on": gettext_lazy("Day on which the public figure is published"),
    "place_by": gettext_lazy("Day by which the day and the place are said"),
}


class ConsultationChoice(forms.ModelChoiceField):
    """A choice among a member's consultations, by their title."""

    def label_from_instance(self, one: Consultation) -> str:  # type: ignore[override]
        """Name the consultation in the page's language."""
        return text_in(one.title, body())


class WorkshopChoice(forms.ModelChoiceField):
    """A choice among the workshops to come, by their title and day."""

    def label_from_instance(self, one: Workshop) -> str:  # type: ignore[override]
        """Name the workshop in the page's language, with its day."""
        return f"{text_in(one.meeting.title, body())} · {dates.instant(one.meeting.starts_at, body())}"


class CallForm(forms.Form):
    """A call for participation: its words, its criteria, its seats, its days."""

    consultation = ConsultationChoice(Consultation.objects.none(), label=gettext_lazy("Consultation it belongs to"))
    title_fr = named_field(gettext_lazy("Title in French"), "fr")
    title_ar = named_field(gettext_lazy("Title in Arabic"), "ar")
    title_en = named_field(gettext_lazy("Title in English"), "en")
    about_fr = named_field(gettext_lazy("What one takes part in, in French"), "fr", rows=4, most=3000)
    about_ar = named_field(gettext_lazy("What one takes part in, in Arabic"), "ar", rows=4, most=3000)
    about_en = named_field(gettext_lazy("What one takes part in, in English"), "en", rows=4, most=3000)
    seats = forms.IntegerField(label=gettext_lazy("Number of seats"), min_value=1, max_value=MOST_SEATS)
    workshop = WorkshopChoice(
        Workshop.objects.none(),
        label=gettext_lazy("Workshop that participants are chosen for"),
        empty_label=gettext_lazy("None for now"),
        help_text=gettext_lazy("Those who apply read where and when. Without a workshop, give the day below."),
        required=False,
    )
    place_by = DayField(
        label=gettext_lazy("Day by which the day and the place are said"),
        help_text=gettext_lazy("Only where no workshop is chosen yet. It stands in the call and in the letters."),
        required=False,
    )
    opens_at = moment_field(gettext_lazy("Opens"), gettext_lazy("Day and hour, on Casablanca's clock."))
    closes_at = moment_field(gettext_lazy("Closes"), gettext_lazy("From that instant no application is received."))
    public_source_fr = may_be_empty(
        gettext_lazy("Public figure of the draw, in French"),
        "fr",
        most=300,
        help_text=gettext_lazy(
            "Optional, and the surest: a figure that others publish on a later day and nobody can choose, such as an "
            "official index or the numbers of a national lottery. Say which, by whom, and where it is read."
        ),
    )
    public_source_ar = may_be_empty(gettext_lazy("Public figure of the draw, in Arabic"), "ar", most=300)
    public_source_en = may_be_empty(gettext_lazy("Public figure of the draw, in English"), "en", most=300)
    public_on = DayField(
        label=gettext_lazy("Day on which that figure is published"),
        help_text=gettext_lazy("After everyone is judged. From that day no judgement, seat or quota changes."),
        required=False,
    )

    def __init__(self, *args: Any, member: Member, call: CallForParticipation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        known = call.criteria if call else []
        self.rows = min(MOST_CRITERIA, max(FIRST_CRITERIA, len(known) + 2))
        for number in range(1, self.rows + 1):
            labels = {
                "fr": _("Criterion %(number)s, in French"),
                "ar": _("Criterion %(number)s, in Arabic"),
                "en": _("Criterion %(number)s, in English"),
            }
            for lang in languages.WORKING:
                field = named_field(labels[lang] % {"number": number}, lang, most=300)
                field.required = False
                self.fields[f"criterion_{number}_{lang}"] = field
        choices: Any = self.fields
        choices["consultation"].queryset = Consultation.objects.of(member).latest_first()
        choices["workshop"].queryset = workshops_of(member)
        if call is not None:
            del self.fields["consultation"]
            self._say_again(call)

    def text(self, name: str, at: dt.datetime) -> OfficialText:
        """Give the title, what it is about, or the figure of its draw as official text."""
        words = {lang: self.cleaned_data[f"{name}_{lang}"] for lang in languages.WORKING}
        return reworded(getattr(self.call, name) if self.call else {}, words, at=at)

    def criteria(self, at: dt.datetime) -> list[dict[str, Any]]:
        """Give the criteria in their order, each with a code that a refusal names."""
        rows = [self._row(number) for number in range(1, self.rows + 1)]
        written = [row for row in rows if row["fr"]]
        return [{"code": f"c{rank}", "text": official(at=at, **row)} for rank, row in enumerate(written, 1)]

    def clean(self) -> dict[str, Any]:
        """Ask each criterion in French and in Arabic."""
        said = super().clean() or {}
        for number in range(1, self.rows + 1):
            row = self._row(number)
            if any(row.values()) and not (row["fr"] and row["ar"]):
                missing = f"criterion_{number}_{'ar' if row['fr'] else 'fr'}"
                self.add_error(missing, _("Write this criterion in French and in Arabic, or empty its boxes."))
        return said

    def _row(self, number: int) -> dict[str, str]:
        return {lang: self.cleaned_data.get(f"criterion_{number}_{lang}", "") for lang in languages.WORKING}

    def _say_again(self, call: CallForParticipation) -> None:
        for lang in languages.WORKING:
            for name in ("title", "about", "public_source"):
                self.fields[f"{name}_{lang}"].initial = _words(getattr(call, name), lang)
            for number, one in enumerate(call.criteria, 1):
                self.fields[f"criterion_{number}_{lang}"].initial = _words(one["text"], lang)
        for name in ("seats", "opens_at", "closes_at", "workshop", "place_by", "public_on"):
            self.fields[name].initial = getattr(call, name)


class QuotasForm(forms.Form):
    """How the seats are shared: for each category, the least and the most that may be chosen; empty for no bound.

    For a published call the seats and the days may change too, with a reason, and
    a workshop be chosen where there was none; the categories are those that
    applicants were told of. Once participants are chosen, the workshop alone is asked.
    """

    def __init__(self, *args: Any, call: CallForParticipation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        self.published = call.state != CallForParticipation.State.DRAFT
        self.boxes: dict[str, list[tuple[str, str, str]]] = {}
        chosen = call.state == CallForParticipation.State.SELECTED
        for dimension in () if chosen else DIMENSIONS:
            if not self.published or dimension in call.quotas:
                self._ask(dimension)
        if self.published and not chosen:
            self.fields["seats"] = forms.IntegerField(
                label=_("Number of seats"), min_value=1, max_value=MOST_SEATS, initial=call.seats
            )
            self.fields["closes_at"] = moment_field(_("Closes"), _("Later than it said, or left as it is."))
            self.fields["closes_at"].initial = call.closes_at
            for name, label in _LATER_DAYS.items():
                if getattr(call, name) and not (name == "place_by" and call.workshop):
                    later = _("Later than it said, or left as it is.")
                    self.fields[name] = DayField(label=label, help_text=later, initial=getattr(call, name))
        if self.published:
            if call.workshop is None:
                self.fields["workshop"] = WorkshopChoice(
                    workshops_of(call.member).filter(consultation=call.consultation_id),
                    label=_("Workshop that participants are chosen for"), empty_label=_("None for now"),
                    required=False,
                )  # fmt: skip
            self.fields["reason_fr"] = named_field(_("Why it changes, in French"), "fr", rows=3, most=1000)
            self.fields["reason_ar"] = named_field(_("Why it changes, in Arabic"), "ar", rows=3, most=1000)

    def tables(self) -> list[tuple[str, str, list[tuple[str, BoundField, BoundField]]]]:
        """Give each dimension with its categories and their two boxes, for the page."""
        return [
            (dimension, str(DIMENSIONS[dimension]), [(label, self[f"{key}_least"], self[f"{key}_most"]) for
                                                     _value, label, key in rows])
            for dimension, rows in self.boxes.items()
        ]  # fmt: skip

    def others(self) -> list[BoundField]:
        """Give the boxes that are not in a table."""
        bound = {key for rows in self.boxes.values() for _value, _label, key in rows}
        return [self[name] for name in self.fields if name.rpartition("_")[0] not in bound]

    def kept(self) -> dict[str, Any]:
        """Give what may change beside the quotas, as it was said; what was not asked stays."""
        names = ("seats", "closes_at", "workshop", "place_by", "public_on")
        said = {name: self.cleaned_data.get(name, getattr(self.call, name)) for name in names}
        before: Any = self.call.closes_at
        # The box holds minutes: what was not touched keeps its seconds.
        if said["closes_at"] == before.replace(second=0, microsecond=0):
            said["closes_at"] = before
        return said

    def quotas(self) -> dict[str, dict[str, list[int]]]:
        """Give the bounds that were written; one box alone bounds one side."""
        if not self.boxes:
            return dict(self.call.quotas)
        most_of_all = self.cleaned_data.get("seats") or self.call.seats
        written: dict[str, dict[str, list[int]]] = {}
        for dimension, rows in self.boxes.items():
            for value, _label, key in rows:
                least, most = self.cleaned_data.get(f"{key}_least"), self.cleaned_data.get(f"{key}_most")
                if least is not None or most is not None:
                    bounds = [least or 0, most_of_all if most is None else most]
                    written.setdefault(dimension, {})[value] = bounds
        return written

    def reason(self, at: dt.datetime) -> OfficialText:
        """Give the reason of a change as official text; none for a draft."""
        if not self.published:
            return {}
        return official(at=at, fr=self.cleaned_data["reason_fr"], ar=self.cleaned_data["reason_ar"])

    def _ask(self, dimension: str) -> None:
        known = self.call.quotas.get(dimension, {})
        self.boxes[dimension] = []
        for rank, (value, label) in enumerate(values_of(self.call.member, dimension).items()):
            key = f"{dimension}_{rank}"
            self.boxes[dimension].append((value, label, key))
            least, most = known.get(value, (None, None))
            self.fields[f"{key}_least"] = _bound(_("%(category)s: at least"), label, least)
            self.fields[f"{key}_most"] = _bound(_("%(category)s: at most"), label, most)


class JudgeForm(forms.Form):
    """Whether an application meets the criteria; when not, which one, and why in words for the person."""

    eligible = forms.ChoiceField(
        label=gettext_lazy("Does it meet the criteria?"),
        choices=[("yes", gettext_lazy("Yes, it meets them all")), ("no", gettext_lazy("No, one is not met"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether it meets the criteria.")},
    )
    apart_from = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Looks like the same person's, but is another's"),
        help_text=gettext_lazy("Tick it once you know that they are two people: ask them."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    refused_for = forms.ChoiceField(
        label=gettext_lazy("Criterion that is not met"), required=False, widget=forms.RadioSelect
    )
    refusal = forms.CharField(
        label=gettext_lazy("Why, in words for the person"),
        help_text=gettext_lazy("They read these words in their letter, once the participants are chosen."),
        required=False,
        max_length=LONGEST_REFUSAL,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        named = [(one["code"], text_in(one["text"], body())) for one in application.call.criteria]
        alike = alike_in(application.call).get(application.number, ())
        if alike:
            named.append((ALREADY_APPLIED, str(ONE_EACH)))
            choices["apart_from"].choices = [(one.number, _apart_label(one)) for one in alike]
            choices["apart_from"].initial = [one.number for one in alike if one.apart]
        else:
            del self.fields["apart_from"]
        choices["refused_for"].choices = named
        if application.state == Application.State.ELIGIBLE:
            self.fields["eligible"].initial = "yes"
        elif application.state == Application.State.REFUSED:
            self.fields["eligible"].initial = "no"
            self.fields["refused_for"].initial = application.refused_for
            self.fields["refusal"].initial = application.refusal

    def judgement(self) -> dict[str, Any]:
        """Give what was judged, as the deed takes it."""
        said = self.cleaned_data
        return {
            "eligible": said["eligible"] == "yes",
            "refused_for": said["refused_for"],
            "refusal": said["refusal"],
            "apart_from": said.get("apart_from"),
        }


class SelectForm(forms.Form):
    """One press that chooses; with the public figure, where the call named one and lots are drawn."""

    def __init__(self, *args: Any, call: CallForParticipation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if call.public_on and is_by_lot(call):
            rule = _("Of this figure only the digits count, in their order: 12.5 is read 125.")
            self.fields["public_value"] = LineField(
                label=_("The public figure, as it was published"),
                help_text=f"{text_in(call.public_source, body())} · {rule}",
                max_length=LONGEST_FIGURE,
                required=False,
            )

    def figure(self) -> str:
        """Give the figure with single spaces; none where none was named."""
        return " ".join(str(self.cleaned_data.get("public_value", "")).split())


class OnePressForm(forms.Form):
    """One press: there is nothing to type, and a refusal needs a place to be read."""


def _apart_label(one: Alike) -> str:
    return _("Application %(n)s: %(signs)s") % {"n": one.number, "signs": signs_in_words(one)}


def _bound(label: str, category: str, initial: int | None) -> forms.IntegerField:
    named = label % {"category": category}
    box = forms.NumberInput(attrs={"aria-label": named, "inputmode": "numeric"})
    return forms.IntegerField(
        label=named, min_value=0, max_value=MOST_SEATS, required=False, initial=initial, widget=box
    )


def _words(value: Mapping[str, Any], lang: str) -> str:
    return str(value[lang]["text"]) if lang in value else ""
