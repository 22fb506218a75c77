"""Lay out the operations of the cycles that are open already, from the method each of them pinned."""

import json
import uuid

from django.db import migrations


def lay_out(apps, schema_editor):
    Cycle, Operation, Proof = (apps.get_model("cycle", name) for name in ("Cycle", "Operation", "Proof"))
    for cycle in Cycle.objects.select_related("method"):
        rank = 0
        stages = json.loads(cycle.method.content)["stages"]
        for stage in stages:
            if stage["part"] != cycle.kind:
                continue
            for procedure in stage["procedures"]:
                for written in procedure["operations"]:
                    rank += 1
                    one = Operation.objects.create(cycle=cycle, stage=stage["code"], code=written["code"], rank=rank)
                    Proof.objects.filter(cycle=cycle, code=written["code"]).update(operation=one)
        # A proof of an operation that the pinned method does not write keeps one of its own, after the method's.
        alone = Proof.objects.filter(cycle=cycle, operation=None).order_by("pk")
        first = next((stage["code"] for stage in stages if stage["part"] == cycle.kind), "")
        for code in dict.fromkeys(alone.values_list("code", flat=True)):
            rank += 1
            one = Operation.objects.create(cycle=cycle, stage=first, code=code, rank=rank)
            alone.filter(code=code).update(operation=one)
    for proof in Proof.objects.all():
        proof.uid = uuid.uuid4().hex
        proof.save(update_fields=["uid"])


class Migration(migrations.Migration):
    dependencies = [("cycle", "0003_operations")]

    operations = [migrations.RunPython(lay_out, migrations.RunPython.noop)]
