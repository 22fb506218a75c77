"""Turns the levels that reports and journal lines keep into words and marks of the page's language."""

from __future__ import annotations

from django import template

from openregion.core import languages
from openregion.monitoring.models import CompletionLevel
from openregion.monitoring.rules import LEVELS

register = template.Library()
_TONES = {
    CompletionLevel.COMPLETE: "done",
    CompletionLevel.SUBSTANTIAL: "underway",
    CompletionLevel.LIMITED: "underway",
}
# The steps that a level passes; no evidence is none of them.
_STEPS = (
    CompletionLevel.NOT_STARTED,
    CompletionLevel.LIMITED,
    CompletionLevel.SUBSTANTIAL,
    CompletionLevel.COMPLETE,
)


@register.filter
def level_name(level: str) -> str:
    """Name a completion level."""
    return str(LEVELS.get(level, level))


@register.filter
def level_tone(level: str) -> str:
    """Give the mark of a completion level."""
    return _TONES.get(level, "idle")  # type: ignore[call-overload]


@register.filter
def level_steps(level: str) -> list[tuple[str, str]]:
    """List the four steps to complete, each with whether it is passed, present or to come."""
    place = _STEPS.index(level) if level in _STEPS else -1  # type: ignore[arg-type]
    states = [
        "done" if at < place or place == len(_STEPS) - 1 else "present" if at == place else "to-come" for at in range(4)
    ]
    return [(str(LEVELS[one]), state) for one, state in zip(_STEPS, states, strict=True)]


@register.simple_tag
def paper_languages() -> tuple[str, ...]:
    """List the languages in which papers are printed, Arabic first."""
    return tuple(language.code for language in languages.ALL if language.code in languages.WORKING)


@register.filter
def unlocalised(value: float) -> str:
    """Write a number of a drawing as SVG reads it, whatever the language of the page."""
    return f"{value:g}"
