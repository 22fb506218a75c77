"""Delays and thresholds: what the guide gives, what a member changed, and which counts on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openregion.core import dates
from openregion.core.official import OfficialText
from openregion.cycle.models import RuleOverride
from openregion.guide import queries as guides
from openregion.guide.schema import Band, Rule, Topic
from openregion.people.models import Authority, Member


@dataclass(frozen=True)
class InForce:
    """A rule on a day at a member: its figure, its ground, and whether it may block.

    ``value`` is ``None`` for a statement, and before the rule takes effect.
    Only a rule that is verified may block; the others warn.
    """

    rule: Rule
    value: float | None
    source: str
    may_block: bool
    own: RuleOverride | None = None


@dataclass(frozen=True)
class OwnValue:
    """A value that a member gave a rule, ready to be read."""

    figure: str
    reason: OfficialText
    source: str
    effective_on: dt.date
    decided_at: dt.datetime
    in_force: bool


@dataclass(frozen=True)
class RuleAsRead:
    """A rule as its page says it: figures in words, who says so, how sure we are."""

    rule: Rule
    topic: Topic
    figures: tuple[str, ...]
    says: str
    confidence: Confidence
    own: tuple[OwnValue, ...]

    @property
    def own_in_force(self) -> OwnValue | None:
        """The member's own value today, if it has one."""
        return next((one for one in self.own if one.in_force), None)


@dataclass(frozen=True)
class Confidence:
    """How sure we are of something, in words, and what that allows."""

    name: str
    meaning: str
    tone: str


_CONFIDENCE = {
    "verified": (gettext_lazy("Verified"), gettext_lazy("Read in the source given. It may block an act."), "done"),
    "high": (
        gettext_lazy("High confidence"),
        gettext_lazy("Well known, and still to be read in the source. It warns and never blocks."),
        "underway",
    ),
    "medium": (
        gettext_lazy("Medium confidence"),
        gettext_lazy("From a second-hand source, or sources that differ. It warns and never blocks."),
        "idle",
    ),
    "low": (
        gettext_lazy("Low confidence"),
        gettext_lazy("Uncertain: check it before you rely on it. It warns and never blocks."),
        "idle",
    ),
}


def confidence_in_words(level: str) -> Confidence:
    """Say how sure we are, what it means, and in which tone to show it."""
    name, meaning, tone = _CONFIDENCE[level]
    return Confidence(str(name), str(meaning), tone)


def value_of(
    member: Member,
    rule: str,
    on: dt.date,
    *,
    population: int | None = None,
    overrides: Iterable[RuleOverride] | None = None,
) -> InForce:
    """Give a rule's figure at a member on a day: the member's own if it has one by then, else the guide's.

    Of several own values, the one that took effect last counts; of two for the
    same day, the one decided last. A figure by population takes the member's own
    inhabitants (census of 2024) unless told otherwise. ``overrides`` are the member's own values
    when they were read already. Raises ``LookupError`` for an unknown rule.
    """
    found = guides.rule(guides.guide(member.guide_version), rule)
    if found is None:
        raise LookupError(f"the guide {member.guide_version} has no rule {rule!r}")
    may_block = found.confidence == "verified"
    theirs = RuleOverride.objects.filter(member=member, rule=rule) if overrides is None else overrides
    own = _in_force(theirs, on).get(rule)
    if own is not None:
        return InForce(found, own.value, own.source, may_block, own)
    if on < found.effective_on:
        return InForce(found, None, found.source, may_block)
    if found.bands:
        inhabitants = inhabitants_of(member) if population is None else population
        return InForce(found, _in_band(found.bands, inhabitants), found.source, may_block)
    return InForce(found, found.value, found.source, may_block)


def inhabitants_of(member: Member) -> int:
    """Count a member's inhabitants at the census of 2024: those of its authorities' territories."""
    found = Authority.objects.of(member).values_list("territory__population_2024", flat=True)
    return sum(count or 0 for count in found)


def _in_band(bands: Iterable[Band], population: int) -> float | None:
    for band in bands:
        below, up_to = band.population_below, band.population_up_to
        if (below is None or population < below) and (up_to is None or population <= up_to):
            return band.value
    return None


def _in_force(overrides: Iterable[RuleOverride], on: dt.date) -> dict[str, RuleOverride]:
    """Give, for each rule, the override that counts on a day."""
    held = sorted(
        (one for one in overrides if one.effective_on <= on), key=lambda one: (one.effective_on, one.decided_at, one.pk)
    )
    return {one.rule: one for one in held}


def rules_as_read(member: Member, on: dt.date) -> tuple[tuple[Topic, tuple[RuleAsRead, ...]], ...]:
    """List every rule by topic, with the member's own values."""
    book = guides.guide(member.guide_version)
    overrides = list(RuleOverride.objects.filter(member=member).order_by("-effective_on", "-decided_at", "-pk"))
    counting = _in_force(overrides, on)
    return tuple(
        (
            topic,
            tuple(_rule_as_read(rule, topic, overrides, counting) for rule in book.rules if rule.topic == topic.code),
        )
        for topic in book.topics
    )


def rule_as_read(member: Member, code: str, on: dt.date) -> RuleAsRead | None:
    """Give one rule with all the values the member ever gave it, latest effect first; nothing when unknown."""
    for _topic, rules in rules_as_read(member, on):
        for one in rules:
            if one.rule.code == code:
                return one
    return None


def _rule_as_read(
    rule: Rule, topic: Topic, overrides: Iterable[RuleOverride], counting: dict[str, RuleOverride]
) -> RuleAsRead:
    says = {
        "guide": _("The guide says so"),
        "law": _("The law says so"),
        "ogp": _("OGP says so"),
        "practice": _("Common practice; no text says so"),
    }
    own = tuple(
        OwnValue(
            figure=figure(rule, one.value),
            reason=one.reason,
            source=one.source,
            effective_on=one.effective_on,
            decided_at=one.decided_at,
            in_force=counting.get(rule.code) == one,
        )
        for one in overrides
        if one.rule == rule.code
    )
    return RuleAsRead(rule, topic, figures(rule), says[rule.says], confidence_in_words(rule.confidence), own)


def figures(rule: Rule) -> tuple[str, ...]:
    """Say a rule's figure in words; a figure by population has one sentence for each band."""
    if rule.value is not None:
        return (figure(rule, rule.value),)
    said: list[str] = []
    last = 0
    for band in rule.bands:
        amount = figure(rule, band.value)
        if band.population_below is not None:
            last = band.population_below
            text = _("%(amount)s below %(people)s inhabitants")
        elif band.population_up_to is not None:
            last = band.population_up_to
            text = _("%(amount)s up to %(people)s inhabitants")
        else:
            text = _("%(amount)s beyond %(people)s inhabitants")
        said.append(text % {"amount": amount, "people": dates.whole(last)})
    return tuple(said)


def figure(rule: Rule, value: float) -> str:
    """Write a value with the rule's unit, in words."""
    if rule.unit == "share":
        return _("%(n)s %%") % {"n": f"{value * 100:g}"}
    n = round(value)
    words = {
        "days": ngettext("%(n)s day", "%(n)s days", n),
        "working-days": ngettext("%(n)s working day", "%(n)s working days", n),
        "clear-days": ngettext("%(n)s clear day", "%(n)s clear days", n),
        "months": ngettext("%(n)s month", "%(n)s months", n),
        "years": ngettext("%(n)s year", "%(n)s years", n),
        "signatures": ngettext("%(n)s signature", "%(n)s signatures", n),
        "commitments": ngettext("%(n)s commitment", "%(n)s commitments", n),
        "meetings-a-year": ngettext("%(n)s meeting a year", "%(n)s meetings a year", n),
        "times-a-year": ngettext("%(n)s time a year", "%(n)s times a year", n),
    }.get(rule.unit, "%(n)s")
    return words % {"n": dates.whole(value) if value == n else f"{value:g}"}
