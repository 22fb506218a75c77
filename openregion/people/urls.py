from django.urls import path

from openregion.people import views

urlpatterns = [
    path("setup/", views.setup, name="setup"),
    path("<slug:member>/territory/", views.territory, name="territory"),
    path("<slug:member>/authorities/<str:code>/", views.authority, name="authority"),
    path("<slug:member>/authorities/<str:code>/mandate/", views.council_mandate, name="council_mandate"),
    path("<slug:member>/authorities/<str:code>/usual-bodies/", views.usual_bodies, name="usual_bodies"),
    path("<slug:member>/bodies/", views.bodies, name="bodies"),
    path("<slug:member>/bodies/new/", views.new_body, name="new_body"),
    path("<slug:member>/bodies/<slug:slug>/", views.body, name="body"),
    path("<slug:member>/bodies/<slug:slug>/seats/new/", views.new_seat, name="new_seat"),
    path("<slug:member>/bodies/<slug:slug>/function/", views.new_function, name="new_function"),
    path("<slug:member>/seats/<slug:uid>/mandate/", views.new_mandate, name="new_mandate"),
    path("<slug:member>/mandates/<slug:uid>/end/", views.end_mandate, name="end_mandate"),
    path("<slug:member>/acts/", views.acts, name="acts"),
    path("<slug:member>/acts/new/", views.new_act, name="new_act"),
    path("<slug:member>/acts/<slug:uid>/file/", views.act_file, name="act_file"),
    path("<slug:member>/people/", views.people_roles, name="people_roles"),
    path("<slug:member>/people/appoint/", views.appoint, name="appoint"),
    path("<slug:member>/people/<slug:uid>/end/", views.end_appointment, name="end_appointment"),
    path("<slug:member>/roles/", views.roles, name="roles"),
    path("<slug:member>/look/", views.look, name="look"),
]
