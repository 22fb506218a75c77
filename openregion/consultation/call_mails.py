"""What those who apply to a call are written: that it came, and, once all are judged, the outcome and why.

The same words go by e-mail to whoever left an address, and on paper to the
others. Everyone is told at once, each in the language they applied in. Only the
first message holds the tracking code, and it is kept nowhere.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.consultation import codes
from openregion.consultation.models import Application, CallForParticipation
from openregion.consultation.queries.alike import criterion_text
from openregion.core import dates, languages
from openregion.core.official import text_in
from openregion.cycle.models import Meeting
from openregion.people.mails import forget_recipient, queue

_State = Application.State
_log = logging.getLogger(__name__)
NEWS = ("received", "selected", "reserve", "refused")


@dataclass(frozen=True)
class Letter:
    """What is written to one person: the language, the day in its words, the subject, the paragraphs."""

    lang: str
    dated: str
    subject: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """Give the paragraphs as a message."""
        return "\n\n".join(self.paragraphs) + "\n"


def hand_code(application: Application, code: str) -> None:
    """Send the tracking code to whoever applied and left an address: the only message that holds it.

    Where it does not leave, they have read it on the page, and a message without it follows.
    """
    letter = _received(application, code)
    try:
        EmailMessage(letter.subject, letter.text, None, [application.email]).send()
    except Exception as error:  # the application is kept already: nothing here may cost the page of the code
        _log.warning("application %s: its code could not be sent (%s)", application.uid, type(error).__name__)
        _queue(application, "received", _received(application, ""), at=application.received_at)


def tell_outcome(application: Application, *, rank: int = 0, at: dt.datetime) -> bool:
    """Write the outcome to whoever left an address, once; ``rank`` is their place among the reserves. Say whether."""
    if not application.email:
        return False
    _queue(application, application.state, outcome_letter(application, rank=rank), at=at)
    return True


def forget(application: Application) -> None:
    """Empty all that was written to whoever applied; what still waits does not leave."""
    told = [_once(application, news) for news in NEWS]
    forget_recipient(application.call.member, application.email, told=told)


def outcome_letter(application: Application, *, rank: int = 0) -> Letter:
    """Word the outcome for one person, in the language they applied in."""
    call = application.call
    lang = application.lang if application.lang in languages.CODES else "fr"
    with override(lang):
        written = languages.body_lang(lang)
        title = text_in(call.title, written)
        number = {"n": application.number, "title": title}
        opening = [
            _("Dear %(name)s,") % {"name": application.name},
            _("Your application no. %(n)s to the call “%(title)s” was read and judged by the call's criteria.")
            % number,
        ]
        subject, told = {
            _State.SELECTED: _selected,
            _State.RESERVE: _reserve,
            _State.REFUSED: _refused,
        }[Application.State(application.state)](application, call, written, rank)
        return Letter(
            written,
            dates.day(timezone.localdate(), written),
            subject % {"title": title},
            (*opening, *told, *_ending(call, written)),
        )


def _selected(application: Application, call: CallForParticipation, lang: str, rank: int) -> tuple[str, list[str]]:
    told = [_("You are selected to take part.")]
    if hasattr(call, "draw"):
        told.append(_("Seats were drawn by lot. Anyone can check the draw: %(page)s") % {"page": _page(call, "draw")})
    meeting: Meeting | None = call.workshop.meeting if call.workshop else None
    if meeting is not None:
        said = {"day": dates.instant(meeting.starts_at, lang), "place": text_in(meeting.place, lang) or "…"}
        told.append(_("It takes place on %(day)s, here: %(place)s. An invitation follows.") % said)
    elif call.place_by:
        told.append(_("The day and the place follow by %(day)s.") % {"day": dates.day(call.place_by, lang)})
    told.append(_("If you cannot come, please withdraw with your tracking code: someone else takes the seat."))
    return _("You are selected: %(title)s"), told


def _reserve(application: Application, call: CallForParticipation, lang: str, rank: int) -> tuple[str, list[str]]:
    told = [
        _("You meet the criteria. There were more candidates than seats, so lots were drawn."),
        _("You are on the reserve list, at place %(rank)s. If a seat frees, we write to you.") % {"rank": rank},
        _("Anyone can check the draw: %(page)s") % {"page": _page(call, "draw")},
    ]
    return _("You are on the reserve list: %(title)s"), told


def _refused(application: Application, call: CallForParticipation, lang: str, rank: int) -> tuple[str, list[str]]:
    criterion = criterion_text(call, application.refused_for, lang)
    told = [
        _("Your application is not kept."),
        _("The criterion that is not met: %(criterion)s") % {"criterion": criterion},
        _("Why: %(reason)s") % {"reason": application.refusal},
        _("You may ask the Region to look again: %(page)s")
        % {"page": settings.SITE + reverse("roles", args=[call.member.slug])},
    ]
    if call.consultation.opens_at <= timezone.now() < call.consultation.closes_at:
        page = settings.SITE + reverse("consultation", args=[call.member.slug, call.consultation.slug])
        told.append(_("The online consultation is open to everyone: %(page)s") % {"page": page})
    return _("Your application: %(title)s"), told


def _ending(call: CallForParticipation, lang: str) -> list[str]:
    return [
        _("The call, its criteria and its outcome: %(page)s") % {"page": _page(call)},
        text_in(call.member.name, lang),
    ]


def _received(application: Application, code: str) -> Letter:
    call, lang = application.call, application.lang if application.lang in languages.CODES else "fr"
    with override(lang):
        written = languages.body_lang(lang)
        title = text_in(call.title, written)
        if code:
            told = _("Your tracking code: %(code)s. Keep it, and give it to nobody.") % {"code": codes.grouped(code)}
        else:
            told = _("Your tracking code was shown on the page that answered you. It is not written here.")
        closes = dates.instant(call.closes_at, written)
        paragraphs = (
            _("Dear %(name)s,") % {"name": application.name},
            _("Your application to the call “%(title)s” was received. Its number: %(n)s.")
            % {"title": title, "n": application.number},
            told,
            _("The call closes on %(day)s. Then every application is judged by the published criteria, and everyone "
              "is told the outcome on the same day.") % {"day": closes},
            _("Follow it, withdraw it or have it erased: %(page)s")
            % {"page": settings.SITE + reverse("follow_application", args=[call.member.slug])},
            text_in(call.member.name, written),
        )  # fmt: skip
        return Letter(
            written,
            dates.day(timezone.localdate(application.received_at), written),
            _("Application received: %(title)s") % {"title": title},
            paragraphs,
        )


def _queue(application: Application, news: str, letter: Letter, *, at: dt.datetime) -> None:
    queue(
        member=application.call.member,
        kind=f"participation-{news}",
        once=_once(application, news),
        to=application.email,
        lang=application.lang,
        subject=letter.subject,
        text=letter.text,
        at=at,
    )


def _once(application: Application, news: str) -> str:
    return f"participation-{news}:{application.uid}"


def _page(call: CallForParticipation, part: str = "") -> str:
    name = "participation_draw" if part == "draw" else "participation_call"
    return settings.SITE + reverse(name, args=[call.member.slug, call.number])
