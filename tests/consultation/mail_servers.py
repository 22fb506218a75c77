"""Mail servers that fail, as real ones do."""

from __future__ import annotations

from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend
from django.core.mail.message import sanitize_address


class Dead(BaseEmailBackend):
    """One that does not answer."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Hang up."""
        raise SMTPServerDisconnected("nobody there")


class Written(EmailBackend):
    """One whose addresses are written as for SMTP, which fails at some."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the address, then keep the message."""
        for message in email_messages:
            sanitize_address(message.to[0], "utf-8")
        return super().send_messages(email_messages)


class Touchy(EmailBackend):
    """One that hangs up at the addresses that begin with "hang"."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Hang up at some, keep the others."""
        if any(message.to[0].startswith("hang") for message in email_messages):
            raise SMTPServerDisconnected("gone")
        return super().send_messages(email_messages)


class Choosy(EmailBackend):
    """One that refuses the addresses that begin with "refused"."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Refuse some, keep the others."""
        for message in email_messages:
            if message.to[0].startswith("refused"):
                raise SMTPRecipientsRefused({message.to[0]: (550, b"no such box")})
        return super().send_messages(email_messages)
