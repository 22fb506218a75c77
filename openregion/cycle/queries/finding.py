"""What search finds of the method, and what it found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override

from openregion.core import languages
from openregion.core.page import twin
from openregion.cycle.queries.book import criteria_passages, programme_passages, value_passages
from openregion.cycle.queries.delays import figures
from openregion.guide import queries as guides
from openregion.guide.schema import Form, Guide, Printed, Question, QuestionGroup
from openregion.people.models import Member
from openregion.record import queries as records
from openregion.record.queries import Hit


@dataclass(frozen=True)
class Entry:
    """A place of the method that search finds, in one language."""

    kind: str
    subject_uid: str
    title: str
    excerpt: str
    path: str
    text: str


KINDS = {
    "stage": gettext_lazy("Stages"),
    "procedure": gettext_lazy("Procedures"),
    "operation": gettext_lazy("Operations"),
    "actor": gettext_lazy("Who takes part"),
    "rule": gettext_lazy("Delays and thresholds"),
    "form": gettext_lazy("Forms"),
    "question": gettext_lazy("Questions of the forms"),
    "chapter": gettext_lazy("Chapters"),
    "directive": gettext_lazy("Directives"),
    "difference": gettext_lazy("The guide and today's rules"),
    "body-kind": gettext_lazy("Kinds of bodies"),
    "reference": gettext_lazy("References"),
}
LONGEST_EXCERPT = 180


def entries_of_the_method(member: Member, lang: str) -> Iterator[Entry]:
    """Yield every place of the member's method as search should find it in ``lang``."""
    with override(lang):
        yield from list(_entries(member, guides.guide(member.guide_version), lang))


def _entries(member: Member, book: Guide, lang: str) -> Iterator[Entry]:
    def entry(kind: str, uid: str, title: str, texts: Iterable[str], page: str, *codes: str, anchor: str = "") -> Entry:
        text = "\n".join(texts)
        path = reverse(page, args=[member.slug, *codes]) + (f"#{anchor}" if anchor else "")
        excerpt = text if len(text) <= LONGEST_EXCERPT else text[:LONGEST_EXCERPT].rsplit(" ", 1)[0] + "…"
        return Entry(kind, uid, title, excerpt.replace("\n", " "), path, text)

    def words(items: Iterable[Printed]) -> list[str]:
        return [item.text.in_(lang) for item in items]

    for page, passages in (
        ("method_programme", programme_passages(book)),
        ("method_criteria", criteria_passages(book)),
    ):
        for one in passages:
            yield entry("chapter", one.code, one.title, words(one.items), page, anchor=one.code)
    for _list, one in value_passages(book):
        yield entry("chapter", f"values-{one.code}", one.title, words(one.items), "method_values", anchor=one.code)
    for directive in book.book.directives:
        text = directive.text.in_(lang)
        yield entry("directive", directive.code, text, [], "method_directives", anchor=directive.code)
    for stage in book.stages:
        texts = [stage.intro.in_(lang), *words(stage.frame)]
        yield entry("stage", stage.code, stage.title.in_(lang), texts, "method_stage", stage.code)
        for procedure in stage.procedures:
            lines = [*words(procedure.stakeholders), *words(procedure.objectives), *words(procedure.references)]
            uid = f"{stage.code}:{procedure.code}"
            yield entry(
                "procedure", uid, procedure.title.in_(lang), lines, "method_stage", stage.code, anchor=procedure.code
            )
            for operation in procedure.operations:
                note = [operation.note.in_(lang)] if operation.note else []
                text = operation.text.in_(lang)
                yield entry("operation", operation.code, text, note, "method_stage", stage.code, anchor=operation.code)
    for actor in book.actors:
        asked = [line for one in guides.asked_of(book, actor.code) for line in words(one.procedure.operations)]
        yield entry("actor", actor.code, actor.label.in_(lang), asked, "method_actor", actor.code)
    for rule in book.rules:
        texts = [*figures(rule), rule.about.in_(lang), rule.article or ""]
        yield entry("rule", rule.code, rule.title.in_(lang), filter(None, texts), "method_rule", rule.code)
    for form in book.forms:
        yield entry("form", form.code, form.title.in_(lang), [form.about.in_(lang)], "method_form", form.code)
        for group, question in questions(form):
            texts = [*(one.in_(lang) for one in question.help), *([group.label.in_(lang)] if group.label else [])]
            uid = f"{form.code}:{question.code}"
            yield entry(
                "question", uid, question.label.in_(lang), texts, "method_form", form.code, anchor=question.code
            )
    for difference in book.book.differences:
        code, topic = difference.code, difference.topic.in_(lang)
        texts = [text.in_(lang) for text in (difference.guide_says, difference.today, difference.consequence)]
        yield entry("difference", code, topic, texts, "method_today", anchor=code)
    for body in book.book.bodies:
        yield entry(
            "body-kind", body.code, body.title.in_(lang), [body.remit.in_(lang)], "method_bodies", anchor=body.code
        )
    for reference in book.references:
        texts = [address for address in (reference.url, reference.printed) if address]
        yield entry(
            "reference", reference.code, reference.title.in_(lang), texts, "method_references", anchor=reference.code
        )


def questions(form: Form) -> Iterator[tuple[QuestionGroup, Question]]:
    """Walk a form's questions, each with its group."""
    for group in form.groups:
        for question in group.questions:
            yield group, question


def find(member: Member, q: str) -> tuple[tuple[str, tuple[Hit, ...]], ...]:
    """Search the method in the language of the page's body; hits by kind, in the order of the book."""
    lang = get_language() or "fr"
    hits = records.search(q, lang=languages.body_lang(lang), member_code=member.slug, kinds=list(KINDS), limit=100)
    gathered: dict[str, list[Hit]] = {kind: [] for kind in KINDS}
    for hit in hits:
        # Under /zgh/ the words are French and the links stay under /zgh/.
        gathered[hit.kind].append(
            Hit(hit.kind, hit.subject_uid, hit.title, hit.excerpt, twin(hit.path, lang), hit.lang)
        )
    return tuple((str(KINDS[kind]), tuple(found)) for kind, found in gathered.items() if found)
