"""A refusal says why, on what ground, and what can be done instead.

Rules return the reason as a sentence (or ``""``); deeds raise it as ``Refused``;
the 403 page and the form show the same sentence.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class Refused(PermissionDenied):
    """A deed was refused; ``str()`` is the sentence shown to the person."""


def refuse_if(reason: str) -> None:
    """Stop here when a rule gave a reason.

    Raises ``Refused`` with that reason; an empty reason lets the deed go on.
    """
    if reason:
        raise Refused(reason)
