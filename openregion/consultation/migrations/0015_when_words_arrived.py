"""When words reached the platform, apart from when they were given; the journal knows it of those that came before."""

from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery


def read_in_the_journal(apps, schema_editor):
    """Note when what was said in a room, or written on paper, arrived; what showed at once shows since then."""
    words = apps.get_model("consultation", "Contribution").objects.filter(channel__in=["workshop", "paper"])
    lines = apps.get_model("record", "JournalLine").objects.filter(
        verb="receive_suggestion", subject_type="Contribution", subject_uid=OuterRef("uid")
    )
    words.update(arrived_at=Subquery(lines.order_by("pk").values("at")[:1]))
    words.filter(arrived_at__lte=F("received_at")).update(arrived_at=None)
    at_once = words.filter(moderation="published", moderated_by=None, moderated_at=F("received_at"))
    at_once.exclude(arrived_at=None).update(moderated_at=F("arrived_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("consultation", "0014_fair_draws"),
        ("record", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="contribution",
            name="arrived_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(read_in_the_journal, migrations.RunPython.noop),
    ]
