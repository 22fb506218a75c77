"""What is refused about the dossier, and why: its states and the deeds that move it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.admission import queries
from openregion.admission.models import Call, Dossier, SupportLetter
from openregion.core.official import OfficialText
from openregion.cycle.models import Cycle
from openregion.people.models import User
from openregion.people.rules import today, why_not_allowed
from openregion.record.models import StoredFile

State = Dossier.State

# OGP's answer leads to one of two states: the deed says which.
MOVES: dict[State, dict[str, State]] = {
    State.DRAFT: {"add_support": State.DRAFT, "sign_support": State.DRAFT, "freeze_dossier": State.FROZEN},
    State.FROZEN: {"submit_dossier": State.SUBMITTED},
    State.SUBMITTED: {"record_ogp_answer": State.ADMITTED},
    State.ADMITTED: {},
    State.REFUSED: {},
}
ANSWERS = (State.ADMITTED, State.REFUSED)


def why_not_open_dossier(by: User, cycle: Cycle, *, call: Call | None) -> str:
    """Say why a dossier may not be opened; ``call`` is empty for the working form. Empty when it may."""
    if refusal := why_not_allowed(by, "open_dossier", cycle.member):
        return refusal
    if cycle.kind != Cycle.Kind.ADMISSION:
        return _("A dossier belongs to a candidacy. Open its cycle first.")
    if call and (call.member_id != cycle.member_id or call.working):
        return _("Choose a call of the list, or the working form.")
    if queries.status_of(cycle.member).belongs:
        return _("The Region is a member already: there is no dossier to send.")
    last = queries.latest_dossier(cycle)
    if last is None or last.state in (State.REFUSED, State.FROZEN):
        return ""
    if last.state == State.SUBMITTED:
        return _("A dossier was sent, and OGP has not answered. Record its answer first: one form per jurisdiction.")
    if last.state == State.ADMITTED:
        return _("OGP admitted the Region on an earlier dossier. There is none to send.")
    if last.call.working and call:
        return ""
    return _("A dossier is being written already. Go on with it, or freeze it first.")


def _why_not_move(by: User, dossier: Dossier, deed: str) -> str:
    if refusal := why_not_allowed(by, deed, dossier.cycle.member):
        return refusal
    if dossier.state != State.SUBMITTED and Dossier.objects.filter(replaces=dossier).exists():
        return _("Another dossier replaces this one. Go on with that one.")
    if deed in MOVES[State(dossier.state)]:
        return ""
    if deed in MOVES[State.DRAFT]:
        return _("This dossier is frozen and no longer changes. Open another one, which replaces it.")
    if deed == "submit_dossier" and dossier.state == State.DRAFT:
        return _("Only a frozen dossier is sent: freeze it first, then send what it gives.")
    if deed == "submit_dossier":
        return _("This dossier was sent already.")
    if dossier.state in ANSWERS:
        return _("OGP's answer to this dossier is recorded already.")
    return _("OGP answers a dossier that was sent. Record first that it was.")


def why_not_add_support(by: User, dossier: Dossier, *, signer: str, name: str, organisation: str) -> str:
    """Say why a letter of support may not be added; empty when it may."""
    if refusal := _why_not_move(by, dossier, "add_support"):
        return refusal
    if signer not in SupportLetter.Signer.values:
        return _("Say who signs: the head of the Region, a body from outside government, or someone else.")
    if not name.strip():
        return _("Give the name of the person who signs.")
    if signer == SupportLetter.Signer.NON_GOVERNMENT and not organisation.strip():
        return _("Name the organisation that gives its support.")
    if dossier.support.filter(signer=signer, name=name, organisation=organisation).exists():
        return _("A letter of this person stands in the dossier already.")
    return ""


def why_not_sign_support(by: User, support: SupportLetter, *, scan: StoredFile | None, signed_on: dt.date) -> str:
    """Say why a signed letter may not be attached; empty when it may. A wrong scan is replaced while it is a draft."""
    if refusal := _why_not_move(by, support.dossier, "sign_support"):
        return refusal
    if scan is None:
        return _("Choose the file of the signed letter.")
    if signed_on > today():
        return _("A letter cannot be signed in the future. Check its day.")
    if support.scan and support.scan.sha256 == scan.sha256 and support.signed_on == signed_on:
        return _("This signed letter is attached already.")
    return ""


def why_not_freeze_dossier(by: User, dossier: Dossier, *, seen: bool = False) -> str:
    """Say why a dossier may not be frozen; empty when it may.

    Questions without an answer block; whatever else is lacking only asks that
    whoever freezes has ``seen`` it.
    """
    if refusal := _why_not_move(by, dossier, "freeze_dossier"):
        return refusal
    lacking = queries.lacking(dossier, queries.asked_lines(dossier, dossier.cycle.member))
    if blocking := [one.label for one in lacking if one.blocks]:
        return _("The dossier cannot be frozen yet. %(first)s") % {"first": blocking[0]}
    if lacking and not seen:
        return _("Read what the dossier lacks, and say that you have.")
    return ""


def why_not_submit_dossier(
    by: User, dossier: Dossier, *, at_instant: dt.datetime, channel: str, proof: StoredFile | None
) -> str:
    """Say why a dossier may not be recorded as sent; empty when it may.

    Past the deadline it is recorded all the same: a person records what happened.
    """
    if refusal := _why_not_move(by, dossier, "submit_dossier"):
        return refusal
    if dossier.call.working:
        return _(
            "This dossier answers the Region's working form, which is not OGP's. "
            "Enter the call when it opens, then open the dossier that answers it: the answers follow."
        )
    if at_instant > timezone.now():
        return _("A dossier cannot have been sent in the future. Check the day and the hour.")
    if dossier.frozen and at_instant < dossier.frozen.frozen_at.replace(second=0, microsecond=0):
        return _("The dossier was frozen after that instant. What was sent is what is frozen: check the hour.")
    if channel not in Call.Channel.values:
        return _("Say by which channel the dossier was sent.")
    if proof is None:
        return _("Give the proof that it was sent: the form's receipt, or the message.")
    return ""


def why_not_record_ogp_answer(
    by: User, dossier: Dossier, *, answer: str, on: dt.date, text: OfficialText, file: StoredFile | None
) -> str:
    """Say why OGP's answer may not be recorded as given; empty when it may."""
    if refusal := _why_not_move(by, dossier, "record_ogp_answer"):
        return refusal
    if answer not in ANSWERS:
        return _("Say whether OGP admits the Region or not.")
    if on > today():
        return _("OGP cannot have answered in the future. Check the day.")
    if dossier.submitted_at and on < timezone.localdate(dossier.submitted_at):
        return _("OGP cannot have answered before the dossier was sent. Check the day.")
    if not text and file is None:
        return _("Give OGP's words, or the file of its answer.")
    return ""
