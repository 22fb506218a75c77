"""The people room: who decides, who sits where, who may do what.

Owns: authorities, members (one authority or a consortium), territory, bodies,
seats, mandates and the acts that give them, users, their appointments to roles,
sign-in.

Never: a permission that is not in the guide's ``roles.yaml``, a superuser's
privilege, a citizen's words.
"""
