"""The deeds of the cycle, one module a subject; their names here are the names roles are given."""

from openregion.cycle.actions.method import adopt_guide_version, override_rule
from openregion.cycle.actions.turns import date_stage, open_cycle, prove_operations, record_deliberation

__all__ = [
    "adopt_guide_version", "date_stage", "open_cycle", "override_rule", "prove_operations", "record_deliberation",
]  # fmt: skip
