"""What every test stands on: no network, undefined template variables fail, row marks counted."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data, or a skip that says it is absent."""
    if not SHARED.is_dir():
        pytest.skip("real data is not here (../shared/data)")
    return SHARED


@pytest.fixture(autouse=True)
def _no_page_kept() -> None:
    """Forget the pages kept for visitors: a rolled-back journal gives its numbers again."""
    from django.core.cache import caches

    for name in ("default", "pages"):
        caches[name].clear()
