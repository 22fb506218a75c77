"""``./run``: prepare the home, say what happens, then serve."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from openregion.people.models import Member, Territory


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
        self.stderr.write(f"Home: {settings.HOME}")
        call_command("messages", compile=True, verbosity=0)
        if self._behind():
            self.stderr.write("Making the tables…")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not Territory.objects.filter(level="region", invented=False).exists():
            self.stderr.write("Loading the Regions, prefectures and provinces…")
            call_command("load_territory", stdout=self.stderr)
        self._demonstration()
        call_command("check", fail_level="ERROR", stdout=self.stderr, stderr=self.stderr)
        if not options["prepare_only"]:
            call_command("serve")

    def _behind(self) -> bool:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

    def _demonstration(self) -> None:
        if Member.objects.exists():
            return
        if os.environ.get("OPENREGION_DEMO", "1") == "0":
            call_command("setup_code", stdout=self.stderr)
            return
        self.stderr.write("Loading the demonstration (an invented Region)…")
        call_command("demo", stdout=self.stderr)
        call_command("reindex", stdout=self.stderr)
