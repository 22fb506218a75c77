"""What the worker does for the people room: it sends the messages that wait."""

from __future__ import annotations

from openregion.people.mails import send_mails

__all__ = ["send_mails"]
