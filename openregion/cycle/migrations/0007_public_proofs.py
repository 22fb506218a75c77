from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cycle", "0006_hand_over")]

    operations = [
        migrations.AddField(model_name="proof", name="public", field=models.BooleanField(default=False)),
    ]
