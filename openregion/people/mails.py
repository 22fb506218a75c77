"""What the platform writes to people it knows: queued by a deed, sent outside it, shown to administrators.

A deed never waits for a mail server and never fails by one. What a server
refuses is tried again; given up, it says why in words that name nobody, and an
administrator may have it sent again. No address and nobody's words go to the
logs. Words go as a message leaves, addresses thirty days after it left or was given up.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Least
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from openregion.core import languages, official
from openregion.core.post import AT_ONCE, TRIES, WAITS, Line, can_be_written_to, is_for_good, send_each
from openregion.guide import queries as guides
from openregion.people.models import Appointment, Contact, Member, OutgoingMail, User

KEPT_FOR = dt.timedelta(days=30)
TRIES_LATER = 48  # of one the server asks to bring again later: two days
LONGEST_SUBJECT = 300
MOST_TRIES = 9999  # a server silent for months: the count says enough, and still fits its column
_ONE_MORE = Least(F("tries") + 1, MOST_TRIES)
_State = OutgoingMail.State
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sent:
    """What one sending did: how many messages left, how many still wait, and whether to go on at once with more."""

    sent: int
    waiting: int
    more: bool = False

    def __str__(self) -> str:
        return f"sent {self.sent} · waiting {self.waiting}"


def queue(
    *,
    member: Member,
    kind: str,
    once: str,
    to: str,
    lang: str,
    subject: str,
    text: str,
    at: dt.datetime,
    stop: str = "",
) -> OutgoingMail:
    """Put a message on its way: kept with the deed that makes it, sent once the deed is safely written.

    ``once`` names what it says to whom, without naming anybody in clear: the
    same news is queued once, and the message already there is given back. An
    address that nothing can be sent to fails here and now, and costs the deed nothing.
    ``stop`` is an address of ours that stops such messages with one press: the
    reader's mail program shows its own button for it (RFC 8058).
    """
    fine = can_be_written_to(to)
    said = {"member": member, "kind": kind, "to": to, "lang": lang, "text": text, "stop": stop, "made_at": at}
    said |= {"subject": " ".join(subject.split())[:LONGEST_SUBJECT]}
    if not fine:
        said |= {"state": _State.FAILED, "tried_at": at, "why_failed": "address"}
    mail, made = OutgoingMail.objects.get_or_create(once=once, defaults=said)
    if made and fine:
        transaction.on_commit(wake, robust=True)
    return mail


def wake() -> None:
    """Have the worker send what waits, unless it is asked to already: many messages of one deed ask once."""
    if not DBTaskResult.objects.filter(task_path=send_mails.module_path, status=TaskResultStatus.READY).exists():
        send_mails.enqueue()


@task()
def send_mails() -> int:
    """Send the messages that wait, in the background; say how many left."""
    done = send_now()
    if done.more:
        send_mails.enqueue()
    return done.sent


def send_now() -> Sent:
    """Send the messages that wait, two hundred at most; what is refused waits for an hour, behind the others.

    A message is marked as sent before it leaves, so that two workers never send
    it twice.
    """
    waiting = OutgoingMail.objects.waiting()
    due = waiting.not_tried_since(timezone.now() - WAITS)
    numbers = list(due.values_list("pk", flat=True)[: AT_ONCE * 5])
    sent, silent = send_each(
        numbers, most=AT_ONCE, send=_send, refused=_refused, unanswered=_unanswered, blamed=_blamed
    )
    return Sent(sent, waiting.count(), more=not silent and due.exists())


def let_go(*, at: dt.datetime) -> int:
    """Forget the words and the address of what left, or was given up, thirty days ago; say how many were forgotten."""
    over = OutgoingMail.objects.over_since(at - KEPT_FOR)
    return over.exclude(to="", text="").update(to="", subject="", text="", stop="")


def call_back(*, member: Member, kind: str, to: str) -> int:
    """Empty the messages of a kind that still wait for a person who wants none any more; say how many."""
    waiting = OutgoingMail.objects.of(member).filter(kind=kind, to__iexact=to, state=_State.QUEUED)
    return waiting.update(state=_State.FAILED, why_failed="erased", to="", subject="", text="", stop="")


def forget_recipient(member: Member, to: str, *, told: Collection[str] = ()) -> int:
    """Empty what was written to a person who asks to be erased; what still waits never leaves. Say how many.

    Found by ``told``, the marks of the news told to them, and by their address,
    unless somebody else of the member's answers at the same one.
    """
    theirs = Q(once__in=list(told))
    shared = (
        Contact.objects.of(member).present().filter(email__iexact=to).count() > 1
        or User.objects.filter(email__iexact=to).exists()
    )
    if to and not shared:
        theirs |= Q(to__iexact=to)
    found = OutgoingMail.objects.of(member).filter(theirs)
    numbers = list(found.values_list("pk", flat=True))
    found.filter(state=_State.QUEUED).update(state=_State.FAILED, why_failed="erased")
    return OutgoingMail.objects.filter(pk__in=numbers).update(to="", subject="", text="", stop="")


def _send(number: int, line: Line) -> bool:
    """Send one message, unless somebody else has; say whether it left."""
    one = OutgoingMail.objects.filter(pk=number)
    if not one.filter(state=_State.QUEUED).update(state=_State.SENT, sent_at=timezone.now()):
        return False
    mail = one.get()
    try:
        line.send(EmailMessage(mail.subject, mail.text, None, [mail.to], headers=_headers(mail)))
    except BaseException:
        one.update(state=_State.QUEUED, sent_at=None)
        raise
    # What it says may hold a key, such as the link by which a guest answers: it is in their box now, and no more here.
    one.update(why_failed="", text="", stop="")
    return True


def _headers(mail: OutgoingMail) -> dict[str, str]:
    """Give the headers by which a mail program offers its own button to stop (RFC 8058); none where nothing recurs."""
    if not mail.stop:
        return {}
    return {"List-Unsubscribe": f"<{mail.stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _refused(number: int, error: Exception) -> None:
    """Have a refused message wait behind the others; give it up when it was refused often.

    Only refusals count: however long the server was silent, a message has all its tries.
    """
    _log.warning("message %s was refused (%s)", number, type(error).__name__)
    one = OutgoingMail.objects.filter(pk=number)
    one.update(tries=_ONE_MORE, refusals=F("refusals") + 1, tried_at=timezone.now(), why_failed=_reason(error))
    most = TRIES if is_for_good(error) else TRIES_LATER
    one.filter(state=_State.QUEUED, refusals__gte=most).update(state=_State.FAILED)


def _unanswered(number: int, error: Exception) -> None:
    _log.warning("the mail server does not answer at message %s (%s)", number, type(error).__name__)
    OutgoingMail.objects.filter(pk=number).update(tries=_ONE_MORE, why_failed="silent")


def _blamed(number: int) -> None:
    """Have the message at which the server hung up wait an hour, and give it up in the end: the next one passed."""
    one = OutgoingMail.objects.filter(pk=number)
    one.update(refusals=F("refusals") + 1, tried_at=timezone.now(), why_failed="hung-up")
    one.filter(state=_State.QUEUED, refusals__gte=TRIES_LATER).update(state=_State.FAILED)


def _reason(error: Exception) -> str:
    """Name a refusal without what the server said, which quotes the address: a word, and its code."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = sorted({code for code, _said in error.recipients.values()})
        return f"recipient {codes[0] if codes else ''}".strip()
    if isinstance(error, SMTPDataError):
        return f"message {error.smtp_code}"
    return "address"


def invite(appointment: Appointment, *, site: str, at: dt.datetime) -> OutgoingMail:
    """Tell a person which role they were given, from when, and where to sign in.

    ``site`` is the address of the platform, without a path. The mail holds no
    secret: signing in asks for a code sent to the same address.
    """
    user, member = appointment.user, appointment.member
    role = guides.role(guides.guide(member.guide_version), appointment.role)
    with override(user.lang):
        where = official.text_in(member.name, languages.body_lang(user.lang)) or member.slug
        text = render_to_string(
            "people/mails/invitation.txt",
            {
                "name": user.name,
                "role": role.label.in_(user.lang) if role else appointment.role,
                "about": role.about.in_(user.lang) if role else "",
                "where": where,
                "starts_on": appointment.starts_on,
                "sign_in": site + reverse("account_login"),
                "privacy": site + reverse("privacy"),
            },
        )
        subject = _("Your role at %(where)s") % {"where": where}
    return queue(
        member=member,
        kind="role",
        once=f"role {appointment.uid}",
        to=user.email,
        lang=user.lang,
        subject=subject,
        text=text,
        at=at,
    )
