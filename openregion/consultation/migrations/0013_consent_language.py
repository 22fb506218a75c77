"""In which tongue a person who was helped was asked whether they agree; authors are told of spam too."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consultation", "0012_one_voice_each")]

    operations = [
        migrations.AddField(
            model_name="assistedentry",
            name="consent_lang",
            field=models.CharField(blank=True, default="", max_length=8),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="notice",
            name="step",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("published", "Published"),
                    ("hidden", "Hidden"),
                    ("gathered", "Gathered"),
                    ("answered", "Answered"),
                    ("taken-into", "Taken Into"),
                    ("progress", "Progress"),
                    ("masked", "Masked"),
                    ("spam", "Spam"),
                    ("appeal", "Appeal"),
                ],
                max_length=12,
            ),
        ),
    ]
