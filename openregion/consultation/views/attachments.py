"""Files given with words, handed out after the room's own rule; recordings written down by a person."""

from __future__ import annotations

import hmac

from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from openregion.consultation import actions, codes, forms, queries, rules
from openregion.consultation.models import Attachment
from openregion.consultation.views.pieces import asked_from
from openregion.core.audience import everyone
from openregion.people.asking import do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.record.queries import file_response

RECORDINGS_ON_A_PAGE = 30


@everyone
def attachment(request: AtMember, member: str, uid: str) -> HttpResponseBase:
    """Hand out a file given with words that are public; those who moderate or write down have it before."""
    one = _attachment(request, uid)
    if rules.why_not_show_file(one.contribution, frozenset()):
        if rules.why_not_show_file(one.contribution, deeds_here(request)):
            raise Http404(uid)  # to the public, what is not published does not exist
        return _handed(request, one, cache="no-store")
    return _handed(request, one, cache="no-cache")


@everyone
@require_POST
@sensitive_post_parameters("code")
@never_cache
def my_attachment(request: AtMember, member: str, uid: str) -> HttpResponseBase:
    """Hand an author what they gave, whatever was decided on it; the code is posted, and kept nowhere."""
    one, who = _attachment(request, uid), asked_from(request)
    if codes.WRONG_ONES.is_reached(who):
        raise Http404(uid)
    code = codes.tidy(request.POST.get("code", "")[:100])
    if not hmac.compare_digest(codes.hashed(code), one.contribution.code_hash):
        codes.WRONG_ONES.count(who)
        raise Http404(uid)
    return _handed(request, one, cache="no-store")


@holders_of("transcribe_recording")
@never_cache
def recordings(request: AtMember, member: str) -> HttpResponseBase:
    """List the recordings that nobody has written down yet, the oldest first."""
    waiting = queries.to_write_down(request.member).select_related("contribution")
    page = Paginator(waiting, RECORDINGS_ON_A_PAGE).get_page(request.GET.get("page", 1))
    lines = queries.recordings_in(list(page.object_list))
    return render(request, "consultation/recordings/list.html", {"page": page, "lines": lines})


@holders_of("transcribe_recording")
@never_cache
def transcribe(request: AtMember, member: str, uid: str) -> HttpResponseBase:
    """Listen to a recording and write down what it says."""
    one = _attachment(request, uid)
    if one.kind != Attachment.Kind.VOICE or one.contribution.erased_at:
        raise Http404(uid)
    shown = queries.recording(one)
    started = {"text": shown.written, "lang": shown.written_in}
    form = forms.TranscriptForm(request.POST if request.method == "POST" else None, initial=started)

    def deed() -> None:
        actions.transcribe_recording(one, **form.cleaned_data, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("What the recording says is written down.")):
        return redirect("transcribe", member, shown.following) if shown.following else redirect("recordings", member)
    return render(request, "consultation/recordings/transcribe.html", {"recording": shown, "form": form})


def _attachment(request: AtMember, uid: str) -> Attachment:
    one = queries.attachment_of(request.member, uid)
    if one is None:
        raise Http404(uid)
    return one


def _handed(request: AtMember, one: Attachment, *, cache: str) -> HttpResponseBase:
    """Show a photo and play a recording where they stand; a document is saved, not opened."""
    assert one.file is not None  # a query leaves out what was deleted
    part = request.headers.get("Range", "") if one.kind == Attachment.Kind.VOICE else ""
    response = file_response(one.file, as_attachment=one.kind == Attachment.Kind.DOCUMENT, part=part)
    response["Cache-Control"] = cache
    return response
