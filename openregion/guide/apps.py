from django.apps import AppConfig


class GuideConfig(AppConfig):
    name = "openregion.guide"

    def ready(self) -> None:
        from openregion.guide import checks  # noqa: F401  (registers the checks)
