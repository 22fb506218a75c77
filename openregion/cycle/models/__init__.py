"""The tables of the cycle, one module a subject."""

from openregion.cycle.models.calendar import Holiday
from openregion.cycle.models.council import Deliberation, NamedVote, Proposal, ProposalPaper
from openregion.cycle.models.handover import HandOver
from openregion.cycle.models.letters import Announcement, Letter, Publication
from openregion.cycle.models.meetings import AgendaItem, Invitation, Meeting, MeetingPaper, Minutes
from openregion.cycle.models.turns import Cycle, Operation, Proof, RuleOverride, Stage

__all__ = [
    "AgendaItem", "Announcement", "Cycle", "Deliberation", "HandOver", "Holiday", "Invitation", "Letter", "Meeting",
    "MeetingPaper", "Minutes", "NamedVote", "Operation", "Proof", "Proposal", "ProposalPaper", "Publication",
    "RuleOverride", "Stage",
]  # fmt: skip
