"""The handling plan of a round, and the measures that are carried out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import OfComplaint
from crm import clock
from crm.accounts.models import Department
from crm.records.models import Attachment
from customers.models import Channel

USER = settings.AUTH_USER_MODEL


class Plan(OfComplaint):
    """The handling plan (处理方案): who, what until when, what the customer gets, and that he agrees (ZT 5.3)."""

    never_removed = True

    class Outcome(models.TextChoices):
        NO_FAULT = "no_fault", _("Not our fault")
        RETURN = "return", _("Return of the goods")
        COMPENSATION = "compensation", _("Compensation")
        REPLACEMENT = "replacement", _("Replacement")
        DISCOUNT = "discount", _("Discount")
        APOLOGY = "apology", _("Apology")

    round = models.PositiveSmallIntegerField(_("round"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    person = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("responsible person"))
    solution = models.TextField(_("solution"), max_length=2000)
    compensation = models.CharField(_("compensation"), max_length=500, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    written_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("plan written"), default=clock.now)
    sent_at = models.DateTimeField(_("sent to the customer"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    agreed_how = models.CharField(_("how he agreed"), max_length=10, choices=Channel.choices, blank=True)
    answer = models.TextField(_("what the customer said"), max_length=2000, blank=True)

    class Meta(OfComplaint.Meta):
        verbose_name = _("handling plan")
        verbose_name_plural = _("handling plans")
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "round"], name="plan_once_a_round"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="compensation_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.round}"


class Measure(OfComplaint):
    """Something that is done until a day, and proven: for this customer by the plan, or so that it happens no more."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        ENDED = "ended", _("Ended without being done")

    STATUS_COLOURS = {Status.OPEN: "soon", Status.DONE: "done", Status.ENDED: "neutral"}

    class Kind(models.TextChoices):
        REMEDY = "remedy", _("Remedy")
        IMPROVEMENT = "improvement", _("Improvement")

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="measures", verbose_name=_("handling plan")
    )
    what = models.CharField(_("measure taken"), max_length=500)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("who"))
    due_on = models.DateField(_("due on"))
    running = models.BooleanField(_("to be carried out"), default=False)  # not before the plan is approved
    outcome = models.TextField(_("outcome"), max_length=2000, blank=True)
    proof = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proof")
    )
    done_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta(OfComplaint.Meta):
        verbose_name = _("measure taken")
        verbose_name_plural = _("measures taken")
        ordering = ["pk"]
        indexes = [models.Index(fields=["complaint", "id"], name="measures_of_complaint")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="remedy", plan__isnull=False) | Q(kind="improvement", plan__isnull=True),
                name="remedies_stand_in_a_plan",
            )
        ]

    def __str__(self) -> str:
        return self.what
