"""Feeds of published suggestions, for whoever reads them without leaving an address: no author, no personal data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaks_filter
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.translation import gettext as _

from openregion.consultation import queries
from openregion.consultation.models import Contribution, Follow
from openregion.consultation.views.pieces import consultation_of
from openregion.core.audience import kept
from openregion.people.audience import AtMember
from openregion.people.models import Territory

AT_ONCE = 30


@kept
def consultation_feed(request: AtMember, member: str, slug: str) -> HttpResponse:
    """The latest published suggestions of a consultation."""
    one = consultation_of(request, slug)
    return _Published(Follow.Kind.CONSULTATION, slug, Contribution.objects.filter(consultation=one))(request)


@kept
def theme_feed(request: AtMember, member: str, slug: str, code: str) -> HttpResponse:
    """The latest published suggestions under a theme."""
    theme = consultation_of(request, slug).themes.filter(code=code).first()
    if theme is None:
        raise Http404(code)
    among = Contribution.objects.filter(consultation=theme.consultation_id, suggestion__theme=theme)
    return _Published(Follow.Kind.THEME, f"{slug}.{code}", among)(request)


@kept
def province_feed(request: AtMember, member: str, place: str) -> HttpResponse:
    """The latest published suggestions that speak of a province."""
    province = Territory.objects.of(request.member).filter(code=place).first()
    if province is None:
        raise Http404(place)
    among = Contribution.objects.filter(suggestion__province=province)
    return _Published(Follow.Kind.PROVINCE, place, among)(request)


class _Published(Feed):  # type: ignore[type-arg]
    """Django's own feed, of what is published and neither withdrawn nor erased."""

    feed_type = Atom1Feed

    def __init__(self, kind: str, subject: str, among: QuerySet[Contribution]) -> None:
        self.kind, self.subject, self.among = kind, subject, among

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find what the feed is about. Raises ``Http404`` where it is not there."""
        self.member = request.member  # type: ignore[attr-defined]
        what = queries.followed(self.member, self.kind, self.subject)
        if what is None:
            raise Http404(self.subject)
        return what

    def title(self, what: queries.Followed) -> str:
        """Name the feed after what it follows."""
        return _("Suggestions: %(what)s") % {"what": what.name}

    def link(self, what: queries.Followed) -> str:
        """Give the page of what it follows."""
        return what.url or reverse("consultations", args=[self.member.slug])

    def items(self) -> list[Contribution]:
        """Give the thirty published last: one that waited long for its approval is new to whoever reads the feed."""
        found = self.among.filter(member=self.member).published().filter(erased_at=None)  # type: ignore[attr-defined]
        return list(found.published_last_first().select_related("member")[:AT_ONCE])

    def item_title(self, one: Contribution) -> str:  # type: ignore[override]
        """Give its number and its first words."""
        number = _("Suggestion %(number)s") % {"number": one.number}
        return f"{number} · {queries.first_words(one)}"

    def item_description(self, one: Contribution) -> str:  # type: ignore[override]
        """Give its words as its author wrote them: a summary is read as HTML, so what looks like it is escaped."""
        words = linebreaks_filter(queries.whole_words(one), autoescape=True)
        return format_html('<div lang="{}" dir="auto">{}</div>', queries.tag_of(one.lang), words)

    def item_link(self, one: Contribution) -> str:
        """Give its page."""
        return queries.address_of("suggestion", self.member.slug, one.number)

    def item_guid(self, one: Contribution) -> str:
        """Give what stays the same wherever the platform moves."""
        return f"urn:uuid:{one.uid}"

    item_guid_is_permalink = False

    def item_pubdate(self, one: Contribution) -> dt.datetime:
        """Say when it came."""
        return one.received_at

    def item_updateddate(self, one: Contribution) -> dt.datetime:
        """Say when it was published, or came where it shows at once."""
        return one.moderated_at or one.received_at
