from django.urls import path

from openregion.cycle import turn_views, views

urlpatterns = [
    path("method/", views.method, name="method"),
    path("method/programme/", views.programme, name="method_programme"),
    path("method/values/", views.values, name="method_values"),
    path("method/criteria/", views.criteria, name="method_criteria"),
    path("method/directives/", views.directives, name="method_directives"),
    path("method/stages/<slug:stage>/", views.one_stage, name="method_stage"),
    path("method/actors/", views.actors, name="method_actors"),
    path("method/actors/<slug:actor>/", views.one_actor, name="method_actor"),
    path("method/forms/<slug:form>/", views.one_form, name="method_form"),
    path("method/rules/", views.rules, name="method_rules"),
    path("method/rules/<slug:rule>/", views.one_rule, name="method_rule"),
    path("method/rules/<slug:rule>/override/", views.override_rule, name="override_rule"),
    path("method/today/", views.today, name="method_today"),
    path("method/bodies/", views.bodies, name="method_bodies"),
    path("method/references/", views.references, name="method_references"),
    path("method/search/", views.search, name="method_search"),
    path("method/versions/", views.versions, name="method_versions"),
    # A version may be called ma-region-2021.1: a slug would hold no dot.
    path("method/versions/<str:newer>/adopt/", views.adopt_version, name="adopt_guide_version"),
    path("method/versions/<str:older>/<str:newer>/", views.comparison, name="method_comparison"),
    path("method/data/guide.json", views.guide_json, name="method_json"),
    path("method/data/schema.json", views.schema_json, name="method_schema"),
    path("method/data/operations.csv", views.operations_csv, name="method_operations_csv"),
    path("method/papers/<slug:paper>.<str:format>", views.printed_paper, name="method_paper"),
    path("cycles/", turn_views.cycles, name="cycles"),
    path("cycles/new/", turn_views.new_cycle, name="new_cycle"),
    path("cycles/<str:kind>/<int:number>/", turn_views.cycle, name="cycle"),
    path("cycles/<str:kind>/<int:number>/stages/<str:code>/", turn_views.date_stage, name="date_stage"),
    path("cycles/<str:kind>/<int:number>/deliberations/new/", turn_views.new_deliberation, name="new_deliberation"),
]
