from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerificationConfig(AppConfig):
    name = "complaints.verification"
    verbose_name = _("Verification of complaints")

    def ready(self) -> None:
        """Register that a complaint whose category asks for a procedure is not settled before that is signed."""
        from complaints.verification import needed  # noqa: F401
