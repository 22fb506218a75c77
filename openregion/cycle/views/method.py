"""The method as a calm book: its pages, its search, its papers and its data."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import languages
from openregion.core.audience import everyone, kept
from openregion.core.refusal import Refused
from openregion.cycle import actions, exports, queries
from openregion.cycle.forms.method import AdoptForm, OverrideForm
from openregion.cycle.rules import why_not_adopt_version
from openregion.guide import queries as guides
from openregion.guide.schema import Guide
from openregion.people.audience import deeds_here, holders_of
from openregion.people.rules import today as this_day


def _book(request: HttpRequest) -> Guide:
    return guides.guide(request.member.guide_version)  # type: ignore[attr-defined]


def _page(request: HttpRequest, template: str, here: str, *, code: str = "", **shown: Any) -> HttpResponse:
    """Show a page of the book with what all of them have: the book, its chapters, the way here."""
    member, book = request.member, _book(request)  # type: ignore[attr-defined]
    navigation = {
        "book": book,
        "here": here,
        "chapters": queries.chapters(member, here),
        "stages": queries.stage_links(member, book, code if here == "method_stage" else ""),
        "annexes": queries.form_links(member, book, code if here == "method_form" else ""),
    }
    return render(request, f"cycle/method/{template}.html", navigation | shown)


def _found(found: Any, code: str) -> Any:
    if found is None:
        raise Http404(code)
    return found


@kept
def method(request: HttpRequest, member: str) -> HttpResponse:
    """The cover: what the method is, for whom, the cycle drawn, the chapters, what can be taken away."""
    book = _book(request)
    shown: dict[str, Any] = {"sha256": guides.fingerprint(book.version), "counts": queries.counts(book)}
    for part in ("candidacy", "plan"):
        shown[part] = queries.drawn_stages(request.member, book, part)  # type: ignore[attr-defined]
    return _page(request, "cover", "method", **shown)


@kept
def programme(request: HttpRequest, member: str) -> HttpResponse:
    """What the guide says of the programme before its steps: context, reasons, members' part, dated facts."""
    book = _book(request)
    facts = tuple((fact, queries.confidence_in_words(fact.confidence)) for fact in book.book.facts)
    return _page(request, "programme", "method_programme", passages=queries.programme_passages(book), facts=facts)


@kept
def values(request: HttpRequest, member: str) -> HttpResponse:
    """The four lists of values side by side, and one mapping between them (row C9)."""
    heads, mapped = queries.mapped_values(_book(request))
    return _page(
        request, "values", "method_values", lists=queries.value_passages(_book(request)), heads=heads, mapped=mapped
    )


@kept
def criteria(request: HttpRequest, member: str) -> HttpResponse:
    """Three eligibility criteria and nine admissibility conditions."""
    return _page(request, "criteria", "method_criteria", passages=queries.criteria_passages(_book(request)))


@kept
def directives(request: HttpRequest, member: str) -> HttpResponse:
    """Eight directives for a plan, each with the row of the check that watches it."""
    return _page(request, "directives", "method_directives")


@kept
def one_stage(request: HttpRequest, member: str, stage: str) -> HttpResponse:
    """One stage: who takes part, to what end, what is done, on what ground."""
    read = _found(queries.stage_as_read(_book(request), stage), stage)
    days = queries.days_of_stages(request.member, read.stage.part).get(stage)  # type: ignore[attr-defined]
    return _page(request, "stage", "method_stage", code=stage, read=read, several=len(read.procedures) > 1, days=days)


@kept
def actors(request: HttpRequest, member: str) -> HttpResponse:
    """Everyone the guide names, by where the platform seats them."""
    return _page(request, "actors", "method_actors", seats=queries.actors_by_seat(_book(request)))


@kept
def one_actor(request: HttpRequest, member: str, actor: str) -> HttpResponse:
    """What is asked of me, and when."""
    return _page(request, "actor", "method_actor", read=_found(queries.actor_as_read(_book(request), actor), actor))


@kept
def one_form(request: HttpRequest, member: str, form: str) -> HttpResponse:
    """An annex as a form to read: its labels as printed, its advice, what becomes of each answer."""
    read = _found(guides.form(_book(request), form), form)
    shown = {"form_read": read, "groups": queries.groups_as_read(read), "kicker": queries.annex(read)}
    return _page(request, "form", "method_form", code=form, **shown)


@kept
def rules(request: HttpRequest, member: str) -> HttpResponse:
    """Delays and thresholds by topic: the figure, who says so, how sure we are, the member's own value."""
    read = queries.rules_as_read(request.member, this_day())  # type: ignore[attr-defined]
    levels = tuple(queries.confidence_in_words(level) for level in ("verified", "high", "medium", "low"))
    return _page(request, "rules", "method_rules", topics=read, levels=levels)


@kept
def one_rule(request: HttpRequest, member: str, rule: str) -> HttpResponse:
    """One rule: its figure, its ground, since when, and every value the member gave it."""
    read = _found(queries.rule_as_read(request.member, rule, this_day()), rule)  # type: ignore[attr-defined]
    may_override = read.rule.value is not None and "override_rule" in deeds_here(request)
    return _page(request, "rule", "method_rule", read=read, may_override=may_override)


@holders_of("override_rule")
def override_rule(request: HttpRequest, member: str, rule: str) -> HttpResponse:
    """Give a rule the member's own value, with the reason and the source."""
    read = _found(queries.rule_as_read(request.member, rule, this_day()), rule)  # type: ignore[attr-defined]
    asked = OverrideForm(request.POST or None, unit=read.rule.unit)
    if asked.is_valid() and _overridden(request, rule, asked):
        messages.success(request, _("The authority's own value is published with its reason."))
        return redirect("method_rule", member, rule)
    back = reverse("method_rule", args=[member, rule])
    return _page(request, "override", "override_rule", read=read, form=asked, back=back)


def _overridden(request: HttpRequest, rule: str, asked: OverrideForm) -> bool:
    """Do the deed; a refusal becomes an error of the form, so nothing typed is lost."""
    now = timezone.now()
    given = asked.cleaned_data
    try:
        actions.override_rule(
            member=request.member,  # type: ignore[attr-defined]
            rule=rule,
            value=given["value"],
            reason=asked.reason(now),
            source=given["source"],
            effective_on=given["effective_on"],
            by=request.user,  # type: ignore[arg-type]
            at=now,
        )
    except Refused as refusal:
        asked.add_error(None, str(refusal))
        return False
    return True


@kept
def today(request: HttpRequest, member: str) -> HttpResponse:
    """Where the guide and today's OGP Local rules part, and what the platform does about it."""
    book = _book(request)
    differences = tuple((one, queries.confidence_in_words(one.confidence)) for one in book.book.differences)
    return _page(request, "today", "method_today", differences=differences)


@kept
def bodies(request: HttpRequest, member: str) -> HttpResponse:
    """The bodies of the process, kept apart."""
    return _page(request, "bodies", "method_bodies", bodies=queries.bodies_as_read(_book(request)))


@kept
def references(request: HttpRequest, member: str) -> HttpResponse:
    """Laws, sites and documents the method leans on, and where it cites them."""
    return _page(request, "references", "method_references", kinds=queries.references_by_kind(_book(request)))


@everyone
def search(request: HttpRequest, member: str) -> HttpResponse:
    """Find a place of the method by its words."""
    q = request.GET.get("q", "").strip()
    found = queries.find(request.member, q) if q else ()  # type: ignore[attr-defined]
    return _page(request, "search", "method_search", q=q, found=found, number=sum(len(hits) for _kind, hits in found))


@kept
def versions(request: HttpRequest, member: str) -> HttpResponse:
    """Every version of the method this platform holds, with its hash, and pairs to compare."""
    held = guides.readable_versions()
    listed = tuple((guides.guide(version), guides.fingerprint(version)) for version in held)
    may_adopt = "adopt_guide_version" in deeds_here(request)
    shown: dict[str, Any] = {"listed": listed, "pairs": tuple(pairwise(held)), "may_adopt": may_adopt}
    return _page(request, "versions", "method_versions", **shown)


@holders_of("adopt_guide_version")
def adopt_version(request: HttpRequest, member: str, newer: str) -> HttpResponse:
    """Follow another version of the method, once what changes has been read."""
    if newer not in guides.versions():
        raise Http404(newer)
    asked = AdoptForm(request.POST if request.method == "POST" else None)
    if asked.is_valid() and _adopted(request, newer, asked):
        messages.success(request, _("The space follows this version now."))
        return redirect("method_versions", member)
    refusal = why_not_adopt_version(request.user, request.member, version=newer)  # type: ignore[attr-defined, arg-type]
    differing = () if refusal else queries.differing_texts(_book(request), guides.guide(newer))
    shown: dict[str, Any] = {"newer": newer, "form": asked, "refusal": refusal, "differing": differing}
    return _page(request, "adopt", "adopt_guide_version", **shown, back=reverse("method_versions", args=[member]))


def _adopted(request: HttpRequest, version: str, asked: AdoptForm) -> bool:
    """Do the deed; a refusal is read in the page that asked."""
    try:
        actions.adopt_guide_version(
            member=request.member,  # type: ignore[attr-defined]
            version=version,
            by=request.user,  # type: ignore[arg-type]
            at=timezone.now(),
        )
    except Refused as refusal:
        asked.add_error(None, str(refusal))
        return False
    return True


@kept
def comparison(request: HttpRequest, member: str, older: str, newer: str) -> HttpResponse:
    """Two versions side by side: every text that differs, by its place, word for word."""
    if not {older, newer} <= set(guides.versions()):
        raise Http404(f"{older} {newer}")
    lang = languages.body_lang(get_language() or "fr")
    changes = guides.compare(guides.guide(older), guides.guide(newer), lang)
    return _page(request, "comparison", "method_comparison", older=older, newer=newer, changes=changes)


@kept
def guide_json(request: HttpRequest, member: str) -> HttpResponse:
    """The whole method as data: the very text whose hash a cycle pins."""
    book = _book(request)
    return _download(guides.canonical_json(book.version), "application/json", f"{book.version}.json")


@kept
def schema_json(request: HttpRequest, member: str) -> HttpResponse:
    """What the data may hold, key by key, as a JSON Schema."""
    return _download(guides.json_schema(), "application/schema+json", "guide.schema.json")


@kept
def operations_csv(request: HttpRequest, member: str) -> HttpResponse:
    """Every operation as a table."""
    book = _book(request)
    return _download(exports.operations_as_csv(book), "text/csv; charset=utf-8", f"{book.version}-operations.csv")


@everyone
def printed_paper(request: HttpRequest, member: str, paper: str, format: str) -> HttpResponse:
    """The method, or a blank annex, as PDF or DOCX in the page's language."""
    version, lang = _book(request).version, languages.body_lang(get_language() or "fr")
    content = _found(exports.printed_method(version, name=paper, lang=lang, format=format), paper)
    return _download(content, exports.MEDIA_TYPES[format], f"{version}-{paper}-{lang}.{format}")


def _download(content: str | bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
