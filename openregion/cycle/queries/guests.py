"""Reading the guests of meetings: who is invited, what they answered, who came; for those who keep the list."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.analysis.disclosure import shown_cells
from openregion.core.official import OfficialText
from openregion.cycle.models import Invitation, Meeting
from openregion.cycle.queries.delays import value_of
from openregion.guide import queries as guides
from openregion.people.models import Body, Contact, Gender, Mandate, Member, OutgoingMail, User
from openregion.people.queries.mails import STATES as MAIL_STATES
from openregion.people.queries.mails import kept_in_outbox, reason_in_words
from openregion.people.rules import today

ANSWERS: dict[str, tuple[Promise, str]] = {
    "none": (gettext_lazy("No answer yet"), "idle"),
    "coming": (gettext_lazy("Coming"), "done"),
    "declined": (gettext_lazy("Not coming"), "late"),
    "represented": (gettext_lazy("Someone stands in"), "underway"),
}
SMALLEST_GROUP = "smallest-group-shown"
# Who sees names, addresses and answers: those who invite, take answers down, stand at the door, or erase someone.
GUESTS_SEEN_BY = frozenset({"invite_to_meeting", "record_answer", "check_in", "forget_guest"})


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Someone to invite, or who came uninvited: typed, taken from the directory, or holding a seat."""

    name: str
    organisation: str = ""
    category: str = ""
    gender: str = Gender.UNSAID
    email: str = ""
    lang: str = "fr"
    votes: bool = False
    contact: Contact | None = None
    mandate: Mandate | None = None
    user: User | None = None


@dataclass(frozen=True)
class Sending:
    """Where the convocation of a guest is: waiting, gone, refused and why, or kept here for want of a mail server."""

    label: str
    tone: str
    why: str = ""


@dataclass(frozen=True)
class GuestLine:
    """A guest as those who keep the list see them."""

    uid: str
    name: str
    seat: OfficialText
    organisation: str
    category: str
    email: str
    votes: bool
    sent_at: dt.datetime | None
    sending: Sending | None
    answer: str
    answer_code: str
    tone: str
    stand_in: str
    on_the_spot: bool
    attended: bool | None
    checked_in_at: dt.datetime | None
    erased: bool


@dataclass(frozen=True)
class Counted:
    """How many guests a meeting has, what they answered, how many came."""

    invited: int
    coming: int
    declined: int
    represented: int
    silent: int
    came: int
    without_address: int
    to_convene: int


def new_key() -> str:
    """Draw the key by which a guest answers: it stands in their link, and is kept hashed."""
    return secrets.token_urlsafe(24)


def hashed(key: str) -> str:
    """Give what is stored of a guest's key: a keyed hash, so that a stolen table opens no answer."""
    return hmac.new(settings.SECRET_KEY.encode(), b"answer:" + key.encode(), hashlib.sha256).hexdigest()


def invitation_by_key(member: Member, key: str) -> Invitation | None:
    """Find the guest whom a link was sent to; nothing for a wrong link, or one of another member's."""
    if not key:
        return None
    found = Invitation.objects.of(member).select_related("meeting__member", "meeting__body", "mandate")
    return found.filter(answer_hash=hashed(key)).first()


def guests_of(meeting: Meeting) -> QuerySet[Invitation]:
    """List a meeting's guests: those who hold a seat in their order, then the others as they were invited."""
    found = meeting.invitations.select_related("mandate__seat")
    return found.order_by("mandate__seat__rank", "pk")


def guest_lines(meeting: Meeting, member: Member, *, named: str = "") -> tuple[GuestLine, ...]:
    """Prepare the guests for those who keep the list; ``named`` keeps those whose name or organisation holds it."""
    categories, wanted = categories_of(member), named.casefold().strip()
    found = [one for one in guests_of(meeting) if wanted in f"{one.name} {one.organisation}".casefold()]
    letters = _convocations(member, found)
    # Those who hold a seat first: the databases do not agree on where nothing sorts.
    found.sort(key=lambda one: one.mandate_id is None)
    return tuple(
        GuestLine(
            uid=one.uid,
            name=one.name or _("Someone who asked to be erased"),
            seat=one.mandate.seat.title if one.mandate else {},
            organisation=one.organisation,
            category=categories.get(one.category, ""),
            email=one.email,
            votes=one.votes,
            sent_at=one.sent_at,
            sending=_sending(letters.get(once_of(one)) or letters.get(f"convene:{one.uid}")) if one.sent_at else None,
            answer=str(ANSWERS[one.answer][0]),
            answer_code=one.answer,
            tone=ANSWERS[one.answer][1],
            stand_in=one.stand_in,
            on_the_spot=one.on_the_spot,
            attended=one.attended,
            checked_in_at=one.checked_in_at,
            erased=not one.name,
        )
        for one in found
    )


def answer_in_words(guest: Invitation) -> str:
    """Say to a guest what they answered."""
    if guest.answer == Invitation.Answer.REPRESENTED:
        return _("%(name)s stands in for you.") % {"name": guest.stand_in}
    return {"coming": _("You are coming."), "declined": _("You are not coming.")}.get(guest.answer, "")


def once_of(guest: Invitation) -> str:
    """Name the convocation of a guest among messages; one sent again has another key, hence another name."""
    return f"convene:{guest.answer_hash[:12]}:{guest.uid}"


def _convocations(member: Member, guests: Iterable[Invitation]) -> dict[str, OutgoingMail]:
    names = [name for one in guests if one.sent_at for name in (once_of(one), f"convene:{one.uid}")]
    found = OutgoingMail.objects.of(member).filter(once__in=names) if names else OutgoingMail.objects.none()
    return {one.once: one for one in found.only("once", "state", "why_failed", "to")}


def _sending(mail: OutgoingMail | None) -> Sending | None:
    """Say where a convocation is; nothing where no message is kept of it."""
    if mail is None:
        return None
    if mail.state == OutgoingMail.State.FAILED:
        return Sending(str(MAIL_STATES["failed"]), "late", reason_in_words(mail.why_failed))
    if mail.state == OutgoingMail.State.SENT and kept_in_outbox():
        return Sending(
            _("To hand over yourself"),
            "late",
            _("No mail server is set up: the message stays in the outbox, and reached nobody."),
        )
    return Sending(
        str(MAIL_STATES[mail.state]),
        "done" if mail.state == OutgoingMail.State.SENT else "underway",
        reason_in_words(mail.why_failed),
    )


def counted(lines: Iterable[GuestLine]) -> Counted:
    """Count guests, answers and presence."""
    all_of_them = tuple(lines)
    invited = [one for one in all_of_them if not one.on_the_spot]
    answers = Counter(one.answer_code for one in invited)
    return Counted(
        invited=len(invited),
        coming=answers["coming"],
        declined=answers["declined"],
        represented=answers["represented"],
        silent=answers["none"],
        came=sum(one.attended is True for one in all_of_them),
        without_address=sum(not one.email and not one.erased for one in invited),
        to_convene=sum(bool(one.email) and one.sent_at is None for one in invited),
    )


def categories_of(member: Member) -> dict[str, str]:
    """Name the categories of the guide's directory."""
    lang = get_language() or "fr"
    return {one.code: one.label.in_(lang) for one in guides.guide(member.guide_version).directory}


@dataclass(frozen=True)
class CameByCategory:
    """Who came: those who hold a seat, and the others by category, so that nobody is recognised.

    ``total`` is everybody, and ``None`` where the others are too few for their
    number to be told; ``rest`` is the others whose category is not shown.
    """

    cells: tuple[tuple[str, int], ...]
    rest: int | None
    total: int | None
    seated: int
    nobody: bool

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """The others by category, those whose category is not shown together."""
        together = ((_("Several categories together"), self.rest),) if self.rest is not None else ()
        return (*self.cells, *together)

    @property
    def too_few(self) -> bool:
        """Whether others came, so few that their number would tell of someone."""
        return self.total is None and not self.nobody


def came_by_category(meeting: Meeting, member: Member) -> CameByCategory:
    """Count who came by category of the directory: the one count that the meeting's pages and its minutes give.

    Those who hold a seat are named in the minutes, and counted apart: the
    categories are of the others alone, everywhere, so that no page takes from
    another what it holds back. The smallest group shown is the guide's rule, or
    the member's own value, on the day of the reading.
    """
    names = {**categories_of(member), "": _("Other people")}
    came = meeting.invitations.filter(attended=True).values_list("category", "mandate")
    seated, totals = 0, Counter(dict.fromkeys(names, 0))
    for category, mandate in came:
        if mandate is None:
            totals[category if category in names else ""] += 1
        else:
            seated += 1
    smallest, others = int(value_of(member, SMALLEST_GROUP, today()).value or 0), totals.total()
    shown = shown_cells(totals, smallest)
    return CameByCategory(
        cells=tuple((label, shown.cells[code]) for code, label in names.items() if shown.cells.get(code)),
        rest=shown.rest,
        total=told_in_all(seated, others, smallest),
        seated=seated,
        nobody=not seated and not others,
    )


def told_in_all(seated: int, others: int, smallest: int) -> int | None:
    """Give how many came to a meeting, where it may be told: beside the seated, who are named, the others are many."""
    may = seated + others >= smallest and (not others or others >= smallest)
    return seated + others if may else None


def came_to(meetings: Any, smallest: int) -> dict[int, int | None]:
    """Say how many came to each of these meetings; ``None`` where it may not be told. Where nobody was noted, nothing.

    A sum is made of the figures that are told, and of no other: beside them, it
    would tell those that are not.
    """
    came = Invitation.objects.filter(meeting__in=meetings, attended=True).order_by().values_list("meeting")
    counted = came.annotate(all=Count("pk"), seated=Count("mandate"))
    return {key: told_in_all(seated, everybody - seated, smallest) for key, everybody, seated in counted}


def plain_name(text: str) -> str:
    """Give a name as it is compared: without accents, vowel signs, case nor more than one space."""
    apart = unicodedata.normalize("NFKD", text)
    return " ".join("".join(one for one in apart if not unicodedata.combining(one) and one != "ـ").casefold().split())


def seated_guests(body: Body, on: dt.date, *, member: Member | None = None) -> tuple[Guest, ...]:
    """List those who hold a seat of a body that day, as guests; those whose seat votes count for the quorum.

    Their address is their account's, else that of the one contact of the
    ``member``'s directory who bears their name, person or organisation.
    """
    held = Mandate.objects.filter(seat__body=body).held_on(on).select_related("seat", "holder")
    known = _contacts_by_name(member) if member else {}
    taken: set[int] = set()
    found = []
    for one in held.order_by("seat__rank", "pk"):
        contact = known.get(plain_name(one.holder_name))
        if contact and contact.pk in taken:
            contact = None  # a contact is invited once
        if contact:
            taken.add(contact.pk)
        found.append(_seated(one, contact))
    return tuple(found)


def _seated(one: Mandate, contact: Contact | None) -> Guest:
    source = one.holder or contact
    return Guest(
        name=one.holder_name,
        gender=one.gender,
        email=(one.holder.email if one.holder else "") or (contact.email if contact else ""),
        lang=source.lang if source else "fr",
        votes=one.seat.votes,
        mandate=one,
        user=one.holder,
        contact=contact,
    )


def _contacts_by_name(member: Member) -> dict[str, Contact]:
    """Find contacts by the name of the person, else of the organisation; a name that two bear finds nobody."""
    people: dict[str, list[Contact]] = defaultdict(list)
    organisations: dict[str, list[Contact]] = defaultdict(list)
    for one in Contact.objects.of(member).present().order_by("pk"):
        for named, name in ((people, one.name), (organisations, one.organisation)):
            if name:
                named[plain_name(name)].append(one)
    found = {name: those[0] for name, those in organisations.items() if len(those) == 1}
    return found | {name: those[0] for name, those in people.items() if len(those) == 1}


def guest_from(contact: Contact) -> Guest:
    """Make a guest of a contact of the directory."""
    return Guest(
        name=contact.name or contact.organisation,
        organisation=contact.organisation if contact.name else "",
        category=contact.category,
        gender=contact.gender,
        email=contact.email,
        lang=contact.lang,
        contact=contact,
    )


def contacts_to_invite(member: Member) -> QuerySet[Contact]:
    """List the contacts of the directory, by category; whoever is a guest already is skipped when they are invited."""
    return Contact.objects.of(member).present().order_by("category", "pk")
