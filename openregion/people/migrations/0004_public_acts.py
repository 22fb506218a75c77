from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_wants_digest")]

    operations = [
        migrations.AddField(model_name="act", name="public", field=models.BooleanField(default=True)),
    ]
