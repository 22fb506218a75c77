"""What search finds of the candidacy: its page, calls, frozen dossiers, the office of the point of contact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from openregion.admission.models import Call, Dossier, PointOfContact
from openregion.admission.queries.calls import said
from openregion.core.languages import WORKING
from openregion.core.official import text_in
from openregion.people.models import Member

FINDABLE_KINDS: dict[str, Promise] = {
    "candidacy": gettext_lazy("Candidacy"),
    "call": gettext_lazy("Calls"),
    "dossier": gettext_lazy("Dossiers sent to OGP"),
    "point-of-contact": gettext_lazy("Point of contact"),
}
Entry = dict[str, Any]


def entries_of_candidacy(member: Member) -> Iterator[Entry]:
    """Yield what search finds of the page of the candidacy, which every member has."""
    for lang in WORKING:
        with override(lang):
            text = _("Eligibility, the conditions of admissibility, calls, the dossier, the state of the Region.")
            path = reverse("candidacy", args=[member.slug])
            yield _entry(lang, "candidacy", "candidacy", _("Candidacy"), text, path)


def entries_of_call(call: Call) -> Iterator[Entry]:
    """Yield what search finds of a call: its title and what it asks."""
    for lang in WORKING:
        with override(lang):
            asked = "\n".join(text_in(said(one["label"]), lang) for one in call.questions)
            path = reverse("call", args=[call.member.slug, call.uid])
            yield _entry(lang, "call", call.uid, text_in(call.title, lang), asked, path)


def entries_of_dossier(dossier: Dossier) -> Iterator[Entry]:
    """Yield what search finds of a frozen dossier, from the words that were frozen."""
    assert dossier.frozen is not None  # drafts are nobody's to find
    stated = json.loads(dossier.frozen.content)
    here = [dossier.cycle.member.slug, stated["candidacy"], stated["dossier"]]
    for lang in WORKING:
        with override(lang):
            title = _("Dossier %(n)s") % {"n": stated["dossier"]}
            named = f"{title} · {text_in(said(stated['call']['title']), lang)}"
            answers = "\n".join(text_in(said(one["text"]), lang) for one in stated["answers"])
            yield _entry(lang, "dossier", dossier.uid, named, answers, reverse("dossier", args=here))


def entries_of_contact(contact: PointOfContact) -> Iterator[Entry]:
    """Yield what search finds of the point of contact: the office and its function.

    Neither the name nor the address: the page gives them while the person is in office, and no longer.
    """
    for lang in WORKING:
        with override(lang):
            path = reverse("point_of_contact", args=[contact.member.slug])
            title, function = _("Point of contact"), text_in(contact.function, lang)
            yield _entry(lang, "point-of-contact", "point-of-contact", title, function, path)


def findable(member: Member) -> Iterator[Entry]:
    """Yield all that search finds of a member's candidacy."""
    yield from entries_of_candidacy(member)
    for call in Call.objects.of(member).filter(working=False).select_related("member").order_by("pk"):
        yield from entries_of_call(call)
    frozen = Dossier.objects.of(member).exclude(frozen=None)
    for dossier in frozen.select_related("cycle__member", "frozen").order_by("pk"):
        yield from entries_of_dossier(dossier)
    named = PointOfContact.objects.of(member).filter(ends_on=None).select_related("member").first()
    if named:
        yield from entries_of_contact(named)


def _entry(lang: str, kind: str, uid: str, title: str, text: str, path: str) -> Entry:
    return {
        "lang": lang,
        "kind": kind,
        "subject_uid": uid,
        "title": title,
        "excerpt": text[:180],
        "path": path,
        "text": text,
    }
