from django.urls import path

from openregion.core import views

urlpatterns = [
    path("components/", views.components, name="components"),
]
