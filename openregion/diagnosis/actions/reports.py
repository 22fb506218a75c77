"""To be written."""

from __future__ import annotations

from typing import Any


def draft_report(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def write_passage(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def revise_passage(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def remove_passage(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def cite_in_passage(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def publish_report(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def discard_report(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError
