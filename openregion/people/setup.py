"""The setup code: proof that who opens the first space can read the operator's terminal.

Kept in the home as a file for the operator alone, and gone once used. Taking
it is a rename, which only one of two submissions can do: two clicks make one
member.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from openregion.core.limits import Limit
from openregion.people.models import Member

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is mistaken for another
_LENGTH = 12
WRONG_TRIES = Limit("setup-tries", most=10, within=10 * 60)


class CodeGone(Exception):
    """The code was used by someone else in the meantime."""


def code_file() -> Path:
    """Say where the code is kept."""
    return Path(settings.HOME) / "setup.code"


def is_open() -> bool:
    """Say whether the instance still waits for its first member; an invented one, of the demonstration, is none."""
    return not Member.objects.filter(invented=False).exists()


def made_code() -> str:
    """Give the code, making it the first time; "" once a real member exists."""
    if not is_open():
        return ""
    try:
        handle = os.open(code_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return code_file().read_text().strip()
    with os.fdopen(handle, "w") as kept:
        kept.write("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)))
    return code_file().read_text().strip()


def is_the_code(typed: str) -> bool:
    """Compare what was typed with the code, in constant time; spaces, hyphens and case do not count."""
    try:
        kept = code_file().read_text().strip()
    except FileNotFoundError:
        return False
    plain = "".join(typed.split()).replace("-", "").upper()
    return bool(kept) and hmac.compare_digest(kept.encode(), plain.encode())


@contextmanager
def code_taken() -> Iterator[None]:
    """Hold the code while the first member is made; give it back if that fails.

    Raises ``CodeGone`` to whoever comes second.
    """
    held = code_file().with_suffix(f".{os.getpid()}-{secrets.token_hex(4)}")
    try:
        code_file().rename(held)
    except FileNotFoundError as error:
        raise CodeGone from error
    try:
        yield
    except BaseException:
        held.rename(code_file())
        raise
    held.unlink(missing_ok=True)
