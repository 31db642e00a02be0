from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        """Read what the apps above find in an application, and what they end with an order."""
        autodiscover_modules("findings", "ends")
        from orders.ends import listen

        listen()
