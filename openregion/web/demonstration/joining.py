"""The act between: the Region decides to join, its Council votes at the second sitting, OGP admits it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from openregion.admission import actions as admission
from openregion.admission.models import Dossier
from openregion.admission.queries import working_questions
from openregion.admission.tasks import print_dossier
from openregion.core.paper import Note, Paper, Paragraph
from openregion.cycle import actions as cycle
from openregion.cycle.models import Cycle, Letter, Meeting
from openregion.cycle.queries import book_of
from openregion.cycle.queries.council import Counts
from openregion.cycle.queries.guests import Guest
from openregion.cycle.queries.letters import seen_of
from openregion.cycle.queries.wording import PARTS, filled
from openregion.cycle.rules.communication import Said
from openregion.people import actions as people
from openregion.people.models import Body, Contact, User
from openregion.record.actions import store_file
from openregion.record.models import StoredFile
from openregion.record.press import pdf
from openregion.registers import actions as registers
from openregion.web.demonstration.consulting import opened
from openregion.web.demonstration.founding import Founding, morning, read, words

NAMED = dt.date(2024, 4, 8)  # the day of the order that names the point of contact
IN_OFFICE = 34  # members of the invented Council


class Joining:
    """The candidacy, its meetings, its vote and its dossier; then what surrounds the plan."""

    def __init__(self, founding: Founding) -> None:
        self.founding = founding
        self.member = founding.member
        self.script = read("joining.yaml")
        self.president = founding.person("president")
        self.contact = founding.person("point-of-contact")
        self.coordinator = founding.person("coordinator")
        self.secretary = founding.person("council-secretary")
        self.contacts: dict[str, Contact] = {}

    def play(self) -> None:
        """Play the candidacy, from the first exchange to OGP's answer."""
        self.know_people()
        entry = next(one for one in self.founding.process["cycles"] if one["kind"] == "candidacy")
        self.cycle = opened(entry, self.member, self.contact)
        self.begin()
        self.name_contact()  # once the cycle is open: the nomination proves its operation
        self.present()
        for meeting in self.script["meetings"]:
            self.meet(meeting, self.cycle)
        self.vote()
        self.apply()
        self.end_well()
        for one in self.script["exchanges"]:
            self.exchange(one)
        for one in self.script["activities"]:
            self.learn(one)

    def know_people(self) -> None:
        """Fill the directory."""
        at = morning(dt.date(2024, 3, 20))
        for entry in self.script["contacts"]:
            said = {key: value for key, value in entry.items() if key != "code"}
            self.contacts[entry["code"]] = people.add_contact(member=self.member, **said, by=self.coordinator, at=at)

    def name_contact(self) -> None:
        """Have the president name the point of contact, by the order that says so."""
        holder = self.contact
        at = morning(NAMED)
        admission.name_point_of_contact(
            member=self.member,
            name=holder.name,
            function=words({"fr": "Directrice de projet", "ar": "مديرة مشروع", "en": "Project director"}, at),
            email=holder.email,
            telephone="+212 5 00 00 00 00",
            act=self.founding.acts["contact"],
            starts_on=NAMED,
            by=self.president,
            at=at,
        )

    def begin(self) -> None:
        """Give what proves the first operations."""
        order = self.founding.acts["candidacy"]
        at = morning(order.dated_on)
        named = self.cycle.operations.get(code="name-coordinator")
        cycle.prove_operation(
            named, kind="decision", done_on=order.dated_on, subject_uid=order.uid, by=self.coordinator, at=at
        )
        team = {
            "fr": "Note de service composant l'équipe de travail",
            "ar": "مذكرة مصلحة بتشكيل فريق العمل",
            "en": "Note composing the working team",
        }
        formed = self.cycle.operations.get(code="form-working-team")
        cycle.prove_operation(
            formed,
            kind="document",
            done_on=dt.date(2024, 3, 22),
            title=words(team, at),
            upload=self.upload("note-de-service", team["fr"], at),
            public=True,
            by=self.coordinator,
            at=at,
        )

    def meet(self, entry: dict[str, Any], turn: Cycle, body: Body | None = None) -> Meeting:
        """Plan a meeting, invite, hold it, and publish its minutes."""
        before, at = morning(entry["day"] - dt.timedelta(days=15)), morning(entry["day"], 17)
        by = self.coordinator
        made = self.plan(entry, turn, body=body or self.founding.bodies.get(entry.get("body", "")), at=before)
        for code in entry.get("guests", []):
            guest = self.guest(code)
            invited = cycle.invite_to_meeting(made, guests=[guest], by=by, at=before)
            for one in invited:
                cycle.record_answer(one, answer="coming", by=by, at=before)
                cycle.check_in(made, guest=one, by=by, at=morning(entry["day"], 10))
        office: dict[str, Any] = {"members_in_office": 9, "quorum_met": True} if made.body_id else {}
        made = cycle.hold_meeting(made, closed_on=entry["day"], by=by, at=at, **office)
        cycle.record_decision(made.agenda.get(), decision=words(entry["decision"], at), by=by, at=at)
        minutes = cycle.draft_minutes(made, text=words(entry["decision"], at), by=by, at=at)
        later = entry["day"] + dt.timedelta(days=7)
        if later < dt.date(2026, 11, 19):
            minutes = cycle.approve_minutes(minutes, on=later, by=by, at=morning(later))
            cycle.publish_minutes(minutes, by=by, at=morning(later, 12), opens=True)
        return made

    def plan(self, entry: dict[str, Any], turn: Cycle, *, body: Body | None, at: dt.datetime) -> Meeting:
        """Plan a meeting with one point on its agenda: its own subject."""
        made = cycle.plan_meeting(
            member=self.member,
            kind=entry["kind"],
            title=words(entry["title"], at),
            purpose={},
            starts_at=morning(entry["day"], 10),
            ends_at=morning(entry["day"], 13),
            place=words(self.script["places"]["seat"], at),
            body=body,
            cycle=turn,
            operations=entry.get("operations", []),
            open_to_all=entry.get("open", False),
            by=self.coordinator,
            at=at,
        )
        cycle.add_to_agenda(made, title=words(entry["title"], at), by=self.coordinator, at=at)
        return made

    def guest(self, code: str) -> Guest:
        """Invite someone of the directory; the demonstration writes to nobody."""
        one = self.contacts[code]
        return Guest(
            name=one.name or one.organisation,
            organisation=one.organisation,
            category=one.category,
            gender=one.gender,
            lang=one.lang,
            contact=one,
        )

    def vote(self) -> None:
        """Put the adhesion to the Council: no quorum the first day, a vote the third day after, then the visa."""
        said = self.script["adhesion"]
        by, first = self.secretary, morning(said["frozen_on"])
        council = self.founding.bodies["council"]
        file = cycle.open_proposal(
            self.cycle,
            subject="adhesion",
            council=council,
            title=words(said["title"], first),
            report=words(said["report"], first),
            decision_text=words(said["decision"], first),
            wants_visa=True,
            by=by,
            at=first,
        )
        file = cycle.freeze_proposal(file, by=by, at=morning(said["frozen_on"], 12))
        file = cycle.refer_to_commission(
            file,
            commission=self.founding.bodies["external"],
            referred_on=said["referred_on"],
            by=by,
            at=morning(said["referred_on"]),
        )
        session = self.session(said["session"], self.cycle, planned=said["referred_on"])
        placed = morning(said["addressed_on"])
        file = cycle.place_on_agenda(file, session=session, by=by, at=placed)
        file = cycle.address_agenda(file, addressed_on=said["addressed_on"], by=by, at=placed)
        self.issue(file.referral_letter, said["referral"], morning(said["referred_on"], 14))
        self.issue(file.agenda_letter, {}, placed)
        file = cycle.record_opinion(
            file,
            opinion="favourable",
            text=words(said["opinion"], placed),
            opinion_on=said["opinion_on"],
            by=by,
            at=morning(said["opinion_on"]),
        )
        day = said["session"]["day"]
        missed = cycle.hold_meeting(
            session, closed_on=day, members_in_office=IN_OFFICE, quorum_met=False, by=by, at=morning(day, 12)
        )
        self.write_up(missed, said["missed"], day)
        again = cycle.convene_again(
            missed, starts_at=morning(said["again_on"], 10), place=session.place, by=by, at=morning(day, 13)
        )
        again = cycle.hold_meeting(
            again,
            closed_on=said["again_on"],
            members_in_office=IN_OFFICE,
            quorum_met=True,
            by=by,
            at=morning(said["again_on"], 13),
        )
        self.decide(said, file, again)
        self.write_up(again, said["decision"], said["again_on"])

    def write_up(self, session: Meeting, text: dict[str, str], day: dt.date) -> None:
        """Write the minutes of a sitting, have them approved, sent to the Wali and published within the week."""
        by, later = self.secretary, day + dt.timedelta(days=4)
        minutes = cycle.draft_minutes(session, text=words(text, morning(day, 18)), by=by, at=morning(day, 18))
        minutes = cycle.approve_minutes(minutes, on=later, by=by, at=morning(later, 9))
        minutes = cycle.send_minutes(minutes, on=later, by=by, at=morning(later, 11))
        cycle.publish_minutes(minutes, by=by, at=morning(later, 15))

    def decide(self, said: dict[str, Any], file: Any, session: Meeting) -> Any:
        """Record the vote, send it to the Wali, record the visa, publish."""
        by, voted = self.secretary, said["vote"]
        counts = Counts(**{key: voted[key] for key in ("votes_for", "votes_against", "abstained", "not_taking_part")})
        at = morning(voted["dated_on"], 15)
        decided = cycle.record_vote(
            file,
            session=session,
            number=voted["number"],
            dated_on=voted["dated_on"],
            decision="adopted",
            ballot="show-of-hands",
            counts=counts,
            text=words(said["decision"], at),
            by=by,
            at=at,
        )
        decided = cycle.send_for_control(
            decided, sent_on=said["sent_on"], asks_visa=True, by=by, at=morning(said["sent_on"])
        )
        for letter in Letter.objects.of(self.member).filter(kind="deliberation-transmission", state="draft"):
            self.issue(letter, {}, morning(said["sent_on"], 12))
        decided = cycle.record_receipt(decided, received_on=said["received_on"], by=by, at=morning(said["received_on"]))
        decided = cycle.record_visa(
            decided, visa="granted", visa_on=said["visa_on"], by=by, at=morning(said["visa_on"])
        )
        return cycle.publish_deliberation(decided, by=by, at=morning(said["published_on"]))

    def issue(self, letter: Letter | None, missing: dict[str, dict[str, str]], at: dt.datetime) -> None:
        """Write the words that a draft lacks, and have the president issue it."""
        assert letter is not None  # the deed before drafted it
        if missing:
            said = {
                part: {
                    lang: filled(one["text"], {word: by_lang[lang] for word, by_lang in missing.items()})
                    for lang, one in getattr(letter, part).items()
                }
                for part in PARTS
            }
            letter = cycle.revise_letter(letter, words=said, seen=seen_of(letter), by=self.coordinator, at=at)
        cycle.issue_letter(letter, by=self.president, at=at)

    def present(self) -> None:
        """Draft the presentation file and issue it."""
        at = morning(dt.date(2024, 3, 21))
        facts = self.script["presentation"]
        draft = cycle.draft_letter(
            member=self.member, kind="presentation-file", facts={}, cycle=self.cycle, by=self.coordinator, at=at
        )
        self.issue(draft, facts, at)

    def session(self, entry: dict[str, Any], turn: Cycle, *, planned: dt.date) -> Meeting:
        """Plan an ordinary session of the Council."""
        at = morning(planned)
        return cycle.plan_meeting(
            member=self.member,
            kind="ordinary-session",
            title=words(entry["title"], at),
            purpose={},
            starts_at=morning(entry["day"], 10),
            place=words(self.script["places"]["council"], at),
            body=self.founding.bodies["council"],
            cycle=turn,
            open_to_all=True,
            by=self.secretary,
            at=at,
        )

    def apply(self) -> None:
        """Answer the nine conditions and the call, freeze the dossier, send it, record OGP's answer."""
        at = morning(dt.date(2024, 8, 1))
        for verdict in self.script["verdicts"]:
            said = verdict | {"reason": words(verdict["reason"], at)}
            on = dt.date(2024, 9, 10) if verdict["criterion"] == "letter-sent" else at.date()
            admission.give_verdict(self.cycle, **said, on=on, by=self.contact, at=morning(on))
        for code, text in self.script["answers"].items():
            admission.draft_answer(
                self.cycle, question=code, words=text, gaps={}, state="ready", on_revision=0, by=self.coordinator, at=at
            )
        for code, said in self.script["evidence"].items():
            admission.add_evidence(
                self.cycle,
                question=code,
                title=words(said, at),
                file=self.file(code, said["fr"], at),
                dated_on=dt.date(2023, 11, 20),
                by=self.coordinator,
                at=at,
            )
        call = self.enter_call()
        dossier = admission.open_dossier(self.cycle, call=call, by=self.contact, at=at)
        for code, text in self.script["answers"].items():
            admission.draft_answer(
                self.cycle,
                question=code,
                call=call,
                words=text,
                gaps={},
                state="ready",
                on_revision=self.revision(dossier, code),
                by=self.coordinator,
                at=at,
            )
        for one in self.script["support"]:
            self.support(dossier, one)
        sent = self.script["submitted_on"]
        dossier = admission.freeze_dossier(dossier, seen=True, by=self.contact, at=morning(sent, 10))
        print_dossier.enqueue(dossier.uid)
        dossier = admission.submit_dossier(
            dossier,
            at_instant=morning(sent, 11),
            channel="online-form",
            proof=self.file("accuse-de-reception", "Accusé de réception inventé du dépôt.", morning(sent, 11)),
            by=self.contact,
            at=morning(sent, 12),
        )
        answered = self.script["admitted_on"]
        admission.record_ogp_answer(
            dossier,
            answer="admitted",
            on=answered,
            text=words(self.script["ogp_answer"], morning(answered)),
            by=self.contact,
            at=morning(answered, 12),
        )

    def revision(self, dossier: Dossier, code: str) -> int:
        """Say on which revision an answer to the call stands: its dossier may have begun it from the condition."""
        found = dossier.call.answers.filter(cycle=self.cycle, question=code).first()
        return found.revision if found else 0

    def enter_call(self) -> Any:
        """Enter the invented call: the nine conditions, with a limit of words."""
        said = self.script["call"]
        at = morning(said["opened_on"] + dt.timedelta(days=1))
        asked = self.conditions()
        return admission.enter_call(
            member=self.member,
            title=words(said["title"], at),
            source=said["source"],
            opened_on=said["opened_on"],
            closes_at=morning(said["closes_on"], 23, 59),
            time_zone="Africa/Casablanca",
            channel="online-form",
            address=said["address"],
            questions=asked,
            by=self.contact,
            at=at,
        )

    def conditions(self) -> list[dict[str, Any]]:
        """Ask in the call what the guide's conditions ask."""
        return [one | {"limit": 300} for one in working_questions(book_of(self.cycle))]

    def end_well(self) -> None:
        """Prove by the note of the exchange what the platform saw nothing of: the national point of contact was met."""
        at = morning(dt.date(2024, 5, 28))
        for code in ("approach-national-contact", "coordinate-with-national-contact"):
            cycle.prove_operation(
                self.cycle.operations.get(code=code),
                kind="document",
                done_on=at.date(),
                title=words(self.script["national_note"], at),
                upload=self.upload(code, self.script["national_note"]["fr"], at),
                by=self.contact,
                at=at,
            )

    def support(self, dossier: Dossier, entry: dict[str, Any]) -> None:
        """Add a letter of support, and its signed copy."""
        day = entry["signed_on"]
        said = {key: entry[key] for key in ("signer", "name", "title", "organisation")}
        made = admission.add_support(dossier, **said, by=self.contact, at=morning(day))
        self.issue(made.letter, entry["words"], morning(day, 12))
        scan = self.file("lettre-de-soutien", f"Lettre de soutien inventée, signée : {entry['name']}.", morning(day))
        admission.sign_support(made, scan=scan, signed_on=day, by=self.contact, at=morning(day, 16))

    def file(self, name: str, text: str, at: dt.datetime) -> StoredFile:
        """Keep a file made for the demonstration."""
        upload = self.upload(name, text, at)
        return store_file(upload=upload, member_code=self.member.slug, by_ref=self.contact.reference, at=at)

    def upload(self, name: str, text: str, at: dt.datetime) -> SimpleUploadedFile:
        """Make a file that says it is invented."""
        paper = Paper(
            title=text,
            lang="fr",
            notice="Document inventé pour la démonstration",
            dated=at.date(),
            blocks=(Paragraph(text), Note("Région inventée, décision inventée.")),
        )
        return SimpleUploadedFile(f"{name}.pdf", pdf(paper))

    def exchange(self, entry: dict[str, Any]) -> None:
        """Log an exchange."""
        at = morning(entry["day"], 15)
        said = {key: entry[key] for key in ("party", "channel", "direction")}
        registers.log_exchange(
            member=self.member,
            **said,
            on=entry["day"],
            subject=words(entry["subject"], at),
            summary=words(entry["summary"], at),
            wants_answer_by=entry.get("wants_answer_by"),
            by=self.contact,
            at=at,
        )

    def learn(self, entry: dict[str, Any]) -> None:
        """Record what was exchanged among peers."""
        at = morning(entry["starts_on"], 18)
        said = entry | {"title": words(entry["title"], at), "learnt": words(entry["learnt"], at)}
        registers.record_peer_activity(member=self.member, **said, by=self.contact, at=at)

    def launch(self, turn: Cycle) -> None:
        """Hold the meetings that launch the plan, and tell the press."""
        for entry in self.script["plan_meetings"]:
            self.meet(entry, turn)
        effective = self.script["effective_on"]
        reason = {
            "fr": "La consultation de la société civile est lancée.",
            "ar": "أُطلقت استشارة المجتمع المدني.",
            "en": "The consultation of civil society is launched.",
        }
        at = morning(effective, 16)
        admission.record_status(
            member=self.member,
            state="effective",
            on=effective,
            reason=words(reason, at),
            source="Consultation ouverte le 15 janvier 2025 (inventée)",
            by=self.contact,
            at=at,
        )

    def go_on(self, turn: Cycle) -> None:
        """Play what the desk holds today: a forum to convene, minutes to approve, people to reach."""
        forum, said = self.founding.bodies["forum"], self.script["forum"]
        at = morning(dt.date(2026, 5, 4))
        people.set_body_rules(forum, text=words(said["rules"], at), member=self.member, by=self.contact, at=at)
        self.meet(said["held"] | {"kind": "body"}, turn, body=forum)
        self.meet(self.script["follow_up"] | {"kind": "body"}, turn, body=self.founding.bodies["follow-up"])
        self.plan(said["next"] | {"kind": "body", "open": True}, turn, body=forum, at=morning(dt.date(2026, 11, 16)))
        for one in self.script["attempts"]:
            people.note_attempt(
                self.contacts[one["contact"]],
                on=one["day"],
                channel=one["channel"],
                outcome=one["outcome"],
                by=self.coordinator,
                at=morning(one["day"], 11),
            )
        for one in self.script["announcements"]:
            self.announce(one, turn)
        for code, reason in self.script["set_aside"].items():
            at = morning(dt.date(2025, 9, 1))
            cycle.set_aside_operation(turn.operations.get(code=code), reason=words(reason, at), by=self.contact, at=at)
        for code, said in self.script["proved"].items():
            at = morning(said["day"])
            cycle.prove_operation(
                turn.operations.get(code=code),
                kind="document",
                done_on=said["day"],
                title=words(said["title"], at),
                upload=self.upload(code, said["title"]["fr"], at),
                public=True,
                by=self.contact,
                at=at,
            )
        training = turn.operations.get(code="train-members-in-evaluation")
        at = morning(dt.date(2026, 9, 7))
        cycle.plan_operation(
            training, assignee=self.coordinator, planned_on=dt.date(2026, 10, 30), by=self.contact, at=at
        )

    def announce(self, entry: dict[str, Any], turn: Cycle) -> None:
        """Plan an announcement, and record where it was published when it was."""
        at = morning(entry["planned_on"] - dt.timedelta(days=10))
        said = Said(
            stage=entry["stage"],
            kind=entry["kind"],
            title=words(entry["title"], at),
            text=words(entry["text"], at),
            planned_on=entry["planned_on"],
        )
        made = cycle.plan_announcement(turn, said=said, by=self.contact, at=at)
        if day := entry.get("published_on"):
            cycle.record_publication(made, where=entry["where"], on=day, by=self.contact, at=morning(day))

    def person(self, role: str) -> User:
        """Find who holds a role."""
        return self.founding.person(role)
