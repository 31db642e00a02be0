from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InboxConfig(AppConfig):
    name = "complaints.inbox"
    verbose_name = _("Incoming messages")

    def ready(self) -> None:
        """Give the mails about complaints the heads by which answers to them find their way."""
        from complaints.inbox.heads import heads_of
        from crm.outbox.sender import HEADS

        HEADS.append(heads_of)
