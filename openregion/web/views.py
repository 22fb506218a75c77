"""Pages that cross rooms."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _

from openregion.core import outbox as kept_mail
from openregion.core.audience import everyone, kept, signed_in
from openregion.core.refusal import refuse_if
from openregion.guide import queries as guides
from openregion.people import views as people_views
from openregion.people.models import Member
from openregion.record import queries as records
from openregion.web import queries
from openregion.web.rules import is_a_proxys_mark, why_not_enter_demonstration
from openregion.web.tasks import index_member


@everyone
def choose_language(request: HttpRequest) -> HttpResponse:
    """Lead a newcomer to the home page in the language their browser asks for."""
    with override(get_language_from_request(request)):
        response = HttpResponseRedirect(reverse("home"))
    response["Cache-Control"] = "no-store"
    response["Vary"] = "Accept-Language"
    return response


@everyone
def closed(request: HttpRequest, page: str) -> HttpResponse:
    """Answer that a page of the sign-in library does not exist here: nobody opens or renames an account alone."""
    raise Http404(page)


@everyone
def healthz(request: HttpRequest) -> HttpResponse:
    """Tell whoever watches the machine that the site answers and its database too."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse(
            "no database\n", content_type="text/plain", status=503, headers={"Cache-Control": "no-store"}
        )
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@everyone
def robots(request: HttpRequest) -> HttpResponse:
    """Ask search engines to read the public pages, and not the doors of those who work here."""
    closed = ("accounts", "setup", "outbox", "*/search", "*/setup")
    lines = ["User-agent: *", *(f"Disallow: /*/{path}/" for path in closed)]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


@everyone
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask at the old address to the icon."""
    return HttpResponseRedirect(static("core/icon.svg"))


@everyone
def home(request: HttpRequest) -> HttpResponse:
    """The instance: its members, or the way to open the first one."""
    members = list(Member.objects.order_by("slug")[:100])
    if len(members) == 1:
        return HttpResponseRedirect(reverse("member_home", args=[members[0].slug]))
    return render(request, "web/home.html" if members else "web/welcome.html", {"members": members})


@everyone
def setup(request: HttpRequest) -> HttpResponseBase:
    """Open the first member's space, as ``people`` does it; then have its pages made findable in the background."""
    response = people_views.setup(request)
    if request.method == "POST" and response.status_code == 302:
        for slug in queries.members_without_index():
            index_member.enqueue(slug)
    return response


@kept
def about(request: HttpRequest) -> HttpResponse:
    """What the programme is and why a Region joins it, in the guide's own words, before any member exists."""
    return render(request, "web/about.html", {"book": guides.guide(settings.GUIDE_VERSION).book})


@kept
def member_home(request: HttpRequest, member: str) -> HttpResponse:
    """Where are we, what can I do now, what became of what was said."""
    parts = queries.line_of_stages(request.member)  # type: ignore[attr-defined]
    last = queries.by_day(records.last_sentences(member))
    # A visitor's session is never opened: only someone who came with one is asked who they are.
    returning = settings.SESSION_COOKIE_NAME in request.COOKIES
    steps = queries.first_steps(request.user, request.member) if returning else ()  # type: ignore[attr-defined]
    return render(request, "web/member_home.html", {"parts": parts, "last": last, "steps": steps})


@everyone
def search(request: HttpRequest, member: str) -> HttpResponse:
    """Find a public page of this member by its words."""
    q, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    shown: dict[str, Any] = {"q": q, "kinds": queries.kinds_to_choose(request.member, kind)}  # type: ignore[attr-defined]
    shown["found"] = queries.find(request.member, q=q, kind=kind) if q else ()  # type: ignore[attr-defined]
    return render(request, "web/search.html", shown)


@kept
def journal(request: HttpRequest, member: str) -> HttpResponse:
    """Everything done here, as sentences, newest first."""
    asked = {name: request.GET.get(name, "")[:40] for name in ("deed", "month")}
    read = queries.journal_as_read(request.member, number=request.GET.get("page", "1"), **asked)  # type: ignore[attr-defined]
    return render(request, "web/journal.html", {"read": read})


@everyone
def journal_csv(request: HttpRequest, member: str) -> StreamingHttpResponse:
    """The journal as a table anyone can recount: public facts, no one's name."""
    lines = records.lines_of_journal(member, verb=request.GET.get("deed", ""), month=request.GET.get("month", ""))
    return _download(queries.lines_as_csv(lines), "text/csv; charset=utf-8", f"journal-{member}.csv")


@everyone
def journal_json(request: HttpRequest, member: str) -> StreamingHttpResponse:
    """The journal for programs: the same lines as the table."""
    lines = records.lines_of_journal(member, verb=request.GET.get("deed", ""), month=request.GET.get("month", ""))
    return _download(queries.lines_as_json(lines), "application/json", f"journal-{member}.json")


@signed_in
def outbox(request: HttpRequest) -> HttpResponse:
    """The mail that would have left, for administrators, while no mail server is set."""
    if not isinstance(get_connection(fail_silently=True), kept_mail.OutboxBackend):
        raise Http404
    if not queries.is_administrator(request.user):  # type: ignore[arg-type]
        refuse_if(
            _("Only administrators of a space read the outbox: it holds other people's sign-in codes. Ask one of them.")
        )
    addresses = queries.addresses_administered_by(request.user)  # type: ignore[arg-type]
    shown = [one for one in kept_mail.messages() if one.to.lower() in addresses]
    response = render(request, "web/outbox.html", {"messages_kept": shown})
    response["Cache-Control"] = "no-store"
    return response


@everyone
def demonstration(request: HttpRequest, member: str) -> HttpResponse:
    """Enter the invented Region as one of its people, on the machine that runs it."""
    place: Member = request.member  # type: ignore[attr-defined]
    reason = why_not_enter_demonstration(
        place,
        remote=request.META.get("REMOTE_ADDR", ""),
        host=request.get_host(),
        forwarded=settings.SERVED_TO_OTHERS or any(is_a_proxys_mark(name) for name in request.headers),
    )
    refuse_if(reason)
    people = queries.people_of_the_demonstration(place)
    if request.method == "POST":
        chosen = next((one for one in people if one.uid == request.POST.get("person")), None)
        if chosen is not None:
            login(request, chosen.user, backend=settings.AUTHENTICATION_BACKENDS[0])
            return HttpResponseRedirect(reverse("member_home", args=[member]))
    return render(request, "web/demonstration.html", {"people": people})


def _download(pieces: Any, kind: str, name: str) -> StreamingHttpResponse:
    disposition = f'attachment; filename="{name}"'
    return StreamingHttpResponse(pieces, content_type=kind, headers={"Content-Disposition": disposition})
