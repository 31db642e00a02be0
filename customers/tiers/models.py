"""How tiers are worked out, what was worked out for each customer and decided on it, and how a tier is served."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from customers.models import Customer, OfCustomer

USER = settings.AUTH_USER_MODEL
Tier = Customer.Tier
MOST_POINTS = 5  # that one measure can give
GRADES = [(number, str(number)) for number in range(MOST_POINTS + 1)]


def measure_choices() -> list[tuple[str, Any]]:
    """The measures that the apps know."""
    from customers.tiers.measures import MEASURES

    return [(each.key, each.label) for each in MEASURES.values()]


class Scheme(models.Model):
    """How tiers are worked out from a day on: the period looked at, and how much of a hundred makes which tier.

    A scheme that is in force is never changed: another one follows it from its day on, so that all of them together
    are the history. Without any the defaults of the code hold.
    """

    valid_from = models.DateField(
        _("valid from"),
        default=clock.today,
        unique=True,
        error_messages={"unique": _("A scheme begins on this day already.")},
    )
    months = models.PositiveSmallIntegerField(
        _("months looked at"), default=12, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    vip_from = models.DecimalField(_("VIP from"), max_digits=5, decimal_places=2, default=Decimal(75))
    key_from = models.DecimalField(_("key customer from"), max_digits=5, decimal_places=2, default=Decimal(55))
    regular_from = models.DecimalField(_("regular from"), max_digits=5, decimal_places=2, default=Decimal(20))
    rest_months = models.PositiveSmallIntegerField(
        _("months that an overridden proposal rests"),
        default=6,
        validators=[MaxValueValidator(60)],
        help_text=_("For so long the same tier is not proposed again."),
    )
    by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("entered by")
    )
    at = models.DateTimeField(_("entered at"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("scheme of tiers")
        verbose_name_plural = _("schemes of tiers")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(regular_from__gte=0, vip_from__lte=100)
                & Q(regular_from__lt=models.F("key_from"), key_from__lt=models.F("vip_from")),
                name="tiers_begin_one_above_another",
                violation_error_message=_("The thresholds must rise from regular to key to VIP, between 0 and 100."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"


class Weight(models.Model):
    """What one measure counts in a scheme, and from which figure on it gives one point, two, up to five.

    Figures that fall (180 days, 90, 60 ...) mean that less is better.
    """

    scheme = models.ForeignKey(
        Scheme, models.CASCADE, related_name="weights", db_index=False, verbose_name=_("scheme of tiers")
    )
    measure = models.CharField(_("measure"), max_length=20, choices=measure_choices)
    weight = models.PositiveSmallIntegerField(_("weight"), validators=[MaxValueValidator(100)])
    one = models.DecimalField(_("1 point"), max_digits=14, decimal_places=2)
    two = models.DecimalField(_("2 points"), max_digits=14, decimal_places=2)
    three = models.DecimalField(_("3 points"), max_digits=14, decimal_places=2)
    four = models.DecimalField(_("4 points"), max_digits=14, decimal_places=2)
    five = models.DecimalField(_("5 points"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("weight of a measure")
        verbose_name_plural = _("weights of measures")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["scheme", "measure"], name="measure_weighs_once")]

    def __str__(self) -> str:
        return f"{self.get_measure_display()} {self.weight}"

    @property
    def steps(self) -> tuple[Decimal, ...]:
        """The figures from which on there is one point, two, up to five."""
        return (self.one, self.two, self.three, self.four, self.five)

    def clean(self) -> None:
        if any(each is None for each in self.steps):
            return
        rising = list(self.steps) == sorted(set(self.steps))
        if not rising and list(self.steps) != sorted(set(self.steps), reverse=True):
            raise ValidationError(_("The figures must rise from one point to five, or fall where less is better."))


class Service(models.Model):
    """How customers of a tier are served (KH 4.1); their own time limits are values of the rules for the tier."""

    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, unique=True)
    priority = models.PositiveSmallIntegerField(
        _("priority in queues"),
        default=0,
        validators=[MaxValueValidator(9)],
        help_text=_("The greater goes first: orders and inquiries can be sorted by it."),
    )
    dedicated_owner = models.BooleanField(
        _("dedicated owner"), default=False, help_text=_("Where nobody is responsible, the customer's page says so.")
    )
    visit_days = models.PositiveSmallIntegerField(
        _("days from one visit to the next"), default=0, help_text=_("0: no visits are planned.")
    )
    discount = models.DecimalField(
        _("discount in percent"),
        max_digits=4,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(50)],
        help_text=_("Off the list price where a line of an order names none; never below the lowest price."),
    )

    class Meta:
        verbose_name = _("service of a tier")
        verbose_name_plural = _("services of tiers")
        ordering = ["-priority", "tier"]
        constraints = [
            models.CheckConstraint(condition=Q(discount__gte=0, discount__lte=50), name="discount_is_a_part_of_price")
        ]

    def __str__(self) -> str:
        return str(self.get_tier_display())


class Judgement(OfCustomer):
    """What a person thinks of a customer's potential and of how much he needs us, with the reason; the last counts."""

    customer = models.ForeignKey(Customer, models.PROTECT, db_index=False, verbose_name=_("customer"))
    potential = models.PositiveSmallIntegerField(
        _("purchase potential"), choices=GRADES, help_text=_("0: none, 5: could buy very much more.")
    )
    need = models.PositiveSmallIntegerField(
        _("need for our service"), choices=GRADES, help_text=_("0: none, 5: cannot do without it.")
    )
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta(OfCustomer.Meta):
        verbose_name = _("judgement of a customer")
        verbose_name_plural = _("judgements of customers")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["customer", "-id"], name="judgements_of_customer")]

    def __str__(self) -> str:
        return f"{self.potential}/{self.need}"


class Score(models.Model):
    """What was last worked out for a customer: each measure, the sum, and the tier that it makes."""

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="score", verbose_name=_("customer")
    )
    at = models.DateTimeField(_("worked out"))
    total = models.DecimalField(_("of a hundred"), max_digits=5, decimal_places=2)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices)
    measures = models.JSONField(_("measures"), default=list)  # as scoring.kept() writes them
    scheme = models.ForeignKey(
        Scheme, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("scheme of tiers")
    )

    class Meta:
        verbose_name = _("score of a customer")
        verbose_name_plural = _("scores of customers")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.total}"


class Proposal(OfCustomer):
    """Another tier is proposed for a customer, with every figure behind it, for a person to decide (KH 2.2)."""

    class Status(models.TextChoices):
        OPEN = "open", _("To be decided")
        ACCEPTED = "accepted", _("Adopted")
        OVERRIDDEN = "overridden", _("Decided otherwise")
        WITHDRAWN = "withdrawn", _("No longer proposed")

    STATUS_COLOURS = {
        Status.OPEN: "active",
        Status.ACCEPTED: "done",
        Status.OVERRIDDEN: "soon",
        Status.WITHDRAWN: "neutral",
    }

    customer = models.ForeignKey(
        Customer, models.PROTECT, db_index=False, related_name="tier_proposals", verbose_name=_("customer")
    )
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    proposed_at = models.DateTimeField(_("proposed"), default=clock.now)
    before = models.CharField(_("tier now"), max_length=10, choices=Tier.choices)
    tier = models.CharField(_("proposed tier"), max_length=10, choices=Tier.choices)
    total = models.DecimalField(_("of a hundred"), max_digits=5, decimal_places=2)
    threshold = models.DecimalField(_("the tier begins at"), max_digits=5, decimal_places=2)
    measures = models.JSONField(_("measures"), default=list)  # as scoring.kept() writes them
    decided = models.CharField(_("decided tier"), max_length=10, choices=Tier.choices, blank=True)
    decided_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    untracked = ("measures",)
    lock_through = "customer"

    class Meta(OfCustomer.Meta):
        verbose_name = _("proposed tier")
        verbose_name_plural = _("proposed tiers")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="tier_proposals_by_status"),
            models.Index(fields=["customer", "-id"], name="tier_proposals_of_customer"),
            models.Index(fields=["total", "id"], name="tier_proposals_by_total"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(status="open"), name="one_open_proposal_per_customer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer.name}: {self.get_before_display()} → {self.get_tier_display()}"

    def get_absolute_url(self) -> str:
        return reverse("proposal", args=[self.pk])


class TierChange(OfCustomer):
    """A customer's tier from one to another: when, by whom, why, and on which proposal."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, db_index=False, related_name="tier_changes", verbose_name=_("customer")
    )
    at = models.DateTimeField(_("when"), default=clock.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    before = models.CharField(_("tier before"), max_length=10, choices=Tier.choices)
    after = models.CharField(_("tier after"), max_length=10, choices=Tier.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # empty where a proposal was accepted
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="changes", verbose_name=_("proposed tier")
    )

    class Meta(OfCustomer.Meta):
        verbose_name = _("change of a tier")
        verbose_name_plural = _("changes of tiers")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["customer", "-id"], name="tier_changes_of_customer"),
            models.Index(fields=["at", "id"], name="tier_changes_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_before_display()} → {self.get_after_display()}"
