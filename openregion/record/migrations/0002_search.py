"""The full-text index beside the search entries.

FTS5 on SQLite, a generated tsvector with a GIN index on PostgreSQL. No
triggers: SQLite drops them silently at the next change of their table.
"""

from django.db import migrations

_ON_SQLITE = """
CREATE VIRTUAL TABLE record_searchfts USING fts5(words, tokenize = "unicode61 remove_diacritics 0", prefix = '2 3')
"""
_ON_POSTGRESQL = """
ALTER TABLE record_searchentry ADD COLUMN searchable tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED;
CREATE INDEX record_searchentry_searchable ON record_searchentry USING gin (searchable);
"""


def build(apps, schema_editor):
    """Make the index of this database."""
    schema_editor.execute(_ON_SQLITE if schema_editor.connection.vendor == "sqlite" else _ON_POSTGRESQL)


def remove(apps, schema_editor):
    """Take it away again."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE record_searchfts")
    else:
        schema_editor.execute("ALTER TABLE record_searchentry DROP COLUMN searchable")


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [migrations.RunPython(build, remove)]
