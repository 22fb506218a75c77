"""To be written."""

from __future__ import annotations

from typing import Any


def capture_suggestions(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def send_sheet(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def settle_sheet(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError
