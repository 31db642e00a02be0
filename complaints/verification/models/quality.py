"""What proves the quality of goods: test reports item by item, and samples taken on site (KC 5.2.1.4)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models import Evidence
from complaints.verification.models.procedure import Verification
from crm import clock
from crm.accounts.scopes import ScopedQuerySet
from customers.models import Channel

USER = settings.AUTH_USER_MODEL


class OfVerification(models.Model):
    """What was brought up in a verification; rows are seen with it."""

    verification = models.ForeignKey(
        Verification, models.PROTECT, related_name="%(class)ss", verbose_name=_("verification")
    )
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("evidence")
    )
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"), default=clock.now)

    seen_through = "verification"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["pk"]


class Sample(OfVerification):
    """A sample that a tester took on site, sealed before the customer's person; never changed."""

    number = models.CharField(_("number of the sample"), max_length=40)
    what = models.CharField(_("what was sampled"), max_length=200)
    amount = models.CharField(_("how much"), max_length=60)
    place = models.CharField(_("where"), max_length=200)
    taken_at = models.DateTimeField(_("sampled at"))
    tester = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("tester"))
    witness = models.CharField(_("customer's person present"), max_length=60)
    seal = models.CharField(_("number of the seal"), max_length=40)

    class Meta(OfVerification.Meta):
        verbose_name = _("sample taken on site")
        verbose_name_plural = _("samples taken on site")

    def __str__(self) -> str:
        return self.number


class TestReport(OfVerification):
    """A test report (化验单), or the certificate of a laboratory (检验结果证明单), with the customer's word on it."""

    __test__ = False  # it is no test of ours

    class Stage(models.TextChoices):
        AT_ONCE = "at_once", _("Proven at once")
        SITE = "site", _("Sampled on site")
        LABORATORY = "laboratory", _("Laboratory accepted by both")

    stage = models.CharField(_("how it was proven"), max_length=10, choices=Stage.choices)
    number = models.CharField(_("report number"), max_length=60)
    tested_on = models.DateField(_("tested on"))
    tester = models.CharField(_("tested by"), max_length=120)
    conforms = models.BooleanField(_("the goods conform"))
    conclusion = models.TextField(_("conclusion"), max_length=2000)
    accepted = models.BooleanField(_("accepted by the customer"), null=True, blank=True)
    accepted_how = models.CharField(_("how he said it"), max_length=10, choices=Channel.choices, blank=True)
    words = models.TextField(_("what he said"), max_length=2000, blank=True)
    accepted_at = models.DateTimeField(_("customer's word"), null=True, blank=True)

    class Meta(OfVerification.Meta):
        verbose_name = _("report of a test")
        verbose_name_plural = _("reports of tests")

    def __str__(self) -> str:
        return self.number


class TestItem(models.Model):
    """One property that was tested: what the standard asks for, what was measured, whether it conforms."""

    __test__ = False  # it is no test of ours

    report = models.ForeignKey(
        TestReport, models.PROTECT, related_name="items", db_index=False, verbose_name=_("report of a test")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("property"), max_length=120)
    standard = models.CharField(_("standard value"), max_length=120)
    measured = models.CharField(_("measured value"), max_length=120)
    conforms = models.BooleanField(_("conforms"))

    class Meta:
        verbose_name = _("item of a test")
        verbose_name_plural = _("items of tests")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["report", "position"], name="test_item_place_once")]

    def __str__(self) -> str:
        return self.name
