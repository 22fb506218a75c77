"""Files put to the Council and what it decided: their words, what is frozen, who may vote, what search finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from openregion.core import dates
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Cycle, Deliberation, Meeting, NamedVote, Proposal
from openregion.cycle.queries.delays import value_of
from openregion.guide import queries as guides
from openregion.people.models import Body, Mandate, Member
from openregion.record.models import JournalLine

SUBJECTS: dict[str, Promise] = {
    "adhesion": gettext_lazy("Joining the programme"),
    "plan": gettext_lazy("The action plan"),
    "other": gettext_lazy("Another matter"),
}
FILE_STATES: dict[str, tuple[str, Promise]] = {
    "assembling": ("underway", gettext_lazy("Being assembled")),
    "frozen": ("underway", gettext_lazy("Frozen, ready for the vote")),
    "voted": ("done", gettext_lazy("Voted")),
    "withdrawn": ("idle", gettext_lazy("Withdrawn")),
}
OPINIONS: dict[str, Promise] = {
    "favourable": gettext_lazy("Favourable"),
    "with-reservations": gettext_lazy("Favourable, with reservations"),
    "unfavourable": gettext_lazy("Unfavourable"),
}
BALLOTS: dict[str, Promise] = {
    "show-of-hands": gettext_lazy("By show of hands"),
    "by-name": gettext_lazy("By name"),
}
CHOICES: dict[str, Promise] = {
    "for": gettext_lazy("For"),
    "against": gettext_lazy("Against"),
    "abstained": gettext_lazy("Abstained"),
    "not-taking-part": gettext_lazy("Did not take part"),
}
DECISIONS: dict[str, Promise] = {
    "adopted": gettext_lazy("Adopted"),
    "rejected": gettext_lazy("Rejected"),
    "postponed": gettext_lazy("Postponed"),
}
VISAS: dict[str, tuple[str, Promise]] = {
    "not-asked": ("idle", gettext_lazy("No visa asked")),
    "awaited": ("underway", gettext_lazy("Visa awaited")),
    "granted": ("done", gettext_lazy("Visa granted")),
    "refused": ("late", gettext_lazy("Visa refused")),
    "tacit": ("done", gettext_lazy("Tacit visa")),
}
SESSIONS = (Meeting.Kind.ORDINARY_SESSION, Meeting.Kind.EXTRAORDINARY_SESSION)
# Whoever holds one of these has a part in the Council's files, and reads them before the public does.
COUNCIL_DEEDS = frozenset(
    (
        *("open_proposal", "revise_proposal", "add_proposal_paper", "freeze_proposal", "place_on_agenda"),
        *("address_agenda", "refer_to_commission", "record_opinion", "withdraw_proposal", "record_vote"),
        *("send_for_control", "record_receipt", "record_visa", "publish_deliberation"),
    )
)
# What a Council decides on the ground of, by the codes of the method's references.
GROUNDS = ("organic-law-111-14", "council-internal-rules")
LAST_SITTING = 3  # a third sitting is valid whatever the number present
_LONGEST_EXCERPT = 180


@dataclass(frozen=True)
class Counts:
    """How many voted each way."""

    votes_for: int = 0
    votes_against: int = 0
    abstained: int = 0
    not_taking_part: int = 0

    @property
    def cast(self) -> int:
        """The votes cast: abstentions do not count."""
        return self.votes_for + self.votes_against

    @property
    def whole(self) -> int:
        """All of them."""
        return self.cast + self.abstained + self.not_taking_part


def counted(named: Sequence[tuple[Mandate, str]]) -> Counts:
    """Count a vote by name."""
    said = [choice for _mandate, choice in named]
    return Counts(*(said.count(one) for one in ("for", "against", "abstained", "not-taking-part")))


def counts_of(one: Deliberation) -> Counts | None:
    """Give the counts of a deliberation; nothing where none were recorded."""
    if one.votes_for is None:
        return None
    return Counts(one.votes_for, one.votes_against or 0, one.abstained or 0, one.not_taking_part or 0)


def vote_warning(member: Member, *, decision: str, counts: Counts, on: Any) -> str:
    """Say that the decision recorded does not follow from the counts; empty when it does.

    The secretary's record stands: the rule of the majority warns, and the warning is written beside the vote.
    """
    share = value_of(member, "council-majority", on).value
    if share is None or decision == Deliberation.Decision.POSTPONED:
        return ""
    passes = counts.cast > 0 and counts.votes_for > share * counts.cast
    figures = {"for": counts.votes_for, "cast": counts.cast}
    if decision == Deliberation.Decision.ADOPTED and not passes:
        said = _("It is recorded as adopted, with %(for)s votes for out of %(cast)s votes cast.")
    elif decision == Deliberation.Decision.REJECTED and passes:
        said = _("It is recorded as rejected, with %(for)s votes for out of %(cast)s votes cast.")
    else:
        return ""
    rule = _("The rule of the majority, as far as it is known, says otherwise. Check the minutes of the session.")
    return f"{said % figures} {rule}"


def councils_of(member: Member) -> QuerySet[Body]:
    """List the councils of a member's authorities."""
    return Body.objects.of(member).filter(kind="council", dissolved_on=None)


def commissions_of(member: Member, council: Body) -> QuerySet[Body]:
    """List the commissions to which a council's file may be referred."""
    found = Body.objects.of(member).filter(authority=council.authority_id, dissolved_on=None)
    return found.filter(kind="council-commission")


def sessions_to_come(proposal: Proposal) -> QuerySet[Meeting]:
    """List the sessions of its council on whose agenda a file may be placed."""
    found = Meeting.objects.of(proposal.cycle.member).filter(kind__in=SESSIONS)
    theirs = found.filter(Q(body=proposal.council_id) | Q(body=None))
    return theirs.filter(state__in=(Meeting.State.PLANNED, Meeting.State.CONVENED)).order_by("starts_at")


def sittings_of(proposal: Proposal) -> QuerySet[Meeting]:
    """List the sittings of the session a file stands at: the session, and those convened again after it."""
    first = proposal.session_id
    chain = Q(pk=first) | Q(follows=first) | Q(follows__follows=first) | Q(follows__follows__follows=first)
    found = Meeting.objects.of(proposal.cycle.member).filter(chain) if first else Meeting.objects.none()
    return found.select_related("follows__follows").order_by("starts_at", "pk")


def voting_mandates(council: Body, on: Any) -> QuerySet[Mandate]:
    """List those who vote in a council on a day, in the order of their seats."""
    held = Mandate.objects.filter(seat__body=council, seat__votes=True).held_on(on)
    return held.select_related("seat").order_by("seat__rank", "seat__pk")


def meetings_of_commission(proposal: Proposal) -> QuerySet[Meeting]:
    """List the meetings of the commission a file was referred to; none before it was."""
    if proposal.commission_id is None:
        return Meeting.objects.none()
    theirs = Meeting.objects.of(proposal.cycle.member).filter(body=proposal.commission_id)
    return theirs.exclude(state=Meeting.State.CANCELLED).order_by("-starts_at", "-pk")


def was_refused(proposal: Proposal, cycle: Cycle) -> bool:
    """Say whether a file of a cycle was voted and refused its visa."""
    return proposal.cycle_id == cycle.pk and proposal.deliberations.filter(visa=Deliberation.Visa.REFUSED).exists()


def refused_to_replace(proposal: Proposal) -> QuerySet[Deliberation]:
    """List the decisions refused their visa on the same matter, which a new vote may replace.

    Joining and the plan are one matter in their cycle. Another matter is the same
    when its file takes up the one refused, or names the same thing.
    """
    found = Deliberation.objects.filter(cycle=proposal.cycle_id, visa=Deliberation.Visa.REFUSED, replaced_by=None)
    if proposal.subject == Proposal.Subject.OTHER:
        same = Q(proposal__in=_taken_up_by(proposal))
        if proposal.subject_uid:
            same |= Q(subject_uid=proposal.subject_uid)
    else:
        same = Q(proposal__subject=proposal.subject) | Q(proposal=None)
    return found.filter(same).select_related("act").order_by("-act__dated_on", "-pk")


def _taken_up_by(proposal: Proposal) -> list[int]:
    """List the files that a file takes up, one after the other."""
    before = dict(Proposal.objects.filter(cycle=proposal.cycle_id).values_list("pk", "follows"))
    found: list[int] = []
    nearest = proposal.follows_id
    while nearest is not None and nearest not in found:
        found.append(nearest)
        nearest = before.get(nearest)
    return found


def guide_asks_visa(one: Deliberation) -> bool:
    """Say whether the guide asks the visa for a decision: an action plan that was adopted."""
    plan = one.proposal is not None and one.proposal.subject == Proposal.Subject.PLAN
    return plan and one.decision == Deliberation.Decision.ADOPTED


def may_ask_visa_later(one: Deliberation) -> bool:
    """Say whether the visa may still be asked for: adopted, sent without asking it."""
    unasked = one.visa == Deliberation.Visa.NOT_ASKED and one.sent_on is not None
    return unasked and one.decision == Deliberation.Decision.ADOPTED


def is_third_sitting(session: Meeting) -> bool:
    """Say whether a sitting is the third of its session, which needs no quorum."""
    return bool(session.follows and session.follows.follows_id)


def without_quorum_at(session: Meeting) -> bool:
    """Say whether the secretary recorded that a sitting which needs its quorum did not have it."""
    return session.quorum_met is False and not is_third_sitting(session)


def file_about(member: Member, uid: str) -> Proposal | None:
    """Find the file by which a thing of the platform is put to the Council; a withdrawn one does not count."""
    found = Proposal.objects.of(member).filter(subject_uid=uid).exclude(state=Proposal.State.WITHDRAWN)
    return found.select_related("cycle__member").order_by("-pk").first()


def day_of(session: Meeting) -> Any:
    """Give the day on which a session opens."""
    return timezone.localdate(session.starts_at)


def file_url(proposal: Proposal) -> str:
    """Give the address of a file put to the Council."""
    cycle = proposal.cycle
    return reverse("council_file", args=[cycle.member.slug, cycle.kind, cycle.number, proposal.number])


def session_of(proposal: Proposal) -> Meeting | None:
    """Give the session on whose agenda a file stands; nothing once its point was taken off."""
    return proposal.session if proposal.agenda_item_id else None


def voting_sitting(session: Meeting | None) -> Meeting | None:
    """Find the sitting at which the Council could vote: held with its quorum, or the third of a session.

    Nothing while none was. Reads ``followed_by`` along the chain, to be prefetched for a list.
    """
    sittings = [session] if session else []
    for nth in (1, 2, 3):
        for one in sittings:
            if one.state == Meeting.State.HELD and (one.quorum_met or nth == 3):
                return one
        sittings = [after for one in sittings for after in one.followed_by.all()]
    return None


def is_public_file(proposal: Proposal) -> bool:
    """Say whether everyone reads a file: once it stands on an agenda, which is public, or was voted.

    One withdrawn after that stays, with its reason, though its point left the agenda.
    """
    withdrawn = proposal.state == Proposal.State.WITHDRAWN and proposal.session_id is not None
    return proposal.agenda_item_id is not None or proposal.state == Proposal.State.VOTED or withdrawn


# What everyone reads of a list, by the same rules as one at a time.
PUBLIC_FILES = (
    Q(agenda_item__isnull=False)
    | Q(state=Proposal.State.VOTED)
    | Q(state=Proposal.State.WITHDRAWN, session__isnull=False)
)
PUBLIC_DELIBERATIONS = Q(proposal=None) | Q(published_on__isnull=False)


def is_public_deliberation(one: Deliberation) -> bool:
    """Say whether everyone reads a deliberation: once published; one recorded after the fact is public as it comes."""
    return one.proposal_id is None or one.published_on is not None


def plain(text: OfficialText) -> dict[str, str]:
    """Give official text as it is frozen: the words by language."""
    return {lang: said["text"] for lang, said in text.items() if said["text"]}


def sha256_of_subject(proposal: Proposal) -> str:
    """Give the hash of the frozen thing that a file names, as the journal told it; empty where it names none."""
    if not proposal.subject_uid:
        return ""
    told = JournalLine.objects.filter(member_code=proposal.cycle.member.slug, subject_uid=proposal.subject_uid)
    facts = told.order_by("-pk").values_list("facts", flat=True)
    return next((str(one["sha256"]) for one in facts if one.get("sha256")), "")


def page_of_subject(cycle: Cycle, subject_type: str, subject_uid: str) -> str:
    """Give the address of the thing that was put to the Council, once everyone reads it; empty before.

    The plan stands above this room: the journal, which tells that it is published, tells which version.
    """
    if subject_type != "PlanVersion" or not subject_uid:
        return ""
    published = JournalLine.objects.filter(member_code=cycle.member.slug, subject_uid=subject_uid, verb="publish_plan")
    if (facts := published.order_by("-pk").values_list("facts", flat=True).first()) is None:
        return ""
    return reverse("plan_version", args=[cycle.member.slug, cycle.number, facts["version"]])


def statement_of_file(proposal: Proposal) -> dict[str, Any]:
    """Say what is frozen of a file: the report, the decision proposed, its papers by their hash, what it names."""
    cycle, papers = proposal.cycle, proposal.papers.select_related("file")
    return {
        "member": {"slug": cycle.member.slug, "name": plain(cycle.member.name), "invented": cycle.member.invented},
        "cycle": {"kind": cycle.kind, "number": cycle.number},
        "uid": proposal.uid,
        "number": proposal.number,
        "subject": proposal.subject,
        "council": plain(proposal.council.name),
        "title": plain(proposal.title),
        "report": plain(proposal.report),
        "decision_text": plain(proposal.decision_text),
        "papers": [
            {"title": plain(one.title), "name": one.file.name, "size": one.file.size, "sha256": one.file.sha256}
            for one in papers
        ],
        "about": {
            "type": proposal.subject_type,
            "uid": proposal.subject_uid,
            "sha256": sha256_of_subject(proposal),
        },
        "asks_visa": proposal.wants_visa,
    }


def statement_of_deliberation(
    one: Deliberation, *, session: Meeting, named: Sequence[tuple[Mandate, str]]
) -> Mapping[str, Any]:
    """Say what is frozen of a vote: the act, the session, how each voted, the text as voted, the hash of its file."""
    cycle, act, proposal, counts = one.cycle, one.act, one.proposal, counts_of(one)
    replaced = one.replaces.act if one.replaces else None
    return {
        "member": {"slug": cycle.member.slug, "name": plain(cycle.member.name), "invented": cycle.member.invented},
        "cycle": {"kind": cycle.kind, "number": cycle.number},
        "uid": one.uid,
        "number": act.number,
        "dated_on": act.dated_on.isoformat(),
        "title": plain(act.title),
        "council": plain(proposal.council.name) if proposal else {},
        "grounds": _grounds(cycle.member),
        "session": {
            "title": plain(session.title),
            "kind": session.kind,
            "sitting": _sitting(session),
            "place": plain(session.place),
            "opened_on": day_of(session).isoformat(),
            "members_in_office": session.members_in_office,
            "present": _counted_present(session),
            "quorum_met": session.quorum_met,
            "quorum_reason": plain(one.quorum_reason),
        },
        "decision": one.decision,
        "ballot": one.ballot,
        "counts": vars(counts) if counts else None,
        "named": [
            {"name": mandate.holder_name, "seat": plain(mandate.seat.title), "choice": choice}
            for mandate, choice in named
        ],
        "text": plain(one.text),
        "file": {"number": proposal.number, "sha256": proposal.frozen.sha256} if proposal and proposal.frozen else None,
        "about": {"type": one.subject_type, "uid": one.subject_uid, "sha256": sha256_of_subject(proposal)}
        if proposal
        else None,
        "asks_visa": bool(proposal and proposal.wants_visa and one.decision == Deliberation.Decision.ADOPTED),
        "opinion": {"commission": plain(proposal.commission.name), "opinion": proposal.opinion}
        if proposal and proposal.commission and proposal.opinion
        else None,
        "replaces": {"number": replaced.number, "dated_on": replaced.dated_on.isoformat()} if replaced else None,
    }


def _grounds(member: Member) -> list[dict[str, str]]:
    """Name the texts on which a Council decides, as the method of the member cites them."""
    book = guides.guide(member.guide_version)
    found = (guides.reference(book, code) for code in GROUNDS)
    return [{lang: one.title.in_(lang) for lang in WORKING} for one in found if one]


def _sitting(session: Meeting) -> int:
    """Say which sitting of its session a meeting is."""
    number, before = 1, session.follows
    while before is not None and number < LAST_SITTING:
        number, before = number + 1, before.follows
    return number


def _counted_present(session: Meeting) -> int | None:
    """Count those who vote and came, as the door noted them; nothing where nobody was noted."""
    return session.invitations.filter(votes=True, attended=True).count() or None


def facts_for_letters(proposal: Proposal) -> dict[str, Mapping[str, str] | str]:
    """Give what the letters about a file say of it, in each language, under the words that the letters use."""
    facts: dict[str, Mapping[str, str] | str] = {"item": plain(proposal.title), "papers": _papers_listed(proposal)}
    if proposal.frozen:
        facts["file-hash"] = proposal.frozen.sha256
    if proposal.commission:
        facts["commission"] = plain(proposal.commission.name)
    if session := proposal.session:
        opens = day_of(session)
        facts["session"] = _in_each(lambda lang: _session_named(session, lang))
        facts["session-date"] = _in_each(lambda lang: dates.day(opens, lang))
        if session.place:
            facts["session-place"] = plain(session.place)
    return facts


def facts_of_deliberation(one: Deliberation) -> dict[str, Mapping[str, str] | str]:
    """Give what the letter that sends a decision says of it, in each language."""
    act, counts, proposal = one.act, counts_of(one), one.proposal
    facts: dict[str, Mapping[str, str] | str] = {
        "deliberation-number": act.number,
        "deliberation-date": _in_each(lambda lang: dates.day(act.dated_on, lang)),
        "deliberation-title": plain(act.title),
    }
    if counts:
        facts["votes"] = _in_each(lambda _lang: counts_in_words(counts))
    if proposal:
        facts["papers"] = _papers_listed(proposal)
        if proposal.frozen:
            facts["file-hash"] = proposal.frozen.sha256
    return facts


def counts_in_words(counts: Counts) -> str:
    """Say the result of a vote, in the language in force."""
    said = [
        ngettext("%(n)s for", "%(n)s for", counts.votes_for) % {"n": counts.votes_for},
        ngettext("%(n)s against", "%(n)s against", counts.votes_against) % {"n": counts.votes_against},
        ngettext("%(n)s abstention", "%(n)s abstentions", counts.abstained) % {"n": counts.abstained},
    ]
    if counts.not_taking_part:
        said.append(
            ngettext("%(n)s who took no part", "%(n)s who took no part", counts.not_taking_part)
            % {"n": counts.not_taking_part}
        )
    return _(", ").join(said)


def result_in_words(one: Deliberation) -> str:
    """Say in one line what was decided, with the votes for, against and the abstentions, as in "Adopted 29–2–2"."""
    decision = str(DECISIONS[one.decision])
    if (counts := counts_of(one)) is None:
        return decision
    votes = (counts.votes_for, counts.votes_against, counts.abstained)
    # Figures of one result read in one order, whatever the direction of the page.
    return f"{decision} \u2066{'–'.join(dates.whole(n) for n in votes)}\u2069"


def _papers_listed(proposal: Proposal) -> Mapping[str, str]:
    titles = [one.title for one in proposal.papers.all()]
    return _in_each(
        lambda lang: "\n".join(f"- {said}" for said in (_("Report"), *(text_in(title, lang) for title in titles)))
    )


def _session_named(session: Meeting, lang: str) -> str:
    month = dates.month(day_of(session), lang)
    if session.kind == Meeting.Kind.ORDINARY_SESSION:
        return _("ordinary (%(month)s)") % {"month": month}
    return _("extraordinary (%(month)s)") % {"month": month}


def _in_each(say: Callable[[str], str]) -> dict[str, str]:
    said = {}
    for lang in WORKING:
        with override(lang):
            said[lang] = say(lang)
    return said


def votes_by_name(one: Deliberation) -> list[NamedVote]:
    """List how each voted, in the order of the seats."""
    found = one.named_votes.select_related("mandate__seat")
    return list(found.order_by("mandate__seat__rank", "mandate__seat__pk"))


def entries_of_deliberation(one: Deliberation) -> Iterator[dict[str, Any]]:
    """Yield what search finds of a deliberation that everyone reads, in each working language."""
    act, slug = one.act, one.cycle.member.slug
    for lang in WORKING:
        with override(lang):
            words = text_in(one.text, lang)
            yield {
                "lang": lang,
                "kind": "deliberation",
                "subject_uid": one.uid,
                "title": _("Deliberation no. %(number)s: %(title)s")
                % {"number": act.number, "title": text_in(act.title, lang)},
                "excerpt": words[:_LONGEST_EXCERPT],
                "path": reverse("deliberation", args=[slug, one.uid]),
                "text": words,
            }


def findable_deliberations(member: Member) -> Iterator[dict[str, Any]]:
    """Yield what search finds of every deliberation that everyone reads."""
    found = Deliberation.objects.of(member).select_related("act", "cycle__member")
    for one in found.filter(PUBLIC_DELIBERATIONS).order_by("pk"):
        yield from entries_of_deliberation(one)
