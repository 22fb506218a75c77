"""To be written."""

from __future__ import annotations

from typing import Any


def draft_participation_call(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def revise_participation_call(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def publish_participation_call(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def judge_application(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def select_participants(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError


def erase_application(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError
