"""The cycle room: admission and action-plan cycles, and the method they follow.

Owns: the method as a book, the rules a member overrides; and, as the trunk
grows, stages, operations and their proofs, calendar and legal delays, meetings,
sessions, deliberations.

Never: a step named in Python: stages and operations come from the guide.
"""
