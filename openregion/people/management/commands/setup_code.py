"""``./manage setup_code``: the code that opens an empty instance in the browser."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from openregion.people.setup import made_code


class Command(BaseCommand):
    """Prints the setup code, making it if nobody has; says so when the instance is open already."""

    help = "Print the code that the setup page asks for."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the code alone, so that a script can read it."""
        code = made_code()
        if code:
            self.stdout.write(code)
        else:
            self.stderr.write("This instance has a member already: no code is needed.")
