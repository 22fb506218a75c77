"""A draft about to be published: what is still missing for it, and what whoever publishes confirms having read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import languages
from openregion.core.official import text_in
from openregion.diagnosis.models import Passage, Report
from openregion.diagnosis.queries.drafts import copies_from_sheets
from openregion.diagnosis.queries.pieces import OFFICIAL
from openregion.diagnosis.queries.statement import SECTIONS, material_of_report, parts_of, uncited_of

LONGEST_NAME = 90


@dataclass(frozen=True)
class Named:
    """A passage in a list: its part of the report, its first words, the languages it lacks."""

    uid: str
    section: str
    lang: str
    begins: str
    missing: str


@dataclass(frozen=True)
class PublishPage:
    """What the page that publishes a report says of it before."""

    number: int
    not_cited: int
    pending: int
    queue_url: str
    untranslated: tuple[Named, ...]
    drafted: tuple[Named, ...]
    copied: bool


def publish_page(report: Report) -> PublishPage:
    """Prepare what whoever publishes a report is told: what waits, what lacks a language, what nobody changed."""
    passages = list(report.passages.all())
    return PublishPage(
        number=report.number,
        not_cited=uncited_of(report).count(),
        pending=pending_in(report),
        queue_url=reverse("moderation", args=[report.member.slug]),
        untranslated=tuple(_named(one) for one in passages if lacking(one)),
        drafted=tuple(_named(one) for one in passages if one.drafted),
        copied=copies_from_sheets(report),
    )


def pending_in(report: Report) -> int:
    """Count the suggestions that a report speaks of and that nobody has read yet."""
    waiting = material_of_report(report).awaiting_moderation()  # type: ignore[attr-defined]
    return waiting.filter(erased_at=None).count()  # type: ignore[no-any-return]


def lacking(passage: Passage) -> tuple[str, ...]:
    """List the official languages that a passage is not written in; people's own words ask for no translation."""
    if passage.as_given:
        return ()
    return tuple(lang for lang in OFFICIAL if not passage.text.get(lang, {}).get("text"))


def named_languages(codes: tuple[str, ...]) -> str:
    """Name languages, each in its own words."""
    own: Mapping[str, Any] = {one.code: one.own_name for one in languages.ALL}
    return _(", ").join(own[code] for code in codes)


def first_words_of(passage: Passage) -> str:
    """Name a passage by its first words, without the marks of its layout."""
    text = text_in(passage.text, languages.body_lang(get_language() or "fr"))
    line = " ".join(line for part in parts_of(text) for line in part.lines)
    return line if len(line) <= LONGEST_NAME else line[:LONGEST_NAME].rsplit(" ", 1)[0] + "…"


def _named(one: Passage) -> Named:
    lang = languages.body_lang(get_language() or "fr")
    written = next((code for code in (lang, "fr", "ar", "en", *one.text) if one.text.get(code)), lang)
    return Named(one.uid, str(SECTIONS[one.section]), written, first_words_of(one), named_languages(lacking(one)))
