from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdvancesConfig(AppConfig):
    name = "orders.advances"
    verbose_name = _("Advances")
