"""Reading the follow-up: where promises stand, plans at a glance, a commitment's page, its open data, its sheets."""

from openregion.monitoring.queries.due import due
from openregion.monitoring.queries.plans import DRAFTING, Said, plan_at, plan_page, plans_page, said_in
from openregion.monitoring.queries.promise import (
    Promised,
    PromisePage,
    promise_page,
    promised,
    shown_to_all,
    voices_behind,
)
from openregion.monitoring.queries.sheets import (
    commitment_of,
    level_of_period,
    periods,
    progress_as_csv,
    questions_asked,
    reported_steps,
    said_by_the_plan,
    sheet_at,
    sheet_page,
)
from openregion.monitoring.queries.standing import (
    STATES,
    Report,
    Standing,
    Stands,
    reports_of,
    sentence_of,
    standing_of,
    stands,
    worded,
)
from openregion.monitoring.queries.statement import statement_of_sheet

__all__ = [
    "DRAFTING", "STATES", "PromisePage", "Promised", "Report", "Said", "Standing", "Stands", "commitment_of", "due",
    "level_of_period", "periods", "plan_at", "plan_page", "plans_page", "progress_as_csv", "promise_page", "promised",
    "questions_asked", "reported_steps", "reports_of", "said_by_the_plan", "said_in", "sentence_of", "sheet_at",
    "sheet_page", "shown_to_all", "standing_of", "stands", "statement_of_sheet", "voices_behind", "worded",
]  # fmt: skip
