"""The pages of the candidacy, one module a subject."""
