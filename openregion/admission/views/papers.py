"""The dossier handed out: its papers, its data, its archive; the files kept beside it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from openregion.admission import exports, queries
from openregion.admission.audience import let_writers_in
from openregion.admission.models import Dossier, SupportLetter
from openregion.core.audience import everyone
from openregion.people.audience import AtMember, holders_of
from openregion.record.models import StoredFile
from openregion.record.queries import file_response


@everyone
def dossier_paper(request: AtMember, member: str, candidacy: int, number: int, lang: str, format: str) -> HttpResponse:
    """A frozen dossier as PDF or DOCX."""
    found = _frozen(request, candidacy, number)
    try:
        content = exports.handed_out(found, lang=lang, format=format)
    except exports.NotPrinted:
        return _being_printed(request, found)
    return _download(content, format, f"{member}-dossier-{candidacy}-{number}-{lang}.{format}")


@everyone
def dossier_json(request: AtMember, member: str, candidacy: int, number: int) -> HttpResponse:
    """The very text whose fingerprint is printed on the papers."""
    found = _frozen(request, candidacy, number)
    content = found.frozen.content.encode() if found.frozen else None
    return _download(content, "json", f"{member}-dossier-{candidacy}-{number}.json")


@everyone
def dossier_archive(request: AtMember, member: str, candidacy: int, number: int) -> HttpResponse:
    """Everything that goes with a frozen dossier, in one archive with its manifest."""
    found = _frozen(request, candidacy, number)
    try:
        content = exports.archive(found)
    except exports.NotPrinted:
        return _being_printed(request, found)
    return _download(content, "zip", f"{member}-dossier-{candidacy}-{number}.zip")


@holders_of("submit_dossier")
def submission_proof(request: AtMember, member: str, candidacy: int, number: int) -> HttpResponseBase:
    """The proof that a dossier was sent: the team's, since a receipt may hold private addresses."""
    return _file(_one(request, candidacy, number).submission_proof)


@everyone
def ogp_answer_file(request: AtMember, member: str, candidacy: int, number: int) -> HttpResponseBase:
    """The file of OGP's answer."""
    return _file(_one(request, candidacy, number).answer_file)


@everyone
def support_scan(request: AtMember, member: str, uid: str) -> HttpResponseBase:
    """The signed letter of support: the team's while the dossier is written, everyone's once it is frozen."""
    theirs = SupportLetter.objects.filter(dossier__cycle__member=request.member)
    found = get_object_or_404(theirs.select_related("dossier", "scan"), uid=uid)
    let_writers_in(request, public=found.dossier.frozen_id is not None)
    return _file(found.scan)


def _being_printed(request: AtMember, dossier: Dossier) -> HttpResponse:
    """Ask the reader to come back: the worker prints, and a visit asks it for nothing."""
    shown = {"back": queries.dossier_url(dossier, request.member), "number": dossier.number}
    response = render(request, "admission/being_printed.html", shown, status=404)
    response["Retry-After"] = "60"
    response["Cache-Control"] = "no-store"
    return response


def _one(request: AtMember, candidacy: int, number: int) -> Dossier:
    return get_object_or_404(queries.dossiers_of(request.member), cycle__number=candidacy, number=number)


def _frozen(request: AtMember, candidacy: int, number: int) -> Dossier:
    found = _one(request, candidacy, number)
    if found.frozen is None:
        raise Http404("not frozen")
    return found


def _file(stored: StoredFile | None) -> HttpResponseBase:
    if stored is None:
        raise Http404("no file")
    return file_response(stored)


def _download(content: bytes | None, format: str, name: str) -> HttpResponse:
    if content is None:
        raise Http404(name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=exports.MEDIA_TYPES[format], headers=headers)
