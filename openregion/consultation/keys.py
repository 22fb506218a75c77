"""The link that confirms and stops a follow: one thing it opens, kept hashed, never logged.

Made from the follow and the instance's secret, so that each week's message can
hold it though only its hash is kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings


def key_of(uid: str) -> str:
    """Give the key of a follow, by its uid."""
    made = hmac.new(settings.SECRET_KEY.encode(), f"follow:{uid}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:24]).decode()


def hashed(key: str) -> str:
    """Hash a key: the only way it is kept and looked up."""
    return hashlib.sha256(key.encode()).hexdigest()
