"""Files of contributions read in: figures, identity, what is wrong with a row, stopping and going on."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from openregion.consultation import columns, imports, rows, tasks
from openregion.consultation.models import Consultation, Contribution, Import
from openregion.core.refusal import Refused
from openregion.people.models import Territory, User
from openregion.record.models import JournalLine
from tests.factories.consultation import ConsultationFactory, ThemeFactory
from tests.factories.people import AuthorityFactory, MemberFactory, TerritoryFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2"), pytest.mark.row("O-5")]
CODED = "consultation-egalite/contributions-coded.csv"


@pytest.fixture
def consultation() -> Consultation:
    authority = AuthorityFactory()
    member = MemberFactory(slug="ici", authorities=[authority])
    TerritoryFactory(province=True, parent=authority.territory, name_fr="Oued Inventé", name_ar="واد متخيل")
    UserFactory(administrator_of=member)
    UserFactory(email="focal@example.ma", role="point-of-contact", at=member)
    made = ConsultationFactory(member=member, slug="question", themes=0)
    ThemeFactory(consultation=made, code="eau", name=words("L’eau", "الماء", "Water"))
    return made


def run(path: Path, **options: Any) -> str:
    """Give the line that the command ends with."""
    out = io.StringIO()
    call_command(
        "import_contributions", str(path), consultation="ici/question", stdout=out, stderr=io.StringIO(), **options
    )
    return out.getvalue().splitlines()[-1]


def write(folder: Path, text: str, *, name: str = "contributions.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def errors_of(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_real_contributions_are_read_in_once(shared_data: Path, tmp_path: Path, consultation: Consultation) -> None:
    path = shared_data / CODED
    assert run(path) == "read 470 · imported 468 · already there 0 · rejected 2"
    assert run(path) == "read 470 · imported 0 · already there 468 · rejected 2"
    lines = list(csv.reader(path.read_text(encoding="utf-8").splitlines(keepends=True)))
    head, body = lines[0], lines[1:]
    random.Random(1).shuffle(body)
    body.append(["9999", "", "", "Une contribution de plus, inventée.", *[""] * (len(head) - 4)])
    for encoding, gained in (("cp1252", 1), ("utf-16", 0), ("utf-8-sig", 0)):
        again = io.StringIO()
        csv.writer(again, delimiter=";").writerows([head, *body])
        # Written by a program that knows these signs by their Windows places.
        text = again.getvalue().encode("utf-8").decode("utf-8").translate({0x92: "’", 0x85: "…", 0x80: "€", 0x9C: "œ"})
        sent = write(tmp_path, text, name=f"export-{encoding}.csv", encoding=encoding)
        assert run(sent) == f"read 471 · imported {gained} · already there {469 - gained} · rejected 2"


def test_real_contributions_without_their_id_are_recognised_too(
    shared_data: Path, tmp_path: Path, consultation: Consultation
) -> None:
    path = shared_data / CODED
    assert run(path, columns="id=,text=text") == "read 470 · imported 468 · already there 0 · rejected 2"
    assert Contribution.objects.exclude(source_id="").count() == 0
    assert run(path) == "read 470 · imported 0 · already there 468 · rejected 2"


def test_rows_are_deeds_under_one_line_of_the_journal(tmp_path: Path, consultation: Consultation) -> None:
    path = write(tmp_path, "Texte;Thème\nRéparer la conduite;L'eau\nOuvrir le puits;eau\n")
    assert run(path) == "read 2 · imported 2 · already there 0 · rejected 0"
    batch = JournalLine.objects.get(verb="import_contributions")
    received = JournalLine.objects.filter(verb="receive_suggestion")
    assert [line.parent_id for line in received] == [batch.pk, batch.pk]
    assert batch.facts == {"consultation": "question", "publish": False}
    assert {one.channel for one in Contribution.objects.all()} == {"imported"}
    assert {one.suggestion.theme.code for one in Contribution.objects.select_related("suggestion__theme")} == {"eau"}


def test_equal_texts_of_different_people_are_different_contributions(
    tmp_path: Path, consultation: Consultation
) -> None:
    path = write(tmp_path, "Avis\nOui\nOui\nNon\n")
    assert run(path) == "read 3 · imported 3 · already there 0 · rejected 0"
    more = write(tmp_path, "Avis\nNon\nOui\nOui\nOui\n", name="autre.csv")
    assert run(more) == "read 4 · imported 1 · already there 3 · rejected 0"
    assert sorted(Contribution.objects.values_list("occurrence", flat=True)) == [1, 1, 2, 3]


def test_a_changed_text_under_a_known_id_is_reported_and_not_imported(
    tmp_path: Path, consultation: Consultation
) -> None:
    assert run(write(tmp_path, "id;texte\n1;Réparer la route\n2;Ouvrir un puits\n3;Éclairer\n")).startswith("read 3")
    errors = tmp_path / "errors.csv"
    again = write(tmp_path, "id;texte\n1;Réparer la route\n2;Fermer le puits\n3;Éclairer\n", name="b.csv")
    assert run(again, errors=str(errors)) == "read 3 · imported 0 · already there 3 · rejected 0"
    assert errors_of(errors)[1][:4] == [
        "3",
        "not imported",
        "This id is known with another text. The first text stays.",
        "2",
    ]
    assert Contribution.objects.get(source_id="2").words == {"text": "Ouvrir un puits"}


def test_ids_of_another_office_s_file_are_not_taken_for_the_first_one_s(
    tmp_path: Path, consultation: Consultation
) -> None:
    assert run(write(tmp_path, "id;texte\n1;Réparer la route\n2;Ouvrir un puits\n")).startswith("read 2 · imported 2")
    other = write(tmp_path, "id;texte\n1;Planter des arbres\n2;Une maison des jeunes\n", name="b.csv")
    assert run(other) == "read 2 · imported 2 · already there 0 · rejected 0"
    assert run(other) == "read 2 · imported 0 · already there 2 · rejected 0"
    assert set(Contribution.objects.values_list("source", flat=True)) == {"file", "file-2"}


def test_a_source_that_is_named_keeps_its_ids_apart(tmp_path: Path, consultation: Consultation) -> None:
    path = write(tmp_path, "id;texte\n1;Réparer la route\n")
    assert run(path, source="portail").startswith("read 1 · imported 1")
    assert run(path, source="mairie").startswith("read 1 · imported 1")
    assert run(path, source="portail") == "read 1 · imported 0 · already there 1 · rejected 0"


def test_columns_are_guessed_in_three_languages(consultation: Consultation) -> None:
    def guessed(header: str, row: str) -> dict[str, str]:
        return columns.guess(columns.survey(io.BytesIO(f"{header}\n{row}\n".encode())))

    assert guessed("N°;Votre idée;Problème constaté;Effet attendu;Province", "1;Une idée;Un souci;Un effet;X") == {
        "id": "N°",
        "idea": "Votre idée",
        "problem": "Problème constaté",
        "effect": "Effet attendu",
        "province": "Province",
    }
    assert guessed("الرقم;المقترح;الإقليم;التاريخ", "1;نريد طريقا;واد متخيل;2026-01-05") == {
        "id": "الرقم",
        "idea": "المقترح",
        "province": "الإقليم",
        "date": "التاريخ",
    }
    assert guessed("Téléphone;Nom;Ce que je veux dire", "0600000000;Une personne;Il faut une route") == {
        "text": "Ce que je veux dire"
    }


def test_columns_that_are_said_come_before_the_guess(tmp_path: Path, consultation: Consultation) -> None:
    path = write(tmp_path, "avis;remarque, libre\nUn avis\u00a0long et entier;Une remarque\n")
    assert run(path, columns="text=remarque, libre,theme=").startswith("read 1 · imported 1")
    assert Contribution.objects.get().words == {"text": "Une remarque"}
    assert run(path, columns="text=1").startswith("read 1 · imported 1")
    with pytest.raises(CommandError, match=r"The file has no column “x”\. It has: avis, remarque, libre"):
        run(path, columns="text=x")
    with pytest.raises(CommandError, match="“colour” is not something a column can be"):
        run(path, columns="colour=avis")


def test_rows_are_understood_whole(tmp_path: Path, consultation: Consultation) -> None:
    text = (
        "Idée;Thème;Province;Langue;Date de dépôt;Canal\n"
        "Réparer la conduite;الماء;Province d'Oued Inventé;français;05/03/2026;atelier\n"
        "نريد طريقا معبدة;Inconnu;إقليم واد متخيل;;2026-03-06 14:30;\n"
        "The road should be repaired;;Ailleurs;klingon;31/02/2026;pigeon\n"
    )
    errors = tmp_path / "errors.csv"
    assert run(write(tmp_path, text), errors=str(errors)) == "read 3 · imported 3 · already there 0 · rejected 0"
    first, second, third = Contribution.objects.order_by("pk").select_related("suggestion__theme")
    place = Territory.objects.get(name_fr="Oued Inventé")
    assert (first.suggestion.theme.code, first.suggestion.province_id, first.lang, first.channel) == (
        "eau",
        place.pk,
        "fr",
        "workshop",
    )
    assert timezone.localtime(first.received_at).isoformat()[:10] == "2026-03-05"
    assert (second.lang, second.suggestion.theme, second.suggestion.province_id) == ("ar", None, place.pk)
    assert (third.lang, third.channel, third.suggestion.province) == ("en", "imported", None)
    told = [(row, about) for row, result, _what, about, _do in errors_of(errors)[1:] if result == "to check"]
    assert told == [("4", "31/02/2026"), ("3", "Inconnu"), ("4", "Ailleurs"), ("4", "klingon"), ("4", "pigeon")]


def test_dirt_is_reported_row_by_row_and_the_rest_is_imported(tmp_path: Path, consultation: Consultation) -> None:
    text = (
        'Consultation;;\ntexte;n;date\n"Une ligne\net une autre";1;\n;2;\n;;\n'
        f'{"a" * 20_001};3;\nTrop;4;;de cellules\n=1+1 ne s’exécute pas;5;\n"Jamais fermée;6;\n'
    )
    errors = tmp_path / "errors.csv"
    assert run(write(tmp_path, text, encoding="cp1252"), errors=str(errors)) == (
        "read 6 · imported 2 · already there 0 · rejected 4"
    )
    assert [row[0] for row in errors_of(errors)[1:]] == ["4", "6", "7", "9"]
    assert {row[1] for row in errors_of(errors)[1:]} == {"not imported"}


def test_values_that_look_like_formulas_are_neutralised_in_the_errors_file(
    tmp_path: Path, consultation: Consultation
) -> None:
    errors = tmp_path / "errors.csv"
    run(write(tmp_path, 'texte;thème\nUne route;"=HYPERLINK(""x"")"\n'), errors=str(errors))
    assert errors_of(errors)[1][3] == '\'=HYPERLINK("x")'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "This file is empty"),
        (b"%PDF-1.4", "This is a PDF, not a table"),
        (b"PK\x03\x04", "This is a spreadsheet"),
        (b"texte;n\n", "a header and no row"),
        (b"n;prix\n1;2\n", "No column holds text"),
    ],
)
def test_what_is_no_table_ends_with_a_sentence_and_two(
    content: bytes, says: str, tmp_path: Path, consultation: Consultation
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=says) as refused:
        run(path)
    assert refused.value.returncode == 2
    assert Import.objects.count() == 0


def test_a_consultation_or_a_person_that_is_not_there_ends_with_two(tmp_path: Path, consultation: Consultation) -> None:
    path = write(tmp_path, "texte\nOui\n")
    for options in ({"consultation": "ici/autre"}, {"by": "personne@example.ma"}):
        with pytest.raises(CommandError) as refused:
            call_command(
                "import_contributions", str(path), **{"consultation": "ici/question", **options}, stderr=io.StringIO()
            )
        assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "absent.csv")


def test_publishing_at_once_asks_for_the_right_to_publish(tmp_path: Path, consultation: Consultation) -> None:
    path = write(tmp_path, "texte\nUne route\n")
    with pytest.raises(CommandError, match="This is done by"):
        run(path, publish=True)  # the administrator imports, and publishes nothing
    assert Import.objects.count() == 0
    assert run(path, publish=True, by="focal@example.ma") == "read 1 · imported 1 · already there 0 · rejected 0"
    assert Contribution.objects.get().moderation == "published"


def test_a_reading_stops_between_batches_and_goes_on_without_twice(tmp_path: Path, consultation: Consultation) -> None:
    text = "texte\n" + "".join(f"Contribution inventée {n % 400}\n" for n in range(500))
    reading = sent(consultation, text)
    by = User.objects.get(email="focal@example.ma")
    line = tasks.start(reading, by=by, at=timezone.now())
    with reading.file.open("rb") as file:
        reader = rows.Reader(consultation, columns.survey(file).shape, reading.columns)
        figures = imports.read_in(
            reading, file, reader, line=line, by=by, source="file", fault=lambda f: None, moved=lambda f: f.read < 400
        )
    assert str(figures) == "read 400 · imported 400 · already there 0 · rejected 0"
    assert reading.state == "stopped"
    tasks.start(reading, by=by, at=timezone.now())
    assert tasks.read_file.call(reading.uid) == "read 500 · imported 100 · already there 400 · rejected 0"
    assert JournalLine.objects.filter(verb="import_contributions").count() == 1
    assert Contribution.objects.count() == 500


def sent(consultation: Consultation, text: str, **more: Any) -> Import:
    """Keep a file as the staff page does."""
    upload = ContentFile(text.encode(), name="envoi.csv")
    by = User.objects.get(email="focal@example.ma")
    return imports.take_in(consultation, upload, by=by, at=more.get("at") or timezone.now())


def test_a_file_that_is_sent_is_looked_over_and_deleted_once_read(consultation: Consultation) -> None:
    reading = sent(consultation, "texte;thème\nUne route;eau\n;eau\nUn puits;air\n")
    assert (reading.total, reading.rejected, reading.known, reading.columns) == (
        3,
        1,
        0,
        {"text": "texte", "theme": "thème"},
    )
    kept = Path(reading.file.path)
    assert kept.exists()
    tasks.start(reading, by=reading.by, at=timezone.now())
    assert tasks.read_file.call(reading.uid) == "read 3 · imported 2 · already there 0 · rejected 1"
    assert tasks.read_file.call(reading.uid) == "taken"
    reading.refresh_from_db()
    assert (reading.state, reading.file.name, kept.exists()) == ("done", "", False)
    assert reading.errors == [[3, "no-text", "", 1], [4, "theme", "air", 1]]


def test_a_reading_asked_to_stop_stops_after_the_rows_in_hand(consultation: Consultation) -> None:
    reading = sent(consultation, "texte\n" + "".join(f"Contribution inventée {n}\n" for n in range(500)))
    tasks.start(reading, by=reading.by, at=timezone.now())
    Import.objects.filter(pk=reading.pk).update(asked_to_stop_at=timezone.now())
    assert tasks.read_file.call(reading.uid).startswith("read 200 ·")
    reading.refresh_from_db()
    assert (reading.state, Path(reading.file.path).exists()) == ("stopped", True)


def test_a_reading_whose_worker_died_is_seen_as_stopped(consultation: Consultation) -> None:
    reading = sent(consultation, "texte\nUne route\n")
    now = timezone.now()
    Import.objects.filter(pk=reading.pk).update(state="running", moved_at=now - imports.LOST_AFTER * 2)
    reading.refresh_from_db()
    assert imports.is_lost(reading, at=now)
    imports.ask_to_stop(reading, at=now)
    tasks.start(reading, by=reading.by, at=now)
    assert tasks.read_file.call(reading.uid) == "read 1 · imported 1 · already there 0 · rejected 0"


def test_files_that_waited_thirty_days_are_let_go(consultation: Consultation) -> None:
    now = timezone.now()
    old = sent(consultation, "texte\nUne route\n", at=now - imports.KEPT_FOR * 2)
    fresh = sent(consultation, "texte\nUn puits\n")
    assert imports.let_go(at=now) == 1
    old.refresh_from_db()
    assert (old.file.name, Path(fresh.file.path).exists()) == ("", True)


def test_a_file_that_is_no_table_leaves_nothing_behind(consultation: Consultation) -> None:
    with pytest.raises(Refused):
        sent(consultation, "")
    assert Import.objects.count() == 0
