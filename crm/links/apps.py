import logging

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LinksConfig(AppConfig):
    name = "crm.links"
    label = "links"
    verbose_name = _("Customers' links")

    def ready(self) -> None:
        """Keep tokens out of Django's own log of requests that failed, which names their paths."""
        from crm.links.redact import RedactLinks

        logging.getLogger("django.request").addFilter(RedactLinks())
