from django.urls import path

from openregion.cycle.views import method, turns

urlpatterns = [
    path("method/", method.method, name="method"),
    path("method/programme/", method.programme, name="method_programme"),
    path("method/values/", method.values, name="method_values"),
    path("method/criteria/", method.criteria, name="method_criteria"),
    path("method/directives/", method.directives, name="method_directives"),
    path("method/stages/<slug:stage>/", method.one_stage, name="method_stage"),
    path("method/actors/", method.actors, name="method_actors"),
    path("method/actors/<slug:actor>/", method.one_actor, name="method_actor"),
    path("method/forms/<slug:form>/", method.one_form, name="method_form"),
    path("method/rules/", method.rules, name="method_rules"),
    path("method/rules/<slug:rule>/", method.one_rule, name="method_rule"),
    path("method/rules/<slug:rule>/override/", method.override_rule, name="override_rule"),
    path("method/today/", method.today, name="method_today"),
    path("method/bodies/", method.bodies, name="method_bodies"),
    path("method/references/", method.references, name="method_references"),
    path("method/search/", method.search, name="method_search"),
    path("method/versions/", method.versions, name="method_versions"),
    # A version may be called ma-region-2021.1: a slug would hold no dot.
    path("method/versions/<str:newer>/adopt/", method.adopt_version, name="adopt_guide_version"),
    path("method/versions/<str:older>/<str:newer>/", method.comparison, name="method_comparison"),
    path("method/data/guide.json", method.guide_json, name="method_json"),
    path("method/data/schema.json", method.schema_json, name="method_schema"),
    path("method/data/operations.csv", method.operations_csv, name="method_operations_csv"),
    path("method/papers/<slug:paper>.<str:format>", method.printed_paper, name="method_paper"),
    path("cycles/", turns.cycles, name="cycles"),
    path("cycles/new/", turns.new_cycle, name="new_cycle"),
    path("cycles/<str:kind>/<int:number>/", turns.cycle, name="cycle"),
    path("cycles/<str:kind>/<int:number>/stages/<str:code>/", turns.date_stage, name="date_stage"),
    path("cycles/<str:kind>/<int:number>/deliberations/new/", turns.new_deliberation, name="new_deliberation"),
]
