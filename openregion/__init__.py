"""Région ouverte: a Region runs the whole of OGP Local in public.

One package, one room a capability; ``docs/adr/`` says why the house stands as
it does, and each room's ``__init__`` is its card.
"""
