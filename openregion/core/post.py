"""The way to the mail server, for every room that writes to people: one connection a sending, and what refusals mean.

An address can stop whoever writes it, a server can refuse one person and take
the next, or answer nobody: one bad address never holds the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import suppress
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address

AT_ONCE = 200  # messages in one go; the next go takes the rest
TRIES = 5  # of an address that is refused for good; then it is written to no more
WAITS = dt.timedelta(hours=1)  # between two tries of one that was refused
# What is said of one message, and not of all, by the server or by what writes the address: the others still leave.
OF_ONE = (SMTPRecipientsRefused, SMTPDataError, ValueError, LookupError)


def can_be_written_to(address: str) -> bool:
    """Say whether a message can be addressed so: some addresses are well formed, and stop whoever writes them."""
    if "=?" in address.rpartition("@")[0]:
        return False
    try:
        sanitize_address(address, settings.DEFAULT_CHARSET)
    except (ValueError, LookupError):
        return False
    return True


def is_for_good(error: Exception) -> bool:
    """Say whether a refusal will not change: the server says so, or the address cannot even be written."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in error.recipients.values())
    return not isinstance(error, SMTPDataError) or error.smtp_code >= 500


class Line:
    """One connection to the mail server for a whole sending, opened by the first message."""

    def __init__(self) -> None:
        self._open: BaseEmailBackend | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *how: object) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connection, if there is one; the next message opens another."""
        held, self._open = self._open, None
        if held is not None:
            with suppress(OSError):  # it was closed at the other end
                held.close()

    def send(self, message: EmailMessage) -> None:
        """Send a message. Raises ``OSError`` when the server refuses it, or does not answer."""
        if self._open is None:
            connection = get_connection()
            connection.open()
            self._open = connection
        self._open.send_messages([message])


def send_each(
    numbers: Iterable[int],
    *,
    most: int,
    send: Callable[[int, Line], bool],
    refused: Callable[[int, Exception], None],
    unanswered: Callable[[int, Exception], None],
    blamed: Callable[[int], None],
) -> tuple[int, bool]:
    """Send each message of a row, ``most`` at most; say how many left, and whether the server stopped answering.

    ``send`` says whether its message went to the server. When the server hangs
    up, the fault may be the message's: the next one is tried before it is decided
    that the server is down, and the first is ``blamed`` when that one passes.
    """
    told, doubt = 0, 0
    with Line() as line:
        for number in numbers:
            if told == most:
                break
            try:
                sent = send(number, line)
            except OF_ONE as error:
                refused(number, error)
            except OSError as error:
                unanswered(number, error)
                line.hang_up()
                if doubt:
                    break
                doubt = number
                continue
            else:
                if not sent:
                    continue  # nothing went to the server, so nothing is known of it
                told += 1
            if doubt:
                blamed(doubt)
            doubt = 0
    return told, bool(doubt)
