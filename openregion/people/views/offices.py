"""Pages about who decides, who sits where and who may do what; and the gestures that change it."""

from __future__ import annotations

from typing import Any

from django import forms as plain
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from openregion.core import colour
from openregion.core.audience import everyone, kept, signed_in
from openregion.core.refusal import Refused, refuse_if
from openregion.people import actions, forms, queries, rules
from openregion.people import setup as doors
from openregion.people import usual as usually
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.models import Act, Appointment, Authority, Body, Mandate, Seat, Territory, User
from openregion.people.rules import today
from openregion.record import actions as memory
from openregion.record.queries import file_response

ACTS_ON_A_PAGE = 50
# Whoever holds one of these works on acts or decisions, and reads the act of a vote before it is published.
ACTS_READ_EARLY = frozenset(
    ("record_act", "record_vote", "send_for_control", "record_receipt", "record_visa", "publish_deliberation")
)
ACCENTS = ("#0b5d57", "#1d4f91", "#7a1f3d", "#6b4a00", "#4b3a8f", "#2f5d1e", "#8a3200", "#3a4652")


@everyone
@sensitive_post_parameters("code", "password")
@never_cache
def setup(request: HttpRequest) -> HttpResponse:
    """Open an empty instance: choose the authorities, then say who administers it."""
    if not doors.is_open():
        return redirect("home")
    chosen = list(Territory.objects.filter(code__in=request.GET.getlist("territory")).order_by("code"))
    named = forms.CommuneForm(request.GET)
    commune = named.commune() if named.is_valid() else None
    nobody = not named.is_valid() or not (chosen or commune)
    if request.method != "POST" and (nobody or "change" in request.GET):
        return _choose_authorities(request, chosen, named)
    asked_from, proposed = request.META.get("REMOTE_ADDR", ""), forms.SetupForm.proposals(chosen, commune)
    form = forms.SetupForm(request.POST or None, initial=proposed, asked_from=asked_from)
    if request.method == "POST" and form.is_valid() and _open_instance(request, form):
        return redirect("home")
    typed = request.POST if form.is_bound else request.GET
    query = QueryDict("change=1", mutable=True)
    for name in ("territory", *forms.CommuneForm.base_fields):
        query.setlist(name, typed.getlist(name))
    names = list(Territory.objects.filter(code__in=typed.getlist("territory")).order_by("code"))
    if fr := typed.get("commune_fr", ""):
        names.append(Territory(name_fr=fr, name_ar=typed.get("commune_ar", "")))
    return render(request, "people/setup.html", {"form": form, "chosen": names, "query": query.urlencode()})


def _choose_authorities(request: HttpRequest, chosen: list[Territory], named: forms.CommuneForm) -> HttpResponse:
    columns = ("code", "level", "name_fr", "name_ar", "parent__code")
    # What the demonstration invented is for nobody real.
    real = Territory.objects.exclude(level="commune").exclude(authority__members__invented=True)
    places = real.order_by("code").values(*columns)
    lang = "ar" if get_language() == "ar" else "fr"
    codes = {place.code for place in chosen}
    rows = [{**place, "name": place[f"name_{lang}"], "chosen": place["code"] in codes} for place in places]
    regions = [row for row in rows if row["level"] == "region"]
    for region in regions:
        region["provinces"] = [row for row in rows if row["parent__code"] == region["code"]]
    nothing = "asked" in request.GET and not chosen and named.is_valid()
    context = {"regions": regions, "nothing_chosen": nothing, "commune": named}
    return render(request, "people/setup_authorities.html", context)


def _open_instance(request: HttpRequest, form: forms.SetupForm) -> bool:
    """Found the first member once, sign its administrator in; say whether the way leads on."""
    said, at = form.cleaned_data, timezone.now()
    founder = actions.Founder(said["email"], said["admin_name"], said["password"], said["lang"])
    try:
        with doors.code_taken():
            actions.found_member(
                slug=said["slug"],
                name=form.name(at),
                territories=list(said["territory"]),
                guide_version=said.get("guide") or settings.GUIDE_VERSION,
                founder=founder,
                at=at,
                commune=form.commune(),
            )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    except doors.CodeGone:
        return not doors.is_open()
    login(request, User.objects.get(email=founder.email.lower()), backend=settings.AUTHENTICATION_BACKENDS[0])
    messages.success(request, _("The space is open, and you are its administrator. Next: set up its bodies."))
    return True


@kept
def territory(request: AtMember, member: str) -> HttpResponse:
    """Show the prefectures and provinces: map, names, census figures."""
    return render(request, "people/territory.html", {"page": queries.territory_page(request.member)})


@kept
def authority(request: AtMember, member: str, code: str) -> HttpResponse:
    """Show an authority: its council's mandate and its bodies."""
    one = _authority(request, code)
    page = queries.authority_page(one, request.member, today=today())
    return render(request, "people/authority.html", {"page": page, "may": deeds_here(request)})


@holders_of("set_council_mandate")
def council_mandate(request: AtMember, member: str, code: str) -> HttpResponse:
    """Record the dates of a council's mandate."""
    one, back = _authority(request, code), reverse("authority", args=[member, code])
    dates = {"starts_on": one.mandate_starts_on, "ends_on": one.mandate_ends_on}
    form = forms.CouncilMandateForm(request.POST or None, initial=dates)

    def deed() -> None:
        actions.set_council_mandate(one, **form.cleaned_data, member=request.member, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The dates of the mandate are recorded.")):
        return redirect(back)
    title = _("The mandate of the council")
    return ask(request, form, title=title, submit=_("Record the dates"), back=back, lead=queries.name_of(one))


@holders_of("set_up_usual_bodies")
def usual_bodies(request: AtMember, member: str, code: str) -> HttpResponse:
    """Set up at once the bodies an authority has by law, after showing them."""
    one = _authority(request, code)
    form = plain.Form(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.set_up_usual_bodies(one, member=request.member, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The usual bodies are set up. Give their seats next.")):
        return redirect("bodies", member)
    lang = get_language() or "fr"
    missing = usually.missing(one, Body.objects.filter(authority=one))
    names = [body.name.get(lang) or body.name["fr"] for body in missing]
    context = {"form": form, "names": names, "authority": queries.name_of(one)}
    return render(request, "people/usual_bodies.html", context | {"back": reverse("bodies", args=[member])})


@kept
def bodies(request: AtMember, member: str) -> HttpResponse:
    """List the member's bodies, authority by authority."""
    found = queries.bodies_page(request.member, today=today())
    return render(request, "people/bodies.html", {"authorities": found, "may": deeds_here(request)})


@kept
def body(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Show a body: what it is for, its act, its seats and who holds them."""
    page = queries.body_page(_body(request, slug), request.member, today=today())
    return render(request, "people/body.html", {"page": page, "may": deeds_here(request)})


@holders_of("set_up_body")
def new_body(request: AtMember, member: str) -> HttpResponse:
    """Set up a body of one of the member's authorities."""
    form = forms.BodyForm(request.POST or None, member=request.member)
    made: list[Body] = []

    def deed() -> None:
        said, at = form.cleaned_data, timezone.now()
        body = actions.set_up_body(
            authority=said["authority"],
            member=request.member,
            kind=said["kind"],
            name=form.name(at),
            remit=form.remit(at),
            act=said["act"],
            parent=said["parent"],
            stance=said["stance"],
            by=request.user,
            at=at,
        )
        made.append(body)

    if do(request, form, deed, done=_("The body is set up. Add its seats next.")):
        return redirect("body", member, made[0].slug)
    back = reverse("bodies", args=[member])
    return ask(request, form, title=_("Set up a body"), submit=_("Set up this body"), back=back)


@holders_of("add_seat")
def new_seat(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Add a seat to a body."""
    one, back = _body(request, slug), reverse("body", args=[member, slug])
    form = forms.SeatForm(request.POST or None, body=one, member=request.member)

    def deed() -> None:
        said, at = form.cleaned_data, timezone.now()
        sits = {name: said[name] for name in ("actor", "side", "leads", "votes")}
        actions.add_seat(one, title=form.title(at), **sits, member=request.member, by=request.user, at=at)

    if do(request, form, deed, done=_("The seat is added. Give it to a person next.")):
        return redirect(back)
    return ask(request, form, title=_("Add a seat"), submit=_("Add this seat"), back=back, lead=_words(one.name))


@holders_of("set_body_rules")
def body_rules(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Publish the rules a body works by."""
    one, back = _body(request, slug), reverse("body", args=[member, slug])
    written = {f"rules_{lang}": wording["text"] for lang, wording in one.rules.items()}
    form = forms.BodyRulesForm(request.POST or None, request.FILES or None, initial=written)

    def deed() -> None:
        at, by, here = timezone.now(), request.user, request.member
        text, upload = form.text(one.rules, at), form.cleaned_data["file"]
        refuse_if(rules.why_not_set_body_rules(by, one, here, text=text))  # before the file is kept
        with transaction.atomic():
            stored = upload and memory.store_file(upload=upload, member_code=here.slug, by_ref=by.reference, at=at)
            actions.set_body_rules(one, text=text, member=here, by=by, at=at, file=stored or None)

    if do(request, form, deed, done=_("The rules are published.")):
        return redirect(back)
    title, lead = _("The rules a body works by"), _words(one.name)
    return ask(request, form, title=title, submit=_("Publish these rules"), back=back, lead=lead)


@everyone
def body_rules_file(request: AtMember, member: str, slug: str) -> HttpResponseBase:
    """Hand out the signed rules of a body: they are public."""
    one = _body(request, slug)
    if one.rules_file is None:
        raise Http404(slug)
    return file_response(one.rules_file)


@holders_of("give_function")
def new_function(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Declare, by an act, that a body also fills another's part."""
    one, back = _body(request, slug), reverse("body", args=[member, slug])
    form = forms.FunctionForm(request.POST or None, body=one, member=request.member)

    def deed() -> None:
        actions.give_function(one, **form.cleaned_data, member=request.member, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The declaration is recorded.")):
        return redirect(back)
    title, lead = _("Declare that a body also fills another part"), _words(one.name)
    return ask(request, form, title=title, submit=_("Record the declaration"), back=back, lead=lead)


@holders_of("give_mandate")
def new_mandate(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Give a seat to a person, by the act that names them."""
    seats = Seat.objects.of(request.member).select_related("body__authority__territory").distinct()
    seat = get_object_or_404(seats, uid=uid)
    back = reverse("body", args=[member, seat.body.slug])
    form = forms.MandateForm(request.POST or None, authority=seat.body.authority, initial={"starts_on": today()})

    def deed() -> None:
        actions.give_mandate(seat, **form.cleaned_data, member=request.member, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The mandate is recorded.")):
        return redirect(back)
    notice = {
        "why": _("the public knows who sits in a body that takes part in decisions, since when and by which act"),
        "until": _("the name stays with the office in the public record"),
    }
    lead, submit = f"{_words(seat.title)} – {_words(seat.body.name)}", _("Record the mandate")
    return ask(request, form, title=_("Give a seat"), submit=submit, back=back, lead=lead, notice=notice)


@holders_of("end_mandate")
def end_mandate(request: AtMember, member: str, uid: str) -> HttpResponse:
    """End a mandate on a day."""
    mandates = Mandate.objects.of(request.member).select_related("seat__body__authority").distinct()
    mandate = get_object_or_404(mandates, uid=uid)
    back = reverse("body", args=[member, mandate.seat.body.slug])
    form = forms.EndForm(request.POST or None, initial={"on": today()})

    def deed() -> None:
        actions.end_mandate(mandate, **form.cleaned_data, member=request.member, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The end of the mandate is recorded.")):
        return redirect(back)
    lead = f"{mandate.holder_name} – {_words(mandate.seat.title)}"
    return ask(request, form, title=_("End a mandate"), submit=_("End this mandate"), back=back, lead=lead)


@kept
def acts(request: AtMember, member: str) -> HttpResponse:
    """List the acts that give bodies, seats and roles, the latest first; those of votes once they are published."""
    early = bool(deeds_here(request) & ACTS_READ_EARLY)
    found = Act.objects.of(request.member).shown(early=early).select_related("authority__territory").latest_first()
    page = Paginator(found, ACTS_ON_A_PAGE).get_page(request.GET.get("page"))
    lines = queries.act_lines(page.object_list, request.member)
    return render(request, "people/acts.html", {"acts": lines, "page": page, "may": deeds_here(request)})


@holders_of("record_act")
def new_act(request: AtMember, member: str) -> HttpResponse:
    """Record an act, with its file."""
    form = forms.ActForm(request.POST or None, request.FILES or None, member=request.member)
    back = reverse("acts", args=[member])
    if do(request, form, lambda: _record_act(request, form), done=_("The act is recorded.")):
        return redirect(back)
    lead = _("Bodies, seats and roles are given by an act. Recorded once, it can be cited everywhere.")
    notice = {
        "why": _("the public knows what the act decides; its subject and its file may name the person it appoints"),
        "until": _("the name stays with the office in the public record"),
    }
    submit = _("Record this act")
    return ask(request, form, title=_("Record an act"), submit=submit, back=back, lead=lead, notice=notice)


def _record_act(request: AtMember, form: forms.ActForm) -> None:
    said, at, by, here = form.cleaned_data, timezone.now(), request.user, request.member
    cited = {name: said[name] for name in ("authority", "kind", "number", "dated_on")}
    refuse_if(rules.why_not_record_act(by, here, **cited))  # before the file is kept
    with transaction.atomic():
        upload = said["file"]
        stored = upload and memory.store_file(upload=upload, member_code=here.slug, by_ref=by.reference, at=at)
        actions.record_act(**cited, member=here, title=form.title(at), by=by, at=at, file=stored or None)


@everyone
def act_file(request: AtMember, member: str, uid: str) -> HttpResponseBase:
    """Hand out the file of an act: acts are public, the one a vote makes once its deliberation is published."""
    act = get_object_or_404(Act.objects.of(request.member).select_related("file").distinct(), uid=uid)
    early = bool(deeds_here(request) & ACTS_READ_EARLY)
    refuse_if("" if act.public or early else _("This deliberation is not published yet. Come back when it is."))
    if act.file is None:
        raise Http404(uid)
    return file_response(act.file)


@signed_in
def people_roles(request: AtMember, member: str) -> HttpResponse:
    """Show who holds which role to those who appoint; lead the others to the public page of roles."""
    may = deeds_here(request)
    if "appoint" not in may:
        return redirect("roles", member)
    present, past = queries.appointment_lines(request.member, today=today())
    return render(request, "people/people.html", {"present": present, "past": past, "may": may})


@holders_of("appoint")
def appoint(request: AtMember, member: str) -> HttpResponse:
    """Give a person a role, and invite them."""
    asked = {"starts_on": today(), "lang": get_language()}
    form = forms.AppointForm(request.POST or None, member=request.member, initial=asked)
    site = request.build_absolute_uri("/").rstrip("/")

    def deed() -> None:
        actions.appoint(**form.cleaned_data, member=request.member, by=request.user, at=timezone.now(), site=site)

    if do(request, form, deed, done=_("The role is given, and the invitation is on its way.")):
        return redirect("people_roles", member)
    notice = {
        "why": _("the person can sign in and do what the role asks, and only that"),
        "until": _("the account is kept while a role is held, then until the council is handed over"),
    }
    back, title = reverse("people_roles", args=[member]), _("Give a person a role")
    return ask(request, form, title=title, submit=_("Give this role"), back=back, notice=notice, shows_roles=True)


@holders_of("end_appointment")
def end_appointment(request: AtMember, member: str, uid: str) -> HttpResponse:
    """End a role on a day."""
    one = get_object_or_404(Appointment.objects.of(request.member).select_related("user"), uid=uid)
    form = forms.EndForm(request.POST or None, initial={"on": today()})

    def deed() -> None:
        actions.end_appointment(one, **form.cleaned_data, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The end of the role is recorded.")):
        return redirect("people_roles", member)
    back = reverse("people_roles", args=[member])
    lead = f"{one.user.name} – {queries.role_label(request.member, one.role)}"
    return ask(request, form, title=_("End a role"), submit=_("End this role"), back=back, lead=lead)


@kept
def roles(request: AtMember, member: str) -> HttpResponse:
    """Say in public what each role may do, and who holds it."""
    found = queries.roles_page(request.member, today=today())
    return render(request, "people/roles.html", {"roles": found, "may": deeds_here(request)})


@holders_of("choose_accent")
def look(request: AtMember, member: str) -> HttpResponse:
    """Choose the colour of the space, after seeing the page in it."""
    here = request.member
    form = forms.AccentForm(request.POST or None, initial={"accent": request.GET.get("accent") or here.accent})

    def deed() -> None:
        actions.choose_accent(here, **form.cleaned_data, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The colour is chosen.")):
        return redirect("look", member)
    seen = queries.colour_seen(request.POST.get("accent") or request.GET.get("accent") or here.accent)
    offered = [queries.colour_seen(one) for one in ACCENTS]
    context = {"form": form, "seen": seen, "offered": offered, "least": colour.READABLE}
    return render(request, "people/look.html", context)


def _words(value: Any) -> str:
    return queries.words_of(value)


def _authority(request: AtMember, code: str) -> Authority:
    theirs = Authority.objects.of(request.member).select_related("territory")
    return get_object_or_404(theirs, territory__code=code)


def _body(request: AtMember, slug: str) -> Body:
    theirs = Body.objects.of(request.member).select_related("authority__territory", "act__authority__territory")
    found = theirs.filter(slug=slug).first()
    if found is None:
        raise Http404(slug)
    return found
