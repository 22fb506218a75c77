"""Which suggestions may be said to say the same."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openregion.consultation.models import Contribution, Kinship
from openregion.consultation.rules.words import why_not_there_any_more
from openregion.people.models import User
from openregion.people.rules import why_not_allowed


def why_not_link_kin(by: User, contribution: Contribution, *, says_as: Contribution) -> str:
    """Say why a suggestion may not be said to say the same as another; empty when it may.

    Both are public: the link is, and would tell of words that nobody may read.
    """
    if refusal := why_not_allowed(by, "link_kin", contribution.member) or why_not_there_any_more(contribution):
        return refusal
    suggestion, published = Contribution.Kind.SUGGESTION, Contribution.Moderation.PUBLISHED
    if contribution.member_id != says_as.member_id or {contribution.kind, says_as.kind} != {suggestion}:
        return _("Only two suggestions of this Region can say the same. Check the number.")
    if contribution.pk == says_as.pk:
        return _("This is the same suggestion. Write the number of the other one.")
    if says_as.withdrawn_at or says_as.erased_at or {contribution.moderation, says_as.moderation} != {published}:
        return _("Both must be published before readers can be led from one to the other.")
    head = head_of(says_as)
    if head.pk == contribution.pk or Kinship.objects.filter(suggestion=contribution, says_as=head).exists():
        return _("They are said to say the same already.")
    return ""


def why_not_unlink_kin(by: User, contribution: Contribution) -> str:
    """Say why a suggestion may not be parted from the one it is said to say the same as; empty when it may."""
    if refusal := why_not_allowed(by, "unlink_kin", contribution.member):
        return refusal
    if not Kinship.objects.filter(suggestion=contribution).exists():
        return _("It is not said to say the same as another one. Open the page again.")
    return ""


def head_of(contribution: Contribution) -> Contribution:
    """Give the suggestion that gathers those that say the same: itself, where it says the same as none."""
    found = Kinship.objects.filter(suggestion=contribution).select_related("says_as").first()
    return found.says_as if found else contribution
