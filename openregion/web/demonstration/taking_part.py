"""Between two acts: people meet, are drawn by lot, weigh each other's words, appeal; reports say what was heard."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from openregion.consultation import actions as consultation
from openregion.consultation.models import CallForParticipation, Consultation, Contribution, Workshop
from openregion.consultation.queries import new_pass
from openregion.cycle import actions as cycle
from openregion.diagnosis import actions as diagnosis
from openregion.web.demonstration.consulting import Consulting
from openregion.web.demonstration.founding import morning, read, words

HEARD, CLOSED = dt.date(2025, 3, 3), dt.date(2025, 3, 17)
VOTERS, VOTED_ON, PROFILES = 24, 18, 150


def _chance(*of: object) -> float:
    """Draw a number between 0 and 1 that is the same each time the demonstration is played."""
    drawn = hashlib.sha256(":".join(map(str, of)).encode()).digest()
    return int.from_bytes(drawn[:6]) / 2**48


class TakingPart:
    """Workshops, a call, votes, comments, who took part, an appeal, and the reports."""

    def __init__(self, before: Consulting) -> None:
        self.before = before
        self.founding = before.founding
        self.script = read("taking_part.yaml")
        self.contact, self.moderator = before.contact, before.moderator
        self.coordinator, self.rapporteur = before.coordinator, before.rapporteur
        self.workshops = before.workshops

    def play(self) -> None:
        """Play what went with the first consultation, up to its reports."""
        asked = self.before.consultations["priorites"]
        self.call(asked)
        for entry in self.script["workshops"]:
            self.hold(entry)
        heard = [one for need in self.before.by_need.values() for one in need][:VOTED_ON]
        self.vote(heard, HEARD)
        first, second = heard[0], heard[1]
        consultation.link_kin(second, says_as=first, by=self.moderator, at=morning(HEARD, 15))
        self.say_who(asked)
        self.report(asked)

    def go_on(self) -> None:
        """Play what goes with the consultation that is open."""
        asked = self.before.consultations["suivi"]
        entry = self.script["coming"]
        coming = self.before.plan(entry, asked, dt.date(2026, 11, 9))
        for need in entry["needs"]:
            self.provide(coming, dict(need))
        heard = self.before.by_consultation["suivi"]
        self.vote(heard, dt.date(2026, 10, 20))
        for said in self.script["comments"]:
            at = morning(said["day"], 12)
            given = consultation.give_comment(heard[said["rank"]], text=said["text"], lang=said["lang"], at=at)
            consultation.publish_contribution(given.contribution, by=self.moderator, at=at + dt.timedelta(hours=3))
        self.mask(asked)
        self.appeal(asked)
        at = morning(dt.date(2026, 11, 18), 10)
        consultation.print_forms(asked, forms=40, workshop=coming, by=self.coordinator, at=at)

    def provide(self, workshop: Workshop, need: dict[str, Any]) -> None:
        """List what a workshop needs; say what is ready."""
        at, done = morning(dt.date(2026, 11, 10), 9), need.pop("done", False)
        made = consultation.add_need(workshop, **need, by=self.coordinator, at=at)
        if done:
            names = ("kind", "what", "who", "assignee", "due_on", "budget_line", "cost")
            kept: dict[str, Any] = {name: getattr(made, name) for name in names}
            day = dt.date(2026, 11, 17)
            consultation.revise_need(made, **kept, done_on=day, by=self.coordinator, at=morning(day))

    def hold(self, entry: dict[str, Any]) -> None:
        """Hold a workshop: who came, what each table wrote, the minutes."""
        workshop, day = self.workshops[entry["key"]], entry["day"]
        heads = {category: number for category, number in entry["heads"].items() if number}
        consultation.count_heads(workshop, heads=heads, by=self.coordinator, at=morning(day, 10))
        for sheet in entry["sheets"]:
            consultation.send_sheet(
                workshop,
                table=sheet["table"],
                words={part: sheet[part] for part in ("recommendations", "priorities", "disagreements")},
                lang=sheet["lang"],
                from_edition=0,
                by=self.rapporteur,
                at=morning(day, 12),
            )
        cycle.hold_meeting(workshop.meeting, closed_on=day, by=self.coordinator, at=morning(day, 14))

    def call(self, asked: Consultation) -> CallForParticipation:
        """Call for participants, judge who applied, draw by lot: nobody chose who chose."""
        said = self.script["call"]
        at = morning(said["opens_on"] - dt.timedelta(days=2))
        made = consultation.draft_participation_call(
            asked,
            title=words(said["title"], at),
            about=words(said["about"], at),
            criteria=[{"code": one["code"], "text": words(one["text"], at)} for one in said["criteria"]],
            seats=said["seats"],
            quotas=said["quotas"],
            opens_at=morning(said["opens_on"]),
            closes_at=morning(said["closes_on"], 23),
            workshop=self.workshops["capital"],
            by=self.coordinator,
            at=at,
        )
        made = consultation.publish_participation_call(made, by=self.coordinator, at=at)
        for number, one in enumerate(said["applicants"]):
            given = consultation.apply_to_call(
                made,
                kind="person",
                name=one["name"],
                gender=one["gender"],
                lang="fr",
                at=morning(said["opens_on"] + dt.timedelta(days=number % 14), 18),
            )
            refused = one.get("refused", "")
            consultation.judge_application(
                given.application,
                eligible=not refused,
                refused_for=refused,
                refusal=said["refusal"] if refused else "",
                by=self.coordinator,
                at=morning(said["judged_on"], 9 + number % 8),
            )
        return consultation.select_participants(made, by=self.coordinator, at=morning(said["drawn_on"]))

    def vote(self, suggestions: list[Contribution], day: dt.date) -> None:
        """Have people agree, disagree or pass, each in their own way, on some of what they read."""
        for suggestion in suggestions:
            liked = 0.45 + _chance("liked", suggestion.number) / 2
            for number in range(VOTERS):
                if _chance("reads", suggestion.number, number) < 0.35:
                    continue
                drawn = _chance("votes", suggestion.number, number)
                value = 1 if drawn < liked else -1 if drawn > 0.85 else 0
                voter = hashlib.sha256(f"voter {number} of {suggestion.consultation_id}".encode()).hexdigest()[:32]
                at = morning(day + dt.timedelta(days=number % 9), 8 + number % 12)
                consultation.cast_vote(suggestion, voter=voter, value=value, at=at)

    def say_who(self, asked: Consultation) -> None:
        """Have half of them say who they are, apart from their words; then count them."""
        places = sorted(self.before.places)
        for number in range(PROFILES):
            place = places[int(_chance("place", number) ** 1.6 * len(places))]
            few = 0.06 if place == places[1] else 0.44
            consultation.give_profile(
                asked,
                answers={
                    "gender": "woman" if _chance("gender", number) < few else "man",
                    "age_band": ("15-24", "25-34", "35-44", "45-59", "60+")[int(_chance("age", number) * 4.4)],
                    "area": "urban" if _chance("area", number) < 0.6 else "rural",
                },
                province=self.before.places[place],
                channel="online",
                given=new_pass(asked),
                at=morning(HEARD, 8 + number % 12),
            )
        consultation.count_takers(asked, at=morning(CLOSED))

    def report(self, asked: Consultation) -> None:
        """Write the reports: of a workshop, of the workshops, of what was given outside, of it all."""
        for number, (kind, workshop) in enumerate(
            (("meeting", "oases"), ("meeting", "capital"), ("meetings", ""), ("online", ""), ("final", ""))
        ):
            day = dt.date(2025, 3, 28) + dt.timedelta(days=3 * number)
            # Whoever took the notes of a meeting writes its report; who answers for the process publishes it.
            by = self.rapporteur if workshop else self.contact
            drafted = diagnosis.draft_report(
                asked, kind=kind, workshop=self.workshops.get(workshop), by=by, at=morning(day)
            )
            at = morning(day + dt.timedelta(days=2), 16)
            diagnosis.publish_report(drafted, by=self.contact, at=at, drafts_read=True)

    def mask(self, asked: Consultation) -> None:
        """Have a suggestion that names somebody published without the name."""
        said = self.script["masked"]
        given = self.before.receive(
            asked, {**said, "channel": "online"}, asked.themes.get(code=said["theme"]), morning(said["day"])
        )
        at = morning(said["day"] + dt.timedelta(days=1), 9)
        consultation.mask_words(given, words={"problem": said["masked"]}, by=self.moderator, at=at)
        consultation.publish_contribution(given, by=self.moderator, at=at + dt.timedelta(minutes=5))

    def appeal(self, asked: Consultation) -> None:
        """Have an author appeal against a decision: somebody else has it on the desk."""
        said = self.script["appealed"]
        given = self.before.receive(
            asked, {**said, "channel": "online"}, asked.themes.get(code=said["theme"]), morning(said["day"])
        )
        at = morning(said["day"] + dt.timedelta(days=1), 9)
        hidden = consultation.hide_contribution(given, reason=said["reason"], by=self.moderator, at=at)
        consultation.tell_reason(hidden, at=at)
        at = morning(said["day"] + dt.timedelta(days=3), 19)
        consultation.make_appeal(hidden, words=said["words"], lang=said["lang"], at=at)
