"""The diagnosis room, not furnished yet.

Owns: evaluation matrix, findings, reports.

Never: an import from a room above it.
"""
