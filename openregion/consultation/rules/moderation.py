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
    "elsewhere": gettext_lazy("Those who moderated the consultation that it comes from had set it aside."),
}


# The last is not chosen here: it comes with votes taken elsewhere.
REASONS_TO_CHOOSE: dict[str, Promise] = {code: HIDING_REASONS[code] for code in HIDING_REASONS if code != "elsewhere"}


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
    """Say why a contribution may not be published; empty when it may.

    While its author's appeal waits, only the person who decides the appeal publishes it.
    """
    if refusal := why_not_allowed(by, "publish_contribution", contribution.member):
        return refusal
    if is_to_be_read(contribution):
        return why_not_there_any_more(contribution)
    if refusal := _why_not_move(contribution, "publish_contribution"):
        return refusal
    if contribution.appeals.filter(decided_at=None).exists():
        return _("Its author has appealed. Decide the appeal: that publishes it, or keeps the decision.")
    return ""


def is_to_be_read(contribution: Contribution) -> bool:
    """Say whether words were published as they arrived, where a consultation reads after, and nobody read them yet."""
    return (
        contribution.moderation == Contribution.Moderation.PUBLISHED
        and contribution.consultation.reads == Consultation.Reads.AFTER
        and contribution.moderated_by_id is None
        and contribution.moderated_at == contribution.came_at
    )


def why_not_hide(by: User, contribution: Contribution, *, reason: str) -> str:
    """Say why a contribution may not be hidden for that reason; empty when it may."""
    if refusal := why_not_allowed(by, "hide_contribution", contribution.member):
        return refusal
    if reason not in REASONS_TO_CHOOSE:
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
    if contribution.kind != Contribution.Kind.SUGGESTION:
        return _("A comment is read beside its suggestion. Place the suggestion.")
    if theme_of is not None and theme_of.pk != contribution.consultation_id:
        return _("This theme belongs to another consultation.")
    if lang not in TONGUES:
        return _("Choose the language it is written in from the list.")
    return why_not_there(province, contribution.member)


def moves_of(contribution: Contribution) -> frozenset[str]:
    """List the deeds that a contribution's state allows, to show the right buttons."""
    if contribution.withdrawn_at or contribution.erased_at:
        return frozenset()
    moves = frozenset(MOVES[Contribution.Moderation(contribution.moderation)])
    if is_to_be_read(contribution):
        return moves | {"publish_contribution"}
    if "publish_contribution" in moves and contribution.appeals.filter(decided_at=None).exists():
        return moves - {"publish_contribution"}
    return moves


def _why_not_move(contribution: Contribution, deed: str) -> str:
    if refusal := why_not_there_any_more(contribution):
        return refusal
    if deed not in MOVES[Contribution.Moderation(contribution.moderation)]:
        return _("Someone has already decided on it. Open it again to see what was decided.")
    return ""
