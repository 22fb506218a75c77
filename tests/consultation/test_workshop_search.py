"""Workshops are found by their words, as their meetings are now."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation.actions import workshops as actions
from openregion.consultation.models import Consultation, Workshop
from openregion.consultation.queries.workshops import entries_of_workshop
from openregion.cycle import actions as cycles
from openregion.cycle.models import Meeting
from openregion.people.models import Member, User
from openregion.record.actions import index_entry
from openregion.record.models import SearchEntry
from openregion.record.queries import search
from openregion.web.actions import index_again
from openregion.web.rounds import refresh_workshops
from tests.factories.consultation import ConsultationFactory, ThemeFactory
from tests.factories.cycle import CycleFactory
from tests.factories.people import MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("B3")]


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def by(member: Member) -> User:
    return UserFactory(role="coordinator", at=member)


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(cycle=CycleFactory(member=member), slug="diagnostic")


def address(name: str, *args: Any) -> str:
    with override("fr"):
        return reverse(name, args=args)


def planned(consultation: Consultation, by: User, **more: Any) -> Workshop:
    given = {"title": words("Atelier de Tétouan", "ورشة تطوان"), "purpose": words("Dire ce qui manque.")}
    given |= {"starts_at": timezone.now() + dt.timedelta(days=30)}
    given |= {"place": words("Maison des jeunes", "دار الشباب"), **more}
    return actions.plan_workshop(consultation, by=by, at=timezone.now(), **given)


def found(q: str, lang: str = "fr") -> list[tuple[str, str]]:
    return [(one.title, one.excerpt) for one in search(q, lang=lang, member_code="ici", kinds=["workshop"])]


def test_workshop_is_found_by_its_words_its_place_and_its_theme(consultation: Consultation, by: User) -> None:
    theme = ThemeFactory(consultation=consultation, name=words("Irrigation", "السقي"))
    workshop = planned(consultation, by, theme=theme, starts_at=dt.datetime(2031, 3, 4, 9, tzinfo=dt.UTC))
    told = ("Atelier de Tétouan", "4 mars 2031 · Maison des jeunes · Irrigation")
    assert [found(q) for q in ("tétouan", "manque", "maison des jeunes", "irrigation")] == [[told]] * 4
    assert [title for title, _excerpt in found("السقي", "ar")] == ["ورشة تطوان"]
    path = search("tétouan", lang="fr", member_code="ici")[0].path
    assert (path, Client().get(path).status_code) == (address("workshop", "ici", workshop.meeting.number), 200)
    actions.revise_workshop(workshop, place=words("Gymnase"), by=by, at=timezone.now())
    assert (found("maison des jeunes"), found("gymnase")[0][1]) == ([], "4 mars 2031 · Gymnase · Irrigation")
    actions.revise_workshop(workshop, theme=None, by=by, at=timezone.now())
    assert found("irrigation") == []
    kept = sorted(SearchEntry.objects.values_list("lang", "kind", "subject_uid", "title", "excerpt", "path", "words"))
    index_again(workshop.meeting.member)
    again = SearchEntry.objects.filter(kind="workshop")
    assert sorted(again.values_list("lang", "kind", "subject_uid", "title", "excerpt", "path", "words")) == kept


def test_cancelled_workshop_is_found_no_more_and_one_moved_elsewhere_is_by_the_next_round(
    consultation: Consultation, by: User
) -> None:
    off, moved = planned(consultation, by), planned(consultation, by, title=words("Atelier de Larache"))
    meeting = moved.meeting
    given = {name: getattr(meeting, name) for name in ("title", "purpose", "starts_at", "ends_at", "open_to_all")}
    now = timezone.now()
    given |= {"place": words("Complexe culturel"), "operations": meeting.operations}
    cycles.revise_meeting(meeting, **given, by=by, at=now)
    cycles.cancel_meeting(off.meeting, reason=words("La salle est fermée."), by=by, at=now)
    assert (found("tétouan"), found("culturel"), len(found("larache"))) == ([], [], 1)
    assert refresh_workshops() == 3
    assert (found("tétouan"), len(found("culturel"))) == ([], 1)


@pytest.mark.row("D2")
def test_cancelled_workshop_written_back_by_an_old_reading_leaves_at_the_next_round(
    consultation: Consultation, by: User
) -> None:
    off, now = planned(consultation, by), timezone.now()
    read_before = list(entries_of_workshop(off))
    cycles.cancel_meeting(off.meeting, reason=words("La salle est fermée."), by=by, at=now)
    for entry in read_before:  # what a rebuild does that read it while it was planned
        index_entry(member_code="ici", **entry)
    assert len(found("tétouan")) == 1
    assert refresh_workshops() == 0
    assert (found("tétouan"), SearchEntry.objects.filter(kind="workshop").count()) == ([], 0)


@pytest.mark.row("D2")
def test_round_gives_of_past_workshops_what_a_rebuild_gives(consultation: Consultation, by: User) -> None:
    theme = ThemeFactory(consultation=consultation, name=words("Irrigation", "السقي"))
    workshop = planned(consultation, by, theme=theme)
    Meeting.objects.filter(pk=workshop.meeting_id).update(starts_at=timezone.now() - dt.timedelta(days=40))
    theme.name = words("Eau des champs", "ماء الحقول")
    theme.save()
    assert (len(found("irrigation")), found("champs")) == (1, [])
    assert refresh_workshops() == 3
    assert (found("irrigation"), len(found("champs")), len(found("الحقول", "ar"))) == ([], 1, 1)
    columns = ("lang", "kind", "subject_uid", "title", "excerpt", "path", "words")
    kept = sorted(SearchEntry.objects.filter(kind="workshop").values_list(*columns))
    index_again(workshop.meeting.member)
    assert sorted(SearchEntry.objects.filter(kind="workshop").values_list(*columns)) == kept
