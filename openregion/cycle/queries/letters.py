"""Reading letters: the list for everyone and for the team, one letter, what is due, what search finds."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.due import Due
from openregion.core.languages import WORKING, body_lang
from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Cycle, Deliberation, Letter, Operation, Proposal
from openregion.cycle.queries.pinned import cycle_name
from openregion.cycle.queries.wording import PARTS, Missing, Piece, languages_of, missing_words, model_of, pieces
from openregion.guide import queries as guides
from openregion.guide.schema import LetterModel, Text
from openregion.people.models import Contact, Member

# Whoever holds one of these reads letters before, and beside, what the public reads.
WRITING = frozenset({"draft_letter", "revise_letter", "issue_letter", "attach_scan", "discard_letter"})
DRAFT_DAYS = 7
ON_A_PAGE = 30
SUBJECTS: dict[str, Promise] = {
    "addressee": gettext_lazy("Addressee"),
    "title": gettext_lazy("Subject"),
    "text": gettext_lazy("Text"),
    "signatory": gettext_lazy("Signed by"),
}


@dataclass(frozen=True)
class LetterLine:
    """A letter in the list: what it is about, its number and day once issued."""

    url: str
    kind: str
    title: OfficialText
    reference: str
    issued_on: dt.date | None
    drafted_on: dt.date
    public: bool
    awaits_scan: bool

    @property
    def draft(self) -> bool:
        """True until it is issued."""
        return self.issued_on is None


@dataclass(frozen=True)
class LettersPage:
    """The letters a reader may see, drafts first, and the choices that narrow the list."""

    drafts: tuple[LetterLine, ...]
    issued: tuple[LetterLine, ...]
    page: Page[Letter]
    kinds: tuple[tuple[str, str], ...]
    years: tuple[int, ...]
    kind: str
    year: int | None


@dataclass(frozen=True)
class PaperLink:
    """A letter as a file, in one language and format."""

    lang: str
    format: str
    url: str


@dataclass(frozen=True)
class Wording:
    """A letter in one language: to whom, about what, its text in pieces, in whose name."""

    lang: str
    addressee: str
    title: str
    pieces: tuple[Piece, ...]
    signatory: str


@dataclass(frozen=True)
class LetterPage:
    """One letter: its words in each language, its number and hash once issued, what it waits for."""

    uid: str
    kind: str
    title: OfficialText
    reference: str
    issued_on: dt.date | None
    drafted_on: dt.date
    sha256: str
    public: bool
    wordings: tuple[Wording, ...]
    missing: tuple[Missing, ...]
    papers: tuple[PaperLink, ...]
    about: str
    about_url: str
    cycle: str
    cycle_url: str
    scan: str
    awaits_scan: bool

    @property
    def draft(self) -> bool:
        """True until it is issued."""
        return self.issued_on is None


def kind_title(member: Member, kind: str) -> str:
    """Name a kind of letter in the page's language; its code where the method no longer has it."""
    model = model_of(member, kind)
    return model.title.in_(get_language() or "fr") if model else kind


def kind_words(member: Member, kind: str) -> OfficialText:
    """Name a kind of letter as official text, for what keeps its name in every language."""
    model = model_of(member, kind)
    title = model.title if model else Text(fr=kind, ar=kind, en=kind)
    return {lang: {"text": title.in_(lang), "at": "", "of": ""} for lang in WORKING}


def reference_of(letter: Letter) -> str:
    """Cite an issued letter by its number in its year; nothing for a draft."""
    return f"{letter.number}/{letter.year}" if letter.number else ""


def is_private(contact: Contact | None) -> bool:
    """Say whether a letter to this contact stays between the two: nobody else has to know whom the Region wrote to."""
    return contact is not None and not contact.public


def seen_of(letter: Letter) -> str:
    """Give the short mark of a letter's words as they stand, by which an editor shows what they had read."""
    said = {part: {lang: one["text"] for lang, one in getattr(letter, part).items()} for part in PARTS}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def same_draft(letter: Letter) -> Letter | None:
    """Find an open draft that says the very same, about the same thing, to the same addressee."""
    drafts = Letter.objects.of(letter.member).filter(state=Letter.State.DRAFT, kind=letter.kind, cycle=letter.cycle)
    about = drafts.filter(
        to_contact=letter.to_contact, subject_type=letter.subject_type, subject_uid=letter.subject_uid
    )
    return next((one for one in about.select_related("member", "cycle") if seen_of(one) == seen_of(letter)), None)


def letters_page(member: Member, *, team: bool, kind: str = "", year: str = "", page: str = "") -> LettersPage:
    """List a member's letters: those issued in public for everyone, the rest and the drafts for the team."""
    models = {one.code: one for one in guides.guide(member.guide_version).letters}
    theirs = Letter.objects.of(member)
    issued = theirs.filter(state=Letter.State.ISSUED)
    if not team:
        issued = issued.filter(public=True)
    years = tuple(one for one in issued.order_by("-year").values_list("year", flat=True).distinct() if one)
    lang = get_language() or "fr"
    chosen_year = int(year) if year.isdecimal() and len(year) == 4 else None
    chosen = Q(kind=kind) if kind in models else Q()
    shown = issued.filter(chosen & (Q(year=chosen_year) if chosen_year else Q()))
    found = Paginator(shown.order_by("-year", "-number"), ON_A_PAGE).get_page(page)
    drafts: QuerySet[Letter] = theirs.filter(chosen, state=Letter.State.DRAFT).order_by("-made_at", "-pk")
    return LettersPage(
        drafts=tuple(_line(one, member, models) for one in drafts[:100]) if team and not chosen_year else (),
        issued=tuple(_line(one, member, models) for one in found),
        page=found,
        kinds=tuple((code, one.title.in_(lang)) for code, one in models.items()),
        years=years,
        kind=kind if kind in models else "",
        year=chosen_year,
    )


def _line(letter: Letter, member: Member, models: Mapping[str, LetterModel]) -> LetterLine:
    model = models.get(letter.kind)
    return LetterLine(
        url=reverse("letter", args=[member.slug, letter.uid]),
        kind=model.title.in_(get_language() or "fr") if model else letter.kind,
        title=letter.title,
        reference=reference_of(letter),
        issued_on=letter.issued_on,
        drafted_on=timezone.localdate(letter.made_at),
        public=letter.public,
        awaits_scan=_awaits_scan(letter, model),
    )


def _awaits_scan(letter: Letter, model: LetterModel | None) -> bool:
    signed = model.signed if model else True
    return letter.state == Letter.State.ISSUED and signed and letter.scan_id is None


def letter_page(letter: Letter, member: Member) -> LetterPage:
    """Prepare a letter's page: its words as frozen once it is issued, as they stand before."""
    stated, cycle = stated_by(letter, member), letter.cycle
    written = [lang for lang in stated["languages"] if lang in stated["text"]]
    where = [member.slug, letter.uid]
    about, about_url = _about(letter, member)
    return LetterPage(
        uid=letter.uid,
        kind=kind_title(member, letter.kind),
        title=letter.title,
        reference=stated["reference"],
        issued_on=letter.issued_on,
        drafted_on=timezone.localdate(letter.made_at),
        sha256=letter.frozen.sha256 if letter.frozen else "",
        public=letter.public,
        wordings=tuple(_wording(stated, lang) for lang in _page_first(written)),
        missing=() if letter.issued_on else missing_words(letter, member),
        papers=tuple(
            PaperLink(lang, format, reverse("letter_paper", args=[*where, lang, format]))
            for lang in _page_first(stated["languages"])
            for format in ("pdf", "docx")
        ),
        about=about,
        about_url=about_url,
        cycle=cycle_name(cycle.kind, cycle.number) if cycle else "",
        cycle_url=reverse("cycle", args=[member.slug, cycle.kind, cycle.number]) if cycle else "",
        scan=reverse("letter_scan", args=where) if letter.scan_id else "",
        awaits_scan=_awaits_scan(letter, model_of(member, letter.kind)),
    )


def _about(letter: Letter, member: Member) -> tuple[str, str]:
    """Name the file or the decision of the Council that a letter is about, and its page; empty for another thing."""
    if letter.subject_type == "Proposal":
        file = Proposal.objects.of(member).select_related("cycle").filter(uid=letter.subject_uid).first()
        if file is not None:
            where = [member.slug, file.cycle.kind, file.cycle.number, file.number]
            return _("File %(n)s for the Council") % {"n": file.number}, reverse("council_file", args=where)
    if letter.subject_type == "Deliberation":
        one = Deliberation.objects.of(member).select_related("act").filter(uid=letter.subject_uid).first()
        if one is not None:
            said = _("Deliberation no. %(number)s") % {"number": one.act.number}
            return said, reverse("deliberation", args=[member.slug, one.uid])
    return "", ""


def _page_first(langs: list[str]) -> list[str]:
    """Put the page's own language first."""
    here = body_lang(get_language() or "fr")
    return sorted(langs, key=lambda lang: lang != here)


def _wording(stated: Mapping[str, Any], lang: str) -> Wording:
    return Wording(
        lang=lang,
        addressee=stated["addressee"].get(lang, ""),
        title=stated["subject"].get(lang, ""),
        pieces=tuple(stated["text"][lang]),
        signatory=stated["signatory"].get(lang, ""),
    )


def stated_by(letter: Letter, member: Member) -> dict[str, Any]:
    """Give what a letter states: its frozen JSON once issued, the same shape from its draft before."""
    if letter.frozen is not None:
        stated: dict[str, Any] = json.loads(letter.frozen.content)
        return stated
    return statement_of(letter, member)


def statement_of(letter: Letter, member: Member) -> dict[str, Any]:
    """Write a letter as it is frozen: its head, its number and day, its words in each language."""
    model = model_of(member, letter.kind)
    return {
        "kind": letter.kind,
        "kind_title": _plain(kind_words(member, letter.kind)),
        "member": {"slug": member.slug, "name": _plain(member.name), "invented": member.invented},
        "letterhead": model.letterhead if model else "region",
        "signed": model.signed if model else True,
        "languages": list(languages_of(member, letter)),
        "number": letter.number,
        "year": letter.year,
        "reference": reference_of(letter),
        "issued_on": letter.issued_on.isoformat() if letter.issued_on else "",
        "cycle": {"kind": letter.cycle.kind, "number": letter.cycle.number} if letter.cycle else {},
        "about": {"type": letter.subject_type, "uid": letter.subject_uid},
        "addressee": _plain(letter.addressee),
        "subject": _plain(letter.title),
        "text": {lang: pieces(said["text"]) for lang, said in letter.text.items()},
        "signatory": _plain(letter.signatory),
        "public": letter.public,
    }


def _plain(text: OfficialText) -> dict[str, str]:
    return {lang: said["text"] for lang, said in text.items()}


# --- what the page that drafts is asked for ---------------------------------


def cycle_asked(member: Member, text: str) -> Cycle | None:
    """Find the cycle an address names, as "plan-1" or by its uid; nothing where there is none."""
    kind, _dash, number = text.rpartition("-")
    named = Q(kind=kind, number=int(number)) if number.isdecimal() and len(number) < 5 else Q(uid=text)
    return Cycle.objects.of(member).filter(named).first() if text else None


def operation_asked(cycle: Cycle | None, code: str) -> Operation | None:
    """Find the operation of a cycle that a letter is written for."""
    return cycle.operations.filter(code=code).first() if cycle and code else None


# --- what is due, what search finds -----------------------------------------


def due_letters(member: Member, today: dt.date) -> tuple[Due, ...]:
    """List drafts older than a week, and issued letters whose signed copy is awaited: of them, of who signs."""
    models = {one.code: one for one in guides.guide(member.guide_version).letters}
    lang = get_language() or "fr"
    old = timezone.make_aware(dt.datetime.combine(today - dt.timedelta(days=DRAFT_DAYS - 1), dt.time()))
    waiting = Q(state=Letter.State.DRAFT, made_at__lt=old) | Q(state=Letter.State.ISSUED, scan=None)
    lines = []
    for one in Letter.objects.of(member).filter(waiting).order_by("made_at", "pk"):
        model, url = models.get(one.kind), reverse("letter", args=[member.slug, one.uid])
        kind = model.title.in_(lang) if model else one.kind
        if one.state == Letter.State.DRAFT:
            lines.append(
                Due(
                    key=f"letter-draft-{one.uid}",
                    label=_("Finish or discard a letter: %(kind)s") % {"kind": kind},
                    url=url,
                    act=_("Read the draft"),
                    day=timezone.localdate(one.made_at) + dt.timedelta(days=DRAFT_DAYS),
                    why=_("A draft is finished or discarded within a week."),
                    deed="revise_letter",
                )
            )
        elif _awaits_scan(one, model):
            said = {"number": reference_of(one), "kind": kind}
            if model and model.letterhead == "region":
                # The Region's own letters are signed by its president, who attaches nothing.
                lines.append(
                    Due(
                        key=f"letter-sign-{one.uid}",
                        label=_("Sign letter no. %(number)s: %(kind)s") % said,
                        url=url,
                        act=_("Read it, to sign it"),
                        why=_("It was issued on %(day)s, and its signed copy is not attached yet.")
                        % {"day": dates.day(one.issued_on or today, lang)},
                        deed="issue_letter",
                        unless="attach_scan",
                    )
                )
            lines.append(
                Due(
                    key=f"letter-scan-{one.uid}",
                    label=_("Letter no. %(number)s waits for its signed copy: %(kind)s") % said,
                    url=url,
                    act=_("Attach the signed copy"),
                    day=one.issued_on,
                    waits_for=text_in(one.signatory, lang),
                    deed="attach_scan",
                    act_url=reverse("attach_scan", args=[member.slug, one.uid]),
                )
            )
    return tuple(lines)


def entries_of_letter(letter: Letter) -> Iterator[dict[str, Any]]:
    """Yield an issued public letter as search should find it, in each of its languages; nothing for any other."""
    if not letter.public or letter.state != Letter.State.ISSUED or letter.frozen is None:
        return
    stated = json.loads(letter.frozen.content)
    for lang in stated["languages"]:
        text = "\n".join(words for one in stated["text"][lang] for words in one["words"])
        with override(lang):
            path = reverse("letter", args=[letter.member.slug, letter.uid])
        yield {
            "lang": lang,
            "kind": "letter",
            "subject_uid": letter.uid,
            "title": stated["subject"][lang],
            "excerpt": " ".join(text[:180].split()),
            "path": path,
            "text": text,
        }


def findable_letters(member: Member) -> Iterator[dict[str, Any]]:
    """Yield all that search finds of a member's letters."""
    public = Letter.objects.of(member).filter(public=True, state=Letter.State.ISSUED)
    for one in public.select_related("member", "frozen").order_by("pk"):
        yield from entries_of_letter(one)
