"""A contribution in plain values: its first words, its language, what search finds of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from openregion.consultation.models import Attachment, Contribution
from openregion.people.models import Member

CHANNELS: dict[str, Promise] = {
    "online": gettext_lazy("Online"),
    "assisted": gettext_lazy("With someone's help"),
    "paper": gettext_lazy("On paper"),
    "workshop": gettext_lazy("In a workshop"),
    "imported": gettext_lazy("From an earlier consultation"),
}


# How words are marked on their own page, where there is room to say whose help.
MARKS: dict[str, Promise] = CHANNELS | {"assisted": gettext_lazy("With the help of a public servant or an association")}


KINDS: dict[str, Promise] = {
    "consultation": gettext_lazy("Consultations"),
    "suggestion": gettext_lazy("Suggestions"),
    "workshop": gettext_lazy("Workshops"),
}


# What a suggestion is made of, in the order it is asked and read.
PARTS: dict[str, Promise] = {
    "text": gettext_lazy("What was said"),
    "problem": gettext_lazy("The problem seen"),
    "idea": gettext_lazy("The idea"),
    "effect": gettext_lazy("What it would change"),
    "spoken": gettext_lazy("What the recording says, written down by a person of the team"),
}


# The platform's language in which search reads a tongue it has no dictionary of.
READ_AS = {"ar": "ar", "ary": "ar", "ary-latn": "fr", "zgh": "ar", "fr": "fr", "en": "en"}


# What goes into the ``lang`` attribute: darija has its own tag there.
TAGS = {"ary": "ar-MA", "ary-latn": "ary-Latn"}


LONGEST_TITLE = 90


def found(member: Member, number: int) -> Contribution | None:
    """Find a member's contribution by its public number, with all that its page shows."""
    return with_all(Contribution.objects.of(member).filter(number=number)).first()


def tag_of(lang: str) -> str:
    """Give what a page writes in ``lang`` for words in this tongue."""
    return TAGS.get(lang, lang)


def follow_address(member: Member) -> str:
    """Give the address of the page where an author follows their words with the code."""
    return address_of("follow", member.slug)


def whole_words(contribution: Contribution) -> str:
    """Give all that a contribution says, part after part."""
    return "\n".join(contribution.words.get(part, "") for part in PARTS).strip()


def first_words(contribution: Contribution) -> str:
    """Give the first words of a contribution, by which a list names it: the idea, else what there is."""
    said = contribution.words
    text = said.get("idea") or said.get("text") or said.get("problem") or said.get("effect") or said.get("spoken") or ""
    if not text and not contribution.erased_at:
        return _("Given without words")
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else line[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…"


def entries_of_suggestion(contribution: Contribution) -> Iterator[dict[str, Any]]:
    """Yield what search finds of a published suggestion: in the language it reads best in, and no other."""
    lang = READ_AS.get(contribution.lang, "fr")
    with override(lang):
        number = _("Suggestion %(number)s") % {"number": contribution.number}
        yield {
            "lang": lang,
            "kind": "suggestion",
            "subject_uid": contribution.uid,
            "title": f"{number} · {first_words(contribution)}",
            "excerpt": whole_words(contribution)[:180],
            "path": reverse("suggestion", args=[contribution.member.slug, contribution.number]),
            "text": whole_words(contribution),
        }


def with_all(contributions: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """Read contributions with all that their pages show."""
    related = ("member", "consultation", "suggestion__theme", "suggestion__province")
    files = Prefetch("attachments", Attachment.objects.select_related("file"))
    return contributions.select_related(*related).prefetch_related(files)


def address_of(name: str, *args: Any, query: str = "") -> str:
    """Give the address of a page of a room above; nothing while that room does not offer it."""
    try:
        return reverse(name, args=args) + query
    except NoReverseMatch:
        return ""
