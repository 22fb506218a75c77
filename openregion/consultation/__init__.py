"""The consultation room, not furnished yet.

Owns: what citizens give and what people do with it.

Never: an import from a room above it.
"""
