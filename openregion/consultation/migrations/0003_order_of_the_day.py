"""Give what was received before a place of its own in the order of the day: adding the column drew once for all."""

import secrets

from django.db import migrations


def draw(apps, schema_editor):
    """Draw for each contribution."""
    contributions = apps.get_model("consultation", "Contribution").objects.using(schema_editor.connection.alias)
    some = []
    for one in contributions.only("pk").iterator(chunk_size=500):
        one.shuffle = secrets.randbelow(2**31)
        some.append(one)
        if len(some) == 500:
            contributions.bulk_update(some, ["shuffle"])
            some = []
    contributions.bulk_update(some, ["shuffle"])


class Migration(migrations.Migration):
    dependencies = [("consultation", "0002_take_part")]
    operations = [migrations.RunPython(draw, migrations.RunPython.noop)]
