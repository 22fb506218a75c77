"""Static files named by their content and compressed, served for a year."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class NamedByContent(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, forgiving while the files are not collected (tests, first start)."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """Give the name by content, or the plain one when the file is not collected yet.

        Collecting itself goes another way and still refuses a missing file.
        """
        try:
            return super().stored_name(name)
        except ValueError:
            return name
