"""The forms of the cycle, one module a subject."""
