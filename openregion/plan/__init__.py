"""The plan room, not furnished yet.

Owns: reasoned responses, commitments, versions that freeze.

Never: an import from a room above it.
"""
