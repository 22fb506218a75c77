"""A voice that is pressed on a page: whose it is, how it is counted, what its browser keeps."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.consultation import actions, rules, voters
from openregion.consultation.models import Contribution
from openregion.consultation.views.pieces import asked_from, signed_in
from openregion.core.refusal import refuse_if
from openregion.people.audience import AtMember


def voter_here(request: AtMember) -> voters.Voter:
    """Say whose voice a request brings."""
    return voters.voter_of(signed_in(request), request.COOKIES.get(voters.COOKIE, ""))


def cast(request: AtMember, one: Contribution, voter: voters.Voter, value: int) -> str:
    """Count a voice, unless too many came from one connection; give the sentence that says it. Raises ``Refused``."""
    asked = asked_from(request)
    if voters.too_many_voices(asked, voter):
        refuse_if(_("Many voices came from your connection. Wait a few minutes, then press again."))
    who, browser = voter.of(one.consultation), voter.browser_of(one.consultation)
    actions.cast_vote(one, voter=who, browser=browser, value=value, at=timezone.now())
    voters.note_voice(asked, voter)
    told = {"number": one.number, "said": rules.VALUES[value]}
    return _("Suggestion %(number)s: your answer is kept (%(said)s). You may change it.") % told


def known(request: AtMember, voter: voters.Voter, page: HttpResponse) -> HttpResponse:
    """Leave a new browser its key with the page itself: two presses at once then come from one voice.

    Not where many keys were left within the hour from one connection: its presses count as new ones.
    """
    asked = asked_from(request)
    if not voter.new or voters.too_many_voices(asked, voter):
        return page
    voters.note_new(asked)
    return keep(page, voter)


def keep(page: HttpResponse, voter: voters.Voter) -> HttpResponse:
    """Leave the key of a voice with its browser, of an account's browser too: signed out, it speaks no second time."""
    page.set_cookie(
        voters.COOKIE, voters.signed(voter.key), max_age=voters.KEPT_FOR,
        httponly=True, samesite="Lax", secure=settings.HTTPS,
    )  # fmt: skip
    return page
