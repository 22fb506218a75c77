"""Questions put to the public, and the themes they are read under."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openregion.consultation.querysets import ConsultationQuerySet
from openregion.core.official import OfficialTextField
from openregion.cycle.models import Cycle
from openregion.people.models import Territory, new_uid
from openregion.record.models import StoredFile


class Consultation(models.Model):
    """A question put to the public between two instants, in a stage of a cycle.

    ``stage`` is a code of the guide's: every stage wants its online consultation (row C3).
    ``promise`` says what will be done with the answers, ``answers_by`` by which
    day. ``places`` are the provinces it is about; none for the whole Region.
    ``announced_at`` is when everyone could read of it: the good practice of two
    weeks is counted from there. ``reads`` says whether words are read before
    they are published or after. ``corrections`` are the dated notes of what was
    worded better after it opened, each with the words that stood before: people
    answered those.
    """

    class Reads(models.TextChoices):
        BEFORE = "before"
        AFTER = "after"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=60)
    stage = models.CharField(max_length=40, blank=True)
    title = OfficialTextField()
    question = OfficialTextField()
    purpose = OfficialTextField()
    promise = OfficialTextField()
    answers_by = models.DateField(null=True, blank=True)
    conduct = OfficialTextField()
    places = models.ManyToManyField(Territory, blank=True, related_name="+")
    announced_at = models.DateTimeField(null=True, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reads = models.CharField(max_length=6, choices=Reads, default=Reads.BEFORE)
    takes_votes = models.BooleanField(default=True)
    takes_comments = models.BooleanField(default=True)
    corrections = models.JSONField(default=list, blank=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        constraints = [
            # Its name on the command line and in addresses.
            models.UniqueConstraint(fields=["cycle", "slug"], name="one_consultation_slug"),
            # A consultation closes after it opens.
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="consultation_in_order"),
        ]

    def __str__(self) -> str:
        return self.slug


class Theme(models.Model):
    """A theme under which contributions are read; the guide's four references to begin with.

    ``question`` is what is asked under it, where the consultation asks more than one thing.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="themes")
    code = models.SlugField(max_length=60, allow_unicode=True)
    name = OfficialTextField()
    question = OfficialTextField()
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            # One theme, one code.
            models.UniqueConstraint(fields=["consultation", "code"], name="one_theme"),
        ]

    def __str__(self) -> str:
        return self.code


class ConsultationPaper(models.Model):
    """A document given with a consultation, for people to read before they answer."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="papers")
    title = OfficialTextField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.consultation} paper {self.pk}"
