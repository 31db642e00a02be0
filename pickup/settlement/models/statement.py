"""The statement (对账单): what left under an order and what it costs, as the customer confirms or disputes it."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.accounts.scopes import ScopedQuerySet
from crm.records.search import Searchable
from crm.statements import related
from customers.models import Contact
from orders.catalog.models import Product, Unit
from orders.exposure import HAD
from orders.models import Allowance, Line, OfOrder
from pickup.models import DeliveryLine, RecordLine

USER = settings.AUTH_USER_MODEL
LINK_PURPOSE = "settlement.confirm"
NONE = Decimal(0)


class StatementQuerySet(ScopedQuerySet):
    def open(self) -> "StatementQuerySet":
        """Those that are still to be reconciled."""
        return self.filter(status__in=Statement.OPEN)

    def with_staleness(self) -> "StatementQuerySet":
        """With whether something left or came back under the order since: `stale`, of open ones only."""
        stated = StatementLine.objects.filter(counts=True)
        recorded = RecordLine.objects.filter(line__order=OuterRef("order")).exclude(quantity=0)
        brought = DeliveryLine.objects.filter(line__order=OuterRef("order")).exclude(quantity=0)
        granted = Allowance.objects.filter(order=OuterRef("order"), order__status__in=HAD)
        return self.annotate(
            stale=Q(status__in=Statement.OPEN)
            & (
                Exists(recorded.filter(~Exists(stated.filter(record_line=OuterRef("pk")))))
                | Exists(brought.filter(~Exists(stated.filter(delivery_line=OuterRef("pk")))))
                | Exists(granted.filter(~Exists(stated.filter(allowance=OuterRef("pk")))))
            )
        )


class Statement(Searchable, OfOrder):
    """One version of a statement; a change of the facts or an adjustment makes the next one (KC 5.1.11.5)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("To be sent")
        SENT = "sent", _("Waits for an answer")
        DISPUTED = "disputed", _("Disputed")
        REOPENED = "reopened", _("To be reconciled again")
        RECONCILED = "reconciled", _("Reconciled")
        INVOICED = "invoiced", _("Invoiced")
        REPLACED = "replaced", _("Replaced by a newer version")
        OFFSET = "offset", _("Offset")

    STATUS_COLOURS = {
        Status.DRAFT: "active",
        Status.SENT: "soon",
        Status.DISPUTED: "late",
        Status.REOPENED: "late",
        Status.RECONCILED: "done",
        Status.INVOICED: "done",
        Status.REPLACED: "neutral",
        Status.OFFSET: "neutral",
    }
    OPEN = (Status.DRAFT, Status.SENT, Status.DISPUTED, Status.REOPENED)
    AGREED = (Status.RECONCILED, Status.INVOICED)
    ENDED = (Status.INVOICED, Status.REPLACED, Status.OFFSET)  # nothing is to be done about it any more

    class Through(models.TextChoices):
        LINK = "link", _("By his link")
        PAPER = "paper", _("On signed paper")

    number = models.CharField(_("statement number"), max_length=34, unique=True)
    revision = models.PositiveSmallIntegerField(_("version of the statement"), default=1)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    why = models.CharField(_("why this version"), max_length=300, blank=True)
    total = models.DecimalField(_("total with tax"), max_digits=14, decimal_places=2, default=NONE)
    tax = models.DecimalField(_("tax in it"), max_digits=14, decimal_places=2, default=NONE)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), default=clock.now)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.CharField(_("signed by"), max_length=60, blank=True)
    answered_through = models.CharField(_("how he answered"), max_length=10, choices=Through.choices, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    reconciled_at = models.DateTimeField(_("reconciled"), null=True, blank=True)
    reopened = models.CharField(_("why it is reconciled again"), max_length=300, blank=True)

    called_by = ("number", "order__number")

    objects = StatementQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="statements_by_status"),
            models.Index(fields=["total", "id"], name="statements_by_total"),
            models.Index(fields=["made_at", "id"], name="statements_by_made"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("statement", args=[self.pk])

    @property
    def owner(self) -> User | None:
        """Who answers for it: the order's owner."""
        return self.order.owner

    @property
    def owner_id(self) -> int | None:
        """The key of who answers for it."""
        return self.order.owner_id

    @property
    def detail(self) -> str:
        """Whose and of which order, for hits and pickers."""
        return f"{self.order.customer} · {self.order}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be reconciled."""
        return self.status in self.OPEN

    @property
    def next_verb(self) -> str:
        """What comes next where the customer disputes a line: our answer to it, before it is sent to him again."""
        disputed = self.status == self.Status.DISPUTED and any(line.is_unanswered for line in self.lines.all())
        return "settlement.explain_differences" if disputed else ""

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number, that of its order, and the customer."""
        order = related(self, "order")
        return {"codes": [self.number, order.number], "names": [related(order, "customer").name]}


class StatementLine(models.Model):
    """One line of a record or of a delivery, priced; or an adjustment or allowance, an amount with its reason.

    `counts` says that the statement is not replaced: of the lines that count, each line of a record stands in one.
    """

    class Answer(models.TextChoices):
        AGREED = "agreed", _("Agrees")
        DIFFERS = "differs", _("Differs")

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="lines", db_index=False, verbose_name=_("statement")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    counts = models.BooleanField(default=True)
    line = models.ForeignKey(Line, models.PROTECT, related_name="stated", db_index=False, verbose_name=_("line"))
    record_line = models.ForeignKey(
        RecordLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pickup record")
    )
    delivery_line = models.ForeignKey(
        DeliveryLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("delivery")
    )
    allowance = models.ForeignKey(
        Allowance, models.PROTECT, null=True, blank=True, related_name="stated", verbose_name=_("allowance")
    )
    day = models.DateField(_("day"))
    source = models.CharField(_("document"), max_length=30)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False, verbose_name=_("product"))
    specification = models.CharField(_("specification"), max_length=120, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False, verbose_name=_("unit"))
    base_quantity = models.DecimalField(_("quantity in base units"), max_digits=14, decimal_places=3, default=NONE)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6, default=NONE)
    price = models.DecimalField(_("unit price with tax"), max_digits=12, decimal_places=2, default=NONE)
    tax_rate = models.DecimalField(_("tax rate in percent"), max_digits=4, decimal_places=2)
    amount = models.DecimalField(_("amount with tax"), max_digits=14, decimal_places=2)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=2)
    adjusts = models.PositiveSmallIntegerField(_("adjusts line"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    answer = models.CharField(_("customer's answer"), max_length=10, choices=Answer.choices, blank=True)
    his_quantity = models.DecimalField(_("customer's quantity"), max_digits=18, decimal_places=6, null=True, blank=True)
    his_amount = models.DecimalField(_("customer's amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    his_words = models.CharField(_("customer's comment"), max_length=500, blank=True)
    reply = models.CharField(_("our answer"), max_length=500, blank=True)
    replied_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("answered by")
    )

    tracked = True
    seen_through = "statement"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a statement")
        verbose_name_plural = _("lines of statements")
        ordering = ["statement", "position"]
        indexes = [models.Index(fields=["line", "counts"], name="stated_of_line")]
        constraints = [
            models.UniqueConstraint(fields=["statement", "position"], name="statement_position_once"),
            models.UniqueConstraint(
                fields=["record_line"],
                condition=Q(counts=True),
                name="record_line_stated_once",
                violation_error_message=_("This line of a pickup record stands in a statement already."),
            ),
            models.UniqueConstraint(
                fields=["delivery_line"],
                condition=Q(counts=True),
                name="delivery_line_stated_once",
                violation_error_message=_("This line of a delivery stands in a statement already."),
            ),
            models.UniqueConstraint(
                fields=["allowance", "line"], condition=Q(counts=True), name="allowance_stated_once"
            ),
            models.CheckConstraint(
                condition=(
                    Q(record_line__isnull=False, delivery_line__isnull=True, allowance__isnull=True)
                    | Q(record_line__isnull=True, delivery_line__isnull=False, allowance__isnull=True)
                    | Q(record_line__isnull=True, delivery_line__isnull=True)
                    & (Q(adjusts__isnull=False) | Q(allowance__isnull=False))
                    & ~Q(reason="")
                ),
                name="stated_from_one_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.source}"

    @property
    def is_amount(self) -> bool:
        """Whether it is about an amount and no goods: it adjusts a line, or says what was taken off."""
        return self.adjusts is not None or self.allowance_id is not None

    @property
    def is_unanswered(self) -> bool:
        """Whether the customer disputes it and was not answered."""
        return self.answer == self.Answer.DIFFERS and not self.reply
