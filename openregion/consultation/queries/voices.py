"""What people say of each other's suggestions: counts from the ledger, comments, the order of the day, flags.

Counts come from one function (``tallies``), for every page and for the open
data, and only from a number of voices on. No page orders suggestions by their
voices: reading begins each day at another place of a circle, so that the new
are not buried and the first are not rewarded.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from openregion.consultation.models import Comment, Consultation, Contribution, Flag, Theme, Vote
from openregion.consultation.models.voices import AGREE, DISAGREE, PASSED
from openregion.consultation.queries.moderation import Voice, voice_of
from openregion.consultation.queries.words import tag_of, with_all
from openregion.core import dates, languages
from openregion.core.due import Due
from openregion.core.official import text_in
from openregion.cycle.queries import value_of
from openregion.people.models import Member, Territory
from openregion.people.rules import today

AT_ONCE = 10
LONGEST = 1_500  # characters of a suggestion in the list; longer words are opened
# A narrowed list looks through this many suggestions at most, then offers to look further: a page costs the same.
LOOKED_THROUGH = 600
COMMENTS_IN_LIST = 2
COMMENTS_AT_ONCE = 30
CIRCLE = 2**31

DAY, LATEST, UNHEARD = "day", "latest", "unheard"
ORDERS: dict[str, Promise] = {
    DAY: gettext_lazy("The order of the day"),
    LATEST: gettext_lazy("The latest first"),
    UNHEARD: gettext_lazy("The least heard"),
}


@dataclass(frozen=True)
class Tally:
    """The voices on a suggestion. Where too few have spoken (``shown`` is false), every figure is nothing."""

    shown: bool
    voters: int | None = None
    agree: int | None = None
    disagree: int | None = None
    passed: int | None = None


@dataclass(frozen=True)
class Remark:
    """A comment as it is read: its words in their own direction, its public number, its day."""

    number: int
    text: str
    tag: str
    day: dt.date


@dataclass(frozen=True)
class Heard:
    """A suggestion to say something of: its words, its voices, what this reader said, its first comments."""

    key: int
    number: int
    voice: Voice
    tally: Tally
    mine: int | None
    remarks: tuple[Remark, ...]
    comments: int
    address: str


@dataclass(frozen=True)
class Choice:
    """Something the list can be narrowed to."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Asked:
    """What is asked of the list, as its address says it."""

    order: str = DAY
    theme: str = ""
    province: str = ""
    day: dt.date | None = None
    after: tuple[int, int] | None = None  # where the reading goes on: a place in the circle and a key

    @property
    def narrows(self) -> bool:
        """Whether only a theme or a province is asked."""
        return bool(self.theme or self.province)

    @classmethod
    def of(cls, query: Mapping[str, str], *, now: dt.date) -> Asked:
        """Read an address; what means nothing is not asked."""
        order = query.get("order", DAY)
        try:
            day = dt.date.fromisoformat(query.get("day", ""))
        except ValueError:
            day = now
        place, _sep, key = query.get("after", "").partition(".")
        known = all(one.isascii() and one.isdecimal() and len(one) < 16 for one in (place, key))
        return cls(
            order=order if order in ORDERS else DAY,
            theme=query.get("theme", "")[:60],
            province=query.get("province", "")[:20],
            day=day,
            after=(int(place), int(key)) if known else None,
        )

    def further(self, place: int, key: int) -> str:
        """Give the query of the same list, further on; the day goes with it, so that midnight moves nothing."""
        asked = {"order": self.order, "theme": self.theme, "province": self.province}
        kept = {name: value for name, value in asked.items() if value}
        return urlencode(kept | {"day": (self.day or today()).isoformat(), "after": f"{place}.{key}"})


@dataclass(frozen=True)
class VoicesPage:
    """A page of the suggestions of a consultation, to read and to say something of."""

    rows: tuple[Heard, ...]
    orders: tuple[Choice, ...]
    themes: tuple[Choice, ...]
    provinces: tuple[Choice, ...]
    asked: Asked
    further: str
    stopped_looking: bool
    threshold: int


@dataclass(frozen=True)
class SuggestionVoices:
    """One suggestion, its voices, and its comments, the oldest first."""

    heard: Heard
    remarks: tuple[Remark, ...]
    further: str
    threshold: int


def threshold_of(member: Member) -> int:
    """Give the number of voices from which a count is shown: the guide's rule, or the member's own value."""
    return int(value_of(member, "voices-before-shown", today()).value or 0)


def tallies(member: Member, suggestions: Iterable[int], *, least: int | None = None) -> dict[int, Tally]:
    """Count the voices on suggestions, by their keys, from the ledger itself: one question, whatever their number.

    A change of mind is a line that says what it replaces: agreeing is the lines
    that agree less those that replaced an agreement. The first line of a voice
    replaces nothing: their number, less that of the voices that ended, is that of
    the people who spoke. Where fewer spoke than the rule wants (``least``, where it was read already), nothing is told.
    """
    keys = list(suggestions)
    if not keys:
        return {}
    least = threshold_of(member) if least is None else least
    of = {"agree": AGREE, "disagree": DISAGREE, "passed": PASSED}
    counts = {name: Count("pk", filter=Q(value=value)) - Count("pk", filter=Q(was=value)) for name, value in of.items()}
    spoken = Vote.objects.filter(suggestion__in=keys).values("suggestion").order_by()
    voters = Count("pk", filter=Q(was=None)) - Count("pk", filter=Q(value=None))
    spoken = spoken.annotate(voters=voters, **counts)
    found = {
        key: Tally(shown=True, voters=voters, agree=agree, disagree=disagree, passed=passed)
        for key, voters, agree, disagree, passed in spoken.values_list("suggestion", "voters", *of)
        if voters >= least
    }
    return {key: found.get(key, Tally(shown=False)) for key in keys}


def said_by(voter: str, suggestions: Iterable[int], *, browser: str = "") -> dict[int, int]:
    """Give what one voter last said of suggestions, by their keys; else what an account's browser said without it."""
    lines = Vote.objects.filter(suggestion__in=list(suggestions), voter__in={voter, browser} - {""})
    said: dict[str, dict[int, int | None]] = {voter: {}, browser: {}}
    for key, who, value in lines.order_by("turn").values_list("suggestion", "voter", "value"):
        said[who][key] = value
    return {key: value for key, value in (said[browser] | said[voter]).items() if value is not None}


def voices_page(consultation: Consultation, asked: Asked, *, voter: str, browser: str = "") -> VoicesPage:
    """Give ten published suggestions of a consultation, from a place of the order asked, ready to be spoken of."""
    member, lang = consultation.cycle.member, get_language() or "fr"
    themes = list(consultation.themes.order_by("rank", "pk"))
    places = sorted(Territory.objects.of(member).defer("boundary"), key=lambda one: one.name_in(lang))
    least = threshold_of(member)
    found, stopped_at = _found(consultation, asked, themes, places, least)
    shown, beyond = found[:AT_ONCE], len(found) > AT_ONCE
    goes_on = (shown[-1].shuffle, shown[-1].pk) if beyond else stopped_at
    return VoicesPage(
        rows=_heard(member, shown, voter=voter, browser=browser),
        orders=tuple(Choice(code, str(label), code == asked.order) for code, label in ORDERS.items()),
        themes=tuple(
            Choice(one.code, text_in(one.name, languages.body_lang(lang)), one.code == asked.theme) for one in themes
        ),
        provinces=tuple(Choice(one.code, one.name_in(lang), one.code == asked.province) for one in places),
        asked=asked,
        further=asked.further(*goes_on) if goes_on else "",
        stopped_looking=stopped_at is not None and not beyond,
        threshold=least,
    )


def suggestion_voices(suggestion: Contribution, *, voter: str, after: int, browser: str = "") -> SuggestionVoices:
    """Prepare one suggestion with its voices, and thirty of its comments, the oldest first, from a key on."""
    (heard,) = _heard(suggestion.member, [suggestion], voter=voter, browser=browser, longest=0)
    read = _public_comments().filter(on=suggestion, pk__gt=after).order_by("pk")
    found = list(read.select_related("contribution")[: COMMENTS_AT_ONCE + 1])
    more, found = len(found) > COMMENTS_AT_ONCE, found[:COMMENTS_AT_ONCE]
    return SuggestionVoices(
        heard=heard,
        remarks=tuple(_remark(one) for one in found),
        further=str(found[-1].pk) if more else "",
        threshold=threshold_of(suggestion.member),
    )


def first_place(consultation: Consultation, day: dt.date) -> int:
    """Give the place of the circle where the reading of a day begins: another each day, the same for everyone."""
    drawn = hashlib.sha256(f"{consultation.uid}:{day.isoformat()}".encode()).digest()
    return int.from_bytes(drawn[:8]) % CIRCLE


def public_of(member: Member, number: int) -> Contribution | None:
    """Find something published by its number, suggestion or comment; nothing where the public may not read it."""
    found = Contribution.everything.of(member).published().filter(erased_at=None, number=number)
    one = with_all(found).select_related("comment__on").first()
    if one is not None and one.kind == Contribution.Kind.COMMENT:
        on = one.comment.on
        if on.moderation != Contribution.Moderation.PUBLISHED or on.withdrawn_at or on.erased_at:
            return None
    return one


def suggestion_of(contribution: Contribution) -> Contribution:
    """Give the suggestion itself, or the one that a comment answers."""
    return contribution.comment.on if contribution.kind == Contribution.Kind.COMMENT else contribution


def due_flags(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say how many published things readers flagged that nobody has looked at. No rule sets a delay."""
    waiting = (
        Flag.objects.filter(contribution__member=member, settled_at=None)
        .filter(contribution__moderation="published", contribution__withdrawn_at=None, contribution__erased_at=None)
        .aggregate(n=Count("contribution", distinct=True))["n"]
    )
    if not waiting:
        return ()
    told = ngettext("Look at %(n)s thing that readers flagged", "Look at %(n)s things that readers flagged", waiting)
    return (
        Due(
            key="flags",
            label=told % {"n": dates.whole(waiting)},
            url=reverse("moderation", args=[member.slug]) + "?state=flagged",
            act=_("Look at them"),
            why=_("A reader thinks that it should not be published. No rule sets a delay."),
            deed="settle_flags",
            duty="civil-society",
        ),
    )


def _found(
    consultation: Consultation, asked: Asked, themes: Sequence[Theme], places: Sequence[Territory], least: int
) -> tuple[list[Contribution], tuple[int, int] | None]:
    """Find one more than a page shows; and, when looking stopped before the end, the place it stopped at."""
    theme = next((one for one in themes if one.code == asked.theme), None)
    place = next((one for one in places if one.code == asked.province), None)
    if (asked.theme and not theme) or (asked.province and not place):
        return [], None
    sifted = asked.narrows or asked.order != DAY
    most = LOOKED_THROUGH if sifted else AT_ONCE + 1
    window = _latest(consultation, asked, most) if asked.order == LATEST else _circle(consultation, asked, most)
    stopped_at = window[-1] if sifted and len(window) == most else None
    listed = _public(consultation).filter(pk__in=[key for _place, key in window])
    listed = listed.filter(suggestion__theme=theme) if theme else listed
    listed = listed.filter(suggestion__province=place) if place else listed
    if asked.order == UNHEARD and least > 1:
        # Heard by enough when there is a last of them: looked for no further than that one.
        ended = Vote.objects.filter(suggestion=OuterRef("suggestion"), voter=OuterRef("voter"), value=None)
        spoken = Vote.objects.filter(~Exists(ended), suggestion=OuterRef("pk"), was=None)
        listed = listed.exclude(Exists(spoken[least - 1 : least]))
    rank = {key: n for n, (_place, key) in enumerate(window)}
    kept = sorted(listed.values_list("pk", flat=True), key=rank.__getitem__)[: AT_ONCE + 1]
    found = {one.pk: one for one in with_all(Contribution.objects.filter(pk__in=kept))}
    return [found[key] for key in kept if key in found], stopped_at


def _public(consultation: Consultation) -> QuerySet[Contribution]:
    return Contribution.objects.filter(consultation=consultation, erased_at=None).published()


def _circle(consultation: Consultation, asked: Asked, most: int) -> list[tuple[int, int]]:
    """Walk the circle from the place of the day, or from where the reading was, along the index; once around."""
    begins = first_place(consultation, asked.day or today())
    public, steps = _public(consultation), []
    if asked.after is None or asked.after[0] >= begins:
        steps = [_on_from(public, begins, asked.after), public.filter(shuffle__lt=begins)]
    else:
        steps = [_on_from(public, 0, asked.after).filter(shuffle__lt=begins)]
    walked: list[tuple[int, int]] = []
    for step in steps:
        if len(walked) < most:
            walked += step.order_by("shuffle", "pk").values_list("shuffle", "pk")[: most - len(walked)]
    return walked


def _on_from(public: QuerySet[Contribution], begins: int, after: tuple[int, int] | None) -> QuerySet[Contribution]:
    if after is None:
        return public.filter(shuffle__gte=begins)
    place, key = after
    return public.filter(shuffle__gte=place).filter(Q(shuffle__gt=place) | Q(pk__gt=key))


def _latest(consultation: Consultation, asked: Asked, most: int) -> list[tuple[int, int]]:
    """Walk back along the member's published suggestions, from the latest: those of other consultations too."""
    walk = Contribution.objects.of(consultation.cycle.member).published()
    walk = walk.filter(pk__lt=asked.after[1]) if asked.after else walk
    return list(walk.latest_first().values_list("shuffle", "pk")[:most])


def _heard(
    member: Member, suggestions: Sequence[Contribution], *, voter: str, browser: str, longest: int = LONGEST
) -> tuple[Heard, ...]:
    keys = [one.pk for one in suggestions]
    counted, mine = tallies(member, keys), said_by(voter, keys, browser=browser) if voter else {}
    first: dict[int, list[Remark]] = defaultdict(list)
    totals: dict[int, int] = {}
    # The first of each suggestion, and how many each has, in one question.
    numbered = _public_comments().filter(on__in=keys).select_related("contribution")
    numbered = numbered.annotate(
        rank=Window(RowNumber(), partition_by=[F("on")], order_by="contribution"),
        n=Window(Count("pk"), partition_by=[F("on")]),
    ).filter(rank__lte=COMMENTS_IN_LIST)
    for comment in numbered.order_by("pk"):
        totals[comment.on_id] = comment.n
        first[comment.on_id].append(_remark(comment))
    return tuple(
        Heard(
            key=one.pk,
            number=one.number,
            voice=voice_of(one, longest=longest),
            tally=counted[one.pk],
            mine=mine.get(one.pk),
            remarks=tuple(first[one.pk]),
            comments=totals.get(one.pk, 0),
            address=reverse("suggestion_voices", args=[member.slug, one.number]),
        )
        for one in suggestions
    )


def _public_comments() -> QuerySet[Comment]:
    return Comment.objects.filter(
        contribution__moderation="published", contribution__withdrawn_at=None, contribution__erased_at=None
    )


def _remark(comment: Comment) -> Remark:
    one = comment.contribution
    return Remark(one.number, one.words.get("text", ""), tag_of(one.lang), timezone.localdate(one.received_at))
