"""The consultation room: what citizens give, and what people do with it.

Owns: consultations and their themes, contributions (words, language, author,
moderation, codes, erasure) and what attaches to one: suggestions first, later
comments, remarks, questions; what authors are told; imports.

Never: what becomes of a contribution: findings, responses and commitments point
back to it from the rooms above.
"""
