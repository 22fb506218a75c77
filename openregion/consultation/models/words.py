"""The words people give, whatever attaches to them."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from openregion.consultation.models.questions import Consultation, Theme
from openregion.consultation.querysets import ContributionQuerySet, SuggestionManager
from openregion.people.models import Member, Territory, User, new_uid
from openregion.record.models import StoredFile

LONGEST_TONGUE = 8  # characters of a tongue's code: "ary-latn" is the longest
ERASED = "erased"  # the source of an imported row whose words were erased: only its mark stays


def drawn() -> int:
    """Draw a place in the order of the day."""
    return secrets.randbelow(2**31)


class Contribution(models.Model):
    """A person's words, as they gave them, and all that surrounds them.

    ``words`` maps a part ("problem", "idea", "effect", "text") to what was
    written; nobody ever changes it but erasure, and masking, which seals the
    original apart (``Sealed``). What a recording says is one more part,
    "spoken", once somebody has written it down. ``received_at`` is when it was
    given; ``arrived_at``, when it reached the platform, where that was later:
    said in a room without a network, or written on paper. ``number`` is public, in the
    member's own series. The reply address and the code's hash are all that
    leads back to the person. ``ticket_hash`` knows the form it came from, so
    that the same form sent twice, or sent again after an erasure, is recognised.
    ``signals`` say what made the platform suspect spam. ``shuffle`` gives it a
    place in the order of the day, which buries nobody.

    ``objects`` reads suggestions alone: they are what is answered and counted.
    ``everything`` reads comments too.
    """

    class Kind(models.TextChoices):
        SUGGESTION = "suggestion"
        COMMENT = "comment"

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
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SUGGESTION)
    number = models.PositiveIntegerField()
    words = models.JSONField(default=dict)
    lang = models.CharField(max_length=LONGEST_TONGUE)
    channel = models.CharField(max_length=10, choices=Channel)
    received_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reply_to = models.EmailField(blank=True)
    reply_lang = models.CharField(max_length=3, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    ticket_hash = models.CharField(max_length=64, blank=True)
    moderation = models.CharField(max_length=10, choices=Moderation, default=Moderation.PENDING)
    moderated_at = models.DateTimeField(null=True, blank=True)
    moderated_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    signals = models.JSONField(default=list, blank=True)
    shuffle = models.PositiveIntegerField(default=drawn)
    hidden_for = models.CharField(max_length=30, blank=True)
    reason_told_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=100, blank=True)
    source_id = models.CharField(max_length=100, blank=True)
    row_hash = models.CharField(max_length=64, blank=True)
    occurrence = models.PositiveIntegerField(default=0)

    objects = SuggestionManager()
    everything = ContributionQuerySet.as_manager()

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
            # The order of the day of one consultation, from any place in it.
            models.Index(fields=["consultation", "kind", "moderation", "shuffle"], name="contributions_of_the_day"),
            # What came out last in one consultation, for its feeds: what waited long for its approval is new too.
            models.Index(
                F("consultation"),
                Coalesce("moderated_at", "received_at").desc(),
                F("id").desc(),
                condition=Q(moderation="published"),
                name="contributions_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.number}"

    @property
    def came_at(self) -> dt.datetime:
        """Say when it reached the platform: as it was given, unless it came later."""
        return self.arrived_at or self.received_at


class Suggestion(models.Model):
    """A contribution that proposes: problem seen, idea, expected effect; its theme and province.

    ``adds_to`` is the suggestion whose author's words it completes, when it says so.
    """

    contribution = models.OneToOneField(
        Contribution, on_delete=models.CASCADE, primary_key=True, related_name="suggestion"
    )
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    province = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    adds_to = models.ForeignKey(Contribution, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            # A theme's or a province's suggestions, the latest first, without sorting them all.
            models.Index(fields=["theme", "-contribution"], name="suggestions_of_theme"),
            models.Index(fields=["province", "-contribution"], name="suggestions_of_province"),
        ]

    def __str__(self) -> str:
        return str(self.contribution)


class Attachment(models.Model):
    """A photo, a recorded voice or a document given with a contribution; shown when it is, never before.

    A recording is kept and playable; what it says is written down by a person,
    and is then a part of the contribution's words ("spoken"): read, found,
    masked and answered like the rest. ``transcript_lang`` is what it is spoken in.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo"
        VOICE = "voice"
        DOCUMENT = "document"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=10, choices=Kind)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    transcript_lang = models.CharField(max_length=LONGEST_TONGUE, blank=True)
    transcribed_at = models.DateTimeField(null=True, blank=True)
    transcribed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            # One of each kind: the same form sent twice adds nothing.
            models.UniqueConstraint(fields=["contribution", "kind"], name="one_attachment_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.contribution}"


class SuggestionVector(models.Model):
    """What a published suggestion means, as numbers: by these, words in other languages that say the same are found.

    Made in the background, where the model is installed; ``model`` names it.
    Made again at any time from the words, and gone with them.
    """

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, primary_key=True, related_name="vector")
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    model = models.CharField(max_length=40)
    numbers = models.BinaryField()

    def __str__(self) -> str:
        return f"vector of {self.contribution_id}"


class AssistedEntry(models.Model):
    """That somebody wrote for a person who was present, and that this person agreed.

    ``helper`` is who typed: a public servant, or someone of an association
    (``organisation``); both are for those who moderate alone. ``consent_lang`` is
    the tongue in which the person was asked. Nothing is kept of who spoke.
    """

    contribution = models.OneToOneField(
        Contribution, on_delete=models.CASCADE, primary_key=True, related_name="assistance"
    )
    helper = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.CharField(max_length=200, blank=True)
    consent_at = models.DateTimeField()
    consent_lang = models.CharField(
        max_length=LONGEST_TONGUE, blank=True
    )  # empty where it was asked before we noted it

    def __str__(self) -> str:
        return f"help given for {self.contribution}"
