"""What departments do after a survey: corrective and preventive measures, each until a day (KC 5.3.3.3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from satisfaction.models.campaign import Campaign
from satisfaction.models.questionnaire import Item, in_language

USER = settings.AUTH_USER_MODEL


class Measure(models.Model):
    """What a department does so that an item is answered better the next time, by whom, and until when."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")

    STATUS_COLOURS = {Status.OPEN: "soon", Status.DONE: "done"}

    class Kind(models.TextChoices):
        CORRECTIVE = "corrective", _("Corrective")
        PREVENTIVE = "preventive", _("Preventive")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="measures", verbose_name=_("survey campaign"))
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("survey item")
    )
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    what = models.CharField(_("measure taken"), max_length=500)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("who"))
    due_on = models.DateField(_("due on"))
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"), default=clock.now)
    outcome = models.TextField(_("outcome"), max_length=2000, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    # What the customers of the next survey are told of it; both or neither.
    for_customers = models.CharField(_("told to customers"), max_length=300, blank=True)
    for_customers_en = models.CharField(_("told to customers in English"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "campaign"
    lock_through = "campaign"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure after a survey")
        verbose_name_plural = _("measures after surveys")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(for_customers="", for_customers_en="")
                | ~Q(for_customers="") & ~Q(for_customers_en="") & Q(status="done"),
                name="customers_are_told_what_is_done",
                violation_error_message=_("Customers are told in both languages what is done."),
            )
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return self.campaign.get_absolute_url()

    @property
    def told(self) -> str:
        """What customers are told of it, in the reader's language; empty where they are told nothing."""
        return in_language(self.for_customers, self.for_customers_en)
