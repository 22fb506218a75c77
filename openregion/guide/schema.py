"""What a version of the methodology may contain, field by field.

A committee edits the YAML files of ``guide/<version>/``; these schemas refuse
whatever they do not know (an unknown key is an error, not a surprise), and
every text must exist in French, Arabic and English. The objects are frozen:
nothing in the platform can change the method while it runs.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Version = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-.][a-z0-9]+)*$")]  # a wording fix is a .1
DeedName = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z0-9]+)*$")]
StoredIn = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Confidence = Literal["verified", "high", "medium", "low"]
Authority = Literal["guide", "law", "ogp", "practice"]


class Strict(BaseModel):
    """Frozen, and closed to keys it does not know.

    The lines under a field are what the published JSON Schema says of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Text(Strict):
    """The same words in the working languages; Amazigh only where vouched for."""

    fr: Words
    ar: Words
    en: Words
    zgh: Words | None = None

    def in_(self, lang: str) -> str:
        """Give the words in ``lang``, or in French where they do not exist."""
        return getattr(self, lang, None) or self.fr

    def lang_in(self, lang: str) -> str:
        """Say which language ``in_`` really answers in, for the ``lang`` attribute."""
        return lang if getattr(self, lang, None) else "fr"


class Printed(Strict):
    """Words the guide prints: the French is its own, verbatim, with its place."""

    code: Code
    text: Text
    """The words; the French is verbatim."""
    place: Words
    """Where in the guide they are printed; "OGP" when they are OGP's and ours to word."""


class Fact(Printed):
    """A dated fact the guide states, which time may overtake."""

    dated: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
    """The year, month or day the fact is true of."""
    source: Words
    """Where it was read."""
    confidence: Confidence
    """How sure we are of it."""


class Directive(Printed):
    """One of the guide's directives for a plan, and the row of the check that watches it."""

    row: Annotated[str, StringConstraints(pattern=r"^C[0-9]$")]
    """The row of the requirements whose check watches it, C1 to C8."""


class ValueList(Strict):
    """One of the lists of values that stand side by side in the guide and at OGP."""

    code: Code
    title: Text
    place: Words
    items: tuple[Printed, ...]


class ValueMapping(Strict):
    """One OGP value, and what answers to it in each of the other lists (row C9)."""

    ogp: Code
    """A value in the list `ogp`."""
    programme: tuple[Code, ...]
    """The values of the local programme that answer to it."""
    diagnosis: tuple[Code, ...]
    """The references of the participatory diagnosis that answer to it."""
    tests: tuple[Code, ...]
    """The tests of annex 2 that answer to it."""
    note: Text


class Difference(Strict):
    """Where the guide and today's OGP Local rules part, and what the platform does."""

    code: Code
    topic: Text
    guide_says: Text
    """What the guide says, in short."""
    today: Text
    """What OGP Local asks or does today."""
    consequence: Text
    """What the platform does about it."""
    source: Words
    confidence: Confidence


class BodyKind(Strict):
    """A body the process needs, kept apart from the others."""

    code: Code
    title: Text
    remit: Text
    place: Words
    never_with: tuple[Code, ...] = ()
    """Kinds whose part one body may never fill together with this one."""


class Contact(Printed):
    """An address the guide prints, as printed in 2021, and today's when known."""

    printed: Words
    """The address as printed in 2021."""
    today: Words | None = None
    """Today's address, when it is known and differs."""
    source: Words


class Book(Strict):
    """``guide.yaml``: the frame of the method and all that is not a step or a form."""

    code: Code
    number: Words
    """The number of the guide in its collection."""
    title: Text
    publisher: Text
    published: int
    """The year of publication."""
    scope: Literal["region", "province", "commune"]
    """The level of territorial authority the guide is for."""
    context: tuple[Printed, ...]
    audiences: tuple[Printed, ...]
    objectives: tuple[Printed, ...]
    axes: tuple[Printed, ...]
    programme: tuple[Printed, ...]
    reasons: tuple[Printed, ...]
    facts: tuple[Fact, ...]
    eligibility: tuple[Printed, ...]
    admissibility: tuple[Printed, ...]
    membership: tuple[Printed, ...]
    duties: tuple[Printed, ...]
    support_unit: tuple[Printed, ...]
    contacts: tuple[Contact, ...]
    candidacy: tuple[Printed, ...]
    plan: tuple[Printed, ...]
    directives: tuple[Directive, ...]
    value_lists: tuple[ValueList, ...]
    value_mapping: tuple[ValueMapping, ...]
    bodies: tuple[BodyKind, ...]
    differences: tuple[Difference, ...]


class Actor(Strict):
    """Someone the guide names, and where the platform seats them.

    ``role`` signs in and acts; ``seat`` sits in a body; ``directory`` is a
    category of the stakeholder directory. ``of`` names that role, body or
    category.
    """

    code: Code
    label: Text
    seated_as: Literal["role", "seat", "directory"]
    of: Code
    """The code of the role, kind of body or category of the directory."""


class Role(Strict):
    """What a person signs in as, in whose name, and the deeds that go with it."""

    code: Code
    label: Text
    about: Text
    deeds: tuple[DeedName, ...]
    """The names of the deeds that go with the role."""


class Reference(Strict):
    """A law, site or document that the guide leans on."""

    code: Code
    title: Text
    kind: Literal["law", "rules", "site", "document", "plan"]
    url: Words | None = None
    """Today's address."""
    printed: Words | None = None
    """The address as the guide prints it."""


class StakeholderLine(Printed):
    """One line of a stakeholder table, and the actors it means."""

    actors: Annotated[tuple[Code, ...], Field(min_length=1)]
    """The actors that the line means."""


class Operation(Printed):
    """One operation of a procedure: the deeds that prove it done, the forms it uses, the duties it serves.

    Its words and its place are the guide's; the rest is ours.
    """

    note: Text | None = None
    """A remark of ours beside the operation."""
    proved_by: tuple[DeedName, ...] = ()
    """The deeds, any of which proves the operation done."""
    forms: tuple[Code, ...] = ()
    """The forms that the operation uses."""
    duties: tuple[Code, ...] = ()
    """The point of contact's duties of coordination that it serves."""


class ReferenceLine(Printed):
    """One line of a procedure's references, and the references it cites."""

    cites: Annotated[tuple[Code, ...], Field(min_length=1)]
    """The references that the line cites."""


class Procedure(Strict):
    """A table of the guide: who, to what end, what is done, on what ground."""

    code: Code
    title: Text
    place: Words
    stakeholders: tuple[StakeholderLine, ...]
    objectives: tuple[Printed, ...] = ()
    operations: tuple[Operation, ...]
    references: tuple[ReferenceLine, ...]


class Stage(Strict):
    """A candidacy step or a phase of the plan; a phase may hold several procedures."""

    code: Code
    part: Literal["candidacy", "plan"]
    """Candidacy, or the plan of the open Region."""
    number: int
    title: Text
    short: Text
    """A short title of ours, for lists and drawings."""
    place: Words
    intro: Text
    """What the stage is for."""
    frame: tuple[Printed, ...] = ()
    """The frame of reference the guide gives the stage, where there is one."""
    procedures: Annotated[tuple[Procedure, ...], Field(min_length=1)]


class Choice(Strict):
    """One answer offered by a question, in the form's own words."""

    code: Code
    label: Text


class Question(Strict):
    """A question of an official form: its label, and what becomes of the answer.

    ``stores`` names the model and field that keep the answer; ``free`` says the
    answer belongs to the form alone. A heading asks nothing and has neither.
    """

    code: Code
    label: Text
    help: tuple[Text, ...] = ()
    """Advice that comes before the answer."""
    kind: Literal["text", "long-text", "yes-no", "number", "date", "period", "choice", "rows"]
    stores: StoredIn | None = None
    """The model and field that keep the answer."""
    free: bool = False
    """True when the answer belongs to the form alone."""
    choices: tuple[Choice, ...] = ()
    columns: tuple[Question, ...] = ()
    """For a question of kind rows: what each row asks."""

    @model_validator(mode="after")
    def _says_where_the_answer_goes(self) -> Question:
        if bool(self.stores) == self.free:
            raise ValueError("a question says either `stores: model.field` or `free: true`")
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("a question of kind choice lists its `choices`, and no other does")
        if (self.kind == "rows") != bool(self.columns):
            raise ValueError("a question of kind rows lists its `columns`, and no other does")
        return self


class QuestionGroup(Strict):
    """A criterion, a section or a block of a form, with its questions."""

    code: Code
    label: Text | None = None
    help: tuple[Text, ...] = ()
    questions: tuple[Question, ...]


class Form(Strict):
    """An official form, readable, fillable, printable blank: an annex of the guide, or OGP's own record."""

    code: Code
    number: int | None = None
    """The number of the annex; none for a form that is no annex of the guide."""
    says: Literal["guide", "ogp"] = "guide"
    """Who asks: the guide, whose words are verbatim, or OGP, whose words are ours."""
    title: Text
    about: Text
    place: Words
    shape: Literal["matrix", "sheet", "canvas"]
    """matrix: criteria and questions; sheet: one subject; canvas: the sections of a document."""
    columns: tuple[Text, ...] = ()
    groups: Annotated[tuple[QuestionGroup, ...], Field(min_length=1)]
    closing: Text | None = None
    """What the form says after its last question."""

    @model_validator(mode="after")
    def _is_an_annex_of_the_guide_or_none(self) -> Form:
        if (self.number is None) != (self.says == "ogp"):
            raise ValueError("a form of the guide has the `number` of its annex; one that says `ogp` has none")
        return self


class Band(Strict):
    """A value that holds below (or up to) a population."""

    population_below: int | None = None
    population_up_to: int | None = None
    value: float


class Rule(Strict):
    """A delay or a threshold: value, unit, ground, how sure, since when.

    Below ``verified`` a rule may warn and never blocks; a member may override
    any of them with a reason and a source.
    """

    code: Code
    topic: Code
    says: Authority
    """Who sets the rule: the guide, the law or OGP."""
    title: Text
    value: float | None = None
    """The figure, in the unit given."""
    bands: tuple[Band, ...] = ()
    """The figure by population, smallest first; the last has no bound."""
    unit: Literal[
        "days",
        "working-days",
        "clear-days",
        "months",
        "years",
        "signatures",
        "share",
        "commitments",
        "meetings-a-year",
        "times-a-year",
        "count",
        "statement",
    ]
    counted_from: Text | None = None
    """What a delay is counted from."""
    counted_back: bool = False
    """True when the delay is counted back from a day to come: act before it, at the latest."""
    good_practice: bool = False
    """True for what binds national members only: for a Region it is good practice, and shown as such."""
    months: tuple[Literal[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], ...] = ()
    """The months of the year in which what the rule speaks of comes round."""
    opens_on: Literal["first-monday"] | None = None
    """The day of those months on which it opens."""
    about: Text
    article: Words | None = None
    """The article of law."""
    source: Words
    """Where the rule was read."""
    confidence: Confidence
    """Verified in its source, or not yet; below verified it warns and never blocks."""
    effective_on: dt.date
    """The day from which it holds."""

    @model_validator(mode="after")
    def _has_a_value_or_is_a_statement(self) -> Rule:
        given = (self.value is not None) + bool(self.bands)
        if given != (0 if self.unit == "statement" else 1):
            raise ValueError("a rule has one `value`, or `bands`, or is a `statement` and has none")
        if bool(self.months) != bool(self.opens_on):
            raise ValueError("a rule that comes round says its `months` and the day it `opens_on`, or neither")
        return self


class Topic(Strict):
    """A heading under which rules are read."""

    code: Code
    title: Text


class LetterWord(Strict):
    """A word in braces that letters may use, and what stands in its place."""

    code: Code
    label: Text
    """What a person is asked to write there, when the platform does not know it."""


class LetterModel(Strict):
    """The wording an official letter or paper starts from, in the languages it leaves in.

    ``{words in braces}`` are filled from what the platform knows; those it does
    not know are left for a person, and a letter is not issued while one remains.
    """

    code: Code
    title: Text
    """What the paper is called, in lists and on its own head."""
    languages: tuple[Literal["fr", "ar", "en"], ...] = ("fr", "ar")
    """The languages it is issued in."""
    addressee: Text
    """To whom it is written."""
    signatory: Text
    """In whose name it is signed: the function, not the person."""
    subject: Text
    """Its subject line."""
    body: Text
    """Its text: paragraphs parted by an empty line; "- " begins an item, "# " a heading, "## " a lesser one."""
    operations: tuple[Code, ...] = ()
    """The operations that issuing it proves done."""
    public: bool = False
    """True when everyone may read it once issued."""
    signed: bool = True
    """False when nobody signs it by hand: no signed copy is awaited."""
    letterhead: Literal["region", "signatory"] = "region"
    """In whose name it is headed: the Region's, or that of the body which signs it."""


class Guide(Strict):
    """A whole version of the methodology."""

    version: Version
    """The name of the folder."""
    book: Book
    actors: tuple[Actor, ...]
    directory: tuple[Choice, ...]
    roles: tuple[Role, ...]
    references: tuple[Reference, ...]
    topics: tuple[Topic, ...]
    rules: tuple[Rule, ...]
    stages: tuple[Stage, ...]
    forms: tuple[Form, ...]
    letters: tuple[LetterModel, ...] = ()
    letter_words: tuple[LetterWord, ...] = ()
