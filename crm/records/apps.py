from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "crm.records"
    label = "records"
    verbose_name = _("Records")

    def ready(self) -> None:
        """What Django cannot express in a migration is brought up to date after each."""
        from crm.records import grants, history, numbers

        post_migrate.connect(history.install, sender=self, dispatch_uid="history")
        post_migrate.connect(numbers.install, sender=self, dispatch_uid="numbers")
        post_migrate.connect(grants.install, sender=self, dispatch_uid="grants")
