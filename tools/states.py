"""Write docs/generated/states.md: the states of what moves, and the deed of each move, from the rooms' rules.

.venv/bin/python tools/states.py
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "generated" / "states.md"
PLACES = (
    ("consultation.rules", "MOVES"),
    ("consultation.rules.calls", "CALL_MOVES"),
    ("consultation.rules.applications", "APPLICATION_MOVES"),
    ("consultation.rules.paper", "FORM_MOVES"),
    ("diagnosis.rules.reports", "MOVES"),
    ("consultation.rules.workshops", "WORKSHOP_MOVES"),
    ("cycle.rules.operations", "MOVES"),
    ("cycle.rules.meetings", "MOVES"),
    ("cycle.rules.minutes", "MINUTES_MOVES"),
    ("cycle.rules.council", "MOVES"),
    ("cycle.rules.visas", "VISA_MOVES"),
    ("cycle.rules.letters", "MOVES"),
    ("cycle.rules.communication", "MOVES"),
    ("admission.rules.dossier", "MOVES"),
    ("people.rules.directory", "MOVES"),
    ("web.rules", "MOVES"),
)


def page() -> str:
    """Draw each thing's moves, as the rules hold them."""
    lines = ["# States and moves", "", "Made by `tools/states.py` from the rooms' rules; not written by hand."]
    for place, name in PLACES:
        moves: dict[Any, dict[str, Any]] = getattr(import_module(f"openregion.{place}"), name)
        first = next(iter(moves))
        title = type(first).__qualname__ if type(first) is not str else place.rpartition(".")[2]
        lines += ["", f"## {place.partition('.')[0]}: {title}", "", "```mermaid", "stateDiagram-v2"]
        rows = [
            (state, deed, after)
            for state, deeds in moves.items()
            for deed, led in deeds.items()
            for after in _each(led)
        ]
        lines += [
            f"    [*] --> {_node(first)}",
            *(f"    {_node(state)} --> {_node(after)}: {deed}" for state, deed, after in rows),
        ]
        lines += ["```", "", "| state | deed | becomes |", "|---|---|---|"]
        lines += [f"| {state} | `{deed}` | {after or 'gone'} |" for state, deed, after in rows]
    return "\n".join(lines) + "\n"


def _each(led: Any) -> tuple[Any, ...]:
    """Give where a deed leads: to one state, or to one of several that the deed says."""
    return led if isinstance(led, tuple) else (led,)


def _node(state: Any) -> str:
    """Write a state as the drawing wants it: no hyphen, and the end for what leaves nothing."""
    return str(state).replace("-", "_") if state else "[*]"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openregion.settings")
    import django

    django.setup()
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
