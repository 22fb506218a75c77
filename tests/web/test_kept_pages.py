"""Visitors' pages are kept until something happens, and nobody's page is ever kept for another."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, override_settings
from django.urls import include, path

from openregion import urls
from openregion.core.audience import everyone, kept
from openregion.people.models import Member
from openregion.record.actions import write_line
from openregion.web import middleware
from tests.factories.people import PASSWORD, MemberFactory, UserFactory

built: list[str] = []


@kept
def counted(request: HttpRequest, member: str = "") -> HttpResponse:
    """A page that says how many times it was built."""
    built.append(request.get_full_path())
    return HttpResponse(f"page {len(built)}")


@kept
def with_token(request: HttpRequest) -> HttpResponse:
    """A page wrongly marked as kept: it holds a form's token."""
    built.append("token")
    return HttpResponse(get_token(request))


@kept
def with_cookie(request: HttpRequest) -> HttpResponse:
    """A page wrongly marked as kept: it gives a cookie."""
    built.append("cookie")
    response = HttpResponse("x")
    response.set_cookie("a", "b")
    return response


@kept
def private(request: HttpRequest) -> HttpResponse:
    """A kept page that says by itself not to be kept this time."""
    built.append("private")
    return HttpResponse("x", headers={"Cache-Control": "no-store"})


@everyone
def not_kept(request: HttpRequest) -> HttpResponse:
    """A page open to all and never kept."""
    built.append("not kept")
    return HttpResponse("x")


urlpatterns = [
    *[
        path(
            f"{lang}/",
            include(
                [
                    path("x/token/", with_token),
                    path("x/cookie/", with_cookie),
                    path("x/private/", private),
                    path("x/open/", not_kept),
                    path("<slug:member>/page/", counted),
                ]
            ),
        )
        for lang in ("fr", "ar")
    ],
    *urls.urlpatterns,
]
here = override_settings(ROOT_URLCONF=__name__)


@pytest.fixture(autouse=True)
def _counting():
    built.clear()
    with here:
        yield


@pytest.fixture
def member(db: None) -> Member:
    return MemberFactory(slug="membre")


def something_happens(member: str = "membre") -> None:
    with transaction.atomic():
        write_line(
            room="people", verb="appoint", subject_type="X", subject_uid="u", member_code=member, by_ref="r",
            at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), facts={"role": "moderator"},
        )  # fmt: skip


def get(client: Client, address: str = "/fr/membre/page/", **more: object) -> str:
    return client.get(address, **more).content.decode()  # type: ignore[arg-type]


@pytest.mark.usefixtures("member")
def test_page_is_built_once_until_the_members_next_line(client: Client) -> None:
    assert [get(client), get(client)] == ["page 1", "page 1"]
    something_happens("autre")
    assert get(client) == "page 1"
    something_happens()
    assert [get(client), get(client)] == ["page 2", "page 2"]


@pytest.mark.usefixtures("member")
def test_page_is_kept_apart_by_language_and_host_and_without_a_query(client: Client) -> None:
    addresses = ["/fr/membre/page/", "/ar/membre/page/"]
    told = [get(client, address) for address in addresses] + [get(client, HTTP_HOST="127.0.0.1")]
    assert told == ["page 1", "page 2", "page 3"]
    assert [get(client, address) for address in addresses] == told[:2]
    assert get(client, "/fr/membre/page/?page=2") == "page 4"


@pytest.mark.usefixtures("member")
def test_invented_parameters_do_not_fill_the_memory(client: Client) -> None:
    for query in ["?x=1", "?page=1", "?deed=appoint", "?utm_source=a"]:
        get(client, "/fr/membre/page/" + query)
        get(client, "/fr/membre/page/" + query)
    assert len(built) == 8


def test_signed_in_person_neither_gets_nor_leaves_a_kept_page(member: Member) -> None:
    visitor, person = Client(), Client()
    user = UserFactory(administrator_of=member)
    person.login(email=user.email, password=PASSWORD)
    assert [get(person), get(visitor), get(person), get(visitor)] == ["page 1", "page 2", "page 3", "page 2"]
    assert person.get("/fr/membre/page/")["Cache-Control"] == "private, no-cache"


@pytest.mark.usefixtures("member")
def test_someone_with_a_message_waiting_gets_no_kept_page() -> None:
    visitor, told = Client(), Client()
    told.cookies["messages"] = "x"
    assert [get(visitor), get(told), get(visitor)] == ["page 1", "page 2", "page 1"]


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("page", ["token", "cookie", "private", "open"])
def test_page_with_something_of_ones_own_is_never_kept(client: Client, page: str) -> None:
    for _ in range(3):
        client.get(f"/fr/x/{page}/")
    assert len(built) == 3


@pytest.mark.usefixtures("member")
def test_fragments_and_forms_go_through(client: Client) -> None:
    get(client)
    get(client, HTTP_HX_REQUEST="true")
    client.post("/fr/membre/page/")
    assert len(built) == 3


@pytest.mark.usefixtures("member")
def test_head_answers_like_get_without_the_body(client: Client) -> None:
    client.head("/fr/membre/page/")
    assert get(client) == "page 2"
    response = client.head("/fr/membre/page/")
    assert (response.content, response["Content-Length"], len(built)) == (b"", "6", 2)


@pytest.mark.usefixtures("member")
def test_browser_that_has_the_page_is_told_so(client: Client) -> None:
    first = client.get("/fr/membre/page/")
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert {part.strip() for part in first["Vary"].split(",")} >= {"Cookie", "HX-Request"}
    again = client.get("/fr/membre/page/", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    something_happens()
    assert client.get("/fr/membre/page/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


@pytest.mark.usefixtures("member")
def test_kept_page_leaves_with_the_security_headers(client: Client) -> None:
    first, second = client.get("/fr/membre/page/"), client.get("/fr/membre/page/")
    assert first.headers == second.headers
    assert "default-src 'none'" in second["Content-Security-Policy"]
    assert second["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("member")
def test_page_beyond_reason_is_not_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "LARGEST", 3)
    assert [get(client), get(client)] == ["page 1", "page 2"]


@pytest.mark.usefixtures("member")
def test_kept_page_costs_one_query(client: Client, django_assert_num_queries) -> None:
    get(client)
    with django_assert_num_queries(1):
        get(client)


@pytest.mark.usefixtures("member")
def test_journal_page_shows_the_line_just_written(client: Client) -> None:
    client.get("/fr/membre/journal/")
    something_happens()
    assert "line-" in get(client, "/fr/membre/journal/")
