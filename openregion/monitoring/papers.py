"""What the paper of a completion sheet states: annex 4 filled in, then what changed and what shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.core import dates
from openregion.core.languages import body_lang
from openregion.core.paper import Block, Fields, Heading, ItemList, Note, Paper, Paragraph, Table
from openregion.guide.schema import Form, Guide, Question
from openregion.monitoring.models import CompletionLevel
from openregion.monitoring.rules import LEVELS
from openregion.plan.papers import Answer, Pen, figure, filled, how_to_check, needs_room, source_of

FORM = "annex-4"


def paper_of_sheet(
    stated: Mapping[str, Any],
    *,
    form_guide: Guide,
    lang: str,
    sha256: str,
    issued_on: dt.date | None,
    address: str = "",
    check_at: str = "",
) -> Paper | None:
    """Give the paper of a completion sheet; nothing when the guide has no such form.

    Without ``sha256`` it is a draft, and says so. ``check_at`` is where anyone
    gets the JSON whose fingerprint is printed.
    """
    lang = body_lang(lang)
    form = next((one for one in form_guide.forms if one.code == FORM), None)
    if form is None:
        return None
    pen = Pen(lang)
    with override(lang):
        promise = stated["commitment"]
        title = f"{promise['number']}. {pen.words(promise['title'])}"
        said = {"sheet": stated["number"], "commitment": promise["slug"]}
        blocks = (
            *_front(stated, pen, issued_on=issued_on, check_at=check_at if sha256 else ""),
            *pen.section(Heading(1, form.title.in_(lang)), _filled(stated, form, pen)),
            *pen.section(Heading(1, _("What the record adds")), _record(stated, form, pen)),
        )
        return Paper(
            title=title,
            subtitle=pen.words(stated["member"]["name"]),
            kind=_("Completion sheet"),
            lang=lang,  # type: ignore[arg-type]
            reference=_("Commitment %(commitment)s, completion sheet %(sheet)s") % said if sha256 else _("Draft"),
            dated=issued_on,
            address=address,
            notice="\n".join(_notices(stated, sha256)),
            source_note=source_of(form_guide),
            blocks=blocks,
        )


def _notices(stated: Mapping[str, Any], sha256: str) -> Iterator[str]:
    if stated["member"]["invented"]:
        yield _("Demonstration: this Region, its people and its texts are invented.")
    if not sha256:
        yield _("Draft. Nothing here is frozen, and all of it may still change.")


def _front(stated: Mapping[str, Any], pen: Pen, *, issued_on: dt.date | None, check_at: str) -> Iterator[Block]:
    plan, period = stated["plan"], stated["period"]
    named = pen.words(plan["title"])
    if plan["version"]:
        named = _("%(plan)s, version %(version)s") % {"plan": named, "version": plan["version"]}
    pairs = [
        (_("Plan"), named),
        (_("Period reported on"), pen.period(period["starts_on"], period["ends_on"])),
    ]
    if issued_on and check_at:
        pairs.append((_("Issued on"), dates.day(issued_on, pen.lang)))
    yield Fields(tuple(pairs))
    if check_at:
        yield how_to_check(check_at)


# --- annex 4 --------------------------------------------------------------


def _filled(stated: Mapping[str, Any], form: Form, pen: Pen) -> Iterator[Block]:
    promise = stated["commitment"]

    def answer(question: Question) -> Answer:
        field = (question.stores or "").partition(".")[2]
        if question.stores == "progress_update.level":
            return _levels(question, stated["level"], pen)
        if field == "title":
            return f"{promise['number']}. {pen.words(promise['title'])}"
        if question.kind == "period":
            return pen.period(promise["starts_on"], promise["ends_on"])
        if field == "lead_agency":
            return pen.words(stated["texts"].get(question.code) or promise["unit"])
        if field.startswith("contact_"):
            return stated["contact"][field.removeprefix("contact_")]
        if field == "milestones":
            return _milestones(question, stated["milestones"], pen)
        if question.kind == "yes-no":
            return stated["values"].get(question.code)
        if own := stated["texts"].get(question.code):
            return own
        planned = promise["texts"].get(question.code, {})
        if not planned or needs_room(question, planned, pen):
            return planned
        return _("%(words)s (as in the plan)") % {"words": pen.words(planned)}

    def after(question: Question) -> Iterator[Block]:
        """Say of a long text that the sheet does not write again that it is the plan's."""
        planned = promise["texts"].get(question.code, {})
        if planned and question.code not in stated["texts"] and needs_room(question, planned, pen):
            yield Paragraph(_("As in the plan."))

    return filled(form, answer, pen, after=after)


def _level_names(question: Question, pen: Pen) -> dict[str, str]:
    """Name the levels: the form's own in its words, then the one that OGP adds (row O-7)."""
    printed = {choice.code: choice.label.in_(pen.lang) for choice in question.choices}
    return printed | {CompletionLevel.NO_EVIDENCE.value: str(LEVELS[CompletionLevel.NO_EVIDENCE])}


def _levels(question: Question, chosen: str, pen: Pen) -> Table:
    """Draw the scale on one line, so that no page cuts it."""
    names = _level_names(question, pen)
    row = tuple(_("Chosen") if code == chosen else "" for code in names)
    return Table(_("The level reached at the end of the period"), tuple(names.values()), (row,), widths=(1,) * len(row))


def _milestones(question: Question, steps: Any, pen: Pen) -> Table:
    """Give the activities under the form's columns; those put off carry their new day."""
    put_off = any(step["expected_on"] for step in steps)
    head = [column.label.in_(pen.lang) for column in question.columns]
    if put_off:
        head.append(_("New day expected"))
    rows = tuple(tuple(_cells(question, step, pen, put_off)) for step in steps)
    widths = [10 if (column.stores or "").endswith(".title") else 6 for column in question.columns]
    return Table(question.label.in_(pen.lang), tuple(head), rows, widths=(*widths, *([6] if put_off else [])))


def _cells(question: Question, step: Mapping[str, Any], pen: Pen, put_off: bool) -> Iterator[str]:
    for column in question.columns:
        name = (column.stores or "").partition(".")[2]
        if name == "level":
            known = _level_names(column, pen)
            yield known.get(step["level"], _("Nothing reported"))
        elif name in {"starts_on", "ends_on"}:
            yield pen.brief(step[name])
        else:
            yield pen.words(step.get(name, {}))
    if put_off:
        yield pen.brief(step["expected_on"]) if step["expected_on"] else ""


# --- what the record adds -------------------------------------------------


def _record(stated: Mapping[str, Any], form: Form, pen: Pen) -> Iterator[Block]:
    return chain(
        _changes(stated, form, pen), _reports(stated, form, pen), _evidence(stated, pen), _measures(stated, pen)
    )


def _changes(stated: Mapping[str, Any], form: Form, pen: Pen) -> Iterator[Block]:
    """Say what the plan said where the sheet now says otherwise, and which activities are late or put off."""
    promise, changes = stated["commitment"], stated["changes"]
    labels = {question.code: question.label.in_(pen.lang) for group in form.groups for question in group.questions}
    yield Heading(2, _("What changed since the plan"))
    said = [(labels.get(code, code), pen.words(promise["texts"][code])) for code in changes["texts"]]
    said += [
        (labels.get(f"contact-{name}", name), promise["contact"][name] or _("Not filled in."))
        for name in changes["contact"]
    ]
    late = [step for step in stated["milestones"] if step["number"] in changes["milestones"]]
    if not said and not late:
        yield Paragraph(_("Nothing: the words of the plan stand, and no activity is late."))
    if said:
        head = (_("Question"), _("The plan said"))
        yield Table(_("Answers that differ from the plan"), head, tuple(said), row_headers=True, widths=(3, 5))
    if late:
        heads = (_("Activity"), _("Planned end"), _("New day expected"))
        rows = tuple(
            (
                pen.words(step["title"]),
                pen.brief(step["ends_on"]),
                pen.brief(step["expected_on"]) if step["expected_on"] else _("No new day was given"),
            )
            for step in late
        )
        yield Table(_("Activities late or put off"), heads, rows, widths=(4, 2, 2))


def _reports(stated: Mapping[str, Any], form: Form, pen: Pen) -> Iterator[Block]:
    questions = (question for group in form.groups for question in group.questions)
    asked = next((one for one in questions if one.stores == "progress_update.level"), None)
    levels = _level_names(asked, pen) if asked else {}
    rows = tuple(
        (
            pen.brief(one["as_of"]),
            _about(one, stated["milestones"], pen),
            levels.get(one["level"]) or str(LEVELS[one["level"]]),
            pen.words(one["text"]),
        )
        for one in stated["reports"]
    )
    head = (_("As of"), _("About"), _("Level"), _("What was reported"))
    yield Heading(2, _("Reported in the period"))
    yield Table(_("Reports, without those that a later one corrects"), head, rows, widths=(4, 7, 4, 11))


def _about(report: Mapping[str, Any], steps: Sequence[Mapping[str, Any]], pen: Pen) -> str:
    """Name what a report is about. Sheets issued before reports carried it know the activity by its number alone."""
    known_by = "uid" if "milestone_uid" in report else "number"
    about = report["milestone_uid"] if known_by == "uid" else report["milestone"]
    if not about:
        return _("The commitment as a whole")
    named = (pen.words(step["title"]) for step in steps if step[known_by] == about)
    return next(named, _("An activity that the plan in force does not hold"))


def _evidence(stated: Mapping[str, Any], pen: Pen) -> Iterator[Block]:
    """List what anyone can open: an address, or a file with the fingerprint that identifies it."""
    yield Heading(2, _("Evidence"))
    if not stated["evidence"]:
        yield Note(_("No evidence was added in the period."))
        return
    yield ItemList(tuple(_shown(one, pen) for one in stated["evidence"]), numbered=True)


def _shown(one: Mapping[str, Any], pen: Pen) -> str:
    said = {"title": pen.words(one["title"]), "day": pen.day(one["as_of"])}
    if "url" in one:
        return _("%(title)s (report of %(day)s)") % said + "\n" + one["url"]
    said |= {"file": one["file"], "sha256": one["sha256"]}
    return _("%(title)s (report of %(day)s)") % said + "\n" + _("File %(file)s, SHA-256 %(sha256)s") % said


def _measures(stated: Mapping[str, Any], pen: Pen) -> Iterator[Block]:
    indicator = stated["commitment"]["indicator"]
    if not indicator:
        return
    yield Heading(2, _("Indicator"))

    def at(value: str, day: str) -> str:
        return f"{figure(indicator[value])} ({pen.day(indicator[day])})"

    yield Fields(
        (
            (_("Indicator"), f"{pen.words(indicator['name'])} ({pen.words(indicator['unit'])})"),
            (_("Baseline"), at("baseline", "baseline_on")),
            (_("Target"), at("target", "target_on")),
        )
    )
    rows = tuple((pen.brief(one["as_of"]), figure(one["value"])) for one in stated["measures"])
    yield Table(_("Measured in the period"), (_("As of"), _("Figure")), rows, widths=(2, 1))
