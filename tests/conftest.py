"""What every test stands on: no network, undefined template variables fail, row marks counted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def pytest_configure() -> None:
    """Keep passwords in a quick form: the real one is slow on purpose, and every test makes people."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data, or a skip that says it is absent."""
    if not SHARED.is_dir():
        pytest.skip("real data is not here (../shared/data)")
    return SHARED


@pytest.fixture(scope="module")
def demonstration_played(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    """Play the demonstration once for a module, and roll it back at its end; each test within undoes its own."""
    from django.core.management import call_command
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _no_page_kept() -> None:
    """Forget what is kept in memory, pages and frozen methods: a rolled-back table gives its numbers again."""
    from django.core.cache import caches

    from openregion.cycle.queries import pinned

    pinned._frozen_book.cache_clear()
    for name in ("default", "pages"):
        caches[name].clear()


@pytest.fixture(autouse=True)
def _numbers_from_the_start() -> None:
    """Number what factories make from nought in each test: names do not depend on which tests ran before."""
    from factory.django import DjangoModelFactory

    kinds = list(DjangoModelFactory.__subclasses__())
    for kind in kinds:
        kinds += kind.__subclasses__()
        kind.reset_sequence(0, force=True)


@pytest.fixture(autouse=True)
def _default_language() -> None:
    """Begin each test in the default language: a page asked in Arabic leaves its language behind."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture
def english() -> Iterator[None]:
    """Read what deeds refuse in the language the code is written in."""
    from django.utils import translation

    with translation.override("en"):
        yield
