"""To be written."""

from __future__ import annotations

from typing import Any


def add_consultation_paper(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def remove_consultation_paper(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError
