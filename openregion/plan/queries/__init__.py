"""Reading the plan: what a version states, what the drafting pages show, what search finds."""

from openregion.plan.queries.council import CouncilState, council_state
from openregion.plan.queries.drafting import (
    Asked,
    CommitmentLine,
    Figures,
    Gap,
    Part,
    PlanWork,
    SectionGroup,
    SheetPage,
    Wording,
    cited_syntheses,
    figures_of,
    gaps_of,
    in_words,
    parts_of_sheet,
    plan_work,
    section,
    sections,
    sections_page,
    sheet_page,
    with_their_rows,
    wordings,
    words_in,
)
from openregion.plan.queries.due import due
from openregion.plan.queries.promised import PromiseOf, promise_of
from openregion.plan.queries.sources import SourcePage, number_typed, source_page
from openregion.plan.queries.statement import (
    DECISIONS,
    KINDS,
    SCHEMA,
    Coverage,
    answered,
    behind_stated,
    contributions_behind,
    coverage_of,
    entries_of_response,
    entries_of_statement,
    findable,
    proposed_adoption,
    statement_of,
)
from openregion.plan.queries.versions import Said, VersionPage, as_published, policy_area, policy_areas, version_page

__all__ = [
    "DECISIONS", "KINDS", "SCHEMA", "Asked", "CommitmentLine", "CouncilState", "Coverage", "Figures", "Gap", "Part",
    "PlanWork", "PromiseOf", "Said", "SectionGroup", "SheetPage", "SourcePage", "VersionPage", "Wording", "answered",
    "as_published", "behind_stated", "cited_syntheses", "contributions_behind", "council_state", "coverage_of", "due",
    "entries_of_response", "entries_of_statement", "figures_of", "findable", "gaps_of", "in_words", "number_typed",
    "parts_of_sheet", "plan_work", "policy_area", "policy_areas", "promise_of", "proposed_adoption", "section",
    "sections", "sections_page", "sheet_page", "source_page", "statement_of", "version_page", "with_their_rows",
    "wordings", "words_in",
]  # fmt: skip
