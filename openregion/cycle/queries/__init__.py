"""Reading the cycle: the book of the method, delays and thresholds, what search finds."""

from openregion.cycle.queries.book import (
    ActorAsRead,
    Passage,
    ProcedureAsRead,
    StageAsRead,
    actor_as_read,
    actors_by_seat,
    annex,
    bodies_as_read,
    chapters,
    counts,
    criteria_passages,
    differing_texts,
    drawn_stages,
    form_links,
    groups_as_read,
    kind_in_words,
    mapped_values,
    part_name,
    programme_passages,
    references_by_kind,
    stage_as_read,
    stage_links,
    value_passages,
)
from openregion.cycle.queries.delays import (
    InForce,
    RuleAsRead,
    confidence_in_words,
    figure,
    figures,
    inhabitants_of,
    rule_as_read,
    rules_as_read,
    value_of,
)
from openregion.cycle.queries.finding import KINDS, Entry, entries_of_the_method, find, questions

__all__ = [
    "KINDS", "ActorAsRead", "Entry", "InForce", "Passage", "ProcedureAsRead", "RuleAsRead", "StageAsRead",
    "actor_as_read", "actors_by_seat", "annex", "bodies_as_read", "chapters", "confidence_in_words", "counts",
    "criteria_passages", "differing_texts", "drawn_stages", "entries_of_the_method", "figure", "figures", "find",
    "form_links", "groups_as_read", "inhabitants_of", "kind_in_words", "mapped_values", "part_name",
    "programme_passages", "questions", "references_by_kind", "rule_as_read", "rules_as_read", "stage_as_read",
    "stage_links", "value_of", "value_passages",
]  # fmt: skip
