"""Reading the registers, in phrases. Every reading starts at ``.of(member)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from openregion.people.models import Member


class RegisterQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Lines of a register."""

    def of(self, member: Member) -> Self:
        """Only this member's."""
        return self.filter(member=member)
