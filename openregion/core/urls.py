from django.urls import path, re_path

from openregion.core import views

urlpatterns = [
    re_path(r"^accent/(?P<colour>[0-9a-f]{6})\.css$", views.accent_sheet, name="accent"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("components/", views.components, name="components"),
    path("glossary/", views.glossary_page, name="glossary"),
    path("privacy/", views.privacy_page, name="privacy"),
]
