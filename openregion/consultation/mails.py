"""What authors who left an address are told, step by step, in their own language.

Messages hold no tracking code but the first; they lead to the public page.
They leave in the background: a mail server that is down delays them and loses
none. No address and nobody's words go to the logs. Messages with a code are
counted by the address and by the visitor's connection, so that nobody has a
stranger's box filled; counted in this process's memory, and forgotten.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from openregion.consultation import codes, rules
from openregion.consultation.models import Appeal, Consultation, Contribution, Notice
from openregion.core import languages, official
from openregion.core.limits import Limit
from openregion.core.post import AT_ONCE, TRIES, WAITS, Line, is_for_good, send_each
from openregion.record.actions import write_line

CODES_TO_ONE_ADDRESS = Limit("codes-to", most=5, within=60 * 60)
CODES_FROM_ONE_CONNECTION = Limit("codes-from", most=20, within=60 * 60)
_MODERATED = {Notice.Step.PUBLISHED: "published", Notice.Step.HIDDEN: "hidden", Notice.Step.SPAM: "spam"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """What one sending did: how many messages left, how many still wait, and whether to go on at once with more."""

    told: int
    waiting: int
    more: bool = False

    def __str__(self) -> str:
        return f"told {self.told} · waiting {self.waiting}"


def too_many_codes(address: str, asked_from: str) -> bool:
    """Say whether enough codes left within the hour for this address, or from this connection."""
    return too_many_to(address) or too_many_from(asked_from)


def too_many_from(asked_from: str) -> bool:
    """Say whether enough messages were asked for within the hour from this connection, whatever the address."""
    return bool(asked_from) and CODES_FROM_ONE_CONNECTION.is_reached(asked_from)


def too_many_to(address: str) -> bool:
    """Say whether enough messages left within the hour for this address: for its owner to know, and nobody else."""
    return CODES_TO_ONE_ADDRESS.is_reached(address.lower())


def count_code(address: str, asked_from: str) -> None:
    """Remember that a code left for this address, asked from this connection."""
    CODES_TO_ONE_ADDRESS.count(address.lower())
    if asked_from:
        CODES_FROM_ONE_CONNECTION.count(asked_from)


def hand_code(contribution: Contribution, code: str) -> None:
    """Send the tracking code to the address its author left: the only message that holds it.

    The code is kept nowhere, so it cannot be sent later. Where the message does
    not leave, whatever the cause, the author has read the code on the page, and
    waits for a message without it.
    """
    try:
        _message(contribution, Notice.Step.RECEIVED, {"code": codes.grouped(code)}).send()
    except Exception as error:  # the words are kept already: nothing here may cost their author the page of the code
        _log.warning("suggestion %s: its code could not be sent (%s)", contribution.uid, type(error).__name__)
        Notice.objects.create(contribution=contribution, step=Notice.Step.RECEIVED, made_at=timezone.now())
        send_waiting.enqueue()


@task()
def send_waiting() -> int:
    """Send the news that wait, in the background; say how many left."""
    done = send_now()
    if done.more:
        send_waiting.enqueue()
    return done.told


def send_now() -> Told:
    """Send the news that wait, two hundred at most; what is refused waits for an hour, behind the others.

    A message is marked as sent before it leaves, so that two workers never tell
    twice; told twice is worse than a message lost with the machine. When the
    server hangs up, the fault may be the message's: the next one is tried before
    it is decided that the server is down.
    """
    waiting = Notice.objects.waiting()
    due = waiting.not_tried_since(timezone.now() - WAITS)
    numbers = list(due.values_list("pk", flat=True)[: AT_ONCE * 5])
    told, silent = send_each(
        numbers, most=AT_ONCE, send=_send, refused=_refused, unanswered=_unanswered, blamed=_blamed
    )
    return Told(told, waiting.count(), more=not silent and due.exists())


def _refused(number: int, error: Exception) -> None:
    """Have a refused notice wait behind the others; give it up when it was refused often, and for good."""
    _log.warning("notice %s was refused (%s)", number, type(error).__name__)
    now, one = timezone.now(), Notice.objects.filter(pk=number)
    one.update(tries=F("tries") + 1, tried_at=now)
    if is_for_good(error):
        one.filter(tries__gte=TRIES).update(given_up_at=now)


def _unanswered(number: int, error: Exception) -> None:
    _log.warning("the mail server does not answer at notice %s (%s)", number, type(error).__name__)
    Notice.objects.filter(pk=number).update(tries=F("tries") + 1)


def _blamed(number: int) -> None:
    """Have the notice at which the server hung up wait, since the next one passed."""
    Notice.objects.filter(pk=number).update(tried_at=timezone.now())


@transaction.atomic
def note_reason_told(contribution: Contribution, *, at: dt.datetime) -> bool:
    """Note that an author knows why their words are hidden: only then does it count as answered. Say whether it is new.

    Here and not among the deeds, because it is the sending that tells; the deed
    ``tell_reason`` does the same for whoever reads the reason with their code.
    """
    untold = Contribution.everything.filter(pk=contribution.pk, moderation="hidden", reason_told_at=None)
    if not untold.update(reason_told_at=at):
        return False
    contribution.reason_told_at = at
    write_line(
        room="consultation",
        verb="tell_reason",
        subject_type="Contribution",
        subject_uid=contribution.uid,
        member_code=contribution.member.slug,
        by_ref="",
        at=at,
        facts={"number": contribution.number} | ({"kind": "comment"} if contribution.kind == "comment" else {}),
    )
    return True


def _send(number: int, line: Line) -> bool:
    """Send one notice, unless somebody else has or there is nothing left to tell; say whether it left.

    Marked as sent first: one whose process is killed before the message has left is lost.
    """
    if not Notice.objects.waiting().filter(pk=number).update(sent_at=timezone.now()):
        return False
    notice = Notice.objects.select_related("contribution__member", "contribution__consultation").get(pk=number)
    contribution = notice.contribution
    if _is_void(notice):
        return False
    try:
        line.send(_message(contribution, notice.step, notice.facts))
    except BaseException:
        Notice.objects.filter(pk=number).update(sent_at=None)
        raise
    if notice.step == Notice.Step.HIDDEN:
        note_reason_told(contribution, at=timezone.now())
    return True


def _is_void(notice: Notice) -> bool:
    """Say whether there is nothing to tell any more: erased, withdrawn, or moderated again since."""
    contribution = notice.contribution
    if not contribution.reply_to or contribution.erased_at or contribution.withdrawn_at:
        return True
    if notice.step not in _MODERATED:
        return False
    later = Notice.objects.filter(contribution=contribution, step__in=_MODERATED, pk__gt=notice.pk)
    return contribution.moderation != _MODERATED[Notice.Step(notice.step)] or later.exists()


def _message(contribution: Contribution, step: str, facts: dict[str, object]) -> EmailMessage:
    member, lang = contribution.member, contribution.reply_lang or "fr"
    is_comment = contribution.kind == Contribution.Kind.COMMENT
    with override(lang):
        where = official.text_in(member.name, languages.body_lang(lang))
        text = render_to_string(
            f"consultation/mails/{step}.txt",
            {
                "number": contribution.number,
                "where": where,
                "code": facts.get("code", ""),
                "decision": facts.get("decision", ""),
                "reason": rules.HIDING_REASONS.get(contribution.hidden_for, ""),
                "appeal": Appeal.objects.filter(uid=str(facts.get("appeal", ""))).first(),
                "mask": rules.MASK,
                "is_comment": is_comment,
                "published": contribution.moderation == Contribution.Moderation.PUBLISHED,
                "reads_after": contribution.consultation.reads == Consultation.Reads.AFTER,
                "page": settings.SITE + _page_of(contribution),
                "follow": settings.SITE + reverse("follow", args=[member.slug]),
            },
        )
        subject = (
            _("Your comment %(number)s · %(where)s") if is_comment else _("Your suggestion %(number)s · %(where)s")
        )
        subject %= {"number": contribution.number, "where": where}
    return EmailMessage(subject, text, None, [contribution.reply_to])


def _page_of(contribution: Contribution) -> str:
    """Give the page on which a contribution is read: a comment's is that of the suggestion it answers."""
    comment = getattr(contribution, "comment", None)
    number = comment.on.number if comment else contribution.number
    return reverse("suggestion_voices" if comment else "suggestion", args=[contribution.member.slug, number])
