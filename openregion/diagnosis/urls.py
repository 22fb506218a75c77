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
    path("reports/", views.reports, name="reports"),
    path("reports/new/", views.new_report, name="new_report"),
    path("reports/<int:number>/", views.report, name="report"),
    path("reports/<int:number>/report-<str:lang>.<str:format>", views.report_paper, name="report_paper"),
    path("reports/<int:number>/data.json", views.report_json, name="report_json"),
    path("reports/<int:number>/data.csv", views.report_csv, name="report_csv"),
    path("reports/<int:number>/not-cited/", views.report_uncited, name="report_uncited"),
    path("reports/<int:number>/correct/", views.correct_report, name="correct_report"),
    path("reports/<int:number>/stop/", views.stop_report, name="stop_report"),
    path("reports/<int:number>/publish/", views.publish_report, name="publish_report"),
    path("reports/<int:number>/discard/", views.discard_report, name="discard_report"),
    path("reports/<int:number>/passages/new/", views.write_passage, name="write_passage"),
    path("reports/<int:number>/passages/<slug:uid>/", views.report_passage, name="report_passage"),
    path("reports/<int:number>/passages/<slug:uid>/edit/", views.revise_passage, name="revise_passage"),
    path("reports/<int:number>/passages/<slug:uid>/cite/", views.cite_in_passage, name="cite_in_passage"),
    path("reports/<int:number>/passages/<slug:uid>/remove/", views.remove_passage, name="remove_passage"),
]
