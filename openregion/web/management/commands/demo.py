"""``./manage demo``: an invented Region to try everything on, a whole cycle played through the deeds."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand
from django.db import transaction

from openregion.consultation.codes import grouped
from openregion.consultation.models import Contribution
from openregion.people.models import Member
from openregion.plan.models import ReasonedResponse
from openregion.web.actions import index_again
from openregion.web.demonstration.consulting import Consulting
from openregion.web.demonstration.founding import Founding
from openregion.web.demonstration.joining import Joining
from openregion.web.demonstration.planning import Planning
from openregion.web.demonstration.taking_part import TakingPart


class Command(BaseCommand):
    """Loads the invented Region, once. Its people have no password: they sign in on this machine only."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Play the founding, the consultation, the plan and its follow-up."""
        founding = Founding()
        if Member.objects.filter(slug=founding.script["slug"]).exists():
            self.stdout.write("the demonstration is already there")
            return
        with transaction.atomic():
            founding.play()
            joining = Joining(founding)
            joining.play()
            consulting = Consulting(founding)
            consulting.play()
            taking_part = TakingPart(consulting)
            taking_part.play()
            joining.launch(consulting.cycle)
            planning = Planning(consulting, joining)
            planning.play()
            consulting.go_on()
            taking_part.go_on()
            joining.go_on(consulting.cycle)
            index_again(founding.member)
        told = {
            "suggestions": Contribution.objects.of(founding.member).count(),
            "responses": ReasonedResponse.objects.of(founding.member).count(),
            "commitments": len(planning.commitments),
        }
        figures = " · ".join(f"{name} {count}" for name, count in told.items())
        self.stdout.write(f"{figures} · a tracking code to try: {grouped(consulting.code)}")
