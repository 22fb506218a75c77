"""The directory of those the Region works with: its public list, its staff pages, who cannot be reached any more."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.analysis.normaliser import plain
from openregion.core import languages, telephone
from openregion.guide import queries as guides
from openregion.people.models import Contact, ContactAttempt, Member
from openregion.record.models import JournalLine

IN_VAIN = 3  # attempts without an answer, one after the other, after which a contact cannot be reached
CHANNELS: dict[str, Promise] = {
    "letter": gettext_lazy("Letter by post"),
    "email": gettext_lazy("E-mail"),
    "telephone": gettext_lazy("Telephone"),
    "visit": gettext_lazy("Visit"),
}
OUTCOMES: dict[str, Promise] = {
    "reached": gettext_lazy("Reached"),
    "no-answer": gettext_lazy("No answer"),
    "wrong-address": gettext_lazy("Wrong address or number"),
}
GENDERS: dict[str, Promise] = {
    "unsaid": gettext_lazy("Not said"),
    "woman": gettext_lazy("Woman"),
    "man": gettext_lazy("Man"),
}


@dataclass(frozen=True)
class PrintedAddress:
    """An address the guide prints: what for, as printed in 2021, today's when it is known and differs."""

    code: str
    text: Any
    printed: str
    today: str
    place: str
    source: str


@dataclass(frozen=True)
class Listed:
    """An organisation that agreed to stand in the public list, and where it is."""

    organisation: str
    place: str


@dataclass(frozen=True)
class Category:
    """A category of the guide's directory, and what stands in it."""

    code: str
    label: Any
    contacts: tuple[Any, ...]


@dataclass(frozen=True)
class ContactLine:
    """A contact as the team sees it in the list."""

    uid: str
    title: str
    person: str
    function: str
    email: str
    telephone: str
    place: str
    public: bool
    last_reached: dt.date | None
    unreachable: str
    retired_on: dt.date | None


@dataclass(frozen=True)
class AttemptLine:
    """An attempt to reach a contact, in words."""

    on: dt.date
    channel: str
    outcome: str
    reached: bool
    about: str


@dataclass(frozen=True)
class ContactPage:
    """A contact, with the log of attempts to reach it."""

    line: ContactLine
    category: Any
    language: str
    telephone_link: str
    added_on: dt.date
    attempts: tuple[AttemptLine, ...]


def printed_addresses(member: Member) -> tuple[PrintedAddress, ...]:
    """Give the addresses the member's guide prints, "as printed in 2021 / today" (row A6)."""
    return tuple(
        PrintedAddress(one.code, one.text, one.printed, one.today or "", one.place, one.source)
        for one in guides.guide(member.guide_version).book.contacts
    )


def support_unit(member: Member) -> tuple[Any, ...]:
    """Give the guide's words on the Support Unit, to which it prints no address."""
    return tuple(one.text for one in guides.guide(member.guide_version).book.support_unit)


def public_directory(member: Member) -> tuple[Category, ...]:
    """List the organisations that agreed to be named, category by category; no address, no person."""
    found = Contact.objects.of(member).present().filter(public=True).exclude(organisation="").by_name()
    rows = [(one.category, Listed(one.organisation, _place(one))) for one in found.select_related("territory")]
    rows.sort(key=lambda row: plain(row[1].organisation))
    named = {(code, plain(one.organisation)): (code, one) for code, one in rows}
    return tuple(one for one in _by_category(member, list(named.values())) if one.contacts)


def directory(member: Member, *, retired: bool = False) -> tuple[Category, ...]:
    """List the contacts for those who keep them, category by category; every category of the guide is shown."""
    found = Contact.objects.of(member).by_name().select_related("territory").filter(retired_on__isnull=not retired)
    contacts = list(found)
    lines = _lines(member, contacts)
    rows = [(one.category, lines[one.pk]) for one in contacts]
    rows.sort(key=lambda row: plain(row[1].title))
    return _by_category(member, rows)


def contact_page(contact: Contact) -> ContactPage:
    """Give a contact with every attempt to reach it, the latest first."""
    category: Any = next(
        (one.label for one in guides.guide(contact.member.guide_version).directory if one.code == contact.category), {}
    )
    return ContactPage(
        line=_lines(contact.member, [contact])[contact.pk],
        category=category,
        language=next((one.own_name for one in languages.ALL if one.code == contact.lang), contact.lang),
        telephone_link=contact.telephone,
        added_on=contact.added_on,
        attempts=tuple(
            AttemptLine(
                one.on,
                str(CHANNELS[one.channel]),
                str(OUTCOMES[one.outcome]),
                one.outcome == ContactAttempt.Outcome.REACHED,
                one.about,
            )
            for one in contact.attempts.all()
        ),
    )


def unreachable(member: Member) -> tuple[ContactLine, ...]:
    """List the contacts that cannot be reached any more: a wrong address, or three attempts without an answer."""
    contacts = list(Contact.objects.of(member).present().select_related("territory").by_name())
    return tuple(line for line in _lines(member, contacts).values() if line.unreachable)


def contact_title(contact: Contact) -> str:
    """Name a contact: the organisation, or else the person."""
    return contact.organisation or contact.name


def contact_url(member: Member, uid: str) -> str:
    """Give the address of a contact's page."""
    return reverse("contact", args=[member.slug, uid])


def _lines(member: Member, contacts: Sequence[Contact]) -> dict[int, ContactLine]:
    attempts: dict[int, list[ContactAttempt]] = defaultdict(list)
    for attempt in ContactAttempt.objects.filter(contact__in=contacts).order_by("-on", "-pk"):
        attempts[attempt.contact_id].append(attempt)
    moved = _moved_on(member)
    return {one.pk: _line(one, attempts[one.pk], moved) for one in contacts}


def _moved_on(member: Member) -> Mapping[str, dt.datetime]:
    """Say since when each contact has the address it has, where it was corrected."""
    lines = JournalLine.objects.filter(member_code=member.slug, verb="revise_contact", facts__moved=True)
    return dict(lines.order_by("pk").values_list("subject_uid", "at"))


def _line(contact: Contact, attempts: Sequence[ContactAttempt], moved: Mapping[str, dt.datetime]) -> ContactLine:
    reached = next((one.on for one in attempts if one.outcome == ContactAttempt.Outcome.REACHED), None)
    since = moved[contact.uid].date() if contact.uid in moved else None
    return ContactLine(
        uid=contact.uid,
        title=contact_title(contact),
        person=contact.name if contact.organisation else "",
        function=contact.function,
        email=contact.email,
        telephone=telephone.spaced(contact.telephone),
        place=_place(contact),
        public=contact.public,
        last_reached=reached,
        unreachable=_why_unreachable(attempts, since),
        retired_on=contact.retired_on,
    )


def _why_unreachable(attempts: Iterable[ContactAttempt], since: dt.date | None) -> str:
    """Say why a contact cannot be reached; empty when it can, as far as anybody knows.

    What was tried before its address was corrected does not count.
    """
    in_vain = 0
    for one in attempts:
        if one.outcome == ContactAttempt.Outcome.REACHED or (since and one.on <= since):
            break
        if one.outcome == ContactAttempt.Outcome.WRONG_ADDRESS:
            return _("The address or number is wrong.")
        in_vain += 1
    return _("Nobody answered, three times or more.") if in_vain >= IN_VAIN else ""


def _place(contact: Contact) -> str:
    return contact.territory.name_in(get_language() or "fr") if contact.territory else ""


def _by_category(member: Member, rows: Iterable[tuple[str, Any]]) -> tuple[Category, ...]:
    within: dict[str, list[Any]] = defaultdict(list)
    for code, one in rows:
        within[code].append(one)
    book = guides.guide(member.guide_version)
    known = [Category(one.code, one.label, tuple(within.pop(one.code, ()))) for one in book.directory]
    # A category that a newer version of the guide no longer has.
    return (*known, *(Category(code, {}, tuple(left)) for code, left in within.items()))
