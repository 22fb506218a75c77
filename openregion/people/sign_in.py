"""How people sign in: allauth's adapter, with our rule on who may open an account."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class SignIn(DefaultAccountAdapter):
    """Staff are invited by their administrator; nobody opens an account alone yet."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: a citizen needs no account to read or, later, to speak."""
        return False
