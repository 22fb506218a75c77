"""What the papers of the method state: the whole book, and each form to fill in by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.core import dates
from openregion.core.languages import body_lang
from openregion.core.paper import (
    Blank,
    Block,
    Heading,
    ItemList,
    Note,
    PageBreak,
    Paper,
    Paragraph,
    Table,
)
from openregion.cycle import queries
from openregion.guide.schema import Form, Guide, Printed, Procedure, Question, Stage

# Room left by hand for each kind of answer, in lines.
_LINES = {"text": 1, "number": 1, "date": 1, "period": 1, "long-text": 5}
_EMPTY_ROWS = 5


def paper_of_the_method(book: Guide, *, name: str, lang: str, sha256: str) -> Paper | None:
    """Give the paper called ``name``: "method", or the code of a form; nothing when there is none.

    Under ``zgh`` it is the French paper: no wording of the guide is validated in Amazigh yet.
    """
    written = body_lang(lang)
    with override(written):
        if name == "method":
            return _whole(book, written, sha256)
        form = next((one for one in book.forms if one.code == name), None)
        return _blank_form(book, form, written, sha256) if form else None


def _paper(
    book: Guide,
    lang: str,
    sha256: str,
    *,
    title: str,
    subtitle: str,
    kind: str,
    blocks: Iterable[Block],
    form: Form | None = None,
) -> Paper:
    if form and form.says == "ogp":
        source = _not_the_guides()
    else:
        source = _("Guide %(number)s, %(publisher)s, %(year)s. The French wording is the official one.") % {
            "number": book.book.number,
            "publisher": book.book.publisher.in_(lang),
            "year": book.book.published,
        }
    return Paper(
        title=title,
        subtitle=subtitle,
        kind=kind,
        lang=lang,  # type: ignore[arg-type]
        reference=f"{book.version} · {sha256[:12]}",
        source_note=source,
        blocks=tuple(blocks),
    )


def _not_the_guides() -> str:
    return _("OGP Local's own record, rebuilt from what it publishes. The wording is ours, not the guide's.")


def _whole(book: Guide, lang: str, sha256: str) -> Paper:
    frame = book.book
    return _paper(
        book,
        lang,
        sha256,
        title=frame.title.in_(lang),
        subtitle=frame.publisher.in_(lang),
        kind=_("The method"),
        blocks=_chapters(book, lang),
    )


def _chapters(book: Guide, lang: str) -> Iterator[Block]:
    frame = book.book
    yield Heading(1, _("The programme"))
    for passage in queries.programme_passages(book):
        yield from _passage(passage, lang)
    yield Heading(2, _("Dated facts"))
    rows = tuple((one.text.in_(lang), dates.partly_known(one.dated, lang), one.source) for one in frame.facts)
    yield Table(_("Facts, with their date and source"), (_("Fact"), _("Date"), _("Source")), rows, widths=(5, 2, 3))
    yield Heading(1, _("The values"))
    for _list, passage in queries.value_passages(book):
        yield from _passage(passage, lang)
    heads, mapped = queries.mapped_values(book)
    yield Table(
        _("How the four lists answer each other"),
        tuple(head.in_(lang) for head in heads),
        tuple(
            (row.value.text.in_(lang), *("\n".join(_words(cell, lang)) or _("Nothing") for cell in row.columns))
            for row in mapped
        ),
        row_headers=True,
    )
    yield Heading(1, _("The criteria"))
    for passage in queries.criteria_passages(book):
        yield from _passage(passage, lang)
    yield Heading(1, _("The directives"))
    yield ItemList(_words(frame.directives, lang), numbered=True)
    yield Heading(1, _("Candidacy"))
    yield from (Paragraph(text) for text in _words(frame.candidacy, lang))
    yield from (block for one in book.stages if one.part == "candidacy" for block in _stage(one, lang))
    yield Heading(1, _("Action plan"))
    yield from (Paragraph(text) for text in _words(frame.plan, lang))
    yield from (block for one in book.stages if one.part == "plan" for block in _stage(one, lang))
    yield Heading(1, _("The bodies, kept apart"))
    for body in frame.bodies:
        yield Heading(2, body.title.in_(lang))
        yield Paragraph(body.remit.in_(lang))
    yield Heading(1, _("The guide and today's rules"))
    heads_today = (_("Topic"), _("The guide says"), _("Today"), _("What the platform does"))
    rows_today = tuple(
        tuple(text.in_(lang) for text in (one.topic, one.guide_says, one.today, one.consequence))
        for one in frame.differences
    )
    yield Table(_("Where the guide and today's rules differ"), heads_today, rows_today, row_headers=True)
    for form in book.forms:
        yield PageBreak()
        yield Heading(1, f"{queries.annex(form)}. {form.title.in_(lang)}")
        if form.says == "ogp":
            yield Note(_not_the_guides())
        yield from _questions(form, lang)


def _passage(passage: queries.Passage, lang: str) -> Iterator[Block]:
    yield Heading(2, passage.title)
    texts = _words(passage.items, lang)
    if passage.shape == "paragraphs":
        yield from (Paragraph(text) for text in texts)
    else:
        yield ItemList(texts, numbered=passage.numbered)


def _stage(stage: Stage, lang: str) -> Iterator[Block]:
    yield Heading(2, f"{stage.number}. {stage.title.in_(lang)}")
    yield Paragraph(stage.intro.in_(lang))
    if stage.frame:
        yield ItemList(_words(stage.frame, lang))
    for procedure in stage.procedures:
        if len(stage.procedures) > 1:
            yield Heading(3, procedure.title.in_(lang))
        yield from _procedure(procedure, lang)


def _procedure(procedure: Procedure, lang: str) -> Iterator[Block]:
    rows: tuple[tuple[str, tuple[Printed, ...]], ...] = (
        (_("Stakeholders"), procedure.stakeholders),
        (_("Objectives"), procedure.objectives),
        (_("Operations and procedures"), procedure.operations),
        (_("Main references"), procedure.references),
    )
    for name, items in rows:
        if items:
            yield Heading(3, name)
            yield ItemList(_words(items, lang), numbered=items is procedure.operations)


def _blank_form(book: Guide, form: Form, lang: str, sha256: str) -> Paper:
    blocks: list[Block] = [Note(form.about.in_(lang)), *_questions(form, lang)]
    title, kind = form.title.in_(lang), queries.annex(form)
    subtitle = book.book.title.in_(lang) if form.says == "guide" else kind
    return _paper(book, lang, sha256, title=title, subtitle=subtitle, kind=kind, blocks=blocks, form=form)


def _questions(form: Form, lang: str) -> Iterator[Block]:
    """Ask every question of a form as printed, with room to answer by hand."""
    for group in form.groups:
        if group.label:
            yield Heading(2, group.label.in_(lang))
        yield from (Paragraph(text.in_(lang)) for text in group.help)
        for question in group.questions:
            yield from _question(question, lang)
    if form.closing:
        yield Blank(form.closing.in_(lang), lines=4)


def _question(question: Question, lang: str) -> Iterator[Block]:
    label = question.label.in_(lang)
    advice = tuple(text.in_(lang) for text in question.help)
    if question.kind == "rows":
        yield from (Paragraph(text) for text in advice)
        head = tuple(column.label.in_(lang) for column in question.columns)
        # Most room for words, less for dates.
        widths = tuple(1 if column.kind in {"date", "choice", "number"} else 3 for column in question.columns)
        yield Table(label, head, ((("",) * len(head)),) * _EMPTY_ROWS, widths=widths)
    elif question.kind == "choice":
        choices = tuple(choice.label.in_(lang) for choice in question.choices)
        yield Blank(label, advice, lines=0, kind="choice", choices=choices)
    elif question.kind == "yes-no":
        yield Blank(label, advice, lines=2, kind="yes-no")
    else:
        yield Blank(label, advice, lines=_LINES[question.kind])


def _words(items: Iterable[Printed], lang: str) -> tuple[str, ...]:
    return tuple(item.text.in_(lang) for item in items)
