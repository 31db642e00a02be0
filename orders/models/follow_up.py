"""What is planned for an order, reported of it, agreed on with other departments and told to the customer."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from orders.models.order import OfOrder

USER = settings.AUTH_USER_MODEL


class Milestone(OfOrder):
    """One step of an order's follow-up plan: who does it until when (JD 2.4)."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    STATUS_COLOURS = {Status.OPEN: "active", Status.DONE: "done", Status.DROPPED: "neutral"}

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    name = models.CharField(_("milestone"), max_length=80)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("due on"))
    risk = models.CharField(_("risk"), max_length=300, blank=True)
    answer = models.CharField(_("answer to the risk"), max_length=300, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    remarks = models.CharField(_("remarks"), max_length=300, blank=True)

    class Meta(OfOrder.Meta):
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.name


class ProgressReport(OfOrder):
    """How far an order is: progress, problems with solutions, expected completion, how it was given (JD 2.4)."""

    class Given(models.TextChoices):
        SYSTEM = "system", _("In the system")
        WRITTEN = "written", _("In writing")
        ORAL = "oral", _("Verbally")

    at = models.DateTimeField(_("when"), default=clock.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    progress = models.TextField(_("progress"), max_length=2000)
    problems = models.TextField(_("problems"), max_length=2000, blank=True)
    solutions = models.TextField(_("solutions"), max_length=2000, blank=True)
    expected_on = models.DateField(_("expected completion"), null=True, blank=True)
    given = models.CharField(_("given"), max_length=10, choices=Given.choices, default=Given.SYSTEM)
    raised = models.BooleanField(
        _("raise the problem to the order desk"),
        default=False,
        help_text=_(
            "What you cannot solve yourself: the order desk is told at once and brings the departments together."
        ),
    )

    class Meta(OfOrder.Meta):
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.at:%Y-%m-%d}"


class JointSession(OfOrder):
    """A session with other departments about an order, and its minutes (JD 2.4, 3.2)."""

    held_at = models.DateTimeField(_("held at"), default=clock.now)
    topic = models.CharField(_("topic"), max_length=200)
    departments = models.ManyToManyField(Department, related_name="+", verbose_name=_("departments"))
    minutes = models.TextField(_("minutes"), max_length=5000)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("minutes by"))

    class Meta(OfOrder.Meta):
        verbose_name = _("joint session")
        verbose_name_plural = _("joint sessions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.topic


class ShippingAdvice(OfOrder):
    """What the customer was told of a shipment beforehand: date, goods, documents, vehicle or vessel (KF 3.2.7)."""

    at = models.DateTimeField(_("when"), default=clock.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    ships_on = models.DateField(_("ships on"))
    goods = models.TextField(_("goods"), max_length=2000)
    documents = models.CharField(_("documents"), max_length=300, blank=True)
    transport = models.CharField(_("vehicle or vessel"), max_length=200, blank=True)

    class Meta(OfOrder.Meta):
        verbose_name = _("shipping advice")
        verbose_name_plural = _("shipping advices")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.ships_on}"
