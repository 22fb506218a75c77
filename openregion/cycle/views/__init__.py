"""The pages of the cycle, one module a subject."""
