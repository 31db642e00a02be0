"""Return visits: who is visited or called, in a quarter or after a delivery, and what he said (ZT 4.2, KF 3.3.3)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from complaints.feedback.models import Feedback
from complaints.models import Complaint
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from crm.deadlines.explain import preview
from crm.records.search import Searchable
from crm.statements import related
from customers.models import Channel, Contact, Customer
from satisfaction.models.sheet import LEVELS

USER = settings.AUTH_USER_MODEL
CALLED = "call.delivered"  # the rule that says how soon a customer is called after a delivery


class Visit(Searchable, models.Model):
    """One visit or call: planned for a day, recorded with what the customer said, or still not reached."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("To be visited")
        DONE = "done", _("Visit recorded")
        DROPPED = "dropped", _("Not visited")

    class Occasion(models.TextChoices):
        QUARTER = "quarter", _("Of the quarter")
        DELIVERY = "delivery", _("After a delivery")

    STATUS_COLOURS = {Status.PLANNED: "soon", Status.DONE: "done", Status.DROPPED: "neutral"}

    number = models.CharField(_("visit number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="visits", db_index=False, verbose_name=_("customer")
    )
    occasion = models.CharField(_("occasion"), max_length=10, choices=Occasion.choices, default=Occasion.QUARTER)
    delivered_at = models.DateTimeField(_("first delivery since he was spoken to"), null=True, blank=True)
    quarter = models.DateField(_("first day of the quarter"))
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
    planned_on = models.DateField(_("planned for"))
    attempts = models.PositiveSmallIntegerField(_("times not reached"), default=0)
    channel = models.CharField(_("how"), max_length=10, choices=Channel.choices, blank=True)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    done_at = models.DateTimeField(_("visited at"), null=True, blank=True)
    visited_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("visited by")
    )
    level = models.CharField(_("how satisfied he is"), max_length=14, choices=LEVELS, blank=True)
    news = models.TextField(_("new goods presented to him"), max_length=2000, blank=True)
    questions = models.TextField(_("what he asked, and the answer"), max_length=2000, blank=True)
    use = models.TextField(_("how he uses the goods"), max_length=2000, blank=True)
    needs = models.TextField(_("what he needs"), max_length=2000, blank=True)
    suggestions = models.TextField(_("suggestions"), max_length=2000, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    dropped_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    complaint = models.OneToOneField(
        Complaint, models.PROTECT, null=True, blank=True, related_name="visit", verbose_name=_("complaint")
    )
    feedback = models.OneToOneField(
        Feedback, models.PROTECT, null=True, blank=True, related_name="visit", verbose_name=_("feedback")
    )
    version = models.PositiveIntegerField(default=0)

    tracked = True
    owned_by = ("owner",)
    owned_by_department = ("department",)
    called_by = ("number", "customer__name")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("return visit")
        verbose_name_plural = _("return visits")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="visits_by_status"),
            models.Index(fields=["owner", "planned_on"], name="visits_of_owner"),
            models.Index(fields=["customer", "-quarter"], name="visits_of_customer"),
            models.Index(fields=["department", "-id"], name="visits_of_department"),
            models.Index(fields=["planned_on", "id"], name="visits_by_day"),
            models.Index(fields=["done_at"], name="visits_done", condition=Q(done_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "quarter"],
                condition=Q(occasion="quarter"),
                name="customer_visited_once_a_quarter",
                violation_error_message=_("The visit of this quarter is planned already."),
            ),
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(occasion="delivery", status="planned"),
                name="one_call_after_deliveries",
                violation_error_message=_("The call after the delivery is planned already."),
            ),
            models.CheckConstraint(
                condition=Q(occasion="delivery") ^ Q(delivered_at=None), name="call_after_which_delivery"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("visit", args=[self.pk])

    @property
    def detail(self) -> str:
        """Who is visited, for hits and pickers."""
        return self.customer.name

    @property
    def due_on(self) -> date:
        """The last day of the quarter; for a call after a delivery that of its time limit, where it has one."""
        if self.delivered_at is None:
            return last_day(self.quarter)
        due = preview(CALLED, self.department_id, self.customer.tier, start=self.delivered_at)
        return localdate(due) if due else last_day(self.quarter)

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number and the customer's name."""
        return {"codes": [self.number], "names": [related(self, "customer").name]}


def quarter_of(day: date) -> date:
    """The first day of the quarter that a day lies in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def last_day(quarter: date) -> date:
    """The last day of the quarter that begins on this day."""
    month = quarter.month + 3
    following = date(quarter.year + (month > 12), month - 12 if month > 12 else month, 1)
    return date.fromordinal(following.toordinal() - 1)
