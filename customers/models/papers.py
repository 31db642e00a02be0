"""A customer's papers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.records.fields import EncryptedField
from crm.records.models import Attachment
from customers.models.customer import OfCustomer


class Document(OfCustomer):
    """A paper of the customer's, as a file where there is one; its owner is reminded before it expires."""

    class Status(models.TextChoices):
        VALID = "valid", _("Valid")
        REPLACED = "replaced", _("Replaced")

    STATUS_COLOURS = {Status.VALID: "done", Status.REPLACED: "neutral"}

    class Kind(models.TextChoices):
        LICENCE = "licence", _("Business licence copy")
        TAX = "tax", _("Tax registration copy")
        OTHER = "other", _("Other paper")

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.VALID)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("name"), max_length=80, blank=True)
    number = EncryptedField(_("number"), kind="licence", blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )

    class Meta(OfCustomer.Meta):
        verbose_name = _("paper")
        verbose_name_plural = _("papers")

    def __str__(self) -> str:
        return self.title or self.get_kind_display()
