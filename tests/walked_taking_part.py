"""What the walk opens of taking part: a real row for every address of workshops, calls, paper, reports, news."""

from __future__ import annotations

from typing import Any

from openregion.consultation import capture_passes
from openregion.consultation.keys import key_of
from openregion.consultation.models import (
    Application,
    Attachment,
    CallForParticipation,
    Charge,
    Consultation,
    ConsultationPaper,
    Contribution,
    Follow,
    Need,
    PaperBatch,
    PaperForm,
    Workshop,
)
from openregion.diagnosis.models import Passage, Report
from openregion.people.models import Member, Territory, User
from tests.factories.calls import ApplicationFactory, CallFactory
from tests.factories.cycle import stored
from tests.factories.following import FollowFactory
from tests.factories.questions import ConsultationPaperFactory
from tests.factories.reports import ReportFactory
from tests.factories.rooms import entered
from tests.factories.workshops import ChargeFactory

PASS = "a" * capture_passes.LENGTH
DRAWN = 1  # the demonstration's call, whose participants were drawn


def lay_out_taking_part(member: Member) -> None:
    """Add what the demonstration's script does not hold: files, an open call, a paper form, drafts, a follower."""
    asked = Consultation.objects.of(member).get(slug="suivi")
    ConsultationPaperFactory(consultation=asked)
    published = one_published(member)
    for kind in ("photo", "voice"):
        Attachment.objects.create(contribution=published, kind=kind, file=stored(member, 11))
    team = User.objects.get(email="coordination@azirane.invalid")
    entered(asked, by=team, scan=True)
    ChargeFactory(workshop=coming(member))
    ChargeFactory(workshop=coming(member), rapporteur=True, pass_hash=capture_passes.hashed(PASS))
    ApplicationFactory(call=CallFactory(member=member, consultation=asked))
    CallFactory(member=member, consultation=asked, draft=True)
    ReportFactory(member=member, consultation=asked, cites=1)
    FollowFactory(member=member, subject="suivi")


def one_published(member: Member) -> Contribution:
    """Give a suggestion that everyone reads, the same at each call."""
    return Contribution.objects.of(member).filter(consultation__slug="suivi").published().order_by("pk")[0]


def coming(member: Member) -> Workshop:
    """Give the workshop that the demonstration's story leaves to come, whatever the day on which it is played."""
    ahead = Workshop.objects.filter(meeting__member=member).exclude(meeting__state__in=("held", "cancelled"))
    return ahead.order_by("-meeting__starts_at")[0]


def of_taking_part(member: Member) -> dict[str, dict[str, Any]]:
    """Give the values that the addresses of taking part take."""
    asked = {"slug": "suivi"}
    here = {"number": coming(member).meeting.number}
    calls = CallForParticipation.objects.filter(member=member).order_by("pk")
    drawn, draft = {"number": DRAWN}, {"number": calls.filter(state="draft")[0].number}
    received = Application.objects.filter(call__member=member, state="received")[0]
    applied = {"number": received.call.number}
    report = Report.objects.filter(member=member, state="published").order_by("pk")[0]
    writing = Report.objects.filter(member=member, state="draft").order_by("pk")[0]
    passage = Passage.objects.filter(report=writing)[0]
    paper = {**asked, "uid": ConsultationPaper.objects.filter(consultation__cycle__member=member)[0].uid}
    form = {**asked, "uid": PaperForm.objects.filter(member=member).exclude(scan=None)[0].uid}
    batch = PaperBatch.objects.filter(consultation__slug="suivi")[0]
    given = Attachment.objects.filter(contribution=one_published(member))
    follow = {"key": key_of(Follow.objects.filter(member=member)[0].uid)}
    published = one_published(member)
    taking_notes = Charge.objects.get(workshop=coming(member), part="rapporteur", invitation__answer="coming")
    need = {**here, "uid": Need.objects.filter(workshop__meeting__member=member, done_on=None)[0].uid}
    return {
        **dict.fromkeys(
            (
                "revise_consultation",
                "announce_consultation",
                "new_consultation_paper",
                "voices",
                "about_you",
                "about_you_thanks",
                "paper_forms",
                "new_paper_batch",
                "scan_paper_forms",
                "new_paper_form",
                "assist",
                "new_workshop",
                "consultation_feed",
            ),
            asked,
        ),
        **{key: {"slug": "priorites"} for key in ("who_took_part", "who_took_part_json", "who_took_part_csv")},
        **dict.fromkeys(("consultation_paper", "remove_consultation_paper"), paper),
        **{key: {"uid": given.filter(kind="photo")[0].uid} for key in ("attachment", "my_attachment")},
        "transcribe": {"uid": given.filter(kind="voice")[0].uid},
        **{key: {"number": published.number} for key in ("suggestion_voices", "vote", "flag", "sealed")},
        **dict.fromkeys(
            (
                "participation_call",
                "participation_letters",
                "participation_draw",
                "participation_draw_json",
                "invite_participants",
            ),
            drawn,
        ),
        "revise_participation_call": draft,
        **dict.fromkeys(("participation_quotas", "apply_to_call", "applications", "select_participants"), applied),
        **{key: {**applied, "which": received.number} for key in ("application", "erase_application")},
        **dict.fromkeys(
            (
                "capture",
                "capture_token",
                "capture_send",
                "capture_worker",
                "capture_app",
                "workshop_sheets",
                "workshop",
                "workshop_ics",
                "revise_workshop",
                "workshop_needs",
                "add_need",
                "add_usual_needs",
                "workshop_people",
                "count_heads",
                "workshop_kit",
                "workshop_timings",
                "workshop_kit_zip",
                "workshop_kit_archive",
                "capture_door",
            ),
            here,
        ),
        "open_capture_pass": {**here, "key": PASS},
        **dict.fromkeys(("revise_need", "remove_need"), need),
        **{key: {**here, "uid": taking_notes.uid} for key in ("end_charge", "give_capture_pass", "end_capture_pass")},
        "kit_paper": {**here, "name": "signs", "lang": "fr", "format": "pdf"},
        "paper_batch": {**asked, "number": batch.number},
        **dict.fromkeys(("paper_form", "paper_scan"), form),
        "theme_feed": {**asked, "code": "budget-transparency"},
        "province_feed": {"place": Territory.objects.of(member)[0].code},
        "follow_news": {"kind": "consultation", "subject": "suivi"},
        **dict.fromkeys(("confirm_follow", "stop_following", "stop_all_news"), follow),
        **{
            key: {"number": report.number}
            for key in ("report", "report_json", "report_csv", "report_uncited", "correct_report")
        },
        "report_paper": {"number": report.number, "lang": "fr", "format": "pdf"},
        "report_passage": {"number": report.number, "uid": report.passages.order_by("pk")[0].uid},
        **{
            key: {"number": writing.number}
            for key in ("publish_report", "discard_report", "stop_report", "write_passage")
        },
        **{
            key: {"number": writing.number, "uid": passage.uid}
            for key in ("revise_passage", "cite_in_passage", "remove_passage")
        },
    }
