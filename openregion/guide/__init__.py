"""The guide room: opens a version of the methodology, checks it, hands it out.

Owns: the strict schemas of the files in ``guide/<version>/``, reading them into
frozen objects, their hash and canonical JSON, and what ``manage.py check``
says when a committee's edit does not hold together.

Never: a table, a step named in Python, a word of method that is not in the data.
"""
