from django.urls import path

from openregion.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("outbox/", views.outbox, name="outbox"),
    path("<slug:member>/", views.member_home, name="member_home"),
    path("<slug:member>/suggestions/", views.suggestions, name="suggestions"),
    path("<slug:member>/suggestions/<int:number>/", views.suggestion, name="suggestion"),
    path("<slug:member>/suggestions.csv", views.suggestions_csv, name="suggestions_csv"),
    path("<slug:member>/suggestions.json", views.suggestions_json, name="suggestions_json"),
    path("<slug:member>/follow/", views.follow, name="follow"),
    path("<slug:member>/follow/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:member>/follow/erase/", views.erase, name="erase"),
    path("<slug:member>/follow/appeal/", views.appeal, name="appeal"),
    path("<slug:member>/data/", views.open_data, name="open_data"),
    path("<slug:member>/demonstration/", views.demonstration, name="demonstration"),
    path("<slug:member>/search/", views.search, name="search"),
    path("<slug:member>/journal/", views.journal, name="journal"),
    path("<slug:member>/journal.csv", views.journal_csv, name="journal_csv"),
    path("<slug:member>/journal.json", views.journal_json, name="journal_json"),
    path("<slug:member>/contacts/<slug:uid>/retire/", views.contacts.retire_contact, name="retire_contact"),
    path("<slug:member>/desk/", views.desk.desk, name="desk"),
    path("<slug:member>/desk/calendar/", views.desk.my_calendar, name="my_calendar"),
    path("<slug:member>/desk/reminders/", views.desk.my_reminders, name="my_reminders"),
    path("<slug:member>/desk/mails/", views.desk.mail_figures, name="mail_figures"),
    path("<slug:member>/desk/<str:key>.ics", views.feeds.my_feed, name="my_feed"),
    path("<slug:member>/calendar.ics", views.feeds.calendar_feed, name="calendar_feed"),
    path("<slug:member>/cycles/<str:kind>/<int:number>/timeline/", views.desk.timeline, name="timeline"),
    path("<slug:member>/cycles/<str:kind>/<int:number>/hand-over/", views.handover.hand_over, name="hand_over"),
    path(
        "<slug:member>/cycles/<str:kind>/<int:number>/hand-over/<slug:uid>.zip",
        views.handover.hand_over_file,
        name="hand_over_file",
    ),
]
