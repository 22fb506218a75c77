"""What a letter states on paper: the Region's head, number and day, addressee, text, room to sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.core.languages import body_lang
from openregion.core.paper import Blank, Block, Fields, Heading, ItemList, Paper, Paragraph
from openregion.cycle.models import Letter
from openregion.cycle.queries.letters import stated_by

# Between the Region's two names, side by side on its head.
_BESIDE = "  ·  "


def letter_paper(letter: Letter, lang: str) -> Paper:
    """Give a letter as a paper in one of its languages: from its frozen words once issued, marked a draft before."""
    lang = body_lang(lang)
    stated = stated_by(letter, letter.member)
    issued = stated["issued_on"]
    with override(lang):
        address = reverse("letter", args=[letter.member.slug, letter.uid])
        return Paper(
            title=stated["subject"].get(lang, ""),
            subtitle=_head(stated, lang),
            kind=stated["kind_title"].get(lang, ""),
            lang=lang,  # type: ignore[arg-type]
            reference=_reference(stated),
            dated=dt.date.fromisoformat(issued) if issued else timezone.localdate(letter.made_at),
            address=settings.SITE + address if stated["public"] else "",
            notice="\n".join(_notices(stated)),
            blocks=tuple(_blocks(stated, lang)),
        )


def _reference(stated: Mapping[str, Any]) -> str:
    """Number the Region's own letters; one that somebody else signs bears none of the Region's."""
    if not stated["issued_on"]:
        return _("Draft")
    return "" if stated["letterhead"] == "signatory" else stated["reference"]


def _head(stated: Mapping[str, Any], lang: str) -> str:
    """Head the letter in the Region's name, in its two languages; or in the name of the body that signs it."""
    if stated["letterhead"] == "signatory":
        return stated["signatory"].get(lang, "")
    names = stated["member"]["name"]
    both = (names.get("ar", ""), names.get("fr", ""))
    return _BESIDE.join(dict.fromkeys(name for name in (both if lang == "ar" else reversed(both)) if name))


def _notices(stated: Mapping[str, Any]) -> Iterator[str]:
    if stated["member"]["invented"]:
        yield _("Demonstration: this Region, its people and its texts are invented.")
    if stated["letterhead"] == "signatory":
        yield _("Wording proposed for signature. It is the letter of the organisation that signs it, in its own name.")
    if not stated["issued_on"]:
        yield _("Draft. Nothing here is frozen, and all of it may still change.")


def _blocks(stated: Mapping[str, Any], lang: str) -> Iterator[Block]:
    yield Fields(((_("Addressee"), stated["addressee"].get(lang, "")),))
    for piece in stated["text"].get(lang, ()):
        match piece["kind"]:
            case "heading":
                yield Heading(1, piece["words"][0])
            case "subheading":
                yield Heading(2, piece["words"][0])
            case "items":
                yield ItemList(tuple(piece["words"]))
            case _:
                yield Paragraph(piece["words"][0])
    signatory = stated["signatory"].get(lang, "")
    if stated["signed"]:
        yield Blank(signatory, (_("Signature and seal"),), lines=3, kind="box")
    else:
        yield Fields(((_("Prepared by"), signatory),))
