"""Every address, in every language, by visitors and by staff: it answers, and a GET never writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation.models import Consultation, Contribution, Import
from openregion.core import languages
from openregion.diagnosis.models import FindingSource
from openregion.monitoring.models import Evidence, ProgressUpdate
from openregion.people.models import Act, Appointment, Authority, Body, Mandate, Member, Seat, User
from openregion.plan.models import PublishedCommitment
from tests.factories.people import AppointmentFactory, MemberFactory, UserFactory
from tests.pages import views
from tests.walked import lay_out, of_the_desk
from tests.walked_taking_part import lay_out_taking_part, of_taking_part

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP")


# The demonstration's acts have no file; its dossier is printed by a worker, which tests do not run; no mail waits
# for a server that is set; accounts open by invitation.
NOT_FOUND = {"act_file", "outbox", "closed", "dossier_paper", "dossier_archive"}
# What leads on: to a language, to the only member, to the icon, to the desk, to the page that waits for the kit.
LEADS_ON = {"choose_language", "home", "favicon", "arrived", "workshop_kit_zip"}
POSTED = {
    "withdraw", "erase", "appeal", "my_attachment", "sealed", "vote", "capture_send", "select_participants",
    "invite_participants",
}  # fmt: skip
# A script is told in figures that it must sign in again, not led to a page.
ANSWERS_SCRIPTS = {"capture_send"}
OF_A_COMMITMENT = (
    "commitment", "progress_csv", "new_progress", "new_sheet", "sheet", "sheet_json", "sheet_paper", "edit_commitment",
    "cite_sources",
)  # fmt: skip


@pytest.fixture
def region(demonstration_played: None, db: Any) -> Member:
    """The demonstration's Region, with what it lacks of pages' subjects: a file read in, a published commitment."""
    member = Member.objects.get()
    Import.objects.create(
        consultation=Consultation.objects.of(member)[0], name="voix.csv", state="done", asked_at=timezone.now()
    )
    PublishedCommitment.objects.create(
        source="ogp", source_id="1", place="Ailleurs", country="Ailleurs", title="A title", imported_at=timezone.now()
    )
    lay_out(member)
    lay_out_taking_part(member)
    return member


@pytest.fixture
def staff(region: Member) -> User:
    """Someone who holds every role that the walk needs, so that each page opens."""
    user = User.objects.get(appointments__role="administrator")
    for role in ("point-of-contact", "council-secretary", "moderator"):
        AppointmentFactory(user=user, member=region, role=role)
    return user


def values(member: Member) -> dict[str, Any]:
    """Give a real value for every parameter an address takes."""
    return {
        "member": member.slug,
        "page": "email",
        "slug": Body.objects.filter(seats__mandates__isnull=False).order_by("pk")[0].slug,
        "code": "plan-2",
        "stage": "plan-2",
        "actor": "council-president",
        "form": "annex-2",
        "rule": "visa",
        "paper": "annex-1",
        "first": member.guide_version,
        "second": member.guide_version,
        "older": member.guide_version,
        "newer": member.guide_version,
        "format": "pdf",
        "colour": "0b5d57",
        "number": 1,
        "kind": "plan",
        "version": 1,
        "sheet": 1,
        "shape": "annex-3",
        "lang": "fr",
        "suggestion": FindingSource.objects.filter(finding__number=1).order_by("pk")[0].contribution.number,
        "pk": PublishedCommitment.objects.all()[0].pk,
    }


def special(member: Member) -> dict[str, dict[str, Any]]:
    """Give the values that mean something else at some addresses."""
    region = Authority.objects.of(member)[0].territory.code
    return {
        "authority": {"code": region},
        "council_mandate": {"code": region},
        "usual_bodies": {"code": region},
        "new_mandate": {"uid": Seat.objects.filter(mandates__isnull=True).order_by("pk")[0].uid},
        "end_mandate": {"uid": Mandate.objects.order_by("pk")[0].uid},
        "act_file": {"uid": Act.objects.order_by("pk")[0].uid},
        "end_appointment": {"uid": Appointment.objects.order_by("-pk")[0].uid},
        "consultation": {"slug": "suivi"},
        "suggest": {"slug": "suivi"},
        "suggestion": {"number": Contribution.objects.of(member).published()[0].number},
        "one_import": {"uid": Import.objects.all()[0].uid},
        "import_errors": {"uid": Import.objects.all()[0].uid},
        "edit_section": {"code": "context-importance"},
        "correct_progress": {"uid": ProgressUpdate.objects.filter(corrected_by=None).order_by("pk")[0].uid},
        "evidence_file": {"uid": Evidence.objects.exclude(file=None)[0].uid},
        "edit_sheet": {"slug": "1-3"},
        "issue_sheet": {"slug": "1-3"},
        **{name: {"slug": "1-1"} for name in OF_A_COMMITMENT},
        "actor": {"code": "council-president"},
        "form": {"code": "annex-2"},
        "rule": {"code": "visa"},
        **of_the_desk(member),
        **of_taking_part(member),
    }


def addresses(member: Member) -> list[tuple[str, str]]:
    """Give the name and address of every page of ours, in the language in force.

    All at once: asking for a page changes the language in force.
    """
    return list(_addresses(member))


def _addresses(member: Member) -> Iterator[tuple[str, str]]:
    known, elsewhere = values(member), special(member)
    for name, _, parameters in views():
        given = {**known, **elsewhere.get(name, {})}
        missing = set(parameters) - set(given)
        assert not missing, f"{name}: the walk has no value for {missing}"
        yield name, reverse(name, kwargs={parameter: given[parameter] for parameter in parameters})


def asked(client: Client, address: str, **more: Any) -> Any:
    """Ask for a page, and read what it streams to its end: the test client then closes it, and not the database."""
    response = client.get(address, **more)
    if response.streaming:
        b"".join(response.streaming_content)
    return response


@contextmanager
def no_writing() -> Iterator[None]:
    """Fail on any statement that writes, but for the session's own row."""

    def refuse(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        verb = sql.lstrip().split(" ", 1)[0].upper()
        assert verb not in WRITES or "django_session" in sql, f"a GET wrote: {sql[:120]}"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize("lang", languages.CODES)
@pytest.mark.row("L-3")
def test_pages_answer_visitors_and_write_nothing(region: Member, lang: str) -> None:
    with override(lang), no_writing():
        for name, address in addresses(region):
            response = asked(Client(), address)
            # The demonstration opens on the machine that runs it, and says so elsewhere.
            expected = {403} if name == "demonstration" else {200, 302, 404, 405}
            expected = {401} if name in ANSWERS_SCRIPTS else expected
            assert response.status_code in expected, f"{name} {address}: {response.status_code}"
            if response.status_code == 404:
                assert name in NOT_FOUND, f"{name} {address} is not found"


@pytest.mark.parametrize("lang", languages.CODES)
@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
def test_pages_answer_the_staff_and_write_nothing(region: Member, staff: User, lang: str, htmx: bool) -> None:
    client = Client(headers={"HX-Request": "true"} if htmx else {})
    client.force_login(staff)
    wrong = {}
    with override(lang), no_writing():
        for name, address in addresses(region):
            response = asked(client, address, headers={"Host": "localhost"})
            expected = {404} if name in NOT_FOUND else {302} if name in LEADS_ON else {405} if name in POSTED else {200}
            if response.status_code not in expected:
                wrong[name, address] = response.status_code
    assert wrong == {}


@pytest.mark.parametrize("lang", languages.CODES)
def test_pages_say_their_language_and_direction(region: Member, lang: str) -> None:
    with override(lang):
        for name, address in addresses(region):
            response = asked(Client(), address)
            if response.status_code != 200 or "text/html" not in response["Content-Type"] or f"/{lang}/" not in address:
                continue
            text = response.content.decode()
            assert f'<html lang="{lang}"' in text, name
            assert f'dir="{languages.direction(lang)}"' in text, name
            assert f'lang="{languages.body_lang(lang)}"' in text, name


def test_pages_ask_nothing_of_another_host(region: Member) -> None:
    import re

    with override("fr"):
        for name, address in addresses(region):
            response = asked(Client(), address)
            if response.status_code != 200 or "text/html" not in response["Content-Type"]:
                continue
            loaded = re.findall(r'(?:src|<link[^>]*href)="(https?:[^"]+)"', response.content.decode())
            assert loaded == [], name


# What every member has alike: the method's own pages and questions, the years, the library of the instance.
ALIKE = (
    "method_", "library_commitment", "override_rule", "adopt_guide_version", "accent", "closed", "holidays",
    "record_holiday", "give_verdict", "answer_history", "add_evidence",
    # The same page whatever the key: whether a link leads to something is told to nobody (its own tests try it).
    "confirm_follow", "stop_following", "stop_all_news",
)  # fmt: skip


@pytest.mark.row("O-8")
def test_no_address_reaches_another_members_things(region: Member) -> None:
    known, elsewhere = values(region), special(region)
    here = MemberFactory()
    client = Client(headers={"Host": "localhost"})
    user = UserFactory(administrator_of=here)
    for role in ("point-of-contact", "council-secretary", "moderator"):
        AppointmentFactory(user=user, member=here, role=role)
    client.force_login(user)
    tried, open_to = 0, {}
    with override("fr"):
        for name, _, parameters in views():
            if name.startswith(ALIKE) or name == "answer" or "member" not in parameters or len(parameters) == 1:
                continue
            given = {**known, **elsewhere.get(name, {}), "member": here.slug}
            address = reverse(name, kwargs={parameter: given[parameter] for parameter in parameters})
            answers = {client.get(address).status_code, client.post(address, {}).status_code}
            if not answers <= {404, 405}:
                open_to[name, address] = answers
            tried += 1
    assert open_to == {}
    assert tried > 40
