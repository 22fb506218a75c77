"""A page of the pack as plain values: blocks of words, facts and links, the same shape for every subject."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import get_language

from openregion.core import dates
from openregion.core.official import OfficialText
from openregion.web.queries.voice import Voice, official


@dataclass(frozen=True)
class Link:
    """A file of the pack, by its place in it, with the words that lead there."""

    label: str
    path: str

    @property
    def address(self) -> str:
        """Its address from the root of the pack."""
        return quote(self.path)


@dataclass(frozen=True)
class Block:
    """One thing on a page: its title, when, what is known of it, its words, its files."""

    title: Voice
    when: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, Voice], ...] = ()
    links: tuple[Link, ...] = ()
    anchor: str = ""


@dataclass(frozen=True)
class PackPage:
    """A page of the pack; an ``inner`` one is in the folder kept inside."""

    code: str
    title: str
    lead: str
    blocks: tuple[Block, ...] = ()
    part: int = 0
    parts: tuple[str, ...] = field(default=())
    inner: bool = False

    @property
    def name(self) -> str:
        """The name of its file; a long list goes over several."""
        return f"{self.code}-{self.part}.html" if self.part > 1 else f"{self.code}.html"


def spoken(label: str, text: OfficialText) -> tuple[tuple[str, Voice], ...]:
    """Give official text under its label; nothing where there is none."""
    voice = official(text) if text else None
    return ((label, voice),) if voice and voice.text else ()


def facts(*pairs: tuple[str, object]) -> tuple[tuple[str, str], ...]:
    """Keep the facts that are known."""
    return tuple((label, str(value)) for label, value in pairs if value not in (None, "", ()))


def day_in_words(value: dt.date | dt.datetime | None) -> str:
    """Write a day in the language in force; nothing where there is none."""
    if value is None:
        return ""
    on = timezone.localdate(value) if isinstance(value, dt.datetime) else value
    return dates.day(on, get_language() or "fr")
