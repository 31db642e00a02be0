from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "crm.approvals"
    label = "approvals"
    verbose_name = _("Approvals")

    def ready(self) -> None:
        """Be told of every record that a verb changes: a request about it may not hold any more."""
        from crm.actions import WATCHERS
        from crm.approvals.watch import look_at

        WATCHERS.append(look_at)
