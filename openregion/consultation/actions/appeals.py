"""To be written."""

from __future__ import annotations

from typing import Any


def mask_words(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def open_sealed(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def decide_appeal(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def link_kin(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def unlink_kin(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError
