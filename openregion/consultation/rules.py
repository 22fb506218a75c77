"""Who may give, read, publish or hide, and when. A reason, or an empty string."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation.models import Consultation, Contribution
from openregion.cycle.models import Cycle
from openregion.people.models import Member, Territory, User
from openregion.people.rules import why_not_allowed

LONGEST = 20_000  # characters in one part; a novel belongs in a file
LONGEST_SLUG = 60
RESERVED = {"new"}  # the page that opens a consultation
PARTS = ("problem", "idea", "effect", "text")
# What people write in: the platform's languages, and the tongues that are written without being official.
TONGUES: dict[str, Promise] = {
    "ar": gettext_lazy("Arabic"),
    "ary": gettext_lazy("Darija"),
    "zgh": gettext_lazy("Tamazight"),
    "fr": gettext_lazy("French"),
    "en": gettext_lazy("English"),
}
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


def why_not_open_consultation(
    by: User, cycle: Cycle, *, slug: str, opens_at: dt.datetime, closes_at: dt.datetime
) -> str:
    """Say why a consultation may not be opened between these instants; empty when it may."""
    if reason := why_not_allowed(by, "open_consultation", cycle.member):
        return reason
    if closes_at <= opens_at:
        return _("A consultation closes after it opens. Choose a later closing day.")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > LONGEST_SLUG:
        return _("The address holds small letters without accents, digits and hyphens, 60 at most.")
    if slug in RESERVED:
        return _("This address is a page of the platform. Choose another one.")
    if Consultation.objects.of(cycle.member).filter(slug=slug).exists():
        return _("A consultation of this address exists already. Choose another address.")
    return ""


def why_not_open(consultation: Consultation, *, at: dt.datetime) -> str:
    """Say why a consultation receives nothing at that instant; empty when it does."""
    if at < consultation.opens_at:
        return _("This consultation is not open yet. Keep your text and come back when it opens.")
    if at >= consultation.closes_at:
        return _("This consultation is closed. Copy your text: the consultations that are open are on the home page.")
    return ""


def why_not_suggest(
    consultation: Consultation,
    words: Mapping[str, str],
    *,
    lang: str,
    at: dt.datetime,
    imported: bool = False,
    province: Territory | None = None,
) -> str:
    """Say why a suggestion cannot be received now; empty when it can.

    Any one part suffices: a problem seen, an idea, or an expected effect. What
    is ``imported`` was given earlier, so the clock is not asked.
    """
    if not imported and (reason := why_not_open(consultation, at=at)):
        return reason
    if not any(text.strip() for text in words.values()):
        return _("Write something in one of the boxes: the problem, the idea or the effect. One is enough.")
    if any(len(text) > LONGEST for text in words.values()):
        return _("One part is longer than 20,000 characters. Shorten it, or bring the whole text to a meeting.")
    if lang not in TONGUES:
        return _("Choose the language it is written in from the list.")
    return _why_not_there(province, consultation.cycle.member)


def why_not_again(already: Contribution, consultation: Consultation) -> str:
    """Say why a form that was sent before is not answered again; empty when its page may be shown once more."""
    if already.consultation_id != consultation.pk:
        return _("This form was sent in another consultation. Open the form again here, and copy your text into it.")
    if already.erased_at:
        return _("What this form gave has been erased, and stays so. To give something else, open the form again.")
    return ""


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
    if refusal := why_not_allowed(by, "place_suggestion", contribution.member) or _why_gone(contribution):
        return refusal
    if theme_of is not None and theme_of.pk != contribution.consultation_id:
        return _("This theme belongs to another consultation.")
    if lang not in TONGUES:
        return _("Choose the language it is written in from the list.")
    return _why_not_there(province, contribution.member)


def why_not_withdraw(contribution: Contribution) -> str:
    """Say why an author may not withdraw their words; empty when they may."""
    if contribution.withdrawn_at:
        return _("You have already withdrawn it.")
    return ""


def moves_of(contribution: Contribution) -> frozenset[str]:
    """List the deeds that a contribution's state allows, to show the right buttons."""
    if contribution.withdrawn_at or contribution.erased_at:
        return frozenset()
    return frozenset(MOVES[Contribution.Moderation(contribution.moderation)])


def why_not_erase(by: User | None, contribution: Contribution) -> str:
    """Say why a person's words may not be erased; empty when they may.

    Their author asks with the code (``by`` is nobody), or writes to the Region (law 09-08, articles 8 and 9).
    """
    if by is not None and (refusal := why_not_allowed(by, "erase_contribution", contribution.member)):
        return refusal
    return _("These words have been erased already.") if contribution.erased_at else ""


def why_not_import(by: User, member: Member) -> str:
    """Say why a person may not read a file of contributions in; empty when they may."""
    return why_not_allowed(by, "import_contributions", member)


def _why_not_there(province: Territory | None, member: Member) -> str:
    if province and not Territory.objects.of(member).filter(pk=province.pk).exists():
        return _("Choose a province of this Region.")
    return ""


def _why_gone(contribution: Contribution) -> str:
    if contribution.withdrawn_at:
        return _("Its author has withdrawn it.")
    return _("Its words have been erased.") if contribution.erased_at else ""


def _why_not_move(contribution: Contribution, deed: str) -> str:
    if refusal := _why_gone(contribution):
        return refusal
    if deed not in MOVES[Contribution.Moderation(contribution.moderation)]:
        return _("Someone has already decided on it. Open it again to see what was decided.")
    return ""
