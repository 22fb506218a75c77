"""The monitoring room: what was done about each promise, and what shows it.

Owns: progress updates, their evidence, completion sheets (annex 4); the public
pages of plans and commitments, since they show all of it.

Never: the independent body's own judgement (that is the assessment's), nor an
update edited: a correction is a new one.
"""
