"""The method as a cycle pinned it: what was done is read against these words, whatever the guide says today."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import ValidationError

from openregion.cycle.models import Cycle
from openregion.cycle.queries.book import part_name
from openregion.guide import queries as guides
from openregion.guide.schema import Guide, Stage
from openregion.record.models import FrozenDocument


def cycle_name(kind: str, number: int) -> str:
    """Name a cycle: its part of the process and its number."""
    return _("%(part)s %(number)s") % {"part": part_name(kind), "number": number}


def book_of(cycle: Cycle) -> Guide:
    """Open the method as the cycle pinned it.

    A version still being written may change, or leave, after a cycle was opened:
    then the text frozen with the cycle answers, for that is what it follows. One
    frozen before the schemas changed may no longer be read; today's then answers.
    """
    with suppress(guides.BadGuide):
        if guides.fingerprint(cycle.guide_version) == cycle.guide_sha256:
            return guides.guide(cycle.guide_version)
    return _frozen_book(cycle.method_id, cycle.guide_sha256) or guides.guide(cycle.guide_version)


@lru_cache(maxsize=8)
def _frozen_book(document: int, sha256: str) -> Guide | None:
    content = FrozenDocument.objects.values_list("content", flat=True).get(pk=document)
    try:
        return Guide.model_validate_json(content)
    except ValidationError:
        return None


def stage_left_behind(cycle: Cycle, code: str) -> Stage | None:
    """Find a stage that the method the cycle follows no longer has, in those it followed before, the last first."""
    before = FrozenDocument.objects.filter(subject_type="Cycle", subject_uid=cycle.uid, kind="method")
    for document, sha256 in before.order_by("-pk").values_list("pk", "sha256"):
        book = _frozen_book(document, sha256)
        if book and (found := guides.stage(book, code)):
            return found
    return None


def stage_name(cycle: Cycle, code: str) -> str:
    """Name a stage in the words of the method the cycle pinned."""
    found = guides.stage(book_of(cycle), code) or stage_left_behind(cycle, code)
    return found.short.in_(get_language() or "fr") if found else code
