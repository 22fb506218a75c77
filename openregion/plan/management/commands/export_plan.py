"""``./manage export_plan``: a plan as the Council adopted it, on paper or as the JSON it is drawn from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from openregion.core.languages import WORKING
from openregion.people.models import Member
from openregion.plan import exports, papers
from openregion.plan.models import PlanVersion


class Command(BaseCommand):
    """Writes a version of a plan to a file, or to standard output."""

    help = "Write a plan as PDF, DOCX or JSON: the latest published version, or the one asked for."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let ``--version`` be the plan's own; Django's would give its own number."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: Any) -> None:
        """Say whose plan, in which language, shape and format, and where to."""
        parser.add_argument("--member", metavar="SLUG", required=True)
        parser.add_argument("--lang", choices=WORKING, default="fr")
        parser.add_argument("--format", choices=exports.MEDIA_TYPES, default="pdf")
        parser.add_argument("--shape", choices=papers.SHAPES, default="annex-3")
        parser.add_argument("--plan", type=int, metavar="N", help="the number of the plan (default: the latest)")
        parser.add_argument("--version", dest="number", type=int, metavar="N", help="published or not")
        parser.add_argument("-o", "--output", required=True, metavar="FILE", help="- writes to standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, and say in one line what it is; with ``-o -`` the line goes to standard error."""
        version = self._found(options)
        content = self._content(version, options)
        named = f"plan {version.plan.cycle.number} version {version.number} · sha256 {version.document.sha256}"
        line = f"wrote {len(content)} bytes · {options['format']} · {options['lang']} · {named}"
        if options["output"] == "-":
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
            self.stderr.write(line, self.style.NOTICE)
            return
        Path(options["output"]).write_bytes(content)
        self.stdout.write(line)

    def _found(self, options: dict[str, Any]) -> PlanVersion:
        """Find the version asked for. Raises ``CommandError`` (exit 2) with a sentence when there is none."""
        slug, plan, number = options["member"], options["plan"], options["number"]
        member = Member.objects.filter(slug=slug).first()
        if member is None:
            raise CommandError(f"No member is called {slug!r}.", returncode=2)
        versions = PlanVersion.objects.of(member).select_related("document", "deliberation__act", "plan__cycle__member")
        if plan is not None:
            versions = versions.filter(plan__cycle__number=plan)
        versions = versions.filter(number=number) if number is not None else versions.exclude(published_at=None)
        found = versions.order_by("-plan__cycle__number", "-number").first()
        if found is None:
            which = f"version {number}" if number is not None else "published version"
            where = f"plan {plan} of {slug}" if plan is not None else f"any plan of {slug}"
            raise CommandError(f"There is no {which} of {where}.", returncode=2)
        return found

    def _content(self, version: PlanVersion, options: dict[str, Any]) -> bytes:
        if options["format"] == "json":
            return exports.plan_as_json(version)
        asked = {name: options[name] for name in ("lang", "format", "shape")}
        rendition = exports.plan_paper(version, **asked)
        if rendition is None:
            shape = options["shape"]
            raise CommandError(f"The method of this plan has no form for the shape {shape!r}.", returncode=2)
        with rendition.file.open("rb") as opened:
            return opened.read()
