"""Conversations taken on Polis and published as files: statements become suggestions, their votes go to the ledger.

``comments.csv`` holds the statements, ``votes.csv`` every press of every
participant in no certain order: the last one counts, those before it are kept
as the changes they were. A statement is known by its source and its id, a
participant by a keyed hash. So the same files read again add nothing, and a
reading that was stopped goes on where it was, and two at once make one.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from openregion.analysis.small_words import tongue_of
from openregion.consultation import actions, codes, rules, voters
from openregion.consultation.actions.steps import make_findable
from openregion.consultation.models import ERASED, Consultation, Contribution, Vote
from openregion.core.refusal import Refused
from openregion.core.safe import clean_text
from openregion.people.models import Member
from openregion.record.models import JournalLine

FORMAT = "polis"
STATEMENTS_AT_ONCE, VOTES_AT_ONCE = 100, 4_000  # rows in one transaction
OTHER_TONGUE = "und"
_LINE = ("pk", "suggestion_id", "voter", "turn", "value", "at")  # of the ledger
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_VALUES = {str(value): value for value in rules.VALUES}
# What its own moderators said of a statement; one that they had not read waits for ours.
_MODERATED = {
    "1": Contribution.Moderation.PUBLISHED,
    "-1": Contribution.Moderation.HIDDEN,
    "0": Contribution.Moderation.PENDING,
}


@dataclass(frozen=True)
class Statement:
    """A statement of the conversation: its number there, its words, when it was given, what moderation said."""

    source_id: str
    text: str
    at: dt.datetime
    moderation: str


@dataclass(frozen=True)
class Press:
    """A participant's press on a statement: agree (1), disagree (-1) or pass (0)."""

    at: dt.datetime
    statement: str
    participant: str
    value: int


@dataclass(frozen=True)
class Conversation:
    """What a folder holds, as it was understood; ``presses`` are in the order of their time."""

    source: str
    topic: str
    statements: tuple[Statement, ...]
    presses: tuple[Press, ...]
    read: int
    not_understood: int
    said_voters: int | None

    @property
    def figures(self) -> dict[str, int]:
        """Count what the files hold: presses, voices kept when the last one counts, participants, statements."""
        known = {one.source_id for one in self.statements}
        heard = [one for one in self.presses if one.statement in known]
        return {
            "statements": len(self.statements),
            "read": self.read,
            "kept": len({(one.statement, one.participant) for one in heard}),
            "voters": len({one.participant for one in heard}),
        }


@dataclass
class Done:
    """What a reading did."""

    statements: int = 0
    known_statements: int = 0
    published: int = 0
    hidden: int = 0
    waiting: int = 0
    votes: int = 0
    changes: int = 0
    known: int = 0
    same_again: int = 0
    elsewhere: int = 0
    refused: int = 0


def conversation_in(folder: Path) -> Conversation:
    """Read a folder's files. Raises ``OSError`` when one is not there, ``Refused`` when one is something else."""
    presses: list[Press] = []
    read = lost = 0
    for row in _rows(folder / "votes.csv", "timestamp", "comment-id", "voter-id", "vote"):
        read += 1
        at, value = _moment(row["timestamp"]), _VALUES.get(row["vote"].strip())
        if at is None or value is None:
            lost += 1
        else:
            presses.append(Press(at, row["comment-id"].strip(), row["voter-id"].strip(), value))
    presses.sort(key=lambda one: one.at)  # those of one instant stay in the order of the file
    statements: dict[str, Statement] = {}
    for row in _rows(folder / "comments.csv", "timestamp", "comment-id", "moderated", "comment-body"):
        at, text, number = _moment(row["timestamp"]), clean_text(row["comment-body"]), row["comment-id"].strip()
        state = _MODERATED.get(row["moderated"].strip(), Contribution.Moderation.PENDING)
        if at is not None and text and number:
            statements.setdefault(number, Statement(number, text, at, state))
    told = _summary(folder / "summary.csv")
    voters_told = told.get("voters", "")
    return Conversation(
        source=f"{FORMAT}:{folder.resolve().name}"[:100],
        topic=told.get("topic", "") or folder.resolve().name,
        statements=tuple(sorted(statements.values(), key=lambda one: (one.at, one.source_id))),
        presses=tuple(presses),
        read=read,
        not_understood=lost,
        said_voters=int(voters_told) if voters_told.isascii() and voters_told.isdecimal() else None,
    )


def read_in(
    consultation: Consultation,
    said: Conversation,
    *,
    line: JournalLine,
    at: dt.datetime,
    moved: Callable[[int], bool],
) -> tuple[Done, bool]:
    """Read a conversation into a consultation under the ``line`` of its deed; say too whether it was read to its end.

    ``moved`` is told how many rows were looked at after each transaction, and
    stops it by answering False. What was written stays.
    """
    done, looked = Done(), 0
    keys = _known_statements(consultation, said.statements, said.source)
    for start in range(0, len(said.statements), STATEMENTS_AT_ONCE):
        some = said.statements[start : start + STATEMENTS_AT_ONCE]
        with transaction.atomic():
            _hold(consultation)
            keys |= _known_statements(consultation, some, said.source)  # another reading may have brought them
            for statement in some:
                _receive(consultation, said, statement, keys, done, line=line, at=at)
        looked += len(some)
        if not moved(looked):
            return done, False
    ledger = _Ledger(consultation, said.source)
    for presses in _by_instants(said.presses):
        with transaction.atomic():
            _hold(consultation)
            ledger.add(presses, keys, done)
        looked += len(presses)
        if not moved(looked):
            return done, False
    return done, True


class _Ledger:
    """The ledger of a conversation's voices: what is there already, and what each press adds to it.

    Another process may read the same files at the same time: each batch begins,
    under the lock of the member, by reading what the other wrote since.
    """

    def __init__(self, consultation: Consultation, source: str) -> None:
        self._consultation, self._source = consultation, source
        self._hashes: dict[str, str] = {}
        self._last: dict[tuple[int, str], tuple[int, int]] = {}
        self._until: dict[tuple[int, str], dt.datetime] = {}  # what this reading did not write
        self._seen = 0

    def catch_up(self) -> None:
        """Read the lines written since this last looked, by whoever wrote them."""
        lines = Vote.objects.filter(
            suggestion__consultation=self._consultation, value__isnull=False, pk__gt=self._seen
        ).order_by("pk")
        for pk, key, voter, turn, value, at in lines.values_list(*_LINE).iterator(chunk_size=5_000):
            self._last[key, voter], self._until[key, voter], self._seen = (turn, value), at, pk

    def add(self, presses: tuple[Press, ...], keys: dict[str, int], done: Done) -> None:
        """Write the lines that these presses make, in one go. A press from before the last line is there already."""
        self.catch_up()
        lines = []
        for one in presses:
            if (key := keys.get(one.statement)) is None:
                done.elsewhere += 1
                continue
            voter = self._voter(one.participant)
            turn, was = self._last.get((key, voter), (0, None))
            if (key, voter) in self._until and one.at <= self._until[key, voter]:
                done.known += 1
            elif was == one.value:
                done.same_again += 1
            else:
                self._last[key, voter] = (turn + 1, one.value)
                lines.append(
                    Vote(suggestion_id=key, voter=voter, turn=turn + 1, value=one.value, was=was, at=one.at)
                )  # fmt: skip
                done.changes += turn > 0
        Vote.objects.bulk_create(lines, batch_size=1_000)
        self._seen = Vote.objects.aggregate(last=Max("pk"))["last"] or 0
        done.votes += len(lines)

    def _voter(self, participant: str) -> str:
        known = self._hashes.get(participant)
        if known is None:
            known = voters.hashed("voter", self._consultation, f"{self._source}:{participant}")
            self._hashes[participant] = known
        return known


def _receive(
    consultation: Consultation,
    said: Conversation,
    statement: Statement,
    keys: dict[str, int],
    done: Done,
    *,
    line: JournalLine,
    at: dt.datetime,
) -> None:
    """Receive a statement as a suggestion, moderated as it was there; one that is known, or was erased, stays."""
    if statement.source_id in keys:
        done.known_statements += 1
        return
    guessed = tongue_of(statement.text)
    try:
        with transaction.atomic():
            received = actions.receive_suggestion(
                consultation,
                words={"text": statement.text},
                lang=guessed if guessed in rules.TONGUES else OTHER_TONGUE,
                channel=Contribution.Channel.IMPORTED,
                at=at,
                received_at=statement.at,
                origin=actions.Origin(said.source, statement.source_id),
                parent=line,
            )
    except Refused:
        done.refused += 1
        return
    one = received.contribution
    keys[statement.source_id] = one.pk
    done.statements += 1
    counted = {"published": "published", "hidden": "hidden"}.get(statement.moderation, "waiting")
    setattr(done, counted, getattr(done, counted) + 1)
    if statement.moderation == Contribution.Moderation.PENDING:
        return
    one.moderation, one.moderated_at = statement.moderation, at
    one.hidden_for = "elsewhere" if statement.moderation == Contribution.Moderation.HIDDEN else ""
    one.save(update_fields=["moderation", "moderated_at", "hidden_for"])
    make_findable(one)


def _known_statements(consultation: Consultation, asked: Sequence[Statement], source: str) -> dict[str, int]:
    """Find which statements are there already, by their number in the conversation; the erased by their mark."""
    held = Contribution.objects.filter(consultation=consultation).exclude(source_id="")
    known: dict[str, int] = {}
    for start in range(0, len(asked), 500):
        marks = {codes.tombstone(source, one.source_id): one.source_id for one in asked[start : start + 500]}
        same = held.filter(source=source, source_id__in=list(marks.values()))
        known |= dict(same.values_list("source_id", "pk"))
        erased = held.filter(source=ERASED, source_id__in=list(marks)).values_list("source_id", "pk")
        known |= {marks[mark]: key for mark, key in erased}
    return known


def _hold(consultation: Consultation) -> None:
    Member.objects.select_for_update(no_key=True).get(pk=consultation.cycle.member_id)


def _by_instants(presses: tuple[Press, ...]) -> Iterator[tuple[Press, ...]]:
    """Cut into batches, never between two presses of the same instant: what is kept of one is known by its time."""
    batch: list[Press] = []
    for _at, same in groupby(presses, key=lambda one: one.at):
        batch += same
        if len(batch) >= VOTES_AT_ONCE:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


def _rows(path: Path, *needed: str) -> Iterator[dict[str, str]]:
    pick = itemgetter(*needed)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := [name for name in needed if name not in (reader.fieldnames or ())]:
                told = {"file": path.name, "columns": ", ".join(missing)}
                raise Refused(_("%(file)s lacks the columns %(columns)s: it is not what Polis exports.") % told)
            for row in reader:
                yield dict(zip(needed, (cell or "" for cell in pick(row)), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(_("%(file)s cannot be read: export it again as UTF-8.") % {"file": path.name}) from error


def _summary(path: Path) -> dict[str, str]:
    """Read the summary, which may be missing: it names the conversation, and counts what the other files hold."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return {row[0].strip(): row[1].strip() for row in csv.reader(file) if len(row) > 1}


def _moment(milliseconds: str) -> dt.datetime | None:
    try:
        return _EPOCH + dt.timedelta(milliseconds=int(milliseconds))
    except (ValueError, OverflowError):
        return None
