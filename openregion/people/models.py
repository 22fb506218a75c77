"""Authorities, members, territory, bodies, seats, mandates, users.

A member of OGP Local is one authority or a consortium: bodies and deliberations
belong to an authority, cycles and plans to a member.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from openregion.core.official import OfficialTextField
from openregion.people.querysets import (
    ActQuerySet,
    AppointmentQuerySet,
    AuthorityQuerySet,
    BodyQuerySet,
    ContactQuerySet,
    MandateQuerySet,
    OutgoingMailQuerySet,
    SeatQuerySet,
    TerritoryQuerySet,
)
from openregion.record.models import StoredFile


def new_uid() -> str:
    """Make an opaque identifier."""
    return uuid.uuid4().hex


class Gender(models.TextChoices):
    """What parity counts; nobody has to say."""

    WOMAN = "woman"
    MAN = "man"
    UNSAID = "unsaid"


class Users(BaseUserManager["User"]):
    """Makes users; an e-mail address is who they are."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a user; without a password they sign in by e-mailed code."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a user for Django's own commands; in our rules it may do nothing more."""
        return self.create_user(email, password, **fields)


class User(AbstractBaseUser):
    """Someone who signs in. ``reference`` is all the journal knows of them."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    lang = models.CharField(max_length=3, default="fr")
    reference = models.CharField(max_length=32, unique=True, default=new_uid)
    wants_digest = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Users] = Users()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


class Territory(models.Model):
    """A Region, prefecture, province or commune: names, codes, census figures, boundary."""

    class Level(models.TextChoices):
        REGION = "region"
        PROVINCE = "province"
        COMMUNE = "commune"

    class Type(models.TextChoices):
        REGION = "region"
        PREFECTURE = "prefecture"
        PROVINCE = "province"
        COMMUNE = "commune"

    code = models.CharField(max_length=20, unique=True)
    level = models.CharField(max_length=10, choices=Level)
    type = models.CharField(max_length=10, choices=Type)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    name_fr = models.CharField(max_length=120)
    name_ar = models.CharField(max_length=120)
    population_2014 = models.PositiveIntegerField(null=True)
    population_2024 = models.PositiveIntegerField(null=True)
    boundary = models.JSONField(null=True)
    invented = models.BooleanField(default=False)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        constraints = [
            # A Region stands alone; what lies in one says in which.
            models.CheckConstraint(
                condition=Q(level="region", parent=None) | ~Q(level="region"), name="regions_stand_alone"
            ),
        ]

    def __str__(self) -> str:
        return self.name_fr

    def name_in(self, lang: str) -> str:
        """Give the official name: Arabic in Arabic, French elsewhere (no validated Amazigh names yet)."""
        return self.name_ar if lang == "ar" else self.name_fr


class Authority(models.Model):
    """A territorial authority: the council and administration of a territory."""

    class Kind(models.TextChoices):
        REGION = "region"
        PROVINCE = "province"
        COMMUNE = "commune"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    territory = models.OneToOneField(Territory, on_delete=models.PROTECT, related_name="authority")
    kind = models.CharField(max_length=10, choices=Kind)
    name = OfficialTextField()
    mandate_starts_on = models.DateField(null=True, blank=True)
    mandate_ends_on = models.DateField(null=True, blank=True)

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        constraints = [
            # A council's mandate does not end before it starts; OGP's sixteen months are counted from its end.
            models.CheckConstraint(
                condition=(
                    Q(mandate_ends_on=None) | Q(mandate_starts_on=None) | Q(mandate_ends_on__gt=F("mandate_starts_on"))
                ),
                name="mandate_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.territory)


RESERVED = (
    "setup",
    "accounts",
    "components",
    "outbox",
    "static",
    "glossary",
    "privacy",
    "accessibility",
    "api",
    "about",
    "accent",
    "healthz",
    "favicon",
    "robots",
)


class Member(models.Model):
    """A member (or candidate) of OGP Local: one authority, or several together."""

    slug = models.SlugField(max_length=60, unique=True)
    name = OfficialTextField()
    authorities = models.ManyToManyField(Authority, through="Membership", related_name="members")
    guide_version = models.CharField(max_length=60)
    accent = models.CharField(max_length=7, default="#0b5d57", validators=[RegexValidator(r"^#[0-9a-f]{6}$")])
    invented = models.BooleanField(default=False)
    founded_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Words that are pages of the instance cannot name a member.
            models.CheckConstraint(condition=~Q(slug__in=RESERVED), name="slug_not_reserved"),
        ]

    def __str__(self) -> str:
        return self.slug


class Membership(models.Model):
    """An authority's part in a member; a consortium has several, in an order."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            # An authority joins a member once.
            models.UniqueConstraint(fields=["member", "authority"], name="one_membership"),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.authority}"


class Act(models.Model):
    """A legal act that gives a body, a mandate or a role: its kind, number, date and file.

    Acts are ``public`` as they come; the one a vote makes, once its deliberation is published.
    """

    class Kind(models.TextChoices):
        ORDER = "order"
        DECISION = "decision"
        DELIBERATION = "deliberation"
        LETTER = "letter"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=20, choices=Kind)
    number = models.CharField(max_length=60)
    dated_on = models.DateField()
    title = OfficialTextField()
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    public = models.BooleanField(default=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        constraints = [
            # An authority numbers its acts of a kind within a year once.
            models.UniqueConstraint(fields=["authority", "kind", "number", "dated_on"], name="one_act"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Body(models.Model):
    """A council, commission, consultative body, forum, unit… of an authority.

    ``kind`` is a code of the guide's list of bodies; ``stance`` says on which
    side a group of the council sits. The ``rules`` it works by are public
    (OGP's standard 1.1 asks it of a forum).
    """

    class Stance(models.TextChoices):
        MAJORITY = "majority"
        OPPOSITION = "opposition"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="bodies")
    kind = models.CharField(max_length=40)
    slug = models.SlugField(max_length=60)
    name = OfficialTextField()
    remit = OfficialTextField()
    act = models.ForeignKey(Act, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    stance = models.CharField(max_length=10, choices=Stance, blank=True)
    rules = OfficialTextField()
    rules_file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(default=0)
    dissolved_on = models.DateField(null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        constraints = [
            # The address of a body.
            models.UniqueConstraint(fields=["authority", "slug"], name="one_body_slug"),
        ]

    def __str__(self) -> str:
        return self.slug


class BodyFunction(models.Model):
    """An act by which a body also fills another body's part in the process.

    The monitoring body is never the follow-up group; the guide's list says
    which may not be joined, and the rule refuses it.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="functions")
    kind = models.CharField(max_length=40)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            # A body is given a function once.
            models.UniqueConstraint(fields=["body", "kind"], name="one_body_function"),
        ]

    def __str__(self) -> str:
        return f"{self.body} as {self.kind}"


class Seat(models.Model):
    """A place in a body: its title, the guide's actor who takes it, and for whom it speaks.

    ``side`` counts parity in a forum; ``leads`` marks who chairs or co-ordinates,
    of whom a forum has one on each side; a seat without ``votes`` is heard only.
    """

    class Side(models.TextChoices):
        CIVIL_SOCIETY = "civil-society"
        COUNCIL = "council"
        ADMINISTRATION = "administration"
        OTHER = "other"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats")
    title = OfficialTextField()
    actor = models.CharField(max_length=60, blank=True)
    side = models.CharField(max_length=14, choices=Side, blank=True)
    leads = models.BooleanField(default=False)
    votes = models.BooleanField(default=True)
    rank = models.PositiveSmallIntegerField(default=0)

    objects = SeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.body} seat {self.rank}"


class Mandate(models.Model):
    """Who holds a seat, from when to when, by which act. The name is public with the office."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="mandates")
    holder_name = models.CharField(max_length=120)
    holder = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="mandates")
    gender = models.CharField(max_length=6, choices=Gender, default=Gender.UNSAID)
    act = models.ForeignKey(Act, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            # A mandate does not end before it starts.
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="mandate_days_in_order"
            ),
            # Two people never hold one seat at once.
            models.UniqueConstraint(fields=["seat"], condition=Q(ends_on=None), name="one_running_mandate"),
        ]

    def __str__(self) -> str:
        return f"{self.seat} from {self.starts_on}"


class Appointment(models.Model):
    """A user's role at a member, from when to when: what ``may()`` asks."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="appointments")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=40)
    unit = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    act = models.ForeignKey(Act, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            # An appointment does not end before it starts.
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="appointment_days_in_order"
            ),
            # A role is held once at a time.
            models.UniqueConstraint(
                fields=["user", "member", "role"], condition=Q(ends_on=None), name="one_running_appointment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.member}"


class Contact(models.Model):
    """Someone the Region works with: an organisation or a person, in a category of the guide's directory.

    Kept live: each attempt to reach them is noted. The name of an organisation
    that agrees is ``public``; a person's address and telephone never are.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="contacts")
    category = models.CharField(max_length=40)
    organisation = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=120, blank=True)
    function = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    lang = models.CharField(max_length=3, default="fr")
    gender = models.CharField(max_length=6, choices=Gender, default=Gender.UNSAID)
    territory = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    public = models.BooleanField(default=False)
    added_on = models.DateField()
    retired_on = models.DateField(null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            # A contact is someone.
            models.CheckConstraint(condition=~Q(organisation="") | ~Q(name=""), name="contacts_are_named"),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class ContactAttempt(models.Model):
    """An attempt to reach a contact, by which channel, and what came of it."""

    class Channel(models.TextChoices):
        LETTER = "letter"
        EMAIL = "email"
        TELEPHONE = "telephone"
        VISIT = "visit"

    class Outcome(models.TextChoices):
        REACHED = "reached"
        NO_ANSWER = "no-answer"
        WRONG_ADDRESS = "wrong-address"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="attempts")
    on = models.DateField()
    channel = models.CharField(max_length=10, choices=Channel)
    outcome = models.CharField(max_length=14, choices=Outcome)
    about = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.contact} {self.on}"


class OutgoingMail(models.Model):
    """A message on its way to a person: queued in a deed's transaction, sent outside it.

    ``once`` names what it says to whom: the same news is queued once. One that the
    server refuses is tried again, then given up with the reason, in words that
    name nobody: ``refusals`` counts what was said of it, ``tries`` silent servers
    too. Its words go as it leaves, since they may hold a key; its address thirty
    days after it left or was given up. ``stop`` is where the reader's mail program
    stops messages of its kind with one press (RFC 8058): it holds a key, and goes
    with the words.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    once = models.CharField(max_length=120, unique=True)
    to = models.EmailField(blank=True)
    lang = models.CharField(max_length=3)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    stop = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=6, choices=State, default=State.QUEUED)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    refusals = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    why_failed = models.CharField(max_length=200, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [
            # Those waiting, among all that ever left.
            models.Index(fields=["tries", "id"], condition=Q(state="queued"), name="mails_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class CalendarKey(models.Model):
    """The key of a person's own calendar feed at a member, kept hashed; a new one closes the old."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            # One feed a person at a member.
            models.UniqueConstraint(fields=["user", "member"], name="one_calendar_key"),
        ]

    def __str__(self) -> str:
        return f"calendar key {self.pk}"


class Digest(models.Model):
    """What a person was reminded of, and when: one a day at most, and nothing told twice unchanged."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    told = models.JSONField(default=dict)

    class Meta:
        constraints = [
            # One digest a day at most.
            models.UniqueConstraint(fields=["user", "member", "on"], name="one_digest_a_day"),
        ]

    def __str__(self) -> str:
        return f"digest {self.pk}"
