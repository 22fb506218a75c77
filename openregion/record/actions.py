"""Writing to the memory. Every deed of every room ends here, in its own transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import weakref
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import IntegrityError, connection, transaction
from django.db.models.fields.files import FieldFile

from openregion.analysis.normaliser import stems
from openregion.core.refusal import refuse_if
from openregion.record import arrival, rules
from openregion.record.arrival import Arrived
from openregion.record.models import FrozenDocument, JournalLine, Rendition, SearchEntry, StoredFile, new_uid

LONGEST_TEXT = 200_000  # characters of a page that search reads; a tsvector holds 1 MB


def write_line(
    *,
    room: str,
    verb: str,
    subject_type: str,
    subject_uid: str,
    member_code: str,
    by_ref: str,
    at: dt.datetime,
    facts: dict[str, Any] | None = None,
    parent: JournalLine | None = None,
) -> JournalLine:
    """Write one line of the journal: this deed was done.

    Called inside the deed's own transaction, so that there is never a deed
    without its line nor a line without its deed. Raises ``RuntimeError`` outside one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a line of the journal belongs to its deed's transaction")
    _in_turn(member_code)
    return JournalLine.objects.create(
        room=room,
        verb=verb,
        subject_type=subject_type,
        subject_uid=subject_uid,
        member_code=member_code,
        by_ref=by_ref,
        facts=facts or {},
        parent=parent,
        at=at,
    )


def _in_turn(member_code: str) -> None:
    """Let a member's lines become visible in the order of their numbers.

    PostgreSQL gives numbers at insertion, and transactions end in any order: a
    page kept after line 11 would not see line 10 arrive. SQLite has one writer.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [member_code])


def canonical(content: Any) -> str:
    """Write a value as the one JSON text it has: sorted keys, no spaces, UTF-8 letters."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@transaction.atomic
def freeze(
    content: Any, *, kind: str, subject_type: str, subject_uid: str, member_code: str, at: dt.datetime
) -> FrozenDocument:
    """Freeze what was voted or issued as canonical JSON, with the hash printed on its papers."""
    text = canonical(content)
    return FrozenDocument.objects.create(
        uid=new_uid(),
        member_code=member_code,
        kind=kind,
        subject_type=subject_type,
        subject_uid=subject_uid,
        content=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        frozen_at=at,
    )


def receive_file(upload: File, *, takes: AbstractSet[str] = arrival.USUAL, most: int = 0) -> Arrived:
    """Look at a file that was sent: what it really is, made clean of what it tells of its maker.

    A photograph or a recording loses its metadata: where it was taken and with
    what is nobody's business. Nothing is kept yet; that takes no transaction,
    for a large picture takes a second. Raises ``Refused`` with what to send instead.
    """
    size = upload.size or 0
    refuse_if(rules.why_not_so_big(size, most))
    content = upload.read((most or arrival.MOST_BYTES) + 1)
    refuse_if(rules.why_not_store(size=size, content=content, takes=takes))
    return arrival.cleaned(content, arrival.media_type(content))


@transaction.atomic
def keep_file(arrived: Arrived, *, name: str, member_code: str, by_ref: str, at: dt.datetime) -> StoredFile:
    """Keep for good a file that was looked at: its hash, its name made clean.

    The file leaves the disk again if the deed that keeps it fails.
    """
    stored = StoredFile(
        uid=new_uid(),
        member_code=member_code,
        name=arrival.clean_name(name, arrived.media_type),
        media_type=arrived.media_type,
        size=len(arrived.content),
        sha256=hashlib.sha256(arrived.content).hexdigest(),
        by_ref=by_ref,
        stored_at=at,
    )
    _write(stored.file, f"{stored.uid}.{arrival.ALLOWED[arrived.media_type]}", arrived.content)
    stored.save(force_insert=True)
    return stored


@transaction.atomic
def store_file(*, upload: File, member_code: str, by_ref: str, at: dt.datetime) -> StoredFile:
    """Look at a file that was sent and keep it for good, in one go. Raises ``Refused`` with what to send instead."""
    arrived = receive_file(upload)
    return keep_file(arrived, name=upload.name or "", member_code=member_code, by_ref=by_ref, at=at)


@transaction.atomic
def forget_file(stored: StoredFile) -> None:
    """Delete a file for good, its bytes too once the deed that forgets it is done; nothing may point to it."""
    file, storage = str(stored.file.name), stored.file.storage
    stored.delete()
    transaction.on_commit(lambda: storage.delete(file))


def print_document(
    document: FrozenDocument,
    *,
    lang: str,
    format: str,
    render: Callable[[FrozenDocument], bytes],
    at: dt.datetime,
    shape: str = "",
) -> Rendition:
    """Print a frozen document in a language and a format, the first time; later give what was printed.

    What was handed out is never rendered again: a newer font or template must
    not change it. ``shape`` tells apart the papers that one document gives.
    ``render`` runs outside the transaction, since a long document takes a
    second; of two who print at once, the first to finish is kept.
    """
    kept = Rendition.objects.filter(document=document, shape=shape, lang=lang, format=format)
    if (found := kept.first()) is not None:
        return found
    content = render(document)
    try:
        return _keep_rendition(document, shape=shape, lang=lang, format=format, content=content, at=at)
    except IntegrityError:
        return kept.get()


@transaction.atomic
def _keep_rendition(
    document: FrozenDocument, *, shape: str, lang: str, format: str, content: bytes, at: dt.datetime
) -> Rendition:
    sha256 = hashlib.sha256(content).hexdigest()
    rendition = Rendition(document=document, shape=shape, lang=lang, format=format, sha256=sha256, rendered_at=at)
    name = "-".join(filter(None, (document.uid, shape, lang)))
    _write(rendition.file, f"{name}.{format}", content)
    rendition.save(force_insert=True)
    return rendition


class _Unsure:
    """A file on the disk whose row is not committed yet.

    Django calls back on commit and never on rollback; it only forgets its
    callbacks. So the callback itself is what is watched: forgotten before the
    commit, it takes the file away with it (a savepoint rolled back included).
    """

    def __init__(self, file: FieldFile) -> None:
        self._removal = weakref.finalize(self, file.storage.delete, str(file.name))

    def keep(self) -> None:
        """Leave the file where it is: its row is committed."""
        self._removal.detach()


def _write(file: FieldFile, name: str, content: bytes) -> None:
    file.save(name, ContentFile(content), save=False)
    transaction.on_commit(_Unsure(file).keep)


@transaction.atomic
def index_entry(
    *, member_code: str, lang: str, kind: str, subject_uid: str, title: str, excerpt: str, path: str, text: str
) -> SearchEntry:
    """Make a public page findable, in the language it is written in; indexing again replaces.

    The title's stems stand twice in the words, so that a page about a thing
    comes before one that mentions it.
    """
    heading = stems(title, lang)
    entry, _ = SearchEntry.objects.update_or_create(
        member_code=member_code,
        lang=lang,
        kind=kind,
        subject_uid=subject_uid,
        defaults={
            "title": title,
            "excerpt": excerpt,
            "path": path,
            "words": " ".join([*heading, *heading, *stems(text[:LONGEST_TEXT], lang)]),
        },
    )
    if connection.vendor == "sqlite":  # PostgreSQL generates its column from ``words`` by itself
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM record_searchfts WHERE rowid = %s", [entry.pk])
            cursor.execute("INSERT INTO record_searchfts (rowid, words) VALUES (%s, %s)", [entry.pk, entry.words])
    return entry


@transaction.atomic
def forget_entry(*, member_code: str, subject_uid: str, kind: str = "", lang: str = "") -> int:
    """Make a page no longer findable, in one language or in all; say how many entries went.

    Without a ``kind``, all the pages of that subject, whichever room made them.
    """
    found = SearchEntry.objects.of(member_code).filter(subject_uid=subject_uid)
    found = found.filter(kind=kind) if kind else found
    return _remove(list((found.filter(lang=lang) if lang else found).values_list("pk", flat=True)))


@transaction.atomic
def empty_index(member_code: str) -> int:
    """Forget all that search knows of a member, before it is read again; say how many entries went."""
    return _remove(list(SearchEntry.objects.of(member_code).values_list("pk", flat=True)))


def _remove(numbers: list[int]) -> int:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM record_searchfts WHERE rowid = %s", [(number,) for number in numbers])
    for start in range(0, len(numbers), 500):
        SearchEntry.objects.filter(pk__in=numbers[start : start + 500]).delete()
    return len(numbers)
