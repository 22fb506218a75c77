"""The forms of the candidacy, one module a subject."""
