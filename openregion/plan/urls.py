"""Addresses of the plan room."""

from __future__ import annotations

from django.urls import path

from openregion.plan import consultation_views, council_views, library_views, paper_views, response_views, views

urlpatterns = [
    # Here and not a room below: it shows the answers too.
    path("consultations/<slug:slug>/", consultation_views.consultation, name="consultation"),
    path("plans/<int:number>/versions/<int:version>/plan.json", paper_views.plan_json, name="plan_json"),
    path(
        "plans/<int:number>/versions/<int:version>/<str:shape>-<str:lang>.<str:format>",
        paper_views.plan_paper,
        name="plan_paper",
    ),
    path("plans/<int:number>/draft-<str:lang>.<str:format>", paper_views.plan_draft_paper, name="plan_draft_paper"),
    path("library/", library_views.shelf, name="library"),
    path("library/<int:pk>/", library_views.published_commitment, name="library_commitment"),
    path("responses/", response_views.all_responses, name="responses"),
    path("responses/waiting/", response_views.awaiting_response, name="awaiting_response"),
    path("responses/new/", response_views.new_response, name="new_response"),
    path("responses/<int:number>/", response_views.response, name="response"),
    path("plans/new/", views.new_plan, name="new_plan"),
    path("plans/<int:number>/edit/", views.edit_plan, name="edit_plan"),
    path("plans/<int:number>/work/", views.plan_work, name="plan_work"),
    path("plans/<int:number>/checks/", views.plan_checks, name="plan_checks"),
    path("plans/<int:number>/sections/", views.plan_sections, name="plan_sections"),
    path("plans/<int:number>/sections/<str:code>/", views.edit_section, name="edit_section"),
    path("plans/<int:number>/commitments/new/", views.new_commitment, name="new_commitment"),
    path("plans/<int:number>/freeze/", views.freeze_plan, name="freeze_plan"),
    path("plans/<int:number>/versions/<int:version>/", views.plan_version, name="plan_version"),
    path("plans/<int:number>/versions/<int:version>/council/", council_views.put_to_council, name="put_to_council"),
    path("plans/<int:number>/versions/<int:version>/adopt/", views.adopt_plan, name="adopt_plan"),
    path("plans/<int:number>/versions/<int:version>/publish/", views.publish_plan, name="publish_plan"),
    path("commitments/<slug:slug>/sheet/", views.edit_commitment, name="edit_commitment"),
    path("commitments/<slug:slug>/sources/", views.cite_sources, name="cite_sources"),
]
