"""The diagnosis room: what several people said, in one sentence that cites them.

Owns: findings and the contributions they gather; later the evaluation matrix,
thematic and synthesis reports.

Never: the words of a person changed, nor an answer to them: those are the plan's.
"""
