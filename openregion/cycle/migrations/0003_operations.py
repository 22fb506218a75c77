"""What proved an operation becomes a proof of it; the operations themselves are laid out beside."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import openregion.core.official
import openregion.people.models


class Migration(migrations.Migration):
    dependencies = [
        ("cycle", "0002_cycles"),
        ("people", "0002_directory"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="operation", name="one_proof"),
        # A renamed table keeps its indexes under their names, which the new one wants.
        migrations.AlterField(
            model_name="operation",
            name="cycle",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cycle.cycle"
            ),
        ),
        migrations.RenameModel(old_name="Operation", new_name="Proof"),
        migrations.CreateModel(
            name="Operation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.CharField(default=openregion.people.models.new_uid, max_length=32, unique=True)),
                ("stage", models.CharField(max_length=40)),
                ("code", models.CharField(max_length=80)),
                ("rank", models.PositiveSmallIntegerField(default=0)),
                ("text", openregion.core.official.OfficialTextField()),
                ("planned_on", models.DateField(blank=True, null=True)),
                ("set_aside_on", models.DateField(blank=True, null=True)),
                ("set_aside_reason", openregion.core.official.OfficialTextField()),
                ("added_on", models.DateField(blank=True, null=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.body",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="operations", to="cycle.cycle"
                    ),
                ),
            ],
            options={"ordering": ["rank", "pk"]},
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.UniqueConstraint(fields=("cycle", "code"), name="one_operation"),
        ),
        # Without its constraint first: a default is worked out once, and every row would get the same uid.
        migrations.AddField(
            model_name="proof",
            name="uid",
            field=models.CharField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name="proof",
            name="operation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proofs",
                to="cycle.operation",
            ),
        ),
    ]
