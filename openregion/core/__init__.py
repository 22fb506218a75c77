"""The core room: the bricks every other room is built with.

Owns: languages, official text, the clock and working days, safe HTML, the base
layout, the component gallery, the one stylesheet, the glossary, who a page is
for, what a paper is made of.

Never: a model, a word about the process, an import from another room.
"""
