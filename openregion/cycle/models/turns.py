"""The turns of the process: a cycle, its stages with their days, its operations and what proves them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openregion.core.official import OfficialTextField
from openregion.cycle.querysets import CycleQuerySet, OperationQuerySet
from openregion.people.models import Body, Member, User, new_uid
from openregion.record.models import FrozenDocument, StoredFile


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
    """An operation to be carried out in this cycle: the guide's, or one the Region added.

    Opening a cycle lays out every operation of its method, so that none
    disappears silently: each is proved, or set aside with a reason. ``code`` is
    the guide's; an added one has its own and its words in ``text``.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="operations")
    stage = models.CharField(max_length=40)
    code = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField(default=0)
    text = OfficialTextField()
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField(null=True, blank=True)
    set_aside_on = models.DateField(null=True, blank=True)
    set_aside_reason = OfficialTextField()
    added_on = models.DateField(null=True, blank=True)

    objects = OperationQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            # The guide's operation, once a cycle.
            models.UniqueConstraint(fields=["cycle", "code"], name="one_operation"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.code}"


class Proof(models.Model):
    """What proves an operation done: a deed of the platform, or a document, a meeting, a decision, a letter.

    ``deed`` and ``subject_uid`` say which deed proves it: the first consultation
    opened proves that the platform is set up, as the guide data says. A proof
    given by hand has a kind, a title, and a file or the thing it points to; its
    title and day are public, its file only when it is ``public``. A wrong one is
    withdrawn with a reason, and stays to be read.
    """

    class Kind(models.TextChoices):
        DEED = "deed"
        DOCUMENT = "document"
        MEETING = "meeting"
        DECISION = "decision"
        LETTER = "letter"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DEED)
    done_on = models.DateField()
    deed = models.CharField(max_length=60, blank=True)
    subject_uid = models.CharField(max_length=32, blank=True)
    title = OfficialTextField()
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    public = models.BooleanField(default=False)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_reason = OfficialTextField()

    class Meta:
        ordering = ["done_on", "pk"]
        constraints = [
            # The same thing proves the same operation once.
            models.UniqueConstraint(
                fields=["operation", "deed", "subject_uid"], condition=~Q(deed=""), name="one_proof"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.kind}"
