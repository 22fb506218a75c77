"""Reading the cycle: the book of the method, a member's turns of it, delays and thresholds, what search finds."""

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
from openregion.cycle.queries.days import StageDays, days_of_stages
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
from openregion.cycle.queries.turns import (
    DECISIONS,
    TONES,
    CycleLine,
    CyclePage,
    acts_to_record,
    book_of,
    cycle_lines,
    cycle_name,
    cycle_page,
    latest_cycle,
    operation_words,
    stage_name,
    stage_of,
)

__all__ = [
    "DECISIONS", "KINDS", "TONES", "ActorAsRead", "CycleLine", "CyclePage", "Entry", "InForce", "Passage",
    "ProcedureAsRead", "RuleAsRead", "StageAsRead", "StageDays", "actor_as_read", "actors_by_seat", "acts_to_record",
    "annex", "bodies_as_read", "book_of", "chapters", "confidence_in_words", "counts", "criteria_passages",
    "cycle_lines", "cycle_name", "cycle_page", "days_of_stages", "differing_texts", "drawn_stages",
    "entries_of_the_method", "figure", "figures", "find", "form_links", "groups_as_read", "inhabitants_of",
    "kind_in_words", "latest_cycle", "mapped_values", "operation_words", "part_name", "programme_passages",
    "questions", "references_by_kind", "rule_as_read", "rules_as_read", "stage_as_read", "stage_links", "stage_name",
    "stage_of", "value_of", "value_passages",
]  # fmt: skip
