"""What was done about each promise: progress, evidence, completion sheets."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openregion.core.official import OfficialTextField
from openregion.monitoring.querysets import SheetQuerySet, UpdateQuerySet
from openregion.people.models import new_uid
from openregion.plan.models import Commitment, Milestone
from openregion.record.models import FrozenDocument, StoredFile


class CompletionLevel(models.TextChoices):
    """OGP's five levels; annex 4 prints the guide's four, and "sans preuve" (row O-7)."""

    NO_EVIDENCE = "no-evidence"
    NOT_STARTED = "not-started"
    LIMITED = "limited"
    SUBSTANTIAL = "substantial"
    COMPLETE = "complete"


class ProgressUpdate(models.Model):
    """Where a commitment, or one of its activities, stands on a day, and what was done.

    Never edited: a mistake is set right by a new update that ``corrects`` it,
    and both stay on the page. ``expected_on`` is the new day promised when an
    activity is late, ``measure`` the indicator's figure that day.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="+")
    milestone = models.ForeignKey(Milestone, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=12, choices=CompletionLevel)
    text = OfficialTextField()
    as_of = models.DateField()
    expected_on = models.DateField(null=True, blank=True)
    measure = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    reported_at = models.DateTimeField()

    objects = UpdateQuerySet.as_manager()

    class Meta:
        indexes = [
            # A commitment's page reads its own, the latest first.
            models.Index(fields=["commitment", "-reported_at"], name="updates_of_commitment"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} {self.level} on {self.as_of}"


class Evidence(models.Model):
    """What shows that an update is true: a file kept here, or an address where anyone can look."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    update_shown = models.ForeignKey(ProgressUpdate, on_delete=models.PROTECT, related_name="evidence")
    title = OfficialTextField()
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    url = models.URLField(max_length=500, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Evidence is a file or an address: something one can open.
            models.CheckConstraint(
                condition=Q(file=None) & ~Q(url="") | Q(file__isnull=False, url=""), name="evidence_can_be_opened"
            ),
        ]

    def __str__(self) -> str:
        return f"evidence of {self.update_shown}"


class CompletionSheet(models.Model):
    """Annex 4: the administration's own report on a commitment for a period.

    ``texts`` and ``values`` answer the form's questions by their codes; what the
    record already knows (title, dates, milestones) is read from it. Issued, it
    is frozen and never changes again.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    level = models.CharField(max_length=12, choices=CompletionLevel)
    texts = models.JSONField(default=dict, blank=True)
    values = models.JSONField(default=dict, blank=True)
    drafted_at = models.DateTimeField()
    document = models.OneToOneField(FrozenDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        constraints = [
            # Its number for the commitment.
            models.UniqueConstraint(fields=["commitment", "number"], name="one_sheet_number"),
            # A period ends after it starts.
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="sheet_in_order"),
            # What is issued is frozen, and the other way round.
            models.CheckConstraint(
                condition=Q(issued_at=None, document=None) | Q(issued_at__isnull=False, document__isnull=False),
                name="issued_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} sheet {self.number}"
