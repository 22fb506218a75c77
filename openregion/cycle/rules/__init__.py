"""What the cycle refuses, and why; one module a subject."""

from openregion.cycle.rules.calendar import why_not_record_holiday
from openregion.cycle.rules.communication import (
    why_not_plan_announcement,
    why_not_record_publication,
    why_not_revise_announcement,
)
from openregion.cycle.rules.letters import (
    why_not_attach_scan,
    why_not_discard_letter,
    why_not_draft_letter,
    why_not_issue_letter,
    why_not_revise_letter,
)
from openregion.cycle.rules.council import (
    why_not_add_proposal_paper,
    why_not_address_agenda,
    why_not_freeze_proposal,
    why_not_open_proposal,
    why_not_place_on_agenda,
    why_not_record_opinion,
    why_not_record_vote,
    why_not_refer_to_commission,
    why_not_revise_proposal,
    why_not_withdraw_proposal,
)
from openregion.cycle.rules.meetings import MOVES as MEETING_MOVES
from openregion.cycle.rules.meetings import (
    why_approved,
    why_given_already,
    why_nobody_new,
    why_not_add_meeting_paper,
    why_not_add_to_agenda,
    why_not_cancel_meeting,
    why_not_check_in,
    why_not_convene_again,
    why_not_convene_meeting,
    why_not_hold_meeting,
    why_not_invite,
    why_not_plan_meeting,
    why_not_record_answer,
    why_not_record_decision,
    why_not_remove_from_agenda,
    why_not_revise_meeting,
    why_not_withdraw_invitation,
)
from openregion.cycle.rules.method import why_not_adopt_version, why_not_override
from openregion.cycle.rules.minutes import (
    MINUTES_MOVES,
    why_not_approve_minutes,
    why_not_draft_minutes,
    why_not_publish_minutes,
    why_not_send_minutes,
)
from openregion.cycle.rules.operations import (
    why_not_add_operation,
    why_not_move_cycle,
    why_not_plan_operation,
    why_not_prove_operation,
    why_not_read_proof,
    why_not_set_aside,
    why_not_take_up,
    why_not_withdraw_proof,
)
from openregion.cycle.rules.turns import (
    operations_proved_by,
    why_not_date_stage,
    why_not_open_cycle,
    why_not_record_deliberation,
)
from openregion.cycle.rules.visas import (
    why_not_publish_deliberation,
    why_not_record_receipt,
    why_not_record_visa,
    why_not_send_for_control,
)

__all__ = [
    "why_not_add_proposal_paper", "why_not_address_agenda", "why_not_freeze_proposal", "why_not_open_proposal",
    "why_not_place_on_agenda", "why_not_publish_deliberation", "why_not_record_opinion", "why_not_record_receipt",
    "why_not_record_visa", "why_not_record_vote", "why_not_refer_to_commission", "why_not_revise_proposal",
    "why_not_send_for_control", "why_not_withdraw_proposal",
    "operations_proved_by",
    "why_not_add_operation",
    "why_not_adopt_version",
    "why_not_attach_scan",
    "why_not_date_stage",
    "why_not_discard_letter",
    "why_not_draft_letter",
    "why_not_issue_letter",
    "why_not_move_cycle",
    "why_not_open_cycle",
    "why_not_override",
    "why_not_plan_announcement",
    "why_not_plan_operation",
    "why_not_prove_operation",
    "why_not_read_proof",
    "why_not_record_deliberation",
    "why_not_record_holiday",
    "why_not_record_publication",
    "why_not_revise_announcement",
    "why_not_revise_letter",
    "why_not_set_aside",
    "why_not_take_up",
    "why_not_withdraw_proof",
    "MEETING_MOVES", "why_approved", "why_given_already", "why_nobody_new",
    "why_not_add_meeting_paper", "why_not_add_to_agenda", "why_not_cancel_meeting", "why_not_check_in",
    "why_not_convene_again", "why_not_convene_meeting", "why_not_hold_meeting", "why_not_invite",
    "why_not_plan_meeting", "why_not_record_answer", "why_not_record_decision",
    "why_not_remove_from_agenda", "why_not_revise_meeting", "why_not_withdraw_invitation", "MINUTES_MOVES",
    "why_not_approve_minutes", "why_not_draft_minutes", "why_not_publish_minutes", "why_not_send_minutes",
]  # fmt: skip
