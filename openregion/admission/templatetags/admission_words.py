"""Words that the journal's sentences of the candidacy need."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from openregion.admission.queries.eligibility import VERDICTS, Verdict
from openregion.admission.queries.status import label_of

register = template.Library()


@register.filter
def verdict_in_words(code: str) -> str:
    """Say a verdict on a criterion."""
    return str(VERDICTS[Verdict(code)][0]) if code in Verdict.values else code


@register.filter
def status_in_words(code: str) -> str:
    """Say a state of the member towards OGP."""
    return label_of(code)


@register.filter
def ogp_answer(code: str) -> str:
    """Say what OGP answered."""
    return _("admitted") if code == "admitted" else _("not admitted")
