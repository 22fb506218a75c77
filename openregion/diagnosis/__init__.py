"""The diagnosis room: what several people said, in one sentence that cites them.

Owns: findings and the contributions they gather; reports of meetings and themes,
syntheses, the final report, with what each sentence cites and what none does;
later the evaluation matrix.

Never: the words of a person changed, nor an answer to them: those are the plan's.
"""
