"""``./run``: prepare the home, say what happens, then serve."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from openregion.guide import queries as guides
from openregion.people.models import Member, Territory
from openregion.web.queries import members_without_index
from openregion.web.tasks import keep_rounds


class Command(BaseCommand):
    """Sets up what is missing (messages, tables, territory, demonstration), then serves the site."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Take what ``serve`` takes, and a way to prepare without serving."""
        parser.add_argument("--prepare-only", action="store_true", help="set everything up, and stop there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, then hand over to ``serve``."""
        if not options["prepare_only"] and call_command("serve", "--already-running"):
            return
        with (Path(settings.HOME) / "prepare.lock").open("w") as lock:
            # Two first starts at once: the second waits, and finds everything done.
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._prepare()
        if not options["prepare_only"]:
            call_command("serve")

    def _prepare(self) -> None:
        self.stderr.write(f"Home: {settings.HOME}")
        call_command("messages", compile=True, verbosity=0)
        if self._behind():
            self.stderr.write("Making the tables…")
            call_command("migrate", interactive=False, verbosity=0)
        self._once("static", _static_sources(), "collectstatic", interactive=False, verbosity=0)
        if not Territory.objects.filter(level="region", invented=False).exists():
            self.stderr.write("Loading the Regions, prefectures and provinces…")
            call_command("load_territory", stdout=self.stderr)
        call_command("let_go", verbosity=0)
        # Papers made by an older press are made again when next asked for.
        shutil.rmtree(Path(settings.HOME) / "papers", ignore_errors=True)
        self._demonstration()
        if Member.objects.exists():
            # A corrected guide is found by its new words from the next start on; a new
            # database has no index yet, whatever the home remembers.
            if members_without_index():
                (Path(settings.HOME) / "index.stamp").unlink(missing_ok=True)
            self._once("index", "".join(map(guides.fingerprint, guides.versions())), "reindex", stdout=self.stderr)
        keep_rounds()
        call_command("check", fail_level="ERROR", stdout=self.stderr, stderr=self.stderr)

    def _behind(self) -> bool:
        try:
            executor = MigrationExecutor(connection)
        except OperationalError as error:
            raise CommandError(
                f"The database cannot be reached: {str(error).strip()}\n"
                "Start its server, or correct DATABASE_URL; without it the platform keeps its own database in the home."
            ) from error
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

    def _demonstration(self) -> None:
        if Member.objects.exists():
            return
        if os.environ.get("OPENREGION_DEMO", "1") == "0":
            self.stderr.write("Setup code, which the first page asks for:")
            call_command("setup_code", stdout=self.stderr)
            return
        self.stderr.write("Loading the demonstration (an invented Region)…")
        call_command("demo", stdout=self.stderr)

    def _once(self, name: str, state: str, command: str, **options: Any) -> None:
        """Run a command unless it ran on this very state before: a restart takes a second."""
        stamp = Path(settings.HOME) / f"{name}.stamp"
        now = hashlib.sha256(state.encode()).hexdigest()
        if not stamp.exists() or stamp.read_text() != now:
            call_command(command, **options)
            stamp.write_text(now)


def _static_sources() -> str:
    found = [storage.path(path) for finder in get_finders() for path, storage in finder.list([])]
    return "\n".join(f"{path} {Path(path).stat().st_mtime_ns}" for path in sorted(found))
