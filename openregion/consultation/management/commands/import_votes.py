"""``./manage import_votes DIR --format polis``: a conversation of another platform, its statements and every vote."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import override

from openregion.analysis.small_words import tongue_of
from openregion.consultation import actions, polis, queries, rules
from openregion.consultation.models import Consultation
from openregion.consultation.terminal import Progress, consultation_named, doer, interrupted
from openregion.core.languages import WORKING
from openregion.core.official import official
from openregion.core.refusal import Refused
from openregion.people.models import Member, User


class Command(BaseCommand):
    """Reads statements and votes taken elsewhere into a consultation. The same is never read in twice."""

    help = (
        "Reads the statements and the votes of a conversation taken on another platform into a consultation: "
        "statements become suggestions, moderated as they were there; a person's later vote on a statement replaces "
        "the earlier one. Interrupted, run it again and it goes on; a second run adds nothing. Without "
        "--consultation, a consultation that is closed already is opened for it, named after the folder."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the folder, its format, and where it goes."""
        parser.add_argument("folder", metavar="DIR", help="where comments.csv, votes.csv and summary.csv are")
        parser.add_argument("--format", required=True, choices=[polis.FORMAT], help="who exported it")
        parser.add_argument("--consultation", default="", metavar="MEMBER/SLUG", help="where it goes, if it is there")
        parser.add_argument("--member", default="", metavar="MEMBER", help="whose it is, where there are several")
        parser.add_argument("--by", default="", metavar="EMAIL", help="who does it (default: who may, first of all)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the folder in, and end with one line of figures."""
        with override("en"):
            try:
                self._read(options)
            except Refused as refusal:
                raise CommandError(str(refusal), returncode=2) from refusal
            except OSError as error:
                raise CommandError(f"{error.filename}: {error.strerror}", returncode=2) from error

    def _read(self, options: dict[str, Any]) -> None:
        said, at = polis.conversation_in(Path(options["folder"])), timezone.now()
        if options["consultation"]:
            consultation = consultation_named(options["consultation"])
            by = doer(options["by"], consultation.cycle.member, needs={"import_votes"})
        else:
            consultation, by = _own(said, options["member"], options["by"], at)
        figures = said.figures
        told = self.stderr if options["verbosity"] else None
        line = actions.import_votes(consultation, source=said.source, figures=figures, by=by, at=at)
        with interrupted() as stop:
            progress = Progress(len(said.statements) + len(said.presses), told)
            done, ended = polis.read_in(
                consultation, said, line=line, at=at, moved=lambda looked: progress(looked) and not stop
            )
        where = f"{consultation.cycle.member.slug}/{consultation.slug}"
        self.stdout.write(
            f"{where} · statements {figures['statements']} · added {done.statements} (published {done.published}, "
            f"hidden {done.hidden}, waiting {done.waiting}) · refused {done.refused}"
        )
        self.stdout.write(
            f"voters {figures['voters']}{_as_told(said, figures['voters'])} · votes added {done.votes} "
            f"(of which changes {done.changes}) · the same again {done.same_again} · already there {done.known} · "
            f"on unknown statements {done.elsewhere} · not understood {said.not_understood}"
        )
        if not ended:
            self.stderr.write("stopped before the end; run it again to go on")
            sys.exit(130)
        self.stdout.write(f"votes read {figures['read']} · kept {figures['kept']}")


def _as_told(said: polis.Conversation, voters: int) -> str:
    if said.said_voters is None:
        return ""
    return ", as its summary says" if said.said_voters == voters else f" (its summary says {said.said_voters})"


def _own(said: polis.Conversation, member_slug: str, email: str, at: dt.datetime) -> tuple[Consultation, User]:
    """Find the consultation that an earlier run opened for this conversation, or open it, closed already."""
    member = _member(member_slug)
    slug = slugify(said.source.partition(":")[2].replace(".", "-"))[: rules.LONGEST_SLUG].strip("-") or polis.FORMAT
    found = Consultation.objects.of(member).filter(slug=slug).select_related("cycle__member").latest_first().first()
    if found is not None:
        return found, doer(email, member, needs={"import_votes"})
    by = doer(email, member, needs={"import_votes", "open_consultation"})
    cycle = queries.cycle_to_consult_in(member)
    if cycle is None:
        raise CommandError(f"{member} has no action-plan cycle: open one first.", returncode=2)
    instants = [one.at for one in said.statements] + [one.at for one in said.presses]
    if not instants:
        raise CommandError("There is no statement and no vote in it.", returncode=2)
    tongue = tongue_of(said.topic)
    tongue = tongue if tongue in WORKING else "fr"
    name = official(at=at, source=tongue, **{tongue: said.topic})
    opened = actions.open_consultation(
        cycle,
        slug=slug,
        title=name,
        question=name,
        themes=[],
        opens_at=min(instants),
        closes_at=max(instants) + dt.timedelta(seconds=1),
        by=by,
        at=at,
    )
    return Consultation.objects.select_related("cycle__member").get(pk=opened.pk), by


def _member(slug: str) -> Member:
    members = list(Member.objects.filter(slug=slug) if slug else Member.objects.order_by("slug")[:2])
    if len(members) == 1:
        return members[0]
    if slug:
        raise CommandError(f"No member is called {slug!r}.", returncode=2)
    if members:
        raise CommandError("There are several members: say whose it is with --member.", returncode=2)
    raise CommandError("There is no member yet: ./manage start opens the first one, ./manage demo an invented one.")
