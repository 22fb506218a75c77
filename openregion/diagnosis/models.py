"""Findings: what several people said, in one sentence that cites them."""

from __future__ import annotations

from django.db import models

from openregion.consultation.models import Contribution
from openregion.core.official import OfficialTextField
from openregion.cycle.models import Cycle
from openregion.diagnosis.querysets import FindingQuerySet
from openregion.people.models import Member, new_uid


class Finding(models.Model):
    """A need that several contributions show, in words that each of them can be checked against.

    ``reference`` is one of the guide's four references of the diagnosis, by its code.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=60, blank=True)
    title = OfficialTextField()
    synthesis = OfficialTextField()
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            # Its public number, in the member's own series.
            models.UniqueConstraint(fields=["member", "number"], name="one_finding_number"),
        ]

    def __str__(self) -> str:
        return f"{self.member} finding {self.number}"


class FindingSource(models.Model):
    """A contribution that a finding gathers; the contribution itself never moves."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="sources")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+")
    gathered_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A finding gathers a contribution once.
            models.UniqueConstraint(fields=["finding", "contribution"], name="one_finding_source"),
        ]

    def __str__(self) -> str:
        return f"{self.finding} from {self.contribution}"
