"""A paper is frozen, and always writes itself the same way."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import date

import pytest

from openregion.core.paper import (
    Blank,
    Fields,
    Heading,
    ItemList,
    Note,
    PageBreak,
    Paper,
    Paragraph,
    Quote,
    Table,
)

EVERY_BLOCK = Paper(
    title="Plan d’action",
    subtitle="2027-2029",
    lang="fr",
    kind="Plan",
    reference="TTA-1",
    dated=date(2026, 11, 23),
    address="https://example.ma/fr/",
    notice="Données inventées",
    source_note="Guide, 2021",
    blocks=(
        Heading(1, "Engagements"),
        Paragraph("Une phrase."),
        Paragraph("جملة", "ar"),
        ItemList(("un", "deux"), numbered=True),
        Table("Suivi", ("Province", "Nombre"), (("Larache", "3"),), row_headers=True, widths=(2, 1)),
        Fields((("Région", "TTA"),)),
        Blank("Quel problème ?", ("Décrire.",), 4, "box"),
        Blank("Valeur", kind="choice", choices=("Transparence", "Participation")),
        Quote("بغينا الطوبيس", "ary"),
        Note("Dans les 60 jours."),
        PageBreak(),
    ),
)


def test_paper_comes_back_equal_from_its_json() -> None:
    assert Paper.from_json(EVERY_BLOCK.as_json()) == EVERY_BLOCK


def test_json_is_canonical() -> None:
    text = EVERY_BLOCK.as_json()
    again = json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert text == again
    assert "بغينا" in text


def test_json_leaves_out_what_was_not_stated() -> None:
    paper = Paper(title="T", lang="fr", blocks=(Paragraph("p"), PageBreak()))
    assert paper.as_json() == (
        '{"blocks":[{"block":"paragraph","text":"p"},{"block":"page-break"}],"lang":"fr","title":"T"}'
    )


def test_fingerprint_is_that_of_the_json() -> None:
    assert EVERY_BLOCK.sha256() == hashlib.sha256(EVERY_BLOCK.as_json().encode()).hexdigest()


def test_fingerprint_changes_with_one_letter() -> None:
    assert dataclasses.replace(EVERY_BLOCK, title="Plan d’actions").sha256() != EVERY_BLOCK.sha256()


def test_fingerprint_survives_half_a_character() -> None:
    assert len(Paper(title="\ud800", lang="fr").sha256()) == 64


def test_paper_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        EVERY_BLOCK.title = "Autre"  # type: ignore[misc]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Heading(4, "trop bas"),
        lambda: ItemList(["liste"]),  # type: ignore[arg-type]
        lambda: Table("c", ("a", "b"), (("seul",),)),
        lambda: Table("c", ("a",), (("b",),), widths=(0,)),
        lambda: Fields((("a", "b", "c"),)),  # type: ignore[arg-type]
        lambda: Blank("q", kind="choice"),
        lambda: Blank("q", choices=("a",)),
        lambda: Blank("q", lines=201),
        lambda: Paper(title="T", lang="de"),  # type: ignore[arg-type]
        lambda: Paper(title="T", lang="fr", blocks=("texte",)),  # type: ignore[arg-type]
        lambda: Paper.from_json('{"title":"T","lang":"fr","blocks":[{"block":"video"}]}'),
    ],
)
def test_paper_that_cannot_be_printed_is_refused(make: object) -> None:
    with pytest.raises(ValueError):
        make()  # type: ignore[operator]
