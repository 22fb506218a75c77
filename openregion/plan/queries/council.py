"""What the Council and the administrative authority make of a version of the plan."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from openregion.cycle.models import Deliberation
from openregion.cycle.queries import file_about, file_url
from openregion.cycle.queries.council import VISAS, is_public_deliberation, is_public_file
from openregion.plan.models import PlanVersion


@dataclass(frozen=True)
class CouncilState:
    """The file by which a version is put to the Council, and its visa; empty where there is none."""

    number: int = 0
    file_url: str = ""
    vote_url: str = ""
    visa_label: str = ""
    visa_tone: str = ""


def council_state(version: PlanVersion, *, staff: bool) -> CouncilState:
    """Say where a version stands at the Council, as far as the reader may know."""
    member = version.plan.cycle.member
    proposal = file_about(member, version.uid)
    vote = version.deliberation or (
        Deliberation.objects.filter(proposal=proposal).order_by("-pk").first() if proposal else None
    )
    told = bool(vote and (staff or is_public_deliberation(vote)))
    tone, label = VISAS[vote.visa] if vote and told else ("", "")
    asked = bool(vote and told and vote.visa != Deliberation.Visa.NOT_ASKED)
    return CouncilState(
        number=proposal.number if proposal else 0,
        file_url=file_url(proposal) if proposal and (staff or is_public_file(proposal)) else "",
        vote_url=reverse("deliberation", args=[member.slug, vote.uid]) if vote and told else "",
        visa_label=str(label) if asked else "",
        visa_tone=tone if asked else "",
    )
