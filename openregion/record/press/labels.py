"""The press's own few words, and how it writes a day and a fingerprint.

These are printed on frozen documents: they live here, not in the catalogues, so
that a translator's change tomorrow cannot alter the bytes of yesterday's paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openregion.core.dates import day
from openregion.core.languages import body_lang


@dataclass(frozen=True, slots=True)
class Labels:
    """What the press adds to a paper, in one language."""

    colon: str
    page: str
    of: str
    reference: str
    dated: str
    address: str
    fingerprint: str
    source: str
    nothing: str
    yes: str
    no: str
    language_tag: str


_LABELS = {
    "fr": Labels(
        colon="\u00a0: ",
        page="Page",
        of="sur",
        reference="Référence",
        dated="Date",
        address="Adresse",
        fingerprint="Empreinte SHA-256",
        source="Source",
        nothing="Rien à indiquer",
        yes="Oui",
        no="Non",
        language_tag="fr-MA",
    ),
    "ar": Labels(
        colon=": ",
        page="صفحة",
        of="من",
        reference="المرجع",
        dated="التاريخ",
        address="العنوان",
        fingerprint="البصمة SHA-256",
        source="المصدر",
        nothing="لا شيء يذكر",
        yes="نعم",
        no="لا",
        language_tag="ar-MA",
    ),
    "en": Labels(
        colon=": ",
        page="Page",
        of="of",
        reference="Reference",
        dated="Date",
        address="Address",
        fingerprint="SHA-256 fingerprint",
        source="Source",
        nothing="Nothing to show",
        yes="Yes",
        no="No",
        language_tag="en-MA",
    ),
}


def labels(lang: str) -> Labels:
    """The press's words in a language; Amazigh falls back to French like the rest of the paper."""
    return _LABELS[body_lang(lang)]


def printed_day(value: date, lang: str) -> str:
    """A day as an official paper writes it: 1er mars 2027, 1 مارس 2027, 1 March 2027."""
    written = day(value, lang)
    return written.replace("1 ", "1er ", 1) if body_lang(lang) == "fr" and value.day == 1 else written


def in_groups(fingerprint: str, groups: int = 4) -> str:
    """The start of a fingerprint, short enough to compare by eye: 3f2a 91bc 0d4e 7788."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, 4 * groups, 4)).strip()


def short(text: str, most: int = 70) -> str:
    """One line of the footer, whatever was typed."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
