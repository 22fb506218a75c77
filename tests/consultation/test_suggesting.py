"""Receiving suggestions: the form, the code, what is refused, what is never lost."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult
from freezegun import freeze_time

from openregion.consultation import actions, codes, held, mails, rules
from openregion.consultation.models import Consultation, Contribution, Notice, Vote
from openregion.core.refusal import Refused
from openregion.people.models import Member
from openregion.record.arrival import Arrived
from openregion.record.models import JournalLine, SearchEntry
from tests.consultation.sounds import webm
from tests.consultation.test_news import CRAFTED
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.people import AT, MemberFactory, TerritoryFactory, UserFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ("ar", "zgh", "fr", "en")
MARKER = "Marqueur-que-le-journal-ne-tient-pas"
CODE = re.compile(r"\b\d{4} \d{4} \d{4}\b")


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


def page(lang: str = "fr") -> str:
    return address("suggest", "ici", "question", lang=lang)


def ticket_of(client: Client, lang: str = "fr") -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', client.get(page(lang)).content.decode())
    assert found
    return found.group(1)


def typed(**more: Any) -> dict[str, Any]:
    return {"ticket": codes.new_ticket(), "idea": "Publier le budget en clair.", "lang": "fr", **more}


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_visitor_gives_a_suggestion_and_reads_the_code_once(
    client: Client, consultation: Consultation, lang: str
) -> None:
    asked = client.get(page(lang))
    assert (asked.status_code, "sessionid" in asked.cookies) == (200, False)
    assert "no-store" in asked["Cache-Control"]
    answer = client.post(page(lang), typed(ticket=ticket_of(client, lang)))
    text = answer.content.decode()
    one = Contribution.objects.get()
    assert (answer.status_code, "no-store" in answer["Cache-Control"], "sessionid" in client.cookies) == (
        200,
        True,
        False,
    )
    shown = CODE.findall(text)
    assert len(shown) == 1
    assert one.code_hash == codes.hashed(codes.tidy(shown[0]))
    assert (one.number, one.words, one.channel, one.author, one.reply_to) == (
        1, {"idea": "Publier le budget en clair."}, "online", None, "",
    )  # fmt: skip
    assert f'<bdi dir="ltr">{shown[0]}</bdi>' in text


def test_same_form_sent_twice_gives_the_same_page_and_one_suggestion(
    client: Client, consultation: Consultation
) -> None:
    said = typed()
    first, again = (client.post(page(), said).content.decode() for _ in range(2))
    assert CODE.findall(first) == CODE.findall(again)
    assert (Contribution.objects.count(), JournalLine.objects.filter(verb="receive_suggestion").count()) == (1, 1)
    changed = client.post(page(), said | {"idea": "Autre chose"}).content.decode()
    assert (CODE.findall(changed), Contribution.objects.get().words["idea"]) == (
        CODE.findall(first), "Publier le budget en clair.",
    )  # fmt: skip
    assert "notice--warning" in changed


@pytest.mark.row("D2")
def test_same_words_from_the_same_browser_are_the_same_form(client: Client, consultation: Consultation) -> None:
    first, again = (client.post(page(), typed()).content.decode() for _ in range(2))
    assert CODE.findall(first) == CODE.findall(again)
    assert Contribution.objects.count() == 1
    client.post(page(), typed(idea="Une autre idée."))
    Client().post(page(), typed())
    assert Contribution.objects.count() == 3


def test_weak_ticket_is_replaced(client: Client, consultation: Consultation) -> None:
    first, again = (Client().post(page(), typed(ticket="1")).content.decode() for _ in range(2))
    assert CODE.findall(first) != CODE.findall(again)


def test_same_form_sent_again_after_the_end_still_shows_its_code(client: Client, consultation: Consultation) -> None:
    said = typed()
    first = client.post(page(), said).content.decode()
    consultation.closes_at = timezone.now()
    consultation.save()
    assert CODE.findall(client.post(page(), said).content.decode()) == CODE.findall(first)


@pytest.mark.parametrize("part", ["problem", "idea", "effect"])
def test_any_one_part_is_enough(client: Client, consultation: Consultation, part: str) -> None:
    client.post(page(), {"ticket": codes.new_ticket(), "lang": "fr", part: "Un mot."})
    assert Contribution.objects.get().words == {part: "Un mot."}


def test_nothing_written_is_refused_and_keeps_the_rest(client: Client, consultation: Consultation) -> None:
    place = TerritoryFactory(province=True, parent=consultation.cycle.member.authorities.get().territory)
    answer = client.post(page(), typed(idea="  \n ", reply_to="pas une adresse", province=place.code))
    text = answer.content.decode()
    assert (answer.status_code, Contribution.objects.count()) == (200, 0)
    assert ('value="pas une adresse"' in text, f'value="{place.code}" selected' in text) == (True, True)
    answer = client.post(page(), typed(idea="  \n ", province=place.code))
    assert (Contribution.objects.count(), f'value="{place.code}" selected' in answer.content.decode()) == (0, True)


def test_longer_than_the_rule_allows_is_refused_whole(client: Client, consultation: Consultation) -> None:
    answer = client.post(page(), typed(idea="é" * (rules.LONGEST + 1)))
    text = answer.content.decode()
    assert (Contribution.objects.count(), "é" * (rules.LONGEST + 1) in text) == (0, True)
    assert "maxlength" not in text.split("<textarea")[1]
    client.post(page(), typed(idea="é" * rules.LONGEST))
    assert len(Contribution.objects.get().words["idea"]) == rules.LONGEST


def test_hidden_controls_are_cleaned_and_the_words_kept(client: Client, consultation: Consultation) -> None:
    client.post(page(), typed(idea="Publier\x00 \u202ele budget\u2069\r\net les comptes"))
    assert Contribution.objects.get().words == {"idea": "Publier le budget\net les comptes"}


@pytest.mark.parametrize(
    ("words", "page_lang", "chosen", "kept"),
    [
        ("Publier le budget", "fr", "fr", "fr"),
        ("Publish the budget", "en", "en", "en"),
        ("نشر الميزانية", "fr", "fr", "ar"),
        ("بغينا نعرفو فين مشات الفلوس", "ar", "ary", "ary"),
        ("Publier le budget", "ar", "ar", "fr"),
        ("ⵜⴰⵎⴰⵣⵉⵖⵜ", "zgh", "fr", "zgh"),
        ("Bghina l-budget", "fr", "ary", "ary-latn"),
    ],
)
def test_language_is_guessed_by_the_letters_unless_it_was_chosen(
    client: Client, consultation: Consultation, words: str, page_lang: str, chosen: str, kept: str
) -> None:
    client.post(page(page_lang), typed(idea=words, lang=chosen))
    assert Contribution.objects.get().lang == kept


def test_theme_and_province_are_the_consultation_s_own(client: Client, consultation: Consultation) -> None:
    theme, other = consultation.themes.all()[0], ConsultationFactory().themes.all()[0]
    place = TerritoryFactory(province=True, parent=consultation.cycle.member.authorities.get().territory)
    client.post(page(), typed(theme=theme.code, province=place.code))
    one = Contribution.objects.get()
    assert (one.suggestion.theme, one.suggestion.province) == (theme, place)
    elsewhere = TerritoryFactory(province=True)
    for wrong in ({"theme": other.code}, {"province": elsewhere.code}):
        assert client.post(page(), typed(**wrong)).status_code == 200
    assert Contribution.objects.count() == 1


@pytest.mark.row("C3")
@pytest.mark.parametrize("dates", [{"closed": True}, {"to_come": True}])
def test_outside_its_dates_it_says_so_and_hands_the_text_back(
    client: Client, member: Member, dates: dict[str, bool]
) -> None:
    ConsultationFactory(member=member, slug="question", **dates)
    asked = client.get(page()).content.decode()
    assert ('name="ticket"' in asked, "notice--warning" in asked) == (False, True)
    answer = client.post(page(), typed(idea="Un texte à copier", reply_to="x"))
    text = answer.content.decode()
    assert (answer.status_code, Contribution.objects.count(), "Un texte à copier</textarea>" in text) == (200, 0, True)
    assert "readonly" in text


@pytest.mark.row("C3")
@pytest.mark.usefixtures("english")
def test_late_form_says_which_files_were_not_kept(
    client: Client, consultation: Consultation, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    there = page("en")
    voice = SimpleUploadedFile("a.weba", webm(live=True), "audio/webm")
    said = typed(reply_to="x")
    client.post(there, said | {"voice": voice})  # held, since the address is wrong
    assert [*held.held(said["ticket"])] == ["voice"]
    consultation.closes_at = timezone.now()
    consultation.save()
    text = client.post(there, said | {"photo": SimpleUploadedFile("b.jpg", b"x", "image/jpeg")}).content.decode()
    told = text[text.index("These were not kept. Keep them on your telephone") :]
    assert re.findall(r"<li>([^<]+)</li>", told[: told.index("</ul>")]) == ["Recorded voice", "Photo"]
    assert (held.held(said["ticket"]), Contribution.objects.count(), "data-recorder-left" in text) == ({}, 0, True)
    assert "These were not kept" not in client.post(there, typed()).content.decode()


@pytest.mark.row("C3")
def test_it_opens_and_closes_at_the_instant(member: Member) -> None:
    at = dt.datetime(2026, 6, 1, 8, 0, tzinfo=dt.UTC)
    one = ConsultationFactory(member=member, opens_at=at, closes_at=at + dt.timedelta(days=1))
    second = dt.timedelta(seconds=1)
    told = [bool(rules.why_not_open(one, at=when)) for when in (at - second, at, one.closes_at - second, one.closes_at)]
    assert told == [True, False, False, True]


def test_person_signed_in_is_its_author_and_is_asked_no_address(client: Client, consultation: Consultation) -> None:
    person = UserFactory(email="nadia@example.ma")
    client.force_login(person)
    text = client.get(page()).content.decode()
    assert ('name="reply_to"' in text, 'name="tell_me"' in text) == (False, True)
    client.post(page(), typed(reply_to="autre@example.ma"))
    client.post(page(), typed(tell_me="on", idea="Une autre idée."))
    kept = list(Contribution.objects.order_by("pk").values_list("author", "reply_to", "reply_lang"))
    assert kept == [(person.pk, "", ""), (person.pk, "nadia@example.ma", "fr")]


def test_person_signed_out_meanwhile_is_asked_where_the_news_go(client: Client, consultation: Consultation) -> None:
    said = typed(tell_me="on")
    text = client.post(page(), said).content.decode()
    assert (Contribution.objects.count(), said["idea"] in text, 'name="reply_to"' in text) == (0, True, True)
    del said["tell_me"]
    client.post(page(), said)
    assert Contribution.objects.get().reply_to == ""


def test_someone_else_s_words_are_shown_and_not_run(client: Client, consultation: Consultation) -> None:
    hostile = "<script>alert(1)</script>"
    assert hostile not in client.post(page(), typed(idea=hostile, reply_to="x")).content.decode()
    assert Contribution.objects.count() == 0


@pytest.mark.row("L-1")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_form_says_what_becomes_of_personal_data(client: Client, consultation: Consultation, lang: str) -> None:
    text = client.get(page(lang)).content.decode()
    notice = text.split("<details", 2)[2].split("</details>")[0] if lang else ""
    assert (text.index('<details class="measure card"') < text.index('name="ticket"'), "CNDP" in notice) == (True, True)


def test_author_who_leaves_an_address_receives_the_code_in_their_language(
    client: Client, consultation: Consultation, mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        text = client.post(page("ar"), typed(reply_to="autrice@example.ma")).content.decode()
    (mail,) = mailoutbox
    (code,) = CODE.findall(text)
    assert (mail.to, code in mail.body, address("follow", "ici", lang="ar") in mail.body) == (
        ["autrice@example.ma"], True, True,
    )  # fmt: skip
    assert ("Publier" in mail.body, "&#" in mail.body, Notice.objects.count()) == (False, False, 0)


def test_dead_mail_server_neither_breaks_the_page_nor_loses_the_news(
    client: Client, consultation: Consultation, settings: Any, caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    settings.EMAIL_BACKEND = "tests.consultation.mail_servers.Dead"
    with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):
        answer = client.post(page(), typed(reply_to="autrice@example.ma", idea=MARKER))
    assert (answer.status_code, len(CODE.findall(answer.content.decode()))) == (200, 1)
    assert [(one.step, one.facts, one.sent_at) for one in Notice.objects.all()] == [("received", {}, None)]
    assert DBTaskResult.objects.count() == 1  # the message without the code leaves by itself
    assert ("autrice@" in caplog.text, MARKER in caplog.text) == (False, False)


def token_in(text: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    assert found
    return found.group(1)


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_form_whose_token_ended_comes_back_with_its_words_and_its_files(
    consultation: Consultation, lang: str, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    browser = Client(enforce_csrf_checks=True)
    said = typed(idea="Une longue idée que personne\nne veut taper deux fois.", reply_to="autrice@example.ma")
    voice = SimpleUploadedFile("recording.weba", webm(live=True), "audio/webm")
    back = browser.post(page(lang), said | {"voice": voice}, headers={"Origin": "http://testserver"})
    text = back.content.decode()
    assert (back.status_code, "no-store" in back["Cache-Control"], Contribution.objects.count()) == (200, True, 0)
    assert (f'<html lang="{lang}"' in text, said["idea"] in text, 'role="alert"' in text) == (True, True, True)
    assert ('id="without-voice"' in text, f'value="{said["ticket"]}"' in text) == (True, True)
    sent = browser.post(page(lang), said | {"csrfmiddlewaretoken": token_in(text)})
    assert (sent.status_code, len(CODE.findall(sent.content.decode()))) == (200, 1)
    one = Contribution.objects.get()
    assert (one.words, [each.kind for each in one.attachments.all()]) == ({"idea": said["idea"]}, ["voice"])
    assert "data-voice-received" in sent.content.decode()


@pytest.mark.parametrize("pressed", ["support", "finish", "adds_to"])
def test_form_whose_token_ended_does_nothing_whatever_was_pressed(consultation: Consultation, pressed: str) -> None:
    other = SuggestionFactory(consultation=consultation, published=True)
    browser = Client(enforce_csrf_checks=True)
    said = typed(seen="1", **{pressed: str(other.number)})
    text = browser.post(page(), said, headers={"Origin": "http://testserver"}).content.decode()
    assert (Contribution.objects.count(), Vote.objects.count(), said["idea"] in text) == (1, 0, True)


def test_other_forms_whose_token_ended_are_sent_again_with_their_words_and_their_files_asked(
    consultation: Consultation,
) -> None:
    other = SuggestionFactory(consultation=consultation, published=True)
    browser = Client(enforce_csrf_checks=True)
    opened = signing.dumps(1, salt="comment-opened")
    said = {"ticket": codes.new_ticket(), "opened": opened, "text": "Un commentaire\nà ne pas perdre.", "website": ""}
    there = address("suggestion_voices", "ici", other.number)
    file = SimpleUploadedFile("plan du pont.pdf", b"%PDF-1.4", "application/pdf")
    held = browser.post(there, said | {"plan": file}, headers={"Origin": "http://testserver"})
    text = held.content.decode()
    assert (held.status_code, held["Cache-Control"]) == (403, "no-store")
    assert re.findall(r'<blockquote dir="auto"><p>(.*?)<', text) == ["Un commentaire"]
    kept = dict(re.findall(r'<textarea hidden name="(\w+)">\n(.*?)</textarea>', text, re.DOTALL))
    assert kept == said
    assert ('type="file" id="file-1" name="plan"' in text, "plan du pont.pdf" in text) == (True, True)
    assert f'action="{there}" enctype="multipart/form-data"' in text
    sent = browser.post(there, kept | {"csrfmiddlewaretoken": token_in(text)})
    assert (sent.status_code, len(CODE.findall(sent.content.decode()))) == (200, 1)


def test_another_site_s_form_is_not_offered_again(consultation: Consultation) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(page(), typed(), headers={"Origin": "https://ailleurs.example"})
    assert (answer.status_code, Contribution.objects.count()) == (403, 0)
    assert "Publier le budget" not in answer.content.decode()


def test_journal_and_logs_hold_neither_words_nor_address(
    client: Client, consultation: Consultation, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        text = client.post(page(), typed(idea=MARKER, reply_to="marqueur@example.ma")).content.decode()
    (code,) = CODE.findall(text)
    lines = "".join(str(line) for line in JournalLine.objects.values())
    seen = lines + "".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    for secret in (MARKER, "marqueur@", code, codes.tidy(code)):
        assert secret not in seen
    assert JournalLine.objects.get().facts == {"number": 1, "lang": "fr"}


def test_codes_hold_a_check_digit_and_take_arabic_indic_digits() -> None:
    code = codes.code_of(codes.new_ticket())
    assert (len(code), codes.is_well_formed(code)) == (12, True)
    wrong = [code[:i] + str((int(code[i]) + 1) % 10) + code[i + 1 :] for i in range(12)]
    assert not any(codes.is_well_formed(one) for one in wrong)
    written = codes.grouped(code).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert codes.tidy(f"  {written}\u200f ") == code


def test_numbers_run_in_the_member_s_own_series(consultation: Consultation) -> None:
    other = ConsultationFactory()
    given = [
        actions.receive_suggestion(one, words={"idea": "x"}, lang="fr", channel="online", at=timezone.now())
        for one in (consultation, other, consultation)
    ]
    assert [one.contribution.number for one in given] == [1, 1, 2]


def test_refusals_of_the_rule_are_the_deed_s(consultation: Consultation) -> None:
    def give(**more: Any) -> None:
        said = {"words": {"idea": "x"}, "lang": "fr", "channel": "online", "at": timezone.now(), **more}
        actions.receive_suggestion(consultation, **said)

    refused = [{"words": {}}, {"words": {"idea": " "}}, {"lang": "de"}, {"province": TerritoryFactory(province=True)}]
    refused += [{"at": consultation.closes_at}, {"words": {"idea": "x" * 20_001}}]
    for more in refused:
        with pytest.raises(Refused):
            give(**more)
    assert Contribution.objects.count() == 0


def test_form_asks_as_much_whatever_was_received(client: Client, consultation: Consultation) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(page())
        return len(asked)

    few = count()
    SuggestionFactory.create_batch(30, consultation=consultation)
    assert count() == few


@pytest.mark.row("C3")
def test_pages_are_not_kept_across_an_opening_or_a_closing(member: Member) -> None:
    one = ConsultationFactory(member=member, slug="question")
    addresses = [address("consultations", "ici"), address("consultation", "ici", "question")]
    far = [Client().get(path)["Cache-Control"] for path in addresses]
    with freeze_time(one.closes_at - dt.timedelta(minutes=20)):
        near = [Client().get(path)["Cache-Control"] for path in addresses]
    assert (far, near) == (["public, max-age=0, must-revalidate"] * 2, ["no-cache"] * 2)


@pytest.mark.parametrize("crafted", [*CRAFTED, "=?utf-8?q?victime?=@x.com"])
def test_address_that_nothing_can_be_sent_to_is_refused_and_costs_no_words(
    client: Client, consultation: Consultation, crafted: str, settings: Any,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    settings.EMAIL_BACKEND = "tests.consultation.mail_servers.Written"
    text = client.post(page(), typed(reply_to=crafted)).content.decode()
    assert ('role="alert"' in text, Contribution.objects.count()) == (True, 0)
    client.force_login(UserFactory(email=crafted))  # one that came by another door
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(page(), typed(tell_me="on"))
    assert len(CODE.findall(answer.content.decode())) == 1


def test_form_sent_elsewhere_is_not_answered_with_its_code(client: Client, consultation: Consultation) -> None:
    ConsultationFactory(member=consultation.cycle.member, slug="autre")
    ConsultationFactory(member=MemberFactory(slug="la-bas"), slug="question")
    said = typed()
    client.post(page(), said)
    for path in (address("suggest", "ici", "autre"), address("suggest", "la-bas", "question")):
        text = client.post(path, said).content.decode()
        assert ('role="alert"' in text, CODE.findall(text)) == (True, [])
    assert Contribution.objects.count() == 1


def test_somebody_else_s_code_is_never_handed_out(client: Client, consultation: Consultation) -> None:
    said = typed()
    taken = codes.code_of(said["ticket"])
    SuggestionFactory(consultation=consultation, code_hash=codes.hashed(taken))
    first, again = (CODE.findall(client.post(page(), said).content.decode()) for _ in range(2))
    assert (len(first), first == again, codes.tidy(first[0]) == taken) == (1, True, False)


@pytest.mark.row("L-1")
def test_erased_words_do_not_come_back_with_their_form(client: Client, consultation: Consultation) -> None:
    said = typed()
    client.post(page(), said)
    actions.erase_contribution(Contribution.objects.get(), at=timezone.now())
    text = client.post(page(), said).content.decode()
    assert ('role="alert"' in text, CODE.findall(text), Contribution.objects.get().words) == (True, [], {})


def test_nobody_has_a_stranger_s_box_filled(
    client: Client, consultation: Consultation, mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    def send(to: str, **said: Any) -> int:
        mailoutbox.clear()
        client.cookies.clear()  # another browser, or the same words would be the same form
        with django_capture_on_commit_callbacks(execute=True):
            shown.append(client.post(page(lang="en"), typed(reply_to=to, **said)).content.decode())
        return len(mailoutbox)

    shown: list[str] = []
    again = codes.new_ticket()
    sent = [send("Victime@example.ma", ticket=again), send("victime@example.ma", ticket=again)]
    sent += [send("victime@example.ma") for _ in range(mails.CODES_TO_ONE_ADDRESS.most)]
    assert sent == [1, 0] + [1] * (mails.CODES_TO_ONE_ADDRESS.most - 1) + [0]
    told = ["not sent by e-mail" in text for text in shown]
    assert (told, len(CODE.findall(shown[-1]))) == ([False] * (len(sent) - 1) + [True], 1)
    others = [send(f"{n}@example.ma") for n in range(mails.CODES_FROM_ONE_CONNECTION.most)]
    assert sum(others) == mails.CODES_FROM_ONE_CONNECTION.most - mails.CODES_TO_ONE_ADDRESS.most
    assert Contribution.objects.count() == len(sent) - 1 + len(others)


def test_line_is_dated_by_the_day_it_was_written_and_words_by_theirs(consultation: Consultation) -> None:
    now = timezone.now()
    made = actions.receive_suggestion(
        consultation, words={"text": "x"}, lang="fr", channel="paper", at=now, received_at=AT,
        origin=actions.Origin("file", "1"),
    )  # fmt: skip
    assert (made.contribution.received_at, JournalLine.objects.get().at) == (AT, now)


@pytest.mark.row("D2")
@pytest.mark.parametrize(
    ("words", "chosen", "kept", "way"),
    [
        ("بغينا نعرفو فين مشات الفلوس", "ary", "ary", "rtl"),
        ("bghina n3arfo fin mchat lflous", "ary-latn", "ary-latn", "ltr"),
        ("bghina n3arfo fin mchat lflous", "ary", "ary-latn", "ltr"),
        ("بغينا نعرفو فين مشات الفلوس", "ary-latn", "ary", "rtl"),
        ("ⵔⵉⵖ ⴰⴱⵔⵉⴷ", "zgh", "zgh", "ltr"),
        ("Publier le budget", "fr", "fr", "ltr"),
    ],
)
def test_words_keep_their_letters_and_their_direction(
    client: Client, consultation: Consultation, words: str, chosen: str, kept: str, way: str
) -> None:
    client.post(page("ar"), typed(idea=words, lang=chosen))
    one = Contribution.objects.get()
    assert (one.words["idea"], one.lang) == (words, kept)
    Contribution.objects.update(moderation="published")
    text = client.get(address("suggestion", "ici", 1, lang="ar")).content.decode()
    tag = {"ary": "ar-MA", "ary-latn": "ary-Latn"}.get(kept, kept)
    assert f'lang="{tag}" dir="{way}"' in text


@pytest.mark.row("D2")
@pytest.mark.parametrize(
    ("reads", "more", "state"),
    [
        ("before", {}, "pending"),
        ("after", {}, "published"),
        ("after", {"website": "http://spam.example"}, "pending"),
        ("after", {"idea": "https://a.example https://b.example https://c.example"}, "pending"),
    ],
)
def test_where_words_are_read_after_they_are_published_as_they_arrive(
    client: Client, member: Member, reads: str, more: dict[str, str], state: str
) -> None:
    ConsultationFactory(member=member, slug="question", reads=reads)
    text = client.post(page("en"), typed(**more)).content.decode()
    one = Contribution.objects.get()
    assert (one.moderation, "published already" in text, rules.is_to_be_read(one)) == (
        state, state == "published", state == "published",
    )  # fmt: skip
    found = SearchEntry.objects.filter(kind="suggestion").count()
    assert (found, bool(one.signals)) == (1 if state == "published" else 0, bool(more))


def test_what_came_with_a_file_is_looked_at_before_everyone_sees_it(member: Member) -> None:
    one = ConsultationFactory(member=member, reads="after")
    files = [("document", Arrived(b"%PDF-1.4\n%%EOF", "application/pdf"))]
    said = {"words": {"idea": "x"}, "lang": "fr", "channel": "online", "at": timezone.now()}
    assert actions.receive_suggestion(one, files=files, **said).contribution.moderation == "pending"
    imported = actions.receive_suggestion(one, origin=actions.Origin("file", "1"), **said)
    assert imported.contribution.moderation == "pending"


def test_form_filled_at_once_waits_for_a_person_and_its_author_is_told_nothing(
    client: Client, consultation: Consultation
) -> None:
    found = re.search(r'name="opened" value="([^"]+)"', client.get(page()).content.decode())
    assert found
    text = client.post(page(), typed(opened=found.group(1))).content.decode()
    assert (Contribution.objects.get().signals, len(CODE.findall(text))) == (["fast"], 1)
    with freeze_time(timezone.now() + dt.timedelta(minutes=2)):
        client.post(page(), typed(opened=found.group(1), idea="Une autre."))
    client.post(page(), typed(opened="forged", idea="Une troisième."))
    assert [one.signals for one in Contribution.objects.order_by("-pk")[:2]] == [[], []]


def test_box_that_people_do_not_see_is_seen_by_nobody(client: Client, consultation: Consultation) -> None:
    text = client.get(page()).content.decode()
    box = text.split('class="aside-box"')[1].split("</div>")[0]
    assert ('aria-hidden="true"' in box, 'tabindex="-1"' in box, 'autocomplete="off"' in box) == (True, True, True)


def test_draft_is_kept_in_the_browser_and_forgotten_once_sent(client: Client, consultation: Consultation) -> None:
    asked = client.get(page()).content.decode()
    assert ('data-keep="new"' in asked, "core/keep" in asked, "data-sent" in asked) == (True, True, False)
    assert "data-sent" in client.post(page(), typed()).content.decode()
