"""What councils are asked and what they decide: the file put to them, the vote, the visa."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openregion.core.official import OfficialTextField
from openregion.cycle.models.letters import Letter
from openregion.cycle.models.meetings import AgendaItem, Meeting
from openregion.cycle.models.turns import Cycle
from openregion.cycle.querysets import DeliberationQuerySet, ProposalQuerySet
from openregion.people.models import Act, Body, Mandate, new_uid
from openregion.record.models import FrozenDocument, StoredFile


class Proposal(models.Model):
    """The file put to a council: why, the decision proposed, its papers, the commission's opinion.

    What is voted is frozen, with its hash: the file itself, or the thing of the
    platform it names (a version of the plan). The guide asks the visa for the
    plan; for the adhesion it is the Region's choice (``wants_visa``). A file opened
    for a new vote after a refused visa ``follows`` the one it takes up.
    """

    class Subject(models.TextChoices):
        ADHESION = "adhesion"
        PLAN = "plan"
        OTHER = "other"

    class State(models.TextChoices):
        ASSEMBLING = "assembling"
        FROZEN = "frozen"
        VOTED = "voted"
        WITHDRAWN = "withdrawn"

    class Opinion(models.TextChoices):
        FAVOURABLE = "favourable"
        WITH_RESERVATIONS = "with-reservations"
        UNFAVOURABLE = "unfavourable"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=10, choices=Subject)
    state = models.CharField(max_length=10, choices=State, default=State.ASSEMBLING)
    council = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    title = OfficialTextField()
    report = OfficialTextField()
    decision_text = OfficialTextField()
    wants_visa = models.BooleanField(default=False)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_uid = models.CharField(max_length=32, blank=True)
    session = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals")
    agenda_item = models.OneToOneField(
        AgendaItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposal"
    )
    agenda_letter = models.ForeignKey(Letter, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agenda_addressed_on = models.DateField(null=True, blank=True)
    commission = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    referral_letter = models.ForeignKey(Letter, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    referred_on = models.DateField(null=True, blank=True)
    opinion = models.CharField(max_length=20, choices=Opinion, blank=True)
    opinion_text = OfficialTextField()
    opinion_on = models.DateField(null=True, blank=True)
    opinion_meeting = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    frozen = models.ForeignKey(FrozenDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = OfficialTextField()
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            # A cycle numbers the files put to the Council.
            models.UniqueConstraint(fields=["cycle", "number"], name="one_proposal_number"),
            # What is voted was frozen first.
            models.CheckConstraint(
                condition=~Q(state__in=["frozen", "voted"]) | ~Q(frozen=None), name="voted_files_are_frozen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} file {self.number}"


class ProposalPaper(models.Model):
    """A document joined to a file put to the Council."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="papers")
    title = OfficialTextField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.proposal} paper {self.pk}"


class Deliberation(models.Model):
    """A decision of a council in a cycle; its act carries the number, the date and the file.

    ``subject_uid`` is what was voted, when it is a thing of the platform (a frozen
    plan). Votes are counted by show of hands or by name; one recorded after the
    fact may have none. The visa of the administrative authority is a state with
    its day: tacit only when a person records it. One voted again after a refusal
    names the decision it ``replaces``. A visa asked for after the sending has its
    own day; a vote recorded without quorum says why (``quorum_reason``).
    """

    class Decision(models.TextChoices):
        ADOPTED = "adopted"
        REJECTED = "rejected"
        POSTPONED = "postponed"

    class Ballot(models.TextChoices):
        SHOW_OF_HANDS = "show-of-hands"
        BY_NAME = "by-name"

    class Visa(models.TextChoices):
        NOT_ASKED = "not-asked"
        AWAITED = "awaited"
        GRANTED = "granted"
        REFUSED = "refused"
        TACIT = "tacit"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="deliberations")
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=60, blank=True)
    subject_uid = models.CharField(max_length=32, blank=True)
    decision = models.CharField(max_length=10, choices=Decision)
    proposal = models.ForeignKey(
        Proposal, null=True, blank=True, on_delete=models.PROTECT, related_name="deliberations"
    )
    text = OfficialTextField()
    ballot = models.CharField(max_length=14, choices=Ballot, blank=True)
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    abstained = models.PositiveSmallIntegerField(null=True, blank=True)
    not_taking_part = models.PositiveSmallIntegerField(null=True, blank=True)
    frozen = models.ForeignKey(FrozenDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    visa = models.CharField(max_length=10, choices=Visa, default=Visa.NOT_ASKED)
    quorum_reason = OfficialTextField()
    sent_on = models.DateField(null=True, blank=True)
    visa_asked_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    visa_on = models.DateField(null=True, blank=True)
    visa_reasons = OfficialTextField()
    visa_file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_on = models.DateField(null=True, blank=True)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    objects = DeliberationQuerySet.as_manager()

    class Meta:
        constraints = [
            # A visa granted, refused or tacit has its day.
            models.CheckConstraint(
                condition=~Q(visa__in=["granted", "refused", "tacit"]) | ~Q(visa_on=None), name="visas_have_their_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.decision}"


class NamedVote(models.Model):
    """How a member of the council voted, when the vote is by name; public as the vote is."""

    class Choice(models.TextChoices):
        FOR = "for"
        AGAINST = "against"
        ABSTAINED = "abstained"
        NOT_TAKING_PART = "not-taking-part"

    deliberation = models.ForeignKey(Deliberation, on_delete=models.CASCADE, related_name="named_votes")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=16, choices=Choice)

    class Meta:
        constraints = [
            # A mandate votes once.
            models.UniqueConstraint(fields=["deliberation", "mandate"], name="one_named_vote"),
        ]

    def __str__(self) -> str:
        return f"{self.deliberation} {self.choice}"
