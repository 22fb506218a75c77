"""To be written."""

from __future__ import annotations

from typing import Any


def assist_entry(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError
