"""The home page shows those who work here what waits for them, and nobody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from openregion.consultation.models import AssistedEntry, Contribution
from openregion.people.models import Member, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def region(demonstration_played: None, db: None) -> Member:
    return Member.objects.get()


def home(member: Member, email: str = "") -> str:
    client = Client()
    if email:
        client.force_login(User.objects.get(email=email))
    return client.get(reverse("member_home", args=[member.slug])).content.decode()


@pytest.mark.row("O-5")
def test_moderator_finds_what_waits_to_be_read(region: Member) -> None:
    address = f'href="{reverse("moderation", args=[region.slug])}"'
    assert address in home(region, "moderation@azirane.invalid")
    assert address not in home(region)


@pytest.mark.row("L-1")
def test_everything_written_with_help_has_its_consent(region: Member) -> None:
    """Words are marked as written with help where the consent of who spoke is kept, and nowhere else."""
    marked = Contribution.everything.filter(channel=Contribution.Channel.ASSISTED)
    assert marked.count() == AssistedEntry.objects.exclude(consent_lang="").count() >= 30
    assert not marked.filter(assistance=None).exists()


@pytest.mark.row("D4")
def test_head_of_a_unit_finds_its_own_commitments(region: Member) -> None:
    text = home(region, "equipements@azirane.invalid")
    work = text[text.index('id="work"') : text.index('id="where"')]
    own, other = (reverse("commitment", args=[region.slug, slug]) for slug in ("1-3", "1-1"))
    assert (own in work, other in work) == (True, False)
