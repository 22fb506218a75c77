"""The deeds of the consultation, one module a subject; their names here are the names roles are given."""

from openregion.consultation.actions.announcing import announce_steps
from openregion.consultation.actions.appeals import decide_appeal, make_appeal
from openregion.consultation.actions.applications import (
    Applied,
    apply_to_call,
    erase_application,
    forget_applicants,
    judge_application,
    withdraw_application,
)
from openregion.consultation.actions.assisting import assist_entry
from openregion.consultation.actions.attachments import transcribe_recording
from openregion.consultation.actions.calls import (
    draft_participation_call,
    publish_participation_call,
    revise_participation_call,
)
from openregion.consultation.actions.capture import (
    Captured,
    Outcome,
    SentSheet,
    capture_suggestions,
    empty_sheet,
    send_sheet,
    settle_sheet,
)
from openregion.consultation.actions.capture_passes import (
    GivenPass,
    end_capture_pass,
    give_capture_pass,
    let_go_of_capture_passes,
)
from openregion.consultation.actions.draws import select_participants
from openregion.consultation.actions.following import (
    confirm_follow,
    follow_news,
    forget_followers,
    let_go_of_follows,
    stop_following,
)
from openregion.consultation.actions.kinship import link_kin, unlink_kin
from openregion.consultation.actions.masking import mask_words, open_sealed
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
from openregion.consultation.actions.takers import count_takers, give_profile, let_go_of_passes
from openregion.consultation.actions.voices import (
    cast_vote,
    flag_contribution,
    give_comment,
    import_votes,
    settle_flags,
)
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
    count_heads,
    end_charge,
    give_charge,
    make_workshops_findable,
    plan_workshop,
    remove_need,
    revise_need,
    revise_workshop,
)

__all__ = [
    "Applied",
    "Captured",
    "GivenPass",
    "Origin",
    "Outcome",
    "Received",
    "SentSheet",
    "add_consultation_paper",
    "add_need",
    "announce_steps",
    "apply_to_call",
    "assist_entry",
    "capture_suggestions",
    "cast_vote",
    "check_form",
    "confirm_follow",
    "count_heads",
    "count_takers",
    "decide_appeal",
    "draft_participation_call",
    "empty_sheet",
    "end_capture_pass",
    "end_charge",
    "enter_form",
    "erase_application",
    "erase_contribution",
    "flag_contribution",
    "follow_news",
    "forget_addresses",
    "forget_applicants",
    "forget_followers",
    "give_capture_pass",
    "give_charge",
    "give_comment",
    "give_profile",
    "hide_contribution",
    "import_contributions",
    "import_votes",
    "judge_application",
    "let_go_of_capture_passes",
    "let_go_of_follows",
    "let_go_of_passes",
    "link_kin",
    "make_appeal",
    "make_workshops_findable",
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
    "stop_following",
    "tell_authors",
    "tell_reason",
    "transcribe_recording",
    "unlink_kin",
    "withdraw_application",
    "withdraw_contribution",
]
