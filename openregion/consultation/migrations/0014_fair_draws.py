"""Draws that nobody can foresee, one chance for each person, where and when said in advance; what came out last."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.functions import Coalesce

import openregion.core.official


class Migration(migrations.Migration):
    dependencies = [("consultation", "0013_consent_language")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="apart_from",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="callforparticipation",
            name="place_by",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="callforparticipation",
            name="public_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="callforparticipation",
            name="public_source",
            field=openregion.core.official.OfficialTextField(blank=True, default=dict),
        ),
        migrations.AddIndex(
            model_name="contribution",
            index=models.Index(
                models.F("consultation"),
                models.OrderBy(Coalesce("moderated_at", "received_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(moderation="published"),
                name="contributions_published",
            ),
        ),
    ]
