"""The api room, not furnished yet.

Owns: /api/v1, feeds, open data.

Never: an import from a room above it.
"""
