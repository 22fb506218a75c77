"""A home of the suite's own: named before the settings are read (a pytest plugin, see pyproject.toml)."""

import os
import tempfile

os.environ.setdefault("OPENREGION_HOME", tempfile.mkdtemp(prefix="openregion-tests-"))
