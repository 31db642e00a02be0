from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CreditConfig(AppConfig):
    name = "customers.credit"
    verbose_name = _("Credit")

    def ready(self) -> None:
        """Read of which documents a customer's exposure consists, and be told of what verbs do to customers."""
        autodiscover_modules("exposure")
        from crm.actions import WATCHERS
        from customers.credit.consequences import follow_customer

        WATCHERS.append(follow_customer)
