from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "crm.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Let permissions, roles and the stamp of rights follow the code after each migrate."""
        from crm.accounts import stamps
        from crm.accounts.sync import after_migrate

        # The signal comes once per app; the last one finds the content types and permissions of all the others.
        last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
        post_migrate.connect(stamps.install, sender=self, dispatch_uid="accounts.stamps")
        post_migrate.connect(after_migrate, sender=last, dispatch_uid="accounts.after_migrate")
