"""What the cycle refuses, and why; one module a subject."""

from openregion.cycle.rules.method import why_not_adopt_version, why_not_override
from openregion.cycle.rules.turns import (
    operations_proved_by,
    why_not_date_stage,
    why_not_open_cycle,
    why_not_record_deliberation,
)

__all__ = [
    "operations_proved_by", "why_not_adopt_version", "why_not_date_stage", "why_not_open_cycle", "why_not_override",
    "why_not_record_deliberation",
]  # fmt: skip
