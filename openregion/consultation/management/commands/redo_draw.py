"""``./manage redo_draw FILE``: a published draw drawn again, from its file and the library alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from openregion.consultation import lots


class Command(BaseCommand):
    """Draws again from a draw's published file, and says whether the outcome is the same. Reads no database."""

    help = (
        "Draws again from the file of a draw (draw.json; - reads standard input), prints the numbers drawn and the "
        "reserves, and says same or different. Of the public figure, only the digits count, as 0 to 9, in their "
        "order (but for the second recipe, which took it as it was typed). No database is read. "
        "Exit code: 0 same, 1 different, 2 unreadable."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Take the file."""
        parser.add_argument("file", help="the file of the draw, as its page gives it; - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw, print the outcome, compare, and end with one line. Raises ``CommandError`` when it is not the same."""
        stated = _read(options["file"])
        try:
            statement = _statement(stated)
            outcome = lots.outcome_of(json.dumps(statement, sort_keys=True))
            promised = lots.seed_hash(stated["seed"]) == stated["seed_sha256"]
            started = stated.get("drawn_from", lots.start_of(statement)) == lots.start_of(statement)
            said = tuple(stated["selected"]), tuple(stated["reserves"])
            published_with = stated["library"]["version"]
        except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
            raise CommandError(f"this is not the file of a draw ({type(error).__name__})", returncode=2) from None
        self.stdout.write("selected " + " ".join(map(str, outcome.selected)))
        self.stdout.write("reserves " + " ".join(map(str, outcome.reserves)))
        if published_with != lots.library_version():
            self.stdout.write(f"drawn with version {published_with}, again with version {lots.library_version()}")
        if not promised:
            raise CommandError("different: the seed is not the one that was promised", returncode=1)
        if not started:
            raise CommandError(
                "different: the draw does not start from this secret number, list and figure", returncode=1
            )
        if (outcome.selected, outcome.reserves) != said:
            raise CommandError("different: the outcome is not the one published", returncode=1)
        self.stdout.write(f"same · selected {len(outcome.selected)} · reserves {len(outcome.reserves)}")


def _statement(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what the draw is made from, by the recipe that the file names; the first files named none."""
    names = ["pool", "quotas", "seats", "seed"]
    return {name: stated[name] for name in [*names, *(["recipe", "public_value"] if "recipe" in stated else [])]}


def _read(name: str) -> Mapping[str, Any]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        stated = json.loads(text)
    except (OSError, ValueError) as error:
        raise CommandError(f"{name}: cannot be read ({type(error).__name__})", returncode=2) from None
    if not isinstance(stated, Mapping):
        raise CommandError(f"{name}: not the file of a draw", returncode=2)
    return stated
