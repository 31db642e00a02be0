"""Credit: which rating brings which limit, what was assessed, and how far each customer is trusted now."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.records.search import Searchable
from customers.models import Customer, OfCustomer

USER = settings.AUTH_USER_MODEL
NONE = Decimal("0.00")
ON_ACCOUNT = Customer.Terms.CREDIT


class Rating(models.TextChoices):
    """How far a customer is trusted, the best first."""

    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


COLOURS = {Rating.A: "done", Rating.B: "active", Rating.C: "soon", Rating.D: "late"}
LIMIT_OF_TERMS = {  # what must hold wherever terms and a limit stand together
    "days": Q(payment_terms=ON_ACCOUNT) | Q(payment_days=0),
    "limit": Q(payment_terms=ON_ACCOUNT) | Q(limit=0),
}
DAYS_NEED_ACCOUNT = _("Days to pay are for customers on account.")
LIMIT_NEEDS_ACCOUNT = _("A limit is for customers on account.")


class RatingPolicy(models.Model):
    """What a rating brings: from which score it is given, up to which limit, on which terms (JD 7.1)."""

    rating = models.CharField(_("rating"), max_length=1, choices=Rating.choices, unique=True)
    from_score = models.PositiveSmallIntegerField(_("from score"), validators=[MaxValueValidator(100)], unique=True)
    limit = models.DecimalField(_("credit limit"), max_digits=14, decimal_places=2, default=NONE)
    payment_terms = models.CharField(_("payment terms"), max_length=10, choices=Customer.Terms.choices)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=0)

    class Meta:
        verbose_name = _("rating policy")
        verbose_name_plural = _("rating policies")
        ordering = ["rating"]
        constraints = [
            models.CheckConstraint(condition=Q(from_score__lte=100), name="policy_score_up_to_100"),
            models.CheckConstraint(
                condition=Q(limit__gte=0),
                name="policy_limit_is_not_negative",
                violation_error_message=_("A limit is not negative."),
            ),
            models.CheckConstraint(
                condition=LIMIT_OF_TERMS["days"],
                name="policy_days_only_on_account",
                violation_error_message=DAYS_NEED_ACCOUNT,
            ),
            models.CheckConstraint(
                condition=LIMIT_OF_TERMS["limit"],
                name="policy_limit_only_on_account",
                violation_error_message=LIMIT_NEEDS_ACCOUNT,
            ),
        ]

    def __str__(self) -> str:
        return self.rating


class Aspect(models.TextChoices):
    """What of a customer is looked at (JD 7.1)."""

    OPERATIONS = "operations", _("Operations")
    FINANCES = "finances", _("Finances")
    PAYMENT = "payment", _("Payment record")


class Weight(models.Model):
    """How much an aspect counts; what it comes to is its share of the sum of all weights."""

    aspect = models.CharField(_("aspect"), max_length=10, choices=Aspect.choices, unique=True)
    weight = models.PositiveSmallIntegerField(_("weight"), validators=[MaxValueValidator(1000)])

    class Meta:
        verbose_name = _("weight of an aspect")
        verbose_name_plural = _("weights of aspects")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.get_aspect_display())


class Assessment(Searchable, OfCustomer):
    """One assessment of a customer's credit (信用评估): scores, the rating they give, what is asked for (JD 7.1)."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("To be decided")
        IN_FORCE = "in_force", _("In force")
        REPLACED = "replaced", _("Replaced")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    STATUS_COLOURS = {
        Status.PROPOSED: "active",
        Status.IN_FORCE: "done",
        Status.REPLACED: "neutral",
        Status.WITHDRAWN: "neutral",
    }

    number = models.CharField(_("assessment number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.PROPOSED)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="assessments", db_index=False, verbose_name=_("customer")
    )
    operations_score = models.PositiveSmallIntegerField(_("operations, of 100"), validators=[MaxValueValidator(100)])
    operations = models.TextField(_("operations in words"), max_length=2000)
    finances_score = models.PositiveSmallIntegerField(_("finances, of 100"), validators=[MaxValueValidator(100)])
    finances = models.TextField(_("finances in words"), max_length=2000)
    payment_score = models.PositiveSmallIntegerField(_("payment record, of 100"), validators=[MaxValueValidator(100)])
    payment = models.TextField(_("payment record in words"), max_length=2000)
    operations_weight = models.PositiveSmallIntegerField(_("weight of operations"))
    finances_weight = models.PositiveSmallIntegerField(_("weight of finances"))
    payment_weight = models.PositiveSmallIntegerField(_("weight of the payment record"))
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=1)
    rating = models.CharField(_("rating"), max_length=1, choices=Rating.choices)
    policy_limit = models.DecimalField(_("limit of the rating"), max_digits=14, decimal_places=2)
    limit = models.DecimalField(_("credit limit"), max_digits=14, decimal_places=2)
    limit_reason = models.CharField(_("why another limit"), max_length=300, blank=True)
    payment_terms = models.CharField(_("payment terms"), max_length=10, choices=Customer.Terms.choices)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=0)
    valid_until = models.DateField(_("valid until"))
    assessed_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("assessed by")
    )
    assessed_at = models.DateTimeField(_("assessed"), default=clock.now)
    in_force_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    lock_through = "customer"
    called_by = ("number", "rating", "customer__name")

    class Meta(OfCustomer.Meta):
        verbose_name = _("credit assessment")
        verbose_name_plural = _("credit assessments")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["customer", "-id"], name="assessments_of_customer"),
            models.Index(fields=["status", "-id"], name="assessments_by_status"),
            models.Index(fields=["valid_until", "id"], name="assessments_by_end"),
            models.Index(fields=["assessed_by", "-id"], name="assessments_of_assessor"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(status="proposed"),
                name="one_proposed_assessment",
                violation_error_message=_("An assessment of this customer waits to be decided already."),
            ),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(status="in_force"), name="one_assessment_in_force"
            ),
            models.CheckConstraint(
                condition=Q(operations_score__lte=100, finances_score__lte=100, payment_score__lte=100),
                name="assessment_scores_up_to_100",
            ),
            models.CheckConstraint(condition=Q(limit__gte=0), name="assessment_limit_is_not_negative"),
            models.CheckConstraint(
                condition=LIMIT_OF_TERMS["days"],
                name="assessment_days_only_on_account",
                violation_error_message=DAYS_NEED_ACCOUNT,
            ),
            models.CheckConstraint(
                condition=LIMIT_OF_TERMS["limit"],
                name="assessment_limit_only_on_account",
                violation_error_message=LIMIT_NEEDS_ACCOUNT,
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("assessment", args=[self.pk])

    @property
    def detail(self) -> str:
        """What tells it from others, in pickers and hits."""
        return f"{self.customer.name} · {self.rating}"

    @property
    def owner(self) -> Any:
        """Who must see to the next one: the customer's owner."""
        return self.customer.owner

    @property
    def department_id(self) -> int | None:
        """Who must see to it where nobody owns the customer: his department."""
        return self.customer.department_id

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number and the customer's name."""
        return {"codes": [self.number], "names": [self.customer.name]}


class Standing(OfCustomer):
    """How far a customer is trusted now, and how far that was used when it was last looked at.

    Rating, limit and end are what holds. The amounts are of the moment `looked_at`, so that lists can be sorted by
    them; what is decided is decided by `exposure_of`, which asks the documents themselves.
    """

    customer = models.OneToOneField(Customer, models.PROTECT, related_name="standing", verbose_name=_("customer"))
    rating = models.CharField(_("rating"), max_length=1, choices=Rating.choices, blank=True)
    limit = models.DecimalField(_("credit limit"), max_digits=14, decimal_places=2, default=NONE)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    open_orders = models.DecimalField(_("open orders"), max_digits=14, decimal_places=2, default=NONE)
    owed = models.DecimalField(_("delivered and not paid"), max_digits=14, decimal_places=2, default=NONE)
    overdue = models.DecimalField(_("overdue"), max_digits=14, decimal_places=2, default=NONE)
    used = models.DecimalField(_("used"), max_digits=14, decimal_places=2, default=NONE)
    free = models.DecimalField(_("free"), max_digits=14, decimal_places=2, default=NONE)
    looked_at = models.DateTimeField(_("looked at"), default=clock.now)

    tracked = True
    untracked = ("open_orders", "owed", "overdue", "used", "free", "looked_at")  # what follows from other documents
    lock_through = "customer"

    class Meta(OfCustomer.Meta):
        verbose_name = _("credit standing")
        verbose_name_plural = _("credit standings")
        ordering = ["-used", "-pk"]
        indexes = [
            models.Index(fields=["limit", "id"], name="standings_by_limit"),
            models.Index(fields=["used", "id"], name="standings_by_used"),
            models.Index(fields=["free", "id"], name="standings_by_free"),
            models.Index(fields=["overdue", "id"], name="standings_by_overdue"),
            models.Index(fields=["rating", "id"], name="standings_by_rating"),
        ]

    def __str__(self) -> str:
        return str(self.customer)

    @property
    def assessed(self) -> bool:
        """Whether an assessment is valid today."""
        return self.valid_until is not None and self.valid_until >= clock.today()


def standing_of(customer: Customer) -> Standing | None:
    """The customer's standing, None where he has none; asked once for a record that was read."""
    try:
        found: Standing = customer.standing
    except Standing.DoesNotExist:
        return None
    return found


class RatingChange(OfCustomer):
    """One entry of the history of ratings: what it was, what it became, who did it and why; it is written once."""

    class Why(models.TextChoices):
        ASSESSED = "assessed", _("Assessed")
        LOWERED = "lowered", _("Lowered")

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="rating_changes", db_index=False, verbose_name=_("customer")
    )
    at = models.DateTimeField(_("when"), default=clock.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by"))
    why = models.CharField(_("how"), max_length=10, choices=Why.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    rating_before = models.CharField(_("rating before"), max_length=1, choices=Rating.choices, blank=True)
    rating = models.CharField(_("rating"), max_length=1, choices=Rating.choices, blank=True)
    limit_before = models.DecimalField(_("limit before"), max_digits=14, decimal_places=2)
    limit = models.DecimalField(_("limit"), max_digits=14, decimal_places=2)
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="changes", verbose_name=_("assessment")
    )

    class Meta(OfCustomer.Meta):
        verbose_name = _("change of rating")
        verbose_name_plural = _("changes of ratings")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["customer", "-id"], name="rating_changes_of_customer")]

    def __str__(self) -> str:
        return f"{self.rating_before or '–'} → {self.rating or '–'}"


class Alert(OfCustomer):
    """A sign that a customer's credit is in danger, and what was done about it (JD 7.1, ZT 6.1).

    It stands until the sign is gone, whatever was done meanwhile, so that nobody is told of the same sign each day.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("To be dealt with")
        SETTLED = "settled", _("Dealt with")

    STATUS_COLOURS = {Status.OPEN: "late", Status.SETTLED: "done"}

    class Sign(models.TextChoices):
        OVERDUE = "overdue", _("Overdue debt")
        LOWERED = "lowered", _("The rating fell")
        UNASSESSED = "unassessed", _("The assessment ran out")
        NEARLY_USED = "nearly_used", _("The limit is nearly used up")

    class Done(models.TextChoices):
        SUSPENDED = "suspended", _("Supply suspended")
        DUNNED = "dunned", _("Dunned")
        OTHERWISE = "otherwise", _("Dealt with otherwise")
        GONE = "gone", _("The sign is gone")

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="credit_alerts", db_index=False, verbose_name=_("customer")
    )
    sign = models.CharField(_("sign"), max_length=12, choices=Sign.choices)
    rating = models.CharField(_("rating"), max_length=1, choices=Rating.choices, blank=True)
    limit = models.DecimalField(_("credit limit"), max_digits=14, decimal_places=2, default=NONE)
    used = models.DecimalField(_("used"), max_digits=14, decimal_places=2, default=NONE)
    overdue = models.DecimalField(_("overdue"), max_digits=14, decimal_places=2, default=NONE)
    raised_at = models.DateTimeField(_("raised"), default=clock.now)
    done = models.CharField(_("what was done"), max_length=10, choices=Done.choices, blank=True)
    words = models.CharField(_("in words"), max_length=300, blank=True)
    settled_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("dealt with by")
    )
    settled_at = models.DateTimeField(_("dealt with at"), null=True, blank=True)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True)

    lock_through = "customer"

    class Meta(OfCustomer.Meta):
        verbose_name = _("credit alert")
        verbose_name_plural = _("credit alerts")
        default_related_name = "credit_alerts"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="credit_alerts_by_status"),
            models.Index(fields=["customer", "-id"], name="credit_alerts_of_customer"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer", "sign"], condition=Q(gone_at=None), name="sign_alerted_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_sign_display())

    def get_absolute_url(self) -> str:
        return reverse("alert", args=[self.pk])

    @property
    def detail(self) -> str:
        """Whose it is, for pickers and hits."""
        return self.customer.name

    @property
    def owner(self) -> Any:
        """Who must see to it: the customer's owner."""
        return self.customer.owner
