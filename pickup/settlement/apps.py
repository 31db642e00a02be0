from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SettlementConfig(AppConfig):
    name = "pickup.settlement"
    verbose_name = _("Settlement")

    def ready(self) -> None:
        """Be told of invoices that are cancelled."""
        from pickup.settlement.consequences import listen

        listen()
