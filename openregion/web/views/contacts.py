"""A contact leaves the directory; one who asks to be erased leaves the lists of every room."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.people import actions as people
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, holders_of
from openregion.people.forms import RetireForm
from openregion.people.models import Contact
from openregion.people.queries import contact_title
from openregion.people.rules import today
from openregion.web import actions


@holders_of("retire_contact")
def retire_contact(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Take a contact out of the directory, or erase it because the person asks."""
    theirs = Contact.objects.of(request.member).select_related("member", "territory")
    one, back = get_object_or_404(theirs, uid=uid), reverse("contact", args=[member, uid])
    form = RetireForm(request.POST or None, initial={"on": today()})

    def deed() -> None:
        said = {"on": form.cleaned_data["on"], "by": request.user, "at": timezone.now()}
        if form.cleaned_data["erase"]:
            actions.forget_contact(one, **said)
        else:
            people.retire_contact(one, **said)

    if do(request, form, deed, done=_("The contact has left the directory.")):
        return redirect("contacts", member)
    title, lead = _("Retire a contact"), contact_title(one)
    return ask(request, form, title=title, submit=_("Retire this contact"), back=back, lead=lead)
