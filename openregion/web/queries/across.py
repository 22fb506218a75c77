"""The journal, search and the demonstration's people: what the pages across rooms show, as plain values."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.admission import queries as admissions
from openregion.consultation import queries as consultations
from openregion.core import dates, languages
from openregion.core.page import twin
from openregion.cycle import queries as cycles
from openregion.diagnosis import queries as diagnoses
from openregion.guide import queries as guides
from openregion.guide.schema import Text
from openregion.people import queries as people
from openregion.people.deeds import label as deed_label
from openregion.people.models import Appointment, Authority, Body, Member, User
from openregion.people.rules import deeds_of, today
from openregion.plan import queries as plans
from openregion.record import queries as records
from openregion.record.queries import JournalPage, Line, Sentence
from openregion.registers import queries as registers

SUGGESTION = "suggestion"
KINDS: dict[str, Any] = {
    **cycles.KINDS,
    **cycles.PUBLISHED_KINDS,
    **people.KINDS,
    **consultations.KINDS,
    **diagnoses.KINDS,
    **plans.KINDS,
    **admissions.FINDABLE_KINDS,
    **registers.FINDABLE_KINDS,
}
DEFAULT_ACCENT = Member._meta.get_field("accent").default


@dataclass(frozen=True)
class Choice:
    """A way to narrow a list: what goes into the address, what is read, and whether it is chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class PartOfTheLine:
    """The candidacy, or the plan: its name, and its stages as the drawing asks."""

    label: str
    stages: list[dict[str, object]]


@dataclass(frozen=True)
class JournalAsRead:
    """The journal's page as it is shown: sentences by day, ways to narrow it, what was asked."""

    days: tuple[tuple[str, tuple[Sentence, ...]], ...]
    page: JournalPage
    deeds: tuple[Choice, ...]
    months: tuple[Choice, ...]
    asked: str


@dataclass(frozen=True)
class Found:
    """A page that search found, with the name of its kind, and its language where it is not the page's."""

    kind: str
    title: str
    excerpt: str
    path: str
    lang: str


def line_of_stages(member: Member, only: str = "") -> tuple[PartOfTheLine, ...]:
    """Draw the stages of the member's method, part by part, or of ``only`` one part, in the page's language."""
    book = guides.guide(member.guide_version)
    parts = dict.fromkeys(one.part for one in book.stages if only in ("", one.part))
    return tuple(PartOfTheLine(cycles.part_name(part), cycles.drawn_stages(member, book, part)) for part in parts)


@dataclass(frozen=True)
class Step:
    """One thing a new space still lacks: what to do, why, and where."""

    label: str
    why: str
    address: str


def first_steps(user: User | AnonymousUser, member: Member) -> tuple[Step, ...]:
    """List what a space still lacks that this person may give it, in the order it helps."""
    may = deeds_of(user, member)
    if not may:
        return ()
    authority = Authority.objects.of(member).select_related("territory")[0]
    code = authority.territory.code
    bodies = Body.objects.of(member).exists()
    contact = Appointment.objects.of(member).held_on(today()).filter(role="point-of-contact").exists()
    steps = (
        (
            "set_up_usual_bodies",
            bodies,
            _("Set up the usual bodies"),
            _("Council, bureau, consultative bodies, administration: all at once."),
            reverse("usual_bodies", args=[member.slug, code]),
        ),
        (
            "set_council_mandate",
            authority.mandate_ends_on,
            _("Say when the Council's mandate ends"),
            _("OGP's sixteen months are counted from that day."),
            reverse("council_mandate", args=[member.slug, code]),
        ),
        (
            "appoint",
            contact,
            _("Name the point of contact"),
            _("They receive an invitation and find their work here."),
            reverse("appoint", args=[member.slug]),
        ),
        (
            "choose_accent",
            member.accent != DEFAULT_ACCENT,
            _("Choose the colour of the space"),
            _("One deep colour, checked so that it can be read."),
            reverse("look", args=[member.slug]),
        ),
    )
    lacking = [Step(label, why, address) for deed, done, label, why, address in steps if deed in may and not done]
    return tuple(lacking) if len(lacking) > 1 else ()


def members_without_index() -> tuple[str, ...]:
    """List the members whose method search does not find: their space was just opened, or the database is new."""
    indexed = records.members_indexed(kind="stage")
    return tuple(slug for slug in Member.objects.order_by("slug").values_list("slug", flat=True) if slug not in indexed)


def is_administrator(user: User) -> bool:
    """Say whether someone administers any member of this instance today."""
    return Appointment.objects.held_on(today()).filter(user=user, role="administrator").exists()


def addresses_administered_by(user: User) -> frozenset[str]:
    """List the addresses of the people appointed where someone is administrator: whose mail they may read.

    Never those of another member's people: a waiting sign-in code is a key.
    """
    held = Appointment.objects.held_on(today())
    mine = held.filter(user=user, role="administrator").values("member")
    elsewhere = set(held.exclude(member__in=mine).values_list("user__email", flat=True))
    return frozenset(set(held.filter(member__in=mine).values_list("user__email", flat=True)) - elsewhere)


def journal_as_read(member: Member, *, number: str, deed: str, month: str) -> JournalAsRead:
    """Give a page of the journal as sentences under their days, with what it can be narrowed to."""
    lang = get_language() or "fr"
    found = records.page_of_journal(member.slug, number=number, verb=deed, month=month)
    chosen = {"deed": deed, "month": month}
    deeds = sorted((Choice(verb, name_of_deed(verb), verb == deed) for verb in found.verbs), key=lambda one: one.label)
    months = tuple(Choice(f"{one:%Y-%m}", dates.month(one, lang), f"{one:%Y-%m}" == month) for one in found.months)
    return JournalAsRead(
        days=by_day(found.sentences),
        page=found,
        deeds=tuple(deeds),
        months=months,
        asked="&".join(f"{name}={value}" for name, value in chosen.items() if value),
    )


def by_day(sentences: Iterable[Sentence]) -> tuple[tuple[str, tuple[Sentence, ...]], ...]:
    """Gather sentences under the day they happened, written in the page's language."""
    lang = get_language() or "fr"
    gathered: dict[str, list[Sentence]] = {}
    for one in sentences:
        gathered.setdefault(dates.day(one.when.date(), lang), []).append(one)
    return tuple((day, tuple(those)) for day, those in gathered.items())


def name_of_deed(verb: str) -> str:
    """Name a deed in the page's language, as the head of a list does."""
    name = deed_label(verb)
    return name[:1].upper() + name[1:]


def find(member: Member, *, q: str, kind: str) -> tuple[Found, ...]:
    """Search the member's pages in the language the page's body is in; suggestions in whatever people wrote them.

    An official page exists in each language and is found in the one that is
    read. A suggestion exists in one only: those in other languages come after.
    """
    lang = get_language() or "fr"
    body = languages.body_lang(lang)
    hits = records.search(q, lang=body, member_code=member.slug, kinds=[kind] if kind else None, limit=50)
    if kind in ("", SUGGESTION):
        for other in languages.WORKING:
            if other != body:
                hits += records.search(q, lang=other, member_code=member.slug, kinds=[SUGGESTION], limit=20)
    # Under /zgh/ what is found is in French, and its address stays under /zgh/.
    return tuple(
        Found(
            name_of_kind(one.kind), one.title, one.excerpt, twin(one.path, lang), "" if one.lang == body else one.lang
        )
        for one in hits
    )


def name_of_kind(kind: str) -> str:
    """Name a kind of page that search finds; nothing for one that has no name."""
    return str(KINDS.get(kind, ""))


def kinds_to_choose(member: Member, chosen: str) -> tuple[Choice, ...]:
    """List the kinds of page that search can be narrowed to."""
    lang = languages.body_lang(get_language() or "fr")
    kinds = set(records.kinds_found(member.slug, lang))
    others = (records.kinds_found(member.slug, other) for other in languages.WORKING if other != lang)
    if any(SUGGESTION in found for found in others):
        kinds.add(SUGGESTION)
    named = [(name_of_kind(kind), kind) for kind in kinds]
    return tuple(Choice(kind, name, kind == chosen) for name, kind in sorted(named) if name)


def lines_as_csv(lines: Iterable[Line]) -> Iterator[str]:
    """Write lines of the journal as CSV, one piece at a time; a byte order mark so that Excel reads Arabic."""
    head = [field.name for field in dataclasses.fields(Line)]
    yield "\ufeff" + _row(head)
    for line in lines:
        values = dataclasses.asdict(line) | {
            "at": line.at.isoformat(),
            "facts": json.dumps(line.facts, ensure_ascii=False),
        }
        yield _row(["" if values[name] is None else values[name] for name in head])


def lines_as_json(lines: Iterable[Line]) -> Iterator[str]:
    """Write lines of the journal as one JSON list, one piece at a time."""
    opening = "["
    for line in lines:
        yield opening + json.dumps(dataclasses.asdict(line), cls=DjangoJSONEncoder, ensure_ascii=False)
        opening = ",\n"
    yield "[]" if opening == "[" else "]"


def _row(values: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()


@dataclass(frozen=True)
class Player:
    """Someone of the demonstration whom a visitor may be: their appointment, role and self."""

    uid: str
    name: str
    role: Text
    about: Text
    user: User


def people_of_the_demonstration(member: Member) -> tuple[Player, ...]:
    """List the people of an invented member, with what each may do."""
    roles = {role.code: role for role in guides.guide(member.guide_version).roles}
    held = Appointment.objects.of(member).held_on(today()).select_related("user").order_by("pk")
    return tuple(
        Player(one.uid, one.user.name, roles[one.role].label, roles[one.role].about, one.user)
        for one in held
        if one.role in roles
    )
