from django.apps import AppConfig


class CycleConfig(AppConfig):
    name = "openregion.cycle"
