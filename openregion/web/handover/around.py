"""What surrounds a cycle in the pack: announcements, bodies and their seats, exchanges, activities among peers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.cycle.models import Announcement, Cycle
from openregion.cycle.queries.communication import KINDS_TO_SAY
from openregion.guide import queries as guides
from openregion.people.models import Body, Mandate, Seat
from openregion.people.queries import cited
from openregion.record.models import StoredFile
from openregion.registers import queries as registers
from openregion.registers.models import Exchange, PeerActivity
from openregion.web.handover.page import Block, PackPage, day_in_words, facts, spoken
from openregion.web.handover.papers import Papers
from openregion.web.handover.reach import running_in, within
from openregion.web.queries.voice import official


def announcements(cycle: Cycle, papers: Papers, *, inner: bool = False) -> PackPage:
    """Give what was published, in its words, with where; or, kept inside, what is still planned."""
    found = Announcement.objects.filter(cycle=cycle, published_on__isnull=inner)
    blocks = tuple(
        Block(
            title=official(one.title),
            when=day_in_words(one.published_on or one.planned_on),
            facts=facts(
                (_("Kind"), str(KINDS_TO_SAY[one.kind])),
                *(
                    (_("Published in"), _out(out.where, day_in_words(out.on), out.url))
                    for out in one.publications.all()
                ),
            ),
            texts=spoken(_("Words"), one.text),
            links=papers.of(*(out.file for out in one.publications.all()), inner=inner),
        )
        for one in found.prefetch_related("publications__file")
    )
    if inner:
        lead = _("What was planned and not published.")
        return PackPage("announcements", _("Announcements planned"), lead, blocks, inner=True)
    lead = _("What was told to everyone, in which words, and where it was published.")
    return PackPage("announcements", _("Announcements"), lead, blocks)


def _out(where: str, day: str, url: str) -> str:
    return " · ".join(filter(None, (where, day, url)))


def bodies(cycle: Cycle, papers: Papers) -> PackPage:
    """Give the bodies with their acts and rules, their seats and who held them: names public with the office."""
    book, lang = guides.guide(cycle.member.guide_version), get_language() or "fr"
    ours = Body.objects.of(cycle.member)
    seats: dict[int, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.filter(body__in=ours).order_by("rank", "pk"):
        seats[seat.body_id].append(seat)
    held: dict[int, list[Mandate]] = defaultdict(list)
    mandates = running_in(Mandate.objects.filter(seat__body__in=ours), cycle).select_related("act__file")
    for mandate in mandates.order_by("starts_on", "pk"):
        held[mandate.seat_id].append(mandate)
    blocks = []
    for body in ours.select_related("act__file", "rules_file"):
        kind = guides.body_kind(book, body.kind)
        own = [one for seat in seats[body.pk] for one in held[seat.pk]]
        blocks.append(
            Block(
                title=official(body.name),
                when=cited(body.act) if body.act else "",
                facts=facts(
                    (_("Kind"), kind.title.in_(lang) if kind else body.kind),
                    (_("Dissolved on"), day_in_words(body.dissolved_on)),
                    *(pair for seat in seats[body.pk] for pair in _holders(seat, held[seat.pk])),
                ),
                texts=(*spoken(_("Remit"), body.remit), *spoken(_("Rules"), body.rules)),
                links=papers.of(*_once(body.act, *(one.act for one in own)), body.rules_file),
            )
        )
    lead = _("The bodies, the acts that set them up, their seats and who held them during the cycle.")
    return PackPage("bodies", _("Bodies and seats"), lead, tuple(blocks))


def _holders(seat: Seat, held: list[Mandate]) -> Iterator[tuple[str, str]]:
    title = official(seat.title).text if seat.title else _("Seat")
    if not held:
        yield title, _("vacant")
    for one in held:
        days = f"{day_in_words(one.starts_on)} – {day_in_words(one.ends_on)}".rstrip(" –")
        yield title, " · ".join(filter(None, (one.holder_name, days, cited(one.act) if one.act else "")))


def _once(*acts: object) -> tuple[StoredFile | None, ...]:
    """Give the file of each act once: one act fills many seats."""
    found = {one.file.uid: one.file for one in acts if one is not None and one.file}  # type: ignore[attr-defined]
    return tuple(found.values())


def exchanges(cycle: Cycle, papers: Papers, *, inner: bool = False) -> PackPage:
    """Give with whom, when, by which means and about what; kept inside, the summaries, the contacts and the files."""
    found = within(Exchange.objects.of(cycle.member), cycle, "on").select_related("file", "contact")
    blocks = tuple(
        Block(
            title=official(one.subject),
            when=day_in_words(one.on),
            facts=facts(
                (_("With"), str(registers.PARTIES[one.party])),
                (_("By"), str(registers.CHANNELS[one.channel])),
                (_("Direction"), str(registers.DIRECTIONS[one.direction])),
                *(_of_the_team(one) if inner else ()),
            ),
            texts=spoken(_("Summary"), one.summary) if inner else (),
            links=papers.of(one.file, inner=inner),
        )
        for one in found
    )
    if inner:
        lead = _("What was said with the support unit, the national point of contact and OGP.")
        return PackPage("exchanges", _("Exchanges and their summaries"), lead, blocks, inner=True)
    lead = _("With whom, when, by which means and about what. Summaries are in the folder kept inside.")
    return PackPage("exchanges", _("Exchanges"), lead, blocks)


def _of_the_team(one: Exchange) -> tuple[tuple[str, str], ...]:
    who = (one.contact.organisation or one.contact.name) if one.contact else ""
    return (_("Contact"), who), (_("Answer wanted by"), day_in_words(one.wants_answer_by))


def activities(cycle: Cycle, papers: Papers) -> PackPage:
    """Give the activities among peers, offered and attended, and what was learnt."""
    found = within(PeerActivity.objects.of(cycle.member), cycle, "starts_on").select_related("file")
    blocks = tuple(
        Block(
            title=official(one.title),
            when=f"{day_in_words(one.starts_on)} – {day_in_words(one.ends_on)}".rstrip(" –"),
            facts=facts(
                (_("Kind"), str(registers.ACTIVITIES[one.kind])),
                (_("Scope"), str(registers.SCOPES[one.scope])),
                (_("Part"), str(registers.PARTS[one.part])),
                (_("With"), one.partners),
                (_("Place"), one.place),
            ),
            texts=spoken(_("What was learnt"), one.learnt),
            links=papers.of(one.file),
        )
        for one in found
    )
    lead = _("Activities among peers and of support, and what was learnt from them.")
    return PackPage("activities", _("Peer activities"), lead, blocks)
