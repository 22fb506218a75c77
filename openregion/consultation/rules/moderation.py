"""Who may publish, hide, set aside or place what was given, and from which state."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation.models import Consultation, Contribution
from openregion.consultation.rules.words import TONGUES, why_not_there, why_not_there_any_more
from openregion.people.models import Territory, User
from openregion.people.rules import why_not_allowed

# Why a contribution is hidden: a published list, each reason in words its author is told.
HIDING_REASONS: dict[str, Promise] = {
    "personal-data": gettext_lazy("It names or describes a private person."),
    "insult": gettext_lazy("It insults someone, or a group of people."),
    "off-topic": gettext_lazy("It has nothing to do with the question asked."),
    "advertising": gettext_lazy("It advertises something."),
    "unlawful": gettext_lazy("The law forbids publishing it."),
}


_State = Contribution.Moderation


# What each deed makes of a contribution in each state; a deed that is not there is refused.
MOVES: dict[Contribution.Moderation, dict[str, Contribution.Moderation]] = {
    _State.PENDING: {
        "publish_contribution": _State.PUBLISHED,
        "hide_contribution": _State.HIDDEN,
        "mark_spam": _State.SPAM,
    },
    _State.PUBLISHED: {"hide_contribution": _State.HIDDEN, "mark_spam": _State.SPAM},
    _State.HIDDEN: {"publish_contribution": _State.PUBLISHED},
    _State.SPAM: {"publish_contribution": _State.PUBLISHED},
}


def why_not_publish(by: User, contribution: Contribution) -> str:
    """Say why a contribution may not be published; empty when it may."""
    return why_not_allowed(by, "publish_contribution", contribution.member) or _why_not_move(
        contribution, "publish_contribution"
    )


def why_not_hide(by: User, contribution: Contribution, *, reason: str) -> str:
    """Say why a contribution may not be hidden for that reason; empty when it may."""
    if refusal := why_not_allowed(by, "hide_contribution", contribution.member):
        return refusal
    if reason not in HIDING_REASONS:
        return _("Say why it is hidden: choose one of the reasons. Its author is told.")
    return _why_not_move(contribution, "hide_contribution")


def why_not_mark_spam(by: User, contribution: Contribution) -> str:
    """Say why a contribution may not be set aside as spam; empty when it may."""
    return why_not_allowed(by, "mark_spam", contribution.member) or _why_not_move(contribution, "mark_spam")


def why_not_place(
    by: User,
    contribution: Contribution,
    *,
    theme_of: Consultation | None,
    lang: str,
    province: Territory | None = None,
) -> str:
    """Say why a suggestion may not be read under that theme, province or language; empty when it may."""
    if refusal := why_not_allowed(by, "place_suggestion", contribution.member) or why_not_there_any_more(contribution):
        return refusal
    if theme_of is not None and theme_of.pk != contribution.consultation_id:
        return _("This theme belongs to another consultation.")
    if lang not in TONGUES:
        return _("Choose the language it is written in from the list.")
    return why_not_there(province, contribution.member)


def moves_of(contribution: Contribution) -> frozenset[str]:
    """List the deeds that a contribution's state allows, to show the right buttons."""
    if contribution.withdrawn_at or contribution.erased_at:
        return frozenset()
    return frozenset(MOVES[Contribution.Moderation(contribution.moderation)])


def _why_not_move(contribution: Contribution, deed: str) -> str:
    if refusal := why_not_there_any_more(contribution):
        return refusal
    if deed not in MOVES[Contribution.Moderation(contribution.moderation)]:
        return _("Someone has already decided on it. Open it again to see what was decided.")
    return ""
