"""What every page knows of the member it belongs to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def member(request: HttpRequest) -> dict[str, Any]:
    """Give templates the member of the page, or nothing on pages of the instance."""
    found = getattr(request, "member", None)
    return {"member": found, "appointments": getattr(request, "appointments", ())}
