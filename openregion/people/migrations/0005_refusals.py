from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_public_acts")]

    operations = [
        migrations.AddField(
            model_name="outgoingmail", name="refusals", field=models.PositiveSmallIntegerField(default=0)
        ),
    ]
