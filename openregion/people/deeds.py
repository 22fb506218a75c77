"""What each deed is called when people read what a role may do.

A deed of a room above is named by its own words until it has a label here: the
page of roles never shows an empty line.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "found_member": _("open a space"),
    "appoint": _("give a person a role"),
    "end_appointment": _("end a person's role"),
    "record_act": _("record an act"),
    "set_up_body": _("set up a body"),
    "set_up_usual_bodies": _("set up the usual bodies"),
    "give_function": _("declare that a body also fills another body's part"),
    "add_seat": _("add a seat to a body"),
    "give_mandate": _("give a person a seat"),
    "end_mandate": _("end a person's mandate"),
    "set_council_mandate": _("record the dates of the council's mandate"),
    "choose_accent": _("choose the colour of the space"),
    "override_rule": _("give a rule the authority's own value, with the reason"),
    "adopt_guide_version": _("follow another version of the method"),
    "open_cycle": _("open a cycle"),
    "date_stage": _("give a stage its dates"),
    "prove_operations": _("mark operations of the guide as done"),
    "record_deliberation": _("record what the Council decided"),
    "open_consultation": _("open a consultation"),
    "receive_suggestion": _("receive a suggestion"),
    "publish_contribution": _("publish what people wrote"),
    "hide_contribution": _("hide what may not be published, with the reason"),
    "mark_spam": _("set spam aside"),
    "place_suggestion": _("read a suggestion under another theme, province or language"),
    "withdraw_contribution": _("withdraw one's own words"),
    "erase_contribution": _("erase a person's words at their request"),
    "forget_addresses": _("forget the addresses of authors when a follow-up is over"),
    "tell_reason": _("tell an author why their words are hidden"),
    "tell_authors": _("tell authors what became of their words"),
    "import_contributions": _("read in a file of contributions"),
    "write_finding": _("write a finding"),
    "revise_finding": _("word a finding better"),
    "add_to_finding": _("gather more suggestions under a finding"),
    "remove_from_finding": _("take a suggestion out of a finding"),
    "publish_finding": _("publish a finding"),
    "give_reasoned_response": _("answer suggestions in public, with reasons"),
    "draft_plan": _("begin an action plan"),
    "revise_plan": _("write the sections of the plan"),
    "draft_commitment": _("begin a commitment sheet"),
    "revise_commitment": _("fill in a commitment sheet"),
    "cite_source": _("cite what a commitment rests on"),
    "remove_source": _("remove what a commitment was said to rest on"),
    "freeze_plan": _("freeze a version of the plan"),
    "adopt_plan": _("record the adoption of the plan"),
    "publish_plan": _("publish the plan"),
    "import_commitments": _("read in published commitments"),
    "report_progress": _("report progress on a commitment"),
    "correct_progress": _("correct a report of progress"),
    "draft_completion_sheet": _("begin a completion sheet"),
    "revise_completion_sheet": _("fill in a completion sheet"),
    "issue_completion_sheet": _("issue a completion sheet"),
}


def label(deed: str) -> str:
    """Say a deed in words."""
    return str(LABELS.get(deed) or deed.replace("_", " "))
