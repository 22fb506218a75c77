"""The deeds of the cycle, one module a subject; their names here are the names roles are given."""

from openregion.cycle.actions.calendar import record_holiday
from openregion.cycle.actions.communication import plan_announcement, record_publication, revise_announcement
from openregion.cycle.actions.letters import attach_scan, discard_letter, draft_letter, issue_letter, revise_letter
from openregion.cycle.actions.council import (
    add_proposal_paper,
    address_agenda,
    freeze_proposal,
    open_proposal,
    place_on_agenda,
    record_opinion,
    record_vote,
    refer_to_commission,
    revise_proposal,
    withdraw_proposal,
)
from openregion.cycle.actions.guests import check_in, invite_to_meeting, record_answer, withdraw_invitation
from openregion.cycle.actions.meetings import (
    add_meeting_paper,
    add_to_agenda,
    cancel_meeting,
    convene_again,
    convene_meeting,
    hold_meeting,
    plan_meeting,
    record_decision,
    remove_from_agenda,
    revise_meeting,
)
from openregion.cycle.actions.method import adopt_guide_version, override_rule
from openregion.cycle.actions.minutes import approve_minutes, draft_minutes, publish_minutes, send_minutes
from openregion.cycle.actions.operations import (
    add_operation,
    move_cycle,
    plan_operation,
    prove_by,
    prove_operation,
    set_aside_operation,
    take_up_operation,
    withdraw_proof,
)
from openregion.cycle.actions.turns import date_stage, open_cycle, prove_operations, record_deliberation
from openregion.cycle.actions.visas import publish_deliberation, record_receipt, record_visa, send_for_control

__all__ = [
    "add_proposal_paper", "address_agenda", "freeze_proposal", "open_proposal", "place_on_agenda",
    "publish_deliberation", "record_opinion", "record_receipt", "record_visa", "record_vote", "refer_to_commission",
    "revise_proposal", "send_for_control", "withdraw_proposal",
    "add_operation",
    "adopt_guide_version",
    "attach_scan",
    "date_stage",
    "discard_letter",
    "draft_letter",
    "issue_letter",
    "move_cycle",
    "open_cycle",
    "override_rule",
    "plan_announcement",
    "plan_operation",
    "prove_by",
    "prove_operation",
    "prove_operations",
    "record_deliberation",
    "record_holiday",
    "record_publication",
    "revise_announcement",
    "revise_letter",
    "set_aside_operation",
    "take_up_operation",
    "withdraw_proof",
    "add_meeting_paper", "add_to_agenda", "approve_minutes", "cancel_meeting", "check_in", "convene_again",
    "convene_meeting", "draft_minutes", "hold_meeting", "invite_to_meeting", "plan_meeting", "publish_minutes", "record_answer",
    "record_decision", "remove_from_agenda", "revise_meeting", "send_minutes", "withdraw_invitation",
]  # fmt: skip
