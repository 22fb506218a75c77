"""The analysis room: arrays and texts in, frozen results out.

Owns: the text normaliser; later groups, likeness, shortlists.

Never: Django, the database, the network; numpy only in modules no page imports.
"""
