"""Following with the code: it answers its author, tells nobody else anything, and is kept nowhere."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from openregion.consultation import codes
from openregion.consultation.models import Contribution
from openregion.record.models import JournalLine
from tests.factories.chains import Chain
from tests.factories.people import MemberFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ["ar", "fr", "en", "zgh"]
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def follow(chain: Chain, code: str, *, lang: str = "fr", status: int = 200, client: Client | None = None) -> str:
    response = (client or Client()).post(f"/{lang}/{chain.member.slug}/follow/", {"code": code})
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def wrong_digit(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def unknown() -> str:
    digits = "12345678901"
    return digits + codes.check_digit(digits)


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_author_reads_the_state_of_their_words_with_the_code(lang: str) -> None:
    chain = Chain()
    one = chain.suggest("Mes mots à moi", publish=False)
    page = follow(chain, chain.codes[one.number], lang=lang)
    assert ("Mes mots à moi" in page, page.count("stage--")) == (True, 8)


@pytest.mark.parametrize(
    "written",
    [
        lambda code: codes.grouped(code),
        lambda code: code.translate(ARABIC_INDIC),
        lambda code: f" {code[:6]}-{code[6:]} ",
    ],
    ids=["groups", "arabic-indic", "hyphen"],
)
def test_code_is_read_however_it_is_written(written) -> None:  # type: ignore[no-untyped-def]
    chain = Chain()
    one = chain.suggest("Mes mots à moi")
    assert "Mes mots à moi" in follow(chain, written(chain.codes[one.number]))


def test_slip_of_the_finger_is_told_apart_from_an_unknown_code() -> None:
    chain = Chain()
    one = chain.suggest()
    pages = [follow(chain, code, lang="en") for code in (wrong_digit(chain.codes[one.number]), unknown(), "123")]
    said = ["typing mistake", "No suggestion has this code", "this one has 3"]
    assert [[word in page for word in said] for page in pages] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]


def test_same_questions_are_asked_whatever_is_wrong() -> None:
    chain = Chain()
    one = chain.suggest()
    asked = []
    for code in (wrong_digit(chain.codes[one.number]), unknown(), "1", "abc"):
        with CaptureQueriesContext(connection) as queries:
            follow(chain, code)
        asked.append(len(queries))
    assert len(set(asked)) == 1


def test_code_of_another_member_is_unknown_here() -> None:
    chain, elsewhere = Chain(), MemberFactory()
    one = chain.suggest("Mes mots à moi")
    response = Client().post(f"/en/{elsewhere.slug}/follow/", {"code": chain.codes[one.number]})
    page = response.content.decode()
    assert ("No suggestion has this code" in page, "Mes mots à moi" in page) == (True, False)


def test_guessing_is_slowed_by_address_and_right_codes_are_not_counted() -> None:
    chain = Chain()
    one = chain.suggest("Mes mots à moi")
    for _ in range(codes.WRONG_ONES.most + 2):
        follow(chain, chain.codes[one.number])
    for _ in range(codes.WRONG_ONES.most):
        follow(chain, unknown())
    assert "Mes mots à moi" not in follow(chain, chain.codes[one.number], status=429)
    there = Client(REMOTE_ADDR="192.0.2.7")
    assert "Mes mots à moi" in follow(chain, chain.codes[one.number], client=there)


@pytest.mark.row("D2")
def test_reading_why_words_are_hidden_counts_as_being_told() -> None:
    chain = Chain()
    one = chain.suggest("Mes mots cachés", publish=False)
    chain.hide(one, "insult")
    page = follow(chain, chain.codes[one.number], lang="en")
    assert ("It insults someone" in page, "Mes mots cachés" in page) == (True, True)
    assert Contribution.objects.get(pk=one.pk).reason_told_at is not None


def test_code_is_in_no_address_no_journal_and_no_cookie(caplog: pytest.LogCaptureFixture) -> None:
    chain = Chain()
    one = chain.suggest()
    code, client = chain.codes[one.number], Client()
    page = follow(chain, code, client=client)
    carried = f'<input type="hidden" name="code" value="{code}">'  # to withdraw, and to erase
    assert (page.count(code), page.count(carried)) == (2, 2)
    assert "sessionid" not in client.cookies
    assert code not in str(list(JournalLine.objects.values_list("facts", flat=True)))
    assert code not in caplog.text
    asked = client.get(f"/fr/{chain.member.slug}/follow/?code={code}").content.decode()
    assert (f'value="{code}"' in asked, "stage--" in asked) == (False, False)


def test_author_withdraws_with_the_code_again() -> None:
    chain = Chain()
    one = chain.suggest("Mes mots à moi")
    client, code = Client(), chain.codes[one.number]
    assert f'action="/fr/{chain.member.slug}/follow/withdraw/"' in follow(chain, code, client=client)
    client.post(f"/fr/{chain.member.slug}/follow/withdraw/", {"code": wrong_digit(code)})
    assert Contribution.objects.get(pk=one.pk).withdrawn_at is None
    response = client.post(f"/fr/{chain.member.slug}/follow/withdraw/", {"code": code})
    assert (response.status_code, response["Location"]) == (302, f"/fr/{chain.member.slug}/follow/")
    assert Contribution.objects.get(pk=one.pk).withdrawn_at is not None
    assert "Mes mots à moi" not in Client().get(f"/fr/{chain.member.slug}/suggestions/").content.decode()
    assert f'action="/fr/{chain.member.slug}/follow/withdraw/"' not in follow(chain, code)


def test_withdrawing_by_reading_an_address_does_nothing() -> None:
    chain = Chain()
    one = chain.suggest()
    response = Client().get(f"/fr/{chain.member.slug}/follow/withdraw/?code={chain.codes[one.number]}")
    assert response.status_code == 405
    assert Contribution.objects.get(pk=one.pk).withdrawn_at is None
