"""The tables of the cycle. For now: the rules a member overrides."""

from __future__ import annotations

from django.db import models

from openregion.core.official import OfficialTextField
from openregion.people.models import Member, new_uid


class RuleOverride(models.Model):
    """A member's own value for a rule of the guide, with its reason and source.

    Never edited: a later override of the same rule takes its place, and the
    page shows them all.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=80)
    value = models.FloatField()
    reason = OfficialTextField()
    source = models.CharField(max_length=300)
    effective_on = models.DateField()
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.rule} at {self.member}"
