"""Return notices (退货通知单) with their goods, and the receipts of what came back."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from complaints.models.complaint import OfComplaint
from crm import clock
from crm.accounts.models import RoleReach, User
from crm.accounts.scopes import ScopedQuerySet, by_reach, reach
from crm.records.models import Attachment
from crm.records.search import Searchable
from crm.statements import related
from orders.models import Line, Order
from pickup.models import Delivery, Record
from pickup.stock.models import Warehouse

USER = settings.AUTH_USER_MODEL
NONE = Decimal(0)


class NoticeQuerySet(ScopedQuerySet):
    @by_reach
    def visible_to(self, user: User) -> "NoticeQuerySet":
        """Who sees the complaint, and the clerks of the warehouse to which the goods come back."""
        if not user.is_active:
            return self.none()
        if reach(user, Complaint) == RoleReach.Reach.ALL:
            return self
        mine = Warehouse.clerks.through.objects.filter(user_id=user.pk).values("warehouse_id")
        seen = Complaint.objects.visible_to(user).order_by().values("pk")
        return self.filter(Q(warehouse__in=mine) | Q(complaint__in=seen))


class ReturnNotice(Searchable, OfComplaint):
    """What a customer gives back of one handover or delivery: written, signed, brought, received (KC 5.2.3.2)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("To be signed")
        EXPECTED = "expected", _("Goods to come")
        DONE = "done", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    STATUS_COLOURS = {
        Status.DRAFT: "soon",
        Status.EXPECTED: "active",
        Status.DONE: "done",
        Status.CANCELLED: "neutral",
    }
    LIVE = (Status.DRAFT, Status.EXPECTED, Status.DONE)

    number = models.CharField(_("return number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    round = models.PositiveSmallIntegerField(_("round"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="returnnotices", verbose_name=_("order"))
    record = models.ForeignKey(
        Record, models.PROTECT, null=True, blank=True, related_name="returnnotices", verbose_name=_("pickup record")
    )
    delivery = models.ForeignKey(
        Delivery, models.PROTECT, null=True, blank=True, related_name="returnnotices", verbose_name=_("delivery")
    )
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="+", db_index=False, verbose_name=_("comes back to")
    )
    why = models.CharField(_("why they come back"), max_length=500, blank=True)
    drafted_at = models.DateTimeField(_("drafted"), default=clock.now)
    written_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("notice written"), null=True, blank=True)
    mend = models.CharField(_("what to correct"), max_length=500, blank=True)
    signed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed by")
    )
    signed_at = models.DateTimeField(_("time of signing"), null=True, blank=True)
    phoned_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ordered by telephone by")
    )
    phoned_at = models.DateTimeField(_("ordered by telephone"), null=True, blank=True)
    phoned_to = models.CharField(_("who took the call"), max_length=60, blank=True)
    urgent = models.CharField(_("why it is urgent"), max_length=300, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    reason = models.CharField(_("why it ended so"), max_length=300, blank=True)

    called_by = ("number", "complaint__number")

    objects = NoticeQuerySet.as_manager()  # type: ignore[misc]

    class Meta(OfComplaint.Meta):
        verbose_name = _("return notice")
        verbose_name_plural = _("return notices")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["complaint", "-id"], name="returns_of_complaint"),
            models.Index(fields=["status", "-id"], name="returns_by_status"),
            models.Index(fields=["warehouse", "status"], name="returns_of_warehouse"),
            models.Index(fields=["-id"], condition=Q(signed_at=None, phoned_at__isnull=False), name="returns_unsigned"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(record__isnull=False, delivery__isnull=True)
                | Q(record__isnull=True, delivery__isnull=False),
                name="return_of_one_paper",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("written_by")),
                name="return_signed_by_another",
                violation_error_message=_("Who wrote the notice does not sign it."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("returnnotice", args=[self.pk])

    @property
    def owner(self) -> User:
        """Who answers for it: the complaint's owner."""
        return self.complaint.owner

    @property
    def owner_id(self) -> int:
        """The key of who answers for it."""
        return self.complaint.owner_id

    @property
    def paper(self) -> Record | Delivery:
        """The handover or the delivery of which goods come back."""
        found = self.record or self.delivery
        assert found is not None  # a constraint holds it
        return found

    @property
    def detail(self) -> str:
        """Whose, and of which order, for hits and pickers."""
        return f"{self.complaint.customer.name} · {self.order}"

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number, those of complaint and order, and the customer."""
        complaint = related(self, "complaint")
        codes = [self.number, complaint.number, related(self, "order").number]
        return {"codes": codes, "names": [related(complaint, "customer").name]}


class OfNotice(models.Model):
    """What belongs to a return notice, and is seen by whoever sees it."""

    seen_through = "notice"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class NoticeLine(OfNotice):
    """So much of a line of the order, of one batch, comes back; and what has come of it; all in base units."""

    notice = models.ForeignKey(
        ReturnNotice, models.PROTECT, related_name="lines", db_index=False, verbose_name=_("return notice")
    )
    line = models.ForeignKey(Line, models.PROTECT, related_name="+", verbose_name=_("line"))
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    quantity = models.DecimalField(_("quantity to come back"), max_digits=14, decimal_places=3)
    good = models.DecimalField(_("came back in good order"), max_digits=14, decimal_places=3, default=NONE)
    defective = models.DecimalField(_("came back defective"), max_digits=14, decimal_places=3, default=NONE)

    tracked = True

    class Meta:
        verbose_name = _("line of a return notice")
        verbose_name_plural = _("lines of return notices")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "line", "batch"], name="returned_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, good__gte=0, defective__gte=0, quantity__gte=F("good") + F("defective")),
                name="no_more_returned_than_asked",
                violation_error_message=_("More would come back than the notice says."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.batch}".strip()

    @property
    def came(self) -> Decimal:
        """What has come back of it."""
        return self.good + self.defective

    @property
    def open_quantity(self) -> Decimal:
        """What is still to come."""
        return self.quantity - self.came


class ReturnReceipt(OfNotice):
    """What came back at once, who brought it, who took it, what it is worth (退货入库单); rows are never changed.

    Its number is that of the record or delivery below nothing which statements read, and of the stock movements.
    """

    number = models.CharField(_("receipt number"), max_length=30, unique=True)
    notice = models.ForeignKey(
        ReturnNotice, models.PROTECT, related_name="receipts", db_index=False, verbose_name=_("return notice")
    )
    at = models.DateTimeField(_("when"), default=clock.now)
    clerk = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("clerk"))
    brought_by = models.CharField(_("brought by"), max_length=60)
    vehicle = models.CharField(_("vehicle"), max_length=20, blank=True)
    remarks = models.CharField(_("remarks"), max_length=300, blank=True)
    amount = models.DecimalField(_("taken off what is due"), max_digits=14, decimal_places=2)
    record = models.OneToOneField(
        Record, models.PROTECT, null=True, blank=True, related_name="receipt", verbose_name=_("pickup record")
    )
    delivery = models.OneToOneField(
        Delivery, models.PROTECT, null=True, blank=True, related_name="receipt", verbose_name=_("delivery")
    )
    customer_signature = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer's signature")
    )
    clerk_signature = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("clerk's signature")
    )
    paper = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed receipt")
    )

    class Meta:
        verbose_name = _("return receipt")
        verbose_name_plural = _("return receipts")
        ordering = ["pk"]
        indexes = [models.Index(fields=["notice", "id"], name="receipts_of_return")]
        constraints = [
            models.CheckConstraint(
                condition=Q(record__isnull=False, delivery__isnull=True)
                | Q(record__isnull=True, delivery__isnull=False),
                name="receipt_of_one_paper",
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return self.notice.get_absolute_url()


class ReceiptLine(models.Model):
    """How much of a line came back in good order and how much defective, in base units; rows are never changed."""

    receipt = models.ForeignKey(
        ReturnReceipt, models.PROTECT, related_name="lines", db_index=False, verbose_name=_("return receipt")
    )
    line = models.ForeignKey(
        NoticeLine, models.PROTECT, related_name="received", verbose_name=_("line of a return notice")
    )
    good = models.DecimalField(_("in good order"), max_digits=14, decimal_places=3)
    defective = models.DecimalField(_("defective"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("line of a return receipt")
        verbose_name_plural = _("lines of return receipts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "line"], name="receipt_line_once"),
            models.CheckConstraint(
                condition=Q(good__gte=0, defective__gte=0) & ~Q(good=0, defective=0), name="receipt_line_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.came}"

    @property
    def came(self) -> Decimal:
        """What came back of the line."""
        return self.good + self.defective
