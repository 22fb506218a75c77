"""The list of published suggestions: read from one end by key, so that many cost what few do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, Contribution, Suggestion, Theme
from openregion.consultation.queries import CHANNELS, MARKS, Files, files_of
from openregion.consultation.querysets import ContributionQuerySet
from openregion.consultation.rules import HIDING_REASONS, TONGUES, why_not_withdraw
from openregion.people.models import Member, Territory
from openregion.plan.models import CoveredContribution, ReasonedResponse
from openregion.plan.queries import DECISIONS
from openregion.web import journey
from openregion.web.journey import TONES, Journey, name_of_outcome
from openregion.web.queries.across import Choice
from openregion.web.queries.voice import Voice, first_words, official, said

AT_ONCE = 30
# A narrowed list looks through this many suggestions at most, then offers to look further back:
# whatever is asked, a page costs the same.
LOOKED_THROUGH = 1000
LONGEST_START = 220


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to, as the address says it."""

    consultation: str = ""
    theme: str = ""  # consultation.theme: two consultations may use one code
    province: str = ""
    answer: str = ""  # waiting, answered, or a decision
    before: int = 0  # a key, which follows the order of arrival: never a page number

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """Read an address; what means nothing is not asked."""
        before = query.get("before", "")
        names = ("consultation", "theme", "province", "answer")
        given = {name: query.get(name, "")[:130] for name in names}
        return cls(**given, before=int(before) if before.isdecimal() and len(before) < 16 else 0)

    @property
    def narrows(self) -> bool:
        """Whether anything but the place in the list is asked."""
        return bool(self.consultation or self.theme or self.province or self.answer)

    def from_before(self, key: int) -> str:
        """Give the query of the same list, further back."""
        return urlencode(self._kept() | {"before": str(key)})

    def from_the_latest(self, address: str) -> str:
        """Give the address of the same list, from its beginning."""
        kept = urlencode(self._kept())
        return f"{address}?{kept}" if kept else address

    def _kept(self) -> dict[str, str]:
        given = {name: getattr(self, name) for name in ("consultation", "theme", "province", "answer")}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class SuggestionLine:
    """A published suggestion in a list: how it begins, where, when and how it was given, what became of it."""

    number: int
    url: str
    begins: Voice
    given_on: dt.date
    theme: Voice | None
    province: str
    channel: str
    outcome: str
    tone: str


@dataclass(frozen=True)
class Narrowing:
    """A way to narrow the list: its name in the address, its label, what can be chosen, by group."""

    name: str
    label: str
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]


@dataclass(frozen=True)
class SuggestionsPage:
    """A page of the list, ways to narrow it, and the way further back."""

    lines: tuple[SuggestionLine, ...]
    narrowings: tuple[Narrowing, ...]
    asked: Asked
    latest: str
    further: str
    stopped_looking: bool
    follows: tuple[str, str] | None = None  # what the list is narrowed to, as its news are followed


@dataclass(frozen=True)
class Part:
    """A part of what somebody wrote, under its label (no label where it was given in one piece)."""

    label: str
    voice: Voice
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class SuggestionPage:
    """A suggestion as it is read: its words when they show, where it was placed, its journey.

    ``shows`` is false for what is hidden or withdrawn: number, day and reason only.
    ``channel`` says how it was given: everyone sees what others wrote down.
    """

    number: int
    begins: str
    parts: tuple[Part, ...]
    lang: str
    channel: str
    given_on: dt.date
    arrived_on: dt.date | None
    theme: Voice | None
    province: str
    consultation: Voice
    journey: Journey
    shows: bool
    state: str
    state_on: dt.date | None
    reason: str
    erased_on: dt.date | None
    may_withdraw: bool
    is_public: bool
    is_comment: bool
    files: Files


def suggestion_page(member: Member, number: int) -> SuggestionPage | None:
    """Read a suggestion as the public may; nothing where it does not exist for the public."""
    columns = ("member", "consultation", "suggestion__theme", "suggestion__province")
    found = Contribution.objects.of(member).filter(number=number).select_related(*columns).first()
    states = Contribution.Moderation
    # Withdrawn before anybody read it, it was never public.
    if found is None or found.moderation in (states.PENDING, states.SPAM):
        return None
    return page_of(found)


def page_of(contribution: Contribution, *, by_author: bool = False) -> SuggestionPage:
    """Prepare a suggestion and its journey; its author reads their own words whatever moderation decided."""
    hidden = contribution.moderation != Contribution.Moderation.PUBLISHED
    withdrawn = contribution.withdrawn_at
    shows = not contribution.erased_at and (by_author or not (hidden or withdrawn))
    state = journey.outcome_of(contribution, "")
    when = withdrawn or (contribution.moderated_at if hidden else None)
    suggestion = getattr(contribution, "suggestion", None)
    province = suggestion.province if suggestion else None
    hiding = HIDING_REASONS.get(contribution.hidden_for, "")
    return SuggestionPage(
        number=contribution.number,
        begins=(first_words(contribution.words, most=60) or _("Given without words")) if shows else "",
        parts=_parts(contribution) if shows else (),
        lang=str(TONGUES.get(contribution.lang, contribution.lang)),
        channel=str(MARKS[contribution.channel]),
        given_on=timezone.localdate(contribution.received_at),
        arrived_on=_arrived_on(contribution),
        theme=official(suggestion.theme.name) if suggestion and suggestion.theme else None,
        province=province.name_in(get_language() or "fr") if province else "",
        consultation=official(contribution.consultation.title),
        journey=journey.of(contribution),
        shows=shows,
        state=state if state in {"hidden", "withdrawn"} else "",
        state_on=timezone.localdate(when) if when else None,
        reason=str(hiding) if state == "hidden" else "",
        erased_on=timezone.localdate(contribution.erased_at) if contribution.erased_at else None,
        may_withdraw=by_author and not why_not_withdraw(contribution),
        is_public=not hidden and not withdrawn and contribution.kind == Contribution.Kind.SUGGESTION,
        is_comment=contribution.kind == Contribution.Kind.COMMENT,
        files=files_of(contribution, by_author=by_author) if shows else Files(contribution.number),
    )


def _arrived_on(contribution: Contribution) -> dt.date | None:
    """Give the day words reached the platform, where that was more than a day after they were given."""
    late = contribution.came_at - contribution.received_at > dt.timedelta(days=1)
    return timezone.localdate(contribution.came_at) if late else None


def _parts(contribution: Contribution) -> tuple[Part, ...]:
    """Give the words part by part; what was given in one piece needs no label."""
    labels = {
        "text": "",
        "problem": _("The problem seen"),
        "idea": _("The idea"),
        "effect": _("The expected effect"),
        "spoken": _("What the recording says, written down by a person of the team"),
    }
    written = ((labels[part], contribution.words.get(part, "")) for part in labels)
    return tuple(
        Part(label, said(text, contribution.lang), tuple(line for line in text.split("\n") if line.strip()))
        for label, text in written
        if text
    )


def suggestions_page(member: Member, asked: Asked) -> SuggestionsPage:
    """Give thirty published suggestions, the latest first, from a place in the list on."""
    consultations = list(Consultation.objects.of(member).latest_first().prefetch_related("themes"))
    places = list(Territory.objects.of(member))
    found, looked_to = _found(member, asked, consultations, places)
    shown, beyond = found[:AT_ONCE], len(found) > AT_ONCE
    last = shown[-1].pk if beyond else looked_to
    return SuggestionsPage(
        lines=tuple(_line(member, one) for one in shown),
        narrowings=_narrowings(asked, consultations, places),
        asked=asked,
        latest=asked.from_the_latest(reverse("suggestions", args=[member.slug])),
        further=asked.from_before(last) if last else "",
        stopped_looking=bool(looked_to) and not beyond,
        follows=_followed(asked, consultations, places),
    )


def _followed(
    asked: Asked, consultations: Sequence[Consultation], places: Sequence[Territory]
) -> tuple[str, str] | None:
    """Say by which kind and name the narrowed list is followed; nothing where it is not narrowed to something real."""
    if _theme(asked, consultations):
        return "theme", asked.theme
    if any(one.code == asked.province for one in places):
        return "province", asked.province
    if any(one.slug == asked.consultation for one in consultations):
        return "consultation", asked.consultation
    return None


def with_latest_decision(contributions: ContributionQuerySet) -> ContributionQuerySet:
    """Add to each contribution the decision of its latest answer, or nothing."""
    answers = CoveredContribution.objects.filter(contribution=OuterRef("pk"))
    latest = answers.order_by("-response__given_at", "-response")[:1]
    return contributions.annotate(decision=Subquery(latest.values("response__decision")))


def _found(
    member: Member, asked: Asked, consultations: Sequence[Consultation], places: Sequence[Territory]
) -> tuple[list[Contribution], int]:
    """Find one more than a page shows; and, when looking stopped before the end, the key it stopped at."""
    columns = ("suggestion__theme", "suggestion__province")
    everything = Contribution.objects.of(member).published().filter(erased_at=None)
    if not asked.narrows:
        listed = everything.filter(pk__lt=asked.before) if asked.before else everything
        return list(with_latest_decision(listed).select_related(*columns).latest_first()[: AT_ONCE + 1]), 0
    theme = _theme(asked, consultations)
    place = next((one for one in places if one.code == asked.province), None)
    consultation = next((one for one in consultations if one.slug == asked.consultation), None)
    if (asked.theme and not theme) or (asked.province and not place) or (asked.consultation and not consultation):
        return [], 0
    keys = _keys(member, asked, theme, place, consultation)
    listed = with_latest_decision(everything.filter(pk__in=keys)).select_related(*columns)
    if consultation:
        listed = listed.filter(consultation=consultation)
    if theme:
        listed = listed.filter(suggestion__theme=theme)
    if place:
        listed = listed.filter(suggestion__province=place)
    if asked.answer:
        listed = _by_answer(listed, asked.answer)
    found = list(listed.latest_first()[: AT_ONCE + 1])
    return found, keys[-1] if len(keys) == LOOKED_THROUGH else 0


def _keys(
    member: Member,
    asked: Asked,
    theme: Theme | None,
    place: Territory | None,
    consultation: Consultation | None,
) -> list[int]:
    """Give the keys to look through, the latest first, along the index that narrows most."""
    before = asked.before
    if theme or place:
        by = {"theme": theme} if theme else {"province": place}
        rows = Suggestion.objects.filter(**by).order_by("-contribution")
        rows = rows.filter(contribution__lt=before) if before else rows
        return list(rows.values_list("contribution_id", flat=True)[:LOOKED_THROUGH])
    if asked.answer and asked.answer != "waiting":
        covered = CoveredContribution.objects.filter(response__member=member).order_by("-contribution")
        covered = covered.filter(contribution__lt=before) if before else covered
        # Not DISTINCT: it would read every answer before the first. The same key twice is found once.
        return list(covered.values_list("contribution_id", flat=True)[:LOOKED_THROUGH])
    listed = Contribution.objects.of(member).published()
    listed = listed.filter(consultation=consultation) if consultation else listed
    listed = listed.filter(pk__lt=before) if before else listed
    return list(listed.latest_first().values_list("pk", flat=True)[:LOOKED_THROUGH])


def _by_answer(listed: ContributionQuerySet, answer: str) -> ContributionQuerySet:
    if answer == "waiting":
        return listed.filter(decision=None)
    if answer == "answered":
        return listed.exclude(decision=None)
    return listed.filter(decision=answer) if answer in ReasonedResponse.Decision.values else listed.none()


def _theme(asked: Asked, consultations: Sequence[Consultation]) -> Theme | None:
    slug, _sep, code = asked.theme.partition(".")
    return next(
        (
            theme
            for one in consultations
            if one.slug == slug
            for theme in one.themes.all()
            if theme.code == code
        ),
        None,
    )  # fmt: skip


def _line(member: Member, one: Contribution) -> SuggestionLine:
    theme, province = one.suggestion.theme, one.suggestion.province
    outcome = one.decision or "waiting"  # type: ignore[attr-defined]
    return SuggestionLine(
        number=one.number,
        url=reverse("suggestion", args=[member.slug, one.number]),
        begins=_begins(one),
        given_on=timezone.localdate(one.received_at),
        theme=official(theme.name) if theme else None,
        province=province.name_in(get_language() or "fr") if province else "",
        channel=str(CHANNELS[one.channel]),
        outcome=name_of_outcome(outcome),
        tone=TONES.get(outcome, "underway"),
    )


def _begins(one: Contribution) -> Voice:
    """Give how a suggestion begins; one that was spoken, or shown, and not written down yet says so in our words."""
    begun = first_words(one.words, most=LONGEST_START)
    return said(begun, one.lang) if begun else Voice(_("Given without words"))


def _narrowings(
    asked: Asked, consultations: Sequence[Consultation], places: Sequence[Territory]
) -> tuple[Narrowing, ...]:
    lang = get_language() or "fr"
    titles = {one.pk: official(one.title).text for one in consultations}
    answers = {"waiting": _("Waiting for an answer"), "answered": _("Answered")} | {
        code: str(label) for code, label in DECISIONS.items()
    }
    several = len(consultations) > 1
    themes = tuple(
        (
            titles[one.pk] if several else "",
            tuple(
                Choice(value, official(theme.name).text, value == asked.theme)
                for theme in sorted(one.themes.all(), key=lambda theme: (theme.rank, theme.pk))
                for value in [f"{one.slug}.{theme.code}"]
            ),
        )
        for one in consultations
    )
    asking = tuple(Choice(one.slug, titles[one.pk], one.slug == asked.consultation) for one in consultations)
    given = (
        Narrowing("consultation", _("Consultation"), (("", asking if several else ()),)),
        Narrowing("theme", _("Theme"), themes),
        Narrowing(
            "province",
            _("Prefecture or province"),
            (("", tuple(Choice(one.code, one.name_in(lang), one.code == asked.province) for one in places)),),
        ),
        Narrowing(
            "answer",
            _("Answer"),
            (("", tuple(Choice(code, label, code == asked.answer) for code, label in answers.items())),),
        ),
    )
    return tuple(one for one in given if any(choices for _, choices in one.groups))
