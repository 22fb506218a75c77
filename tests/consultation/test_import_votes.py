"""Conversations taken on Polis, read in: each press counts once, the last one of a person is what they say."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from openregion.consultation import actions, polis, queries
from openregion.consultation.models import Consultation, Contribution, Vote
from openregion.core.refusal import Refused
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from tests.factories.consultation import ConsultationFactory
from tests.factories.people import AT, AppointmentFactory, MemberFactory

pytestmark = pytest.mark.django_db
COMMENTS_HEAD = ("timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body")
VOTES_HEAD = ("timestamp", "datetime", "comment-id", "voter-id", "vote")
STATEMENTS = [
    # timestamp, id, moderated, words
    (1_500_000_000_000, 0, 1, "UberX 司機沒有職業駕照，乘客的安全沒有保障"),
    (1_500_000_001_000, 1, -1, "Buy this, it is the best of all and you will not regret it"),
    (1_500_000_002_000, 2, 0, "Les taxis de la ville sont trop chers pour nous"),
    (1_500_000_003_000, 3, 1, "سيارات الأجرة غالية"),
]
PRESSES = [
    # timestamp, statement, participant, vote: not in the order of their time
    (1_500_000_009_000, 0, 1, 1),
    (1_500_000_005_000, 0, 1, -1),
    (1_500_000_006_000, 0, 1, -1),
    (1_500_000_007_000, 0, 2, 0),
    (1_500_000_007_000, 3, 2, 1),
    (1_500_000_007_000, 3, 2, -1),
    (1_500_000_008_000, 1, 2, 1),
    (1_500_000_008_000, 99, 2, 1),
]


def written(folder: Path, statements: Any = STATEMENTS, presses: Any = PRESSES, summary: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    with (folder / "comments.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(COMMENTS_HEAD)
        out.writerows((at, "", number, 7, 0, 0, state, text) for at, number, state, text in statements)
    with (folder / "votes.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(VOTES_HEAD)
        out.writerows((at, "", number, who, value) for at, number, who, value in presses)
    (folder / "summary.csv").write_text(summary or "topic,Taxis\nvoters,2\n", encoding="utf-8")
    return folder


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def by(member: Member) -> User:
    return AppointmentFactory(member=member, role="point-of-contact").user


@pytest.fixture
def consultation(member: Member, by: User) -> Consultation:
    return ConsultationFactory(member=member, slug="taxis", closed=True)


def run(folder: Path, *more: str) -> list[str]:
    out = io.StringIO()
    call_command("import_votes", str(folder), "--format", "polis", *more, stdout=out, stderr=io.StringIO())
    return out.getvalue().splitlines()


def last_votes() -> dict[tuple[str, str], int]:
    said: dict[tuple[str, str], int] = {}
    for line in Vote.objects.order_by("turn").select_related("suggestion"):
        said[line.suggestion.source_id, line.voter] = line.value
    return said


@pytest.mark.row("D2")
def test_presses_become_the_ledger_in_the_order_of_their_time(tmp_path: Path, consultation: Consultation) -> None:
    told = run(written(tmp_path / "taxis"), "--consultation", "ici/taxis")
    assert told[-1] == "votes read 8 · kept 4"
    assert told[0] == "ici/taxis · statements 4 · added 4 (published 2, hidden 1, waiting 1) · refused 0"
    assert told[1] == (
        "voters 2, as its summary says · votes added 6 (of which changes 2) · the same again 1 · already there 0 · "
        "on unknown statements 1 · not understood 0"
    )
    first = Vote.objects.filter(suggestion__source_id="0").order_by("voter", "turn")
    lines = [(line.turn, line.was, line.value) for line in first]
    assert sorted(lines) == [(1, None, -1), (1, None, 0), (2, -1, 1)]
    assert sorted(value for (statement, _who), value in last_votes().items() if statement == "3") == [-1]
    states = dict(Contribution.objects.values_list("source_id", "moderation"))
    assert states == {"0": "published", "1": "hidden", "2": "pending", "3": "published"}
    assert dict(Contribution.objects.values_list("source_id", "lang")) == {"0": "und", "1": "en", "2": "fr", "3": "ar"}
    assert {one.hidden_for for one in Contribution.objects.filter(moderation="hidden")} == {"elsewhere"}
    assert set(Contribution.objects.values_list("source", "channel")) == {("polis:taxis", "imported")}


@pytest.mark.row("D2")
def test_second_run_adds_nothing_and_writes_no_line(tmp_path: Path, consultation: Consultation) -> None:
    folder = written(tmp_path / "taxis")
    run(folder, "--consultation", "ici/taxis")
    lines, votes = JournalLine.objects.count(), list(Vote.objects.values_list())
    told = run(folder, "--consultation", "ici/taxis")
    assert ("added 0" in told[0], "votes added 0" in told[1], told[-1]) == (True, True, "votes read 8 · kept 4")
    assert (JournalLine.objects.count(), list(Vote.objects.values_list())) == (lines, votes)


def test_reading_that_was_stopped_goes_on_where_it_was(
    tmp_path: Path, consultation: Consultation, by: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(polis, "VOTES_AT_ONCE", 2)
    monkeypatch.setattr(polis, "STATEMENTS_AT_ONCE", 3)
    said = polis.conversation_in(written(tmp_path / "taxis"))
    for stops_at in range(1, 12):
        line = actions.import_votes(consultation, source=said.source, figures=said.figures, by=by, at=AT)
        looked: list[int] = []
        _done, ended = polis.read_in(
            consultation, said, line=line, at=AT, moved=lambda n, looked=looked, most=stops_at: (  # type: ignore[misc]
                looked.append(n) or len(looked) < most
            ),
        )  # fmt: skip
    assert ended
    assert (Contribution.objects.count(), Vote.objects.count(), len(last_votes())) == (4, 6, 4)
    assert JournalLine.objects.filter(verb="import_votes").count() == 1


@pytest.mark.row("D2")
@pytest.mark.parametrize("begins_at", range(1, 7))
def test_two_readings_at_once_make_one(
    tmp_path: Path, consultation: Consultation, by: User, monkeypatch: Any, begins_at: int
) -> None:
    monkeypatch.setattr(polis, "VOTES_AT_ONCE", 2)
    monkeypatch.setattr(polis, "STATEMENTS_AT_ONCE", 1)
    said = polis.conversation_in(written(tmp_path / "taxis"))
    done: list[polis.Done] = []

    def read(meanwhile: Any = None) -> None:
        line = actions.import_votes(consultation, source=said.source, figures=said.figures, by=by, at=AT)
        looked: list[int] = []

        def moved(n: int) -> bool:
            looked.append(n)
            if meanwhile and len(looked) == begins_at:
                meanwhile()
            return True

        done.append(polis.read_in(consultation, said, line=line, at=AT, moved=moved)[0])

    read(meanwhile=read)
    assert (Contribution.objects.count(), Vote.objects.count(), len(last_votes())) == (4, 6, 4)
    assert (sum(one.statements for one in done), sum(one.votes for one in done)) == (4, 6)
    assert JournalLine.objects.filter(verb="import_votes").count() == 1


def test_newer_files_bring_what_is_new_under_a_line_of_their_own(tmp_path: Path, consultation: Consultation) -> None:
    folder = written(tmp_path / "taxis")
    run(folder, "--consultation", "ici/taxis")
    written(folder, presses=[*PRESSES, (1_500_000_020_000, 0, 2, 1), (1_500_000_021_000, 2, 5, 1)])
    told = run(folder, "--consultation", "ici/taxis")
    assert ("votes added 2 (of which changes 1)" in told[1], told[-1]) == (True, "votes read 10 · kept 5")
    assert JournalLine.objects.filter(verb="import_votes").count() == 2


def test_statement_whose_words_were_erased_does_not_come_back(tmp_path: Path, consultation: Consultation) -> None:
    folder = written(tmp_path / "taxis")
    run(folder, "--consultation", "ici/taxis")
    actions.erase_contribution(Contribution.objects.get(source_id="3"), at=AT)
    told = run(folder, "--consultation", "ici/taxis")
    assert ("added 0" in told[0], "votes added 0" in told[1], Contribution.objects.count()) == (True, True, 4)
    assert [one.words for one in Contribution.objects.filter(words={})] == [{}]


def test_journal_tells_the_whole_in_figures_and_each_statement_under_it(
    tmp_path: Path, consultation: Consultation
) -> None:
    run(written(tmp_path / "taxis"), "--consultation", "ici/taxis")
    whole = JournalLine.objects.get(verb="import_votes")
    assert whole.facts == {
        "consultation": "taxis", "source": "polis:taxis", "statements": 4, "read": 8, "kept": 4, "voters": 2,
    }  # fmt: skip
    assert JournalLine.objects.filter(parent=whole, verb="receive_suggestion").count() == 4


@pytest.mark.row("D2")
def test_consultation_that_nobody_named_is_opened_closed_from_the_summary(
    tmp_path: Path, member: Member, by: User, consultation: Consultation
) -> None:
    told = run(written(tmp_path / "les.taxis"))
    one = Consultation.objects.get(slug="les-taxis")
    assert told[0].startswith("ici/les-taxis · statements 4 · added 4")
    assert (one.opens_at.year, one.opens_at < one.closes_at, one.title["fr"]["text"]) == (2017, True, "Taxis")
    assert "votes added 0" in run(tmp_path / "les.taxis")[1]
    assert Consultation.objects.count() == 2


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("role", ["administrator", "point-of-contact", "moderator", "rapporteur"])
def test_only_who_may_has_votes_read_in(tmp_path: Path, consultation: Consultation, member: Member, role: str) -> None:
    someone = AppointmentFactory(member=member, role=role).user
    asked = (str(written(tmp_path / "taxis")), "--consultation", "ici/taxis", "--by", someone.email)
    if role in ("administrator", "point-of-contact"):
        assert run(Path(asked[0]), *asked[1:])[-1] == "votes read 8 · kept 4"
    else:
        with pytest.raises(CommandError, match="This is done by") as refusal:
            run(Path(asked[0]), *asked[1:])
        assert (refusal.value.returncode, Vote.objects.count()) == (2, 0)


def test_folder_that_is_something_else_is_refused_in_words(tmp_path: Path, consultation: Consultation) -> None:
    for votes, said in (
        (None, "No such file"),
        (b"a,b\n1,2\n", "votes.csv lacks the columns"),
        (b"timestamp,comment-id,voter-id,vote\n\xff\xfe,1,1,1\n", "UTF-8"),
    ):
        if votes:
            (tmp_path / "votes.csv").write_bytes(votes)
        with pytest.raises(CommandError, match=said) as refusal:
            run(tmp_path, "--consultation", "ici/taxis")
        assert refusal.value.returncode == 2
    with pytest.raises(CommandError, match="MEMBER/SLUG"):
        run(written(tmp_path / "taxis"), "--consultation", "ici/autre")
    with pytest.raises(Refused):
        polis.conversation_in(tmp_path)


def test_rows_that_mean_nothing_are_counted_and_left_out(tmp_path: Path, consultation: Consultation) -> None:
    presses = [*PRESSES, ("hier", 0, 1, 1), (1_500_000_030_000, 0, 1, 5), (1_500_000_031_000, 0, 8, "")]
    told = run(written(tmp_path / "taxis", presses=presses), "--consultation", "ici/taxis")
    assert ("not understood 3" in told[1], told[-1]) == (True, "votes read 11 · kept 4")


@pytest.mark.row("D2")
@pytest.mark.parametrize(
    ("name", "closing", "voters"),
    [
        ("vtaiwan.uberx", "votes read 49997 · kept 49443", 1921),
        ("canadian-electoral-reform", "votes read 12018 · kept 11950", 448),
    ],
)
def test_real_conversation_closes_with_its_own_figures(
    shared_data: Path, member: Member, by: User, name: str, closing: str, voters: int
) -> None:
    from openregion.cycle.models import Cycle

    ConsultationFactory(member=member)
    assert Cycle.objects.count() == 1
    folder = shared_data / "polis" / name
    began = time.monotonic()
    told = run(folder)
    spent = time.monotonic() - began
    assert (told[-1], spent < 30) == (closing, True)
    assert f"voters {voters}, as its summary says" in told[1]
    assert Vote.objects.values("voter").distinct().count() == voters
    last: dict[tuple[str, str], str] = {}
    with (folder / "votes.csv").open(encoding="utf-8") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: int(row["timestamp"])):
            last[row["comment-id"], row["voter-id"]] = row["vote"]
    for one in Contribution.objects.filter(moderation="published")[:20]:
        theirs = [value for (statement, _who), value in last.items() if statement == one.source_id]
        tally = queries.tallies(member, [one.pk])[one.pk]
        expected = (len(theirs), theirs.count("1"), theirs.count("-1"), theirs.count("0"))
        if len(theirs) >= 10:
            assert (tally.voters, tally.agree, tally.disagree, tally.passed) == expected
        else:
            assert not tally.shown
    again = run(folder)
    assert ("added 0" in again[0], "votes added 0" in again[1], again[-1]) == (True, True, closing)
