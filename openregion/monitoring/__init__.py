"""The monitoring room, not furnished yet.

Owns: progress, measurements, evidence, completion sheets.

Never: an import from a room above it.
"""
