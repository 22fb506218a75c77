"""Addresses of the candidacy."""

from __future__ import annotations

from django.urls import URLPattern, path

from openregion.admission.views import answers, calls, candidacy, contact, dossier, eligibility, papers, status

_DOSSIER = "candidacy/<int:candidacy>/dossiers/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("candidacy/", candidacy.candidacy, name="candidacy"),
    path("candidacy/eligibility/", eligibility.eligibility, name="eligibility"),
    path("candidacy/eligibility/<slug:criterion>/", eligibility.give_verdict, name="give_verdict"),
    path("candidacy/admissibility/", answers.admissibility, name="admissibility"),
    path("candidacy/answers/<slug:of>/<slug:question>/", answers.answer, name="answer"),
    path("candidacy/answers/<slug:of>/<slug:question>/history/", answers.history, name="answer_history"),
    path("candidacy/answers/<slug:of>/<slug:question>/evidence/", answers.add_evidence, name="add_evidence"),
    path("candidacy/evidence/<slug:uid>/", answers.evidence_file, name="answer_evidence"),
    path("candidacy/evidence/<slug:uid>/remove/", answers.remove_evidence, name="remove_evidence"),
    path("candidacy/calls/", calls.calls, name="calls"),
    path("candidacy/calls/new/", calls.enter_call, name="enter_call"),
    path("candidacy/calls/working-form.yaml", calls.working_form, name="working_form"),
    path("candidacy/calls/<slug:uid>/", calls.call, name="call"),
    path("candidacy/dossiers/new/", dossier.open_dossier, name="open_dossier"),
    path(_DOSSIER, dossier.dossier, name="dossier"),
    path(f"{_DOSSIER}support/", dossier.add_support, name="add_support"),
    path(f"{_DOSSIER}freeze/", dossier.freeze_dossier, name="freeze_dossier"),
    path(f"{_DOSSIER}submit/", dossier.submit_dossier, name="submit_dossier"),
    path(f"{_DOSSIER}answer/", dossier.record_ogp_answer, name="record_ogp_answer"),
    path(f"{_DOSSIER}proof/", papers.submission_proof, name="submission_proof"),
    path(f"{_DOSSIER}answer/file/", papers.ogp_answer_file, name="ogp_answer_file"),
    path(f"{_DOSSIER}dossier.json", papers.dossier_json, name="dossier_json"),
    path(f"{_DOSSIER}dossier.zip", papers.dossier_archive, name="dossier_archive"),
    path(f"{_DOSSIER}dossier-<str:lang>.<str:format>", papers.dossier_paper, name="dossier_paper"),
    path("candidacy/support/<slug:uid>/sign/", dossier.sign_support, name="sign_support"),
    path("candidacy/support/<slug:uid>/scan/", papers.support_scan, name="support_scan"),
    path("membership/", status.membership, name="membership"),
    path("membership/new/", status.record_status, name="record_status"),
    path("membership/<slug:uid>/correct/", status.correct_status, name="correct_status"),
    path("membership/<slug:uid>/file/", status.status_file, name="status_file"),
    path("point-of-contact/", contact.point_of_contact, name="point_of_contact"),
    path("point-of-contact/new/", contact.name_point_of_contact, name="name_point_of_contact"),
]
