"""Who may gather what people said into findings, and when. A reason, or an empty string."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from openregion.consultation.models import Contribution
from openregion.core.official import OfficialText, says_the_same, text_in
from openregion.cycle.models import Cycle
from openregion.cycle.queries import book_of
from openregion.diagnosis.models import Finding
from openregion.people.models import User
from openregion.people.rules import why_not_allowed


def references_of(cycle: Cycle) -> tuple[str, ...]:
    """List the guide's references of the diagnosis, by their codes: the frame that a stage of the cycle gives."""
    return tuple(one.code for stage in book_of(cycle).stages if stage.part == cycle.kind for one in stage.frame)


def why_not_gather(cycle: Cycle, contributions: Sequence[Contribution]) -> str:
    """Say why these contributions may not be gathered; empty when they may."""
    if any(one.member_id != cycle.member_id for one in contributions):
        return _("One of these suggestions was given to another Region.")
    if any(one.moderation in ("pending", "spam") or one.withdrawn_at for one in contributions):
        return _("Only suggestions that moderation has read, and that their authors have not withdrawn, are gathered.")
    return ""


def why_not_write_finding(
    by: User,
    cycle: Cycle,
    *,
    title: OfficialText,
    synthesis: OfficialText,
    reference: str,
    contributions: Sequence[Contribution],
) -> str:
    """Say why a finding may not be written; empty when it may. It rests on one contribution at least."""
    if refusal := why_not_allowed(by, "write_finding", cycle.member):
        return refusal
    if not contributions:
        return _("A finding rests on what people said. Choose at least one suggestion.")
    if refusal := _why_not_worded(cycle, title, synthesis, reference) or why_not_gather(cycle, contributions):
        return refusal
    if twin := _the_same(cycle, title, contributions):
        return _("This finding is written already, under number %(number)s.") % {"number": twin.number}
    return ""


def why_not_revise_finding(
    by: User, finding: Finding, *, title: OfficialText, synthesis: OfficialText, reference: str
) -> str:
    """Say why a finding may not be worded anew; empty when it may."""
    if refusal := why_not_allowed(by, "revise_finding", finding.cycle.member):
        return refusal
    return _why_not_worded(finding.cycle, title, synthesis, reference)


def why_not_add_to_finding(by: User, finding: Finding, contributions: Sequence[Contribution]) -> str:
    """Say why contributions may not be added to a finding; empty when they may."""
    if refusal := why_not_allowed(by, "add_to_finding", finding.cycle.member):
        return refusal
    if not contributions:
        return _("Choose at least one suggestion.")
    return why_not_gather(finding.cycle, contributions)


def why_not_remove_from_finding(by: User, finding: Finding, contribution: Contribution) -> str:
    """Say why a contribution may not leave a finding; empty when it may."""
    if refusal := why_not_allowed(by, "remove_from_finding", finding.cycle.member):
        return refusal
    kept = _gathered(finding)
    if contribution.pk not in kept:
        return _("This finding does not gather that suggestion.")
    if len(kept) == 1:
        return _("A finding rests on what people said: its last suggestion cannot leave it.")
    return ""


def why_not_publish_finding(by: User, finding: Finding) -> str:
    """Say why a finding may not be published; empty when it may."""
    if refusal := why_not_allowed(by, "publish_finding", finding.cycle.member):
        return refusal
    return _("This finding is published already.") if finding.published_at else ""


def _the_same(cycle: Cycle, title: OfficialText, contributions: Sequence[Contribution]) -> Finding | None:
    """Find the finding of this title that gathers these suggestions and no other: the same form, sent twice."""
    asked = {one.pk for one in contributions}
    near = Finding.objects.of(cycle.member).filter(cycle=cycle, sources__contribution=min(asked))
    return next((one for one in near if says_the_same(one.title, title) and _gathered(one) == asked), None)


def _gathered(finding: Finding) -> set[int]:
    return set(finding.sources.values_list("contribution_id", flat=True))


def _why_not_worded(cycle: Cycle, title: OfficialText, synthesis: OfficialText, reference: str) -> str:
    if not text_in(title, "fr") or not text_in(synthesis, "fr"):
        return _("Write a title and what people said, in one language at least.")
    if reference and reference not in references_of(cycle):
        return _("The guide has no such reference. Choose one from the list.")
    return ""
