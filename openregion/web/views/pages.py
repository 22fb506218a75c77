"""Pages that cross rooms: home, suggestions and their journey, search, the journal, the outbox, the demonstration."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from openregion.analysis.tongue import guess_language
from openregion.consultation import queries as consulting
from openregion.consultation.actions import erase_contribution, make_appeal, tell_reason, withdraw_contribution
from openregion.consultation.forms import AppealForm
from openregion.consultation.models import Contribution
from openregion.consultation.rules import why_not_appeal_now
from openregion.core import outbox as kept_mail
from openregion.core.audience import everyone, kept, signed_in
from openregion.core.languages import body_lang
from openregion.core.refusal import Refused, refuse_if
from openregion.guide import queries as guides
from openregion.people import views as people_views
from openregion.people.audience import AtMember, deeds_here
from openregion.people.models import Member
from openregion.people.rules import deeds_of
from openregion.record import queries as records
from openregion.web import exports, queries
from openregion.web.forms import FollowForm
from openregion.web.queries import home as homes
from openregion.web.queries import suggestions as listings
from openregion.web.queries.desk import work_of
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
def member_home(request: AtMember, member: str) -> HttpResponse:
    """Where are we, what can I do now, what became of what was said."""
    # A visitor's session is never opened: only someone who came with one is asked who they are.
    returning = settings.SESSION_COOKIE_NAME in request.COOKIES
    consultations = homes.open_consultations(request.member)
    shown = {
        "where": homes.where_we_are(request.member),
        "consultations": consultations,
        "voices_url": next((one.voices_url for one in consultations if one.voices_url), ""),
        "call": homes.open_call(request.member),
        "workshops": homes.coming_workshops(request.member),
        "meeting": homes.next_meeting(request.member),
        "decided": homes.last_decision(request.member),
        "became": homes.became_of_it(request.member),
        "plan": homes.plan_now(request.member),
        "last": queries.by_day(homes.done_lately(request.member)),
        "steps": queries.first_steps(request.user, request.member) if returning else (),
        "works_here": returning and bool(deeds_here(request)),
        "work": work_of(request.user, request.member) if returning else (),
    }
    response = render(request, "web/member_home.html", shown)
    if homes.changes_soon(request.member):
        patch_cache_control(response, private=True, no_cache=True)
    return response


@kept
def suggestions(request: AtMember, member: str) -> HttpResponse:
    """What people suggested and moderation published, the latest first, with what became of each."""
    asked = listings.Asked.of(request.GET.dict())
    page = listings.suggestions_page(request.member, asked)
    return render(request, "web/suggestions.html", {"page": page})


@kept
def suggestion(request: AtMember, member: str, number: int) -> HttpResponse:
    """A suggestion and its journey: the words, then each step to the evidence.

    What nobody has read yet, or is spam, does not exist for the public. What is
    hidden or withdrawn keeps its number and says so, without its words.
    """
    page = listings.suggestion_page(request.member, number)
    if page is None:
        raise Http404(number)
    may_moderate = bool(deeds_here(request) & {"publish_contribution", "hide_contribution"})
    care = consulting.care_of(request.member, number)
    shown = {"page": page, "may_moderate": may_moderate, "care": care}
    shown["assistance"] = consulting.assistance_of(request.member, number) if may_moderate else None
    return render(request, "web/suggestion.html", shown)


@everyone
@sensitive_post_parameters("code")
@never_cache
def follow(request: AtMember, member: str) -> HttpResponse:
    """Follow one's suggestion with the code: what became of it, in words, and the way to withdraw it.

    The code is posted and the page answers at once, unkept: a redirect would
    have to carry the code in an address or a session.
    """
    form = _code_form(request)
    if request.method != "POST" or not form.is_valid():
        status = 429 if form.waits else 200
        return render(request, "web/follow.html", {"form": form}, status=status)
    contribution = form.contribution
    assert contribution is not None  # a valid form found it
    if contribution.moderation == Contribution.Moderation.HIDDEN and not contribution.withdrawn_at:
        contribution = tell_reason(contribution, at=timezone.now())
    return _followed(request, contribution, form.cleaned_data["code"], AppealForm())


def _followed(request: AtMember, contribution: Contribution, code: str, appeal: AppealForm) -> HttpResponse:
    """Show an author what became of their words, and the ways to answer, withdraw and erase."""
    decision = consulting.decision_on(contribution)
    refusal = why_not_appeal_now(contribution, against=decision.against, decided_at=decision.at)
    shown = {
        "page": listings.page_of(contribution, by_author=True),
        "code": code,
        "appeals": consulting.appeals_of(contribution),
        "may_appeal": not refusal,
        "masked": decision.against == "mask_words",
        "form": appeal,
        "answers": consulting.answers_address(contribution),
    }
    return render(request, "web/followed.html", shown)


@everyone
@require_POST
@sensitive_post_parameters("code", "appeal")
@never_cache
def appeal(request: AtMember, member: str) -> HttpResponse:
    """Let an author appeal against a decision on their words, with the code again; a mistake loses nothing typed."""
    form, said = _code_form(request), AppealForm(request.POST)
    if not form.is_valid() or form.contribution is None:
        shown = {"form": form, "typed": request.POST.get("appeal", "").strip()}
        return render(request, "web/follow.html", shown, status=429 if form.waits else 200)
    if said.is_valid():
        words = said.cleaned_data["appeal"]
        lang = guess_language(words, body_lang(get_language() or "fr"))
        try:
            make_appeal(form.contribution, words=words, lang=lang, at=timezone.now())
        except Refused as refusal:
            said.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your appeal is received. Another person looks at it, and answers you here."))
            return redirect("follow", member)
    return _followed(request, form.contribution, form.cleaned_data["code"], said)


@everyone
@require_POST
@sensitive_post_parameters("code")
@never_cache
def withdraw(request: AtMember, member: str) -> HttpResponse:
    """Let an author withdraw their words, with the code again: it is kept nowhere in between."""
    form = _code_form(request)
    if form.is_valid() and form.contribution:
        withdraw_contribution(form.contribution, at=timezone.now())
        is_comment = form.contribution.kind == Contribution.Kind.COMMENT
        told = (_("Your suggestion is withdrawn."), _("Your comment is withdrawn."))[is_comment]
        messages.success(request, told + " " + _("Its words no longer show."))
    else:
        messages.error(request, " ".join(str(one) for one in form.errors.get("code", [])))
    return redirect("follow", member)


@everyone
@require_POST
@sensitive_post_parameters("code")
@never_cache
def erase(request: AtMember, member: str) -> HttpResponse:
    """Let an author erase their words for good, with the code again (law 09-08)."""
    form = _code_form(request)
    if form.is_valid() and form.contribution:
        erase_contribution(form.contribution, at=timezone.now())
        messages.success(request, _("Your words are erased, with what led to you. The public count keeps a number."))
    else:
        messages.error(request, " ".join(str(one) for one in form.errors.get("code", [])))
    return redirect("follow", member)


def _code_form(request: AtMember) -> FollowForm:
    asked_from = get_adapter(request).get_client_ip(request)
    return FollowForm(request.POST or None, member=request.member, asked_from=asked_from)


@kept
def open_data(request: AtMember, member: str) -> HttpResponse:
    """What each file of open data holds, its licence, and how to recount the coverage."""
    return render(request, "web/open_data.html", {"columns": exports.COLUMNS})


@everyone
def suggestions_csv(request: AtMember, member: str) -> StreamingHttpResponse:
    """The suggestions as a table: published ones with their words, and what counts in the coverage."""
    pieces = exports.suggestions_as_csv(exports.rows_of_suggestions(request.member))
    return _download(pieces, "text/csv; charset=utf-8", f"suggestions-{member}.csv")


@everyone
def suggestions_json(request: AtMember, member: str) -> StreamingHttpResponse:
    """The suggestions for programs: the same rows as the table."""
    pieces = exports.suggestions_as_json(exports.rows_of_suggestions(request.member))
    return _download(pieces, "application/json", f"suggestions-{member}.json")


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
            arrives = "desk" if deeds_of(chosen.user, place) else "member_home"
            return HttpResponseRedirect(reverse(arrives, args=[member]))
    return render(request, "web/demonstration.html", {"people": people})


def _download(pieces: Any, kind: str, name: str) -> StreamingHttpResponse:
    disposition = f'attachment; filename="{name}"'
    return StreamingHttpResponse(pieces, content_type=kind, headers={"Content-Disposition": disposition})
