"""The supplementary agreement on a compensation, the discount off an order, and the order that replaces goods."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.models import Plan
from complaints.models.complaint import OfComplaint
from crm import clock
from orders.contracts.models import Contract
from orders.models import Allowance, Order

USER = settings.AUTH_USER_MODEL
LINK_PURPOSE = "compensation.sign"  # of the customer's link under which he reads the agreement and hands in his copy


class Agreement(OfComplaint):
    """The supplementary agreement (合同补充协议) on a compensation; it acts once both have signed and sealed it.

    It is drawn up of the approved plan and not changed: another plan makes another agreement (KC 5.2.3.3).
    """

    class Status(models.TextChoices):
        DRAFTED = "drafted", _("To be signed by us")
        SIGNED = "signed", _("To be sealed by us")
        SEALED = "sealed", _("With the customer")
        IN_FORCE = "in_force", _("In force")
        DROPPED = "dropped", _("Withdrawn")

    STATUS_COLOURS = {
        Status.DRAFTED: "soon",
        Status.SIGNED: "soon",
        Status.SEALED: "active",
        Status.IN_FORCE: "done",
        Status.DROPPED: "neutral",
    }
    OPEN = (Status.DRAFTED, Status.SIGNED, Status.SEALED)

    number = models.CharField(_("agreement number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFTED)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="agreements", verbose_name=_("handling plan"))
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("order")
    )
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("contract")
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    text = models.TextField(_("text of the agreement"))
    seller = models.CharField(_("seller"), max_length=200)
    buyer = models.CharField(_("buyer"), max_length=200)
    drafted_at = models.DateTimeField(_("drafted at"), default=clock.now)
    signed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("signed by us")
    )
    signed_at = models.DateTimeField(_("time of signing"), null=True, blank=True)
    sealed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("sealed by us")
    )
    sealed_at = models.DateTimeField(_("sealed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    copy_at = models.DateTimeField(_("signed copy handed in"), null=True, blank=True)
    his_name = models.CharField(_("signed by the customer"), max_length=60, blank=True)
    his_day = models.DateField(_("signed by the customer on"), null=True, blank=True)
    in_force_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    due_before = models.DecimalField(_("the order cost before"), max_digits=14, decimal_places=2, null=True, blank=True)
    allowance = models.OneToOneField(
        Allowance, models.PROTECT, null=True, blank=True, related_name="agreement", verbose_name=_("allowance")
    )

    class Meta(OfComplaint.Meta):
        verbose_name = _("agreement on a compensation")
        verbose_name_plural = _("agreements on compensations")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="agreements_by_status"),
            models.Index(fields=["complaint", "id"], name="agreements_of_complaint"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"],
                condition=~Q(status="dropped"),
                name="one_agreement_of_a_plan",
                violation_error_message=_("There is an agreement on this compensation already."),
            ),
            models.CheckConstraint(
                condition=~Q(status="in_force") | Q(in_force_at__isnull=False, his_day__isnull=False),
                name="agreement_in_force_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("agreement", args=[self.pk])

    @property
    def detail(self) -> str:
        """Whose it is, and about which complaint."""
        return f"{self.complaint.customer.name} · {self.complaint}"

    @property
    def owner(self) -> Any:
        """Who answers for it: the complaint's owner."""
        return self.complaint.owner


class Discount(OfComplaint):
    """What an approved plan takes off the price of its order (KC 5.2.3)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="discounts", verbose_name=_("handling plan"))
    allowance = models.OneToOneField(Allowance, models.PROTECT, related_name="discount", verbose_name=_("allowance"))
    due_before = models.DecimalField(_("the order cost before"), max_digits=14, decimal_places=2)

    class Meta(OfComplaint.Meta):
        verbose_name = _("discount after a complaint")
        verbose_name_plural = _("discounts after complaints")
        ordering = ["pk"]
        indexes = [models.Index(fields=["complaint", "id"], name="discounts_of_complaint")]

    def __str__(self) -> str:
        return str(self.allowance)


class Replacement(OfComplaint):
    """The order at no price by which goods are replaced; carried out once its goods are handed over."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="replacements", verbose_name=_("handling plan"))
    order = models.OneToOneField(Order, models.PROTECT, related_name="replacement", verbose_name=_("replacement order"))
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), default=clock.now)

    class Meta(OfComplaint.Meta):
        verbose_name = _("replacement after a complaint")
        verbose_name_plural = _("replacements after complaints")
        ordering = ["pk"]
        indexes = [models.Index(fields=["complaint", "id"], name="replacements_of_complaint")]

    def __str__(self) -> str:
        return str(self.order)
