"""The public registers, what the team alone reads of them, and the gestures that add a line."""

from __future__ import annotations

from typing import Any

from django import forms as plain
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.core.audience import everyone, kept
from openregion.core.refusal import refuse_if
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.queries import printed_addresses
from openregion.people.rules import today
from openregion.record import actions as memory
from openregion.record.models import StoredFile
from openregion.record.queries import file_response
from openregion.registers import actions, exports, forms, queries, rules
from openregion.registers.models import Exchange, PeerActivity

ON_A_PAGE = 50


@kept
def exchanges(request: AtMember, member: str) -> HttpResponse:
    """Show the exchanges with the support unit, the national contact and OGP; summaries and files to the team alone."""
    may = deeds_here(request)
    page = Paginator(queries.exchanges_of(request.member), ON_A_PAGE).get_page(request.GET.get("page"))
    lines = queries.exchange_lines(page.object_list, request.member, today=today(), for_team="log_exchange" in may)
    addresses = printed_addresses(request.member)
    context = {"lines": lines, "page": page, "addresses": addresses, "may": may}
    return render(request, "registers/exchanges.html", context)


@kept
def dialogues(request: AtMember, member: str) -> HttpResponse:
    """Show the forums and dialogue meetings that were held."""
    register = queries.dialogues_of(request.member)
    page = Paginator(register.lines, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "registers/dialogues.html", {"register": register, "page": page, "lines": page.object_list})


@everyone
def dialogues_csv(request: AtMember, member: str) -> HttpResponse:
    """Hand out the register of forums and dialogue meetings as a table."""
    return _table(exports.dialogues_as_csv(request.member), f"{member}-dialogue-meetings.csv")


@kept
def participation(request: AtMember, member: str) -> HttpResponse:
    """Show by which means people took part."""
    return render(request, "registers/participation.html", {"register": queries.participation_of(request.member)})


@everyone
def participation_csv(request: AtMember, member: str) -> HttpResponse:
    """Hand out how people took part as a table."""
    return _table(exports.participation_as_csv(request.member), f"{member}-participation.csv")


@everyone
def exchanges_csv(request: AtMember, member: str) -> HttpResponse:
    """Hand out the register of exchanges as a table."""
    return _table(exports.exchanges_as_csv(request.member), f"{member}-exchanges.csv")


@holders_of("log_exchange")
def exchange_file(request: AtMember, member: str, uid: str) -> HttpResponseBase:
    """Hand out the file of an exchange to the team."""
    return _file(get_object_or_404(Exchange.objects.of(request.member).select_related("file"), uid=uid).file)


@holders_of("log_exchange")
def new_exchange(request: AtMember, member: str) -> HttpResponse:
    """Log an exchange."""
    asked = Exchange.objects.of(request.member).filter(uid=request.GET.get("answers", "").replace("\0", "")).first()
    form = forms.ExchangeForm(request.POST or None, request.FILES or None, member=request.member, initial=_begun(asked))

    def deed() -> None:
        said, at, by, here = form.cleaned_data, timezone.now(), request.user, request.member
        names = ("party", "channel", "direction", "on", "contact", "wants_answer_by", "answers")
        told: dict[str, Any] = {name: said[name] for name in names} | {"subject": form.subject(at)}
        refuse_if(rules.why_not_log_exchange(by, here, **told))  # before the file is kept
        with transaction.atomic():
            file = _stored(request, form)
            actions.log_exchange(member=here, **told, summary=form.summary(at), file=file, by=by, at=at)

    back = reverse("exchanges", args=[member])
    if do(request, form, deed, done=_("The exchange is in the register.")):
        return redirect(back)
    lead = _("Everyone reads with whom, when, by which means and about what; the team alone reads the rest.")
    return ask(request, form, title=_("Log an exchange"), submit=_("Log this exchange"), back=back, lead=lead)


@kept
def peer_activities(request: AtMember, member: str) -> HttpResponse:
    """Show the peer-exchange and support activities, offered and attended, and what was learnt."""
    page = Paginator(queries.activities_of(request.member), ON_A_PAGE).get_page(request.GET.get("page"))
    lines = queries.activity_lines(page.object_list, request.member)
    context = {"lines": lines, "page": page, "counts": queries.activity_counts(request.member)}
    return render(request, "registers/peer_activities.html", context | {"may": deeds_here(request)})


@everyone
def peer_activities_csv(request: AtMember, member: str) -> HttpResponse:
    """Hand out the register of peer activities as a table."""
    return _table(exports.peer_activities_as_csv(request.member), f"{member}-peer-activities.csv")


@everyone
def peer_activity_file(request: AtMember, member: str, uid: str) -> HttpResponseBase:
    """Hand out the report or programme of a peer activity."""
    return _file(get_object_or_404(PeerActivity.objects.of(request.member).select_related("file"), uid=uid).file)


@holders_of("record_peer_activity")
def new_peer_activity(request: AtMember, member: str) -> HttpResponse:
    """Record a peer activity."""
    form = forms.PeerActivityForm(request.POST or None, request.FILES or None, initial={"starts_on": today()})

    def deed() -> None:
        said, at, by, here = form.cleaned_data, timezone.now(), request.user, request.member
        told: dict[str, Any] = {name: said[name] for name in ("kind", "scope", "part", "starts_on", "ends_on")}
        told |= {"title": form.title(at), "learnt": form.learnt(at)}
        refuse_if(rules.why_not_record_peer_activity(by, here, **told))  # before the file is kept
        with transaction.atomic():
            more = {"partners": said["partners"], "place": said["place"], "file": _stored(request, form)}
            actions.record_peer_activity(member=here, **told, **more, by=by, at=at)

    back = reverse("peer_activities", args=[member])
    if do(request, form, deed, done=_("The activity is in the register.")):
        return redirect(back)
    lead = _(
        "An exchange among peers or a support activity, in Morocco or abroad, that the Region offered or attended."
    )
    return ask(request, form, title=_("Record a peer activity"), submit=_("Record it"), back=back, lead=lead)


def _begun(asked: Exchange | None) -> dict[str, Any]:
    """Begin the form from the exchange that it answers, if there is one."""
    if asked is None:
        return {"on": today()}
    other = "received" if asked.direction == Exchange.Direction.SENT else "sent"
    return {"on": today(), "answers": asked.uid, "party": asked.party, "direction": other, "channel": asked.channel}


def _stored(request: AtMember, form: plain.Form) -> StoredFile | None:
    upload = form.cleaned_data["file"]
    if not upload:
        return None
    here, by = request.member, request.user
    return memory.store_file(upload=upload, member_code=here.slug, by_ref=by.reference, at=timezone.now())


def _file(stored: StoredFile | None) -> HttpResponseBase:
    if stored is None:
        raise Http404("no file")
    return file_response(stored)


def _table(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
