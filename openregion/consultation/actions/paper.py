"""To be written."""

from __future__ import annotations

from typing import Any


def print_forms(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def scan_form(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def enter_form(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def check_form(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def set_aside_form(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError
