from django.urls import path

from openregion.registers import views

urlpatterns = [
    path("dialogue-meetings/", views.dialogues, name="dialogues"),
    path("dialogue-meetings/dialogue-meetings.csv", views.dialogues_csv, name="dialogues_csv"),
    path("participation/", views.participation, name="participation"),
    path("participation/participation.csv", views.participation_csv, name="participation_csv"),
    path("exchanges/", views.exchanges, name="exchanges"),
    path("exchanges/new/", views.new_exchange, name="new_exchange"),
    path("exchanges/exchanges.csv", views.exchanges_csv, name="exchanges_csv"),
    path("exchanges/<slug:uid>/file/", views.exchange_file, name="exchange_file"),
    path("peer-activities/", views.peer_activities, name="peer_activities"),
    path("peer-activities/new/", views.new_peer_activity, name="new_peer_activity"),
    path("peer-activities/peer-activities.csv", views.peer_activities_csv, name="peer_activities_csv"),
    path("peer-activities/<slug:uid>/file/", views.peer_activity_file, name="peer_activity_file"),
]
