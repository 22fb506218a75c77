"""Pages of the questions put to the public."""

from __future__ import annotations

from django import forms as plain
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.consultation import actions, forms, queries
from openregion.consultation.models import Consultation, ConsultationPaper
from openregion.consultation.views.pieces import consultation_of, not_kept_near
from openregion.core.audience import everyone, kept
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today
from openregion.record.queries import file_response


@kept
def consultations(request: AtMember, member: str) -> HttpResponse:
    """List the questions put to the public: open now, to come, closed."""
    now = timezone.now()
    lists = queries.lists(request.member, at=now)
    response = render(request, "consultation/consultations.html", {"lists": lists, "may": deeds_here(request)})
    return not_kept_near(response, queries.next_change([*lists.open, *lists.to_come], at=now), now)


@holders_of("open_consultation")
def new_consultation(request: AtMember, member: str) -> HttpResponse:
    """Put a question to the public, in the action-plan cycle that is open."""
    cycle, back = queries.cycle_to_consult_in(request.member), reverse("consultations", args=[member])
    if cycle is None:
        return render(request, "consultation/no_cycle.html", {"back": back})
    form = forms.ConsultationForm(request.POST if request.method == "POST" else None, cycle=cycle)
    made: list[Consultation] = []

    def deed() -> None:
        said, at = form.cleaned_data, timezone.now()
        opened = actions.open_consultation(
            cycle,
            slug=said["slug"],
            title=form.official("title", at),
            question=form.official("question", at),
            themes=form.themes(at),
            opens_at=said["opens_at"],
            closes_at=said["closes_at"],
            stage=said["stage"],
            purpose=form.official("purpose", at),
            promise=form.official("promise", at),
            answers_by=said["answers_by"],
            conduct=form.official("conduct", at),
            places=said["places"],
            reads=said["reads"],
            takes_votes=said["takes_votes"],
            takes_comments=said["takes_comments"],
            by=request.user,
            at=at,
        )
        made.append(opened)

    if do(request, form, deed, done=_("The consultation is announced. It opens by itself on its day.")):
        return redirect("consultation", member, made[0].slug)
    return render(request, "consultation/new.html", {"form": form, "back": back})


@holders_of("revise_consultation")
def revise_consultation(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Word a consultation better, or give it more days; what may not change any more is not asked."""
    one, at = consultation_of(request, slug), timezone.now()
    form = forms.RevisionForm(request.POST if request.method == "POST" else None, consultation=one, at=at)

    def deed() -> None:
        actions.revise_consultation(one, said=form.said(at), note=form.note(at), by=request.user, at=at)

    if do(request, form, deed, done=_("The consultation is kept as you wrote it.")):
        return redirect("consultation", member, slug)
    shown = {"form": form, "consultation": one, "back": _page_of(member, one), "state": queries.state_of(one, at=at)}
    return render(request, "consultation/revise.html", shown)


@holders_of("add_consultation_paper")
def new_consultation_paper(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Give a document for people to read before they answer."""
    one = consultation_of(request, slug)
    form = forms.ConsultationPaperForm(request.POST or None, request.FILES or None)

    def deed() -> None:
        at = timezone.now()
        upload = form.cleaned_data["upload"]
        actions.add_consultation_paper(one, title=form.title(at), upload=upload, by=request.user, at=at)

    if do(request, form, deed, done=_("The document is on the page of the consultation.")):
        return redirect("consultation", member, slug)
    title, submit = _("Give a document to read before answering"), _("Give this document")
    return ask(request, form, title=title, submit=submit, back=_page_of(member, one))


@everyone
def consultation_paper(request: AtMember, member: str, slug: str, uid: str) -> HttpResponseBase:
    """Hand out a document of a consultation: everyone may read it, before it opens, while it lasts and after."""
    return file_response(_paper(consultation_of(request, slug), uid).file)


@holders_of("remove_consultation_paper")
def remove_consultation_paper(request: AtMember, member: str, slug: str, uid: str) -> HttpResponse:
    """Take a document away; once people answer, a note says why it went."""
    one = consultation_of(request, slug)
    paper, open_yet = _paper(one, uid), one.opens_at <= timezone.now()
    form: plain.Form = forms.RemovePaperForm(request.POST if request.method == "POST" else None)

    def deed() -> None:
        at = timezone.now()
        actions.remove_consultation_paper(paper, note=form.note(at), by=request.user, at=at)  # type: ignore[attr-defined]

    if do(request, form, deed, done=_("The document is no longer on the page.")):
        return redirect("consultation", member, slug)
    title, submit, back = _("Take a document away"), _("Take it away"), _page_of(member, one)
    lead = (
        _("People may have answered after reading it: the page keeps its title, and your note with its day.")
        if open_yet
        else _("The consultation is not open yet: nothing of it stays on the page.")
    )
    return ask(request, form, title=title, submit=submit, back=back, lead=lead)


@holders_of("plan_announcement")
def announce_consultation(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Show what there is to tell at each step with words to begin from, and put it all in the plan in one press."""
    one = consultation_of(request, slug)
    form = plain.Form(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.announce_steps(one, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("Its steps are in the communication plan. Make their words yours there.")):
        return redirect("communication", member, one.cycle.kind, one.cycle.number)
    steps = queries.proposed_announcements(one, on=today())
    shown = {"form": form, "consultation": one, "steps": steps, "media": queries.media_of(request.member)}
    return render(request, "consultation/announce.html", shown | {"missing": sum(not step.planned for step in steps)})


def _paper(one: Consultation, uid: str) -> ConsultationPaper:
    found = queries.paper_of(one, uid)
    if found is None:
        raise Http404(uid)
    return found


def _page_of(member: str, one: Consultation) -> str:
    return reverse("consultation", args=[member, one.slug])
