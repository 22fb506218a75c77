"""Static files named by their content and compressed, served for a year."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class NamedByContent(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, forgiving while the files are not collected (tests, first start)."""

    manifest_strict = False
