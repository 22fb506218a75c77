"""The admission room: may the Region join, what it answers, what it sends, what OGP says.

Owns: eligibility verdicts, the nine admissibility answers with their evidence,
calls and their questions, the dossier with its letters of support, the point of
contact, the member's state (row C0), each change from an event with its proof.

Never: a decision that is OGP's; a question of a call written in Python.
"""
