"""What happens in a room: workshops, their logistics and their people, sheets, paper forms."""

from __future__ import annotations

from django.db import models

from openregion.consultation.models.questions import Consultation, Theme
from openregion.consultation.models.words import LONGEST_TONGUE, Contribution
from openregion.consultation.querysets import WorkshopQuerySet
from openregion.core.official import OfficialTextField
from openregion.cycle.models import Invitation, Meeting
from openregion.people.models import Member, Territory, User, new_uid
from openregion.record.models import StoredFile


class Workshop(models.Model):
    """A meeting of a consultation: by theme or province, with its tables, its kit, its people.

    The meeting itself (day, place, guests, door, minutes) is the cycle's.
    ``languages`` are those spoken or interpreted there, sign language among
    them. ``timings`` say how many minutes each part of the programme lasts;
    without them the usual programme is proposed.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="workshops")
    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="+")
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    province = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    tables = models.PositiveSmallIntegerField(default=4)
    access = OfficialTextField()
    languages = models.JSONField(default=list, blank=True)
    timings = models.JSONField(default=list, blank=True)

    objects = WorkshopQuerySet.as_manager()

    def __str__(self) -> str:
        return f"workshop {self.meeting}"


class KitPrinting(models.Model):
    """The kit of a workshop being printed outside the request: whether it runs, and what stops it.

    How far it is, the papers on the disk say. One that runs and has not
    ``moved`` for a while has lost its worker.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        STOPPED = "stopped"
        DONE = "done"
        FAILED = "failed"

    workshop = models.OneToOneField(Workshop, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True, blank=True)
    asked_to_stop_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"kit of {self.workshop}"


class Need(models.Model):
    """Something a workshop needs (room, recording, interpretation, equipment): who sees to it, by when, on which line.

    ``cost`` is in centimes, as everywhere.
    """

    class Kind(models.TextChoices):
        ROOM = "room"
        ACCESS = "access"
        RECORDING = "recording"
        INTERPRETATION = "interpretation"
        EQUIPMENT = "equipment"
        CATERING = "catering"
        TRANSPORT = "transport"
        PRINTING = "printing"
        OTHER = "other"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=16, choices=Kind)
    what = models.CharField(max_length=300)
    who = models.CharField(max_length=120, blank=True)
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    budget_line = models.CharField(max_length=120, blank=True)
    cost = models.PositiveBigIntegerField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.workshop}"


class Charge(models.Model):
    """A participant chosen to facilitate a table or to take down what is said there.

    Whoever takes notes may be handed a pass, which opens the rapporteur's page
    of the workshop without an account; its keyed hash alone is kept.
    """

    class Part(models.TextChoices):
        FACILITATOR = "facilitator"
        RAPPORTEUR = "rapporteur"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="charges")
    invitation = models.ForeignKey(Invitation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    part = models.CharField(max_length=12, choices=Part)
    table = models.PositiveSmallIntegerField(null=True, blank=True)
    given_at = models.DateTimeField()
    pass_hash = models.CharField(max_length=64, blank=True)
    pass_given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # A participant has one part at a workshop.
            models.UniqueConstraint(
                fields=["workshop", "invitation"], condition=~models.Q(invitation=None), name="one_charge_a_participant"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.workshop}"


class Sheet(models.Model):
    """What a table agreed on, as its rapporteur wrote it: recommendations, priorities, disagreements.

    ``edition`` counts the times it was sent; one sent from an older edition is
    kept beside, for people to join the two: never written over.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="sheets")
    table = models.PositiveSmallIntegerField()
    lang = models.CharField(max_length=LONGEST_TONGUE)
    words = models.JSONField(default=dict)
    edition = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            # A table has one sheet.
            models.UniqueConstraint(fields=["workshop", "table"], name="one_sheet_a_table"),
        ]

    def __str__(self) -> str:
        return f"table {self.table} of {self.workshop}"


class SheetConflict(models.Model):
    """A sheet sent from an edition that was no longer the last: kept until a person has joined the two."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="conflicts")
    words = models.JSONField(default=dict)
    lang = models.CharField(max_length=LONGEST_TONGUE)
    from_edition = models.PositiveIntegerField()
    sent_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"other words of {self.sheet}"


class PaperBatch(models.Model):
    """Numbered contribution forms printed together, in one language.

    The code on each is made from the batch and the number.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="batches")
    workshop = models.ForeignKey(Workshop, null=True, blank=True, on_delete=models.SET_NULL, related_name="batches")
    number = models.PositiveIntegerField()
    forms = models.PositiveSmallIntegerField()
    lang = models.CharField(max_length=3, default="ar")
    made_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            # A consultation numbers its batches.
            models.UniqueConstraint(fields=["consultation", "number"], name="one_batch_number"),
        ]

    def __str__(self) -> str:
        return f"batch {self.number} of {self.consultation}"


class PaperForm(models.Model):
    """A form filled by hand: its picture, what one person typed from it, and the other who checked.

    ``given_on`` is the day written on it. ``words`` empties once the contribution is made: it is kept once.
    """

    class State(models.TextChoices):
        SCANNED = "scanned"
        ENTERED = "entered"
        CHECKED = "checked"
        SET_ASIDE = "set-aside"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="paper_forms")
    workshop = models.ForeignKey(Workshop, null=True, blank=True, on_delete=models.SET_NULL, related_name="paper_forms")
    batch = models.ForeignKey(PaperBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="filled")
    serial = models.PositiveIntegerField(null=True, blank=True)
    scan = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.SCANNED)
    words = models.JSONField(default=dict, blank=True)
    lang = models.CharField(max_length=LONGEST_TONGUE, blank=True)
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    province = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField(null=True, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)
    entered_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    set_aside_for = models.CharField(max_length=200, blank=True)
    contribution = models.OneToOneField(
        Contribution, null=True, blank=True, on_delete=models.PROTECT, related_name="paper_form"
    )

    class Meta:
        constraints = [
            # A numbered form is filled once.
            models.UniqueConstraint(
                fields=["batch", "serial"], condition=~models.Q(batch=None), name="one_filled_form"
            ),
        ]

    def __str__(self) -> str:
        return f"paper form {self.pk}"
