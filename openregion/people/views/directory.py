"""Pages of the directory of contacts, and of the messages that leave in the member's name."""

from __future__ import annotations

from django import forms as plain
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core.audience import kept
from openregion.people import actions, forms, queries
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.models import Contact, OutgoingMail
from openregion.people.rules import today

MAILS_ON_A_PAGE = 50


@kept
def directory(request: AtMember, member: str) -> HttpResponse:
    """Show the organisations that agreed to be named, and the addresses the guide prints."""
    context = {
        "categories": queries.public_directory(request.member),
        "addresses": queries.printed_addresses(request.member),
        "support_unit": queries.support_unit(request.member),
        "may": deeds_here(request),
    }
    return render(request, "people/directory.html", context)


@holders_of("note_attempt")
def contacts(request: AtMember, member: str) -> HttpResponse:
    """List every contact for those who keep them, with when each was last reached."""
    retired = "retired" in request.GET
    categories = queries.directory(request.member, retired=retired)
    context = {"categories": categories, "retired": retired, "may": deeds_here(request)}
    return render(request, "people/contacts.html", context)


@holders_of("note_attempt")
def contact(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Show a contact with the log of attempts to reach it."""
    page = queries.contact_page(_contact(request, uid))
    # Leaving the directory is a page of ``web``: who is erased leaves the lists of other rooms too.
    context = {"page": page, "may": deeds_here(request), "leave": reverse("retire_contact", args=[member, uid])}
    return render(request, "people/contact.html", context)


@holders_of("add_contact")
def new_contact(request: AtMember, member: str) -> HttpResponse:
    """Add a contact to the directory."""
    asked = {"lang": get_language(), "category": request.GET.get("category", ""), "gender": "unsaid"}
    form = forms.ContactForm(request.POST or None, member=request.member, initial=asked)
    made: list[Contact] = []

    def deed() -> None:
        said, at = form.cleaned_data, timezone.now()
        made.append(actions.add_contact(member=request.member, **said, by=request.user, at=at))

    if do(request, form, deed, done=_("The contact is in the directory.")):
        return redirect("contact", member, made[0].uid)
    back, title = reverse("contacts", args=[member]), _("Add a contact")
    return ask(request, form, title=title, submit=_("Add this contact"), back=back, notice=_notice())


@holders_of("revise_contact")
def revise_contact(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Correct a contact."""
    one, back = _contact(request, uid), reverse("contact", args=[member, uid])
    fields = ("category", "organisation", "name", "function", "email", "telephone", "lang", "gender", "public")
    known = {field: getattr(one, field) for field in fields} | {"territory": one.territory and one.territory.code}
    form = forms.ContactForm(request.POST or None, member=request.member, initial=known)

    def deed() -> None:
        actions.revise_contact(one, **form.cleaned_data, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The contact is corrected.")):
        return redirect(back)
    title = _("Correct a contact")
    return ask(request, form, title=title, submit=_("Correct this contact"), back=back, notice=_notice())


@holders_of("note_attempt")
def new_attempt(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Note an attempt to reach a contact."""
    one, back = _contact(request, uid), reverse("contact", args=[member, uid])
    form = forms.AttemptForm(request.POST or None, initial={"on": today()})

    def deed() -> None:
        actions.note_attempt(one, **form.cleaned_data, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The attempt is noted.")):
        return redirect(back)
    title, lead = _("Note an attempt to reach a contact"), queries.contact_title(one)
    return ask(request, form, title=title, submit=_("Note this attempt"), back=back, lead=lead)


@holders_of("retry_mail")
def mail_state(request: AtMember, member: str) -> HttpResponse:
    """Show what became of each message: waiting, sent, failed and why; addresses are shortened, words not shown."""
    state = request.GET.get("state", "")
    found = OutgoingMail.objects.of(request.member).order_by("-pk")
    if state in OutgoingMail.State.values:
        found = found.filter(state=state)
    page = Paginator(found, MAILS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "counts": queries.mail_counts(request.member),
        "lines": queries.mail_lines(page.object_list),
        "page": page,
        "state": state,
        "in_outbox": queries.kept_in_outbox(),
    }
    return render(request, "people/mail_state.html", context)


@holders_of("retry_mail")
def retry_mail(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Put a message that failed on its way again."""
    mail = get_object_or_404(OutgoingMail.objects.of(request.member).select_related("member"), uid=uid)

    def deed() -> None:
        actions.retry_mail(mail, by=request.user, at=timezone.now())

    form = plain.Form(request.POST if request.method == "POST" else None)
    back = reverse("mail_state", args=[member])
    if do(request, form, deed, done=_("The message is on its way again.")):
        return redirect(back)
    title, lead = _("Send a message again"), queries.mail_lines([mail])[0]
    return ask(request, form, title=title, submit=_("Send again"), back=back, lead=f"{lead.kind} – {lead.to}")


def _contact(request: AtMember, uid: str) -> Contact:
    theirs = Contact.objects.of(request.member).select_related("member", "territory")
    return get_object_or_404(theirs, uid=uid)


def _notice() -> dict[str, str]:
    return {
        "why": _("the Region can invite those who have a part in the process, and keep them informed"),
        "until": _("it is kept while the contact is in the directory, and erased when the person asks"),
    }
