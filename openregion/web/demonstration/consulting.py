"""Second act: the public is asked, hundreds answer, the Region says what it heard and what it decides."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from typing import Any

from openregion.consultation import actions as consultation
from openregion.consultation.actions.capture import Captured
from openregion.consultation.models import Consultation, Contribution, Theme, Workshop
from openregion.core.official import official
from openregion.cycle import actions as cycle
from openregion.cycle.models import Cycle
from openregion.diagnosis import actions as diagnosis
from openregion.diagnosis.models import Finding
from openregion.guide import queries as guides
from openregion.people.models import Member, Territory, User
from openregion.plan import actions as plan
from openregion.plan.models import ReasonedResponse
from openregion.web.demonstration.founding import Founding, morning, read, words

VOTED = dt.date(2025, 6, 19)  # the eve of the plan's freezing
TICKET = "demonstration"  # its tracking code is told when the demonstration is loaded


def opened(entry: dict[str, Any], member: Member, by: User) -> Cycle:
    """Open a cycle of the script and give its stages their days."""
    at = morning(entry["opened_on"])
    made = cycle.open_cycle(member=member, kind=entry["kind"], opened_on=entry["opened_on"], by=by, at=at)
    for stage in made.stages.order_by("pk"):
        first, last = entry["stages"][stage.code]
        cycle.date_stage(stage, starts_on=first, ends_on=last, by=by, at=at)
    return made


class Consulting:
    """The consultations, the moderation, the findings and the answers, each at its own day."""

    def __init__(self, stage: Founding) -> None:
        self.founding = stage
        self.script = stage.process
        self.member = stage.member
        self.contact = stage.person("point-of-contact")
        self.moderator = stage.person("moderator")
        self.helper = stage.person("assistant")
        self.coordinator, self.rapporteur = stage.person("coordinator"), stage.person("rapporteur")
        self.taking_part = read("taking_part.yaml")
        self.places = {one.code: one for one in Territory.objects.of(self.member)}
        self.by_need: dict[str, list[Contribution]] = defaultdict(list)
        self.by_consultation: dict[str, list[Contribution]] = defaultdict(list)
        self.findings: dict[str, Finding] = {}
        self.responses: dict[str, list[ReasonedResponse]] = defaultdict(list)
        self.workshops: dict[str, Workshop] = {}
        self.code = ""

    def play(self) -> None:
        """Play it up to the plan's vote: what a plan states is what was known that day."""
        self.cycle = self.open(next(one for one in self.script["cycles"] if one["kind"] == "plan"))
        said = self.taking_part["asked"]
        self.consultations = {
            entry["slug"]: self.ask(entry | {"said": said[entry["slug"]]}) for entry in self.script["consultations"]
        }
        asked = self.consultations["priorites"]
        for entry in self.taking_part["workshops"]:
            self.workshops[entry["key"]] = self.plan(entry, asked, dt.date(2025, 1, 17))
        self.hear()
        for entry in self.script["later"]:
            if entry["day"] <= VOTED:
                self.hear_later(entry)
        for number, entry in enumerate(self.script["findings"]):
            self.find(entry, day=dt.date(2025, 3, 24) + dt.timedelta(days=number))
        for entry in self.script["responses"]:
            if entry["day"] <= VOTED:
                self.respond(entry)

    def go_on(self) -> None:
        """Play what people said and what was answered since, in the order of the days."""
        voices = [entry for entry in self.script["later"] if entry["day"] > VOTED]
        answers = [entry for entry in self.script["responses"] if entry["day"] > VOTED]
        for entry in sorted([*voices, *answers], key=lambda one: one["day"]):
            if "decision" in entry:
                self.respond(entry)
            else:
                self.hear_later(entry)

    def open(self, entry: dict[str, Any]) -> Cycle:
        """Open a cycle and give its stages their days."""
        return opened(entry, self.member, self.contact)

    def ask(self, entry: dict[str, Any]) -> Consultation:
        """Open a consultation under the guide's four references."""
        book = guides.guide(self.cycle.guide_version)
        frame = next(stage.frame for stage in book.stages if stage.frame)
        opens_at = morning(entry["opens_on"])
        at = opens_at - dt.timedelta(days=16)  # two weeks' notice, and two days to spare
        said = entry["said"]
        themes = [
            (one.code, official(at=at, **{lang: one.text.in_(lang).strip(" .;؛") for lang in ("fr", "ar", "en")}))
            for one in frame
        ]
        return consultation.open_consultation(
            self.cycle,
            slug=entry["slug"],
            stage=entry["stage"],
            title=words(entry["title"], at),
            question=words(entry["question"], at),
            themes=themes,
            purpose=words(said["purpose"], at),
            promise=words(said["promise"], at),
            conduct=words(said["conduct"], at) if "conduct" in said else None,
            answers_by=said["answers_by"],
            opens_at=opens_at,
            closes_at=morning(entry["closes_on"], 23, 59),
            by=self.contact,
            at=at,
        )

    def plan(self, entry: dict[str, Any], asked: Consultation, day: dt.date) -> Workshop:
        """Plan a workshop, and announce it."""
        at = morning(day, 11)
        return consultation.plan_workshop(
            asked,
            title=words(entry["title"], at),
            purpose=words(entry["purpose"], at),
            access=words(entry["access"], at),
            starts_at=morning(entry["day"], 10),
            ends_at=morning(entry["day"], 13),
            place=words(entry["place"], at),
            province=self.places.get(entry["province"]),
            theme=asked.themes.filter(code=entry.get("theme", "")).first(),
            capacity=entry["capacity"],
            tables=entry["tables"],
            by=self.coordinator,
            at=at,
        )

    def hear(self) -> None:
        """Receive the three hundred voices over two months, those of the workshops on their day; moderate each."""
        asked = self.consultations["priorites"]
        voices = [*read("voices-ar.yaml"), *read("voices-fr.yaml")]
        voices.sort(key=lambda one: (one["id"][1:], one["id"]))  # the two files took turns
        days = (asked.closes_at.date() - asked.opens_at.date()).days
        spoken: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for rank, voice in enumerate(voices):
            if voice["channel"] == "workshop":
                spoken[voice["place"]].append(voice)
                continue
            day = asked.opens_at.date() + dt.timedelta(days=rank * days // len(voices))
            made = self.receive(asked, voice, self.theme_of(asked, voice), morning(day, 10 + rank % 9, rank * 7 % 60))
            self.moderate(made, voice, morning(day + dt.timedelta(days=1), 9, rank % 60))
        for entry in self.taking_part["workshops"]:
            self.take_down(entry, [voice for place in entry["heard_from"] for voice in spoken[place]])

    def take_down(self, entry: dict[str, Any], voices: list[dict[str, Any]]) -> None:
        """Take down what a workshop says, as its rapporteur's telephone sends it."""
        workshop, asked = self.workshops[entry["key"]], self.consultations["priorites"]
        items = [
            Captured(
                ticket=hashlib.sha256(voice["id"].encode()).hexdigest()[:32],
                words={part: voice[part] for part in ("problem", "idea", "effect") if part in voice},
                lang=voice["lang"],
                theme=self.theme_of(asked, voice),
                province=self.places.get(voice["place"]),
                said_at=morning(entry["day"], 10, 2 * number % 60),
            )
            for number, voice in enumerate(voices)
        ]
        sent = consultation.capture_suggestions(workshop, items=items, by=self.rapporteur, at=morning(entry["day"], 13))
        for number, (voice, outcome) in enumerate(zip(voices, sent, strict=True)):
            assert outcome.contribution, outcome.reason
            self.moderate(outcome.contribution, voice, morning(entry["day"] + dt.timedelta(days=1), 9, number))

    def theme_of(self, asked: Consultation, voice: dict[str, Any]) -> Theme | None:
        """Find the theme that a voice speaks of: the reference of the finding over its need."""
        under = next((one["reference"] for one in self.script["findings"] if one["need"] == voice["need"]), "")
        return asked.themes.filter(code=under).first()

    def moderate(self, made: Contribution, voice: dict[str, Any], at: dt.datetime) -> None:
        """Publish a voice, hide it or set it aside."""
        if voice.get("spam"):
            consultation.mark_spam(made, by=self.moderator, at=at)
        elif reason := voice.get("hidden"):
            consultation.hide_contribution(made, reason=reason, by=self.moderator, at=at)
            consultation.tell_reason(made, at=at)
        else:
            published = consultation.publish_contribution(made, by=self.moderator, at=at)
            self.by_need[voice["need"] if voice["need"] != "none" else "private-request"].append(published)

    def hear_later(self, entry: dict[str, Any]) -> None:
        """Receive what was given to the later consultations; the last ones wait for the moderator."""
        asked = self.consultations[entry["consultation"]]
        theme = asked.themes.get(code=entry["theme"])
        at = morning(entry["day"], 18)
        waits = not entry.get("read", True)
        made = self.receive(asked, entry, theme, at, ticket=TICKET if waits and not self.code else "")
        if waits:
            return
        read_at = min(at + dt.timedelta(hours=15), morning(entry["day"], 23))
        published = consultation.publish_contribution(made, by=self.moderator, at=read_at)
        if entry.get("answered", True):
            self.by_consultation[entry["consultation"]].append(published)

    def receive(
        self, asked: Consultation, voice: dict[str, Any], theme: Theme | None, at: dt.datetime, ticket: str = ""
    ) -> Contribution:
        """Receive one voice, as its author gave it, or as somebody wrote it down for them."""
        said: dict[str, Any] = {
            "words": {part: voice[part] for part in ("problem", "idea", "effect") if part in voice},
            "lang": voice["lang"],
            "theme": theme,
            "province": self.places.get(voice.get("place", "")),
            "ticket": ticket,
            "at": at,
        }
        if voice["channel"] == "assisted":
            spoken = voice["lang"].removesuffix("-latn")  # darija is asked in darija, whatever letters it is written in
            received = consultation.assist_entry(asked, **said, consent=True, consent_lang=spoken, by=self.helper)
        else:
            received = consultation.receive_suggestion(asked, **said, channel=voice["channel"])
        if ticket:
            self.code = received.code
        return received.contribution

    def find(self, entry: dict[str, Any], *, day: dt.date) -> None:
        """Write a finding over the voices of its need, and publish it."""
        at = morning(day)
        finding = diagnosis.write_finding(
            self.cycle,
            title=words(entry["title"], at),
            synthesis=words(entry["synthesis"], at),
            reference=entry["reference"],
            contributions=self.by_need[entry["need"]],
            by=self.contact,
            at=at,
        )
        self.findings[entry["need"]] = diagnosis.publish_finding(finding, by=self.contact, at=morning(day, 16))

    def respond(self, entry: dict[str, Any]) -> None:
        """Answer the voices of a need, or those of a consultation."""
        at = morning(entry["day"], 11)
        need = entry.get("need", "")
        answered = self.by_need[need] if need else self.by_consultation[entry["consultation"]]
        response = plan.give_reasoned_response(
            self.cycle,
            contributions=answered,
            decision=entry["decision"],
            reasons=words(entry["reasons"], at),
            finding=self.findings.get(need),
            body=self.founding.bodies[entry["unit"]],
            by=self.contact,
            at=at,
        )
        self.responses[need].append(response)

    def head(self, unit: str) -> User:
        """Find who answers for a unit."""
        return self.founding.person("unit-head", unit)
