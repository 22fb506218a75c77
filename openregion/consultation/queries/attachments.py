"""What was given with words, in plain values: photos, recordings and documents; recordings to be written down."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Min, QuerySet
from django.db.models.aggregates import Count
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.consultation.models import Attachment, Contribution, Sealed
from openregion.consultation.queries.words import PARTS, address_of, tag_of
from openregion.core import dates
from openregion.core.due import Due
from openregion.people.models import Member

# What no browser plays: the recording is handed over to a program that does.
UNPLAYED = frozenset({"audio/amr", "audio/3gpp"})


@dataclass(frozen=True)
class Given:
    """A file given with words: where it is handed out, what it is, how big.

    ``waits`` says that a recording is not written down yet. ``mine`` is where
    its author asks for it, with the code.
    """

    kind: str
    url: str
    mine: str
    ending: str
    size: str
    plays: bool
    waits: bool


@dataclass(frozen=True)
class Other:
    """Another suggestion: its number, its page."""

    number: int
    url: str


@dataclass(frozen=True)
class Files:
    """All that was given with one suggestion, and the other suggestions that it adds to or that add to it.

    ``withheld`` says that there are files, and that they are not shown because a third person's data was masked.
    """

    number: int
    given: tuple[Given, ...] = ()
    withheld: bool = False
    adds_to: Other | None = None
    added: tuple[Other, ...] = ()


@dataclass(frozen=True)
class ToWriteDown:
    """A recording that nobody has written down yet: of which suggestion, since when."""

    uid: str
    number: int
    received_at: dt.datetime
    tag: str
    tongue: str
    has_words: bool


@dataclass(frozen=True)
class Recording:
    """A recording before whoever writes it down: the player, what surrounds it, what is written already."""

    number: int
    given: Given
    tongue: str
    tag: str
    parts: tuple[tuple[str, str], ...]
    written: str
    written_in: str
    following: str


def files_of(contribution: Contribution, *, by_author: bool = False) -> Files:
    """Give what came with a suggestion, and what it adds to or was added to it; what is not public is left out.

    Its author is given their own files, whatever was masked.
    """
    public = Contribution.objects.published().filter(erased_at=None)
    suggestion = getattr(contribution, "suggestion", None)
    key = suggestion.adds_to_id if suggestion else None
    added = public.filter(suggestion__adds_to=contribution).order_by("pk").values_list("number", flat=True)[:20]
    completed = public.filter(pk=key).values_list("number", flat=True).first() if key else None
    slug = contribution.member.slug
    given = given_with(contribution)
    withheld = bool(given) and not by_author and Sealed.objects.filter(contribution=contribution).exists()
    return Files(
        number=contribution.number,
        given=() if withheld else given,
        withheld=withheld,
        adds_to=_other(slug, completed) if completed else None,
        added=tuple(_other(slug, number) for number in added),
    )


def given_with(contribution: Contribution) -> tuple[Given, ...]:
    """Give the files of a contribution, the recording first: it is what was said."""
    attached = [one for one in contribution.attachments.all() if one.file is not None]
    order = [Attachment.Kind.VOICE, Attachment.Kind.PHOTO, Attachment.Kind.DOCUMENT]
    slug = contribution.member.slug
    return tuple(_given(one, slug) for one in sorted(attached, key=lambda one: order.index(Attachment.Kind(one.kind))))


def attachment_of(member: Member, uid: str) -> Attachment | None:
    """Find a file given to this member, with its contribution."""
    found = Attachment.objects.filter(contribution__member=member, uid=uid).exclude(file=None)
    return found.select_related("file", "contribution__member", "contribution__consultation__cycle__member").first()


def to_write_down(member: Member) -> QuerySet[Attachment]:
    """Give the recordings that nobody has written down, oldest first; hidden and withdrawn ones need no writing."""
    states = (Contribution.Moderation.PENDING, Contribution.Moderation.PUBLISHED)
    waiting = Attachment.objects.filter(
        kind=Attachment.Kind.VOICE, transcribed_at=None, contribution__member=member,
        contribution__moderation__in=states, contribution__withdrawn_at=None, contribution__erased_at=None,
    ).exclude(file=None)  # fmt: skip
    return waiting.order_by("pk")


def recordings_in(found: list[Attachment]) -> tuple[ToWriteDown, ...]:
    """Prepare recordings for the list of those that wait."""
    return tuple(
        ToWriteDown(
            uid=one.uid,
            number=one.contribution.number,
            received_at=one.contribution.received_at,
            tag=tag_of(one.contribution.lang),
            tongue=one.contribution.lang,
            has_words=bool(one.contribution.words),
        )
        for one in found
    )


def recording(one: Attachment) -> Recording:
    """Prepare a recording for whoever writes it down."""
    contribution = one.contribution
    said = [(str(label), contribution.words.get(part, "")) for part, label in PARTS.items() if part != "spoken"]
    following = to_write_down(contribution.member).filter(pk__gt=one.pk).values_list("uid", flat=True).first()
    return Recording(
        number=contribution.number,
        given=_given(one, contribution.member.slug),
        tongue=contribution.lang,
        tag=tag_of(contribution.lang),
        parts=tuple((label, text) for label, text in said if text),
        written=contribution.words.get("spoken", ""),
        written_in=one.transcript_lang or contribution.lang,
        following=following or "",
    )


def due_recordings(member: Member) -> tuple[Due, ...]:
    """Say how many recordings wait to be written down, and since when; no rule sets a delay."""
    counted = to_write_down(member).order_by().aggregate(n=Count("pk"), first=Min("contribution__received_at"))
    n, since = counted["n"], counted["first"]
    if not n:
        return ()
    day = dates.day(timezone.localdate(since), get_language() or "fr")
    return (
        Due(
            key="recordings",
            label=ngettext("Write down %(n)s recording", "Write down %(n)s recordings", n) % {"n": n},
            url=reverse("recordings", args=[member.slug]),
            act=_("Listen"),
            why=_("The oldest has been waiting since %(day)s. No rule sets a delay.") % {"day": day},
            deed="transcribe_recording",
            duty="civil-society",
        ),
    )


def _other(slug: str, number: int) -> Other:
    return Other(number, address_of("suggestion", slug, number))


def _given(one: Attachment, slug: str) -> Given:
    assert one.file is not None  # callers leave out what was deleted
    return Given(
        kind=one.kind,
        url=reverse("attachment", args=[slug, one.uid]),
        mine=reverse("my_attachment", args=[slug, one.uid]),
        ending=one.file.name.rsplit(".", 1)[-1].upper(),
        size=filesizeformat(one.file.size),
        plays=one.file.media_type not in UNPLAYED,
        waits=one.kind == Attachment.Kind.VOICE and one.transcribed_at is None,
    )
