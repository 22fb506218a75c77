"""The tables of the cycle: its stages with their days, what proves its operations, what councils decide."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openregion.core.official import OfficialTextField
from openregion.cycle.querysets import CycleQuerySet, DeliberationQuerySet
from openregion.people.models import Act, Member, new_uid
from openregion.record.models import FrozenDocument


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


class Cycle(models.Model):
    """One turn of the process for a member: an admission, or an action plan.

    It pins the method it follows (version, hash, and the frozen text itself),
    so that a later wording of the guide never rewrites what was done.
    """

    class Kind(models.TextChoices):
        ADMISSION = "candidacy"
        ACTION_PLAN = "plan"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    number = models.PositiveSmallIntegerField()
    guide_version = models.CharField(max_length=60)
    guide_sha256 = models.CharField(max_length=64)
    method = models.ForeignKey(FrozenDocument, on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField()

    objects = CycleQuerySet.as_manager()

    class Meta:
        constraints = [
            # A member numbers its cycles of a kind.
            models.UniqueConstraint(fields=["member", "kind", "number"], name="one_cycle_number"),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.kind} {self.number}"


class Stage(models.Model):
    """A stage of the guide in this cycle, with its days; what is not dated is to come."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="stages")
    code = models.CharField(max_length=40)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            # The guide's stage, once a cycle.
            models.UniqueConstraint(fields=["cycle", "code"], name="one_stage"),
            # A stage ends after it starts.
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")), name="stage_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.code}"


class Operation(models.Model):
    """An operation of the guide proved done in this cycle, once or several times.

    ``deed`` and ``subject_uid`` say what proves it: the first consultation
    opened proves that the platform is set up, as the guide data says.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="operations")
    code = models.CharField(max_length=80)
    done_on = models.DateField()
    deed = models.CharField(max_length=60)
    subject_uid = models.CharField(max_length=32)

    class Meta:
        constraints = [
            # The same thing proves the same operation once.
            models.UniqueConstraint(fields=["cycle", "code", "deed", "subject_uid"], name="one_proof"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.code}"


class Deliberation(models.Model):
    """A decision of a council in a cycle; its act carries the number, the date and the file.

    ``subject_uid`` is what was voted, when it is a thing of the platform (a frozen plan).
    """

    class Decision(models.TextChoices):
        ADOPTED = "adopted"
        REJECTED = "rejected"
        POSTPONED = "postponed"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="deliberations")
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=60, blank=True)
    subject_uid = models.CharField(max_length=32, blank=True)
    decision = models.CharField(max_length=10, choices=Decision)

    objects = DeliberationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.act} {self.decision}"
