"""The pages of the dossier: drafted, supported, frozen, sent, answered."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.admission import actions, queries, rules
from openregion.admission.audience import WRITING, let_writers_in
from openregion.admission.forms import dossier as forms
from openregion.admission.models import Dossier, SupportLetter
from openregion.admission.tasks import print_dossier
from openregion.core.audience import everyone
from openregion.core.languages import WORKING
from openregion.core.refusal import refuse_if
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today
from openregion.record.actions import store_file
from openregion.record.models import StoredFile


@everyone
def dossier(request: AtMember, member: str, candidacy: int, number: int) -> HttpResponse:
    """Show a dossier: being written, to those who write it; frozen, to everyone."""
    one = _dossier(request, candidacy, number)
    may, page = deeds_here(request), queries.dossier_page(one, request.member)
    shown = {"page": page, "may": may, "writes": bool(may & WRITING), "papers": WORKING}
    shown["stated"] = queries.statement_in_words(page.stated) if page.stated else None
    return render(request, "admission/dossier.html", shown)


@holders_of("open_dossier")
def open_dossier(request: AtMember, member: str) -> HttpResponse:
    """Open a dossier on a call, or on the working form."""
    cycle, back = queries.candidacy_of(request.member), reverse("candidacy", args=[member])
    refuse_if("" if cycle else _("A dossier belongs to a candidacy. Open its cycle first."))
    assert cycle is not None  # refused above
    sent = request.POST if request.method == "POST" else None
    form = forms.DossierForm(sent, member=request.member, initial={"call": queries.open_call(request.member)})
    made: list[Dossier] = []

    def deed() -> None:
        said = form.cleaned_data
        made.append(actions.open_dossier(cycle, call=said["call"], by=request.user, at=timezone.now()))

    if do(request, form, deed, done=_("The dossier is open. Its answers begin from those to the conditions.")):
        return redirect("dossier", member, cycle.number, made[0].number)
    lead = _("Everything in a dossier is written as if it were public: OGP publishes those of all candidates.")
    return ask(request, form, title=_("Open a dossier"), submit=_("Open this dossier"), back=back, lead=lead)


@holders_of("add_support")
def add_support(request: AtMember, member: str, candidacy: int, number: int) -> HttpResponse:
    """Add a letter of support; its words are drafted from the guide's model."""
    one, back = _at_work(request, candidacy, number)
    head = one.support.filter(signer=SupportLetter.Signer.HEAD).exists()
    form = forms.SupportForm(request.POST or None, initial={"signer": forms.signer_of(head=head)})

    def deed() -> None:
        actions.add_support(one, **form.cleaned_data, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The letter is drafted. Have it signed, then attach its scan.")):
        return redirect(f"{back}#support")
    lead = _("The name of whoever signs stands in the dossier, which becomes public: tell them so.")
    title, submit = _("Add a letter of support"), _("Draft this letter")
    return ask(request, form, title=title, submit=submit, back=back, lead=lead)


@holders_of("sign_support")
def sign_support(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Attach the signed scan of a letter of support."""
    theirs = SupportLetter.objects.filter(dossier__cycle__member=request.member)
    one = get_object_or_404(theirs.select_related("dossier__cycle__member", "scan"), uid=uid)
    back = queries.dossier_url(one.dossier, request.member)
    form = forms.SignedForm(request.POST or None, request.FILES or None, initial={"signed_on": today()})

    @transaction.atomic
    def deed() -> None:
        said, at = form.cleaned_data, timezone.now()
        scan = _stored(request, said["file"])
        actions.sign_support(one, scan=scan, signed_on=said["signed_on"], by=request.user, at=at)

    if do(request, form, deed, done=_("The signed letter is attached.")):
        return redirect(f"{back}#support")
    who = ", ".join(filter(None, (one.name, one.organisation)))
    title, submit = _("Attach a signed letter of support"), _("Attach this letter")
    return ask(request, form, title=title, submit=submit, back=back, lead=who)


@holders_of("freeze_dossier")
def freeze_dossier(request: AtMember, member: str, candidacy: int, number: int) -> HttpResponse:
    """Freeze the dossier, after showing what it lacks."""
    one, back = _at_work(request, candidacy, number)
    lacking = queries.lacking(one, queries.asked_lines(one, request.member))
    form = forms.FreezeForm(request.POST if request.method == "POST" else None, lacking=bool(lacking))

    def deed() -> None:
        seen = bool(form.cleaned_data.get("seen"))
        frozen = actions.freeze_dossier(one, seen=seen, by=request.user, at=timezone.now())
        print_dossier.enqueue(frozen.uid)  # readers never wait for the press

    if do(request, form, deed, done=_("The dossier is frozen and public. Its papers are being printed.")):
        return redirect(back)
    refusal = rules.why_not_freeze_dossier(request.user, one, seen=True)
    shown = {"form": form, "lacking": lacking, "refusal": refusal, "back": back, "number": number}
    return render(request, "admission/freeze.html", shown | {"working": one.call.working})


@holders_of("submit_dossier")
def submit_dossier(request: AtMember, member: str, candidacy: int, number: int) -> HttpResponse:
    """Record that the dossier was sent, with its proof; past the deadline too, and it is said."""
    one, back = _at_work(request, candidacy, number)
    now = timezone.localtime()
    opened = {"sent_on": now.date(), "sent_time": now.time(), "channel": one.call.channel}
    form = forms.SubmissionForm(request.POST or None, request.FILES or None, initial=opened)

    @transaction.atomic
    def deed() -> None:
        said, at = form.cleaned_data, timezone.now()
        proof, channel = _stored(request, said["file"]), said["channel"]
        actions.submit_dossier(one, at_instant=form.instant(), channel=channel, proof=proof, by=request.user, at=at)

    if do(request, form, deed, done=_("The dossier is recorded as sent. The state of the Region follows.")):
        return redirect(back)
    call = queries.call_line(one.call, request.member)
    shown = {"form": form, "call": call, "back": back, "number": number, "late": queries.is_late(one)}
    return render(request, "admission/submit.html", shown)


@holders_of("record_ogp_answer")
def record_ogp_answer(request: AtMember, member: str, candidacy: int, number: int) -> HttpResponse:
    """Record what OGP answered; the state of the Region follows."""
    one, back = _at_work(request, candidacy, number)
    form = forms.OgpAnswerForm(request.POST or None, request.FILES or None, initial={"on": today()})

    @transaction.atomic
    def deed() -> None:
        said, at = form.cleaned_data, timezone.now()
        file = _stored(request, said["file"])
        text, given = form.text(at), {"answer": said["answer"], "on": said["on"]}
        actions.record_ogp_answer(one, **given, text=text, file=file, by=request.user, at=at)

    if do(request, form, deed, done=_("OGP's answer is recorded. The state of the Region follows.")):
        return redirect(back)
    lead = _("The answer is OGP's alone: give its words and its day.")
    title, submit = _("Record OGP's answer"), _("Record this answer")
    return ask(request, form, title=title, submit=submit, back=back, lead=lead)


def _stored(request: AtMember, upload: object) -> StoredFile | None:
    if not upload:
        return None
    at, code = timezone.now(), request.member.slug
    return store_file(upload=upload, member_code=code, by_ref=request.user.reference, at=at)  # type: ignore[arg-type]


def _dossier(request: AtMember, candidacy: int, number: int) -> Dossier:
    theirs = queries.dossiers_of(request.member)
    found = get_object_or_404(theirs, cycle__number=candidacy, number=number)
    let_writers_in(request, public=found.frozen_id is not None)
    return found


def _at_work(request: AtMember, candidacy: int, number: int) -> tuple[Dossier, str]:
    found = _dossier(request, candidacy, number)
    return found, queries.dossier_url(found, request.member)
