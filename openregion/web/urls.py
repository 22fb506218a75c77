from django.urls import path

from openregion.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("outbox/", views.outbox, name="outbox"),
    path("<slug:member>/", views.member_home, name="member_home"),
    path("<slug:member>/demonstration/", views.demonstration, name="demonstration"),
    path("<slug:member>/search/", views.search, name="search"),
    path("<slug:member>/journal/", views.journal, name="journal"),
    path("<slug:member>/journal.csv", views.journal_csv, name="journal_csv"),
    path("<slug:member>/journal.json", views.journal_json, name="journal_json"),
]
