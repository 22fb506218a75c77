"""Meetings: of bodies, of the Council in session, with everyone; their agenda, guests, papers and minutes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openregion.core.official import OfficialTextField
from openregion.cycle.models.turns import Cycle
from openregion.cycle.querysets import InvitationQuerySet, MeetingQuerySet
from openregion.people.models import Body, Contact, Gender, Mandate, Member, User, new_uid
from openregion.record.models import FrozenDocument, StoredFile


class Meeting(models.Model):
    """A meeting: who meets, when and where, what for, and whether it was held.

    A sitting without quorum is followed by another, which names it as the one it
    ``follows``. ``operations`` are codes of the guide's that holding it proves.
    ``quorum_met`` is recorded by a person; the platform only counts and warns.
    """

    class Kind(models.TextChoices):
        ORDINARY_SESSION = "ordinary-session"
        EXTRAORDINARY_SESSION = "extraordinary-session"
        BUREAU = "bureau"
        COMMISSION = "commission"
        JOINT_COMMISSION = "joint-commission"
        BODY = "body"
        EXCHANGE = "exchange"
        MULTI_STAKEHOLDER = "multi-stakeholder"
        LAUNCH = "launch"
        PUBLIC = "public"
        TRAINING = "training"

    class State(models.TextChoices):
        PLANNED = "planned"
        CONVENED = "convened"
        HELD = "held"
        CANCELLED = "cancelled"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(Cycle, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=24, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = OfficialTextField()
    purpose = OfficialTextField()
    place = OfficialTextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    open_to_all = models.BooleanField(default=False)
    operations = models.JSONField(default=list, blank=True)
    asked_by = models.CharField(max_length=200, blank=True)
    agenda_sent_on = models.DateField(null=True, blank=True)
    convened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    members_in_office = models.PositiveSmallIntegerField(null=True, blank=True)
    quorum_met = models.BooleanField(null=True, blank=True)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    cancelled_reason = OfficialTextField()

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            # A member numbers its meetings.
            models.UniqueConstraint(fields=["member", "number"], name="one_meeting_number"),
            # A meeting ends after it starts.
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="meeting_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.member} meeting {self.number}"


class AgendaItem(models.Model):
    """A point of a meeting's agenda, and what was decided on it.

    One added once the agenda was addressed is late, and says why.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    rank = models.PositiveSmallIntegerField()
    title = OfficialTextField()
    about = OfficialTextField()
    added_at = models.DateTimeField()
    late_reason = OfficialTextField()
    decision = OfficialTextField()

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            # A point has its place.
            models.UniqueConstraint(fields=["meeting", "rank"], name="one_agenda_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} point {self.rank}"


class MeetingPaper(models.Model):
    """A document given for a meeting, and the day it was sent: what is read beforehand is public or the guests'."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="papers")
    title = OfficialTextField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField()
    public = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.meeting} paper {self.pk}"


class Invitation(models.Model):
    """A guest: their answer, who stood in for them, and whether they came.

    ``votes`` says that they count for the quorum. The link they answer by is kept
    hashed. Someone who came without being invited is ``on_the_spot``.
    """

    class Answer(models.TextChoices):
        NONE = "none"
        COMING = "coming"
        DECLINED = "declined"
        REPRESENTED = "represented"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invitations")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=120)
    organisation = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=40, blank=True)
    gender = models.CharField(max_length=6, choices=Gender, default=Gender.UNSAID)
    email = models.EmailField(blank=True)
    lang = models.CharField(max_length=3, default="fr")
    votes = models.BooleanField(default=False)
    answer_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=12, choices=Answer, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    stand_in = models.CharField(max_length=120, blank=True)
    on_the_spot = models.BooleanField(default=False)
    attended = models.BooleanField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            # A holder of a seat is invited once to a meeting.
            models.UniqueConstraint(
                fields=["meeting", "mandate"], condition=~Q(mandate=None), name="one_invitation_of_a_mandate"
            ),
            # A contact is invited once to a meeting.
            models.UniqueConstraint(
                fields=["meeting", "contact"], condition=~Q(contact=None), name="one_invitation_of_a_contact"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} guest {self.pk}"


class Minutes(models.Model):
    """The minutes of a meeting: drafted, approved, published. Once approved they are frozen."""

    class State(models.TextChoices):
        DRAFT = "draft"
        APPROVED = "approved"
        PUBLISHED = "published"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="minutes")
    text = OfficialTextField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    approved_on = models.DateField(null=True, blank=True)
    frozen = models.ForeignKey(FrozenDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            # What is approved is frozen, with its hash.
            models.CheckConstraint(condition=Q(state="draft") | ~Q(frozen=None), name="approved_minutes_are_frozen"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} minutes"
