from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SettlementConfig(AppConfig):
    name = "pickup.settlement"
    verbose_name = _("Settlement")

    def ready(self) -> None:
        """Be told of voided invoices, and asked whether a contract is executed."""
        from pickup.settlement.consequences import listen

        listen()
