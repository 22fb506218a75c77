"""A paper made steady before it is set: what every renderer may rely on.

Rooms write papers from what people typed. Here the outline loses its gaps,
headings without words go, and a paper without a title gets one, because a
tagged PDF with any of these is refused or misleads whoever listens to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from openregion.core.paper import (
    Blank,
    Block,
    Fields,
    Heading,
    ItemList,
    Note,
    Paper,
    Paragraph,
    Quote,
    Sign,
    Table,
)


def steady(paper: Paper, clean: Callable[[str], str]) -> Paper:
    """The same paper with every text passed through ``clean`` and an outline without gaps."""
    kind, reference = clean(paper.kind), clean(paper.reference)
    title = " ".join(clean(paper.title).split()) or kind or reference or "—"
    blocks: list[Block] = []
    level = 0
    for block in paper.blocks:
        block = _clean(block, clean)
        if isinstance(block, Heading):
            if not block.text:
                continue
            level = min(block.level, level + 1)
            block = replace(block, level=level)
        elif isinstance(block, Sign):
            level = 1  # a sign heads its own page
        blocks.append(block)
    return replace(
        paper,
        title=title,
        subtitle=clean(paper.subtitle),
        kind=kind,
        reference=reference,
        address=clean(paper.address),
        notice=clean(paper.notice),
        source_note=clean(paper.source_note),
        blocks=tuple(blocks),
    )


def _clean(block: Block, clean: Callable[[str], str]) -> Block:
    """One block with its words cleaned; a heading keeps to one line."""
    match block:
        case Heading():
            return replace(block, text=" ".join(clean(block.text).split()))
        case Sign():
            # Without its words a sign is left out, as a heading is.
            text, figure = (" ".join(clean(said).split()) for said in (block.text, block.figure))
            return replace(block, text=text, figure=figure) if text else Paragraph("")
        case Paragraph() | Quote() | Note():
            return replace(block, text=clean(block.text))
        case ItemList():
            return replace(block, items=_each(block.items, clean))
        case Table():
            rows = tuple(_each(row, clean) for row in block.rows)
            return replace(block, caption=clean(block.caption), head=_each(block.head, clean), rows=rows)
        case Fields():
            return replace(block, pairs=tuple((clean(label), clean(value)) for label, value in block.pairs))
        case Blank():
            return replace(
                block,
                label=clean(block.label),
                help=_each(block.help, clean),
                choices=_each(block.choices, clean),
            )
        case _:
            return block


def _each(texts: tuple[str, ...], clean: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(clean(text) for text in texts)
