"""Addresses of the diagnosis room."""

from __future__ import annotations

from django.urls import URLPattern, path

from openregion.diagnosis import views

urlpatterns: list[URLPattern] = [
    path("findings/", views.findings, name="findings"),
    path("findings/new/", views.new_finding, name="new_finding"),
    path("findings/<int:number>/", views.finding, name="finding"),
    path("findings/<int:number>/edit/", views.edit_finding, name="edit_finding"),
    path("findings/<int:number>/add/", views.add_to_finding, name="add_to_finding"),
    path("findings/<int:number>/remove/<int:suggestion>/", views.remove_from_finding, name="remove_from_finding"),
    path("findings/<int:number>/publish/", views.publish_finding, name="publish_finding"),
]
