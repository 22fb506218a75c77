"""The press: papers become PDF, DOCX and HTML, and nothing else does.

Owns: the Typst template, the Word templates, the fonts, how a line mixes Arabic,
Latin and Tifinagh, what is printed on every official page.

Never: what a document says (the rooms do), a model, a file kept (``record``
stores what was printed; a frozen document is never rendered again).
"""

from openregion.record.press.hypertext import html
from openregion.record.press.typesetting import pdf
from openregion.record.press.worddoc import docx

__all__ = ["docx", "html", "pdf"]
