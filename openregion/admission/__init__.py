"""The admission room, not furnished yet.

Owns: eligibility, admissibility, the expression-of-interest dossier.

Never: an import from a room above it.
"""
