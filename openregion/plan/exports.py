"""The plan to take away: its papers, printed once from the frozen JSON, and the JSON itself."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.core.languages import WORKING
from openregion.core.paper import Paper
from openregion.cycle.models import Cycle
from openregion.guide import queries as guides
from openregion.guide.schema import Guide
from openregion.plan import papers, queries
from openregion.plan.models import ActionPlan, PlanVersion
from openregion.record import press
from openregion.record.actions import print_document
from openregion.record.models import FrozenDocument, Rendition

PRINTED: dict[str, Callable[[Paper, str], bytes]] = {"pdf": press.pdf, "docx": press.docx}
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


def method_of(cycle: Cycle) -> Guide:
    """Open the method that a cycle pinned: today's folder when it is still the same, else the words frozen that day."""
    if (
        cycle.guide_version in guides.readable_versions()
        and guides.fingerprint(cycle.guide_version) == cycle.guide_sha256
    ):
        return guides.guide(cycle.guide_version)
    return Guide.model_validate_json(cycle.method.content)


def plan_paper(
    version: PlanVersion, *, lang: str, format: str, shape: str = "annex-3", at: dt.datetime | None = None
) -> Rendition | None:
    """Print a frozen plan, the first time, and keep it; later give what was printed. Nothing for an unknown shape.

    What the Council is asked to adopt says that it is not adopted: it is
    another paper than the one printed after the vote, and both are kept.
    """
    paper = _paper(version, lang=lang, shape=shape)
    if paper is None or format not in PRINTED:
        return None
    return print_document(
        version.document,
        shape=_kept_as(version, shape),
        lang=lang,
        format=format,
        render=lambda document: PRINTED[format](paper, document.sha256),
        at=at or timezone.now(),
    )


def handed_out(version: PlanVersion, *, lang: str, format: str, shape: str = "annex-3") -> bytes | None:
    """Give a paper without writing anything: the one kept, else the same printed for this reader alone."""
    if (kept := kept_paper(version.document, lang=lang, format=format, shape=_kept_as(version, shape))) is not None:
        return kept
    paper = _paper(version, lang=lang, shape=shape)
    return PRINTED[format](paper, version.document.sha256) if paper and format in PRINTED else None


def kept_paper(document: FrozenDocument, *, lang: str, format: str, shape: str = "") -> bytes | None:
    """Give the bytes that were printed and kept; nothing when none were, or their file is gone."""
    rendition = document.renditions.filter(shape=shape, lang=lang, format=format).first()
    if rendition is None:
        return None
    try:
        with rendition.file.open("rb") as opened:
            return opened.read()
    except FileNotFoundError:
        return None


def print_papers(version: PlanVersion, *, at: dt.datetime | None = None) -> int:
    """Print every paper of a version ahead of its readers: each shape, language and format; say how many there are."""
    printed = [
        plan_paper(version, lang=lang, format=format, shape=shape, at=at)
        for shape in papers.SHAPES
        for lang in WORKING
        for format in PRINTED
    ]
    return sum(one is not None for one in printed)


def draft_paper(plan: ActionPlan, *, lang: str, format: str, shape: str = "annex-3") -> bytes | None:
    """Print a plan as it stands today for those who write it; it is kept nowhere."""
    with override(lang):
        stated = queries.statement_of(plan)
        paper = papers.paper_of_plan(
            stated,
            form_guide=method_of(plan.cycle),
            lang=lang,
            sha256="",
            adopted=None,
            shape=shape,
            dated=timezone.localdate(),
        )
    return PRINTED[format](paper, "") if paper and format in PRINTED else None


def plan_as_json(version: PlanVersion) -> bytes:
    """Give the very text whose SHA-256 is printed on the papers."""
    return version.document.content.encode()


def _paper(version: PlanVersion, *, lang: str, shape: str) -> Paper | None:
    stated: dict[str, Any] = json.loads(version.document.content)
    cycle, act = version.plan.cycle, version.deliberation and version.deliberation.act
    where = [cycle.member.slug, cycle.number]
    with override(lang):
        return papers.paper_of_plan(
            stated,
            form_guide=method_of(cycle),
            lang=lang,
            sha256=version.document.sha256,
            adopted=(act.number, act.dated_on) if act else None,
            shape=shape,
            dated=timezone.localdate(version.frozen_at),
            address=settings.SITE + reverse("plan", args=where),
            check_at=settings.SITE + reverse("plan_json", args=[*where, version.number]),
        )


def _kept_as(version: PlanVersion, shape: str) -> str:
    return shape if version.deliberation_id else f"{shape}-proposed"
