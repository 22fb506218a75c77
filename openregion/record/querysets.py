"""Reading the memory, in phrases."""

from __future__ import annotations

from typing import Self

from django.db import models


class JournalQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Lines of the journal, always of one member."""

    def of(self, member_code: str) -> Self:
        """Only this member's lines."""
        return self.filter(member_code=member_code)

    def about(self, subject_type: str, subject_uid: str) -> Self:
        """Only what happened to this subject."""
        return self.filter(subject_type=subject_type, subject_uid=subject_uid)

    def latest_first(self) -> Self:
        """Latest deed first; of those done at one instant, the last written first."""
        return self.order_by("-at", "-pk")


class MemberQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows of the memory that carry a member's code."""

    def of(self, member_code: str) -> Self:
        """Only this member's rows."""
        return self.filter(member_code=member_code)
