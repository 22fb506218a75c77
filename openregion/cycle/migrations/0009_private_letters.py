"""A letter drafted for a contact whom the Region does not name stays private, even once that contact is erased."""

from django.db import migrations, models


def keep_private(apps, schema_editor):
    Letter = apps.get_model("cycle", "Letter")
    Letter.objects.filter(to_contact__public=False).update(private=True)


class Migration(migrations.Migration):
    dependencies = [("cycle", "0008_council_reviewed"), ("people", "0002_directory")]

    operations = [
        migrations.AddField(model_name="letter", name="private", field=models.BooleanField(default=False)),
        migrations.RunPython(keep_private, migrations.RunPython.noop),
    ]
