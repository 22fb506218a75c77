"""A page of the pack as plain values: blocks of words, facts and links, the same shape for every subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from openregion.core.official import OfficialText
from openregion.web.queries.voice import Voice, official


@dataclass(frozen=True)
class Link:
    """A file of the pack, by its place in it, with the words that lead there."""

    label: str
    path: str

    @property
    def href(self) -> str:
        """Its address from a page of a language, one folder down."""
        return "../" + quote(self.path)


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
    """A page of the pack."""

    code: str
    title: str
    lead: str
    blocks: tuple[Block, ...] = ()
    part: int = 0
    parts: tuple[str, ...] = field(default=())

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
