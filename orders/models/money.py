"""Money received for orders, and what was taken off their price."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from orders.models.order import OfOrder

USER = settings.AUTH_USER_MODEL
WRITE_OFF = "write_off"  # no money: what nobody asks the customer for any more counts like it (decision 0013)


class Payment(OfOrder):
    """Money received for an order, entered by finance; a wrong entry is taken back by its opposite."""

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("Bank transfer")
        CASH = "cash", _("Cash")
        CARD = "card", _("Card")
        WECHAT = "wechat", _("WeChat Pay")
        ALIPAY = "alipay", _("Alipay")

    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    received_on = models.DateField(_("received on"), default=clock.today)
    method = models.CharField(
        _("method"), max_length=10, choices=[*Method.choices, (WRITE_OFF, _("Written off"))], default=Method.TRANSFER
    )
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered"), default=clock.now)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name=_("takes back")
    )

    class Meta(OfOrder.Meta):
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["entered_at"], name="payments_by_entry")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(reverses__isnull=False),
                name="payment_is_positive",
                violation_error_message=_("A payment is more than nothing."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.amount}"


class Allowance(OfOrder):
    """What is taken off an order's price by agreement (折让).

    Below nothing it is charged again: an earlier one is taken back, or its share comes back with the goods.

    It counts at once. The order's statement says it, and where an invoice is out it is credited by a red one.
    """

    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=300)
    reference = models.CharField(_("document number"), max_length=40)
    agreed_by = models.CharField(_("agreed on by"), max_length=60, blank=True)
    agreed_on = models.DateField(_("agreed on"), default=clock.today)
    granted_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    granted_at = models.DateTimeField(_("when"), default=clock.now)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name=_("takes back")
    )

    class Meta(OfOrder.Meta):
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, reverses__isnull=True) | Q(amount__lt=0),
                name="allowance_is_over_something",
            )
        ]

    def __str__(self) -> str:
        return self.reference
