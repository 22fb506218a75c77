"""Letters: read in public once issued, drafted, worded, issued and signed by those whose role it is."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.core.audience import everyone, kept
from openregion.core.refusal import refuse_if
from openregion.cycle import exports
from openregion.cycle.actions import letters as actions
from openregion.cycle.forms.letters import (
    DiscardForm,
    FillForm,
    IssueForm,
    LetterForm,
    NewLetterForm,
    ScanForm,
    named_in,
)
from openregion.cycle.models import Letter
from openregion.cycle.queries import letters as queries
from openregion.cycle.rules import letters as rules
from openregion.cycle.tasks import print_letter
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.models import Contact
from openregion.record.queries import file_response


@kept
def letters(request: AtMember, member: str) -> HttpResponse:
    """List the letters: those issued in public for everyone; the rest and the drafts for the team."""
    may, asked = deeds_here(request), {name: request.GET.get(name, "") for name in ("kind", "year", "page")}
    page = queries.letters_page(request.member, team=bool(may & queries.WRITING), **asked)
    return render(request, "cycle/letters/letters.html", {"page": page, "may": may})


@kept
def letter(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Show a letter: its words, its number, the hash printed on it; for the team, what it still waits for."""
    one = _letter(request, uid)
    page = queries.letter_page(one, request.member)
    return render(request, "cycle/letters/letter.html", {"page": page, "may": deeds_here(request)})


@holders_of("draft_letter")
def new_letter(request: AtMember, member: str) -> HttpResponse:
    """Begin a letter from a model; an address may name its kind, its cycle, its contact and the operation it is for."""
    asked = {name: request.GET.get(name, "") for name in ("kind", "cycle", "contact", "operation")}
    cycle = queries.cycle_asked(request.member, asked["cycle"])
    known = Contact.objects.of(request.member).filter(uid=asked["contact"]).first() if asked["contact"] else None
    initial = {"kind": asked["kind"], "cycle": cycle and cycle.uid, "to_contact": known and known.uid}
    form = NewLetterForm(request.POST or None, member=request.member, initial=initial)
    made: list[Letter] = []

    def deed() -> None:
        operation = queries.operation_asked(form.cleaned_data["cycle"], asked["operation"])
        about = {"subject_type": "Operation", "subject_uid": operation.uid} if operation else {}
        said: dict[str, Any] = {**form.cleaned_data, **about, "by": request.user, "at": timezone.now()}
        made.append(actions.draft_letter(member=request.member, facts={}, **said))

    if do(request, form, deed, done=_("The letter is drafted. Write what is still in braces, then issue it.")):
        return redirect(
            "fill_letter" if queries.missing_words(made[0], request.member) else "letter", member, made[0].uid
        )
    lead = _("It starts from the wording of the method, filled with what the platform knows. You word it as you wish.")
    back = reverse("letters", args=[member])
    return ask(request, form, title=_("Draft a letter"), submit=_("Draft this letter"), back=back, lead=lead)


@holders_of("revise_letter")
def revise_letter(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Word a draft; when someone else saved meanwhile, both wordings are shown and nothing is lost."""
    one = _letter(request, uid)
    theirs: tuple[tuple[str, str, str], ...] = ()
    refuse_if(rules.why_not_revise_letter(request.user, one, seen=queries.seen_of(one)))
    form = LetterForm(request.POST or None, letter=one)

    def deed() -> None:
        seen = form.cleaned_data["seen"]
        actions.revise_letter(one, words=form.words(), seen=seen, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The letter is saved.")):
        return redirect("letter", member, uid)
    if form.is_bound and form.cleaned_data.get("seen") != queries.seen_of(one):
        theirs = form.start_again_from(one)
    page = queries.letter_page(one, request.member)
    return render(request, "cycle/letters/revise.html", {"page": page, "form": form, "theirs": theirs})


@holders_of("revise_letter")
def fill_letter(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Say once what stands for each word in braces; the rest of the wording stays as it is."""
    one = _letter(request, uid)
    refuse_if(rules.why_not_revise_letter(request.user, one, seen=queries.seen_of(one)))
    form = FillForm(request.POST or None, letter=one)

    def deed() -> None:
        seen = form.cleaned_data["seen"]
        actions.revise_letter(one, words=form.words(), seen=seen, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The letter is saved.")):
        return redirect("letter", member, uid)
    lead = _(
        "Write what stands for each word. What you leave empty stays in braces, "
        "and the letter is issued only once every word is written."
    )
    return _asked(request, form, one, title=_("Fill in the words"), submit=_("Save the letter"), lead=lead)


@holders_of("issue_letter")
def issue_letter(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Issue a letter: it takes its number, and its words no longer change."""
    one = _letter(request, uid)
    form = IssueForm(request.POST if request.method == "POST" else None)
    if do(request, form, lambda: actions.issue_letter(one, by=request.user, at=timezone.now()), done=_("Issued.")):
        print_letter.enqueue(one.uid)
        return redirect("letter", member, uid)
    lead = _(
        "It takes the next number of the year, and its words no longer change. "
        "Print it, have it signed, and attach the signed copy."
    )
    return _asked(request, form, one, title=_("Issue this letter"), submit=_("Issue this letter"), lead=lead)


@holders_of("attach_scan")
def attach_scan(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Attach the signed copy of an issued letter, once."""
    one = _letter(request, uid)
    refuse_if(rules.why_not_attach_scan(request.user, one) if request.method == "GET" else "")
    form = ScanForm(request.POST or None, request.FILES or None)

    def deed() -> None:
        actions.attach_scan(one, upload=form.cleaned_data["upload"], by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The signed copy is attached.")):
        return redirect("letter", member, uid)
    return _asked(request, form, one, title=_("Attach the signed copy"), submit=_("Attach this copy"))


@holders_of("discard_letter")
def discard_letter(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Throw a draft away."""
    one = _letter(request, uid)
    refuse_if(rules.why_not_discard_letter(request.user, one) if request.method == "GET" else "")
    form = DiscardForm(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.discard_letter(one, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The draft is discarded.")):
        return redirect("letters", member)
    lead = _("Nothing of it stays but a line in the journal. This cannot be undone.")
    return _asked(request, form, one, title=_("Discard this draft"), submit=_("Discard this draft"), lead=lead)


@everyone
def letter_paper(request: AtMember, member: str, uid: str, lang: str, format: str) -> HttpResponse:
    """Hand out a letter as PDF or DOCX in one of its languages; a draft, for the team, says that it is one."""
    one = _letter(request, uid)
    content = exports.letter_file(one, lang=lang, format=format)
    if content is None:
        raise Http404(format)
    name = f"{member}-letter-{queries.reference_of(one).replace('/', '-') or 'draft'}-{lang}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=exports.MEDIA_TYPES[format], headers=headers)


@everyone
def letter_json(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Hand out the frozen words of a letter, byte for byte: the text whose SHA-256 is printed on it."""
    one = _letter(request, uid)
    if one.frozen is None:
        raise Http404(uid)
    return HttpResponse(one.frozen.content, content_type="application/json")


@holders_of("attach_scan")
def letter_scan(request: AtMember, member: str, uid: str) -> HttpResponseBase:
    """Hand out the signed copy to those who keep it: a signature is not for copying."""
    one = _letter(request, uid)
    if one.scan is None:
        raise Http404(uid)
    return file_response(one.scan)


def _letter(request: AtMember, uid: str) -> Letter:
    """Find a letter the reader may see: an issued public one, or any for the team. Raises ``Refused`` otherwise."""
    theirs = Letter.objects.of(request.member).select_related("member", "cycle", "frozen", "scan", "to_contact")
    one = get_object_or_404(theirs, uid=uid)
    open_to_all = one.public and one.state == Letter.State.ISSUED
    if not open_to_all and not deeds_here(request) & queries.WRITING:
        refuse_if(_("This letter is not public. Those who write letters here can read it."))
    return one


def _asked(request: AtMember, form: Any, one: Letter, *, title: str, submit: str, lead: str = "") -> HttpResponse:
    said = f"{queries.kind_title(request.member, one.kind)} – {named_in(one)}"
    back = reverse("letter", args=[request.member.slug, one.uid])
    return ask(request, form, title=title, submit=submit, back=back, lead=f"{said}. {lead}".strip())
