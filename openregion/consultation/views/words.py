"""The page where people give a suggestion, and the one that hands them their code."""

from __future__ import annotations

import hashlib
import re

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from openregion.consultation import actions, codes, forms, held, mails, queries, rules, signals, voters
from openregion.consultation.models import Attachment, Consultation, Contribution
from openregion.consultation.models.voices import AGREE
from openregion.consultation.views import casting
from openregion.consultation.views.pieces import asked_from, consultation_of, signed_in, state_now
from openregion.core import resent
from openregion.core.audience import everyone
from openregion.core.refusal import Refused
from openregion.people.audience import AtMember
from openregion.people.models import User

SENT, SENT_KEPT = "sent", 3  # the cookie of what was sent lately, and how many it remembers


@everyone
@resent.gives_the_form_back
@sensitive_post_parameters("ticket", "reply_to")
@never_cache
def suggest(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Let anyone give a suggestion, and hand them their tracking code on the page that answers.

    Sent from a page that was open for too long, the form comes back with its
    words and its files, and is sent once more.
    """
    one, by, posted = consultation_of(request, slug), signed_in(request), request.method == "POST"
    form = forms.SuggestionForm(
        request.POST if posted else None, request.FILES if posted else None, consultation=one, by=by
    )
    voter, closed = casting.voter_here(request), rules.why_not_open(one, at=timezone.now())
    near: tuple[queries.Close, ...] = ()
    told = ""
    if posted and resent.token_ended(request):
        near = _not_sent_yet(request, one, form)
    elif posted and "finish" in request.POST:
        return _finished(request, one, str(request.POST["finish"]))
    elif supports := str(request.POST.get("support", "")):
        near, told = _supported(request, one, form, voter, supports)
    elif posted and form.is_valid():
        ticket = _ticket(request, form)
        near = () if closed else _near(one, form, ticket)
        if not near and (answer := _sent(request, one, form, by, ticket)):
            return answer
    if posted and not closed:
        form.hold(at=timezone.now())
    typed, dropped = (form.typed(), form.dropped()) if closed and form.is_bound else ([], [])
    shown = {"consultation": one, "form": form, "closed": closed, "typed": typed, "dropped": dropped}
    shown |= {"near": near, "kept": form.held_files(), "reads_after": one.reads == Consultation.Reads.AFTER}
    mine = _mine_said(one, near, voter)
    shown |= {"state": state_now(one), "supported": told, "mine_said": mine, "already": next(iter(mine.values()), "")}
    page = render(request, "consultation/suggest.html", shown)
    if told:
        return casting.keep(page, voter)
    return casting.known(request, voter, page) if near else page


def _sent(
    request: AtMember, one: Consultation, form: forms.SuggestionForm, by: User | None, ticket: str
) -> HttpResponse | None:
    """Receive what was written and hand the code; nothing where it is refused, and the form says why."""
    try:
        received, mailed = _receive(request, one, form, by, ticket)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    not_kept = _not_kept(received, form)
    page = _handed(request, one, received, form, mailed=mailed, not_kept=not_kept)
    # What the first form did not bring is given again from a new one: it must not be taken for the first.
    return page if _is_reworded(received, form) or not_kept else _remembered(request, form, ticket, page)


def _not_sent_yet(request: AtMember, one: Consultation, form: forms.SuggestionForm) -> tuple[queries.Close, ...]:
    """Give back a form whose token ended, with its files, and with what others said where it was shown."""
    near: tuple[queries.Close, ...] = ()
    if form.is_valid() and form.cleaned_data["seen"]:
        near = queries.said_close(one, form.words(), form.cleaned_data["lang"])
    form.add_error(None, resent.send_once_more())
    return near


def _mine_said(one: Consultation, near: tuple[queries.Close, ...], voter: voters.Voter) -> dict[int, int]:
    """Give those of the near suggestions that this reader supports: their keys, each with its number."""
    said = queries.said_by(voter.of(one), [each.key for each in near], browser=voter.browser_of(one)) if near else {}
    return {each.key: each.number for each in near if said.get(each.key) == AGREE}


def _finished(request: AtMember, one: Consultation, number: str) -> HttpResponse:
    """Lead who finds their words already said to the suggestion that says them; what they wrote goes nowhere."""
    held.forget(str(request.POST.get("ticket", "")))
    chosen = _public_here(request, one, number)
    if chosen is None:
        return redirect("voices", request.member.slug, one.slug)
    told = _("What you wrote was not sent: suggestion %(number)s says it already.") % {"number": chosen.number}
    messages.success(request, told)
    return redirect("suggestion_voices", request.member.slug, chosen.number)


def _public_here(request: AtMember, one: Consultation, number: str) -> Contribution | None:
    """Find a published suggestion of this consultation by the number that a button brings."""
    found = queries.public_of(request.member, int(number)) if re.fullmatch(r"[0-9]{1,9}", number) else None
    return found if found is not None and found.consultation_id == one.pk else None


def _supported(
    request: AtMember, one: Consultation, form: forms.SuggestionForm, voter: voters.Voter, number: str
) -> tuple[tuple[queries.Close, ...], str]:
    """Count a voice for what somebody else said, and have the form come back as it was: nobody leaves it for that."""
    near = queries.said_close(one, form.words(), form.cleaned_data["lang"]) if form.is_valid() else ()
    chosen = _public_here(request, one, number)
    try:
        if chosen is None:
            raise Refused(_("This suggestion is no longer public: your voice was not counted."))
        return near, casting.cast(request, chosen, voter, 1)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return near, ""


def _near(one: Consultation, form: forms.SuggestionForm, ticket: str) -> tuple[queries.Close, ...]:
    """Find what others said that is close, once: shown, the form comes back, and is sent as its author decides."""
    said = form.cleaned_data
    if said["seen"] or said["adds_to"] or not form.words() or queries.is_sent(ticket):
        return ()
    found = queries.said_close(one, form.words(), said["lang"])
    if found:
        form.set("seen", "1")
    return found


def _receive(
    request: AtMember, one: Consultation, form: forms.SuggestionForm, by: User | None, ticket: str
) -> tuple[actions.Received, bool]:
    """Receive what was written; say too whether its code is sent, for nobody fills a stranger's box from here."""
    said, address, now = form.cleaned_data, form.address(), timezone.now()
    who = asked_from(request)
    mailed = bool(address) and not mails.too_many_codes(address, who)
    suspect = signals.signals_of(
        request.member, words=form.words(), opened_at=form.opened_at(), trap=said["website"], asked_from=who, at=now
    )
    received = actions.receive_suggestion(
        one,
        words=form.words(),
        lang=said["lang"],
        channel=Contribution.Channel.ONLINE,
        theme=said.get("theme"),
        province=said["province"],
        author=by,
        reply_to=address,
        reply_lang=(get_language() or "fr") if address else "",
        ticket=ticket,
        mail_code=mailed,
        signals=suspect,
        adds_to=said["adds_to"],
        files=form.given_files(),
        at=now,
    )
    held.forget(said["ticket"])
    if received.new:
        signals.note(who)
    if mailed and received.new:
        mails.count_code(address, who)
    return received, mailed


def _ticket(request: AtMember, form: forms.SuggestionForm) -> str:
    """Give the form's ticket, or the one the same words had a moment ago in this browser.

    Who goes back and presses again is given the form anew, with another ticket:
    the words say that it is the same form.
    """
    return _sent_lately(request).get(_fingerprint(form), form.cleaned_data["ticket"])


def _remembered(request: AtMember, form: forms.SuggestionForm, ticket: str, page: HttpResponse) -> HttpResponse:
    """Leave with the browser, until its visit ends and for this page alone, which ticket went with which words."""
    lately = [*(_sent_lately(request) | {_fingerprint(form): ticket}).items()][-SENT_KEPT:]
    kept = signing.dumps(lately, salt=SENT)
    page.set_cookie(SENT, kept, path=request.path, httponly=True, samesite="Lax", secure=settings.HTTPS)
    return page


def _sent_lately(request: AtMember) -> dict[str, str]:
    try:
        return dict(signing.loads(request.COOKIES.get(SENT, ""), salt=SENT))
    except (signing.BadSignature, ValueError, TypeError):
        return {}


def _fingerprint(form: forms.SuggestionForm) -> str:
    """Tell a form by what it says and what came with it."""
    files = [hashlib.sha256(one.content).hexdigest() for _kind, one in form.given_files()]
    told = "\n".join([*codes.what_is_said(form.words()), *files])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _is_reworded(received: actions.Received, form: forms.SuggestionForm) -> bool:
    return bool(received.contribution.words != form.words())


def _not_kept(received: actions.Received, form: forms.SuggestionForm) -> set[str]:
    """Say which kinds of files just came with a form that was received before, and without them."""
    stored = dict(received.contribution.attachments.values_list("kind", "file__sha256"))
    return {kind for kind, one in form.given_files() if stored.get(kind) != hashlib.sha256(one.content).hexdigest()}


def _handed(
    request: AtMember, one: Consultation, received: actions.Received, form: forms.SuggestionForm, *, mailed: bool,
    not_kept: set[str],
) -> HttpResponse:  # fmt: skip
    """Show the public number and the code: here only, and kept in no memory on the way.

    The files named are those that are stored; the browser lets go of its copy of the voice when that one is stored.
    """
    contribution = received.contribution
    kinds = set(contribution.attachments.values_list("kind", flat=True))
    given = {kind for kind, _file in form.given_files()}
    shown = {
        "consultation": one,
        "number": contribution.number,
        "code": codes.grouped(received.code),
        "reworded": _is_reworded(received, form),
        "not_kept": not_kept,
        "written_to": bool(contribution.reply_to),
        "code_mailed": mailed and bool(contribution.reply_to),
        "code_not_mailed": received.new and bool(contribution.reply_to),
        "follow": queries.follow_address(request.member),
        "received_at": contribution.received_at,
        "published": contribution.moderation == Contribution.Moderation.PUBLISHED,
        "files": [str(said) for kind, said in rules.KINDS.items() if kind in kinds],
        "has_voice": Attachment.Kind.VOICE in given - not_kept,
    }
    return render(request, "consultation/received.html", shown)
