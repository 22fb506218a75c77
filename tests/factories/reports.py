"""Reports of what was said, invented for tests.

``ReportFactory(member=…)`` or ``ReportFactory(consultation=…)`` is the draft of the final report
of a closed consultation, with one passage; ``of="online"`` is another. ``cites=3`` has the passage
cite as many published suggestions. ``published_report(by=…, …)`` plays it to its publication
through the deeds.
"""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from openregion.diagnosis import actions
from openregion.diagnosis.models import Citation, Passage, Report
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.diagnosis import latest_cycle
from tests.factories.people import AT, MemberFactory, UserFactory, words


class ReportFactory(DjangoModelFactory):
    """The draft of a report on a closed consultation."""

    class Meta:
        model = Report
        skip_postgeneration_save = True

    member = factory.SubFactory(MemberFactory)
    consultation = factory.LazyAttribute(
        lambda one: ConsultationFactory(cycle=latest_cycle(one.member), closed=True)
    )  # fmt: skip
    number = factory.LazyAttribute(lambda one: Report.objects.filter(member=one.member).count() + 1)
    kind = "final"
    title = factory.Sequence(lambda n: words(f"Rapport inventé {n}", f"تقرير متخيل {n}", f"Invented report {n}"))
    drafted_at = AT

    @factory.post_generation
    def cites(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Write one passage that cites as many new suggestions as asked, or the ones given."""
        passage = PassageFactory(report=self)
        some = extracted or 0
        if not isinstance(some, list):
            some = [SuggestionFactory(consultation=self.consultation, published=True) for _ in range(some)]
        Citation.objects.bulk_create(Citation(passage=passage, contribution=one) for one in some)


class PassageFactory(DjangoModelFactory):
    """A passage among the suggestions of a report, in French and Arabic."""

    class Meta:
        model = Passage

    report = factory.SubFactory(ReportFactory)
    section = "suggestions"
    rank = factory.LazyAttribute(lambda one: Passage.objects.filter(report=one.report).count() + 1)
    text = factory.Sequence(
        lambda n: words(f"Des personnes demandent la chose inventée {n}.", f"يطلب الناس الشيء المتخيل {n}.")
    )


def published_report(by: Any = None, **given: Any) -> Report:
    """Write a report and publish it through its deed."""
    report = ReportFactory(**given)
    by = by or UserFactory(role="point-of-contact", at=report.member)
    at = AT if report.consultation.closes_at <= AT else _now()
    return actions.publish_report(report, by=by, at=at, drafts_read=True)


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()
