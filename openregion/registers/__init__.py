"""The registers room: what the Region must be able to list at any day.

Owns: exchanges with the support unit, the national point of contact and OGP;
peer exchange and support activities. Publications, information requests,
opinions, petitions, training and archives join them with the evaluation matrix.

Never: a figure typed twice: what another room keeps is counted there.
"""
