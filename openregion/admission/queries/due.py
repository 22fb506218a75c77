"""What the candidacy waits for: verdicts, answers, the call's deadline, the dossier's steps, OGP's answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.admission.models import Answer, Call, Dossier, EligibilityVerdict, PointOfContact, SupportLetter
from openregion.admission.queries.calls import open_call
from openregion.admission.queries.candidacy import candidacy_of
from openregion.admission.queries.dossier import dossier_url, latest_dossier
from openregion.admission.queries.lists import book_for, conditions, criteria
from openregion.admission.queries.status import effective_proposal, status_of
from openregion.core import dates
from openregion.core.due import Due
from openregion.cycle.models import Cycle
from openregion.people.models import Member

State = Dossier.State
RECENT = dt.timedelta(days=7)


def due(member: Member, today: dt.date) -> tuple[Due, ...]:
    """List what the candidacy waits for on a day; a fixed number of questions, whatever there is."""
    cycle, status = candidacy_of(member), status_of(member)
    lines = [*_contact(member, today)]
    if (proposal := effective_proposal(member, status)) is not None:
        label = _("Record that the Region is an effective member")
        why = _("The consultation of civil society was launched on %(day)s, after OGP's acceptance.") % {
            "day": dates.day(proposal.launched_on, get_language() or "fr")
        }
        url = reverse("record_status", args=[member.slug])
        lines.append(Due(key="admission:effective", label=label, url=url, act=label, why=why, deed="record_status"))
    if cycle is not None:
        dossier = latest_dossier(cycle)
        lines += _sent(dossier, member, today) if dossier else ()
        if not status.belongs and not (dossier and dossier.state in (State.SUBMITTED, State.ADMITTED)):
            lines += _preparing(member, cycle, dossier)
    return tuple(lines)


def _contact(member: Member, today: dt.date) -> Iterator[Due]:
    since = PointOfContact.objects.of(member).filter(ends_on=None).values_list("uid", "starts_on").first()
    url = reverse("point_of_contact", args=[member.slug])
    if since is None:
        yield Due(
            key="admission:contact",
            label=_("Name the official point of contact"),
            url=reverse("name_point_of_contact", args=[member.slug]),
            act=_("Name them"),
            why=_("The guide asks every member to name one at the Council (Axe 1, §5)."),
            deed="name_point_of_contact",
        )
    elif today - RECENT <= since[1] <= today:
        label = _("The point of contact is named")
        yield Due(key=f"admission:contact:{since[0]}", label=label, url=url, done_on=since[1])


def _sent(dossier: Dossier, member: Member, today: dt.date) -> Iterator[Due]:
    url, sent = dossier_url(dossier, member), dossier.submitted_at
    day = timezone.localdate(sent) if sent else None
    if dossier.state == State.SUBMITTED and day:
        yield Due(
            key=f"admission:answer:{dossier.uid}",
            label=_("OGP's answer to the dossier"),
            url=url,
            act=_("Record the answer"),
            waits_for=_("OGP"),
            why=_("The dossier was sent on %(day)s.") % {"day": dates.day(day, get_language() or "fr")},
            deed="record_ogp_answer",
        )
    if day and today - RECENT <= day <= today:
        yield Due(key=f"admission:sent:{dossier.uid}", label=_("The dossier is sent"), url=url, done_on=day)
    if dossier.answered_on and today - RECENT <= dossier.answered_on <= today:
        label = _("OGP has answered")
        yield Due(key=f"admission:answered:{dossier.uid}", label=label, url=url, done_on=dossier.answered_on)


def _preparing(member: Member, cycle: Cycle, dossier: Dossier | None) -> Iterator[Due]:
    call = open_call(member)
    day = timezone.localdate(call.closes_at) if call and call.closes_at else None
    why = _("The call closes that day, on Casablanca's clock.") if day else ""
    yield from _to_read(member, cycle, day, why)
    if dossier is None or dossier.state == State.REFUSED:
        url, label = reverse("open_dossier", args=[member.slug]), _("Open a dossier")
        key = f"admission:open:{cycle.uid}"
        yield Due(key=key, label=label, url=url, act=label, day=day, why=why, deed="open_dossier")
        return
    yield from _steps(member, dossier, call, day, why)


def _to_read(member: Member, cycle: Cycle, day: dt.date | None, why: str) -> Iterator[Due]:
    given = set(EligibilityVerdict.objects.filter(cycle=cycle).values_list("criterion", flat=True))
    book = book_for(member, cycle)
    if silent := sum(one.code not in given for one in criteria(book)):
        said = ngettext(
            "Give a verdict on %(n)s criterion of eligibility",
            "Give a verdict on %(n)s criteria of eligibility",
            silent,
        )
        yield Due(
            key=f"admission:verdicts:{cycle.uid}",
            label=said % {"n": silent},
            url=reverse("eligibility", args=[member.slug]),
            act=_("Read them"),
            day=day,
            why=why,
            deed="give_verdict",
        )
    ready = Answer.objects.filter(cycle=cycle, call=None, state=Answer.State.READY)
    done = set(ready.values_list("question", flat=True))
    if left := sum(one.code not in done for one in conditions(book)):
        said = ngettext("Answer %(n)s condition of admissibility", "Answer %(n)s conditions of admissibility", left)
        yield Due(
            key=f"admission:conditions:{cycle.uid}",
            label=said % {"n": left},
            url=reverse("admissibility", args=[member.slug]),
            act=_("Answer them"),
            day=day,
            why=why,
            deed="draft_answer",
        )


def _steps(member: Member, dossier: Dossier, call: Call | None, day: dt.date | None, why: str) -> Iterator[Due]:
    url, here = dossier_url(dossier, member), [member.slug, dossier.cycle.number, dossier.number]
    if dossier.call.working and call:
        yield Due(
            key=f"admission:onto-call:{call.uid}",
            label=_("A call is open: open the dossier that answers it"),
            url=reverse("open_dossier", args=[member.slug]),
            act=_("Open the dossier"),
            day=day,
            why=why,
            deed="open_dossier",
        )
        return
    if dossier.state == State.FROZEN and not dossier.call.working:
        yield Due(
            key=f"admission:submit:{dossier.uid}",
            label=_("Send the dossier, and record that it was sent"),
            url=reverse("submit_dossier", args=here),
            act=_("Record it"),
            day=timezone.localdate(dossier.call.closes_at) if dossier.call.closes_at else None,
            why=why,
            deed="submit_dossier",
        )
    if dossier.state == State.DRAFT:
        unsigned = SupportLetter.objects.filter(dossier=dossier, scan=None).count()
        if unsigned:
            said = ngettext("%(n)s letter of support to be signed", "%(n)s letters of support to be signed", unsigned)
            yield Due(
                key=f"admission:letters:{dossier.uid}",
                label=said % {"n": unsigned},
                url=f"{url}#support",
                act=_("Attach the signed letter"),
                day=day,
                why=why,
                deed="sign_support",
            )
        label = _("Complete the dossier and freeze it")
        key = f"admission:freeze:{dossier.uid}"
        yield Due(key=key, label=label, url=url, act=_("Open it"), day=day, why=why, deed="freeze_dossier")
