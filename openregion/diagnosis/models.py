"""Findings: what several people said, in one sentence that cites them; and the reports written from what was said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openregion.consultation.models import Consultation, Contribution, Theme, Workshop
from openregion.core.official import OfficialTextField, fingerprint
from openregion.cycle.models import Cycle
from openregion.diagnosis.querysets import FindingQuerySet, ReportQuerySet
from openregion.people.models import Member, new_uid
from openregion.record.models import FrozenDocument


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


class Report(models.Model):
    """What a meeting, a theme, the meetings together, the online consultation or all of it say, written by people.

    Drafted from the material, edited, then published: frozen with the list of
    the contributions that no sentence cites. While the platform writes a first
    draft of many contributions, ``material`` and ``drawn`` say how far it is.
    """

    class Kind(models.TextChoices):
        MEETING = "meeting"
        THEME = "theme"
        MEETINGS = "meetings"
        ONLINE = "online"
        FINAL = "final"

    class State(models.TextChoices):
        WRITING = "writing"
        DRAFT = "draft"
        PUBLISHED = "published"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    workshop = models.ForeignKey(Workshop, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = OfficialTextField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    drafted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    frozen = models.ForeignKey(FrozenDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    material = models.PositiveIntegerField(default=0)
    drawn = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(null=True, blank=True)
    asked_to_stop_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            # Its public number, in the member's own series.
            models.UniqueConstraint(fields=["member", "number"], name="one_report_number"),
            # What is published is frozen.
            models.CheckConstraint(condition=~Q(state="published") | ~Q(frozen=None), name="published_reports_frozen"),
        ]

    def __str__(self) -> str:
        return f"{self.member} report {self.number}"


class Passage(models.Model):
    """A sentence or a paragraph of a report, in its section; it cites the contributions it rests on.

    ``section`` is one of the report's parts: who, where, suggestions,
    recommendations, priorities, disagreements, conclusion. One that ``quotes``
    shows under its text the words of what it cites, in their own language: they
    are read where they are kept, so that what its author withdraws goes. One
    that is ``as_given`` holds people's own words, copied from a table's sheet:
    they stay in the language they were given in, and ask for no translation.
    ``finding`` is the one whose suggestions it counts or words.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="passages")
    section = models.CharField(max_length=20)
    rank = models.PositiveIntegerField()
    text = OfficialTextField()
    drafted = models.BooleanField(default=False)
    quotes = models.BooleanField(default=False)
    as_given = models.BooleanField(default=False)
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["rank", "pk"]

    def __str__(self) -> str:
        return f"{self.report} passage {self.pk}"

    @property
    def seen(self) -> str:
        """A mark of its words, by which an editor's form knows that nobody changed them meanwhile."""
        return fingerprint(repr(sorted((lang, said["text"]) for lang, said in self.text.items())))


class Citation(models.Model):
    """A contribution that a passage of a report rests on."""

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="citations")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            # A passage cites a contribution once.
            models.UniqueConstraint(fields=["passage", "contribution"], name="one_citation"),
        ]

    def __str__(self) -> str:
        return f"{self.passage} cites {self.contribution}"
