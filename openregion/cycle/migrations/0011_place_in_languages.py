"""The place of a meeting is said in languages: what was one line is kept in the language it is written in."""

import re
from typing import Any

from django.db import migrations
from django.utils import timezone

import openregion.core.official

_ARABIC = re.compile("[\u0600-\u06ff]")


def say_in_languages(apps: Any, schema_editor: Any) -> None:
    """Keep each line as Arabic where its letters are, else as French: nobody else can tell."""
    at = timezone.now().isoformat()
    meetings = apps.get_model("cycle", "Meeting").objects.using(schema_editor.connection.alias)
    for one in meetings.exclude(place_line="").only("pk", "place_line").iterator(chunk_size=500):
        lang = "ar" if _ARABIC.search(one.place_line) else "fr"
        meetings.filter(pk=one.pk).update(place={lang: {"text": one.place_line, "at": at, "of": ""}})


def say_in_one_line(apps: Any, schema_editor: Any) -> None:
    """Put one wording back on the line: the French, else the Arabic, else the English."""
    meetings = apps.get_model("cycle", "Meeting").objects.using(schema_editor.connection.alias)
    for one in meetings.exclude(place={}).only("pk", "place").iterator(chunk_size=500):
        said = [one.place[lang]["text"] for lang in ("fr", "ar", "en") if lang in one.place]
        meetings.filter(pk=one.pk).update(place_line="".join(said[:1])[:200])


class Migration(migrations.Migration):
    dependencies = [("cycle", "0010_announced_steps")]
    operations = [
        migrations.RenameField("meeting", "place", "place_line"),
        migrations.AddField("meeting", "place", openregion.core.official.OfficialTextField(blank=True, default=dict)),
        migrations.RunPython(say_in_languages, say_in_one_line),
        migrations.RemoveField("meeting", "place_line"),
    ]
