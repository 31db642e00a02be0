from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CreditConfig(AppConfig):
    name = "customers.credit"
    verbose_name = _("Credit")

    def ready(self) -> None:
        """Read which documents of the apps above a customer's exposure consists of."""
        autodiscover_modules("exposure")
