from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    name = "orders.contracts"
    verbose_name = _("Contracts")

    def ready(self) -> None:
        """Register that a contract in force holds its order."""
        from orders.contracts import guard  # noqa: F401
