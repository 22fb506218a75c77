"""What a password must be, said in our own words: Django's are not in every language."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import password_validation as django_rules
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class LongEnough(django_rules.MinimumLengthValidator):
    """Ask for enough characters."""

    def get_error_message(self) -> str:
        """Say how many."""
        return _("The password is short: write at least %(n)s characters.") % {"n": self.min_length}


class NotCommon(django_rules.CommonPasswordValidator):
    """Refuse the passwords that everyone tries first."""

    def get_error_message(self) -> str:
        """Say why it is refused."""
        return _("This password is easily guessed. Choose another one.")


class NotOneself(django_rules.UserAttributeSimilarityValidator):
    """Refuse a password made of the person's own name or address."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` when the password looks like the person."""
        try:
            super().validate(password, user)
        except ValidationError as error:
            raise ValidationError(
                _("The password is too close to your name or address. Choose another one."), code=error.code
            ) from error
