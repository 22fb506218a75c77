from django.urls import path

from openregion.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:member>/", views.member_home, name="member_home"),
]
