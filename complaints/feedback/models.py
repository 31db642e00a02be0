"""What customers suggest, praise, ask or grumble about, and which departments had it on its way (ZT 4.2, KF 3.4.1)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.scopes import ScopedQuerySet, by_reach
from crm.records.search import Searchable
from crm.statements import related
from customers.models import Channel, Contact, ContactEntry, Customer
from orders.catalog.models import Product
from orders.models import Order

USER = settings.AUTH_USER_MODEL
FOLLOW_PURPOSE = "feedback.follow"  # of the customer's link that shows how far it is, and the answer


class FeedbackQuerySet(ScopedQuerySet):
    @by_reach
    def visible_to(self, user: User) -> "FeedbackQuerySet":
        """Who sees as far, but nobody what is said of himself, whoever he heads or stands in for (KH 6.2.2)."""
        rows = super().visible_to(user)
        return rows.exclude(about=Feedback.About.STAFF, staff=user.pk)


class PassingQuerySet(ScopedQuerySet):
    @by_reach
    def visible_to(self, user: User) -> "PassingQuerySet":
        """Those of feedback that he sees: who sees all does not see what is said of himself."""
        return self.filter(feedback__in=Feedback.objects.visible_to(user).order_by().values("pk"))


class Feedback(Searchable, models.Model):
    """What a customer raises that is no complaint (客户反馈与建议): a department answers it, sales tells him."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("To be passed on")
        PASSED = "passed", _("With the department")
        ANSWERED = "answered", _("Answer to be told")
        TOLD = "told", _("Promise being kept")
        CLOSED = "closed", _("Closed")
        COMPLAINT = "complaint", _("Became a complaint")
        DROPPED = "dropped", _("Entered by mistake")

    STATUS_COLOURS = {
        Status.RECEIVED: "soon",
        Status.PASSED: "active",
        Status.ANSWERED: "soon",
        Status.TOLD: "active",
        Status.CLOSED: "done",
        Status.COMPLAINT: "neutral",
        Status.DROPPED: "neutral",
    }

    class Kind(models.TextChoices):
        SUGGESTION = "suggestion", _("Suggestion")
        WISH = "wish", _("Wish")
        QUESTION = "question", _("Question")
        GRUMBLE = "grumble", _("Grumble")
        PRAISE = "praise", _("Praise")

    class About(models.TextChoices):
        QUALITY = "quality", _("Quality of the goods")
        PACKAGING = "packaging", _("Packaging")
        APPEARANCE = "appearance", _("Appearance")
        STRUCTURE = "structure", _("Structure")
        ORDER = "order", _("Ordering and papers")
        DELIVERY = "delivery", _("Pickup and delivery")
        PRICE = "price", _("Price")
        SERVICE = "service", _("Service")
        STAFF = "staff", _("One of our people")
        OTHER = "other", _("Something else")

    class Way(models.TextChoices):
        VISIT = "visit", _("Visit")
        PHONE = "phone", _("Phone")
        WECHAT = "wechat", _("WeChat")
        INSPECTION = "inspection", _("Inspection of the goods")
        COUNTER = "counter", _("Pickup counter")
        HOTLINE = "hotline", _("Hotline")
        MAIL = "mail", _("Mail")
        WEB = "web", _("Website")
        SURVEY = "survey", _("Satisfaction survey")
        OTHER = "other", _("In another way")

    class Verdict(models.TextChoices):
        ADOPTED = "adopted", _("Adopted")
        PARTLY = "partly", _("Adopted in part")
        DECLINED = "declined", _("Not adopted")
        EXPLAINED = "explained", _("Explained")

    UNTOLD = (Status.RECEIVED, Status.PASSED, Status.ANSWERED)
    OPEN = (*UNTOLD, Status.TOLD)
    # What sales may answer by itself; everything else needs a department's solution (ZT 4.2).
    SIMPLE = (Kind.PRAISE, Kind.QUESTION)

    number = models.CharField(_("feedback number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.RECEIVED)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="feedbacks", db_index=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="feedbacks", verbose_name=_("order")
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="feedbacks", verbose_name=_("product")
    )
    entry = models.OneToOneField(
        ContactEntry, models.PROTECT, null=True, blank=True, related_name="feedback", verbose_name=_("contact entry")
    )
    channel = models.CharField(_("how it came"), max_length=10, choices=Way.choices)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    about = models.CharField(_("what it is about"), max_length=10, choices=About.choices)
    staff = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("whom it is about")
    )
    content = models.TextField(_("what he says"), max_length=4000)

    received_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("received by")
    )
    received_at = models.DateTimeField(_("received"), default=clock.now)
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

    concerned = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("department concerned"),
    )
    addressee = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("named to answer")
    )
    passed_at = models.DateTimeField(_("passed on"), null=True, blank=True)
    returns = models.PositiveSmallIntegerField(_("times sent back"), default=0)

    verdict = models.CharField(_("verdict on it"), max_length=10, choices=Verdict.choices, blank=True)
    solution = models.TextField(_("solution"), max_length=2000, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    promise = models.CharField(_("what will be done"), max_length=500, blank=True)
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    answered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    told_at = models.DateTimeField(_("customer told"), null=True, blank=True)
    told_how = models.CharField(_("how he was told"), max_length=10, choices=Channel.choices, blank=True)
    reaction = models.TextField(_("what he said to it"), max_length=1000, blank=True)
    outcome = models.TextField(_("how it was done"), max_length=1000, blank=True)
    done_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    complaint = models.OneToOneField(
        Complaint, models.PROTECT, null=True, blank=True, related_name="feedback", verbose_name=_("complaint")
    )
    version = models.PositiveIntegerField(default=0)

    tracked = True
    owned_by = ("owner", "received_by")
    owned_by_department = ("department",)
    called_by = ("number", "customer__name", "kind")

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer feedback")
        verbose_name_plural = _("customer feedback")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="feedback_by_status"),
            models.Index(fields=["owner", "-id"], name="feedback_of_owner"),
            models.Index(fields=["received_by", "-id"], name="feedback_of_receiver"),
            models.Index(fields=["department", "-id"], name="feedback_of_department"),
            models.Index(fields=["concerned", "-id"], name="feedback_of_concerned"),
            models.Index(fields=["customer", "-id"], name="feedback_of_customer"),
            models.Index(fields=["received_at", "id"], name="feedback_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict__in=["partly", "declined"]) | ~Q(reason=""),
                name="feedback_declined_with_reason",
                violation_error_message=_("What is not adopted, or only in part, needs the reason."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, promise="") | Q(due_on__isnull=False) & ~Q(promise=""),
                name="feedback_promise_has_day",
                violation_error_message=_("What will be done needs its day."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("feedback", args=[self.pk])

    @property
    def detail(self) -> str:
        """Whose it is, and what it is, for hits and pickers."""
        return f"{self.customer.name} · {self.get_kind_display()}"

    @property
    def confidential(self) -> bool:
        """Whether it is about one of our people: only managers and who received it may read it (KH 6.2.2)."""
        return self.about == self.About.STAFF

    @property
    def promised(self) -> bool:
        """Whether something is still to be done of what was promised."""
        return self.due_on is not None and self.done_at is None

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number, that of its order, and the customer's name."""
        above = [related(self, "order").number] if self.order_id else []
        return {"codes": [self.number, *above], "names": [related(self, "customer").name]}


class Passing(models.Model):
    """That a department had it: who passed it on when, and whether it answered or sent it back, with the reason."""

    feedback = models.ForeignKey(
        Feedback, models.PROTECT, related_name="passings", db_index=False, verbose_name=_("feedback")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", db_index=False, verbose_name=_("department")
    )
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("passed on"), default=clock.now)
    words = models.CharField(_("what to look at"), max_length=500, blank=True)
    ended_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    returned = models.BooleanField(_("sent back"), default=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    tracked = True
    seen_through = "feedback"
    lock_through = "feedback"

    objects = PassingQuerySet.as_manager()

    class Meta:
        verbose_name = _("passing on of feedback")
        verbose_name_plural = _("passings on of feedback")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["feedback", "id"], name="passings_of_feedback"),
            models.Index(fields=["department", "at"], name="passings_of_department"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["feedback"],
                condition=Q(ended_at__isnull=True),
                name="feedback_with_one_department",
                violation_error_message=_("It is with a department already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.feedback} · {self.department}"

    def get_absolute_url(self) -> str:
        return self.feedback.get_absolute_url()

    @property
    def customer_id(self) -> int:
        """The customer of the feedback, for the indexes of log and files."""
        return self.feedback.customer_id
