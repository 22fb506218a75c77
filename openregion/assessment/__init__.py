"""The assessment room, not furnished yet.

Owns: the independent monitoring body's own work.

Never: an import from a room above it.
"""
