"""Reading the memory: pages of the journal, search, files to hand out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import File
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from openregion.analysis.normaliser import asked
from openregion.record.models import JournalLine, SearchEntry, StoredFile
from openregion.record.querysets import JournalQuerySet

LINES_ON_A_PAGE = 50
MOST_HITS = 200


@dataclass(frozen=True)
class Sentence:
    """A line of the journal ready to be read: the room's own template says it in words.

    A deed that has left the code keeps its line: a plain sentence stands in for its template.
    """

    number: int
    templates: tuple[str, str]
    room: str
    verb: str
    facts: dict[str, Any]
    when: dt.datetime
    part_of: int | None


@dataclass(frozen=True)
class Line:
    """A line of the journal as open data: what is public, and no reference to who."""

    number: int
    at: dt.datetime
    room: str
    verb: str
    subject_type: str
    subject_uid: str
    facts: dict[str, Any]
    part_of: int | None


@dataclass(frozen=True)
class JournalPage:
    """A page of the journal, and what it can be narrowed to."""

    sentences: tuple[Sentence, ...]
    page: Page[JournalLine]
    verbs: tuple[str, ...]
    months: tuple[dt.date, ...]


@dataclass(frozen=True)
class Hit:
    """A page that search found."""

    kind: str
    subject_uid: str
    title: str
    excerpt: str
    path: str
    lang: str


def page_of_journal(
    member_code: str, *, number: int | str = 1, verb: str = "", month: str = "", lines: int = LINES_ON_A_PAGE
) -> JournalPage:
    """Give one page of a member's journal, newest first, of one deed or one month if asked.

    A page number beyond the last gives the last; a month that is none gives nothing.
    """
    everything = JournalLine.objects.of(member_code)
    page = Paginator(_narrowed(everything, verb=verb, month=month).latest_first(), lines).get_page(number)
    return JournalPage(
        sentences=tuple(_sentence(line) for line in page.object_list),
        page=page,
        verbs=tuple(everything.order_by("verb").values_list("verb", flat=True).distinct()),
        months=tuple(found.date() for found in everything.datetimes("at", "month", order="DESC")),
    )


def last_sentences(member_code: str, *, most: int = 5) -> tuple[Sentence, ...]:
    """Give the last deeds of a member, newest first, without those done within another deed."""
    lines = JournalLine.objects.of(member_code).filter(parent=None).latest_first()[:most]
    return tuple(_sentence(line) for line in lines)


def sentences_since(member_code: str, since: dt.datetime, *, by_ref: str = "", most: int = 200) -> tuple[Sentence, ...]:
    """Give what was done at a member since an instant, newest first: by one person if asked, whole deeds only."""
    lines = JournalLine.objects.of(member_code).filter(parent=None, at__gte=since)
    if by_ref:
        lines = lines.filter(by_ref=by_ref)
    return tuple(_sentence(line) for line in lines.latest_first()[:most])


def sentences_about(member_code: str, *, subject_type: str, subject_uid: str) -> tuple[Sentence, ...]:
    """Give all that happened to one subject of a member, newest first, ready to be read."""
    lines = JournalLine.objects.of(member_code).about(subject_type, subject_uid).latest_first()
    return tuple(_sentence(line) for line in lines)


def lines_of_journal(member_code: str, *, verb: str = "", month: str = "") -> Iterator[Line]:
    """Give a member's lines as open data, oldest first, without holding them all in memory."""
    found = _narrowed(JournalLine.objects.of(member_code), verb=verb, month=month).order_by("pk")
    for line in found.iterator(chunk_size=1000):
        yield Line(
            number=line.pk,
            at=line.at,
            room=line.room,
            verb=line.verb,
            subject_type=line.subject_type,
            subject_uid=line.subject_uid,
            facts=line.facts,
            part_of=line.parent_id,
        )


def search(q: str, *, lang: str, member_code: str, kinds: Sequence[str] | None = None, limit: int = 50) -> list[Hit]:
    """Find the member's pages that hold every word asked, best first.

    Words are compared by their stems, as they were indexed; the last one may be
    unfinished. Nothing a person can type is an error: signs are not words.
    """
    terms = asked(q, lang)
    if not terms:
        return []
    on_sqlite = connection.vendor == "sqlite"
    sql, question = (_ON_SQLITE, _for_sqlite(terms)) if on_sqlite else (_ON_POSTGRESQL, _for_postgresql(terms))
    where, values = "entry.member_code = %s AND entry.lang = %s", [member_code, lang]
    if kinds is not None:
        where += " AND entry.kind IN (" + ", ".join(["%s"] * len(kinds)) + ")" if kinds else " AND 1 = 0"
        values += kinds
    with connection.cursor() as cursor:
        cursor.execute(sql.format(where=where), [question, *values, min(limit, MOST_HITS)])
        return [Hit(*row) for row in cursor.fetchall()]


def how_many_hold(terms: Sequence[str], *, most: int) -> dict[str, int]:
    """Count the entries that hold each stem, no further than ``most``: enough to know which are rare.

    Counting a common stem is what costs. PostgreSQL has counted those already,
    for its own plans (the statistics of ``ANALYZE``): its figure is taken, and
    only the stems it does not know as common are counted.
    """
    if not terms:
        return {}
    on_sqlite = connection.vendor == "sqlite"
    one, quote = (_HOLDING_ON_SQLITE, '"') if on_sqlite else (_HOLDING_ON_POSTGRESQL, "'")
    with connection.cursor() as cursor:
        counted = {} if on_sqlite else _counted_already(cursor, terms, most=most)
        if left := [term for term in terms if term not in counted]:
            cursor.execute(
                " UNION ALL ".join([one] * len(left)),
                [value for term in left for value in (term, f"{quote}{term}{quote}", most)],
            )
            counted |= dict(cursor.fetchall())
    return counted


def _counted_already(cursor: CursorWrapper, terms: Sequence[str], *, most: int) -> dict[str, int]:
    cursor.execute(_COUNTED_BY_POSTGRESQL, [list(terms)])
    # Below one the figures are older than the table: those stems are counted.
    return {term: min(most, round(count)) for term, count in cursor.fetchall() if count >= 1}


def holding_any(terms: Sequence[str], *, member_code: str, kind: str, limit: int) -> list[tuple[str, str]]:
    """List a member's pages that hold any of these stems, best first: their uids, and all their stems.

    The ``limit`` best of the whole index are looked at, and no other: the entries
    themselves are read for these alone.
    """
    if not terms:
        return []
    on_sqlite = connection.vendor == "sqlite"
    question = " OR ".join(f'"{one}"' for one in terms) if on_sqlite else " | ".join(f"'{one}'" for one in terms)
    with connection.cursor() as cursor:
        sql = _ANY_ON_SQLITE if on_sqlite else _ANY_ON_POSTGRESQL
        cursor.execute(sql, [question, limit, member_code, kind])
        return list(cursor.fetchall())


def members_indexed(*, kind: str) -> frozenset[str]:
    """List the members of which search finds a page of this kind."""
    found = SearchEntry.objects.filter(kind=kind).order_by()
    return frozenset(found.values_list("member_code", flat=True).distinct())


def kinds_found(member_code: str, lang: str) -> tuple[str, ...]:
    """List the kinds of page that a member's index holds in a language."""
    found = SearchEntry.objects.of(member_code).filter(lang=lang).order_by("kind")
    return tuple(found.values_list("kind", flat=True).distinct())


def file_response(stored: StoredFile, *, as_attachment: bool = True, part: str = "") -> HttpResponseBase:
    """Hand out a stored file as what it was found to be, so that no browser guesses otherwise.

    The room that owns the file asks its own rule first. Even opened in the
    browser it can run nothing. ``part`` is the header ``Range``: some players
    play nothing from a server that does not give the part they ask for. Raises
    ``Http404`` when the file is gone from the disk.
    """
    try:
        opened = stored.file.open("rb")
    except FileNotFoundError as error:
        raise Http404(stored.name) from error
    response: HttpResponseBase
    if asked := _PART.fullmatch(part):
        response = _part_of(opened, stored, *asked.groups())
    else:
        response = FileResponse(
            opened, as_attachment=as_attachment, filename=stored.name, content_type=stored.media_type
        )
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["ETag"] = f'"{stored.sha256}"'
    # A browser's own PDF reader does not open in a sandbox.
    shown_pdf = stored.media_type == "application/pdf" and not as_attachment
    response["Content-Security-Policy"] = "default-src 'none'" + ("" if shown_pdf else "; sandbox")
    return response


_PART = re.compile(r"bytes=(?=\d|-\d)(\d{0,15})-(\d{0,15})")


def _part_of(opened: File, stored: StoredFile, first: str, last: str) -> HttpResponse:
    """Give the bytes from ``first`` to ``last``, both counted; the last ``last`` bytes where no first is said."""
    start = int(first) if first else max(0, stored.size - int(last))
    end = min(int(last), stored.size - 1) if first and last else stored.size - 1
    with opened:
        if start > end:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size}"})
        opened.seek(start)
        response = HttpResponse(opened.read(end - start + 1), status=206, content_type=stored.media_type)
    response["Content-Range"] = f"bytes {start}-{end}/{stored.size}"
    return response


def _sentence(line: JournalLine) -> Sentence:
    return Sentence(
        number=line.pk,
        templates=(f"{line.room}/journal/{line.verb}.html", "record/journal/deed.html"),
        room=line.room,
        verb=line.verb,
        facts=line.facts,
        when=timezone.localtime(line.at),
        part_of=line.parent_id,
    )


def _narrowed(lines: JournalQuerySet, *, verb: str, month: str) -> JournalQuerySet:
    if verb:
        lines = lines.filter(verb=verb)
    if month:
        try:
            first = dt.datetime.strptime(month, "%Y-%m").replace(tzinfo=ZoneInfo("Africa/Casablanca"))
            following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        except ValueError:
            return lines.none()
        lines = lines.filter(at__gte=first, at__lt=following)
    return lines


_ON_SQLITE = """
SELECT entry.kind, entry.subject_uid, entry.title, entry.excerpt, entry.path, entry.lang
FROM record_searchfts JOIN record_searchentry entry ON entry.id = record_searchfts.rowid
WHERE record_searchfts MATCH %s AND {where} ORDER BY bm25(record_searchfts), entry.id LIMIT %s
"""
_ON_POSTGRESQL = """
SELECT entry.kind, entry.subject_uid, entry.title, entry.excerpt, entry.path, entry.lang
FROM record_searchentry entry, to_tsquery('simple', %s) question
WHERE entry.searchable @@ question AND {where} ORDER BY ts_rank(entry.searchable, question, 1) DESC, entry.id LIMIT %s
"""


_ANY_ON_SQLITE = """
SELECT entry.subject_uid, entry.words FROM
(SELECT rowid AS number, rank AS place FROM record_searchfts
WHERE record_searchfts MATCH %s ORDER BY rank LIMIT %s) best
CROSS JOIN record_searchentry entry ON entry.id = best.number
WHERE entry.member_code = %s AND entry.kind = %s ORDER BY best.place, entry.id
"""
_ANY_ON_POSTGRESQL = """
SELECT entry.subject_uid, entry.words FROM
(SELECT found.id AS number, ts_rank(found.searchable, question, 1) AS place
FROM record_searchentry found, to_tsquery('simple', %s) question
WHERE found.searchable @@ question ORDER BY place DESC LIMIT %s) best
JOIN record_searchentry entry ON entry.id = best.number
WHERE entry.member_code = %s AND entry.kind = %s ORDER BY best.place DESC, entry.id
"""
_HOLDING_ON_SQLITE = """
SELECT %s, count(*) FROM (SELECT rowid FROM record_searchfts WHERE record_searchfts MATCH %s LIMIT %s)
"""
# Two figures more than stems stand in the list of shares: the least and the greatest.
_COUNTED_BY_POSTGRESQL = """
SELECT known.stem, known.share * (SELECT reltuples FROM pg_class WHERE oid = 'record_searchentry'::regclass)
FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS known(stem, share)
WHERE schemaname = current_schema() AND tablename = 'record_searchentry' AND attname = 'searchable'
AND known.stem = ANY(%s)
"""
_HOLDING_ON_POSTGRESQL = """
SELECT %s, count(*) FROM
(SELECT 1 FROM record_searchentry WHERE searchable @@ to_tsquery('simple', %s) LIMIT %s) found
"""


def _for_sqlite(terms: Sequence[Sequence[str]]) -> str:
    """Write the question for FTS5: every term quoted, the forms of the last with a star."""
    *whole, last = terms
    begun = " OR ".join(f'"{form}"*' for form in last)
    return " AND ".join([*(f'"{term[0]}"' for term in whole), f"({begun})"])


def _for_postgresql(terms: Sequence[Sequence[str]]) -> str:
    """Write the question for tsquery: every term quoted, the forms of the last as prefixes."""
    *whole, last = terms
    begun = " | ".join(f"'{form}':*" for form in last)
    return " & ".join([*(f"'{term[0]}'" for term in whole), f"({begun})"])
