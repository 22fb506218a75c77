"""Whose voice it is: one account or one browser, hashed apart in each consultation.

A visitor's browser keeps a random key, signed so that nobody makes one up; from
the key and the consultation comes the hash that the ledger knows. It leads
nowhere, and the same person's hashes in two consultations have nothing in
common. Voices are counted by connection too, in this process's memory, so that
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
    """Who speaks: ``key`` is what the browser is to keep, empty for an account; ``new`` when it had none yet."""

    who: str
    key: str = ""
    new: bool = False

    def of(self, consultation: Consultation) -> str:
        """Give the voter's hash in a consultation."""
        return hashed("voter", consultation, self.who)

    def as_reader(self, consultation: Consultation) -> str:
        """Give the hash by which one reader's flags are known: apart from their votes."""
        return hashed("reader", consultation, self.who)


def hashed(use: str, consultation: Consultation, who: str) -> str:
    """Hash somebody for one use in one consultation, with the instance's secret."""
    told = f"{use}:{consultation.uid}:{who}"
    return hmac.new(settings.SECRET_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()[:32]


def voter_of(by: User | None, cookie: str) -> Voter:
    """Say who speaks: the account, else the key that the browser brings, else a new one."""
    if by is not None:
        return Voter(f"account:{by.reference}")
    try:
        key = str(signing.loads(cookie, salt=COOKIE))
    except (signing.BadSignature, ValueError, TypeError):
        key = ""
    if key:
        return Voter(f"key:{key}", key)
    key = secrets.token_urlsafe(18)
    return Voter(f"key:{key}", key, new=True)


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
