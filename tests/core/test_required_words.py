"""An empty answer is asked for in words of its own: what to do, and where."""

from __future__ import annotations

import html

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy, override

from openregion.core.forms import DayField, WordsField, wrongs


class Asked(forms.Form):
    """One required field of each kind, and one whose form has a sentence of its own."""

    question = WordsField(label="The question")
    name = forms.CharField(label=gettext_lazy("Your name"))
    address = forms.EmailField(label="Your e-mail address")
    day = DayField(label="The day")
    theme = forms.ChoiceField(label="The theme", choices=[("a", "A")])
    kind = forms.ChoiceField(label="You are", choices=[("a", "A")], widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(label="Places", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    agree = forms.BooleanField(label="I agree")
    file = forms.FileField(label="The list")
    when = forms.SplitDateTimeField(label="When it begins")
    why = WordsField(label="Why", error_messages={"required": "Write in a few words why."})


def said(form: forms.Form) -> dict[str, str]:
    return {field.name: wrongs(field)[0].sentence for field in form if field.errors}


def test_each_empty_answer_is_asked_for_by_its_kind_and_its_label() -> None:
    with override("en"):
        assert said(Asked({})) == {
            "question": "Write in this box: “The question”.",
            "name": "Write in this box: “Your name”.",
            "address": "Write an e-mail address: “Your e-mail address”.",
            "day": "Choose a day: “The day”.",
            "theme": "Choose in this list: “The theme”.",
            "kind": "Choose one of the answers: “You are”.",
            "several": "Tick at least one: “Places”.",
            "agree": "Tick this box to go on: “I agree”.",
            "file": "Choose a file: “The list”.",
            "when": "Choose a day and an hour: “When it begins”.",
            "why": "Write in a few words why.",
        }


def test_half_an_answer_is_asked_for_and_a_wrong_one_says_what_is_wrong() -> None:
    with override("en"):
        told = said(Asked({"when_0": "2026-01-01", "address": "nobody"}))
    assert (told["when"], told["address"]) == (
        "Choose a day and an hour: “When it begins”.", "Enter a valid email address.",
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["ar", "fr", "en", "zgh"])
def test_no_page_says_the_sentence_of_every_field(lang: str) -> None:
    with override(lang):
        text = render_to_string("core/components/form.html", {"form": Asked({}), "submit": "x"})
        generic, asked = str(forms.Field.default_error_messages["required"]), said(Asked({}))["agree"]
    text = html.unescape(text)
    assert "I agree" in asked
    assert (generic in text, text.count(asked)) == (False, 2)


def test_name_of_the_field_is_said_once_in_the_summary() -> None:
    with override("en"):
        text = render_to_string("core/components/errors.html", {"form": Asked({})})
    assert ("The question</bdi> – Write" in text, "<bdi>Why</bdi> – Write in a few words why." in text) == (False, True)


def test_hidden_part_that_is_missing_says_to_open_the_page_again() -> None:
    class Hidden(forms.Form):
        seen = forms.CharField(label="What was seen", widget=forms.HiddenInput)

    with override("en"):
        assert "Open it again" in said(Hidden({}))["seen"]
