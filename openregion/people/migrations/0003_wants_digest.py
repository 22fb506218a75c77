from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_directory")]

    operations = [
        migrations.AddField(model_name="user", name="wants_digest", field=models.BooleanField(default=True)),
    ]
