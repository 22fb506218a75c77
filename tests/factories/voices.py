"""Votes, comments and flags, invented for tests: rows as their deeds would leave them, without journal lines."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from openregion.consultation.models import Comment, Contribution, Flag, Vote
from tests.factories.consultation import SuggestionFactory
from tests.factories.people import AT


class VoteFactory(DjangoModelFactory):
    """A first vote that agrees with a published suggestion."""

    class Meta:
        model = Vote

    suggestion = factory.SubFactory(SuggestionFactory, published=True)
    voter = factory.Sequence(lambda n: f"{n:032x}")
    value = 1
    at = AT


class CommentFactory(DjangoModelFactory):
    """A published comment on a published suggestion (``on``); gives the contribution."""

    class Meta:
        model = Contribution

    class Params:
        on = factory.SubFactory(SuggestionFactory, published=True)
        pending = factory.Trait(moderation="pending", moderated_at=None)

    consultation = factory.SelfAttribute("on.consultation")
    member = factory.SelfAttribute("on.member")
    kind = "comment"
    number = factory.LazyAttribute(lambda one: Contribution.everything.filter(member=one.member).count() + 1)
    words = factory.Sequence(lambda n: {"text": f"Commentaire inventé {n}."})
    lang = "fr"
    channel = "online"
    received_at = AT
    moderation = "published"
    moderated_at = AT
    answered = factory.SelfAttribute("on")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Contribution:
        made = Contribution.everything.create(**{name: one for name, one in kwargs.items() if name != "answered"})
        Comment.objects.create(contribution=made, on=kwargs["answered"])
        return made


class FlagFactory(DjangoModelFactory):
    """A flag on a published suggestion, that nobody has settled."""

    class Meta:
        model = Flag

    contribution = factory.SubFactory(SuggestionFactory, published=True)
    reason = "insult"
    reader = factory.Sequence(lambda n: f"{n:032x}")
    at = AT
