from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class DeadlinesConfig(AppConfig):
    name = "crm.deadlines"
    label = "deadlines"
    verbose_name = _("Deadlines")

    def ready(self) -> None:
        """Read every app's verbs, then its rules, which name verbs, then its periodic jobs."""
        autodiscover_modules("actions")
        autodiscover_modules("rules")
        autodiscover_modules("tasks")
        from crm.deadlines import checks  # noqa: F401 - registers the system checks
        from crm.deadlines.seeding import after_migrate

        post_migrate.connect(after_migrate, sender=self, dispatch_uid="deadlines.after_migrate")
