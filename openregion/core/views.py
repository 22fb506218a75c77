"""Pages of the bricks themselves, and of the instance: glossary, privacy, accessibility."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from openregion.core import colour as colours
from openregion.core import gallery, glossary, languages, privacy, resent
from openregion.core.audience import everyone, kept

A_YEAR = 31536000
_NEVER_SENT_AGAIN = {"code", "csrfmiddlewaretoken"}


@everyone
def components(request: HttpRequest) -> HttpResponse:
    """Show every component in both directions, for those who build pages."""
    return render(request, "core/components.html", {"sides": gallery.sides(), "swatches": gallery.swatches()})


@kept
def glossary_page(request: HttpRequest) -> HttpResponse:
    """Explain the words of the field, each with its source."""
    lang = languages.body_lang(get_language() or "fr")
    entries = [
        {
            "code": term.code,
            "name": term.name_in(lang),
            "definition": term.definitions.get(lang) or term.definitions["fr"],
            "elsewhere": term.elsewhere(lang),
            "source": term.source,
        }
        for term in glossary.in_order(lang)
    ]
    return render(request, "core/glossary.html", {"entries": entries})


@kept
def privacy_page(request: HttpRequest) -> HttpResponse:
    """Tell people what is kept about them, why, how long, and what they may ask (law 09-08)."""
    lang = languages.body_lang(get_language() or "fr")
    file = settings.PRIVACY_FILE
    told = {"registers": privacy.registers(file, lang), "elsewhere": privacy.elsewhere(file, lang)}
    return render(request, "core/privacy.html", told)


@kept
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what was done so that everyone can use the site, what is known to fail, and whom to tell."""
    return render(request, "core/accessibility.html")


@everyone
def accent_sheet(request: HttpRequest, colour: str) -> HttpResponse:
    """Give a member's accent as a tiny stylesheet, since pages may carry no style of their own.

    A colour too pale to read does not exist here: the page keeps the usual one.
    """
    if not colours.is_readable(f"#{colour}"):
        raise Http404(colour)
    shades = colours.accent(f"#{colour}")
    sheet = f":root{{--accent:{shades.plain};--accent-deep:{shades.deep};--accent-wash:{shades.wash}}}\n"
    response = HttpResponse(sheet, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


@everyone
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Offer to send again a form whose token expired, so that nothing typed is lost.

    Only for a form of our own pages: sent again with one press, another site's
    form would become a trap. Passwords and codes are asked anew; files are chosen
    again on this page, so that the words are not sent without them unawares.
    """
    ours = request.method == "POST" and resent.comes_from_here(request)
    typed = [
        (name, value)
        for name, values in (request.POST.lists() if ours else ())
        if name not in _NEVER_SENT_AGAIN and "password" not in name
        for value in values
    ]
    context = {
        "ours": ours,
        "typed": typed,
        "shown": resent.words_among(typed),
        "files": [(name, one.name) for name, given in request.FILES.lists() for one in given] if ours else [],
        "again": request.get_full_path(),
    }
    response = render(request, "403_csrf.html", context, status=403)
    response["Cache-Control"] = "no-store"
    return response
