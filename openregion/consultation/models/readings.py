"""Files of contributions being read in."""

from __future__ import annotations

from django.db import models

from openregion.consultation.models.questions import Consultation
from openregion.people.models import User, new_uid


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
