"""What every page knows: its language, direction, and the same page in the others."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from openregion.core import languages
from openregion.core.official import OfficialText

# The platform's own name is data, not a message: pages in one language show it in another too.
NAME: OfficialText = {
    "ar": {"text": "الجهة المنفتحة", "at": "", "of": ""},
    "fr": {"text": "Région ouverte", "at": "", "of": ""},
    "en": {"text": "Open Region", "at": "", "of": ""},
}


def page(request: HttpRequest) -> dict[str, Any]:
    """Give the base layout the language of the page and its twins.

    ``returning`` says that the browser brought a session: only then may a page
    look at who reads it, for looking opens the session and the page could no
    longer be kept for visitors. ``to_tell`` holds back in the same way.
    """
    lang = get_language() or "fr"
    returning = settings.SESSION_COOKIE_NAME in request.COOKIES
    return {
        "lang": lang,
        "body_lang": languages.body_lang(lang),
        "direction": languages.direction(lang),
        "twins": [(language, twin(request.get_full_path(), language.code)) for language in languages.ALL],
        "platform": NAME,
        "returning": returning,
        "to_tell": get_messages(request) if _something_to_tell(request, returning=returning) else (),
        "page_address": request.build_absolute_uri(),
        "printed_on": timezone.localdate(),
        "cndp_reference": settings.CNDP_REFERENCE,
    }


def twin(path: str, lang: str) -> str:
    """Give the address of the same page in another language.

    Only the first word of an address says its language. An address that has
    none (an unknown page) leads to the home page.
    """
    _, first, *rest = path.split("/", 2)
    return f"/{lang}/{rest[0]}" if first in languages.CODES and rest else f"/{lang}/"


def _something_to_tell(request: HttpRequest, *, returning: bool) -> bool:
    fresh = getattr(getattr(request, "_messages", None), "added_new", False)
    return returning or fresh or "messages" in request.COOKIES
