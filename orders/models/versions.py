"""What an order said after each agreement with the customer."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.scopes import ScopedQuerySet
from orders.models.order import Order

USER = settings.AUTH_USER_MODEL


class OrderVersion(models.Model):
    """The order as it was agreed on at some time; none ever changes (KF 3.2.4).

    The first is as it was confirmed, or as it was ordered where it was changed before anybody confirmed it.

    `content` is what orders.versions.content_of makes; `reference` is the number of the paper that changed the order.
    """

    class Cause(models.TextChoices):
        ORDERED = "ordered", _("As ordered, not confirmed yet")
        CONFIRMED = "confirmed", _("Confirmed by the customer")
        CHANGE = "change", _("Order change")
        EXTENSION = "extension", _("Extension")
        SUPPLEMENT = "supplement", _("Supplementary agreement")
        SUBSTITUTE = "substitute", _("Substitute agreed on")
        LATER = "later", _("Later date agreed on")

    order = models.ForeignKey(Order, models.PROTECT, related_name="versions", db_index=False, verbose_name=_("order"))
    number = models.PositiveSmallIntegerField(_("version"))
    cause = models.CharField(_("came about by"), max_length=10, choices=Cause.choices)
    reference = models.CharField(_("document number"), max_length=40, blank=True)
    at = models.DateTimeField(_("when"), default=clock.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    content = models.JSONField(_("what it held"))

    seen_through = "order"
    lock_through = "order"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an order")
        verbose_name_plural = _("versions of orders")
        ordering = ["order", "number"]
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="order_version_once")]

    def __str__(self) -> str:
        return f"{self.order} · {self.number}"

    def get_absolute_url(self) -> str:
        """The order that it is a version of."""
        return self.order.get_absolute_url()

    @property
    def customer_id(self) -> int:
        """The order's customer, for the indexes of log and deadlines."""
        return self.order.customer_id
