from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "openregion.core"

    def ready(self) -> None:
        from openregion.core import checks  # noqa: F401  (registers the checks)
