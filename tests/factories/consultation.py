"""Consultations, suggestions and the news their authors wait for, invented for tests.

``ConsultationFactory(member=…)`` is open today, with two themes, in an
action-plan cycle of that member; ``closed=True`` and ``to_come=True`` move its
dates. ``SuggestionFactory(consultation=…)`` is a contribution that waits for
moderation: ``published=True``, ``hidden=True``, ``spam=True``, ``with_reply=True``.
It writes rows as deeds would leave them, without their journal lines.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from openregion.consultation.models import Consultation, Contribution, Notice, Suggestion, Theme
from openregion.cycle.models import Cycle, Stage
from openregion.record.models import FrozenDocument
from tests.factories.people import AT, MemberFactory, words


def _around_now(**ahead: int) -> Any:
    return factory.LazyFunction(lambda: timezone.now() + dt.timedelta(**ahead))


class MethodFactory(DjangoModelFactory):
    """The method that a cycle pinned, as a frozen document; its text is not read here."""

    class Meta:
        model = FrozenDocument

    uid = factory.Sequence(lambda n: f"method-{n}")
    kind = "method"
    subject_type = "Cycle"
    subject_uid = "cycle"
    content = "{}"
    sha256 = "0" * 64
    frozen_at = AT


class PlanCycleFactory(DjangoModelFactory):
    """An action-plan cycle with the guide's five stages, without dates."""

    class Meta:
        model = Cycle
        skip_postgeneration_save = True

    member = factory.SubFactory(MemberFactory)
    kind = "plan"
    number = factory.Sequence(lambda n: n % 30_000 + 1)
    guide_version = factory.SelfAttribute("member.guide_version")
    guide_sha256 = "0" * 64
    method = factory.SubFactory(MethodFactory, member_code=factory.SelfAttribute("..member.slug"))
    opened_on = dt.date(2026, 1, 5)

    @factory.post_generation
    def stages(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Give it the stages of the plan."""
        codes = ("plan-1", "plan-2", "plan-3", "plan-4", "plan-5")
        Stage.objects.bulk_create(Stage(cycle=self, code=code) for code in codes)


class ConsultationFactory(DjangoModelFactory):
    """A consultation open since last week and for three more; pass ``member=`` or ``cycle=``."""

    class Meta:
        model = Consultation
        skip_postgeneration_save = True

    class Params:
        member = factory.SubFactory(MemberFactory)
        closed = factory.Trait(opens_at=_around_now(days=-40), closes_at=_around_now(days=-10))
        to_come = factory.Trait(opens_at=_around_now(days=10), closes_at=_around_now(days=40))

    cycle = factory.SubFactory(PlanCycleFactory, member=factory.SelfAttribute("..member"))
    slug = factory.Sequence(lambda n: f"question-{n}")
    stage = "plan-2"
    title = factory.Sequence(lambda n: words(f"Question inventée {n}", f"سؤال متخيل {n}", f"Invented question {n}"))
    question = factory.LazyFunction(
        lambda: words("Que faut-il changer ?", "ما الذي ينبغي تغييره؟", "What should change?")
    )
    opens_at = _around_now(days=-7)
    closes_at = _around_now(days=21)

    @factory.post_generation
    def themes(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        """Give it two themes, or as many as asked."""
        for rank in range(2 if extracted is None else extracted):
            ThemeFactory(consultation=self, rank=rank)


class ThemeFactory(DjangoModelFactory):
    """A theme of a consultation."""

    class Meta:
        model = Theme

    consultation = factory.SubFactory(ConsultationFactory, themes=0)
    code = factory.Sequence(lambda n: f"theme-{n}")
    name = factory.Sequence(lambda n: words(f"Thème inventé {n}", f"محور متخيل {n}", f"Invented theme {n}"))


class SuggestionFactory(DjangoModelFactory):
    """A suggestion received online, in French, that nobody has read; gives the contribution."""

    class Meta:
        model = Contribution
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(moderation="published", moderated_at=AT)
        hidden = factory.Trait(moderation="hidden", moderated_at=AT, hidden_for="insult")
        spam = factory.Trait(moderation="spam", moderated_at=AT)
        withdrawn = factory.Trait(withdrawn_at=AT)
        in_arabic = factory.Trait(
            lang="ar", words=factory.Sequence(lambda n: {"idea": f"اقتراح متخيل {n}: نشر الميزانية بلغة مبسطة"})
        )
        with_reply = factory.Trait(reply_to=factory.Sequence(lambda n: f"autrice-{n}@example.ma"), reply_lang="fr")

    consultation = factory.SubFactory(ConsultationFactory)
    member = factory.SelfAttribute("consultation.cycle.member")
    number = factory.LazyAttribute(lambda one: Contribution.everything.filter(member=one.member).count() + 1)
    words = factory.Sequence(lambda n: {"problem": f"Problème inventé {n}.", "idea": f"Idée inventée {n}."})
    lang = "fr"
    channel = "online"
    received_at = AT

    @factory.post_generation
    def placed(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Place it: ``placed__theme=…``, ``placed__province=…``."""
        Suggestion.objects.create(contribution=self, **kwargs)


class NoticeFactory(DjangoModelFactory):
    """News that wait for the author of a published suggestion."""

    class Meta:
        model = Notice

    contribution = factory.SubFactory(SuggestionFactory, published=True, with_reply=True)
    step = "published"
    made_at = AT
