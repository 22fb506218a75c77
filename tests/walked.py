"""What the walk opens at the desk: a real row for every address of the cycle, the candidacy, the directory."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from openregion.admission.models import (
    Answer,
    AnswerEvidence,
    Call,
    Dossier,
    StatusEvent,
    SupportLetter,
)
from openregion.cycle.models import (
    Cycle,
    Deliberation,
    HandOver,
    Invitation,
    Letter,
    Meeting,
    MeetingPaper,
    Proof,
    Proposal,
    ProposalPaper,
    Publication,
)
from openregion.cycle.queries.guests import hashed
from openregion.people.models import Body, CalendarKey, Contact, Member, OutgoingMail, User
from openregion.registers.models import Exchange, PeerActivity
from openregion.web.queries.feeds import hashed_key
from tests.factories.admission import EvidenceFactory
from tests.factories.council import ProposalFactory
from tests.factories.cycle import AnnouncementFactory, stored
from tests.factories.desk import HandOverFactory
from tests.factories.directory import OutgoingMailFactory
from tests.factories.letters import letter
from tests.factories.meetings import InvitationFactory, MeetingPaperFactory

TOKEN = "walked-by-a-guest"
KEY = "walked-by-a-calendar"


def lay_out(member: Member) -> None:
    """Add to the demonstration what its script does not hold: files, a guest's link, a lost mail, a pack."""
    plan = Cycle.objects.get(member=member, kind="plan")
    next_one = planned_meeting(member)
    guest = InvitationFactory(meeting=next_one, name="Personne inventée", email="guest@example.org")
    guest.answer_hash = hashed(TOKEN)
    guest.save()
    MeetingPaperFactory(meeting=next_one)
    OutgoingMailFactory(member=member, lost=True)
    AnnouncementFactory(cycle=plan, out=True)
    letter(member, User.objects.get(email="contact@azirane.invalid"), cycle=plan)
    EvidenceFactory(answer=Answer.objects.filter(call=None, cycle__member=member)[0], url="", file=stored(member, 8))
    ProposalFactory(cycle=plan)
    file = stored(member, 7)
    for model in (Exchange, PeerActivity):
        model.objects.filter(pk=model.objects.of(member)[0].pk).update(file=file)
    Body.objects.filter(slug=rules_body(member)).update(rules_file=file)
    StatusEvent.objects.filter(pk=StatusEvent.objects.of(member)[0].pk).update(file=file)
    Dossier.objects.filter(cycle__member=member).update(answer_file=file)
    Letter.objects.filter(pk=issued(member).pk).update(scan=file)
    Deliberation.objects.filter(cycle__member=member).update(visa_file=file)
    ProposalPaper.objects.create(proposal=voted_file(member), title=issued(member).title, file=file)
    user = User.objects.get(appointments__role="administrator", appointments__member=member)
    CalendarKey.objects.create(user=user, member=member, key_hash=hashed_key(KEY), made_at=timezone.now())
    HandOverFactory(cycle=plan, state="done", file=ContentFile(b"PK", "pack.zip"))


def planned_meeting(member: Member) -> Meeting:
    """Give a meeting to come that has an agenda: a workshop has a programme instead."""
    return Meeting.objects.of(member).filter(state="planned", agenda__isnull=False).order_by("starts_at")[0]


def rules_body(member: Member) -> str:
    """Name a body that has rules of its own."""
    return Body.objects.exclude(rules={}).filter(authority__members=member)[0].slug


def issued(member: Member) -> Letter:
    """Give an issued letter that everyone may read."""
    return Letter.objects.of(member).filter(state="issued", public=True).order_by("pk")[0]


def voted_file(member: Member) -> Proposal:
    """Give the file of the adhesion, voted."""
    return Proposal.objects.of(member).filter(cycle__kind="candidacy").order_by("pk")[0]


def of_the_desk(member: Member) -> dict[str, dict[str, Any]]:
    """Give the values that the desk's addresses take."""
    operation = {"code": "study-annexes"}
    proof = Proof.objects.filter(operation__code="study-annexes", operation__cycle__kind="plan").order_by("pk")[0]
    planned = planned_meeting(member)
    minuted = Meeting.objects.of(member).filter(minutes__state="published").order_by("pk")[0]
    sent, decided = issued(member), Deliberation.objects.of(member).exclude(published_on=None).order_by("pk")[0]
    draft = Letter.objects.of(member).filter(state="draft")[0]
    file = {"kind": "candidacy", "file": voted_file(member).number}
    dossier = {"candidacy": 1, "number": Dossier.objects.filter(cycle__member=member).order_by("pk")[0].number}
    call = Call.objects.of(member).order_by("pk")[0]
    question = {"of": "conditions", "question": "capacity"}
    guest = Invitation.objects.filter(meeting=planned).order_by("pk")[0]
    publication = Publication.objects.filter(announcement__cycle__member=member).order_by("-pk")[0]
    announcement = {"uid": publication.announcement.uid}
    contact = {"uid": Contact.objects.of(member).order_by("pk")[0].uid}
    pack = HandOver.objects.filter(cycle__member=member).order_by("-pk")[0]
    here = {"number": planned.number}
    found: dict[str, dict[str, Any]] = {
        **dict.fromkeys(
            ("operation", "plan_operation", "prove_operation", "set_aside_operation", "take_up_operation"), operation
        ),
        "proof_file": operation | {"uid": proof.uid},
        "withdraw_proof": operation | {"uid": proof.uid},
        "new_operation": {"code": "plan-2"},
        "move_cycle": {"version": member.guide_version},
        "edit_announcement": announcement,
        "new_publication": announcement,
        "publication_file": {"pk": publication.pk},
        **{name: {"uid": sent.uid} for name in ("letter", "letter_json", "letter_paper", "letter_scan")},
        **{name: {"uid": draft.uid} for name in ("revise_letter", "fill_letter", "issue_letter", "discard_letter")},
        **dict.fromkeys(
            (
                "council_file",
                "edit_proposal",
                "new_proposal_paper",
                "freeze_proposal",
                "place_on_agenda",
                "address_agenda",
                "refer_to_commission",
                "record_opinion",
                "withdraw_proposal",
                "record_vote",
                "council_file_paper",
            ),
            file,
        ),
        "attach_scan": {
            "uid": Letter.objects.of(member).filter(state="issued", scan=None, kind="referral-to-commission")[0].uid
        },
        "council_files": {"kind": "candidacy"},
        "new_proposal": {"kind": "candidacy"},
        "proposal_paper": {"uid": ProposalPaper.objects.filter(proposal__cycle__member=member)[0].uid},
        **{
            name: {"uid": decided.uid}
            for name in (
                "deliberation",
                "send_for_control",
                "record_receipt",
                "record_visa",
                "visa_file",
                "publish_deliberation",
                "deliberation_paper",
            )
        },
        "holidays": {"year": 2027},
        "record_holiday": {"year": 2027},
        "answer_invitation": {"token": TOKEN},
        "invitation_ics": {"token": TOKEN},
        **dict.fromkeys(
            (
                "meeting",
                "revise_meeting",
                "convene_meeting",
                "hold_meeting",
                "convene_again",
                "cancel_meeting",
                "add_to_agenda",
                "add_meeting_paper",
                "convocation_paper",
                "check_in",
                "attendance_paper",
            ),
            here,
        ),
        "remove_from_agenda": here | {"uid": planned.agenda.all()[0].uid},
        "record_decision": here | {"uid": planned.agenda.all()[0].uid},
        "meeting_file": here | {"uid": MeetingPaper.objects.filter(meeting=planned)[0].uid},
        "invite_to_meeting": here | {"source": "person"},
        "record_answer": here | {"uid": guest.uid},
        "forget_guest": here | {"uid": guest.uid},
        "convene_once_more": here | {"uid": guest.uid},
        "withdraw_invitation": here | {"uid": guest.uid},
        **{
            name: {"number": minuted.number}
            for name in ("draft_minutes", "approve_minutes", "send_minutes", "publish_minutes", "minutes_paper")
        },
        "give_verdict": {"criterion": "member-state"},
        **dict.fromkeys(("answer", "answer_history", "add_evidence"), question),
        **{
            name: {"uid": AnswerEvidence.objects.filter(answer__cycle__member=member)[0].uid}
            for name in ("answer_evidence", "remove_evidence")
        },
        "call": {"uid": call.uid},
        **dict.fromkeys(
            (
                "dossier",
                "add_support",
                "freeze_dossier",
                "submit_dossier",
                "record_ogp_answer",
                "submission_proof",
                "ogp_answer_file",
                "dossier_json",
                "dossier_archive",
                "dossier_paper",
            ),
            dossier,
        ),
        **{
            name: {"uid": SupportLetter.objects.filter(dossier__cycle__member=member)[0].uid}
            for name in ("sign_support", "support_scan")
        },
        "correct_status": {"uid": StatusEvent.objects.of(member).filter(corrected_by=None)[0].uid},
        "status_file": {"uid": StatusEvent.objects.of(member).exclude(file=None)[0].uid},
        "exchange_file": {"uid": Exchange.objects.of(member).exclude(file=None)[0].uid},
        "peer_activity_file": {"uid": PeerActivity.objects.of(member).exclude(file=None)[0].uid},
        **dict.fromkeys(("contact", "revise_contact", "new_attempt", "retire_contact"), contact),
        "retry_mail": {"uid": OutgoingMail.objects.filter(member=member, state="failed")[0].uid},
        "body_rules_file": {"slug": rules_body(member)},
        "my_feed": {"key": KEY},
        "hand_over_file": {"uid": pack.uid},
        "timeline": {"kind": "plan"},
    }
    return found
