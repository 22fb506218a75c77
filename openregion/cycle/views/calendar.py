"""The calendar in public, planning backwards, counting a delay, and holidays as they are announced."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.audience import everyone, kept
from openregion.core.forms import FIRST_DAY, LAST_DAY
from openregion.cycle import actions, queries
from openregion.cycle.forms.calendar import BackwardForm, DelayForm, HolidayForm
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today


@kept
def calendar(request: AtMember, member: str) -> HttpResponse:
    """Show the year ahead: sessions, stages, legal days that run, OGP's dates, holidays."""
    page = queries.calendar_page(request.member, today())
    return render(request, "cycle/calendar/calendar.html", {"page": page, "may": deeds_here(request)})


@kept
def holidays(request: AtMember, member: str, year: int) -> HttpResponse:
    """Show a year's public holidays: fixed, estimated or announced, and all that was recorded."""
    page = queries.holidays_page(request.member, _year(year))
    return render(request, "cycle/calendar/holidays.html", {"page": page, "may": deeds_here(request)})


@holders_of("record_holiday")
def record_holiday(request: AtMember, member: str, year: int) -> HttpResponse:
    """Record the day of a holiday as announced, and tell which due days it moved."""
    chosen = {"holiday": request.GET.get("holiday", "")}
    form = HolidayForm(request.POST or None, member=request.member, year=_year(year), initial=chosen)
    before = queries.open_legal_days(request.member, today()) if request.method == "POST" else ()

    def deed() -> None:
        at = timezone.now()
        said = form.cleaned_data
        actions.record_holiday(
            member=request.member,
            estimated_on=form.estimated_on,
            day=said["day"],
            name=form.name(at),
            source=said["source"],
            by=request.user,
            at=at,
        )

    if do(request, form, deed, done=_("The day is published. Due dates are counted with it from now on.")):
        _tell_moved(request, queries.moved_days(before, queries.open_legal_days(request.member, today())))
        return redirect("holidays", member, form.cleaned_data["day"].year)
    lead = _("Delays in working days are counted again at once, and the days that move are told.")
    title, back = _("Record the day of a holiday"), reverse("holidays", args=[member, year])
    return ask(request, form, title=title, submit=_("Publish this day"), back=back, lead=lead)


def _tell_moved(request: AtMember, lines: tuple[queries.Moved, ...]) -> None:
    lang = get_language() or "fr"
    for one in lines:
        days = {"what": one.label, "old": dates.day(one.old, lang), "new": dates.day(one.new, lang)}
        messages.warning(request, _("A due date moved. %(what)s: %(old)s becomes %(new)s.") % days)
    if not lines:
        messages.info(request, _("No due date that runs has moved."))


@everyone
def backward_planning(request: AtMember, member: str) -> HttpResponse:
    """Plan back from the day of a vote: the agenda, the convocation, the commission, the frozen file."""
    form = BackwardForm(request.GET if request.GET else None)
    plan = None
    if form.is_valid():
        said = form.cleaned_data
        try:
            plan = queries.backward_plan(
                request.member, said["day"], today=today(), commission_days=said["commission_days"]
            )
        except queries.NoDay:
            form.add_error("day", _("The steps fall out of this century. Choose another day."))
    context = {
        "form": form,
        "plan": plan,
        "sessions": queries.coming_sessions(request.member, today()),
        "to_apply": queries.to_apply(request.member, today()),
    }
    return render(request, "cycle/calendar/backward.html", context)


@everyone
def count_delay(request: AtMember, member: str) -> HttpResponse:
    """Count a delay of the law from a day, and say how it is counted."""
    asked = "day" in request.GET
    initial = {"rule": request.GET.get("rule", ""), "day": today()}
    form = DelayForm(request.GET if asked else None, member=request.member, initial=initial)
    found = None
    if form.is_valid():
        try:
            found = queries.counted_delay(request.member, form.cleaned_data["rule"], form.cleaned_data["day"])
        except queries.NoDay:
            form.add_error("day", _("The delay leads out of this century. Choose another day."))
    return render(request, "cycle/calendar/delay.html", {"form": form, "found": found})


def _year(year: int) -> int:
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise Http404(str(year))
    return year
