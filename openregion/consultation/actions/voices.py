"""To be written."""

from __future__ import annotations

from typing import Any


def settle_flags(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def import_votes(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError
