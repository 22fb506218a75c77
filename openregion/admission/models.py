"""The candidacy: verdicts, answers with their history and evidence, calls, the dossier, the member's state."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openregion.admission.querysets import OfCycleQuerySet, OfMemberQuerySet
from openregion.core.official import OfficialTextField
from openregion.cycle.models import Cycle, Letter
from openregion.people.models import Act, Appointment, Member, User, new_uid
from openregion.record.models import FrozenDocument, StoredFile


class EligibilityVerdict(models.Model):
    """Whether a criterion of eligibility is met, why, from which source, on which day.

    ``criterion`` is a code of the guide's list or of its rules. Never edited: a
    later verdict follows. It is the Region's own reading, not OGP's decision.
    """

    class Verdict(models.TextChoices):
        MET = "met"
        NOT_MET = "not-met"
        UNKNOWN = "unknown"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=80)
    verdict = models.CharField(max_length=8, choices=Verdict)
    reason = OfficialTextField()
    source = models.CharField(max_length=300)
    on = models.DateField()
    made_at = models.DateTimeField()

    objects = OfCycleQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.cycle} {self.criterion} {self.verdict}"


class Call(models.Model):
    """A call for expressions of interest: its form as data, when it closes, by which channel.

    ``questions`` lists the form's questions in order: code, label by language,
    help, the longest answer (``limit`` in ``words`` or ``characters``), whether it
    is required, and the admissibility condition whose answer it starts from.
    Until a call opens, a working form stands in its place and says so
    (``working``): it is never passed off as OGP's.
    """

    class Channel(models.TextChoices):
        ONLINE_FORM = "online-form"
        EMAIL = "email"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    title = OfficialTextField()
    working = models.BooleanField(default=False)
    opened_on = models.DateField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=12, choices=Channel, blank=True)
    address = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    questions = models.JSONField(default=list)
    entered_at = models.DateTimeField()

    objects = OfMemberQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.member} call {self.pk}"


class Answer(models.Model):
    """An answer that several people draft: to an admissibility condition, or to a question of a call.

    ``call`` is empty for the nine conditions of the guide, answered once a
    candidacy; ``state`` is a person's own reading of how ready it is. Its
    history is its revisions.
    """

    class State(models.TextChoices):
        MISSING = "missing"
        PARTIAL = "partial"
        READY = "ready"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    call = models.ForeignKey(Call, null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=80)
    text = OfficialTextField()
    gaps = OfficialTextField()
    state = models.CharField(max_length=8, choices=State, default=State.MISSING)
    revision = models.PositiveIntegerField(default=0)

    objects = OfCycleQuerySet.as_manager()

    class Meta:
        constraints = [
            # A condition is answered once a candidacy.
            models.UniqueConstraint(fields=["cycle", "question"], condition=Q(call=None), name="one_condition_answer"),
            # A question of a call is answered once a candidacy.
            models.UniqueConstraint(
                fields=["cycle", "call", "question"], condition=~Q(call=None), name="one_call_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.question}"


class AnswerRevision(models.Model):
    """An answer as it was written one day, and by whom: nothing drafted is lost."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    text = OfficialTextField()
    state = models.CharField(max_length=8, choices=Answer.State)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            # Revisions are numbered: two people saving at once cannot both be the same one.
            models.UniqueConstraint(fields=["answer", "number"], name="one_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.answer} revision {self.number}"


class AnswerEvidence(models.Model):
    """A document that shows an answer is true: a file, or a page of the platform or elsewhere."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="evidence")
    title = OfficialTextField()
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    url = models.URLField(max_length=500, blank=True)
    dated_on = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            # A piece of evidence can be opened.
            models.CheckConstraint(condition=~Q(file=None) | ~Q(url=""), name="answer_evidence_opens"),
        ]

    def __str__(self) -> str:
        return f"{self.answer} evidence {self.pk}"


class Dossier(models.Model):
    """The expression of interest: drafted, frozen, sent, answered by OGP.

    Frozen, it is JSON with a hash; what is sent is drawn from that alone, and
    everything in it is written as if it were public.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        FROZEN = "frozen"
        SUBMITTED = "submitted"
        ADMITTED = "admitted"
        REFUSED = "refused"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="dossiers")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    frozen = models.ForeignKey(FrozenDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by_channel = models.CharField(max_length=12, choices=Call.Channel, blank=True)
    submission_proof = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(null=True, blank=True)
    answer_text = OfficialTextField()
    answer_file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    objects = OfCycleQuerySet.as_manager()

    class Meta:
        constraints = [
            # A candidacy numbers its dossiers.
            models.UniqueConstraint(fields=["cycle", "number"], name="one_dossier_number"),
            # What leaves was frozen first.
            models.CheckConstraint(condition=Q(state="draft") | ~Q(frozen=None), name="sent_dossiers_are_frozen"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} dossier {self.number}"


class SupportLetter(models.Model):
    """A letter of support: from the head of the authority, or a body that is not of government.

    Its words are a ``Letter``; the signed scan is attached. OGP's calls of 2022
    and 2023 asked for one of the first and at least one of the second.
    """

    class Signer(models.TextChoices):
        HEAD = "head"
        NON_GOVERNMENT = "non-government"
        OTHER = "other"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="support")
    letter = models.ForeignKey(Letter, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signer = models.CharField(max_length=14, choices=Signer)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    scan = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.dossier} support {self.pk}"


class PointOfContact(models.Model):
    """The Region's official point of contact: who, by which act, from when to when, reached how.

    Published with the office. One at a time; the next one's nomination ends the
    one before, and the work stays.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    function = OfficialTextField()
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = OfMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            # One point of contact at a time.
            models.UniqueConstraint(fields=["member"], condition=Q(ends_on=None), name="one_point_of_contact"),
            # It does not end before it starts.
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="contact_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} point of contact {self.pk}"


class StatusEvent(models.Model):
    """An event that gave the member its state towards OGP, with its day and its proof (row C0).

    Never edited nor deleted: a wrong one is corrected by an event that names it.
    """

    class State(models.TextChoices):
        NOT_ELIGIBLE = "not-eligible"
        PREPARING = "preparing"
        SUBMITTED = "submitted"
        REFUSED = "refused"
        ADMITTED = "admitted"
        EFFECTIVE = "effective"
        INACTIVE = "inactive"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State)
    on = models.DateField()
    reason = OfficialTextField()
    source = models.CharField(max_length=300, blank=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_uid = models.CharField(max_length=32, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    recorded_at = models.DateTimeField()

    objects = OfMemberQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.member} {self.state} {self.on}"
