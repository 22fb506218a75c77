"""What authors who left an address are to be told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openregion.consultation.models.words import Contribution
from openregion.consultation.querysets import NoticeQuerySet
from openregion.people.models import Member, new_uid


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
        MASKED = "masked"
        SPAM = "spam"
        APPEAL = "appeal"

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


class Follow(models.Model):
    """Somebody who wants news of a theme, a province, a suggestion or a whole consultation, once a week at most.

    Nothing leaves before the address is confirmed (``confirmed_at``). ``key_hash``
    knows the link that confirms and that stops: one button, no account.
    ``subject`` is what is followed, by its public name.
    """

    class Kind(models.TextChoices):
        CONSULTATION = "consultation"
        THEME = "theme"
        PROVINCE = "province"
        SUGGESTION = "suggestion"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    lang = models.CharField(max_length=3)
    kind = models.CharField(max_length=12, choices=Kind)
    subject = models.CharField(max_length=130)
    key_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_until = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            # An address follows a thing once.
            models.UniqueConstraint(fields=["member", "email", "kind", "subject"], name="one_follow"),
        ]

    def __str__(self) -> str:
        return f"follow {self.pk}"
