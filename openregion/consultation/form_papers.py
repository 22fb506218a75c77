"""The contribution forms that people fill by hand, as papers: numbered, each with a stub to tear off."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.consultation import codes, queries
from openregion.consultation.models import PaperBatch
from openregion.core.official import text_in
from openregion.core.paper import Blank, Block, Fields, Heading, ItemList, Note, PageBreak, Paper, Paragraph, Table
from openregion.core.personal_data import personal_data_note

# Without a break between its groups a code keeps its order in an Arabic line.
_HELD = "\u00a0"
# Where a stub or a slip is cut along.
CUT = ("– " * 40).strip()
_ONE_LINE = 70
LINES = 6  # to write on, in each part: a form and its stub still stay one page


def forms_paper(batch: PaperBatch) -> Paper:
    """Give a batch as a paper: a first page for the team, then a page for each form; always the same."""
    one, lang = batch.consultation, batch.lang
    with override(lang):
        return Paper(
            title=_("Contribution forms"),
            subtitle=text_in(one.title, lang),
            lang=lang,  # type: ignore[arg-type]
            reference=_("Batch no. %(number)s") % {"number": batch.number},
            dated=timezone.localdate(batch.made_at),
            notice=_("Demonstration: this Region, its people and its texts are invented.")
            if one.cycle.member.invented
            else "",
            sheets=True,
            blocks=(*_first_page(batch), *_forms(batch)),
        )


def _first_page(batch: PaperBatch) -> Iterator[Block]:
    first, last = (queries.form_label(batch.number, serial) for serial in (1, batch.forms))
    pairs = [(_("First number"), first), (_("Last number"), last)]
    if batch.workshop:
        pairs.insert(0, (_("Workshop"), text_in(batch.workshop.meeting.title, batch.lang)))
    yield Fields(tuple(pairs))
    steps = (
        _("Give each person one form. One box filled is enough, in any language."),
        _("The person tears off the stub and leaves with it: its code is theirs alone."),
        _("Collect the forms without their stubs. Photograph each: nothing is checked without its picture."),
        _("What one person types, another checks. Only then is it a contribution."),
        _("Never photocopy a form: its code would go to two people. Throw away those that nobody used, stubs too."),
    )
    yield ItemList(steps, numbered=True)


def _forms(batch: PaperBatch) -> Iterator[Block]:
    alike, notice = tuple(_asked(batch)), (_notice(), _personal_data(batch))
    stub = _("Keep this stub, and show it to nobody")
    address = bare_address(queries.follow_address(batch.consultation.cycle.member))
    head = (_("Code"), _("Form"), _("To follow it"))
    for serial in range(1, batch.forms + 1):
        label = queries.form_label(batch.number, serial)
        code = codes.grouped(codes.code_of(codes.ticket_of_form(batch.uid, serial))).replace(" ", _HELD)
        yield PageBreak()
        yield Heading(1, _("Form %(number)s") % {"number": label})
        yield from alike
        yield from notice
        yield Paragraph(CUT)
        yield Table(caption=stub, head=head, rows=((code, label, address),), widths=(4, 3, 6))


def _asked(batch: PaperBatch) -> Iterator[Block]:
    """Ask what every form of a batch asks."""
    # On one line: a long title would push the stub to another sheet. The first page has it whole.
    yield Paragraph(Truncator(text_in(batch.consultation.title, batch.lang)).chars(_ONE_LINE))
    yield Fields(((_("Day"), ""), (_("Place it speaks of"), "")), by_hand=True)
    yield Blank(_("The problem you see: what does not work, where, for whom"), lines=LINES)
    yield Blank(_("Your idea: what should be done"), lines=LINES)
    yield Blank(_("What it would change, and for whom"), lines=LINES)


def _notice() -> Note:
    return Note(
        _(
            "Any one box is enough. Do not write your name. Your words are read, then published as you wrote them; "
            "with your code you follow them, or have them erased."
        )
    )


def _personal_data(batch: PaperBatch) -> Note:
    return personal_data_note(
        who=text_in(batch.consultation.cycle.member.name, batch.lang),
        why=_("to publish your words and to answer them"),
        until=_("without limit, or until you ask with your code for them to be erased"),
    )


def bare_address(address: str) -> str:
    """Give a page's whole address as people copy it."""
    return f"{settings.SITE}{address}".removeprefix("https://").removeprefix("http://")
