"""The record room: the memory of the platform.

Owns: journal lines, stored files, frozen documents and their renderings,
search entries, the public repository; ``press`` turns papers into HTML, PDF
and DOCX.

Never: a key towards a room above (a line names its subject by type and uid), a
personal datum, a text in the journal.
"""
