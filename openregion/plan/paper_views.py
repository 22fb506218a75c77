"""The plan handed out: its papers, the JSON they are drawn from, and a draft for those who write it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from openregion.core.audience import everyone
from openregion.core.languages import WORKING
from openregion.people.audience import AtMember, holders_of
from openregion.plan import exports
from openregion.plan.audience import let_writers_in
from openregion.plan.models import ActionPlan, PlanVersion


@everyone
def plan_paper(
    request: AtMember, member: str, number: int, version: int, shape: str, lang: str, format: str
) -> HttpResponse:
    """A frozen plan as PDF or DOCX; before it is published, for those who write it alone."""
    found = _version(request, number, version)
    content = exports.handed_out(found, lang=lang, format=format, shape=shape) if lang in WORKING else None
    return download(content, format, f"{member}-plan-{number}-v{version}-{shape}-{lang}.{format}")


@everyone
def plan_json(request: AtMember, member: str, number: int, version: int) -> HttpResponse:
    """The text whose SHA-256 is printed on the papers, byte for byte."""
    found = _version(request, number, version)
    return download(exports.plan_as_json(found), "json", f"{member}-plan-{number}-v{version}.json")


@holders_of("revise_commitment")
def plan_draft_paper(request: AtMember, member: str, number: int, lang: str, format: str) -> HttpResponse:
    """The plan as it stands today, marked as a draft."""
    plan = get_object_or_404(
        ActionPlan.objects.of(request.member).select_related("cycle__member"), cycle__kind="plan", cycle__number=number
    )
    content = exports.draft_paper(plan, lang=lang, format=format) if lang in WORKING else None
    return download(content, format, f"{member}-plan-{number}-draft-{lang}.{format}")


def download(content: bytes | None, format: str, name: str) -> HttpResponse:
    """Hand out a file under its name. Raises ``Http404`` when there is none."""
    if content is None:
        raise Http404(name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=exports.MEDIA_TYPES[format], headers=headers)


def _version(request: AtMember, number: int, version: int) -> PlanVersion:
    found = get_object_or_404(
        PlanVersion.objects.of(request.member).select_related("document", "deliberation__act", "plan__cycle__member"),
        plan__cycle__kind="plan",
        plan__cycle__number=number,
        number=version,
    )
    let_writers_in(request, published=found.published_at is not None)
    return found
