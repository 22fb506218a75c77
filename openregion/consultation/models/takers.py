"""Who took part, apart from what they said."""

from __future__ import annotations

import secrets

from django.db import models

from openregion.consultation.models.questions import Consultation
from openregion.people.models import Territory


def drawn_key() -> int:
    """Draw a key that tells no order of arrival: it would lead back to the words."""
    return secrets.randbelow(2**62)


class Profile(models.Model):
    """What a person agreed to say of themselves, apart from their words: no date, no order, no link to them.

    The key is drawn by chance, and on SQLite it is where the row stands: nothing
    there keeps the order of arrival. On PostgreSQL a row stays where it was
    written until the next count, which writes them all again in the order of
    their keys; what was there before is gone at the next vacuum. Copies of the
    database, and its log while it is kept, still show what was added between two of them.
    """

    key = models.BigAutoField(primary_key=True, default=drawn_key)
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="profiles")
    channel = models.CharField(max_length=10)
    age_band = models.CharField(max_length=10, blank=True)
    gender = models.CharField(max_length=6, blank=True)
    province = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=6, blank=True)
    disability = models.CharField(max_length=3, blank=True)
    organisation_type = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"profile in {self.consultation}"


class SpentPass(models.Model):
    """That the questions on who takes part were answered once with a pass; it leads to no answer."""

    mark = models.CharField(max_length=64, unique=True)
    spent_on = models.DateField()

    def __str__(self) -> str:
        return f"pass {self.pk}"
