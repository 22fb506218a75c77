"""The tables of the memory. None points up: a subject is a type and a uid."""

from __future__ import annotations

import uuid

from django.db import models

from openregion.record.querysets import JournalQuerySet, MemberQuerySet


def new_uid() -> str:
    """Make an opaque identifier that tells nothing of order or of who."""
    return uuid.uuid4().hex


class JournalLine(models.Model):
    """One deed, in one line: what was done to what, when, by which reference.

    No text and no personal datum: ``by_ref`` is opaque, and erasing a person
    deletes what it leads to. ``facts`` holds public facts only (a state, a
    number, a role). A deed called by a deed names its ``parent``.
    """

    member_code = models.CharField(max_length=60, blank=True)
    verb = models.CharField(max_length=60)
    room = models.CharField(max_length=30)
    subject_type = models.CharField(max_length=60)
    subject_uid = models.CharField(max_length=32)
    by_ref = models.CharField(max_length=32, blank=True)
    facts = models.JSONField(default=dict)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = JournalQuerySet.as_manager()

    class Meta:
        indexes = [
            # The kept pages ask for a member's last line at each request.
            models.Index(fields=["member_code", "-id"], name="journal_of_member"),
            models.Index(fields=["subject_type", "subject_uid"], name="journal_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.room}.{self.verb} {self.subject_type}"


class StoredFile(models.Model):
    """A file kept for good: what it really is, how big, and its hash.

    Served by the room that owns it, after that room's own rule.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member_code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="stored/%Y/%m", max_length=200)
    by_ref = models.CharField(max_length=32, blank=True)
    stored_at = models.DateTimeField()

    objects = MemberQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class FrozenDocument(models.Model):
    """What was voted, published or issued: canonical JSON that never changes again."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    member_code = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=60)
    subject_uid = models.CharField(max_length=32)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()

    objects = MemberQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"


class Rendition(models.Model):
    """A frozen document printed once in a shape, a language and a format; kept, never printed again.

    ``shape`` tells apart the papers that one document gives: a plan in the
    guide's order and in OGP's own. Empty where a document has one paper.
    """

    document = models.ForeignKey(FrozenDocument, on_delete=models.PROTECT, related_name="renditions")
    shape = models.CharField(max_length=20, blank=True, default="")
    lang = models.CharField(max_length=3)
    format = models.CharField(max_length=4)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="renditions/%Y/%m", max_length=200)
    rendered_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Rendered files are stored, never rendered again: one per shape, language and format.
            models.UniqueConstraint(fields=["document", "shape", "lang", "format"], name="one_rendition"),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.document), self.shape, self.lang, self.format)))


class SearchEntry(models.Model):
    """What search finds: a public page's title and address, and its words made comparable.

    Written by the deed that makes the page findable. ``words`` is normalised
    and stemmed; the full-text index over it lives beside the table (FTS5 on
    SQLite, a generated tsvector on PostgreSQL), without triggers.
    """

    member_code = models.CharField(max_length=60, blank=True)
    lang = models.CharField(max_length=3)
    kind = models.CharField(max_length=40)
    subject_uid = models.CharField(max_length=80)
    title = models.TextField()
    excerpt = models.TextField(blank=True)
    path = models.CharField(max_length=300)
    words = models.TextField()

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            # One page, one language, one entry: indexing again replaces.
            models.UniqueConstraint(fields=["member_code", "lang", "kind", "subject_uid"], name="one_entry"),
        ]

    def __str__(self) -> str:
        return self.title
