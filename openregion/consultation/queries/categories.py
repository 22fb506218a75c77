"""The categories by which seats are shared and participants counted: their codes, and their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.consultation.models import Application, CallForParticipation
from openregion.consultation.queries.counting import AGES
from openregion.guide import queries as guides
from openregion.people.models import Gender, Member, Territory

UNSAID, NONE = "unsaid", "none"

# In the order in which a page asks and shows them.
DIMENSIONS: dict[str, Promise] = {
    "kind": gettext_lazy("Organisations and people"),
    "organisation_type": gettext_lazy("Type of organisation"),
    "gender": gettext_lazy("Gender"),
    "age_band": gettext_lazy("Age"),
    "province": gettext_lazy("Province or prefecture"),
}
KINDS: dict[str, Promise] = {
    Application.Kind.ORGANISATION: gettext_lazy("An organisation"),
    Application.Kind.PERSON: gettext_lazy("A person"),
}
GENDERS: dict[str, Promise] = {
    Gender.WOMAN: gettext_lazy("Women"),
    Gender.MAN: gettext_lazy("Men"),
    Gender.UNSAID: gettext_lazy("Not said"),
}


def organisation_types(member: Member) -> dict[str, str]:
    """Name the types of organisation: the categories of the guide's directory."""
    lang = get_language() or "fr"
    return {one.code: one.label.in_(lang) for one in guides.guide(member.guide_version).directory}


def values_of(member: Member, dimension: str) -> dict[str, str]:
    """List the categories of a dimension with their words, in their order. Raises ``KeyError`` for an unknown one."""
    named: dict[str, Mapping[str, Any]] = {"kind": KINDS, "gender": GENDERS, "age_band": AGES}
    if dimension == "organisation_type":
        return organisation_types(member) | {NONE: _("People, without an organisation")}
    if dimension == "province":
        lang = get_language() or "fr"
        places = Territory.objects.of(member).order_by("name_ar" if lang == "ar" else "name_fr")
        return {place.code: place.name_in(lang) for place in places} | {UNSAID: _("Not said")}
    found = {code: str(label) for code, label in named[dimension].items()}
    return found | {UNSAID: _("Not said")} if dimension == "age_band" else found


def category_name(member: Member, dimension: str, value: str) -> str:
    """Name one category; its code where it has no name any more."""
    return values_of(member, dimension).get(value, value)


def categories_of(application: Application, dimensions: Mapping[str, Any]) -> dict[str, str]:
    """Say in which category an application is counted, of these dimensions and no other."""
    there = {
        "kind": application.kind,
        "organisation_type": application.organisation_type or NONE,
        "gender": application.gender,
        "age_band": application.age_band or UNSAID,
        "province": application.province.code if application.province else UNSAID,
    }
    return {dimension: there[dimension] for dimension in dimensions}


def in_few_hands(call: CallForParticipation, smallest: int) -> int:
    """Count the candidates whose categories, taken together, fewer than the smallest group shown have in common.

    A draw publishes the categories of each number together: of so few, somebody
    who knows them may guess which number is theirs.
    """
    states = (Application.State.RECEIVED, Application.State.ELIGIBLE)
    candidates = call.applications.filter(state__in=states).select_related("province")
    together = Counter(tuple(categories_of(one, call.quotas).values()) for one in candidates)
    return sum(number for number in together.values() if number < smallest) if call.quotas else 0
