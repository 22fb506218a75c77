"""The journal: a line a deed, read as sentences, with nothing of who or what was said."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from openregion.guide.checks import known_deeds
from openregion.record.actions import write_line
from openregion.record.models import JournalLine
from openregion.record.queries import Line, last_sentences, lines_of_journal, page_of_journal

AT = dt.datetime(2026, 3, 31, 23, 30, tzinfo=dt.UTC)  # the first of April in Casablanca
# What serves another deed, which has the line: the memory itself, and the index of what is public already.
WITHOUT_LINE = {"record", "web"}
# These write the line of the deed they are part of, clean what is out of time, as the clock says, or write a ledger.
WITHOUT_LINE_OF_ITS_OWN = {
    "prove_by", "forget_in_meetings", "join_signed", "let_go_of_contacts", "let_go_of_guests", "contacts_over",
    "cast_vote",
    # A person's own affair, by no line: who follows what, and what is forgotten of it. Others call deeds that write.
    "follow_news", "confirm_follow", "stop_following", "forget_followers", "let_go_of_follows", "let_go_of_passes",
    "announce_steps", "count_heads", "make_workshops_findable", "let_go_of_capture_passes",
}  # fmt: skip


def line(verb: str = "appoint", *, member: str = "membre", at: dt.datetime = AT, **more: Any) -> JournalLine:
    with transaction.atomic():
        return write_line(
            room="people",
            verb=verb,
            subject_type="Body",
            subject_uid="u",
            member_code=member,
            by_ref="secret",
            at=at,
            **more,
        )


def test_every_deed_has_its_sentence() -> None:
    missing = []
    for deed, room in known_deeds().items():
        if room in WITHOUT_LINE or deed in WITHOUT_LINE_OF_ITS_OWN:
            continue
        try:
            get_template(f"{room}/journal/{deed}.html")
        except TemplateDoesNotExist:
            missing.append(f"{room}/journal/{deed}.html")
    assert missing == []


@pytest.mark.django_db(transaction=True)
def test_line_outside_its_deeds_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        write_line(room="people", verb="x", subject_type="X", subject_uid="u", member_code="m", by_ref="r", at=AT)


@pytest.mark.django_db
def test_page_gives_newest_first_by_fifty_with_as_many_queries_for_one_as_for_sixty(django_assert_num_queries) -> None:
    line()
    with django_assert_num_queries(4):
        page_of_journal("membre")
    lines = [line() for _ in range(60)]
    with django_assert_num_queries(4):
        page = page_of_journal("membre")
    assert [one.number for one in page.sentences] == [one.pk for one in reversed(lines)][:50]
    assert page.page.paginator.num_pages == 2
    assert page_of_journal("membre", number="99").page.number == 2
    assert page_of_journal("membre", number="x").page.number == 1


@pytest.mark.django_db
def test_page_is_of_one_member() -> None:
    line(member="autre")
    assert page_of_journal("membre").sentences == ()
    assert last_sentences("membre") == ()


@pytest.mark.django_db
def test_page_narrows_to_a_deed_and_to_a_month_of_casablanca() -> None:
    line("appoint")
    line("set_up_body", at=dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC))
    whole = page_of_journal("membre")
    assert (whole.verbs, whole.months) == (("appoint", "set_up_body"), (dt.date(2026, 4, 1), dt.date(2026, 3, 1)))
    assert [one.verb for one in page_of_journal("membre", month="2026-04").sentences] == ["appoint"]
    assert [one.verb for one in page_of_journal("membre", verb="set_up_body").sentences] == ["set_up_body"]
    assert page_of_journal("membre", verb="set_up_body", month="2026-04").sentences == ()


@pytest.mark.parametrize("month", ["2026-13", "x", "9999-12", "2026-04-01", "'; DROP TABLE"])
@pytest.mark.django_db
def test_month_that_is_none_gives_nothing(month: str) -> None:
    line()
    assert page_of_journal("membre", month=month).sentences == ()


@pytest.mark.django_db
def test_last_sentences_leave_out_what_was_done_within_another_deed() -> None:
    whole = line("found_member")
    part = line("appoint", parent=whole)
    assert [one.number for one in last_sentences("membre")] == [whole.pk]
    assert page_of_journal("membre").sentences[0].part_of == part.parent_id


@pytest.mark.row("L-1")
@pytest.mark.django_db
def test_lines_as_open_data_hold_no_reference_to_anyone() -> None:
    line(facts={"role": "moderator"})
    (only,) = lines_of_journal("membre")
    assert only.facts == {"role": "moderator"}
    assert "secret" not in str(dataclasses.asdict(only))
    assert "by_ref" not in {field.name for field in dataclasses.fields(Line)}
