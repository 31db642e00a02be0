"""Advances: what of an order may leave before it is paid, until when, for which promise; and what left under each."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, DecimalField, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, Greatest, Least, Round
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.scopes import ScopedQuerySet
from crm.records.search import Searchable
from crm.statements import related
from customers.models import Customer
from orders.models import Line, Order

USER = settings.AUTH_USER_MODEL
NONE = Decimal(0)
MONEY: Any = DecimalField(max_digits=14, decimal_places=2)


class AdvanceQuerySet(ScopedQuerySet):
    def blocking(self, customer_id: int) -> "AdvanceQuerySet":
        """The broken promises of a customer for which no further advance is granted to him."""
        return self.filter(customer=customer_id, status=Advance.Status.BROKEN, lifted_at=None)

    def with_figures(self) -> "AdvanceQuerySet":
        """With what has left under each (`taken`), and what of its order has left and is not paid (`owed`).

        What has left is rounded line by line, as orders.leaving.worth_of does it.
        """
        whole = Round(F("quantity") * F("factor"), 3)
        part = Round(F("amount") * F("collected") / whole, 2)
        left = Case(When(collected__gte=whole, then=F("amount")), default=part, output_field=MONEY)
        lines = Line.objects.filter(order=OuterRef("order")).order_by().values("order")
        uses = AdvanceUse.objects.filter(advance=OuterRef("pk")).order_by().values("advance")
        return self.annotate(
            taken=Coalesce(Subquery(uses.annotate(found=Sum("amount")).values("found")), NONE, output_field=MONEY),
            left=Coalesce(Subquery(lines.annotate(found=Sum(left)).values("found")), NONE, output_field=MONEY),
        ).annotate(
            owed=Case(
                When(
                    status__in=Advance.PROMISED,
                    then=Greatest(
                        Least(
                            F("left") - F("order__allowance"),
                            Coalesce(
                                "order__settled", F("order__total") - F("order__returned") - F("order__allowance")
                            ),
                        )
                        - F("order__paid"),
                        NONE,
                    ),
                ),
                default=NONE,
                output_field=MONEY,
            )
        )


class Advance(Searchable, models.Model):
    """One application for advance shipping (先行发货申请单), and the limited release that it became (KC 5.1.11.1)."""

    class Status(models.TextChoices):
        APPLIED = "applied", _("Applied for")
        GRANTED = "granted", _("Goods may leave")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")
        SETTLED = "settled", _("Paid")
        BROKEN = "broken", _("Promise broken")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Route(models.TextChoices):
        USUAL = "usual", _("Department manager, then finance")
        GENERAL = "general", _("General manager")

    STATUS_COLOURS = {
        Status.APPLIED: "active",
        Status.GRANTED: "soon",
        Status.EXPIRED: "neutral",
        Status.REVOKED: "neutral",
        Status.SETTLED: "done",
        Status.BROKEN: "late",
        Status.WITHDRAWN: "neutral",
    }
    LIVE = (Status.APPLIED, Status.GRANTED)
    PROMISED = (Status.GRANTED, Status.EXPIRED, Status.REVOKED, Status.BROKEN)  # what left under it is to be paid

    number = models.CharField(_("advance number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.APPLIED)
    order = models.ForeignKey(Order, models.PROTECT, related_name="advances", db_index=False, verbose_name=_("order"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="advances", db_index=False, verbose_name=_("customer")
    )
    route = models.CharField(_("who decides"), max_length=10, choices=Route.choices, default=Route.USUAL)
    ceiling = models.DecimalField(_("most that may leave unpaid"), max_digits=14, decimal_places=2)
    expires_on = models.DateField(_("goods may leave until"))
    promised_on = models.DateField(_("promised payment date"))
    situation = models.TextField(_("the customer's situation"), max_length=2000)
    why = models.TextField(_("why goods must leave before the money"), max_length=2000)

    # As it was when it was applied for: whoever decides looks at these figures.
    order_total = models.DecimalField(_("order's total with tax"), max_digits=14, decimal_places=2)
    paid_then = models.DecimalField(_("paid so far"), max_digits=14, decimal_places=2)
    left_then = models.DecimalField(_("goods shipped so far"), max_digits=14, decimal_places=2)
    applied_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("applied by"))
    applied_at = models.DateTimeField(_("applied for at"), default=clock.now)

    granted_at = models.DateTimeField(_("granted at"), null=True, blank=True)
    used_at = models.DateTimeField(_("first shipped at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    broken_at = models.DateTimeField(_("promise broken at"), null=True, blank=True)
    broken_amount = models.DecimalField(
        _("missing when it was broken"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    reason = models.CharField(_("why it was withdrawn or revoked"), max_length=300, blank=True)
    lifted_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("block lifted by")
    )
    lifted_at = models.DateTimeField(_("block lifted at"), null=True, blank=True)
    lift_reason = models.CharField(_("why the block was lifted"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "order"
    lock_through = "order"
    called_by = ("number", "customer__name", "order__number")

    objects = AdvanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("advance")
        verbose_name_plural = _("advances")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="advances_by_status"),
            models.Index(fields=["order", "-id"], name="advances_of_order"),
            models.Index(fields=["customer", "-id"], name="advances_of_customer"),
            models.Index(fields=["expires_on"], condition=Q(status="granted"), name="advances_to_expire"),
            models.Index(fields=["promised_on", "id"], name="advances_by_promise"),
            models.Index(fields=["granted_at"], name="advances_by_grant"),
            models.Index(fields=["broken_at"], condition=Q(broken_at__isnull=False), name="advances_broken"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["applied", "granted"]),
                name="one_live_advance_per_order",
                violation_error_message=_("There is an advance for this order already."),
            ),
            models.CheckConstraint(
                condition=Q(ceiling__gt=0),
                name="advance_is_worth_something",
                violation_error_message=_("An advance is more than nothing."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("advance", args=[self.pk])

    @property
    def owner(self) -> Any:
        """The order's owner."""
        return self.order.owner

    @property
    def department(self) -> Any:
        """The order's department."""
        return self.order.department

    @property
    def detail(self) -> str:
        """Whose order it is for."""
        return f"{self.customer.name} · {self.order.number}"

    @property
    def releases(self) -> bool:
        """Whether goods may leave under it today; it lasts to the end of its last day, where the company is."""
        return self.status == self.Status.GRANTED and clock.today() <= self.expires_on

    @property
    def blocks(self) -> bool:
        """Whether its customer gets no further advance because of it."""
        return self.status == self.Status.BROKEN and self.lifted_at is None

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number, the order's, and the customer's name."""
        return {"codes": [self.number, related(self, "order").number], "names": [related(self, "customer").name]}


class AdvanceUse(models.Model):
    """What of a movement of goods was covered by an advance; below nothing where they came back."""

    advance = models.ForeignKey(Advance, models.PROTECT, related_name="uses", db_index=False, verbose_name=_("advance"))
    amount = models.DecimalField(_("shipped beyond payment"), max_digits=14, decimal_places=2)
    paper_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    paper_pk = models.BigIntegerField()
    paper = GenericForeignKey("paper_type", "paper_pk")
    reference = models.CharField(_("record number"), max_length=30)
    at = models.DateTimeField(_("when"), default=clock.now)

    tracked = True
    seen_through = "advance"
    lock_through = "advance"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of an advance")
        verbose_name_plural = _("uses of advances")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["advance", "id"], name="uses_of_advance"),
        ]

    def __str__(self) -> str:
        return f"{self.advance} {self.reference} {self.amount}"
