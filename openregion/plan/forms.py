"""The forms of the plan: its title and days, one section at a time, a commitment sheet part by part.

Labels and help of the questions come from the guide data. Each form of a part
gives ``change(at)``: what of the sheet it replaces, and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.core import languages
from openregion.core.forms import DayField, WordsField
from openregion.core.official import OfficialText, is_out_of_date, reworded
from openregion.cycle.models import Deliberation
from openregion.guide.schema import Question, Text
from openregion.people.forms import BodyChoice, LineField
from openregion.people.models import Body, Member
from openregion.people.queries import cited
from openregion.plan import queries
from openregion.plan.actions import Contact, Measure, Step
from openregion.plan.models import ActionPlan, Commitment
from openregion.plan.queries import Part
from openregion.plan.rules import PROBLEM_KINDS

LONGEST = 20_000
LONGEST_TITLE = 300
ROWS_AT_ONCE = 2
MOST_ROWS = 60


def _own(lang: str) -> str:
    return next(language.own_name for language in languages.ALL if language.code == lang)


def _widget(lang: str, rows: int) -> forms.Widget:
    attrs: dict[str, Any] = {"lang": lang, "dir": languages.direction(lang)}
    return forms.Textarea(attrs={**attrs, "rows": rows}) if rows > 1 else forms.TextInput(attrs=attrs)


def wording_fields(name: str, *, label: str = "", rows: int = 6, needed: bool = False) -> dict[str, forms.Field]:
    """Make the three fields of an official text; French is the one that may be needed."""
    made: dict[str, forms.Field] = {}
    for lang in languages.WORKING:
        own = _own(lang)
        field = WordsField if rows > 1 else LineField
        made[f"{name}_{lang}"] = field(
            label=f"{label} – {own}" if label else own,
            required=needed and lang == "fr",
            max_length=LONGEST if rows > 1 else LONGEST_TITLE,
            widget=_widget(lang, rows),
        )
    return made


@dataclass(frozen=True)
class Column:
    """One language of a wording: its field, how many words it holds, whether it is out of date."""

    lang: str
    field: BoundField
    words: int
    still: BoundField | None


@dataclass(frozen=True)
class Row:
    """A question asked in three languages side by side."""

    code: str
    label: str
    help: tuple[Text, ...]
    columns: tuple[Column, ...]


class WordingForm(forms.Form):
    """A form some of whose answers are official texts, in French, Arabic and English side by side."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = dict(self.initial)  # what is asked is added to it, and the caller's own stays as it was
        self._asked: dict[str, tuple[Text | str, tuple[Text, ...], OfficialText]] = {}

    def ask(
        self,
        code: str,
        *,
        label: Text | str,
        text: OfficialText,
        help: tuple[Text, ...] = (),
        rows: int = 6,
        needed: bool = False,
    ) -> None:
        """Ask an official text, with what is written already; a wording out of date may be said to hold still."""
        self._asked[code] = (label, help, text)
        self.fields.update(wording_fields(code, label=queries.in_words(label), rows=rows, needed=needed))
        for lang in languages.WORKING:
            self.initial.setdefault(f"{code}_{lang}", queries.words_in(text, lang))
            if is_out_of_date(text, lang):
                self.fields[f"{code}_{lang}_still"] = forms.BooleanField(
                    required=False, label=_("It still says the same as the French")
                )

    def rows(self) -> Iterator[Row]:
        """Give the texts to draw, three columns each."""
        for code, (label, advice, text) in self._asked.items():
            yield Row(
                code,
                queries.in_words(label),
                advice,
                tuple(
                    Column(
                        lang,
                        self[f"{code}_{lang}"],
                        len(queries.words_in(text, lang).split()),
                        self[f"{code}_{lang}_still"] if f"{code}_{lang}_still" in self.fields else None,
                    )
                    for lang in languages.WORKING
                ),
            )

    def others(self) -> Iterator[BoundField]:
        """Give the fields that are no official text."""
        theirs = {f"{code}_{lang}{end}" for code in self._asked for lang in languages.WORKING for end in ("", "_still")}
        yield from (field for field in self.visible_fields() if field.name not in theirs)

    def said(self, code: str, at: dt.datetime) -> OfficialText:
        """Give what was typed as official text."""
        typed = {lang: self.cleaned_data.get(f"{code}_{lang}", "") for lang in languages.WORKING}
        held = [lang for lang in languages.WORKING if self.cleaned_data.get(f"{code}_{lang}_still")]
        return reworded(self._asked[code][2], typed, at=at, confirmed=held)


class PlanForm(WordingForm):
    """The title of a plan and its days."""

    starts_on = DayField(label=gettext_lazy("First day of the plan"))
    ends_on = DayField(label=gettext_lazy("Last day of the plan"))

    def __init__(self, *args: Any, title: OfficialText, length: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask("title", label=_("Title of the plan"), text=title, rows=1, needed=True)
        self.fields["ends_on"].help_text = length


class SectionForm(WordingForm):
    """One section of the plan."""

    def __init__(self, *args: Any, question: Question, text: OfficialText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask("text", label=question.label, text=text, help=question.help, rows=14)


def units_of(member: Member) -> Any:
    """List the bodies that may answer for a commitment: those of the administration first."""
    bodies = Body.objects.of(member).filter(dissolved_on=None)
    return bodies.filter(kind="administration") if bodies.filter(kind="administration").exists() else bodies


class NewCommitmentForm(WordingForm):
    """A new commitment: its title, its days, the unit that will fill in the sheet."""

    starts_on = DayField(label=gettext_lazy("Start date"))
    ends_on = DayField(label=gettext_lazy("End date"))
    unit = BodyChoice(
        Body.objects.none(),
        to_field_name="uid",
        label=gettext_lazy("Responsible direction, division or service"),
        help_text=gettext_lazy("Its head fills in the sheet."),
    )

    def __init__(self, *args: Any, member: Member, title: OfficialText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_of(member)  # type: ignore[attr-defined]
        self.ask("title", label=_("Title of the commitment"), text=title, rows=1, needed=True)


class PartForm(WordingForm):
    """A part of a commitment sheet."""

    def __init__(self, *args: Any, commitment: Commitment, part: Part, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commitment, self.part = commitment, part
        self.set_up()

    def set_up(self) -> None:
        """Ask every question of the part that is a text."""
        for question in self.part.questions:
            if question.kind in ("text", "long-text"):
                text = self.commitment.texts.get(question.code, {})
                rows = 6 if question.kind == "long-text" else 1
                self.ask(question.code, label=question.label, text=text, help=question.help, rows=rows)

    def change(self, at: dt.datetime) -> dict[str, Any]:
        """Give what of the sheet this part replaces."""
        return {"texts": {code: self.said(code, at) for code in self._asked}}


class IdentificationForm(PartForm):
    """The title, the days and the unit of a commitment."""

    starts_on = DayField(label=gettext_lazy("Start date"))
    ends_on = DayField(label=gettext_lazy("End date"))
    unit = BodyChoice(
        Body.objects.none(), to_field_name="uid", label=gettext_lazy("Responsible direction, division or service")
    )

    def set_up(self) -> None:
        """Ask them as the guide does."""
        one = self.commitment
        asked = {question.stores: question for question in self.part.questions}
        title = asked["commitment.title"]
        self.fields["unit"].queryset = units_of(one.plan.cycle.member) | Body.objects.of(  # type: ignore[attr-defined]
            one.plan.cycle.member
        ).filter(pk=one.unit_id)
        lang = get_language() or "fr"
        if unit := asked.get("commitment.unit"):
            self.fields["unit"].label = unit.label.in_(lang)
        self.initial.update({"starts_on": one.starts_on, "ends_on": one.ends_on, "unit": one.unit.uid})
        self.ask("title", label=title.label, text=one.title, help=title.help, rows=1, needed=True)

    def change(self, at: dt.datetime) -> dict[str, Any]:
        """Give the title, the days and the unit."""
        said = {name: self.cleaned_data[name] for name in ("starts_on", "ends_on", "unit")}
        return {"title": self.said("title", at), **said}


class DescriptionForm(PartForm):
    """The problem and its kinds, the action, what it will change."""

    problem_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kind of problem"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(PROBLEM_KINDS.items()),
    )

    def set_up(self) -> None:
        """Ask the texts, then the kinds of problem."""
        super().set_up()
        self.initial["problem_kinds"] = self.commitment.problem_kinds

    def change(self, at: dt.datetime) -> dict[str, Any]:
        """Give the texts and the kinds of problem."""
        return super().change(at) | {"problem_kinds": self.cleaned_data["problem_kinds"]}


class ValuesForm(PartForm):
    """The questions on OGP's values: yes, no, or nobody has answered yet."""

    def set_up(self) -> None:
        """Ask each yes or no."""
        lang = get_language() or "fr"
        said = {True: "yes", False: "no", None: ""}
        for question in self.part.questions:
            self.fields[question.code] = forms.ChoiceField(
                label=question.label.in_(lang),
                required=False,
                widget=forms.RadioSelect,
                choices=[("yes", _("Yes")), ("no", _("No")), ("", _("Not answered yet"))],
            )
            self.initial[question.code] = said[self.commitment.values.get(question.code)]

    def change(self, at: dt.datetime) -> dict[str, Any]:
        """Give the answers; none where nobody answered."""
        meant = {"yes": True, "no": False, "": None}
        return {"values": {one.code: meant[self.cleaned_data[one.code]] for one in self.part.questions}}


class RecordForm(PartForm):
    """What only OGP's own record asks: status quo, long-term goal, institutions, policy areas, sector."""

    areas = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    more_areas = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    sector = LineField(required=False, max_length=80)
    ogp_id = LineField(required=False, max_length=20, widget=forms.TextInput(attrs={"dir": "ltr"}))

    _PLAIN = {"policy_areas": "areas", "sector": "sector", "ogp_id": "ogp_id"}

    def set_up(self) -> None:
        """Ask the texts, and the rest under the form's own labels."""
        one, lang = self.commitment, get_language() or "fr"
        for question in self.part.questions:
            if name := self._PLAIN.get((question.stores or "").removeprefix("commitment.")):
                self.fields[name].label = question.label.in_(lang)
                self.fields[name].help_text = " ".join(text.in_(lang) for text in question.help)
            else:
                text = one.texts.get(question.code, {})
                self.ask(question.code, label=question.label, text=text, help=question.help)
        known = queries.policy_areas()
        self.fields["areas"].choices = [  # type: ignore[attr-defined]
            (area.code, area.name.in_(lang)) for area in known if area.named
        ]
        self.fields["more_areas"].label = _("Other areas, in OGP's English")
        self.fields["more_areas"].choices = [  # type: ignore[attr-defined]
            (area.code, area.name.in_("en")) for area in known if not area.named
        ]
        self.initial.update({"areas": one.policy_areas, "more_areas": one.policy_areas})
        self.initial.update({"sector": one.sector, "ogp_id": one.ogp_id})

    @property
    def more_chosen(self) -> bool:
        """Whether an area without a name of ours is chosen: then the list of them stands open."""
        held = {str(code) for code in self["more_areas"].value() or ()}
        return any(area.code in held for area in queries.policy_areas() if not area.named)

    def change(self, at: dt.datetime) -> dict[str, Any]:
        """Give the texts and the rest."""
        said = self.cleaned_data
        chosen = {*said["areas"], *said["more_areas"]}
        known = [area.code for area in queries.policy_areas()]
        # What came from elsewhere under a code that the list does not know stays.
        strange = [code for code in self.commitment.policy_areas if code not in known]
        areas = [code for code in known if code in chosen] + strange
        return super().change(at) | {"policy_areas": areas, "sector": said["sector"], "ogp_id": said["ogp_id"]}


class ContactForm(PartForm):
    """The person who answers for the commitment: public, with the office."""

    contact_name = LineField(required=False, max_length=120)
    contact_title = LineField(required=False, max_length=200)
    contact_reach = LineField(required=False, max_length=200)

    def set_up(self) -> None:
        """Ask them under the guide's own labels."""
        lang = get_language() or "fr"
        for question in self.part.questions:
            name = (question.stores or "").removeprefix("commitment.")
            if name in self.fields:
                self.fields[name].label = question.label.in_(lang)
                self.initial[name] = getattr(self.commitment, name)

    def change(self, at: dt.datetime) -> dict[str, Any]:
        """Give the contact."""
        said = self.cleaned_data
        return {"contact": Contact(said["contact_name"], said["contact_title"], said["contact_reach"])}


class IndicatorForm(PartForm):
    """By what the commitment is measured: all of it, or nothing."""

    baseline = forms.DecimalField(
        label=gettext_lazy("Figure today (baseline)"),
        required=False,
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    baseline_on = DayField(label=gettext_lazy("Day of that figure"), required=False)
    target = forms.DecimalField(
        label=gettext_lazy("Figure to be reached (target)"),
        required=False,
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    target_on = DayField(label=gettext_lazy("By which day"), required=False)

    _FIGURES = ("baseline", "baseline_on", "target", "target_on")

    def set_up(self) -> None:
        """Ask what is measured, in which unit, read where, and the two figures with their days."""
        held = getattr(self.commitment, "indicator", None)
        for name in self._FIGURES:
            value = getattr(held, name, None)
            # 100, never 100.00: the figure as it was typed.
            self.initial[name] = f"{value.normalize():f}" if isinstance(value, Decimal) else value
        self.initial["target_on"] = self.initial["target_on"] or self.commitment.ends_on
        self.ask("name", label=_("What is measured"), text=held.name if held else {}, rows=1)
        self.ask("unit", label=_("Unit"), text=held.unit if held else {}, rows=1)
        self.ask("source", label=_("Where the figure is read"), text=held.source if held else {}, rows=1)

    def _anything(self, said: Mapping[str, Any]) -> bool:
        words = [f"{code}_{lang}" for code in self._asked for lang in languages.WORKING]
        return any(said.get(name) not in (None, "") for name in ("baseline", "target", *words))

    def clean(self) -> dict[str, Any]:
        """Ask for the whole of an indicator once something of it is written."""
        said = super().clean() or {}
        if not self._anything(said):
            return said
        for name in (*self._FIGURES, "name_fr", "unit_fr"):
            if said.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, _("An indicator needs this too. Leave everything empty to have none."))
        first, last = said.get("baseline_on"), said.get("target_on")
        if first and last and last <= first:
            self.add_error("target_on", _("The target lies after the baseline. Choose a later day."))
        return said

    def change(self, at: dt.datetime) -> dict[str, Any]:
        """Give the indicator, or none."""
        said = self.cleaned_data
        if not self._anything(said):
            return {"measure": None}
        whole: dict[str, Any] = {name: said[name] for name in self._FIGURES}
        whole |= {code: self.said(code, at) for code in ("name", "unit", "source")}
        return {"measure": Measure(**whole)}


class StepForm(forms.Form):
    """An activity: what is done, what it delivers, from when to when."""

    uid = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    starts_on = DayField(label=gettext_lazy("Start date"))
    ends_on = DayField(label=gettext_lazy("Completion date"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(wording_fields("title", label=_("Activity"), rows=1, needed=True))
        self.fields.update(wording_fields("deliverable", label=_("Deliverable"), rows=1))

    def columns(self) -> list[tuple[BoundField, BoundField]]:
        """Give the title and the deliverable, language by language."""
        return [(self[f"title_{lang}"], self[f"deliverable_{lang}"]) for lang in languages.WORKING]

    def clean(self) -> dict[str, Any]:
        """Check that it ends after it starts."""
        said = super().clean() or {}
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("An activity ends after it starts. Choose a later day."))
        return said


class StepSet(forms.BaseFormSet):
    """The activities of a commitment, one row each; rows left empty are no activity."""

    def steps(self, commitment: Commitment, at: dt.datetime) -> list[Step]:
        """Give the activities as they are entered, in their order of start."""
        known = {one.uid: one for one in commitment.milestones.all()}
        entered: list[Step] = []
        for form in self.forms:
            said = getattr(form, "cleaned_data", {})
            if not said.get("title_fr") or said.get("DELETE"):
                continue
            before = known.get(said["uid"])
            words = {
                name: reworded(
                    getattr(before, name, {}), {lang: said[f"{name}_{lang}"] for lang in languages.WORKING}, at=at
                )
                for name in ("title", "deliverable")
            }
            entered.append(
                Step(
                    title=words["title"],
                    starts_on=said["starts_on"],
                    ends_on=said["ends_on"],
                    deliverable=words["deliverable"],
                    uid=before.uid if before else "",
                )
            )
        return sorted(entered, key=lambda step: (step.starts_on, step.ends_on))

    @staticmethod
    def as_held(commitment: Commitment) -> list[dict[str, Any]]:
        """Give the rows that the sheet holds."""
        return [
            {"uid": one.uid, "starts_on": one.starts_on, "ends_on": one.ends_on}
            | {
                f"{name}_{lang}": queries.words_in(getattr(one, name), lang)
                for name in ("title", "deliverable")
                for lang in languages.WORKING
            }
            for one in sorted(commitment.milestones.all(), key=lambda one: one.number)
        ]

    def as_typed(self) -> list[dict[str, Any]]:
        """Give the rows as they were typed, right or wrong, so that more rows cost nothing that was written."""
        rows = []
        for form in self.forms:
            names = [name for name in form.fields if name != "DELETE"]
            typed = {name: form.data.get(form.add_prefix(name), "") for name in names}
            if any(typed.values()):
                rows.append(typed)
        return rows


def steps_of(data: Any, commitment: Commitment, *, rows: list[dict[str, Any]] | None = None) -> StepSet:
    """Make the rows of a sheet's activities: what was sent, or what is held, with empty ones after."""
    held = StepSet.as_held(commitment) if rows is None else rows
    extra = ROWS_AT_ONCE + 1 if rows is not None or not held else ROWS_AT_ONCE
    made: Any = forms.formset_factory(
        StepForm, formset=StepSet, extra=extra, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )
    return made(data, prefix="row") if data is not None else made(initial=held, prefix="row")


PART_FORMS: dict[str, type[PartForm]] = {
    "identification": IdentificationForm,
    "description": DescriptionForm,
    "values": ValuesForm,
    "record": RecordForm,
    "contact": ContactForm,
    "indicator": IndicatorForm,
}


def as_entered(commitment: Commitment) -> dict[str, Any]:
    """Give a whole sheet as it would be entered again, so that one part can be replaced and the others kept."""
    held = getattr(commitment, "indicator", None)
    names = ("name", "unit", "baseline", "baseline_on", "target", "target_on", "source")
    return {
        "title": commitment.title,
        "starts_on": commitment.starts_on,
        "ends_on": commitment.ends_on,
        "unit": commitment.unit,
        "texts": commitment.texts,
        "values": commitment.values,
        "problem_kinds": commitment.problem_kinds,
        "policy_areas": commitment.policy_areas,
        "sector": commitment.sector,
        "ogp_id": commitment.ogp_id,
        "contact": Contact(commitment.contact_name, commitment.contact_title, commitment.contact_reach),
        "steps": [
            Step(one.title, one.starts_on, one.ends_on, one.deliverable, one.uid)
            for one in sorted(commitment.milestones.all(), key=lambda one: one.number)
        ],
        "measure": Measure(**{name: getattr(held, name) for name in names}) if held else None,
    }


class DeliberationChoice(forms.ModelChoiceField):
    """A choice among what the Council decided, cited as on the pages."""

    def label_from_instance(self, one: Deliberation) -> str:  # type: ignore[override]
        """Cite the deliberation."""
        return cited(one.act)


class AdoptionForm(forms.Form):
    """The deliberation by which the Council adopted a version."""

    deliberation = DeliberationChoice(
        Deliberation.objects.none(),
        to_field_name="uid",
        label=gettext_lazy("The deliberation that adopted this version"),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, plan: ActionPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Deliberation.objects.of(plan.cycle.member).filter(cycle=plan.cycle, decision="adopted")
        held = held.select_related("act__authority__territory").order_by("-act__dated_on", "-pk")
        self.fields["deliberation"].queryset = held  # type: ignore[attr-defined]
