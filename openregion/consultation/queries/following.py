"""What can be followed, by which name, and who is to be told this week."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.consultation import keys
from openregion.consultation.models import Consultation, Contribution, Follow, Theme
from openregion.consultation.queries.words import address_of
from openregion.core import languages
from openregion.core.official import OfficialText, text_in
from openregion.people.models import Member, Territory
from openregion.record.models import JournalLine

Subject = tuple[str, str]
EVERY = dt.timedelta(days=7)  # news leave once a week at most


@dataclass(frozen=True)
class Followed:
    """Something that can be followed: its kind, its public name, what it is called, its page."""

    kind: str
    subject: str
    name: str
    url: str


def followed(member: Member, kind: str, subject: str) -> Followed | None:
    """Find what an address asks to follow; nothing where it is not public, or not there."""
    return followed_by_name(member, [(kind, subject)]).get((kind, subject))


def followed_by_name(member: Member, wanted: Iterable[Subject]) -> dict[Subject, Followed]:
    """Name in the page's language all that is followed, in as many questions whatever their number."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for kind, subject in wanted:
        by_kind[kind].add(subject)
    kinds = Follow.Kind
    return {
        **_consultations(member, by_kind.get(kinds.CONSULTATION, set())),
        **_themes(member, by_kind.get(kinds.THEME, set())),
        **_provinces(member, by_kind.get(kinds.PROVINCE, set())),
        **_suggestions(member, by_kind.get(kinds.SUGGESTION, set())),
    }


def follow_of(member: Member, key: str) -> Follow | None:
    """Find the follow that a link opens, by its hash; nothing where it was stopped or forgotten."""
    return Follow.objects.filter(member=member, key_hash=keys.hashed(key)).first()


def follows_due(member: Member, *, at: dt.datetime) -> tuple[tuple[Follow, ...], ...]:
    """Group by address those whose week is over: whoever was told anything within seven days waits.

    Counted in days, so that a round a few minutes early does not skip a day.
    """
    by_address: dict[str, list[Follow]] = defaultdict(list)
    for one in Follow.objects.filter(member=member).exclude(confirmed_at=None).order_by("pk"):
        by_address[one.email.lower()].append(one)
    return tuple(tuple(theirs) for theirs in by_address.values() if all(is_due(one, at=at) for one in theirs))


def is_due(follow: Follow, *, at: dt.datetime) -> bool:
    """Say whether a week has passed since somebody was told, if they ever were."""
    return follow.told_at is None or timezone.localdate(follow.told_at) + EVERY <= timezone.localdate(at)


def last_line_of(member: Member) -> int:
    """Give the number of the member's last journal line: news are counted from there."""
    found = JournalLine.objects.of(member.slug).order_by("-pk").values_list("pk", flat=True).first()
    return found or 0


def _said(text: OfficialText) -> str:
    return text_in(text, languages.body_lang(get_language() or "fr"))


def _consultations(member: Member, slugs: set[str]) -> dict[Subject, Followed]:
    if not slugs:
        return {}
    kind = Follow.Kind.CONSULTATION.value
    return {
        (kind, one.slug): Followed(
            kind, one.slug, _said(one.title), reverse("consultation", args=[member.slug, one.slug])
        )
        for one in Consultation.objects.of(member).filter(slug__in=slugs)
    }


def _themes(member: Member, names: set[str]) -> dict[Subject, Followed]:
    if not names:
        return {}
    kind, slugs = Follow.Kind.THEME.value, {name.partition(".")[0] for name in names}
    found = {}
    rows = Theme.objects.filter(consultation__cycle__member=member, consultation__slug__in=slugs)
    for one in rows.select_related("consultation"):
        name = f"{one.consultation.slug}.{one.code}"
        if name in names:
            said = _("%(theme)s (%(consultation)s)") % {
                "theme": _said(one.name),
                "consultation": _said(one.consultation.title),
            }
            url = address_of("suggestions", member.slug, query=f"?theme={name}")
            found[kind, name] = Followed(kind, name, said, url)
    return found


def _provinces(member: Member, codes: set[str]) -> dict[Subject, Followed]:
    if not codes:
        return {}
    kind, lang = Follow.Kind.PROVINCE.value, get_language() or "fr"
    return {
        (kind, one.code): Followed(
            kind, one.code, one.name_in(lang), address_of("suggestions", member.slug, query=f"?province={one.code}")
        )
        for one in Territory.objects.of(member).filter(code__in=codes)
    }


def _suggestions(member: Member, numbers: set[str]) -> dict[Subject, Followed]:
    known = {
        int(one) for one in numbers if one.isascii() and one.isdecimal() and len(one) < 10 and str(int(one)) == one
    }
    if not known:
        return {}
    kind = Follow.Kind.SUGGESTION.value
    public = Contribution.objects.of(member).filter(moderation="published", number__in=known)
    return {
        (kind, str(number)): Followed(
            kind,
            str(number),
            _("Suggestion %(number)s") % {"number": number},
            address_of("suggestion", member.slug, number),
        )
        for number in public.values_list("number", flat=True)
    }
