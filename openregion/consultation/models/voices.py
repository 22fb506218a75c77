"""What people say of each other's suggestions: votes in their own ledger, comments, flags."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openregion.consultation.models.words import Contribution
from openregion.people.models import new_uid

AGREE, PASSED, DISAGREE = 1, 0, -1  # what a voice may say


class Vote(models.Model):
    """A line of the ledger of votes: one voice on one suggestion, agreeing (1), disagreeing (-1) or passing (0).

    Append-only: who changes their mind adds a line with the next ``turn``, which
    says what it replaces (``was``). So the count is one sum over the lines of a
    suggestion, less what was replaced. ``voter`` is a keyed hash of an account or
    of a key left with a browser, different in each consultation: it leads nowhere.

    Where somebody signed in speaks, the voice of their browser ends: its last
    line has no ``value``. It takes away what the browser had said, if anything,
    and the browser says nothing more of that suggestion without the account.
    """

    suggestion = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="votes")
    voter = models.CharField(max_length=32)
    turn = models.PositiveSmallIntegerField(default=1)
    value = models.SmallIntegerField(null=True, blank=True)
    was = models.SmallIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # One voice each: two first votes, or two changes at once, cannot both stand.
            models.UniqueConstraint(fields=["suggestion", "voter", "turn"], name="one_vote_a_turn"),
            # Agree, disagree or pass; nothing where the voice ends.
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__in=[DISAGREE, PASSED, AGREE]), name="votes_are_known"
            ),
            # The first replaces nothing; each later one says what it replaces.
            models.CheckConstraint(
                condition=Q(turn=1, was=None) | Q(turn__gt=1, was__isnull=False), name="votes_say_what_they_replace"
            ),
            # A voice ends once.
            models.UniqueConstraint(fields=["suggestion", "voter"], condition=Q(value=None), name="one_end_a_voice"),
        ]
        indexes = [
            # The count of a suggestion reads the index alone.
            models.Index(fields=["suggestion", "value", "was"], name="votes_counted"),
        ]

    def __str__(self) -> str:
        return f"vote {self.pk}"


class Comment(models.Model):
    """A contribution that answers a suggestion; one level deep."""

    contribution = models.OneToOneField(
        Contribution, on_delete=models.CASCADE, primary_key=True, related_name="comment"
    )
    on = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="comments")

    def __str__(self) -> str:
        return str(self.contribution)


class Flag(models.Model):
    """That a reader thinks something published should not be: moderators look at it.

    ``reason`` is one of the published reasons for hiding. ``reader`` is a keyed
    hash, so that one reader flags a thing once.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="flags")
    reason = models.CharField(max_length=30)
    reader = models.CharField(max_length=32)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # A reader flags a thing once.
            models.UniqueConstraint(fields=["contribution", "reader"], name="one_flag_a_reader"),
        ]

    def __str__(self) -> str:
        return f"flag on {self.contribution}"
