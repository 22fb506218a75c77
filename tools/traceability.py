"""Write docs/traceability.md from the row marks of the tests.

.venv/bin/python tools/traceability.py           writes the file
.venv/bin/python tools/traceability.py --check   fails when it is stale
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "traceability.md"


def marked_tests() -> dict[str, list[str]]:
    """Map each row to the tests marked with it, as ``file::test``."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        everywhere = [row for node in tree.body for row in _module_rows(node)]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for row in dict.fromkeys([*everywhere, *_rows(node)]):
                    found[row].append(f"{path.relative_to(ROOT / 'tests')}::{node.name}")
    return found


def _module_rows(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
        return [row for call in ast.walk(node.value) for row in _row_of(call)]
    return []


def _rows(node: ast.FunctionDef) -> list[str]:
    return [row for decorator in node.decorator_list for call in ast.walk(decorator) for row in _row_of(call)]


def _row_of(call: ast.AST) -> list[str]:
    if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.row":
        return [ast.literal_eval(argument) for argument in call.args]
    return []


def page() -> str:
    """Write the table: row, what it asks, where it is met, what proves it."""
    rows = yaml.safe_load((ROOT / "docs" / "rows.yaml").read_text(encoding="utf-8"))["rows"]
    tests = marked_tests()
    if unknown := sorted(set(tests) - set(rows)):
        sys.exit(f"rows marked in tests and absent from docs/rows.yaml: {', '.join(unknown)}")
    lines = [
        "# Traceability",
        "",
        "Made by `tools/traceability.py` from the row marks of the tests and `docs/rows.yaml`; not written by hand.",
        "",
        "| row | asks | met at | proved by |",
        "|---|---|---|---|",
    ]
    for row, entry in rows.items():
        proofs = "<br>".join(f"`{test}`" for test in tests.get(row, []))
        lines.append(f"| {row} | {entry['what']} | {entry.get('where', 'not yet')} | {proofs or '—'} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page() else "docs/traceability.md is stale")
    PAGE.write_text(page(), encoding="utf-8")
