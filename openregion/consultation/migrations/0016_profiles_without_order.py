"""Who took part keeps no order of arrival: on SQLite the key drawn by chance becomes the place of the row itself."""

from django.db import migrations, models

import openregion.consultation.models.takers

AT_ONCE = 500


def lay_anew(apps, _editor):
    """Write the rows again in the order of their keys: they stood in the order in which people answered."""
    profile = apps.get_model("consultation", "Profile")
    kept = list(profile.objects.order_by("key"))
    profile.objects.all().delete()
    profile.objects.bulk_create(kept, batch_size=AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("consultation", "0015_when_words_arrived")]

    operations = [
        migrations.AlterField(
            model_name="profile",
            name="key",
            field=models.BigAutoField(
                default=openregion.consultation.models.takers.drawn_key, primary_key=True, serialize=False
            ),
        ),
        # Last: PostgreSQL alters no table of which rows were just written.
        migrations.RunPython(lay_anew, migrations.RunPython.noop),
    ]
