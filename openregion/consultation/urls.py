"""Addresses of the consultation room."""

from __future__ import annotations

from django.urls import URLPattern, path

from openregion.consultation import intake, views

urlpatterns: list[URLPattern] = [
    path("consultations/", views.consultations, name="consultations"),
    path("consultations/new/", views.new_consultation, name="new_consultation"),
    path("consultations/<slug:slug>/", views.consultation, name="consultation"),
    path("consultations/<slug:slug>/suggest/", views.suggest, name="suggest"),
    path("moderation/", views.moderation, name="moderation"),
    path("moderation/<int:number>/", views.moderate, name="moderate"),
    path("imports/", intake.all_imports, name="imports"),
    path("imports/new/", intake.new_import, name="new_import"),
    path("imports/<slug:uid>/", intake.one_import, name="one_import"),
    path("imports/<slug:uid>/errors.csv", intake.import_errors, name="import_errors"),
]
