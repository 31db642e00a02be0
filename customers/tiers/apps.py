from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class TiersConfig(AppConfig):
    name = "customers.tiers"
    verbose_name = _("Tiers")

    def ready(self) -> None:
        """Read what the apps above measure of a customer."""
        autodiscover_modules("measures")
