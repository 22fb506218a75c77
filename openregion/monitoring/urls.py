"""Addresses of the monitoring room: plans and commitments in public, reports and completion sheets."""

from __future__ import annotations

from django.urls import path

from openregion.monitoring import paper_views, views

urlpatterns = [
    path("plans/", views.plans, name="plans"),
    path("plans/<int:number>/", views.plan, name="plan"),
    path("commitments/<slug:slug>/", views.commitment, name="commitment"),
    path("commitments/<slug:slug>/progress.csv", views.progress_csv, name="progress_csv"),
    path("commitments/<slug:slug>/progress/new/", views.new_progress, name="new_progress"),
    path("progress/<str:uid>/correct/", views.correct_progress, name="correct_progress"),
    path("evidence/<str:uid>/", views.evidence_file, name="evidence_file"),
    path("commitments/<slug:slug>/sheets/new/", views.new_sheet, name="new_sheet"),
    path("commitments/<slug:slug>/sheets/<int:sheet>/", views.sheet, name="sheet"),
    path("commitments/<slug:slug>/sheets/<int:sheet>/edit/", views.edit_sheet, name="edit_sheet"),
    path("commitments/<slug:slug>/sheets/<int:sheet>/issue/", views.issue_sheet, name="issue_sheet"),
    path("commitments/<slug:slug>/sheets/<int:sheet>/sheet.json", paper_views.sheet_json, name="sheet_json"),
    path(
        "commitments/<slug:slug>/sheets/<int:sheet>/<str:lang>.<str:format>",
        paper_views.sheet_paper,
        name="sheet_paper",
    ),
]
