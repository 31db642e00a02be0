"""What a customer requires, found out before contract or order."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from customers.models import Channel, Contact, Customer
from orders.models import Order

USER = settings.AUTH_USER_MODEL


class Requirement(models.Model):
    """What a customer requires, before contract or order: four heads, the sample, his acceptance (KC 5.1.1)."""

    class Status(models.TextChoices):
        NOTED = "noted", _("Noted")
        SENT = "sent", _("Sample sent")
        ACCEPTED = "accepted", _("Accepted by the customer")
        DECLINED = "declined", _("Not accepted")

    STATUS_COLOURS = {
        Status.NOTED: "active",
        Status.SENT: "soon",
        Status.ACCEPTED: "done",
        Status.DECLINED: "late",
    }
    HEADS = ("stated", "intended", "legal", "own")

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.NOTED)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="requirements", db_index=False, verbose_name=_("customer")
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="requirements", verbose_name=_("order")
    )
    goods = models.CharField(_("goods"), max_length=300)
    stated = models.TextField(_("stated by the customer, delivery and after it included"), max_length=2000)
    intended = models.TextField(_("not stated, but needed for the intended use"), max_length=2000, blank=True)
    legal = models.TextField(_("legal and regulatory"), max_length=2000, blank=True)
    own = models.TextField(_("our own"), max_length=2000, blank=True)
    batch = models.CharField(_("batch of the sample"), max_length=60, blank=True)
    taken_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sample from")
    )
    sent_how = models.CharField(_("how it was sent"), max_length=200, blank=True)
    sent_on = models.DateField(_("sample sent on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who answered")
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_how = models.CharField(_("how he answered"), max_length=10, choices=Channel.choices, blank=True)
    answer = models.CharField(_("customer's answer"), max_length=1000, blank=True)
    noted_at = models.DateTimeField(_("noted"), default=clock.now)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("owner"))
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("department"),
    )
    version = models.PositiveIntegerField(default=0)

    tracked = True
    owned_by = ("owner",)
    owned_by_department = ("department",)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("requirement record")
        verbose_name_plural = _("requirement records")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="requirements_by_status"),
            models.Index(fields=["owner", "-id"], name="requirements_of_owner"),
            models.Index(fields=["department", "-id"], name="requirements_of_department"),
            models.Index(fields=["customer", "-id"], name="requirements_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.goods[:60]}"

    def get_absolute_url(self) -> str:
        return reverse("requirement", args=[self.pk])
