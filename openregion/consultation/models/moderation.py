"""What moderation keeps: sealed originals, appeals, suggestions gathered because they say the same."""

from __future__ import annotations

from django.db import models

from openregion.consultation.models.words import Contribution
from openregion.people.models import User, new_uid


class Sealed(models.Model):
    """The words of a contribution before a third person's data was masked in them; erased with the contribution.

    Only those who may open it do (``open_sealed``), and the journal says that they did.
    """

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, primary_key=True, related_name="sealed")
    words = models.JSONField(default=dict)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"original of {self.contribution}"


class Appeal(models.Model):
    """An author's answer to a decision on their words; someone else than who took it decides.

    ``kept`` says whether the first decision stands; ``answer`` is what the author is told.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="appeals")
    words = models.TextField(blank=True)
    lang = models.CharField(max_length=3)
    against = models.CharField(max_length=30)
    first_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    kept = models.BooleanField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            # An author appeals once at a time.
            models.UniqueConstraint(
                fields=["contribution"], condition=models.Q(decided_at=None), name="one_appeal_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"appeal on {self.contribution}"


class Kinship(models.Model):
    """That a suggestion says the same as another: both stay, with everybody's support, and lead to each other."""

    suggestion = models.OneToOneField(Contribution, on_delete=models.CASCADE, primary_key=True, related_name="kinship")
    says_as = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="kin")
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Nothing says the same as itself.
            models.CheckConstraint(condition=~models.Q(suggestion=models.F("says_as")), name="kin_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.suggestion} says as {self.says_as}"
