"""Going back before voices could end: their last lines, which have no value, go first.

Here and not in 0012, which is released: going back undoes the last migration
first, and PostgreSQL alters no table of which rows were just deleted.
"""

from django.db import migrations


def forget_ends(apps, editor):
    """Delete the lines that end a voice: the table as it was has no place for them."""
    votes = apps.get_model("consultation", "Vote").objects
    votes.using(editor.connection.alias).filter(value=None).delete()


class Migration(migrations.Migration):
    dependencies = [("consultation", "0016_profiles_without_order")]

    operations = [migrations.RunPython(migrations.RunPython.noop, forget_ends)]
