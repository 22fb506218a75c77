"""The state of the messages that leave in a member's name, as administrators see it: queued, sent, failed and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.core import languages
from openregion.people.models import Member, OutgoingMail

STATES: dict[str, Promise] = {
    "queued": gettext_lazy("Waiting to leave"),
    "sent": gettext_lazy("Has left"),
    "failed": gettext_lazy("Could not be sent"),
}
TONES = {"queued": "underway", "sent": "done", "failed": "late"}
MAIL_KINDS: dict[str, Promise] = {
    "role": gettext_lazy("A role given"),
    "invitation": gettext_lazy("Invitation to a meeting"),
    "meeting-convocation": gettext_lazy("Convocation to a meeting"),
    "meeting-moved": gettext_lazy("Meeting changed"),
    "meeting-cancelled": gettext_lazy("Meeting cancelled"),
    "meeting-withdrawn": gettext_lazy("Invitation withdrawn"),
    "minutes": gettext_lazy("Minutes of a meeting"),
    "letter": gettext_lazy("Letter"),
    "digest": gettext_lazy("Daily digest"),
    "participation-received": gettext_lazy("Application received"),
    "participation-selected": gettext_lazy("Selected to take part"),
    "participation-reserve": gettext_lazy("On the reserve list"),
    "participation-refused": gettext_lazy("Application not kept"),
}
_REASONS: dict[str, Promise] = {
    "address": gettext_lazy("Nothing can be sent to this address: it is not well written."),
    "silent": gettext_lazy("The mail server does not answer."),
    "hung-up": gettext_lazy("The mail server hung up at this message and took the next one."),
    "recipient": gettext_lazy("The mail server refuses the recipient"),
    "message": gettext_lazy("The mail server refuses the message"),
    "erased": gettext_lazy("The person asked to be erased before it left."),
}


@dataclass(frozen=True)
class MailLine:
    """A message as it is shown: what it says in a word, to a shortened address, where it is."""

    uid: str
    kind: str
    language: str
    to: str
    state: str
    state_label: str
    tone: str
    made_at: dt.datetime
    sent_at: dt.datetime | None
    tries: int
    why: str
    can_retry: bool


@dataclass(frozen=True)
class MailCount:
    """How many messages are in a state."""

    state: str
    label: str
    number: int


def mail_counts(member: Member) -> tuple[MailCount, ...]:
    """Count a member's messages, state by state."""
    counted = dict(
        OutgoingMail.objects.of(member)
        .order_by()
        .values("state")
        .annotate(number=Count("pk"))
        .values_list("state", "number")
    )
    return tuple(MailCount(state, str(label), counted.get(state, 0)) for state, label in STATES.items())


def mail_lines(mails: Iterable[OutgoingMail]) -> tuple[MailLine, ...]:
    """Put messages in words; addresses are shortened, words never shown."""
    tongues = {one.code: one.own_name for one in languages.ALL}
    return tuple(
        MailLine(
            uid=one.uid,
            kind=kind_of_mail(one.kind),
            language=tongues.get(one.lang, one.lang),
            to=shortened(one.to),
            state=one.state,
            state_label=str(STATES[one.state]),
            tone=TONES[one.state],
            made_at=one.made_at,
            sent_at=one.sent_at,
            tries=one.tries,
            why=reason_in_words(one.why_failed),
            can_retry=one.state == OutgoingMail.State.FAILED and bool(one.to),
        )
        for one in mails
    )


def kind_of_mail(kind: str) -> str:
    """Name a kind of message; one of a room above that has no name here is shown by its own words."""
    return str(MAIL_KINDS.get(kind) or kind.replace("-", " ").replace("_", " ").capitalize())


def shortened(address: str) -> str:
    """Shorten an address so that it helps find a mistake and names nobody: its first letter and its domain."""
    name, sign, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}" if sign else ""


def reason_in_words(kept: str) -> str:
    """Say why a message has not left, from the word and the code kept with it."""
    word, _space, code = kept.partition(" ")
    if not word:
        return ""
    said = str(_REASONS.get(word, word))
    return _("%(reason)s (code %(code)s).") % {"reason": said, "code": code} if code else _ended(said)


def kept_in_outbox() -> bool:
    """Say whether messages go to the outbox page, because no mail server is set up."""
    return bool(settings.EMAIL_BACKEND == "openregion.core.outbox.OutboxBackend")


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."
