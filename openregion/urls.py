"""All addresses: ``/<lang>/<member>/<noun>/…``; the instance's own pages have no member."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path

from openregion.web import views as web

urlpatterns = [
    path("", web.choose_language, name="choose_language"),
    path("healthz", web.healthz, name="healthz"),
    path("robots.txt", web.robots, name="robots"),
    path("favicon.ico", web.favicon, name="favicon"),
    *i18n_patterns(
        # Accounts are opened by invitation, and an address changes only with the appointment that
        # names it: whoever could add an address alone would take the roles given to it.
        re_path(r"^accounts/(?P<page>email|signup|confirm-email|3rdparty|social)/", web.closed, name="closed"),
        path("accounts/arrived/", web.desk.arrived, name="arrived"),
        path("accounts/", include("allauth.urls")),
        path("", include("openregion.core.urls")),
        path("setup/", web.setup, name="setup"),
        path("", include("openregion.people.urls")),
        path("<slug:member>/", include("openregion.cycle.urls")),
        path("<slug:member>/", include("openregion.consultation.urls")),
        path("<slug:member>/", include("openregion.admission.urls")),
        path("<slug:member>/", include("openregion.registers.urls")),
        path("<slug:member>/", include("openregion.diagnosis.urls")),
        path("<slug:member>/", include("openregion.plan.urls")),
        path("<slug:member>/", include("openregion.monitoring.urls")),
        path("", include("openregion.web.urls")),
    ),
]
