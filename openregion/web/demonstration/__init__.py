"""The demonstration: a Region that does not exist, to try everything on.

Its places, boundaries, people and texts are invented, and every page that
shows them says so.
"""
