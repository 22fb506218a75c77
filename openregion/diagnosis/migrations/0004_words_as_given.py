"""Passages in people's own words, which ask for no translation; and which finding a passage counts or words."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("diagnosis", "0003_draw_reports")]

    operations = [
        migrations.AddField(
            model_name="passage",
            name="as_given",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="passage",
            name="finding",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="diagnosis.finding",
            ),
        ),
    ]
