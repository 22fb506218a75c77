"""Every address, in every language, by visitors and by staff: it answers, and a GET never writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from openregion.core import languages
from openregion.people.models import Act, Appointment, Authority, Body, Mandate, Member, Seat, User
from tests.pages import views

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP")


# The demonstration's acts have no file; no mail waits for a server that is set; accounts open by invitation.
NOT_FOUND = {"act_file", "outbox", "closed"}
# What leads on: to a language, to the only member, to the icon.
LEADS_ON = {"choose_language", "home", "favicon"}
POSTED: set[str] = set()


@pytest.fixture
def region(db: Any) -> Member:
    """The demonstration's Region: rows on every page."""
    call_command("demo", verbosity=0, stdout=_Silence())
    return Member.objects.get()


class _Silence:
    def write(self, text: str) -> None:
        """Say nothing."""


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
        "actor": {"code": "council-president"},
        "form": {"code": "annex-2"},
        "rule": {"code": "visa"},
    }


def addresses(member: Member) -> Iterator[tuple[str, str]]:
    """Give the name and address of every page of ours, in the language in force."""
    known, elsewhere = values(member), special(member)
    for name, _, parameters in views():
        given = {**known, **elsewhere.get(name, {})}
        missing = set(parameters) - set(given)
        assert not missing, f"{name}: the walk has no value for {missing}"
        yield name, reverse(name, kwargs={parameter: given[parameter] for parameter in parameters})


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
            response = Client().get(address)
            # The demonstration opens on the machine that runs it, and says so elsewhere.
            expected = {403} if name == "demonstration" else {200, 302, 404, 405}
            assert response.status_code in expected, f"{name} {address}: {response.status_code}"
            if response.status_code == 404:
                assert name in NOT_FOUND, f"{name} {address} is not found"


@pytest.mark.parametrize("lang", languages.CODES)
@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
def test_pages_answer_the_administrator_and_write_nothing(region: Member, lang: str, htmx: bool) -> None:
    client = Client(headers={"HX-Request": "true"} if htmx else {})
    client.force_login(User.objects.get(appointments__role="administrator"))
    with override(lang), no_writing():
        for name, address in addresses(region):
            response = client.get(address, headers={"Host": "localhost"})
            expected = {404} if name in NOT_FOUND else {302} if name in LEADS_ON else {405} if name in POSTED else {200}
            assert response.status_code in expected, f"{name} {address}: {response.status_code}"


@pytest.mark.parametrize("lang", languages.CODES)
def test_pages_say_their_language_and_direction(region: Member, lang: str) -> None:
    with override(lang):
        for name, address in addresses(region):
            response = Client().get(address)
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
            response = Client().get(address)
            if response.status_code != 200 or "text/html" not in response["Content-Type"]:
                continue
            asked = re.findall(r'(?:src|<link[^>]*href)="(https?:[^"]+)"', response.content.decode())
            assert asked == [], name
