"""The page of the point of contact, and the form that names one."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.admission import actions, queries
from openregion.admission.forms.contact import ContactForm
from openregion.core.audience import kept
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today


@kept
def point_of_contact(request: AtMember, member: str) -> HttpResponse:
    """Show who the point of contact is, since when, by which act, and who was before."""
    page, book = queries.contact_page(request.member), queries.book_for(request.member, None)
    shown = {"page": page, "duties": book.book.duties, "may": deeds_here(request)}
    return render(request, "admission/point_of_contact.html", shown)


@holders_of("name_point_of_contact")
def name_point_of_contact(request: AtMember, member: str) -> HttpResponse:
    """Name the point of contact by an act; the one before ends the same day."""
    opened = {"starts_on": today(), "lang": get_language() or "fr"}
    form = ContactForm(request.POST or None, member=request.member, initial=opened)

    def deed() -> None:
        said, at = form.cleaned_data, timezone.now()
        names = ("name", "email", "telephone", "act", "starts_on", "with_role")
        actions.name_point_of_contact(
            member=request.member,
            **{name: said[name] for name in names},
            function=form.function(at),
            lang=said["lang"] or "fr",
            site=settings.SITE,
            by=request.user,
            at=at,
        )

    if do(request, form, deed, done=_("The point of contact is named. Their page is public.")):
        return redirect("point_of_contact", member)
    lead = _("One person at a time. Naming the next one ends the one before, and the work stays.")
    title, submit = _("Name the point of contact"), _("Publish this nomination")
    return ask(request, form, title=title, submit=submit, back=reverse("point_of_contact", args=[member]), lead=lead)
