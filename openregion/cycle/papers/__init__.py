"""What the papers of the cycle state; one module a subject."""

from openregion.cycle.papers.letters import letter_paper
from openregion.cycle.papers.meetings import attendance_paper, convocation_paper, minutes_paper
from openregion.cycle.papers.method import paper_of_the_method

__all__ = [
    "attendance_paper",
    "convocation_paper",
    "letter_paper",
    "minutes_paper",
    "paper_of_the_method",
]  # fmt: skip
