"""The live checks of a plan: what the guide and OGP ask, whether it is so, why, and what to do.

A check is a plain function of a plan already read. It warns; it never blocks an
act (a rule that does stands in ``rules``). Its ground and how sure we are of it
come from the guide data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.admission.queries import Status, status_of
from openregion.analysis.normaliser import stems
from openregion.consultation.models import Consultation
from openregion.core import dates
from openregion.core.languages import ALL as LANGUAGES
from openregion.core.languages import WORKING, Language
from openregion.core.official import OfficialText, is_out_of_date, text_in
from openregion.cycle.queries import InForce, book_of, confidence_in_words, value_of
from openregion.guide.schema import Guide, Text
from openregion.people.models import Authority
from openregion.people.rules import today
from openregion.plan import queries
from openregion.plan.models import ActionPlan, Commitment, PlanVersion
from openregion.plan.queries import Gap

State = Literal["ok", "warn", "missing"]
REQUIRED = ("fr", "en")  # the guide's own language, and the one OGP reads (directive 8)
MODEST_FILE = Path(__file__).resolve().parent / "modest.yaml"


@dataclass(frozen=True)
class Item:
    """One thing that a check found, and the page where it is mended."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a check says of a plan: never a refusal.

    ``rule`` is the code of the rule it stands on, where there is one, and
    ``note`` what no machine judges.
    """

    row: str
    title: str
    state: State
    why: str
    what_to_do: str
    source: str
    confidence: str
    rule: str = ""
    items: tuple[Item, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class PlanRead:
    """A plan with all that its checks look at, read in a fixed number of questions."""

    plan: ActionPlan
    book: Guide
    commitments: tuple[Commitment, ...]
    gaps: tuple[tuple[Commitment, tuple[Gap, ...]], ...]
    stages: tuple[tuple[str, Text, dt.date | None], ...]
    consulted: frozenset[str]
    consultations: int
    adopted: PlanVersion | None
    mandate_ends_on: dt.date | None
    length: InForce
    most: InForce
    values: InForce
    membership: Status
    today: dt.date

    @property
    def member(self) -> str:
        """The member's short address."""
        return self.plan.cycle.member.slug


def read(plan: ActionPlan, *, published: PlanVersion | None = None) -> PlanRead:
    """Read what the checks look at: the draft, or only what a published version states."""
    cycle, day = plan.cycle, today()
    book = book_of(cycle)
    if published:
        plan, commitments = queries.as_published(plan, published)
    else:
        commitments = tuple(queries.with_their_rows(plan.commitments.order_by("number")))
    parts = queries.parts_of_sheet(cycle)
    titles = {stage.code: stage.title for stage in book.stages}
    held = list(Consultation.objects.filter(cycle=cycle).values_list("stage", flat=True))
    ends = Authority.objects.of(cycle.member).values_list("mandate_ends_on", flat=True)
    versions = PlanVersion.objects.filter(plan=plan).exclude(deliberation=None)
    return PlanRead(
        plan=plan,
        book=book,
        commitments=commitments,
        gaps=tuple((one, queries.gaps_of(one, parts)) for one in commitments),
        stages=tuple(
            (one.code, titles[one.code], one.starts_on) for one in cycle.stages.order_by("pk") if one.code in titles
        ),
        consulted=frozenset(held),
        consultations=len(held),
        adopted=published or versions.select_related("deliberation__act").order_by("-number").first(),
        mandate_ends_on=min((end for end in ends if end), default=None),
        length=value_of(cycle.member, "plan-length", day),
        most=value_of(cycle.member, "commitments-maximum", day),
        values=value_of(cycle.member, "commitment-ogp-value", day),
        membership=status_of(cycle.member),
        today=day,
    )


def verdicts_on(plan: ActionPlan, *, published: PlanVersion | None = None) -> tuple[Verdict, ...]:
    """Run every check on a plan, in the order of the requirements: on its draft, or on a published version of it."""
    seen = read(plan, published=published)
    return tuple(check(seen) for check in CHECKS)


@dataclass(frozen=True)
class Counted:
    """How many checks are as they should be, warn, or miss something."""

    ok: int
    warn: int
    missing: int


def counted(verdicts: Sequence[Verdict]) -> Counted:
    """Count verdicts by state."""
    return Counted(*(sum(one.state == state for one in verdicts) for state in ("ok", "warn", "missing")))


def drawn_up_by_the_council(seen: PlanRead) -> Verdict:
    """Check that the Council adopted the plan and that civil society was consulted (row C0)."""
    items = []
    if seen.adopted is None:
        items.append(Item(_("No version was adopted by the Council yet."), reverse("plan_work", args=_at(seen))))
    if not seen.consultations:
        items.append(Item(_("No consultation of civil society was launched in this cycle.")))
    if items:
        why = _("A plan is the Council's, made with civil society: the deliberation and the consultation prove it.")
        act = _("Launch a consultation; freeze the plan, have it adopted, and record the deliberation.")
    else:
        assert seen.adopted and seen.adopted.deliberation  # no item was added
        cited = seen.adopted.deliberation.act
        why = _("Version %(n)s was adopted by deliberation %(number)s of %(day)s, and civil society was consulted.") % {
            "n": seen.adopted.number,
            "number": cited.number,
            "day": dates.day(cited.dated_on, _lang()),
        }
        act = ""
    title = _("Drawn up by the Council, in partnership with civil society")
    return _guides(seen, "C0", title, "missing" if items else "ok", why, act, items, place="plan-partnership")


def of_a_member(seen: PlanRead) -> Verdict:
    """Check that the Region is a member of OGP Local, by which event, and whether it is effective (row C0)."""
    status, items = seen.membership, []
    if status.on:
        said = {"state": status.label, "day": dates.day(status.on, _lang())}
        why = _("State of the Region towards OGP: %(state)s, since %(day)s.") % said
    else:
        why = _("No event says where the Region stands towards OGP.")
    if status.state == "effective":
        state: State = "ok"
        act = ""
    elif status.belongs:
        state = "warn"
        act = _("Once the consultation of civil society is launched, record that the Region is an effective member.")
    else:
        state = "missing"
        act = _(
            "Send the candidacy and record OGP's answer; if the Region is a member already, record it with its proof."
        )
    if act:
        items.append(Item(_("The Region's state and its events"), reverse("membership", args=[seen.member])))
    title = _("The plan of a member of OGP Local")
    return _guides(seen, "C0", title, state, why, act, items, place="plan-partnership")


def several_domains(seen: PlanRead) -> Verdict:
    """Check that commitments reach over several domains (row C0)."""
    found = {area for one in seen.commitments for area in one.policy_areas}
    kinds = {kind for one in seen.commitments for kind in one.problem_kinds}
    many = len(found) > 1 or len(kinds) > 1
    n = max(len(found), len(kinds))
    if many:
        why = ngettext("The commitments reach over %(n)s domain.", "The commitments reach over %(n)s domains.", n)
        why %= {"n": n}
    else:
        why = _("The sheets name no more than one kind of problem and one policy area.")
    act = "" if many else _("Say in each sheet which kind of problem and which policy areas it touches.")
    title = _("Ambitious commitments over several domains")
    return _guides(seen, "C0", title, "ok" if many else "warn", why, act, [], place="plan-partnership")


def consulted_at_every_stage(seen: PlanRead) -> Verdict:
    """Check that every stage of the cycle has a dated online consultation (row C3)."""
    without = [(title, starts) for code, title, starts in seen.stages if code not in seen.consulted]
    begun = [title for title, starts in without if starts and starts <= seen.today]
    state: State = "missing" if begun else "warn" if without else "ok"
    lang = _lang()
    items = [
        Item(
            title.in_(lang)
            if starts and starts <= seen.today
            else _("%(stage)s (not begun yet)") % {"stage": title.in_(lang)}
        )
        for title, starts in without
    ]
    n, whole = len(seen.stages) - len(without), len(seen.stages)
    why = _("%(n)s of %(whole)s stages have a dated online consultation.") % {"n": n, "whole": whole}
    act = _("Open a consultation for each of these stages, and say for which.") if without else ""
    return _guides(seen, "C3", _("Digital consultation at every stage"), state, why, act, items)


def template_respected(seen: PlanRead) -> Verdict:
    """Check that every section and field of the templates is filled in French and in English, or listed (row C6)."""
    items: list[Item] = []
    asked = queries.sections(seen.plan.cycle)
    for one in asked:
        text = seen.plan.sections.get(one.question.code, {})
        if absent := [lang for lang in REQUIRED if not _written(text, lang)]:
            url = reverse("edit_section", args=[*_at(seen), one.question.code])
            items.append(Item(f"{one.question.label.in_(_lang())} {_in_languages(absent)}", url))
    optional = 0
    for commitment, gaps in seen.gaps:
        for gap in gaps:
            absent = [lang for lang in gap.langs if lang in REQUIRED]
            if gap.state != "missing" or (gap.langs and not absent):
                continue
            if gap.optional:
                optional += 1
                continue
            items.append(_of(seen, commitment, gap, absent))
    n = len(items)
    if n:
        why = ngettext(
            "%(n)s section or field is not filled in French and in English.",
            "%(n)s sections and fields are not filled in French and in English.",
            n,
        ) % {"n": n}
    else:
        why = _("Every section of the plan and every field of its sheets is filled in French and in English.")
    note = ""
    if optional:
        note = ngettext(
            "%(n)s more is left to choice by the guide and stays empty.",
            "%(n)s more are left to choice by the guide and stay empty.",
            optional,
        ) % {"n": optional}
    act = _("Fill in what is listed, or say in the text why it does not apply.") if n else ""
    return _guides(seen, "C6", _("OGP's template respected"), "missing" if n else "ok", why, act, items, note=note)


def two_years(seen: PlanRead) -> Verdict:
    """Check the plan's length against the rule in force and the council's mandate (rows C7 and O-2)."""
    plan, asked = seen.plan, round(seen.length.value or 0)
    months, days = months_between(plan.starts_on, plan.ends_on)
    items: list[Item] = []
    url = reverse("edit_plan", args=_at(seen))
    exact = months == asked and not days
    if not exact:
        lasts = ngettext("The plan lasts %(n)s whole month", "The plan lasts %(n)s whole months", months)
        lasts %= {"n": months}
        if days:
            lasts += " " + ngettext("and %(n)s day", "and %(n)s days", days) % {"n": days}
        items.append(Item(_("%(lasts)s, and the rule says %(asked)s.") % {"lasts": lasts, "asked": asked}, url))
    if seen.mandate_ends_on and plan.ends_on > seen.mandate_ends_on:
        day = dates.day(seen.mandate_ends_on, _lang())
        items.append(Item(_("It ends after the Council's mandate, which ends on %(day)s.") % {"day": day}, url))
    if seen.mandate_ends_on is None:
        items.append(Item(_("The dates of the Council's mandate are not recorded: they could not be compared.")))
    if items:
        why = _("Moroccan plans run from 20 months to four and a half years: another length is explained.")
        act = _("Correct the dates, or record the Region's own length with its reason on the page of the rule.")
    else:
        why = ngettext(
            "The plan lasts %(n)s month, within the Council's mandate.",
            "The plan lasts %(n)s months, within the Council's mandate.",
            months,
        ) % {"n": months}
        act = ""
    title = _("Duration of two years, within the mandate")
    return _by_rule(seen.length, "C7", title, "warn" if items else "ok", why, act, items)


def english_and_measurable(seen: PlanRead) -> Verdict:
    """Check that English is there and up to date, and that each commitment can be measured (row C8)."""
    items: list[Item] = []
    for one in queries.sections(seen.plan.cycle):
        text = seen.plan.sections.get(one.question.code, {})
        if _written(text, "fr") and (fault := _fault_in_english(text)):
            url = reverse("edit_section", args=[*_at(seen), one.question.code])
            items.append(Item(f"{one.question.label.in_(_lang())}: {fault}", url))
    if fault := _fault_in_english(seen.plan.title):
        items.append(Item(_("Title of the plan: %(fault)s") % {"fault": fault}, reverse("edit_plan", args=_at(seen))))
    for commitment in seen.commitments:
        items += _not_measurable(seen, commitment)
    if not seen.commitments:
        items.append(Item(_("The plan has no commitment yet."), reverse("plan_work", args=_at(seen))))
    n = len(items)
    if n:
        why = ngettext("%(n)s thing is missing or out of date.", "%(n)s things are missing or out of date.", n)
        why %= {"n": n}
    else:
        why = _("English is written and up to date; each commitment has dates, deliverables, a baseline and a target.")
    act = _("Write or renew the English, and complete the activities and indicators listed.") if n else ""
    note = _("Clear, precise and motivating: no machine judges that. A named person reads the English and says so.")
    title = _("Written in English; objectives dated, verifiable and measurable")
    return _guides(seen, "C8", title, "missing" if n else "ok", why, act, items, note=note)


def no_more_than_five(seen: PlanRead) -> Verdict:
    """Warn when a plan holds more commitments than OGP Local takes at a time."""
    number, most = len(seen.commitments), round(seen.most.value or 0)
    over = number > most
    counts = {"n": number, "most": most}
    if over:
        why = _("The plan has %(n)s commitments; OGP Local takes at most %(most)s at a time.") % counts
        act = _("Join two commitments, or plan one of them for when another is finished.")
    else:
        why = ngettext("The plan has %(n)s commitment.", "The plan has %(n)s commitments.", number) % counts
        act = ""
    return _by_rule(seen.most, "O-1", _("No more commitments than OGP takes"), "warn" if over else "ok", why, act, [])


def each_serves_a_value(seen: PlanRead) -> Verdict:
    """Check that each commitment serves one of OGP's three values at least."""
    without = [one for one in seen.commitments if not any(one.values.values())]
    items = [
        Item(
            _("Commitment %(n)s: %(title)s") % {"n": one.number, "title": text_in(one.title, _lang())},
            f"{reverse('edit_commitment', args=[seen.member, one.slug])}?part=values",
        )
        for one in without
    ]
    why = (
        _("OGP reads as relevant what makes something more transparent, participatory or accountable to the public.")
        if without
        else _("Each commitment answers yes to one question on OGP's values at least.")
    )
    act = _("Answer the six questions on values; when all are no, change the commitment.") if without else ""
    title = _("Each commitment serves a value of OGP")
    return _by_rule(seen.values, "C9", title, "missing" if without else "ok", why, act, items)


CHECKS: tuple[Callable[[PlanRead], Verdict], ...] = (
    drawn_up_by_the_council,
    of_a_member,
    several_domains,
    consulted_at_every_stage,
    template_respected,
    two_years,
    english_and_measurable,
    no_more_than_five,
    each_serves_a_value,
)


def months_between(first: dt.date, last: dt.date) -> tuple[int, int]:
    """Count whole months from a day to another, both included, and the days left over."""
    end = last + dt.timedelta(days=1)
    months = (end.year - first.year) * 12 + end.month - first.month
    reached = months_later(first, months)
    if reached > end:
        months -= 1
        reached = months_later(first, months)
    return months, (end - reached).days


def months_later(day: dt.date, months: int) -> dt.date:
    """Give the same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    first = dt.date(day.year + year, month + 1, 1)
    last = (dt.date(first.year + first.month // 12, first.month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return first.replace(day=min(day.day, last))


@dataclass(frozen=True)
class Modesty:
    """Why a sheet reads as modest: the words that make it so, and whose scale that is."""

    words: tuple[str, ...]
    source: str


def reads_as_modest(commitment: Commitment) -> Modesty | None:
    """Say that a sheet holds only portals, trainings and workshops, and by which words (row O-7); else nothing.

    Each activity must be one of these things, and nothing in the title, the
    action or the activities may say that a rule changes. Advice, in OGP's words.
    """
    listed = _modest_words()
    steps = list(commitment.milestones.all())
    each = [step.title for step in steps] or [commitment.title]
    deliverables = [step.deliverable for step in steps]
    whole = [commitment.title, commitment.texts.get("action", {}), *each, *deliverables]
    if _found(whole, listed["binding"]):
        return None
    alone = [_found([text], listed["alone"]) for text in each]
    if not all(alone):
        return None
    return Modesty(tuple(dict.fromkeys(word for words in alone for word in words)), listed["source"])


@cache
def _modest_words() -> dict:  # type: ignore[type-arg]
    return yaml.safe_load(MODEST_FILE.read_text(encoding="utf-8"))


def _found(texts: Sequence[OfficialText], words: dict[str, list[str]]) -> list[str]:
    """List the words that these texts hold, each sought in its own language, by its stems."""
    found = []
    for lang, listed in words.items():
        held = [stems(text[lang]["text"], lang) for text in texts if _written(text, lang)]
        for word in listed:
            sought = stems(word, lang)
            if any(_runs(sought, stemmed) for stemmed in held):
                found.append(word)
    return found


def _runs(sought: list[str], held: list[str]) -> bool:
    return any(held[at : at + len(sought)] == sought for at in range(len(held) - len(sought) + 1))


def _fault_in_english(text: OfficialText) -> str:
    if not _written(text, "en"):
        return _("no English yet")
    return _("the English is out of date: the French has changed since") if is_out_of_date(text, "en") else ""


def _not_measurable(seen: PlanRead, one: Commitment) -> list[Item]:
    """List what keeps a commitment from being read in English and measured."""
    faults: list[tuple[str, str]] = []
    if fault := _fault_in_english(one.title):
        faults.append(("identification", fault))
    for part, code in (("description", "problem"), ("description", "action"), ("description", "contribution")):
        text = one.texts.get(code, {})
        if _written(text, "fr") and (fault := _fault_in_english(text)):
            faults.append((part, f"{_label_of(seen, code)}: {fault}"))
    steps = list(one.milestones.all())
    if not steps:
        faults.append(("activities", _("no dated activity")))
    elif bare := [step.number for step in steps if not step.deliverable]:
        numbers = _(", ").join(map(str, bare))
        faults.append(("activities", _("activities without a deliverable: %(numbers)s") % {"numbers": numbers}))
    if getattr(one, "indicator", None) is None:
        faults.append(("indicator", _("no indicator with a baseline and a target")))
    return [
        Item(
            _("Commitment %(n)s: %(title)s") % {"n": one.number, "title": fault},
            f"{reverse('edit_commitment', args=[seen.member, one.slug])}?part={part}",
        )
        for part, fault in faults
    ]


def _label_of(seen: PlanRead, code: str) -> str:
    asked = (question for part in queries.parts_of_sheet(seen.plan.cycle) for question in part.questions)
    return next((one.label.in_(_lang()) for one in asked if one.code == code), code)


def _of(seen: PlanRead, one: Commitment, gap: Gap, absent: Sequence[str]) -> Item:
    label = _("Commitment %(n)s: %(title)s") % {"n": one.number, "title": gap.name}
    url = f"{reverse('edit_commitment', args=[seen.member, one.slug])}?part={gap.part}"
    return Item(f"{label} {_in_languages(absent)}".strip(), url)


def _in_languages(codes: Sequence[str]) -> str:
    if not codes:
        return ""
    named: dict[str, Language] = {language.code: language for language in LANGUAGES}
    return f"({_(', ').join(named[code].own_name for code in codes)})"


def _written(text: OfficialText, lang: str) -> bool:
    return bool(queries.words_in(text, lang))


def _at(seen: PlanRead) -> list[object]:
    return [seen.member, seen.plan.cycle.number]


def _lang() -> str:
    lang = get_language() or "fr"
    return lang if lang in WORKING else "fr"


def _guides(
    seen: PlanRead,
    row: str,
    title: str,
    state: State,
    why: str,
    act: str,
    items: Sequence[Item],
    *,
    place: str = "",
    note: str = "",
) -> Verdict:
    """Give a verdict on what the guide itself prints: the directive of that row, or one of its passages."""
    printed = [*seen.book.book.plan, *seen.book.book.directives]
    found = next((one for one in printed if place and one.code == place), None) or next(
        (one for one in seen.book.book.directives if one.row == row), None
    )
    guide = _("Guide %(n)s") % {"n": seen.book.book.number}
    source = f"{guide}, {found.place}" if found else ""
    sure = confidence_in_words("verified").name
    return Verdict(row, title, state, why, act, source, sure, items=tuple(items), note=note)


def _by_rule(rule: InForce, row: str, title: str, state: State, why: str, act: str, items: Sequence[Item]) -> Verdict:
    """Give a verdict on a rule of the guide data, with its source and the member's own value where it has one."""
    note = ""
    if rule.own:
        note = _("The Region's own value holds: %(reason)s") % {"reason": text_in(rule.own.reason, _lang())}
    sure = confidence_in_words(rule.rule.confidence).name
    return Verdict(row, title, state, why, act, rule.source, sure, rule=rule.rule.code, items=tuple(items), note=note)
