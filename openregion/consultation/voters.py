"""Whose voice it is: one account or one browser, hashed apart in each consultation.

A visitor's browser keeps a random key, signed so that nobody makes one up; from
the key and the consultation comes the hash that the ledger knows. It leads
nowhere, and the same person's hashes in two consultations have nothing in
common. An account speaks from a browser too: what the browser had said of the
same suggestion gives way to it. Voices are counted by connection too, in this process's memory, so that
a machine that throws its key away at each press is asked to wait.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from openregion.consultation.models import Consultation
from openregion.core.limits import Limit
from openregion.people.models import User

COOKIE = "voice"
KEPT_FOR = 365 * 24 * 60 * 60  # seconds: a consultation and its answer fit in a year
# A workshop of a hundred people shares one connection, each with their own telephone and ten suggestions to read.
VOICES = Limit("voices", most=1_200, within=10 * 60)
NEW_VOICES = Limit("new-voices", most=150, within=60 * 60)
REPORTS = Limit("reports", most=30, within=60 * 60)


@dataclass(frozen=True)
class Voter:
    """Who speaks: an account, or the browser itself whose ``key`` is left with it; ``new`` when it had none yet."""

    who: str
    key: str
    new: bool = False

    def of(self, consultation: Consultation) -> str:
        """Give the voter's hash in a consultation."""
        return hashed("voter", consultation, self.who)

    def browser_of(self, consultation: Consultation) -> str:
        """Give the hash that an account's browser has as a voter of its own; nothing where the browser speaks."""
        own = _browser(self.key)
        return "" if self.who == own else hashed("voter", consultation, own)

    def as_reader(self, consultation: Consultation) -> str:
        """Give the hash by which one reader's flags are known: apart from their votes."""
        return hashed("reader", consultation, self.who)


def hashed(use: str, consultation: Consultation, who: str) -> str:
    """Hash somebody for one use in one consultation, with the instance's secret."""
    told = f"{use}:{consultation.uid}:{who}"
    return hmac.new(settings.SECRET_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()[:32]


def voter_of(by: User | None, cookie: str) -> Voter:
    """Say who speaks: the account, else the browser by the key that it brings, else by a new one."""
    try:
        key = str(signing.loads(cookie, salt=COOKIE))
    except (signing.BadSignature, ValueError, TypeError):
        key = ""
    brought = bool(key)
    key = key or secrets.token_urlsafe(18)
    if by is not None:
        return Voter(f"account:{by.reference}", key)
    return Voter(_browser(key), key, new=not brought)


def _browser(key: str) -> str:
    return f"key:{key}"


def signed(key: str) -> str:
    """Give a key as the browser keeps it."""
    return signing.dumps(key, salt=COOKIE)


def too_many_voices(asked_from: str, voter: Voter) -> bool:
    """Say whether enough voices came from this connection for now; nothing is counted where it is not known."""
    if not asked_from:
        return False
    return VOICES.is_reached(asked_from) or (voter.new and NEW_VOICES.is_reached(asked_from))


def too_many_reports(asked_from: str) -> bool:
    """Say whether enough was flagged from this connection for now."""
    return bool(asked_from) and REPORTS.is_reached(asked_from)


def note_voice(asked_from: str, voter: Voter) -> None:
    """Remember for a while that a voice came from this connection."""
    if asked_from:
        VOICES.count(asked_from)
        if voter.new:
            NEW_VOICES.count(asked_from)


def note_new(asked_from: str) -> None:
    """Remember for a while that a new browser on this connection was left a key."""
    if asked_from:
        NEW_VOICES.count(asked_from)


def note_report(asked_from: str) -> None:
    """Remember for a while that something was flagged from this connection."""
    if asked_from:
        REPORTS.count(asked_from)
