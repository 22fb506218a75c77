"""The pictures of « Le travail du point focal, pas à pas », taken on the demonstration.

``OPENREGION_PICTURES=1 ./test tests/journeys/test_pictures.py`` writes them anew into
``docs/pictures/point-focal``. Without it they are taken aside: the pages they show still exist.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Page

from openregion.admission.models import Dossier
from openregion.cycle import actions as cycles
from openregion.cycle.models import Deliberation, Letter, Meeting
from openregion.cycle.queries.guests import guest_from
from openregion.people.models import Contact, Member, User
from openregion.web.demonstration.founding import words
from tests.journeys import steps
from tests.journeys.candidacy_steps import both, later_today
from tests.journeys.steps import when_i_open

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("screen", [{"width": 1100, "height": 900}], ids=["desk"], indirect=True),
]
DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
FOLDER = DOCS / "pictures" / "point-focal"
PAGE = DOCS / "point-de-contact.fr.md"
WIDE, HIGH, HEAVIEST = 1100, 900, 120_000
PHONE = {"width": 390, "height": 844}


def _last(kind: str) -> Meeting:
    return Meeting.objects.filter(kind=kind).latest("starts_at")


def _upcoming() -> str:
    """The forum that is to come, as the point of contact sees it."""
    return f"meetings/{Meeting.objects.filter(state='planned', body__kind='forum').latest('starts_at').number}/"


def _door() -> str:
    """The door of a meeting of today: the demonstration has none, so one is planned with the associations."""
    coordinator, at = User.objects.get(email="coordination@azirane.invalid"), timezone.now()
    meeting = cycles.plan_meeting(
        member=Member.objects.get(),
        kind="exchange",
        title=words(both("Atelier avec les associations", "ورشة مع الجمعيات"), at),
        purpose={},
        starts_at=later_today(),
        place=words({"fr": "Aïn Tamda", "ar": "عين تامدة"}, at),
        by=coordinator,
        at=at,
    )
    invited = [guest_from(one) for one in Contact.objects.filter(category="civil-society")]
    first, *_others = cycles.invite_to_meeting(meeting, guests=invited, by=coordinator, at=at)
    cycles.check_in(meeting, guest=first, by=coordinator, at=at)
    return f"meetings/{meeting.number}/door/"


def _letter() -> str:
    return f"letters/{Letter.objects.filter(state='issued').latest('pk').uid}/"


def _dossier() -> str:
    one = Dossier.objects.select_related("cycle").latest("pk")
    return f"candidacy/{one.cycle.number}/dossiers/{one.number}/"


CONTACT = "contact@azirane.invalid"
# What each picture shows: its name, who looks, the page under the Region's address.
PICTURES: tuple[tuple[str, str, str | Callable[[], str]], ...] = (
    ("01-nomination", "", "point-of-contact/"),
    ("02-tableau-de-bord", CONTACT, "desk/?lines=all"),
    ("03-cycle", CONTACT, "cycles/candidacy/1/"),
    ("04-operation", CONTACT, "cycles/candidacy/1/operations/present-to-groups/"),
    ("05-calendrier", CONTACT, "calendar/"),
    ("06-compte-a-rebours", CONTACT, "calendar/backward/"),
    ("07-reunion", CONTACT, _upcoming),
    ("08-emargement", "coordination@azirane.invalid", _door),
    ("09-proces-verbal", "", lambda: f"meetings/{_last('launch').number}/"),
    ("10-dossier-du-conseil", CONTACT, "cycles/candidacy/1/council/1/"),
    ("11-deliberation-et-visa", "", lambda: f"deliberations/{Deliberation.objects.get(act__number='22/2024').uid}/"),
    ("12-lettre", CONTACT, _letter),
    ("13-eligibilite", CONTACT, "candidacy/eligibility/"),
    ("14-recevabilite", CONTACT, "candidacy/admissibility/"),
    ("15-dossier", "", _dossier),
    ("16-adhesion", "", "membership/"),
    ("17-echanges", CONTACT, "exchanges/"),
    ("18-communication", CONTACT, "cycles/plan/1/communication/"),
    ("19-passation", CONTACT, "cycles/plan/1/hand-over/"),
)


def small(taken: bytes) -> bytes:
    """Draw a picture again with sixty-four colours: pages need no more, and the repository stays light."""
    reduced = Image.open(io.BytesIO(taken)).convert("RGB").quantize(colors=64, dither=Image.Dither.NONE)
    reduced.save(written := io.BytesIO(), "PNG", optimize=True)
    return written.getvalue()


def take(page: Page) -> bytes:
    """Photograph the content of a page from its top, no higher than a screen, without the foot."""
    main = page.locator("main").bounding_box()
    assert main is not None
    wide = page.viewport_size["width"] if page.viewport_size else WIDE
    clip = {"x": 0, "y": main["y"], "width": wide, "height": min(HIGH, main["height"])}
    return small(page.screenshot(full_page=True, clip=clip, animations="disabled"))  # type: ignore[arg-type]


@pytest.mark.row("A5")
def test_pictures_of_the_point_of_contact_are_taken(
    page: Page, context: BrowserContext, live_server: Any, demonstration: Member, tmp_path: Path
) -> None:
    kept = FOLDER if os.environ.get("OPENREGION_PICTURES") == "1" else tmp_path
    kept.mkdir(parents=True, exist_ok=True)
    home = f"{live_server.url}/fr/{demonstration.slug}/"
    for name, who, asked in PICTURES:
        steps.given_nobody_signed_in(context)
        if who:
            steps.given_someone_signed_in(context, live_server.url, User.objects.get(email=who))
        page.set_viewport_size(PHONE if asked is _door else {"width": WIDE, "height": HIGH})  # type: ignore[arg-type]
        when_i_open(page, home + (asked if isinstance(asked, str) else asked()))
        picture = kept / f"{name}.png"
        picture.write_bytes(take(page))
        assert 0 < picture.stat().st_size < HEAVIEST, name
    named = set(re.findall(r"pictures/point-focal/([\w-]+)\.png", PAGE.read_text(encoding="utf-8")))
    assert named == {name for name, _who, _asked in PICTURES}
