"""The kit of a workshop, as papers: what the facilitator says, what the tables write, what hangs on the wall.

Everything is in one language, and printed in French and in Arabic. Only the
attendance list holds names: it is for those who keep the door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from openregion.consultation.form_papers import CUT, LINES, bare_address
from openregion.consultation.models import Workshop
from openregion.consultation.queries.counting import ASKED, QUESTIONS
from openregion.consultation.queries.programme import languages_in_words, questions_of, timetable
from openregion.consultation.queries.questions import as_a_name, frame_of
from openregion.consultation.rules.capture import SHEET_PARTS
from openregion.core import dates
from openregion.core.languages import body_lang
from openregion.core.official import OfficialText, text_in, written_in
from openregion.core.paper import (
    Blank,
    Block,
    Fields,
    Heading,
    ItemList,
    Note,
    PageBreak,
    Paper,
    Paragraph,
    Sign,
    Table,
)
from openregion.core.personal_data import personal_data_note
from openregion.cycle.queries.guests import categories_of, guest_lines
from openregion.people.models import Territory

_ROWS_TO_SIGN, _ROWS_TO_AGREE = 24, 14
# Slips on a page, to cut; with more provinces than that to choose among, one.
_SLIPS, _MOST_PLACES = 2, 9

# In the order in which they serve, and what each is for.
KIT: dict[str, tuple[Promise, Promise]] = {
    "guide": (
        gettext_lazy("Facilitation guide"),
        gettext_lazy(
            "For those who facilitate: the day hour by hour, what to say, the questions, how everyone speaks."
        ),
    ),
    "tables": (
        gettext_lazy("Table sheets"),
        gettext_lazy("One for each table: the rapporteur writes on it what the table says."),
    ),
    "contribution": (
        gettext_lazy("Contribution form without a code"),
        gettext_lazy("To spare: its author cannot follow it. Each person is owed a numbered form, with its code."),
    ),
    "evaluation": (
        gettext_lazy("Evaluation form"),
        gettext_lazy("Handed out at the end, without a name."),
    ),
    "takers": (
        gettext_lazy("Who took part"),
        gettext_lazy("Six optional questions on slips to cut, for a box apart from the forms. No name, no code."),
    ),
    "report": (
        gettext_lazy("Report template"),
        gettext_lazy("For the rapporteurs: what the report of the workshop says, in its order."),
    ),
    "signs": (
        gettext_lazy("Signs"),
        gettext_lazy("Large, one a page: welcome, the way, the tables, the zone without filming."),
    ),
    "recording": (
        gettext_lazy("Notice and consent on pictures and recording"),
        gettext_lazy("For the door, where the workshop is filmed, recorded or photographed."),
    ),
    "attendance": (
        gettext_lazy("Attendance list"),
        gettext_lazy("Names, categories, room to sign. For those who keep the door alone."),
    ),
}
PERSONAL = frozenset({"attendance"})


def kit_paper(workshop: Workshop, name: str, *, lang: str) -> Paper:
    """Give a paper of the kit of a workshop, in one language. Raises ``KeyError`` for a name that is not in the kit."""
    lang = body_lang(lang)
    write = _WRITERS[name]
    meeting, member = workshop.meeting, workshop.meeting.member
    with override(lang):
        return Paper(
            title=str(KIT[name][0]),
            subtitle=text_in(meeting.title, lang),
            kind=_("Workshop kit"),
            lang=lang,  # type: ignore[arg-type]
            reference=_("Workshop no. %(number)s") % {"number": meeting.number},
            address="" if name in PERSONAL else settings.SITE + reverse("workshop", args=[member.slug, meeting.number]),
            notice=_("Demonstration: this Region, its people and its texts are invented.") if member.invented else "",
            sheets=True,
            blocks=tuple(write(workshop, lang)),
        )


# --- the guide --------------------------------------------------------------------


def _guide(workshop: Workshop, lang: str) -> Iterator[Block]:
    yield _where_and_when(workshop, lang, whole=True)
    if text_in(workshop.meeting.purpose, lang):
        yield Heading(1, _("Why we meet"))
        yield _said(workshop.meeting.purpose, lang)
    yield Heading(1, _("Hour by hour"))
    yield _hours(workshop)
    yield Note(_("Hours may slip: cut the presentation before you cut the tables, and keep the closing whole."))
    yield Heading(1, _("What to present"))
    yield Paragraph(
        _("Open government means that people know what the Region does, take part in it, and can hold it to its word.")
    )
    yield Paragraph(_("The diagnosis that we make together stands on these references:"))
    yield ItemList(tuple(as_a_name(text.in_(lang)) for _code, text in frame_of(workshop.consultation.cycle)))
    yield Heading(1, _("Questions for the tables"))
    yield from _questions(workshop, lang)
    yield Heading(1, _("Who does what"))
    yield Heading(2, _("Who facilitates"))
    yield ItemList(
        (
            _("Keeps the time, and says aloud what comes next."),
            _("Gives the floor in turn, and first to whoever has not spoken: women, young people, those from far."),
            _("Asks for what was seen and lived before asking for solutions."),
            _("Does not give an opinion, and does not answer for the Region."),
            _("Stops insults and remarks on persons at once, kindly."),
        )
    )
    yield Heading(2, _("Who takes notes"))
    yield ItemList(
        (
            _("Writes what people say in their own words, in the language they say it in."),
            _("Writes no name, and nothing on anyone's private life or health."),
            _("Reads the sheet aloud before the sharing, so that the table corrects it."),
            _("Writes down disagreements too: nobody has to agree."),
            _("Hands in the sheet before leaving, or sends it from a telephone once there is a network."),
        )
    )
    yield Heading(1, _("So that everyone can take part"))
    yield ItemList(
        (
            _("Read each form aloud: many people do not read, and nobody has to say so."),
            _("Speak the languages of the table; darija and tamazight are written down as they are spoken."),
            _("Face the person who reads lips, and let the interpreter finish."),
            _("Nobody is filmed or photographed without agreeing to it. Show the zone without filming."),
            _("Leave five minutes of silence for those who write, before the table talks."),
        )
    )
    yield Heading(1, _("What becomes of what is said"))
    if text_in(workshop.consultation.promise, lang):
        yield _said(workshop.consultation.promise, lang)
    yield ItemList(
        (
            _("Each contribution is read, and published in the person's own words."),
            _("The Region answers in public, and says why."),
            _("Each person can follow what they gave with the code on the stub of their form."),
        )
    )
    yield Heading(1, _("On each table"))
    n = workshop.tables
    yield ItemList(
        (
            ngettext("The table's number, for %(n)s table", "The table's number, for %(n)s tables", n) % {"n": n},
            _("A table sheet and two pens for the rapporteur"),
            _("Numbered contribution forms: one a person, and some to spare"),
            _("Sticky notes or small papers, and markers"),
            _("Water"),
        )
    )


def _hours(workshop: Workshop) -> Table:
    head = (_("Begins"), _("Ends"), _("What happens"), _("What you do"))
    rows = tuple((f"{one.starts:%H:%M}", f"{one.ends:%H:%M}", one.label, one.about) for one in timetable(workshop))
    return Table(_("The programme of the workshop"), head, rows, widths=(3, 3, 7, 11))


def _questions(workshop: Workshop, lang: str) -> Iterator[Block]:
    asked: OfficialText | None = None
    if workshop.theme is None:
        asked = workshop.consultation.question
        yield _said(asked, lang)
    silent = []
    for name, question in questions_of(workshop):
        if question and question != asked:
            if text_in(name, lang):
                yield Heading(2, text_in(name, lang))
            yield _said(question, lang)
        elif text_in(name, lang):
            silent.append(text_in(name, lang))
    if silent:
        yield Paragraph(_("Speak of each of these:"))
        yield ItemList(tuple(silent))
    yield Paragraph(_("Each time, ask:"))
    yield ItemList(
        (
            _("What works, and what does not? Where, since when, for whom?"),
            _("What should be done, and by whom?"),
            _("What would it change, and how would we see it?"),
        ),
        numbered=True,
    )


# --- what is written there ----------------------------------------------------------


def _tables(workshop: Workshop, lang: str) -> Iterator[Block]:
    yield Note(
        _("Write what the table says, in its own words and languages. Write no name. What is not agreed has its place.")
    )
    yield ItemList(
        (
            _("One page a table: print it alone, and leave it on the table with two pens."),
            _("Read it aloud before the sharing, and correct it with the table."),
            _("Photograph it, or hand it in, before you leave."),
        )
    )
    for number in range(1, workshop.tables + 1):
        yield PageBreak()
        yield Heading(1, _("Table %(number)s") % {"number": number})
        pairs = [(_("Theme"), text_in(workshop.theme.name, lang) if workshop.theme else "")]
        pairs += [(_("Who facilitates"), ""), (_("Who takes notes"), ""), (_("People, and women among them"), "")]
        yield Fields(tuple(pairs), by_hand=True)
        yield Blank(_("Problems seen: where, since when, for whom"), lines=6)
        yield Blank(str(SHEET_PARTS["recommendations"]), lines=7)
        yield Table(
            str(SHEET_PARTS["priorities"]),
            (_("Rank"), _("What matters most"), _("Marks")),
            tuple((str(rank), "", "") for rank in range(1, 4)),
            row_headers=True,
            widths=(2, 12, 3),
            by_hand=True,
        )
        yield Blank(str(SHEET_PARTS["disagreements"]), lines=4)


def _contribution(workshop: Workshop, lang: str) -> Iterator[Block]:
    yield _said(workshop.consultation.question, lang)
    yield Note(
        _(
            "Any one of the three boxes is enough. Write in the language you like, darija too. Write no name: your "
            "words are published as you write them, once they are read. To follow them, ask for a numbered form."
        )
    )
    yield Fields(((_("Day"), ""), (_("Place it speaks of"), "")), by_hand=True)
    yield Blank(_("The problem you see"), lines=LINES)
    yield Blank(_("Your idea"), lines=LINES)
    yield Blank(_("What it would change"), lines=LINES)
    yield personal_data_note(
        who=text_in(workshop.meeting.member.name, lang),
        why=_("to publish your words and to answer them"),
        until=_("without limit: without a code they cannot be found again"),
    )


def _evaluation(workshop: Workshop, lang: str) -> Iterator[Block]:
    yield Note(_("Write no name: your answers help to make the next workshop better. They are counted together."))
    asked = (
        _("Did you know before coming what would be asked of you?"),
        _("Could you say what you wanted to say?"),
        _("Could you say it in your language?"),
        _("Was everyone at your table listened to?"),
        _("Was the time enough?"),
        _("Were the place and the hour within your reach?"),
        _("Do you know what becomes of what was said?"),
        _("Would you come again?"),
    )
    yield Table(
        _("Put a cross in one box of each line"),
        (_("Question"), _("Yes"), _("In part"), _("No")),
        tuple((one, "", "", "") for one in asked),
        row_headers=True,
        widths=(9, 2, 2, 2),
        by_hand=True,
    )
    yield Blank(_("What should stay as it was, and what should change?"), lines=8)


def _takers(workshop: Workshop, lang: str) -> Iterator[Block]:
    steps = (
        _("Print the slips alone, one for each person, and cut them. They are all the same: no number, no code."),
        _("Hand them out with the forms, and say that nobody has to fill one."),
        _("People fold them and drop them in a box apart, never with their form: nothing joins the two again."),
        _("Empty the box at the end, mix the slips, type each in, then destroy them."),
    )
    yield Heading(1, _("How to use the slips"))
    yield ItemList(steps, numbered=True)
    yield Fields(((_("Where they are typed in"), _typed_at(workshop)),))
    places = tuple(one.name_in(lang) for one in Territory.objects.of(workshop.meeting.member))
    for nth in range(_SLIPS if len(places) <= _MOST_PLACES else 1):
        yield Paragraph(CUT) if nth else PageBreak()
        yield from _slip(workshop, lang, places)


def _slip(workshop: Workshop, lang: str, places: tuple[str, ...]) -> Iterator[Block]:
    """Ask what the page "Who takes part?" asks, in its words: what is typed in from the slip is what was answered."""
    yield Heading(2, _("Who takes part?"))
    yield Paragraph(_("Answer what you like. No name. Put it in the box, apart from your form."))
    for name, answers in ASKED.items():
        yield Blank(str(QUESTIONS[name]), kind="choice", choices=tuple(map(str, answers.values())), in_a_row=True)
        if name == "age_band" and places:
            yield Blank(_("Province or prefecture where you live"), kind="choice", choices=places, in_a_row=True)
    yield personal_data_note(
        who=text_in(workshop.meeting.member.name, lang),
        why=_("your answers are counted with everybody's, in groups that are never small"),
        until=_(
            "without limit, since they lead to nobody; for the same reason they cannot be found again to be erased"
        ),
    )


def _report(workshop: Workshop, lang: str) -> Iterator[Block]:
    yield _where_and_when(workshop, lang)
    yield Note(
        _(
            "One report a workshop, from the sheets of all tables. Say how many, never who. Write the day, and hand it "
            "in within a week, while memory is fresh."
        )
    )
    yield Heading(1, _("Who came"))
    categories = tuple((label, "", "", "") for label in (*categories_of(workshop.meeting.member).values(), _("Other")))
    yield Table(
        _("Who came, by category"),
        (_("Category"), _("Women"), _("Men"), _("All")),
        categories,
        row_headers=True,
        widths=(9, 2, 2, 2),
        by_hand=True,
    )
    yield Heading(1, _("What was said"))
    for name, _question in questions_of(workshop):
        yield Blank(text_in(name, lang) or _("Problems seen: where, since when, for whom"), lines=10)
    yield Heading(1, _("What comes out of it"))
    yield Blank(_("Recommendations, and how many tables made each"), lines=13)
    yield Table(
        _("Priorities, with their marks"),
        (_("Rank"), _("What matters most"), _("Marks")),
        tuple((str(rank), "", "") for rank in range(1, 6)),
        row_headers=True,
        widths=(2, 12, 3),
        by_hand=True,
    )
    yield Blank(_("Disagreements, with the reasons of each side"), lines=9)
    yield Blank(_("Words to remember, as they were said and without a name"), lines=6)
    yield Heading(1, _("How it went"))
    yield Blank(_("Did the programme hold? What was cut?"), lines=5)
    yield Blank(_("Who was missing, and why?"), lines=5)
    yield Blank(_("What the evaluation forms say"), lines=5)
    yield Heading(1, _("Signed"))
    yield Paragraph(_("Name of the rapporteur, day and signature:"))
    yield Blank("", lines=2, kind="box")


# --- the door and the walls -----------------------------------------------------------


def _attendance(workshop: Workshop, lang: str) -> Iterator[Block]:
    head = (_("No."), _("Name"), _("Organisation"), _("Category"), _("Signature"))
    widths = (2, 6, 6, 5, 5)
    guests = guest_lines(workshop.meeting, workshop.meeting.member)
    rows = tuple((str(place), one.name, one.organisation, one.category, "") for place, one in enumerate(guests, 1))
    yield _where_and_when(workshop, lang)
    # Before the names: it is read while one may still choose not to sign.
    yield personal_data_note(
        who=text_in(workshop.meeting.member.name, lang),
        why=_("names serve to note who came; in public they are only counted by category"),
        until=_("as long as the meeting is in the register; erased when the person asks, but for the minutes"),
    )
    yield Note(
        _(
            "Nobody has to give a name: whoever prefers not to is counted in their category alone. This list holds "
            "names. Keep it with the team, and hand it to nobody else."
        )
    )
    if rows:
        yield Table(_("Participants"), head, rows, widths=widths, by_hand=True)
    caption = _("Others who came") if rows else _("Participants")
    yield Table(caption, head, (("", "", "", "", ""),) * _ROWS_TO_SIGN, widths=widths, by_hand=True)


def _signs(workshop: Workshop, lang: str) -> Iterator[Block]:
    yield Paragraph(_("Print the pages you need, in both languages, and hang the two side by side."))
    yield ItemList(
        (
            _("Welcome and registration, at the door"),
            _("The way to the workshop: an arrow to the left, to the right, straight on"),
            _("The entrance without steps"),
            _("The zone without filming"),
            _("A number for each table"),
        )
    )
    yield Sign(_("Welcome"))
    yield Sign(_("Registration"))
    yield Sign(_("Workshop"), pointing="left")
    yield Sign(_("Workshop"), pointing="right")
    yield Sign(_("Workshop"), pointing="ahead")
    yield Sign(_("Entrance without steps"), pointing="left")
    yield Sign(_("Entrance without steps"), pointing="right")
    yield Sign(_("No filming, no photographs here"))
    for number in range(1, workshop.tables + 1):
        yield Sign(_("Table"), str(number))


def _recording(workshop: Workshop, lang: str) -> Iterator[Block]:
    member = text_in(workshop.meeting.member.name, lang)
    yield _where_and_when(workshop, lang)
    yield Heading(1, _("This workshop is filmed, recorded or photographed"))
    yield Fields(
        (
            (_("By whom"), member),
            (_("What for"), _("To report on the consultation, and to show that it took place.")),
            (_("Where it is shown"), ""),
            (_("Kept until"), ""),
            (_("To ask, correct or have it erased"), ""),
        ),
        by_hand=True,
    )
    yield ItemList(
        (
            _("Nobody has to be filmed, recorded or photographed. Refusing changes nothing to how you take part."),
            _("A zone without filming is kept in the room, marked by a sign. Sit there if you prefer."),
            _("Children are filmed only when whoever answers for them has signed."),
            _("You may change your mind later: say so at the address above. Law 09-08 gives you this right."),
        )
    )
    yield PageBreak()
    yield Heading(1, _("I agree to be filmed, recorded or photographed"))
    yield Note(_("Sign only if you agree. Whoever does not sign is not shown. Keep this sheet with the team."))
    yield personal_data_note(
        who=member,
        why=_("your name and signature prove that you agree to be shown"),
        until=_("as long as the pictures and recordings are; the day is on the notice"),
    )
    yield Table(
        _("Who agrees"),
        (_("Name"), _("Picture"), _("Voice"), _("Day and signature")),
        (("", "", "", ""),) * _ROWS_TO_AGREE,
        widths=(6, 2, 2, 5),
        by_hand=True,
    )


_WRITERS: dict[str, Callable[[Workshop, str], Iterable[Block]]] = {
    "guide": _guide,
    "tables": _tables,
    "contribution": _contribution,
    "evaluation": _evaluation,
    "takers": _takers,
    "report": _report,
    "signs": _signs,
    "recording": _recording,
    "attendance": _attendance,
}


# --- what several papers say the same way -----------------------------------------------


def _where_and_when(workshop: Workshop, lang: str, *, whole: bool = False) -> Fields:
    meeting = workshop.meeting
    pairs = [(_("Consultation"), text_in(workshop.consultation.title, lang))]
    if workshop.theme:
        pairs.append((_("Theme"), text_in(workshop.theme.name, lang)))
    pairs.append((_("Day and hour"), dates.instant(meeting.starts_at, lang)))
    if whole and meeting.ends_at:
        pairs.append((_("Ends at"), f"{timezone.localtime(meeting.ends_at):%H:%M}"))
    if place := text_in(meeting.place, lang):
        pairs.append((_("Place"), place))
    if workshop.province:
        pairs.append((_("Province or prefecture"), workshop.province.name_in(lang)))
    if whole:
        pairs.append((_("Tables"), dates.whole(workshop.tables)))
        if workshop.capacity:
            pairs.append((_("People the place holds"), dates.whole(workshop.capacity)))
        if spoken := languages_in_words(workshop.languages):
            pairs.append((_("Languages"), _(", ").join(spoken)))
        if text_in(workshop.access, lang):
            pairs.append((_("How to get in"), text_in(workshop.access, lang)))
    return Fields(tuple(pairs))


def _typed_at(workshop: Workshop) -> str:
    where = [workshop.meeting.member.slug, workshop.consultation.slug]
    return bare_address(reverse("about_you", args=where) + "?channel=workshop")


def _said(text: OfficialText, lang: str) -> Paragraph:
    written, words = written_in(text, lang)
    return Paragraph(words, written if written != lang else None)
