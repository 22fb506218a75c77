"""The registers room, not furnished yet.

Owns: publications, requests, opinions, petitions, forums, training.

Never: an import from a room above it.
"""
