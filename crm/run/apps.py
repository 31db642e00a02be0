"""The app of the supervisor; it has commands and no tables."""

from django.apps import AppConfig


class RunConfig(AppConfig):
    """Registers the commands of `crm.run` and the checks of the settings."""

    name = "crm.run"
    label = "run"

    def ready(self) -> None:
        """Register the checks, which stand beside the settings that they judge."""
        from crm import checks  # noqa: F401
