"""What the paper of a dossier states: the call's questions and answers, the annexes, who supports it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from openregion.admission import queries
from openregion.core import dates
from openregion.core.languages import body_lang
from openregion.core.paper import Block, Fields, Heading, ItemList, Note, Paper, Paragraph, Table

Said = Mapping[str, str]


def pick(said: Said, *langs: str) -> tuple[str, str]:
    """Give the language that answers, in the order asked, and its words."""
    for lang in (*langs, "en", "fr", "ar"):
        if text := said.get(lang, "").strip():
            return lang, text
    return langs[0], ""


def dossier_paper(
    stated: Mapping[str, Any], *, lang: str, sha256: str, frozen_on: dt.date, address: str = "", check_at: str = ""
) -> Paper:
    """Draw the paper of a frozen dossier, from its JSON alone."""
    lang = body_lang(lang)
    with override(lang):
        call = stated["call"]
        return Paper(
            title=_("Expression of interest in OGP Local"),
            subtitle=pick(stated["member"]["name"], lang)[1],
            kind=_("Candidacy dossier"),
            lang=lang,  # type: ignore[arg-type]
            reference=_("Candidacy %(candidacy)s, dossier %(dossier)s")
            % {"candidacy": stated["candidacy"], "dossier": stated["dossier"]},
            dated=frozen_on,
            address=address,
            notice="\n".join(_notices(stated)),
            source_note=_("Form: %(title)s") % {"title": pick(call["title"], lang)[1]}
            + (f" – {call['source']}" if call["source"] else ""),
            blocks=tuple(_blocks(stated, lang, check_at if sha256 else "")),
        )


def _notices(stated: Mapping[str, Any]) -> Iterator[str]:
    if stated["member"]["invented"]:
        yield _("Demonstration: this Region, its people and its texts are invented.")
    if stated["call"]["working"]:
        yield _("The Region's working form, drawn from the guide. It is not OGP's form and is not sent.")


def _blocks(stated: Mapping[str, Any], lang: str, check_at: str) -> Iterator[Block]:
    numbers = {one["uid"]: one["number"] for one in queries.annexes(stated)}
    yield Fields(tuple(_front(stated, lang)))
    yield Note(_("OGP publishes the dossiers of all candidates. This one is written to be read by everyone."))
    if check_at:
        yield Note(
            _(
                "How to check this paper: it is drawn from a data file that never changes, published at %(address)s. "
                "Its SHA-256 fingerprint is the one printed on this paper."
            )
            % {"address": check_at}
        )
    yield Heading(1, _("Questions and answers"))
    # A heading is read at a glance: where one question is too long for it, all have their number alone.
    whole = all(len(_asked(one, lang)) <= _LONGEST_HEADING for one in stated["answers"])
    for number, one in enumerate(stated["answers"], 1):
        yield from _answer(number, one, lang, numbers, whole=whole)
    yield from _support(stated, lang, numbers)
    yield from _eligibility(stated, lang)
    yield from _annexes(stated, lang)


def _front(stated: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    call, contact, vote = stated["call"], stated["point_of_contact"], stated["deliberation"]
    yield _("Applicant"), pick(stated["member"]["name"], lang)[1]
    yield _("Call"), pick(call["title"], lang)[1]
    if call["closes_at"]:
        yield _("Deadline"), dates.instant(dt.datetime.fromisoformat(call["closes_at"]), lang)
    if vote:
        day = dates.day(dt.date.fromisoformat(vote["dated_on"]), lang)
        said = {"number": vote["number"], "day": day}
        yield _("Decision of the Council"), _("Deliberation no. %(number)s of %(day)s") % said
    if contact:
        function = pick(contact["function"], lang)[1]
        who = ", ".join(filter(None, (contact["name"], function, contact["email"])))
        yield _("Official point of contact"), who if lang != "ar" else who.replace(", ", "، ")


def _asked(one: Mapping[str, Any], lang: str) -> str:
    return pick(one["label"], lang)[1].rstrip(" ;؛")


def _answer(
    number: int, one: Mapping[str, Any], lang: str, numbers: Mapping[str, int], *, whole: bool
) -> Iterator[Block]:
    label = _asked(one, lang)
    if not whole:
        yield Heading(2, _("Question %(n)s") % {"n": number})
        yield Paragraph(label, _other(pick(one["label"], lang)[0], lang))
    else:
        yield Heading(2, f"{number}. {label}")
    written, text = pick(one["text"], lang)
    if not text:
        yield Note(_("No answer."))
    for part in text.split("\n"):
        if part.strip():
            yield Paragraph(part.strip(), _other(written, lang))
    if one["limit"] and one["lang"] == written:
        length = queries.length_of(text, one["unit"])
        yield Note(_("Length: %(n)s. %(limit)s.") % {"n": _counted(length, one["unit"]), "limit": _limit(one)})
    if one["evidence"]:
        yield Paragraph(_("Evidence:"))
        yield ItemList(tuple(_cited(piece, lang, numbers) for piece in one["evidence"]))


_LONGEST_HEADING = 90


def _counted(length: int, unit: str) -> str:
    said = {"n": dates.whole(length)}
    if unit == "characters":
        return ngettext("%(n)s character", "%(n)s characters", length) % said
    return ngettext("%(n)s word", "%(n)s words", length) % said


def _limit(one: Mapping[str, Any]) -> str:
    return queries.limit_in_words(one["limit"], one["unit"])


def _other(written: str, lang: str) -> str | None:
    return written if written != lang else None


def _cited(piece: Mapping[str, Any], lang: str, numbers: Mapping[str, int]) -> str:
    title = pick(piece["title"], lang)[1]
    day = dates.day(dt.date.fromisoformat(piece["dated_on"]), lang) if piece["dated_on"] else ""
    where = _("annex %(n)s") % {"n": numbers[piece["file"]["uid"]]} if piece["file"] else piece["url"]
    return _(" – ").join(filter(None, (title, day, where)))


def _support(stated: Mapping[str, Any], lang: str, numbers: Mapping[str, int]) -> Iterator[Block]:
    yield Heading(1, _("Letters of support"))
    rows = tuple(
        (
            one["name"],
            _(", ").join(filter(None, (one["title"], one["organisation"]))) or "—",
            str(queries.SIGNERS[one["signer"]]),
            dates.day(dt.date.fromisoformat(one["signed_on"]), lang, short=True) if one["signed_on"] else "—",
            _("annex %(n)s") % {"n": numbers[one["file"]["uid"]]} if one["file"] else "—",
        )
        for one in stated["support"]
    )
    head = (_("Signed by"), _("Function and organisation"), _("As"), _("On"), _("File"))
    caption = _("Letters of support, signed")
    yield Table(caption=caption, head=head, rows=rows, row_headers=True, widths=(3, 5, 4, 2, 2))


def _eligibility(stated: Mapping[str, Any], lang: str) -> Iterator[Block]:
    yield Heading(1, _("Eligibility, as the Region reads it"))
    yield Note(_("These are the Region's own verdicts, with reasons. OGP alone decides."))
    rows = tuple(
        (
            pick(one["label"], lang)[1].rstrip(" ;؛"),
            str(queries.VERDICTS[one["verdict"]][0]),
            pick(one["reason"], lang)[1],
            dates.day(dt.date.fromisoformat(one["on"]), lang, short=True),
        )
        for one in stated["eligibility"]
    )
    head = (_("Criterion"), _("Verdict"), _("Reason"), _("On"))
    yield Table(caption=_("Verdicts on the criteria"), head=head, rows=rows, row_headers=True, widths=(5, 2, 5, 2))


def _annexes(stated: Mapping[str, Any], lang: str) -> Iterator[Block]:
    found = queries.annexes(stated)
    yield Heading(1, _("Annexes"))
    rows = tuple((str(one["number"]), pick(one["title"], lang)[1], one["name"], one["sha256"][:16]) for one in found)
    head = (_("No."), _("What it is"), _("File"), _("Fingerprint begins with"))
    yield Table(
        caption=_("Files that go with the dossier"), head=head, rows=rows, row_headers=True, widths=(1, 5, 4, 3)
    )
