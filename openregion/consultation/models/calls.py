"""Calls for participation: who may come, who applied, who was chosen and how, drawn by lot where seats are few."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openregion.consultation.models.questions import Consultation
from openregion.consultation.models.rooms import Workshop
from openregion.consultation.querysets import ApplicationQuerySet, CallQuerySet
from openregion.core.official import OfficialTextField
from openregion.people.models import Contact, Gender, Member, Territory, new_uid
from openregion.record.models import FrozenDocument


class CallForParticipation(models.Model):
    """A public call to organisations and people to take part in the meetings of a consultation.

    ``criteria`` are ``{code, text}``, published before anyone applies; a refusal
    names one of them. ``quotas`` give each category drawn (``{dimension: {value:
    [least, most]}}``) when there are more candidates than ``seats``. ``secret_hash``
    is published with the call: the seed of the draw must match it, so nobody
    chooses the seed after seeing who applied. ``public_source`` names a figure
    that others publish on ``public_on``, once everybody is judged: mixed into the
    draw, it is what nobody here could know before. ``place_by`` is the day by
    which the day and the place are said, where there is no workshop yet.
    ``changes`` are what was changed once it was published, each with its day and
    its reason, for everyone to read.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        SELECTED = "selected"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="calls")
    workshop = models.ForeignKey(Workshop, null=True, blank=True, on_delete=models.SET_NULL, related_name="calls")
    number = models.PositiveIntegerField()
    title = OfficialTextField()
    about = OfficialTextField()
    criteria = models.JSONField(default=list, blank=True)
    seats = models.PositiveSmallIntegerField()
    quotas = models.JSONField(default=dict, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True)
    public_source = OfficialTextField()
    public_on = models.DateField(null=True, blank=True)
    place_by = models.DateField(null=True, blank=True)
    selected_at = models.DateTimeField(null=True, blank=True)
    changes = models.JSONField(default=list, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [
            # A member numbers its calls.
            models.UniqueConstraint(fields=["member", "number"], name="one_participation_call_number"),
            # A call closes after it opens.
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="participation_call_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.member} call for participation {self.number}"


class Application(models.Model):
    """An organisation or a person who asks to take part; followed with a code, told the outcome and why.

    ``may_name`` says that an organisation agrees to be named among the participants; a person never is.
    ``apart_from`` are the numbers of applications that look like the same person's, and are not.
    """

    class Kind(models.TextChoices):
        ORGANISATION = "organisation"
        PERSON = "person"

    class State(models.TextChoices):
        RECEIVED = "received"
        ELIGIBLE = "eligible"
        REFUSED = "refused"
        SELECTED = "selected"
        RESERVE = "reserve"
        WITHDRAWN = "withdrawn"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    call = models.ForeignKey(CallForParticipation, on_delete=models.PROTECT, related_name="applications")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    organisation = models.CharField(max_length=200, blank=True)
    organisation_type = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    lang = models.CharField(max_length=3, default="fr")
    gender = models.CharField(max_length=6, choices=Gender, default=Gender.UNSAID)
    age_band = models.CharField(max_length=10, blank=True)
    province = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    motivation = models.TextField(blank=True)
    received_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64, blank=True)
    ticket_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    refused_for = models.CharField(max_length=40, blank=True)
    refusal = models.TextField(blank=True)
    apart_from = models.JSONField(default=list, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    may_name = models.BooleanField(default=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            # A call numbers its applications.
            models.UniqueConstraint(fields=["call", "number"], name="one_application_number"),
            # The same form sent twice makes one application.
            models.UniqueConstraint(fields=["ticket_hash"], condition=~Q(ticket_hash=""), name="one_application_form"),
            # A code leads to one application.
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="one_application_code"),
            # A refusal names the criterion that is not met.
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(refused_for=""), name="refusals_say_why"),
        ]

    def __str__(self) -> str:
        return f"{self.call} application {self.number}"


class Draw(models.Model):
    """A draw by lot among those who may come: its list, its seed, its outcome, frozen so that anyone draws again."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    call = models.OneToOneField(CallForParticipation, on_delete=models.PROTECT, related_name="draw")
    document = models.ForeignKey(FrozenDocument, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draw of {self.call}"
