"""What a version of the plan states, what coverage counts, and what search finds of both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from openregion.consultation.models import Contribution
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText, text_in
from openregion.diagnosis.models import Finding, FindingSource
from openregion.people.models import Member
from openregion.plan.models import (
    ActionPlan,
    Commitment,
    CommitmentSource,
    CoveredContribution,
    PlanVersion,
    ReasonedResponse,
)

KINDS: dict[str, Promise] = {
    "response": gettext_lazy("Answers given"),
    "commitment": gettext_lazy("Commitments"),
    "plan": gettext_lazy("Action plans"),
}
DECISIONS: dict[str, Promise] = {
    "taken-up": gettext_lazy("Taken up"),
    "in-part": gettext_lazy("Taken up in part"),
    "not-taken-up": gettext_lazy("Not taken up"),
    "out-of-scope": gettext_lazy("Out of scope"),
}
SCHEMA = "openregion/plan/1"


@dataclass(frozen=True)
class Coverage:
    """How much of what was said has its answer.

    Answered ÷ (received − spam − withdrawn by their author); one hidden by
    moderation counts as answered only when its reason was told (house, "The way through").
    """

    received: int
    spam: int
    withdrawn: int
    countable: int
    answered: int

    @property
    def share(self) -> float | None:
        """The share, from 0 to 1; nothing while nothing was received."""
        return self.answered / self.countable if self.countable else None

    @property
    def percent(self) -> int | None:
        """The share in whole percent, rounded down: all are answered only when none is left."""
        return 100 * self.answered // self.countable if self.countable else None


def answered(contributions: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """Keep the contributions that have their answer: a response, or the reason why they are hidden."""
    covering = CoveredContribution.objects.filter(contribution=OuterRef("pk"))
    hidden_and_told = {"moderation": "hidden", "reason_told_at__isnull": False}
    return contributions.filter(Exists(covering)) | contributions.filter(**hidden_and_told)


def coverage_of(contributions: QuerySet[Contribution]) -> Coverage:
    """Compute the coverage of these contributions; the same figure from the published table."""
    countable = contributions.exclude(moderation="spam").filter(withdrawn_at=None)
    return Coverage(
        received=contributions.count(),
        spam=contributions.filter(moderation="spam").count(),
        withdrawn=contributions.exclude(moderation="spam").exclude(withdrawn_at=None).count(),
        countable=countable.count(),
        answered=answered(countable).count(),
    )


def contributions_behind(commitment: Commitment) -> QuerySet[Contribution]:
    """Give the contributions a commitment rests on, through its findings and the responses it cites, each once.

    What is spam and what its author withdrew no longer stands behind anything.
    """
    sources = CommitmentSource.objects.filter(commitment=commitment)
    return _behind(
        sources.exclude(finding=None).values("finding"),
        sources.exclude(response=None).values("response"),
    )


def behind_stated(member: Member, stated: Mapping[str, Any]) -> QuerySet[Contribution]:
    """Give the contributions behind a commitment as a version states it, whatever its sheet cites today."""
    findings = Finding.objects.of(member).filter(number__in=[one["number"] for one in stated["findings"]])
    responses = ReasonedResponse.objects.of(member).filter(number__in=[one["number"] for one in stated["responses"]])
    return _behind(findings.values("pk"), responses.values("pk"))


def _behind(findings: Any, responses: Any) -> QuerySet[Contribution]:
    gathered = FindingSource.objects.filter(finding__in=findings).values("contribution")
    covered = CoveredContribution.objects.filter(response__in=responses).values("contribution")
    return Contribution.objects.countable().filter(Q(pk__in=gathered) | Q(pk__in=covered))


def statement_of(plan: ActionPlan) -> dict[str, Any]:
    """State a whole plan as plain values, in all its languages: what is frozen, voted and printed.

    Everything a paper says comes from here; nothing of what authors left to be
    reached does. The contact of a unit is public with the office (annex 2).
    """
    member = plan.cycle.member
    commitments = plan.commitments.select_related("unit", "indicator").prefetch_related(
        "milestones", "sources__finding", "sources__response"
    )
    given = Contribution.objects.of(member).filter(consultation__cycle=plan.cycle)
    counted = coverage_of(given)
    return {
        "schema": SCHEMA,
        "member": {"slug": member.slug, "name": _said(member.name), "invented": member.invented},
        "guide": {"version": plan.cycle.guide_version, "sha256": plan.cycle.guide_sha256},
        "uid": plan.uid,
        "cycle": plan.cycle.number,
        "title": _said(plan.title),
        "starts_on": plan.starts_on.isoformat(),
        "ends_on": plan.ends_on.isoformat(),
        "sections": {code: _said(text) for code, text in sorted(plan.sections.items())},
        "participation": {
            "received": counted.received,
            "spam": counted.spam,
            "withdrawn": counted.withdrawn,
            "countable": counted.countable,
            "answered": counted.answered,
            "by_decision": _by_decision(given.countable()),
        },
        "commitments": [_stated(one) for one in commitments.order_by("number")],
    }


def _by_decision(given: QuerySet[Contribution]) -> dict[str, int]:
    """Count contributions by the latest decision given on each, in whatever cycle; a change of mind counts once.

    With those hidden and told why, they are all that coverage counts as answered.
    """
    covered = CoveredContribution.objects.filter(contribution__in=given).order_by("response__given_at", "response")
    latest = dict(covered.values_list("contribution", "response__decision"))
    return {code: list(latest.values()).count(code) for code in ReasonedResponse.Decision.values}


def _stated(one: Commitment) -> dict[str, Any]:
    indicator = getattr(one, "indicator", None)
    sources = sorted(one.sources.all(), key=lambda source: source.pk)
    return {
        "uid": one.uid,
        "number": one.number,
        "title": _said(one.title),
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat(),
        "unit": _said(one.unit.name),
        "texts": {code: _said(text) for code, text in sorted(one.texts.items())},
        "values": dict(sorted(one.values.items())),
        "problem_kinds": sorted(one.problem_kinds),
        "policy_areas": sorted(one.policy_areas),
        "sector": one.sector,
        "contact": {"name": one.contact_name, "title": one.contact_title, "reach": one.contact_reach},
        "ogp_id": one.ogp_id,
        "milestones": [
            {
                "uid": step.uid,
                "number": step.number,
                "title": _said(step.title),
                "deliverable": _said(step.deliverable),
                "starts_on": step.starts_on.isoformat(),
                "ends_on": step.ends_on.isoformat(),
            }
            for step in sorted(one.milestones.all(), key=lambda step: step.number)
        ],
        "indicator": indicator
        and {
            "name": _said(indicator.name),
            "unit": _said(indicator.unit),
            "baseline": _written(indicator.baseline),
            "baseline_on": indicator.baseline_on.isoformat(),
            "target": _written(indicator.target),
            "target_on": indicator.target_on.isoformat(),
            "source": _said(indicator.source),
        },
        "findings": [
            {"number": source.finding.number, "title": _said(source.finding.title)}
            for source in sources
            if source.finding
        ],
        "responses": [
            {"number": source.response.number, "decision": source.response.decision}
            for source in sources
            if source.response
        ],
        "voices": contributions_behind(one).count(),
    }


def _written(figure: Decimal) -> str:
    """Write a figure without idle zeros: 100, never 1E+2."""
    whole = f"{figure.normalize():f}"
    return "0" if whole == "-0" else whole


def _said(text: OfficialText) -> dict[str, str]:
    return {lang: wording["text"] for lang, wording in sorted(text.items())}


def entries_of_response(response: ReasonedResponse) -> Iterator[dict[str, Any]]:
    """Yield what search finds of a response, in each working language."""
    for lang in WORKING:
        with override(lang):
            reasons = text_in(response.reasons, lang)
            yield {
                "lang": lang,
                "kind": "response",
                "subject_uid": response.uid,
                "title": f"{DECISIONS[response.decision]} · {reasons[:80]}",
                "excerpt": reasons[:180],
                "path": reverse("response", args=[response.member.slug, response.number]),
                "text": reasons,
            }


def entries_of_statement(member: Member, stated: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what search finds of a published plan and its commitments, from the words that were frozen."""
    for lang in WORKING:
        with override(lang):
            title = _in(stated["title"], lang)
            sections = "\n".join(_in(text, lang) for text in stated["sections"].values())
            yield _entry(lang, "plan", stated["uid"], title, sections, "plan", member.slug, stated["cycle"])
            for one in stated["commitments"]:
                texts = "\n".join(_in(text, lang) for text in one["texts"].values())
                slug = f"{stated['cycle']}-{one['number']}"
                yield _entry(
                    lang, "commitment", one["uid"], _in(one["title"], lang), texts, "commitment", member.slug, slug
                )


def _entry(lang: str, kind: str, uid: str, title: str, text: str, page: str, *args: Any) -> dict[str, Any]:
    path = reverse(page, args=args)
    return {
        "lang": lang,
        "kind": kind,
        "subject_uid": uid,
        "title": title,
        "excerpt": text[:180],
        "path": path,
        "text": text,
    }


def _in(said: dict[str, str], lang: str) -> str:
    return next((said[code] for code in (lang, "fr", "ar", "en") if said.get(code)), "")


def findable(member: Member) -> Iterable[dict[str, Any]]:
    """Yield all that search finds of a member's responses and of its plans as last published."""
    for response in ReasonedResponse.objects.of(member).select_related("member").order_by("pk"):
        yield from entries_of_response(response)
    for plan in ActionPlan.objects.of(member).order_by("pk"):
        version = plan.versions.published().select_related("document").first()
        if version:
            yield from entries_of_statement(member, json.loads(version.document.content))


def proposed_adoption(version: PlanVersion) -> dict[str, Any]:
    """Propose the words of the file by which the Council adopts a version, in each language, to be corrected."""
    stated: dict[str, Any] = json.loads(version.document.content)
    asked: dict[str, Any] = {"wants_visa": True}
    for lang in WORKING:
        with override(lang):
            said = {"title": _in(stated["title"], lang), "n": version.number}
            asked[f"title_{lang}"] = _("Adoption of the action plan: %(title)s") % said
            asked[f"decision_text_{lang}"] = (
                _("The Council adopts the action plan “%(title)s”, in its frozen version %(n)s.") % said
            )
    return asked
