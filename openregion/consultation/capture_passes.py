"""The pass of whoever takes notes without an account: it opens the rapporteur's page of one workshop.

Handed over on paper, so it is short, and written in letters and digits that
nobody takes for others. Kept as a keyed hash; shown once. The browser that
opened it keeps a signed mark of it, sent to that workshop's page alone: one
cookie a language, since the language begins the address.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override

from openregion.consultation.models import Charge, Workshop
from openregion.core import languages

SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0 o 1 i l
LENGTH = 16  # 31 signs sixteen times: 79 bits, that nobody guesses
COOKIE = "rapporteur"
# After the workshop a telephone may find a network days later, and somebody may have to be asked for help.
PASS_GOOD_FOR = dt.timedelta(days=14)
# The browser keeps its mark longer than the pass is good for: so it is told that the pass has ended, and what to do.
KEPT_AFTER = 30
_WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@dataclass(frozen=True)
class Mark:
    """What a browser that opened a pass brings: of which workshop, whose charge, and which of its passes."""

    workshop: str
    charge: str
    pass_hash: str


def source_of(workshop: Workshop, charge: Charge | None = None) -> str:
    """Say where words taken down at a workshop come from: which workshop, and whose pass brought them, if one did."""
    return f"workshop:{workshop.uid}:{charge.uid}" if charge else f"workshop:{workshop.uid}"


def last_day_to_send(workshop: Workshop) -> dt.date:
    """Give the last day on which what a workshop said is received, from whoever brings a pass or holds a role."""
    return timezone.localdate(workshop.meeting.ends_at or workshop.meeting.starts_at) + PASS_GOOD_FOR


def pass_of(charge: Charge, ticket: str) -> str:
    """Give the pass that a page's ticket makes for a charge: the same press sent twice shows the same pass."""
    told = f"capture-pass:{charge.uid}:{ticket}"
    drawn = int.from_bytes(hmac.new(settings.SECRET_KEY.encode(), told.encode(), hashlib.sha256).digest())
    signs = []
    for _sign in range(LENGTH):
        drawn, rest = divmod(drawn, len(SIGNS))
        signs.append(SIGNS[rest])
    return "".join(signs)


def tidy(typed: str) -> str:
    """Keep the signs of a pass as it was typed: in capitals, with hyphens or spaces, with Arabic-Indic digits."""
    return "".join(sign for sign in typed.translate(_WESTERN).lower() if sign in SIGNS)


def grouped(key: str) -> str:
    """Write a pass in groups of four, easier to copy."""
    return "-".join(key[i : i + 4] for i in range(0, len(key), 4))


def hashed(key: str) -> str:
    """Give what is stored of a pass: a keyed hash, so that a stolen table opens no page."""
    return hmac.new(settings.SECRET_KEY.encode(), b"capture-pass:" + key.encode(), hashlib.sha256).hexdigest()


def leave_mark(response: HttpResponse, charge: Charge, workshop: Workshop) -> None:
    """Have the browser keep the mark of a pass, in each language of the page, through restarts."""
    signed = signing.dumps([workshop.uid, charge.uid, charge.pass_hash], salt=COOKIE)
    days = (last_day_to_send(workshop) - timezone.localdate()).days + KEPT_AFTER
    for name, page in _cookies(workshop):
        response.set_cookie(
            name, signed, path=page, max_age=days * 24 * 3600, httponly=True, samesite="Lax", secure=settings.HTTPS
        )


def forget_mark(response: HttpResponse, workshop: Workshop) -> None:
    """Have the browser forget the mark of a pass, in each language of the page."""
    for name, page in _cookies(workshop):
        response.delete_cookie(name, path=page, samesite="Lax")


def _cookies(workshop: Workshop) -> Iterator[tuple[str, str]]:
    """Give the name and the folder of each cookie that holds the mark, one a language."""
    for code in languages.CODES:
        with override(code):
            yield f"{COOKIE}-{code}", reverse("capture", args=[workshop.meeting.member.slug, workshop.meeting.number])


def mark_brought(request: HttpRequest) -> Mark | None:
    """Read the mark that a browser brings; nothing where it brings none, or one that is not ours."""
    try:
        return Mark(*signing.loads(request.COOKIES.get(f"{COOKIE}-{get_language()}", ""), salt=COOKIE))
    except (signing.BadSignature, ValueError, TypeError):
        return None
