"""What was printed once is handed out for good."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from openregion.record.actions import freeze, print_document
from openregion.record.models import FrozenDocument, Rendition

AT = dt.datetime(2026, 3, 1, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def document() -> FrozenDocument:
    content = {"title": "Plan", "axes": [1, 2]}
    return freeze(content, kind="plan", subject_type="Plan", subject_uid="u", member_code="membre", at=AT)


def refuse_to_render(document: FrozenDocument) -> bytes:
    raise AssertionError("rendered twice")


@pytest.mark.django_db
def test_document_is_printed_once_a_language_and_format(document: FrozenDocument) -> None:
    first = print_document(document, lang="fr", format="pdf", render=lambda one: one.content.encode(), at=AT)
    again = print_document(document, lang="fr", format="pdf", render=refuse_to_render, at=AT)
    other = print_document(document, lang="ar", format="pdf", render=lambda one: b"other", at=AT)
    assert (again.pk, other.pk == first.pk, Rendition.objects.count()) == (first.pk, False, 2)
    with first.file.open() as opened:
        assert opened.read().decode() == document.content


@pytest.mark.django_db
def test_of_two_who_print_at_once_the_first_to_finish_is_kept(document: FrozenDocument, tmp_path: Path) -> None:
    def render_while_another_finishes(one: FrozenDocument) -> bytes:
        print_document(one, lang="fr", format="pdf", render=lambda _: b"first", at=AT)
        return b"second"

    kept = print_document(document, lang="fr", format="pdf", render=render_while_another_finishes, at=AT)
    with kept.file.open() as opened:
        assert opened.read() == b"first"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.django_db
def test_document_is_frozen_as_the_one_text_it_has(document: FrozenDocument) -> None:
    assert document.content == '{"axes":[1,2],"title":"Plan"}'
    assert len(document.sha256) == 64
