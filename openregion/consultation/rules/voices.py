"""Who may say what of a published suggestion, and when: agree or not, comment, flag."""

from __future__ import annotations

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation.models import Consultation, Contribution
from openregion.consultation.models.voices import AGREE, DISAGREE, PASSED
from openregion.consultation.rules.moderation import REASONS_TO_CHOOSE
from openregion.consultation.rules.questions import why_not_open
from openregion.consultation.rules.words import why_not_there_any_more
from openregion.people.models import Member, User
from openregion.people.rules import why_not_allowed

LONGEST_COMMENT = 3_000  # characters; longer is a suggestion of its own
MOST_CHANGES = 50  # of one voice on one suggestion: more is a machine, or a game

PASS = PASSED
VALUES: dict[int, Promise] = {
    AGREE: gettext_lazy("Agree"),
    DISAGREE: gettext_lazy("Disagree"),
    PASS: gettext_lazy("Pass"),
}


def why_not_vote(suggestion: Contribution, *, value: int, at: dt.datetime) -> str:
    """Say why a voice cannot be given on a suggestion now; empty when it can."""
    one = suggestion.consultation
    if value not in VALUES:
        return _("Choose one of the three: agree, disagree or pass.")
    if suggestion.kind != Contribution.Kind.SUGGESTION:
        return _("One agrees or not with a suggestion. Answer a comment with another comment.")
    return why_not_public(suggestion) or why_not_hear(one, at=at)


def why_not_hear(consultation: Consultation, *, at: dt.datetime) -> str:
    """Say why a consultation takes no vote at that instant; empty when it does."""
    if not consultation.takes_votes:
        return _("This consultation does not ask who agrees. You may comment, or give a suggestion.")
    if at < consultation.opens_at:
        return _("This consultation is not open yet. Come back when it opens.")
    if at >= consultation.closes_at:
        return _("This consultation is closed: voices are counted as they were on its last day.")
    return ""


def why_not_change(turns: int, *, ended: bool = False) -> str:
    """Say why a voice may not change: too many times, or ended since an account spoke there; empty when it may."""
    if ended:
        return _("Somebody signed in answered here from this browser, and one voice counts. Sign in to change it.")
    if turns > MOST_CHANGES:
        return _("This voice changed very many times. It stays as it is.")
    return ""


def why_not_comment(on: Contribution, *, text: str, at: dt.datetime) -> str:
    """Say why a comment cannot be received on a suggestion now; empty when it can."""
    one = on.consultation
    if on.kind != Contribution.Kind.SUGGESTION:
        return _("A comment answers a suggestion, not another comment. Write yours under the suggestion.")
    if refusal := why_not_public(on):
        return refusal
    if not one.takes_comments:
        return _("This consultation takes no comments. You may give a suggestion of your own.")
    if not text.strip():
        return _("Write your comment in the box.")
    if len(text) > LONGEST_COMMENT:
        return _("A comment holds 3,000 characters at most. Shorten it, or give it as a suggestion.")
    return why_not_open(one, at=at)


def why_not_flag(contribution: Contribution, *, reason: str) -> str:
    """Say why something cannot be flagged to the moderators; empty when it can."""
    if reason not in REASONS_TO_CHOOSE:
        return _("Choose one of the reasons.")
    return why_not_public(contribution)


def why_not_settle_flags(by: User, contribution: Contribution) -> str:
    """Say why a person may not settle what readers flagged; empty when they may."""
    return why_not_allowed(by, "settle_flags", contribution.member)


def why_not_import_votes(by: User, member: Member) -> str:
    """Say why a person may not have votes taken elsewhere read in; empty when they may."""
    return why_not_allowed(by, "import_votes", member)


def why_not_public(contribution: Contribution) -> str:
    """Say why nobody can speak of a contribution: it is not, or no longer, published; empty when they can."""
    if refusal := why_not_there_any_more(contribution):
        return refusal
    if contribution.moderation != Contribution.Moderation.PUBLISHED:
        return _("It is not published.")
    return ""
