from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "orders.payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        """Be told of payments, and of what verbs do to orders."""
        from orders.payments.consequences import listen

        listen()
