"""The plan room: what the Region answers, and what it promises.

Owns: reasoned responses, the action plan and its sections, commitments with
their sources, milestones and indicators, versions that freeze and are adopted,
the library of commitments that other members published.

Never: a version or a response edited once given; what was done about a promise
(that is monitoring's).
"""
