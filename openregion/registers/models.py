"""Registers: exchanges with those who help and decide, and activities among peers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openregion.core.official import OfficialTextField
from openregion.people.models import Contact, Member, new_uid
from openregion.record.models import StoredFile
from openregion.registers.querysets import RegisterQuerySet


class Exchange(models.Model):
    """A message, call or meeting with the support unit, the national point of contact or OGP (row A6)."""

    class Party(models.TextChoices):
        SUPPORT_UNIT = "support-unit"
        NATIONAL_CONTACT = "national-contact"
        OGP = "ogp"

    class Channel(models.TextChoices):
        EMAIL = "email"
        LETTER = "letter"
        TELEPHONE = "telephone"
        MEETING = "meeting"
        ONLINE_FORM = "online-form"

    class Direction(models.TextChoices):
        SENT = "sent"
        RECEIVED = "received"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    party = models.CharField(max_length=18, choices=Party)
    channel = models.CharField(max_length=12, choices=Channel)
    direction = models.CharField(max_length=8, choices=Direction)
    on = models.DateField()
    subject = OfficialTextField()
    summary = OfficialTextField()
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    wants_answer_by = models.DateField(null=True, blank=True)
    answers = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="answered_by")

    objects = RegisterQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.member} {self.party} {self.on}"


class PeerActivity(models.Model):
    """A peer-exchange or support activity, national or international: offered or attended, and what was learnt (A4)."""

    class Kind(models.TextChoices):
        PEER_EXCHANGE = "peer-exchange"
        SUPPORT = "support"

    class Scope(models.TextChoices):
        NATIONAL = "national"
        INTERNATIONAL = "international"

    class Part(models.TextChoices):
        OFFERED = "offered"
        ATTENDED = "attended"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind)
    scope = models.CharField(max_length=14, choices=Scope)
    part = models.CharField(max_length=10, choices=Part)
    title = OfficialTextField()
    partners = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    learnt = OfficialTextField()
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = RegisterQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            # It does not end before it starts.
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="activity_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.kind} {self.starts_on}"
