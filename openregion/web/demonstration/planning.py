"""Third act: five promises, a vote, and a year of follow-up with a delay and a correction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from openregion.core.paper import Note, Paper, Paragraph
from openregion.cycle import actions as cycle
from openregion.monitoring import actions as monitoring
from openregion.monitoring.models import ProgressUpdate
from openregion.monitoring.tasks import print_sheet
from openregion.plan import actions as plan
from openregion.plan.models import Commitment
from openregion.plan.tasks import print_plan
from openregion.record.actions import store_file
from openregion.record.press import pdf
from openregion.web.demonstration.consulting import Consulting
from openregion.web.demonstration.founding import morning, read, words
from openregion.web.demonstration.joining import IN_OFFICE, Joining


class Planning:
    """The plan, its vote, its publication, what was reported and the completion sheets."""

    def __init__(self, before: Consulting, joining: Joining) -> None:
        self.before = before
        self.joining = joining
        self.founding = before.founding
        self.script = read("plan.yaml")
        self.contact = before.contact
        self.secretary = self.founding.person("council-secretary")
        self.commitments: list[Commitment] = []
        self.updates: dict[str, ProgressUpdate] = {}

    def play(self) -> None:
        """Play it whole."""
        drafted = morning(self.script["frozen_on"], 9)
        self.plan = plan.draft_plan(
            self.before.cycle,
            title=words(self.script["title"], drafted),
            starts_on=self.script["starts_on"],
            ends_on=self.script["ends_on"],
            by=self.contact,
            at=drafted,
        )
        self.plan = plan.revise_plan(
            self.plan,
            title=self.plan.title,
            starts_on=self.plan.starts_on,
            ends_on=self.plan.ends_on,
            sections={code: words(said, drafted) for code, said in self.script["sections"].items()},
            by=self.contact,
            at=drafted,
        )
        for entry in self.script["commitments"]:
            self.promise(entry)
        self.vote()
        for entry in self.script["progress"]:
            self.report(entry)
        for entry in self.script["sheets"]:
            self.close(entry)

    def promise(self, entry: dict[str, Any]) -> None:
        """Write a commitment sheet, by the unit that answers for it, on what people said."""
        at = morning(self.script["frozen_on"], 10)
        unit = self.founding.bodies[entry["unit"]]
        shared: dict[str, Any] = {
            "title": words(entry["title"], at),
            "starts_on": entry["starts_on"],
            "ends_on": entry["ends_on"],
            "unit": unit,
        }
        commitment = plan.draft_commitment(self.plan, **shared, by=self.contact, at=at)
        head = self.before.head(entry["unit"])
        measured = entry["indicator"]
        self.commitments.append(
            plan.revise_commitment(
                commitment,
                **shared,
                texts={code: words(said, at) for code, said in entry["texts"].items()},
                values=entry["values"],
                problem_kinds=entry["problem_kinds"],
                policy_areas=entry["policy_areas"],
                sector=entry["sector"],
                contact=plan.Contact(**entry["contact"]),
                steps=[
                    plan.Step(
                        title=words(step["title"], at),
                        deliverable=words(step["deliverable"], at),
                        starts_on=step["starts_on"],
                        ends_on=step["ends_on"],
                    )
                    for step in entry["milestones"]
                ],
                measure=plan.Measure(
                    name=words(measured["name"], at),
                    unit=words(measured["unit"], at),
                    source=words(measured["source"], at),
                    baseline=Decimal(measured["baseline"]),
                    baseline_on=measured["baseline_on"],
                    target=Decimal(measured["target"]),
                    target_on=measured["target_on"],
                ),
                by=head,
                at=at,
            )
        )
        for need in entry["needs"]:
            plan.cite_source(commitment, finding=self.before.findings[need], by=head, at=at)
            plan.cite_source(commitment, response=self.before.responses[need][0], by=head, at=at)

    def vote(self) -> None:
        """Freeze the plan, put it to the Council, have it voted and stamped, publish it."""
        version = plan.freeze_plan(self.plan, by=self.contact, at=morning(self.script["frozen_on"], 12))
        said, by = self.script["file"], self.secretary
        at = morning(self.script["frozen_on"], 15)
        file = cycle.open_proposal(
            self.before.cycle,
            subject="plan",
            council=self.founding.bodies["council"],
            title=words(self.script["deliberation"]["title"], at),
            report=words(said["report"], at),
            decision_text=words(said["decision"], at),
            wants_visa=True,
            subject_type="PlanVersion",
            subject_uid=version.uid,
            by=by,
            at=at,
        )
        file = cycle.freeze_proposal(file, by=by, at=at)
        session = self.joining.session(said["session"], self.before.cycle, planned=said["planned_on"])
        file = cycle.place_on_agenda(file, session=session, by=by, at=at)
        file = cycle.address_agenda(
            file, addressed_on=said["addressed_on"], by=by, at=morning(said["addressed_on"], 16)
        )
        self.joining.issue(file.agenda_letter, {}, morning(said["addressed_on"], 17))
        day = said["session"]["day"]
        session = cycle.hold_meeting(
            session, closed_on=day, members_in_office=IN_OFFICE, quorum_met=True, by=by, at=morning(day, 14)
        )
        decided = self.joining.decide(said, file, session)
        self.joining.write_up(session, said["decision"], day)
        version = plan.adopt_plan(version, deliberation=decided, by=by, at=morning(said["published_on"], 16))
        plan.publish_plan(version, by=self.contact, at=morning(self.script["published_on"], 10))
        print_plan.enqueue(version.uid)

    def report(self, entry: dict[str, Any]) -> None:
        """Report progress, or correct what was reported."""
        at = morning(entry["day"], 14)
        shared: dict[str, Any] = {
            "level": entry["level"],
            "text": words(entry["text"], at),
            "as_of": entry["day"],
            "expected_on": entry.get("expected_on"),
            "measure": Decimal(entry["measure"]) if "measure" in entry else None,
            "evidence": [self.shown(one, entry) for one in entry["evidence"]],
            "at": at,
        }
        commitment = self.commitments[entry["of"] - 1]
        head = self.before.head(self.script["commitments"][entry["of"] - 1]["unit"])
        if wrong := entry.get("corrects"):
            monitoring.correct_progress(self.updates[wrong], by=head, **shared)
            return
        step = commitment.milestones.get(number=entry["step"]) if "step" in entry else None
        update = monitoring.report_progress(commitment, milestone=step, by=head, **shared)
        if "key" in entry:
            self.updates[entry["key"]] = update

    def shown(self, one: dict[str, Any], entry: dict[str, Any]) -> monitoring.Shown:
        """Give a piece of evidence: an address, or a file made for the demonstration."""
        at = morning(entry["day"], 14)
        title = words(one["title"], at)
        if "file" not in one:
            return monitoring.Shown(title=title, url=one["url"])
        paper = Paper(
            title=one["title"]["fr"],
            lang="fr",
            notice="Document inventé pour la démonstration",
            dated=entry["day"],
            blocks=(Paragraph(entry["text"]["fr"]), Note("Région inventée, décision inventée.")),
        )
        upload = SimpleUploadedFile(f"{one['file']}.pdf", pdf(paper))
        stored = store_file(upload=upload, member_code=self.before.member.slug, by_ref=self.contact.reference, at=at)
        return monitoring.Shown(title=title, file=stored)

    def close(self, entry: dict[str, Any]) -> None:
        """Draw up a completion sheet, and issue it when the script says so."""
        commitment = self.commitments[entry["of"] - 1]
        head = self.before.head(self.script["commitments"][entry["of"] - 1]["unit"])
        at = morning(entry.get("issued_on", entry["ends_on"]), 9)
        sheet = monitoring.draft_completion_sheet(
            commitment, starts_on=entry["starts_on"], ends_on=entry["ends_on"], level=entry["level"], by=head, at=at
        )
        sheet = monitoring.revise_completion_sheet(
            sheet,
            texts={code: words(said, at) for code, said in entry["texts"].items()},
            values=entry["values"],
            level=entry["level"],
            by=head,
            at=at,
        )
        if "issued_on" in entry:
            issued = monitoring.issue_completion_sheet(sheet, by=self.contact, at=morning(entry["issued_on"], 16))
            print_sheet.enqueue(issued.uid)
