"""Second act: the public is asked, hundreds answer, the Region says what it heard and what it decides."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from openregion.consultation import actions as consultation
from openregion.consultation.models import Consultation, Contribution, Theme
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
        self.places = {one.code: one for one in Territory.objects.of(self.member)}
        self.by_need: dict[str, list[Contribution]] = defaultdict(list)
        self.by_consultation: dict[str, list[Contribution]] = defaultdict(list)
        self.findings: dict[str, Finding] = {}
        self.responses: dict[str, list[ReasonedResponse]] = defaultdict(list)
        self.code = ""

    def play(self) -> None:
        """Play it up to the plan's vote: what a plan states is what was known that day."""
        self.cycle = self.open(next(one for one in self.script["cycles"] if one["kind"] == "plan"))
        said = read("taking_part.yaml")["asked"]
        self.consultations = {
            entry["slug"]: self.ask(entry | ({"said": said} if entry["slug"] == "priorites" else {}))
            for entry in self.script["consultations"]
        }
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
        said = entry.get("said", {})
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
            purpose=words(said["purpose"], at) if said else None,
            promise=words(said["promise"], at) if said else None,
            conduct=words(said["conduct"], at) if said else None,
            answers_by=said.get("answers_by"),
            opens_at=opens_at,
            closes_at=morning(entry["closes_on"], 23, 59),
            by=self.contact,
            at=at,
        )

    def hear(self) -> None:
        """Receive the three hundred voices over two months, and moderate each the next morning."""
        asked = self.consultations["priorites"]
        themes = {one.code: one for one in asked.themes.all()}
        under = {one["need"]: one["reference"] for one in self.script["findings"]}
        voices = [*read("voices-ar.yaml"), *read("voices-fr.yaml")]
        voices.sort(key=lambda one: (one["id"][1:], one["id"]))  # the two files took turns
        days = (asked.closes_at.date() - asked.opens_at.date()).days
        for rank, voice in enumerate(voices):
            day = asked.opens_at.date() + dt.timedelta(days=rank * days // len(voices))
            theme = themes.get(under.get(voice["need"], ""))
            made = self.receive(asked, voice, theme, morning(day, 10 + rank % 9, rank * 7 % 60))
            moderated = morning(day + dt.timedelta(days=1), 9, rank % 60)
            if voice.get("spam"):
                consultation.mark_spam(made, by=self.moderator, at=moderated)
            elif reason := voice.get("hidden"):
                consultation.hide_contribution(made, reason=reason, by=self.moderator, at=moderated)
                consultation.tell_reason(made, at=moderated)
            else:
                published = consultation.publish_contribution(made, by=self.moderator, at=moderated)
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
        """Receive one voice, as its author gave it."""
        received = consultation.receive_suggestion(
            asked,
            words={part: voice[part] for part in ("problem", "idea", "effect") if part in voice},
            lang=voice["lang"],
            channel=voice["channel"],
            theme=theme,
            province=self.places.get(voice.get("place", "")),
            ticket=ticket,
            at=at,
        )
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
