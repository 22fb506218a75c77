"""What is refused about letters, and why."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.cycle.models import Cycle, Letter
from openregion.cycle.queries.letters import reference_of, seen_of
from openregion.cycle.queries.wording import missing_languages, missing_words, model_of
from openregion.people.models import Contact, Member, User
from openregion.people.rules import why_not_allowed

# A draft that is discarded leaves nothing: it never was a letter.
MOVES: dict[Letter.State, dict[str, Letter.State | None]] = {
    Letter.State.DRAFT: {
        "revise_letter": Letter.State.DRAFT,
        "issue_letter": Letter.State.ISSUED,
        "discard_letter": None,
    },
    Letter.State.ISSUED: {"attach_scan": Letter.State.ISSUED},
}
SCANS = frozenset({"application/pdf", "image/jpeg", "image/png"})
SHOWN = 5


def why_not_draft_letter(
    by: User, member: Member, *, kind: str, cycle: Cycle | None = None, to_contact: Contact | None = None
) -> str:
    """Say why a letter may not be drafted; empty when it may."""
    if reason := why_not_allowed(by, "draft_letter", member):
        return reason
    if model_of(member, kind) is None:
        return _("The method has no letter of this kind. Choose one from the list.")
    if (cycle and cycle.member_id != member.pk) or (to_contact and to_contact.member_id != member.pk):
        return _("This belongs to another space. Only its own people can change it.")
    if to_contact and to_contact.retired_on:
        return _("This contact is retired. Choose another one.")
    return ""


def why_not_revise_letter(by: User, letter: Letter, *, seen: str) -> str:
    """Say why a letter may not be worded anew; empty when it may. ``seen`` marks the words its editor had read."""
    if reason := why_not_allowed(by, "revise_letter", letter.member) or _why_not_now(letter, "revise_letter"):
        return reason
    if seen != seen_of(letter):
        return _(
            "Someone else saved this letter while you were writing. Their words are shown below, and yours are kept "
            "in the form. Put together what you want to keep, then save again."
        )
    return ""


def why_not_issue_letter(by: User, letter: Letter) -> str:
    """Say why a letter may not be issued; empty when it may.

    Nothing in braces may remain in any of its languages, and none may be missing.
    """
    if reason := why_not_allowed(by, "issue_letter", letter.member) or _why_not_now(letter, "issue_letter"):
        return reason
    if model_of(letter.member, letter.kind) is None:
        return _("The method has no letter of this kind. Choose one from the list.")
    if unwritten := missing_languages(letter, letter.member):
        return _("This letter leaves in several languages. Write it whole in: %(languages)s.") % {
            "languages": _(", ").join(unwritten)
        }
    if missing := missing_words(letter, letter.member):
        lang = get_language() or "fr"
        named = dict.fromkeys(
            f"{{{one.code}}} ({one.label.in_(lang)})" if one.label else f"{{{one.code}}}" for one in missing
        )
        shown = [*list(named)[:SHOWN], *(["…"] if len(named) > SHOWN else [])]
        return _("Some words are still in braces: %(words)s. Write what stands there in each language.") % {
            "words": _(", ").join(shown)
        }
    return ""


def why_not_attach_scan(by: User, letter: Letter) -> str:
    """Say why a signed copy may not be attached to a letter; empty when it may."""
    if reason := why_not_allowed(by, "attach_scan", letter.member):
        return reason
    if letter.scan_id:
        return _(
            "The signed copy of this letter is attached already, and is never replaced: it is the proof. "
            "If it is wrong, issue a new letter that says so."
        )
    return _why_not_now(letter, "attach_scan")


def why_not_this_scan(media_type: str) -> str:
    """Say why a file cannot be a signed copy; empty when it can."""
    return (
        "" if media_type in SCANS else _("A signed copy is a PDF, or a photograph in JPEG or PNG. Send one of those.")
    )


def why_not_discard_letter(by: User, letter: Letter) -> str:
    """Say why a draft may not be discarded; empty when it may."""
    return why_not_allowed(by, "discard_letter", letter.member) or _why_not_now(letter, "discard_letter")


def _why_not_now(letter: Letter, deed: str) -> str:
    if deed in MOVES[Letter.State(letter.state)]:
        return ""
    if letter.state == Letter.State.ISSUED:
        return _("This letter is issued, under number %(number)s: its words no longer change. Write another one.") % {
            "number": reference_of(letter)
        }
    return _("This letter is a draft. Issue it first.")
