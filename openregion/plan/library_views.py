"""Pages of the library: commitments that other members of OGP published, to learn from."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from openregion.core.audience import everyone
from openregion.people.audience import AtMember
from openregion.plan import library
from openregion.plan.models import PublishedCommitment


@everyone
def shelf(request: AtMember, member: str) -> HttpResponse:
    """Search published commitments by words, policy area, country, assessed result and level."""
    asked = {
        name: request.GET.get(name, "")[:200].replace("\0", "") for name in ("q", "area", "country", "result", "level")
    }
    page = library.shelf(library.Filters(**asked), number=request.GET.get("page", 1))
    return render(request, "plan/library.html", {"shelf": page, "page": page.page})


@everyone
def published_commitment(request: AtMember, member: str, pk: int) -> HttpResponse:
    """Show a published commitment: its words, what its table says of it, where it comes from."""
    one = get_object_or_404(PublishedCommitment.objects.prefetch_related("areas"), pk=pk)
    return render(request, "plan/library_commitment.html", {"book": library.book(one)})
