from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompensationConfig(AppConfig):
    name = "complaints.compensation"
    verbose_name = _("Compensation")

    def ready(self) -> None:
        """Be told of replacement orders that are handed over or cancelled."""
        from complaints.compensation.consequences import listen

        listen()
