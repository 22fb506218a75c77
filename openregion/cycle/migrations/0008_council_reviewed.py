"""What a vote makes is public once published, and an agenda tells the decision proposed once it is frozen."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import openregion.core.official


def hide_what_is_not_published(apps: Any, schema_editor: Any) -> None:
    """Keep from the public the acts of votes not published, and decisions proposed that are not frozen."""
    votes = apps.get_model("cycle", "Deliberation").objects.exclude(proposal=None).filter(published_on=None)
    apps.get_model("people", "Act").objects.filter(pk__in=votes.values("act")).update(public=False)
    files = apps.get_model("cycle", "Proposal").objects.filter(frozen=None).exclude(agenda_item=None)
    apps.get_model("cycle", "AgendaItem").objects.filter(pk__in=files.values("agenda_item")).update(about={})


class Migration(migrations.Migration):
    dependencies = [("cycle", "0007_public_proofs"), ("people", "0004_public_acts")]

    operations = [
        migrations.AddField(
            model_name="deliberation",
            name="quorum_reason",
            field=openregion.core.official.OfficialTextField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="deliberation", name="visa_asked_on", field=models.DateField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="proposal",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="cycle.proposal",
            ),
        ),
        migrations.RunPython(hide_what_is_not_published, migrations.RunPython.noop),
    ]
