"""To be written."""

from __future__ import annotations

from typing import Any


def plan_workshop(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def revise_workshop(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def add_need(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def revise_need(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def remove_need(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def give_charge(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def end_charge(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError
