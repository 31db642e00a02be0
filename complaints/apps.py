from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = _("Complaints")

    def ready(self) -> None:
        """Read how the apps above carry out an outcome, what they keep open, wait for, report, and what it cost."""
        autodiscover_modules("outcomes", "unfinished", "coming", "report", "costs")
