"""The hand-over pack being made: how far it is, and the file once it is whole."""

from __future__ import annotations

from django.db import models

from openregion.cycle.models.turns import Cycle
from openregion.people.models import User, new_uid


class HandOver(models.Model):
    """The pack of a cycle for the next council, made outside the request (row O-9).

    The row is what the page shows while the work runs, and what stops it when
    somebody asks. One that runs and has not ``moved`` for a while has lost its
    worker. The file holds the directory: it goes thirty days after it was made.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        STOPPED = "stopped"
        DONE = "done"
        FAILED = "failed"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_to_stop_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to="handovers/%Y/%m", max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.cycle} hand-over {self.pk}"
