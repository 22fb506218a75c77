"""A voice may end: what a browser said gives way to the account that speaks from it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("consultation", "0011_kit_printings"),
    ]

    operations = [
        migrations.AlterField(
            model_name="vote",
            name="value",
            field=models.SmallIntegerField(blank=True, null=True),
        ),
        migrations.RemoveConstraint(
            model_name="vote",
            name="votes_are_known",
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=Q(value=None) | Q(value__in=[-1, 0, 1]), name="votes_are_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.UniqueConstraint(
                condition=Q(value=None), fields=("suggestion", "voter"), name="one_end_a_voice"
            ),
        ),
    ]
