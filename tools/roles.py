"""Write docs/generated/roles.md: who may do what, from the guide's roles.

.venv/bin/python tools/roles.py
"""

from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "generated" / "roles.md"
VERSION = "ma-region-2021"


def page() -> str:
    """Write the table: each role and the deeds it lists."""
    roles = yaml.safe_load((ROOT / "guide" / VERSION / "roles.yaml").read_text(encoding="utf-8"))["roles"]
    lines = [
        "# Who may do what",
        "",
        f"Made by `tools/roles.py` from `guide/{VERSION}/roles.yaml`; not written by hand.",
        "",
        "| role | in English | deeds |",
        "|---|---|---|",
    ]
    for role in roles:
        deeds = ", ".join(f"`{deed}`" for deed in role["deeds"]) or "—"
        lines.append(f"| `{role['code']}` | {role['label']['en']} | {deeds} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
