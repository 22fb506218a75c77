"""Letters and announcements: what leaves the house, and what was published where."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openregion.core.official import OfficialTextField
from openregion.cycle.models.turns import Cycle
from openregion.cycle.querysets import LetterQuerySet
from openregion.people.models import Contact, Member, new_uid
from openregion.record.models import FrozenDocument, StoredFile


class Letter(models.Model):
    """An official letter: worded from the guide's model, edited, then issued with a number.

    ``kind`` is a code of the guide's ``letters.yaml``. Once issued its words are
    frozen: text, number and hash stay in the record, and the signed scan joins
    them. A ``public`` one is read by everyone once issued; never a ``private`` one, drafted for a contact whom the
    Region does not name. ``subject_type`` and ``subject_uid`` say what it is about.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        ISSUED = "issued"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(Cycle, null=True, blank=True, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_uid = models.CharField(max_length=32, blank=True)
    to_contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    addressee = OfficialTextField()
    title = OfficialTextField()
    text = OfficialTextField()
    signatory = OfficialTextField()
    made_at = models.DateTimeField()
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    frozen = models.ForeignKey(FrozenDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    public = models.BooleanField(default=False)
    private = models.BooleanField(default=False)
    scan = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            # A member numbers its letters within a year.
            models.UniqueConstraint(
                fields=["member", "year", "number"], condition=~Q(number=None), name="one_letter_number"
            ),
            # What is issued has its number and its frozen words.
            models.CheckConstraint(
                condition=Q(state="draft") | (~Q(number=None) & ~Q(frozen=None)), name="issued_letters_are_frozen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number or 'draft'}"


class Announcement(models.Model):
    """A line of the communication plan: what is told, at which stage, when, in which words.

    ``subject_uid`` is what it tells of, when it is one thing (a consultation), and
    ``moment`` which step of it: each step is announced once in each kind.
    """

    class Kind(models.TextChoices):
        ANNOUNCEMENT = "announcement"
        PRESS_NOTE = "press-note"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="announcements")
    stage = models.CharField(max_length=40)
    kind = models.CharField(max_length=16, choices=Kind)
    title = OfficialTextField()
    text = OfficialTextField()
    planned_on = models.DateField()
    published_on = models.DateField(null=True, blank=True)
    subject_uid = models.CharField(max_length=32, blank=True, default="")
    moment = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ["planned_on", "pk"]
        constraints = [
            # A step of something is announced once in each kind: two presses plan one.
            models.UniqueConstraint(
                fields=["subject_uid", "moment", "kind"], condition=~Q(subject_uid=""), name="one_announcement_a_step"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.kind}"


class Publication(models.Model):
    """Where an announcement was published: in which medium, on which day, at which address."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="publications")
    where = models.CharField(max_length=200)
    on = models.DateField()
    url = models.URLField(max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.announcement} in {self.where}"
