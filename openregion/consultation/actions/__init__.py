"""The deeds of the consultation, one module a subject; their names here are the names roles are given."""

from openregion.consultation.actions.appeals import decide_appeal, link_kin, mask_words, open_sealed, unlink_kin
from openregion.consultation.actions.assisting import assist_entry
from openregion.consultation.actions.attachments import transcribe_recording
from openregion.consultation.actions.calls import (
    draft_participation_call,
    erase_application,
    judge_application,
    publish_participation_call,
    revise_participation_call,
    select_participants,
)
from openregion.consultation.actions.capture import capture_suggestions, send_sheet, settle_sheet
from openregion.consultation.actions.moderation import (
    hide_contribution,
    mark_spam,
    place_suggestion,
    publish_contribution,
    tell_reason,
)
from openregion.consultation.actions.news import tell_authors
from openregion.consultation.actions.paper import check_form, enter_form, print_forms, scan_form, set_aside_form
from openregion.consultation.actions.papers import add_consultation_paper, remove_consultation_paper
from openregion.consultation.actions.questions import open_consultation, revise_consultation
from openregion.consultation.actions.readings import import_contributions
from openregion.consultation.actions.voices import import_votes, settle_flags
from openregion.consultation.actions.words import (
    Origin,
    Received,
    erase_contribution,
    forget_addresses,
    receive_suggestion,
    withdraw_contribution,
)
from openregion.consultation.actions.workshops import (
    add_need,
    end_charge,
    give_charge,
    plan_workshop,
    remove_need,
    revise_need,
    revise_workshop,
)

__all__ = [
    "Origin",
    "Received",
    "add_consultation_paper",
    "add_need",
    "assist_entry",
    "capture_suggestions",
    "check_form",
    "decide_appeal",
    "draft_participation_call",
    "end_charge",
    "enter_form",
    "erase_application",
    "erase_contribution",
    "forget_addresses",
    "give_charge",
    "hide_contribution",
    "import_contributions",
    "import_votes",
    "judge_application",
    "link_kin",
    "mark_spam",
    "mask_words",
    "open_consultation",
    "open_sealed",
    "place_suggestion",
    "plan_workshop",
    "print_forms",
    "publish_contribution",
    "publish_participation_call",
    "receive_suggestion",
    "remove_consultation_paper",
    "remove_need",
    "revise_consultation",
    "revise_need",
    "revise_participation_call",
    "revise_workshop",
    "scan_form",
    "select_participants",
    "send_sheet",
    "set_aside_form",
    "settle_flags",
    "settle_sheet",
    "tell_authors",
    "tell_reason",
    "transcribe_recording",
    "unlink_kin",
    "withdraw_contribution",
]
