"""The operations laid out for cycles opened before them: every proof finds its own."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from openregion.guide import queries as guides
from openregion.record.actions import freeze
from tests.factories.cycle import CycleFactory
from tests.factories.people import AT

pytestmark = [pytest.mark.django_db, pytest.mark.row("B1")]
migration = importlib.import_module("openregion.cycle.migrations.0004_lay_out")


@pytest.fixture
def then() -> Any:
    """The models as the migration finds them; proofs, which have changed since, in a table of their own."""
    known = MigrationLoader(connection).project_state(("cycle", "0003_operations")).apps
    known.get_model("cycle", "Proof")._meta.db_table = "old_proof"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE old_proof (id integer PRIMARY KEY, cycle_id bigint, code varchar(80), done_on date, "
            "deed varchar(60), subject_uid varchar(32), uid varchar(32), operation_id bigint)"
        )
    return known


def test_lay_out_gives_a_proof_whose_code_the_method_lost_an_operation_of_its_own(then: Any) -> None:
    version = "ma-region-2021"
    written = json.loads(guides.canonical_json(version))
    method = freeze(written, kind="method", subject_type="Cycle", subject_uid="x", member_code="ici", at=AT)
    cycle, proofs = CycleFactory(method=method), then.get_model("cycle", "Proof").objects
    first = cycle.operations.first().code
    cycle.operations.all().delete()
    for pk, code in enumerate((first, "gone", "gone"), 1):
        proofs.create(pk=pk, cycle_id=cycle.pk, code=code, done_on=AT.date(), deed="x", subject_uid=str(pk))
    migration.lay_out(then, None)
    assert proofs.filter(operation=None).count() == 0
    assert list(proofs.order_by("pk").values_list("operation__code", flat=True)) == [first, "gone", "gone"]
    assert proofs.exclude(uid=None).values("uid").distinct().count() == 3
    gone = cycle.operations.get(code="gone")
    written = [one["code"] for one in json.loads(cycle.method.content)["stages"] if one["part"] == cycle.kind]
    assert (gone.stage, gone.rank) == (written[0], cycle.operations.count())
