"""What is done to letters: drafted from the method's model, reworded, issued with a number, signed, discarded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.core.official import official, reworded
from openregion.core.refusal import Refused, refuse_if
from openregion.core.safe import clean_text
from openregion.cycle.actions.operations import prove_by
from openregion.cycle.actions.steps import hold, journal
from openregion.cycle.models import Cycle, Letter, Proof
from openregion.cycle.queries.letters import (
    entries_of_letter,
    is_private,
    kind_words,
    reference_of,
    same_draft,
    seen_of,
    statement_of,
)
from openregion.cycle.queries.wording import PARTS, Fact, cited, first_words, model_of, words_at_issue
from openregion.cycle.rules import letters as rules
from openregion.people.models import Contact, Member, User
from openregion.record.actions import freeze, index_entry, store_file
from openregion.record.models import JournalLine, StoredFile

Words = Mapping[str, Mapping[str, str]]
"""The texts of a letter: for each part (addressee, title, text, signatory), the words by language."""


@transaction.atomic
def draft_letter(
    *,
    member: Member,
    kind: str,
    facts: Mapping[str, Fact],
    by: User,
    at: dt.datetime,
    cycle: Cycle | None = None,
    subject_type: str = "",
    subject_uid: str = "",
    to_contact: Contact | None = None,
) -> Letter:
    """Begin a letter from the method's model, filled with what is known; what is not stays in braces for a person.

    ``facts`` says what stands for a word in braces: the same words in every
    language, words by language, or a day. When the very same draft is open
    already, as after a double click, that one is given back. Raises ``Refused``
    when the rule says no.
    """
    hold(member)  # two clicks meet here, and the second finds the first one's draft
    refuse_if(rules.why_not_draft_letter(by, member, kind=kind, cycle=cycle, to_contact=to_contact))
    model = model_of(member, kind)
    assert model is not None  # the rule has just said so
    day = timezone.localdate(at)
    words = first_words(model, member=member, facts=facts, today=day, cycle=cycle, contact=to_contact)
    letter = Letter(
        member=member,
        cycle=cycle,
        kind=kind,
        subject_type=subject_type,
        subject_uid=subject_uid,
        to_contact=to_contact,
        private=is_private(to_contact),
        made_at=at,
        **{part: official(at=at, **{lang: clean_text(said) for lang, said in words[part].items()}) for part in PARTS},
    )
    if (same := same_draft(letter)) is not None:
        return same
    letter.save(force_insert=True)
    journal("draft_letter", letter, member, by.reference, at, kind=kind)
    return letter


@transaction.atomic
def revise_letter(letter: Letter, *, words: Words, seen: str, by: User, at: dt.datetime) -> Letter:
    """Word a draft better. ``seen`` marks the words that its editor had read (``queries.seen_of``).

    Raises ``Refused`` when someone else saved other words since, or the rule
    says no. Saving the same words again changes nothing.
    """
    hold(letter)
    given = {part: {lang: clean_text(text) for lang, text in words[part].items()} for part in PARTS}
    new = {part: reworded(getattr(letter, part), given[part], at=at) for part in PARTS}
    if letter.state == Letter.State.DRAFT and new == {part: getattr(letter, part) for part in PARTS}:
        seen = seen_of(letter)
    refuse_if(rules.why_not_revise_letter(by, letter, seen=seen))
    if any(new[part] != getattr(letter, part) for part in PARTS):
        for part in PARTS:
            setattr(letter, part, new[part])
        letter.save(update_fields=list(PARTS))
        journal("revise_letter", letter, letter.member, by.reference, at, kind=letter.kind)
    return letter


@transaction.atomic
def issue_letter(letter: Letter, *, by: User, at: dt.datetime) -> Letter:
    """Issue a letter: it takes the next number of the member's year, its words are frozen, its operations proved.

    Everyone may read it from then on where its model says so, unless it is
    addressed to someone whom the Region does not name in public. Raises
    ``Refused`` when the rule says no: a word still in braces, a language missing.
    """
    hold(letter.member)  # letters take their numbers one after another
    hold(letter)
    refuse_if(rules.why_not_issue_letter(by, letter))
    member, day = letter.member, timezone.localdate(at)
    model = model_of(member, letter.kind)
    assert model is not None  # the rule has just said so
    last = Letter.objects.of(member).filter(year=day.year).aggregate(last=Max("number"))["last"] or 0
    for part, text in words_at_issue(letter, number=last + 1, day=day).items():
        setattr(letter, part, text)
    letter.state, letter.year, letter.number, letter.issued_on = Letter.State.ISSUED, day.year, last + 1, day
    # Whom it is for may have been erased since, or have asked not to be named.
    letter.public = model.public and not (letter.private or is_private(letter.to_contact))
    letter.frozen = freeze(
        statement_of(letter, member),
        kind="letter",
        subject_type="Letter",
        subject_uid=letter.uid,
        member_code=member.slug,
        at=at,
    )
    letter.save(update_fields=[*PARTS, "state", "year", "number", "issued_on", "public", "frozen"])
    line = journal("issue_letter", letter, member, by.reference, at, kind=letter.kind, number=cited(last + 1, day))
    if letter.cycle and model.operations:
        title = kind_words(member, letter.kind)
        for said in title.values():
            said["text"] = f"{said['text']} – {cited(last + 1, day)}"
        prove_by(
            letter.cycle,
            codes=model.operations,
            kind=Proof.Kind.LETTER,
            subject_uid=letter.uid,
            title=title,
            parent=line,
            at=at,
        )
    for entry in entries_of_letter(letter):
        index_entry(member_code=member.slug, **entry)
    return letter


@transaction.atomic
def attach_scan(letter: Letter, *, upload: File, by: User, at: dt.datetime) -> Letter:
    """Join the signed copy to an issued letter, once: it is the proof, and is never replaced.

    Raises ``Refused`` when the rule says no, or the file is neither a PDF nor a photograph.
    """
    hold(letter)
    refuse_if(rules.why_not_attach_scan(by, letter))
    member = letter.member
    scan = store_file(upload=upload, member_code=member.slug, by_ref=by.reference, at=at)
    refuse_if(rules.why_not_this_scan(scan.media_type))  # the file leaves the disk with the transaction
    letter.scan = scan
    letter.save(update_fields=["scan"])
    journal("attach_scan", letter, member, by.reference, at, kind=letter.kind, number=reference_of(letter))
    return letter


@transaction.atomic
def join_signed(
    letter: Letter, *, scan: StoredFile, parent: JournalLine, at: dt.datetime, instead_of: StoredFile | None = None
) -> None:
    """Join to an issued letter the signed copy that another deed received and ruled on, in that deed's transaction.

    A copy the letter has already stays, unless it is the one the deed itself replaces.
    """
    hold(letter)
    if letter.state != Letter.State.ISSUED or (letter.scan_id and letter.scan != instead_of):
        return
    letter.scan = scan
    letter.save(update_fields=["scan"])
    facts = {"kind": letter.kind, "number": reference_of(letter), "parent": parent}
    journal("attach_scan", letter, letter.member, parent.by_ref, at, **facts)


@transaction.atomic
def discard_letter(letter: Letter, *, by: User, at: dt.datetime) -> None:
    """Throw a draft away: nothing of it stays but the line that says so. Raises ``Refused`` when the rule says no."""
    hold(letter)
    refuse_if(rules.why_not_discard_letter(by, letter))
    try:
        letter.delete()
    except ProtectedError as error:
        raise Refused(
            _("This draft belongs to a file that waits for it. Word it better instead, or withdraw that file.")
        ) from error
    journal("discard_letter", letter, letter.member, by.reference, at, kind=letter.kind)
