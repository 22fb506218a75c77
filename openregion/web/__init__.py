"""The door for people: pages that tell a story across rooms.

Owns: home, desk, search, the journal as sentences, the operator's outbox, the
memory of pages for visitors, and a person's erasure across rooms.

Never: a model, a rule, a page that one room alone could show.
"""
