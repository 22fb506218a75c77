"""What the Region answers and promises: responses, commitments and their sources, plans that freeze."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openregion.consultation.models import Contribution
from openregion.core.official import OfficialTextField
from openregion.cycle.models import Cycle, Deliberation
from openregion.diagnosis.models import Finding
from openregion.people.models import Body, Member, new_uid
from openregion.plan.querysets import (
    CommitmentQuerySet,
    LibraryQuerySet,
    PlanQuerySet,
    ResponseQuerySet,
    VersionQuerySet,
)
from openregion.record.models import FrozenDocument


class ReasonedResponse(models.Model):
    """A public answer to one or many contributions: what was decided, and why.

    Never edited. A change of mind is a new response, and the page shows them
    all, the latest first (OGP standard 4).
    """

    class Decision(models.TextChoices):
        TAKEN_UP = "taken-up"
        IN_PART = "in-part"
        NOT_TAKEN_UP = "not-taken-up"
        OUT_OF_SCOPE = "out-of-scope"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    decision = models.CharField(max_length=15, choices=Decision)
    reasons = OfficialTextField()
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            # Its public number, in the member's own series.
            models.UniqueConstraint(fields=["member", "number"], name="one_response_number"),
        ]

    def __str__(self) -> str:
        return f"{self.member} response {self.number}"


class CoveredContribution(models.Model):
    """A contribution that a response answers."""

    response = models.ForeignKey(ReasonedResponse, on_delete=models.CASCADE, related_name="covers")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            # A response answers a contribution once.
            models.UniqueConstraint(fields=["response", "contribution"], name="one_covered_contribution"),
        ]

    def __str__(self) -> str:
        return f"{self.response} to {self.contribution}"


class ActionPlan(models.Model):
    """The plan of a cycle: its period, and its sections under the codes of annex 3 and of OGP's record."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    cycle = models.OneToOneField(Cycle, on_delete=models.PROTECT, related_name="+")
    title = OfficialTextField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    sections = models.JSONField(default=dict, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            # A plan ends after it starts.
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="plan_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} plan"


class Commitment(models.Model):
    """One entry from which annex 2 and OGP Local's own record are both drawn.

    ``texts`` holds official text by question code of the forms (``problem``,
    ``action``, ``status-quo``…), ``values`` the answers to the questions on
    OGP's values (true, false, or absent while nobody has answered).
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="commitments")
    number = models.PositiveSmallIntegerField()
    title = OfficialTextField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    unit = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    texts = models.JSONField(default=dict, blank=True)
    values = models.JSONField(default=dict, blank=True)
    problem_kinds = models.JSONField(default=list, blank=True)
    policy_areas = models.JSONField(default=list, blank=True)
    sector = models.CharField(max_length=80, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_title = models.CharField(max_length=200, blank=True)
    contact_reach = models.CharField(max_length=200, blank=True)
    ogp_id = models.CharField(max_length=20, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        constraints = [
            # Its number in the plan.
            models.UniqueConstraint(fields=["plan", "number"], name="one_commitment_number"),
            # A commitment ends after it starts.
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="commitment_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} commitment {self.number}"

    @property
    def slug(self) -> str:
        """Its place in addresses: the plan's cycle, then its number in the plan."""
        return f"{self.plan.cycle.number}-{self.number}"


class CommitmentSource(models.Model):
    """What a commitment rests on: a finding, or a response given to people."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="sources")
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    response = models.ForeignKey(ReasonedResponse, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A source is one thing, not both and not nothing.
            models.CheckConstraint(
                condition=Q(finding=None, response__isnull=False) | Q(finding__isnull=False, response=None),
                name="one_kind_of_source",
            ),
            # The same thing is cited once.
            models.UniqueConstraint(fields=["commitment", "finding"], name="one_source_finding"),
            models.UniqueConstraint(fields=["commitment", "response"], name="one_source_response"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} from {self.finding or self.response}"


class Milestone(models.Model):
    """An activity of a commitment, with its days and what it delivers."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="milestones")
    number = models.PositiveSmallIntegerField()
    title = OfficialTextField()
    deliverable = OfficialTextField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            # Its number in the commitment.
            models.UniqueConstraint(fields=["commitment", "number"], name="one_milestone_number"),
            # An activity ends after it starts.
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="milestone_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} milestone {self.number}"


class Indicator(models.Model):
    """By what a commitment will be measured: from which figure, to which, in which unit."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    commitment = models.OneToOneField(Commitment, on_delete=models.CASCADE, related_name="indicator")
    name = OfficialTextField()
    unit = OfficialTextField()
    baseline = models.DecimalField(max_digits=14, decimal_places=2)
    baseline_on = models.DateField()
    target = models.DecimalField(max_digits=14, decimal_places=2)
    target_on = models.DateField()
    source = OfficialTextField()

    class Meta:
        constraints = [
            # A target lies after its baseline.
            models.CheckConstraint(condition=Q(target_on__gt=F("baseline_on")), name="indicator_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} indicator"


class PlanVersion(models.Model):
    """A plan as it stood when it was frozen: canonical JSON whose hash its papers carry.

    ``deliberation`` is the vote that adopted it; published, the latest is the plan in force.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    document = models.OneToOneField(FrozenDocument, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()
    deliberation = models.ForeignKey(Deliberation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            # Its number in the plan.
            models.UniqueConstraint(fields=["plan", "number"], name="one_version_number"),
            # What the public reads as the plan was adopted by a council.
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(deliberation__isnull=False), name="published_is_adopted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} version {self.number}"


class PublishedCommitment(models.Model):
    """A commitment that another member published: a library to learn from, never a live plan.

    ``raw`` keeps the columns of the table as they came. ``is_summary`` says that
    the words are a summary written for the file, not the member's own.
    """

    source = models.CharField(max_length=100)
    source_id = models.CharField(max_length=200)
    place = models.CharField(max_length=200)
    country = models.CharField(max_length=120)
    is_local = models.BooleanField(default=False)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.TextField()
    text = models.TextField(blank=True)
    is_summary = models.BooleanField(default=False)
    completion = models.CharField(max_length=20, blank=True)
    ambition = models.CharField(max_length=20, blank=True)
    early_results = models.CharField(max_length=20, blank=True)
    sort_key = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    raw = models.JSONField(default=dict)
    imported_at = models.DateTimeField()

    objects = LibraryQuerySet.as_manager()

    class Meta:
        constraints = [
            # The same row of the same table is held once.
            models.UniqueConstraint(fields=["source", "source_id"], name="one_published_commitment"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"


class PolicyArea(models.Model):
    """A policy area of OGP's table under which a published commitment is tagged."""

    commitment = models.ForeignKey(PublishedCommitment, on_delete=models.CASCADE, related_name="areas")
    code = models.CharField(max_length=80)

    class Meta:
        constraints = [
            # An area is tagged once.
            models.UniqueConstraint(fields=["commitment", "code"], name="one_policy_area"),
        ]
        indexes = [
            # Narrowing the library to an area.
            models.Index(fields=["code"], name="commitments_of_area"),
        ]

    def __str__(self) -> str:
        return self.code
