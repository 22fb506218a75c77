"""How a page asks and does: a form alone on its page, and a deed whose refusal loses nothing typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openregion.core.refusal import Refused


def do(request: HttpRequest, form: forms.Form, deed: Callable[[], Any], *, done: str) -> bool:
    """Do the deed when the form is right; a refusal becomes an error of the form, so nothing typed is lost."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        deed()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, done)
    return True


def ask(request: HttpRequest, form: forms.Form, *, title: str, submit: str, back: str, **more: Any) -> HttpResponse:
    """Show a form alone on its page: what it does, what becomes of what is typed, the way back.

    ``keep`` has the browser keep what is typed until it is received: "new" for
    something that starts empty, "saved" for words that are being revised.
    """
    context = {"form": form, "title": title, "submit": submit, "back": back}
    usual = {"lead": "", "notice": None, "shows_roles": False, "keep": ""}
    return render(request, "people/ask.html", usual | context | more)
