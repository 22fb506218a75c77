"""Consultations, and the words people give to them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openregion.consultation.querysets import ConsultationQuerySet, ContributionQuerySet, NoticeQuerySet
from openregion.core.official import OfficialTextField
from openregion.cycle.models import Cycle
from openregion.people.models import Member, Territory, User, new_uid

ERASED = "erased"  # the source of an imported row whose words were erased: only its mark stays


class Consultation(models.Model):
    """A question put to the public between two instants, in a stage of a cycle.

    ``stage`` is a code of the guide's: every stage wants its online consultation (row C3).
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=60)
    stage = models.CharField(max_length=40, blank=True)
    title = OfficialTextField()
    question = OfficialTextField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

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
    """A theme under which a consultation's contributions are read; the guide's four references to begin with."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="themes")
    code = models.SlugField(max_length=60, allow_unicode=True)
    name = OfficialTextField()
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            # One theme, one code.
            models.UniqueConstraint(fields=["consultation", "code"], name="one_theme"),
        ]

    def __str__(self) -> str:
        return self.code


class Contribution(models.Model):
    """A person's words, as they gave them, and all that surrounds them.

    ``words`` maps a part ("problem", "idea", "effect", "text") to what was
    written; nobody ever changes it but erasure. ``number`` is public, in the
    member's own series. The reply address and the code's hash are all that
    leads back to the person. ``ticket_hash`` knows the form it came from, so
    that the same form sent twice, or sent again after an erasure, is recognised.
    """

    class Moderation(models.TextChoices):
        PENDING = "pending"
        PUBLISHED = "published"
        HIDDEN = "hidden"
        SPAM = "spam"

    class Channel(models.TextChoices):
        ONLINE = "online"
        ASSISTED = "assisted"
        PAPER = "paper"
        WORKSHOP = "workshop"
        IMPORTED = "imported"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="contributions")
    number = models.PositiveIntegerField()
    words = models.JSONField(default=dict)
    lang = models.CharField(max_length=3)
    channel = models.CharField(max_length=10, choices=Channel)
    received_at = models.DateTimeField()
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reply_to = models.EmailField(blank=True)
    reply_lang = models.CharField(max_length=3, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    ticket_hash = models.CharField(max_length=64, blank=True)
    moderation = models.CharField(max_length=10, choices=Moderation, default=Moderation.PENDING)
    moderated_at = models.DateTimeField(null=True, blank=True)
    hidden_for = models.CharField(max_length=30, blank=True)
    reason_told_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=100, blank=True)
    source_id = models.CharField(max_length=100, blank=True)
    row_hash = models.CharField(max_length=64, blank=True)
    occurrence = models.PositiveIntegerField(default=0)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        constraints = [
            # The public number, apart from the secret code.
            models.UniqueConstraint(fields=["member", "number"], name="one_contribution_number"),
            # A code leads to one contribution.
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="one_tracking_code"),
            # The same form sent twice makes one.
            models.UniqueConstraint(fields=["ticket_hash"], condition=~Q(ticket_hash=""), name="one_form_ticket"),
            # An imported row is known by its source's id, or by its words and which time they occur.
            models.UniqueConstraint(
                fields=["consultation", "source", "source_id"], condition=~Q(source_id=""), name="one_source_id"
            ),
            models.UniqueConstraint(
                fields=["consultation", "source", "row_hash", "occurrence"],
                condition=Q(source_id="") & ~Q(row_hash=""),
                name="one_row_occurrence",
            ),
            # What is hidden says for which reason.
            models.CheckConstraint(condition=~Q(moderation="hidden") | ~Q(hidden_for=""), name="hidden_says_why"),
        ]
        indexes = [
            # The list of suggestions and the moderator's queue read from one end.
            models.Index(fields=["member", "moderation", "-id"], name="contributions_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.number}"


class Suggestion(models.Model):
    """A contribution that proposes: problem seen, idea, expected effect; its theme and province."""

    contribution = models.OneToOneField(
        Contribution, on_delete=models.CASCADE, primary_key=True, related_name="suggestion"
    )
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    province = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            # A theme's or a province's suggestions, the latest first, without sorting them all.
            models.Index(fields=["theme", "-contribution"], name="suggestions_of_theme"),
            models.Index(fields=["province", "-contribution"], name="suggestions_of_province"),
        ]

    def __str__(self) -> str:
        return str(self.contribution)


class Notice(models.Model):
    """A step that an author who left an address is to be told, once.

    Written in the deed's own transaction, sent outside it: a mail server that
    is down delays the news and loses none. ``facts`` holds what the message
    says (a decision, a title), never the tracking code. One that the mail server
    refuses lets the others pass (``tries``, ``tried_at``); an address that is
    refused for good is written to no more (``given_up_at``).
    """

    class Step(models.TextChoices):
        RECEIVED = "received"
        PUBLISHED = "published"
        HIDDEN = "hidden"
        GATHERED = "gathered"
        ANSWERED = "answered"
        TAKEN_INTO = "taken-into"
        PROGRESS = "progress"

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="notices")
    step = models.CharField(max_length=12, choices=Step)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            # Those waiting, among all that ever left.
            models.Index(fields=["tries", "id"], condition=Q(sent_at=None, given_up_at=None), name="notices_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.contribution}"


class Import(models.Model):
    """A file of contributions being read in: how far it is, and what it gave.

    The row is what the staff page shows while the work runs, and what stops it
    when somebody asks. Its figures are those of this reading only. One that
    runs and has not ``moved`` for a while has lost its worker.
    """

    class State(models.TextChoices):
        CHECKED = "checked"
        WAITING = "waiting"
        RUNNING = "running"
        STOPPED = "stopped"
        DONE = "done"
        FAILED = "failed"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="imports")
    file = models.FileField(upload_to="imports/%Y/%m", max_length=200, blank=True)
    name = models.CharField(max_length=200)
    columns = models.JSONField(default=dict)
    publish = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKED)
    asked_to_stop_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
