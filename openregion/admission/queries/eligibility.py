"""May the Region join: each criterion with the verdicts given and what the platform proposes.

Nothing here is OGP's decision: it is the Region's own reading, with reasons.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from openregion.admission.models import AnswerEvidence, Call, Dossier, EligibilityVerdict, SupportLetter
from openregion.admission.queries.calls import open_call
from openregion.admission.queries.lists import Criterion, as_official, book_for, criteria
from openregion.core import dates
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText
from openregion.cycle.models import Cycle
from openregion.cycle.queries import confidence_in_words, term_left, value_of
from openregion.people.models import Authority, Member
from openregion.people.rules import today

Verdict = EligibilityVerdict.Verdict

VERDICTS = {
    Verdict.MET: (gettext_lazy("Met"), "done"),
    Verdict.NOT_MET: (gettext_lazy("Not met"), "late"),
    Verdict.UNKNOWN: (gettext_lazy("Not known yet"), "idle"),
}


@dataclass(frozen=True)
class VerdictLine:
    """A verdict that a person gave on a criterion."""

    verdict: str
    label: str
    tone: str
    reason: OfficialText
    source: str
    on: dt.date


@dataclass(frozen=True)
class Proposed:
    """What the platform reads by itself, for a person to check and record."""

    verdict: str
    label: str
    tone: str
    reason: OfficialText
    source: str
    advice: str


@dataclass(frozen=True)
class CriterionLine:
    """A criterion, whose it is, the verdicts on it (latest first), what is proposed."""

    criterion: Criterion
    confidence: str
    given: tuple[VerdictLine, ...]
    proposed: Proposed | None

    @property
    def stands(self) -> str:
        """The verdict that counts today; none when nobody gave one."""
        return self.given[0].verdict if self.given else ""

    @property
    def differs(self) -> bool:
        """Whether what the platform reads today is no longer what was recorded."""
        return bool(self.given and self.proposed and self.given[0].verdict != self.proposed.verdict)


@dataclass(frozen=True)
class EligibilityPage:
    """Every criterion with its verdicts, and the whole read in a sentence."""

    lines: tuple[CriterionLine, ...]
    reading: str
    tone: str
    open: bool
    counted_on: dt.date


@dataclass(frozen=True)
class _Seen:
    """What the computed verdicts look at, read once."""

    member: Member
    cycle: Cycle | None
    on: dt.date
    call: Call | None
    dossiers: tuple[Dossier, ...]
    support: tuple[SupportLetter, ...]
    dated: tuple[dt.date, ...]
    others: int


def eligibility_page(member: Member, cycle: Cycle | None, day: dt.date | None = None) -> EligibilityPage:
    """Read every criterion of a candidacy; before one is open, what the platform can already say."""
    seen = _see(member, cycle, day or today())
    given: dict[str, list[VerdictLine]] = defaultdict(list)
    if cycle:
        for each in EligibilityVerdict.objects.filter(cycle=cycle).order_by("-on", "-pk"):
            label, tone = VERDICTS[Verdict(each.verdict)]
            line = VerdictLine(each.verdict, str(label), tone, each.reason, each.source, each.on)
            given[each.criterion].append(line)
    lines: list[CriterionLine] = []
    waiting: list[Criterion] = []
    for one in criteria(book_for(member, cycle)):
        if one.computed == "together":
            waiting.append(one)
        proposed = _READERS[one.computed](seen, one) if one.computed in _READERS else None
        confidence = confidence_in_words(one.confidence).name
        lines.append(CriterionLine(one, confidence, tuple(given[one.code]), proposed))
    lines = [_together(line, lines) if line.criterion in waiting else line for line in lines]
    reading, tone = _reading(lines)
    return EligibilityPage(tuple(lines), reading, tone, cycle is not None, seen.on)


def criterion_line(member: Member, cycle: Cycle | None, code: str) -> CriterionLine | None:
    """Read one criterion; nothing for a code that is none."""
    return next((one for one in eligibility_page(member, cycle).lines if one.criterion.code == code), None)


def _see(member: Member, cycle: Cycle | None, day: dt.date) -> _Seen:
    call = open_call(member)
    dossiers = tuple(Dossier.objects.filter(cycle=cycle).select_related("call").order_by("number")) if cycle else ()
    support = tuple(SupportLetter.objects.filter(dossier=dossiers[-1])) if dossiers else ()
    dated = AnswerEvidence.objects.filter(answer__cycle=cycle, answer__call=None).exclude(dated_on=None)
    shared = Authority.objects.of(member).values("pk")
    others = Dossier.objects.filter(
        cycle__member__authorities__in=shared, state__in=(Dossier.State.SUBMITTED, Dossier.State.ADMITTED)
    )
    return _Seen(
        member=member,
        cycle=cycle,
        on=day,
        call=call,
        dossiers=dossiers,
        support=support,
        dated=tuple(day for day in dated.values_list("dated_on", flat=True) if day) if cycle else (),
        others=others.exclude(cycle__member=member).values("cycle__member").distinct().count(),
    )


def in_every_language(write: Callable[[str], str]) -> OfficialText:
    """Write a sentence of the platform in the working languages, for a person to check and sign."""
    written: OfficialText = {}
    for lang in WORKING:
        with override(lang):
            written[lang] = {"text": write(lang), "at": "", "of": ""}
    return written


def _proposed(verdict: Verdict, write: Callable[[str], str] | OfficialText, source: str, advice: str = "") -> Proposed:
    label, tone = VERDICTS[verdict]
    reason = write if isinstance(write, dict) else in_every_language(write)
    return Proposed(verdict, str(label), tone, reason, source, advice)


def _standing(seen: _Seen, one: Criterion) -> Proposed:
    """The guide and OGP both name Morocco; a person checks that it still holds."""
    return _proposed(Verdict.MET, as_official(one.text), one.source or _guide_place(one))


def _term(seen: _Seen, one: Criterion) -> Proposed:
    """Read the months left in the council's mandate on the day the application would be filed (row O-1)."""
    closes = timezone.localdate(seen.call.closes_at) if seen.call and seen.call.closes_at else seen.on
    filed = max(closes, seen.on)
    found = term_left(seen.member, filed)

    def write(lang: str) -> str:
        counted = _("Counted for an application filed on %(day)s.") % {"day": dates.day(filed, lang)}
        return f"{counted} {term_left(seen.member, filed).sentence}"

    if found.mandate_ends_on is None:
        advice = _("Record the dates of the council's mandate, on the page of the authority.")
        return _proposed(Verdict.UNKNOWN, write, one.source, advice)
    if found.may_apply:
        return _proposed(Verdict.MET, write, one.source)
    advice = _(
        "Prepare now, file after the election: the answers, the evidence and the meetings stay, and the new council "
        "has its whole mandate before it."
    )
    return _proposed(Verdict.NOT_MET, write, one.source, advice)


def _sent(seen: _Seen, one: Criterion) -> Proposed:
    sent = [dossier for dossier in seen.dossiers if dossier.submitted_at]
    if sent:
        day = sent[-1].submitted_at
        assert day is not None  # filtered above
        return _proposed(
            Verdict.MET,
            lambda lang: _("The expression of interest was sent on %(day)s.") % {"day": dates.instant(day, lang)},
            _guide_place(one),
        )
    if seen.call is None:
        return _proposed(
            Verdict.UNKNOWN,
            lambda lang: _("No call is open: an expression of interest is received only while one is."),
            _guide_place(one),
            _("Enter the call as soon as OGP opens one."),
        )
    return _proposed(Verdict.NOT_MET, lambda lang: _("A call is open and nothing was sent yet."), _guide_place(one))


def _one_form(seen: _Seen, one: Criterion) -> Proposed:
    if seen.others:
        return _proposed(
            Verdict.NOT_MET,
            lambda lang: _("Another member that shares an authority with this one has sent a form."),
            one.source,
            _("Agree on a single form with the other member."),
        )
    return _proposed(
        Verdict.MET, lambda lang: _("The platform knows of no other form for this jurisdiction."), one.source
    )


def _reform(seen: _Seen, one: Criterion) -> Proposed:
    since = years_before(seen.on, int(value_of(seen.member, one.rule, seen.on).value or 0))
    recent = sum(since <= day <= seen.on for day in seen.dated)

    def write(lang: str) -> str:
        return ngettext(
            "%(n)s dated piece of evidence since %(day)s stands beside the answers.",
            "%(n)s dated pieces of evidence since %(day)s stand beside the answers.",
            recent,
        ) % {"n": recent, "day": dates.day(since, lang)}

    advice = "" if recent else _("Give a dated proof of a reform or an example beside the answer on experience.")
    return _proposed(Verdict.MET if recent else Verdict.NOT_MET, write, one.source, advice)


def _letters(seen: _Seen, one: Criterion) -> Proposed:
    signed = [letter for letter in seen.support if letter.scan_id]
    head = any(letter.signer == SupportLetter.Signer.HEAD for letter in signed)
    outside = sum(letter.signer == SupportLetter.Signer.NON_GOVERNMENT for letter in signed)

    def write(lang: str) -> str:
        presidency = _("signed") if head else _("not signed yet")
        return _("Letter of the head of the Region: %(head)s. Letters from outside government, signed: %(n)s.") % {
            "head": presidency,
            "n": outside,
        }

    met = head and outside
    advice = "" if met else _("Draft the letters of support in the dossier and attach them once signed.")
    return _proposed(Verdict.MET if met else Verdict.NOT_MET, write, one.source, advice)


_READERS: dict[str, Callable[[_Seen, Criterion], Proposed]] = {
    "standing": _standing,
    "term": _term,
    "sent": _sent,
    "one-form": _one_form,
    "reform": _reform,
    "letters": _letters,
}


def _together(line: CriterionLine, lines: Iterable[CriterionLine]) -> CriterionLine:
    """Read a criterion that sums up OGP's own: met when all of them are."""
    others = [one for one in lines if one.criterion.rule]
    found = [one.stands or (one.proposed.verdict if one.proposed else Verdict.UNKNOWN) for one in others]
    missed = sum(one == Verdict.NOT_MET for one in found)
    unsure = sum(one == Verdict.UNKNOWN for one in found)
    verdict = Verdict.NOT_MET if missed else Verdict.UNKNOWN if unsure else Verdict.MET

    def write(lang: str) -> str:
        said = {"met": len(found) - missed - unsure, "whole": len(found), "missed": missed, "unsure": unsure}
        return _("Of %(whole)s criteria of OGP's, %(met)s met, %(missed)s not met, %(unsure)s not known.") % said

    proposed = _proposed(verdict, write, _guide_place(line.criterion))
    return CriterionLine(line.criterion, line.confidence, line.given, proposed)


def _reading(lines: Iterable[CriterionLine]) -> tuple[str, str]:
    """Say the whole in a sentence: how many criteria are met, by whose reading."""
    every = list(lines)
    missed = sum(one.stands == Verdict.NOT_MET for one in every)
    open_ = sum(one.stands in ("", Verdict.UNKNOWN) for one in every)
    if missed:
        said = ngettext(
            "By the Region's own reading, %(n)s criterion is not met. The candidacy can be prepared, not filed.",
            "By the Region's own reading, %(n)s criteria are not met. The candidacy can be prepared, not filed.",
            missed,
        ) % {"n": missed}
        return said, "late"
    if open_:
        said = ngettext(
            "%(n)s criterion waits for a person's verdict: the reading is not complete.",
            "%(n)s criteria wait for a person's verdict: the reading is not complete.",
            open_,
        ) % {"n": open_}
        return said, "underway"
    return _("By the Region's own reading, every criterion is met. OGP alone decides."), "done"


def years_before(day: dt.date, years: int) -> dt.date:
    """Give the same day so many years before; the 28th where February has no 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _guide_place(one: Criterion) -> str:
    return _("Guide, %(place)s") % {"place": one.place}
