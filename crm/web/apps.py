from django.apps import AppConfig
from django.contrib import admin
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "crm.web"
    label = "web"
    verbose_name = _("Web")

    def ready(self) -> None:
        """Read what the apps declare for pages: their lists, panels, messages, and the pages of customers' links."""
        for name in ("lists", "panels", "messages", "link_pages"):
            autodiscover_modules(name)
        admin.autodiscover()
