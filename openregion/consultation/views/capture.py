"""The rapporteur's page: installed on a telephone, it works without a network and sends when one returns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from openregion.consultation import actions, codes, forms, queries, rules
from openregion.consultation.actions.capture import Outcome
from openregion.consultation.audience import AtWorkshop, holders_or_pass, placed, workshop_asked
from openregion.consultation.models import Charge, Workshop
from openregion.core import languages
from openregion.core.audience import View, everyone
from openregion.core.official import text_in
from openregion.core.refusal import Refused
from openregion.people.asking import do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import why_not_allowed

# What the page needs on the telephone once the network is gone.
KEPT_FILES = (
    "core/openregion.css",
    "core/icon.svg",
    "core/fonts/readex-arabic.woff2",
    "core/fonts/readex-latin.woff2",
    "core/lattice.svg",
    "consultation/capture-store.js",
    "consultation/capture.js",
    "consultation/capture-192.png",
)


def _answers_scripts(deed: str) -> Callable[[View], View]:
    """Keep an address for those who hold a deed or bring a pass, and answer a script in words it can show."""

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(request: AtWorkshop, member: str, number: int) -> Any:
            placed(request, number, deed)
            by = request.rapporteur
            if isinstance(by, Charge) and (ended := rules.why_not_use_pass(by, request.workshop, at=timezone.now())):
                return JsonResponse({"signed_in": False, "reason": ended}, status=401)
            if not isinstance(by, Charge) and not by.is_authenticated:
                return JsonResponse({"signed_in": False, "reason": _signed_out(request)}, status=401)
            if not isinstance(by, Charge) and (reason := why_not_allowed(by, deed, request.member)):
                return JsonResponse({"signed_in": True, "reason": reason}, status=403)
            return view(request, member, number)

        answer.audience = f"holders of {deed}, or of a pass of the workshop"  # type: ignore[attr-defined]
        answer.asks_itself = True  # type: ignore[attr-defined]
        return answer

    return wrap


def _signed_out(request: AtMember, *, by_pass: bool = False) -> str:
    """Say to whom nobody knows any more what to do; a page that a pass opened asks by an address that says so."""
    if by_pass or "pass" in request.GET:
        return _("Open your pass again: nothing is lost. What you typed waits on this telephone.")
    return _("Sign in again: nothing is lost. What you typed waits on this telephone.")


def _pass_of(request: AtWorkshop) -> Charge | None:
    """Give the charge whose pass opened the page; none for whoever holds a role."""
    return request.rapporteur if isinstance(request.rapporteur, Charge) else None


@holders_or_pass("capture_suggestions")
@sensitive_post_parameters("ticket")
@never_cache
@csp_update({"manifest-src": [SELF]})  # type: ignore[arg-type]
def capture(request: AtWorkshop, member: str, number: int) -> HttpResponse:
    """Take down what a workshop says; with a script it is kept on the telephone, without one it is sent at once.

    A pass that has ended opens the page all the same, which says so: what was
    typed is on this telephone, and is saved from there.
    """
    one, charge = request.workshop, _pass_of(request)
    act = request.POST.get("act", "")
    data = request.POST if act == "said" else None
    said = forms.CaptureForm(data, consultation=one.consultation, auto_id="said-%s")
    sheet = _sheet_form(request, one, act)
    if act == "said" and said.is_valid():
        if (outcome := _take(request, one, said)) is not None:
            return render(request, "consultation/capture/received.html", {"workshop": one, "outcome": outcome})
    elif act == "sheet" and sheet.is_valid() and (sent := _send_sheet(request, one, sheet)) is not None:
        return redirect(f"{request.path}?table={sent.sheet.table}#sheet")
    shown = {
        "page": queries.capture_page(one, charge),
        "said": said,
        "sheet": sheet,
        "form": said if said.errors else sheet,
        "may": deeds_here(request),
        "longest": str(rules.LONGEST),
        "closed": rules.why_not_capture(request.rapporteur, one, at=timezone.now()),
        "words_of_the_script": _words_of_the_script(_signed_out(request, by_pass=charge is not None)),
        "parts": {"said": _labels(said, forms.SAID), "sheet": _labels(sheet, tuple(rules.SHEET_PARTS))},
    }
    return render(request, "consultation/capture/page.html", shown)


def _take(request: AtWorkshop, one: Workshop, said: forms.CaptureForm) -> dict[str, Any] | None:
    """Receive one contribution from the plain form; nothing where it is refused, and the form says why."""
    try:
        outcome = actions.capture_suggestions(one, items=[said.captured()], by=request.rapporteur, at=timezone.now())[0]
    except Refused as refusal:
        said.add_error(None, str(refusal))
        return None
    if outcome.contribution is None:
        said.add_error(None, outcome.reason)
        return None
    given = outcome.contribution
    return {"number": given.number, "code": codes.grouped(outcome.code), "differs": outcome.state == "differs"}


def _sheet_form(request: AtWorkshop, one: Workshop, act: str) -> forms.SheetForm:
    """Ask for the sheet of a table as it is; a pass that has ended reads none, and that of one table its own."""
    charge = _pass_of(request)
    only = charge.table if charge else None
    if act == "sheet":
        return forms.SheetForm(request.POST, workshop=one, only=only, auto_id="sheet-%s")
    asked = request.GET.get("table", "")
    table = only or (int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 1)
    reads = charge is None or not rules.why_not_use_pass(charge, one, at=timezone.now())
    known = queries.sheet_of(one, table) if reads else None
    initial: dict[str, Any] = {"table": table, "from_edition": 0}
    if known:
        initial |= {"from_edition": known.edition, "lang": known.lang, **known.words}
    return forms.SheetForm(initial=initial, workshop=one, only=only, auto_id="sheet-%s")


def _send_sheet(request: AtWorkshop, one: Workshop, sheet: forms.SheetForm) -> actions.SentSheet | None:
    try:
        sent = actions.send_sheet(one, **sheet.said(), by=request.rapporteur, at=timezone.now())
    except Refused as refusal:
        sheet.add_error(None, str(refusal))
        return None
    if sent.conflict:
        told = _("Somebody else sent the sheet of this table first. Yours is kept beside it: the team joins the two.")
        messages.warning(request, told)
    else:
        messages.success(request, _("The sheet of the table is received."))
    return sent


def _labels(form: Any, parts: tuple[str, ...]) -> dict[str, str]:
    return {part: str(form.fields[part].label) for part in parts}


@everyone
@never_cache
@require_GET
def capture_token(request: AtWorkshop, member: str, number: int) -> HttpResponse:
    """Tell the page whether it may send, with the token it sends by and the sheets as they are now; never kept."""
    placed(request, number, "capture_suggestions")
    one, by, at = request.workshop, request.rapporteur, timezone.now()
    if isinstance(by, Charge) and (ended := rules.why_not_use_pass(by, one, at=at)):
        return JsonResponse({"signed_in": False, "reason": ended})
    if not isinstance(by, Charge) and not by.is_authenticated:
        return JsonResponse({"signed_in": False, "reason": _signed_out(request)})
    if reason := rules.why_not_capture(by, one, at=at):
        return JsonResponse({"signed_in": True, "may": False, "reason": reason})
    sheets = queries.sheets_known(one, table=by.table if isinstance(by, Charge) else None)
    return JsonResponse({"signed_in": True, "may": True, "token": get_token(request), "sheets": sheets})


@_answers_scripts("capture_suggestions")
@sensitive_post_parameters()
@never_cache
@require_POST
def capture_send(request: AtWorkshop, member: str, number: int) -> HttpResponse:
    """Receive what a telephone kept: an answer for each contribution and each sheet."""
    one, at = request.workshop, timezone.now()
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):  # damaged, or nested beyond reason
        sent = None
    if not isinstance(sent, dict):
        return JsonResponse({"signed_in": True, "reason": _("What came is damaged. Send it again.")}, status=400)
    try:
        outcomes = actions.capture_suggestions(
            one, items=forms.items_of(sent.get("items"), one), by=request.rapporteur, at=at
        )
    except Refused as refusal:
        return JsonResponse({"signed_in": True, "reason": str(refusal)}, status=403)
    sheets = [_sheet_answer(request, one, said) for said in forms.sheets_of(sent.get("sheets"))]
    return JsonResponse({"signed_in": True, "items": [_answer(one) for one in outcomes], "sheets": sheets})


def _answer(one: Outcome) -> dict[str, Any]:
    given = one.contribution
    told: dict[str, Any] = {"ticket": one.ticket, "state": one.state, "reason": one.reason}
    if given is not None:
        told |= {"number": given.number, "code": codes.grouped(one.code)}
    if given is not None and one.state == "differs":
        told["words"] = given.words
    return told


def _sheet_answer(request: AtWorkshop, one: Workshop, said: dict[str, Any]) -> dict[str, Any]:
    try:
        sent = actions.send_sheet(one, **said, by=request.rapporteur, at=timezone.now())
    except Refused as refusal:
        return {"table": said["table"], "state": "refused", "reason": str(refusal)}
    state = "conflict" if sent.conflict else "received" if sent.new else "already"
    return {"state": state, "reason": "", **queries.sheet_known(sent.sheet)}


@holders_or_pass("capture_suggestions")
@never_cache
@require_GET
def capture_worker(request: AtWorkshop, member: str, number: int) -> HttpResponse:
    """Give the page's worker, which serves it without a network; its folder is all it may see to."""
    page = reverse("capture", args=[member, number])
    files = [static(name) for name in KEPT_FILES] + _accent(request)
    engine = static("consultation/capture-worker.js")
    version = hashlib.sha256(" ".join([*files, engine]).encode()).hexdigest()[:12]
    told = {"PAGE": page, "FILES": files, "KEPT": f"capture:{page}:{version}", "FOLDER": f"capture:{page}:"}
    lines = [f"self.{name} = {json.dumps(value)};" for name, value in told.items()]
    script = "\n".join(['"use strict";', *lines, f"importScripts({json.dumps(engine)});", ""])
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


def _accent(request: AtMember) -> list[str]:
    colour = request.member.accent.removeprefix("#")
    return [] if request.member.accent == "#0b5d57" else [reverse("accent", args=[colour])]


@holders_or_pass("capture_suggestions")
@never_cache
@require_GET
def capture_app(request: AtWorkshop, member: str, number: int) -> HttpResponse:
    """Tell a telephone how to install the page: its name, its icons, what it covers."""
    one, lang = request.workshop, get_language() or "fr"
    page = reverse("capture", args=[member, number])
    told = {
        "id": page,
        "start_url": page,
        "scope": page,
        "name": text_in(one.meeting.title, languages.body_lang(lang)),
        "short_name": _("Workshop %(number)s") % {"number": number},
        "lang": lang,
        "dir": languages.direction(lang),
        "display": "standalone",
        "background_color": "#fdfcf9",
        "theme_color": "#083f3b",
        "icons": [
            {"src": static(f"consultation/capture-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@holders_of("send_sheet")
def workshop_sheets(request: AtMember, member: str, number: int) -> HttpResponse:
    """Show the sheets of a workshop; let whoever may do so join two wordings of one, or delete what one says."""
    one, may = workshop_asked(request, number), deeds_here(request)
    empties = request.POST.get("act") == "empty"
    joined = forms.SettleForm(request.POST) if request.method == "POST" and not empties else None
    posted = forms.EmptySheetForm(request.POST) if empties else joined

    def deed() -> None:
        sheet = queries.sheet_of(one, posted.cleaned_data["table"]) if posted else None
        if sheet is None:
            raise Refused(_("This table has sent no sheet."))
        if joined is not None:
            actions.settle_sheet(sheet, **joined.said(), by=request.user, at=timezone.now())
        else:
            actions.empty_sheet(sheet, by=request.user, at=timezone.now())

    done = _("What the sheet said is deleted.") if empties else _("The wordings are joined.")
    if posted is not None and do(request, posted, deed, done=done):
        return redirect("workshop_sheets", member, number)
    pages = queries.sheet_pages(one, rules.SHEET_PARTS)
    cards = [(page, _settle_form(page, joined) if "settle_sheet" in may else None) for page in pages]
    shown = {"page": queries.capture_page(one), "cards": cards, "form": posted, "may": may}
    return render(request, "consultation/capture/sheets.html", shown)


def _settle_form(page: queries.SheetPage, posted: forms.SettleForm | None) -> forms.SettleForm | None:
    """Give the form that joins a table's wordings: as it was sent when it is the one that was, else as the sheet is."""
    if not page.others:
        return None
    fresh = {"table": page.table, "from_edition": page.edition, "conflicts": " ".join(one.uid for one in page.others)}
    if posted is not None and posted.data.get("table") == str(page.table):
        typed = {name: posted.data.get(name, "") for name in (*rules.SHEET_PARTS, "lang")}
        return forms.SettleForm(initial=fresh | typed, auto_id=f"table-{page.table}-%s")
    return forms.SettleForm(initial=fresh | {**page.written, "lang": page.lang}, auto_id=f"table-{page.table}-%s")


def _words_of_the_script(signed_out: str) -> dict[str, str]:
    """Give the script the sentences it shows, in the page's language."""
    return {
        "kept": _("Kept here"),
        "received": _("Arrived, number"),
        "needs_you": _("Needs you"),
        "online": _("There is a network."),
        "offline": _("No network: what you type is kept on this telephone, and leaves when one returns."),
        "unreachable": _("The platform does not answer. All is kept here, and is sent again later."),
        "no_store": _(
            "This browser keeps nothing (a private window, perhaps). Open this page in another one before you type; "
            "here, each contribution needs a network."
        ),
        "no_store_offline": _(
            "There is no network, and this browser keeps nothing: leave the page open, and press again once there is "
            "one."
        ),
        "full": _(
            "This telephone has no room left: what is in the boxes is kept nowhere else. Press “Forget what has "
            "arrived” below, or make room on the telephone; then press again."
        ),
        "nothing_said": _("Write something in one of the boxes: the problem, the idea or the effect. One is enough."),
        "too_long": _("One part is longer than 20,000 characters. Shorten it."),
        "no_sheet": _("Write something in one of the boxes: recommendations, priorities or disagreements."),
        "noted": _("Noted, and kept on this telephone."),
        "begun": _("What was begun before is back in the boxes, and is not noted yet: finish it, or empty them."),
        "differs": _("It was received earlier with other words. Both are shown: nothing was written over."),
        "here": _("What is written here"),
        "there": _("What the platform received"),
        "edit": _("Change it"),
        "discard": _("Discard it"),
        "discard_sure": _("Press again to discard it for good"),
        "as_another": _("Send mine as another contribution"),
        "keep_theirs": _("Keep what the platform received"),
        "show_code": _("Show its code"),
        "code": _("Code to hand to the person:"),
        "conflict": _(
            "Somebody else sent the sheet of this table first. Yours is kept beside it: the team joins the two."
        ),
        "take_theirs": _("Go on from what the platform received"),
        "signed_out": signed_out,
        "file_name": _("workshop"),
        "unsent": _(
            "Something that was typed here has not been sent. Send it first, or press again to forget the pass all "
            "the same: what was typed stays on this telephone."
        ),
        "forget_later": _("There is no network: the pass cannot be forgotten now. Press again once there is one."),
    }
