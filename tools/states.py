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
ROOMS = ("consultation",)


def page() -> str:
    """Draw each room's moves, as the rules hold them."""
    lines = ["# States and moves", "", "Made by `tools/states.py` from each room's `rules.MOVES`; not written by hand."]
    for room in ROOMS:
        moves: dict[Any, dict[str, Any]] = import_module(f"openregion.{room}.rules").MOVES
        name = type(next(iter(moves))).__qualname__
        lines += ["", f"## {room}: {name}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {next(iter(moves))}"]
        lines += [f"    {state} --> {after}: {deed}" for state, deeds in moves.items() for deed, after in deeds.items()]
        lines += ["```", "", "| state | deed | becomes |", "|---|---|---|"]
        rows = ((state, deed, after) for state, deeds in moves.items() for deed, after in deeds.items())
        lines += [f"| {state} | `{deed}` | {after} |" for state, deed, after in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openregion.settings")
    import django

    django.setup()
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
