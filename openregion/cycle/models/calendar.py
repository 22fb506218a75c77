"""The calendar's own table: holidays as this Region knows them."""

from __future__ import annotations

from django.db import models

from openregion.core.official import OfficialTextField
from openregion.people.models import Member, new_uid


class Holiday(models.Model):
    """A public holiday's day as announced, in place of the estimated one; or an exceptional one.

    Religious holidays are estimated until the Ministry of Habous announces them.
    ``estimated_on`` is the estimated day that this one replaces; without it the
    holiday is exceptional. Never edited: a later row for the same estimate counts.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    estimated_on = models.DateField(null=True, blank=True)
    day = models.DateField()
    name = OfficialTextField()
    source = models.CharField(max_length=300)
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.member} {self.day}"
