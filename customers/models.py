"""Customers, their contacts, addresses and papers; what was learned of them, said with them, and is to be done."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from crm.records.fields import EncryptedField
from crm.records.models import Attachment
from crm.records.search import Searchable

USER = settings.AUTH_USER_MODEL


class Channel(models.TextChoices):
    """How one talks with a customer."""

    PHONE = "phone", _("Phone")
    MAIL = "mail", _("Mail")
    SMS = "sms", _("SMS")
    WECHAT = "wechat", _("WeChat")
    VISIT = "visit", _("Visit")
    MEETING = "meeting", _("Meeting")
    LINK = "link", _("By a link")


class Customer(Searchable, models.Model):
    """A company or person that buys, or may buy."""

    class Status(models.TextChoices):
        POTENTIAL = "potential", _("Potential")
        NEW = "new", _("Newly won")
        ACTIVE = "active", _("Active")
        DORMANT = "dormant", _("Dormant")
        LOST = "lost", _("Lost")

    STATUS_COLOURS = {
        Status.POTENTIAL: "neutral",
        Status.NEW: "active",
        Status.ACTIVE: "done",
        Status.DORMANT: "soon",
        Status.LOST: "neutral",
    }

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        PERSON = "person", _("Individual")

    class Tier(models.TextChoices):
        VIP = "vip", _("VIP")
        KEY = "key", _("Key customer")
        REGULAR = "regular", _("Regular")
        POTENTIAL = "potential", _("Potential customer")

    class Size(models.TextChoices):
        UNKNOWN = "", _("Unknown")
        MICRO = "micro", _("Below 20 people")
        SMALL = "small", _("20 to 99 people")
        MEDIUM = "medium", _("100 to 499 people")
        LARGE = "large", _("500 people and more")

    class Terms(models.TextChoices):
        PREPAY = "prepay", _("Payment before pickup")
        CASH = "cash", _("Cash on pickup")
        CREDIT = "credit", _("On account")

    code = models.CharField(
        _("customer number"),
        max_length=30,
        unique=True,
        error_messages={"unique": _("There is a customer with this number already.")},
    )
    status = models.CharField(_("relation"), max_length=10, choices=Status.choices, default=Status.POTENTIAL)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.COMPANY)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, default=Tier.REGULAR)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    licence = EncryptedField(_("social credit code"), kind="licence", blank=True)
    tax_number = EncryptedField(_("tax number"), kind="licence", blank=True)
    bank_account = EncryptedField(_("bank account"), kind="bank", blank=True)
    bank_name = models.CharField(_("bank"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=40, blank=True)
    business_area = models.CharField(_("business area"), max_length=40, blank=True)
    industry = models.CharField(_("industry"), max_length=40, blank=True)
    size = models.CharField(_("size"), max_length=10, choices=Size.choices, blank=True, default=Size.UNKNOWN)
    source = models.CharField(_("source"), max_length=40, blank=True)
    needs = models.TextField(_("business needs"), max_length=2000, blank=True)
    usual_goods = models.CharField(_("usual goods"), max_length=300, blank=True)
    remarks = models.TextField(_("remarks"), max_length=5000, blank=True)
    owner = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    payment_terms = models.CharField(_("payment terms"), max_length=10, choices=Terms.choices, default=Terms.PREPAY)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=0)
    supply_suspended = models.BooleanField(_("supply suspended"), default=False)
    suspension_reason = models.CharField(_("reason of the suspension"), max_length=300, blank=True)
    verified_at = models.DateTimeField(_("last verified"), default=clock.now)
    verified_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    created_at = models.DateTimeField(_("entered"), default=clock.now)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    owned_by = ("owner",)
    owned_by_department = ("department",)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="customers_of_owner"),
            models.Index(fields=["department", "-id"], name="customers_of_department"),
            models.Index(fields=["name", "id"], name="customers_by_name"),
            models.Index(fields=["verified_at", "id"], name="customers_by_verified"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(supply_suspended=False) | ~Q(suspension_reason=""),
                name="suspension_has_reason",
                violation_error_message=_("Supply is suspended only with a reason."),
            ),
            models.CheckConstraint(
                condition=Q(payment_terms="credit") | Q(payment_days=0),
                name="days_to_pay_only_on_account",
                violation_error_message=_("Days to pay are for customers on account."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("customer", args=[self.pk])

    @property
    def detail(self) -> str:
        """What tells it from others of a similar name, in pickers and hits."""
        return " · ".join(filter(None, [self.code, self.region, self.short_name]))

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: names in full, by pinyin and initials; numbers by their beginning."""
        return {"names": [self.name, self.short_name, self.name_en], "codes": [self.code]}


class OfCustomer(models.Model):
    """What belongs to a customer, and is seen by whoever sees him."""

    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"))
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "customer"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
        default_related_name = "%(model_name)ss"

    def get_absolute_url(self) -> str:
        return self.customer.get_absolute_url()


class Contact(OfCustomer):
    """A person at the customer's."""

    class Role(models.TextChoices):
        BUYER = "buyer", _("Buyer")
        FINANCE = "finance", _("Finance")
        SENDER = "sender", _("Sender")
        RECIPIENT = "recipient", _("Recipient")
        COLLECTOR = "collector", _("Collector")

    name = models.CharField(_("full name"), max_length=60)
    title = models.CharField(_("title"), max_length=60, blank=True)
    roles = ArrayField(
        models.CharField(max_length=10, choices=Role.choices), verbose_name=_("roles"), default=list, blank=True
    )
    mobile = EncryptedField(_("mobile"), kind="phone", blank=True)
    phone = EncryptedField(_("phone"), kind="phone", blank=True)
    email = EncryptedField(_("mail address"), kind="email", blank=True)
    wechat = EncryptedField(_("WeChat"), kind="wechat", blank=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    preferred_channel = models.CharField(
        _("preferred channel"), max_length=10, choices=Channel.choices, default=Channel.PHONE
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    main = models.BooleanField(_("main contact"), default=False)
    active = models.BooleanField(_("still there"), default=True)

    class Meta(OfCustomer.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(main=True, active=True),
                name="one_main_contact",
                violation_error_message=_("The customer has a main contact already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phones(self) -> list[str]:
        """The names of the fields that hold a phone of his."""
        return [name for name in ("mobile", "phone") if getattr(self, f"{name}_tail")]

    @property
    def role_labels(self) -> str:
        """The roles in words."""
        return ", ".join(str(self.Role(role).label) for role in self.roles)

    @property
    def detail(self) -> str:
        """Whose contact it is, for pickers."""
        return " · ".join(filter(None, [self.customer.name, self.title]))


class Address(OfCustomer):
    """A place of the customer's."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("Registered office")
        DELIVERY = "delivery", _("Place of delivery")
        INVOICE = "invoice", _("Place for invoices")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.REGISTERED)
    text = models.CharField(_("address"), max_length=300)
    region = models.CharField(_("region"), max_length=40, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)

    class Meta(OfCustomer.Meta):
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        default_related_name = "addresses"

    def __str__(self) -> str:
        return self.text


class Document(OfCustomer):
    """A paper of the customer's, as a file where there is one; its owner is reminded before it expires."""

    class Status(models.TextChoices):
        VALID = "valid", _("Valid")
        REPLACED = "replaced", _("Replaced")

    STATUS_COLOURS = {Status.VALID: "done", Status.REPLACED: "neutral"}

    class Kind(models.TextChoices):
        LICENCE = "licence", _("Business licence copy")
        TAX = "tax", _("Tax registration copy")
        OTHER = "other", _("Other paper")

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.VALID)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("name"), max_length=80, blank=True)
    number = EncryptedField(_("number"), kind="licence", blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )

    class Meta(OfCustomer.Meta):
        verbose_name = _("paper")
        verbose_name_plural = _("papers")

    def __str__(self) -> str:
        return self.title or self.get_kind_display()


class Note(models.Model):
    """Information about a customer that somebody received, and that has to become part of a record (ZT 2.2)."""

    class Status(models.TextChoices):
        OPEN = "open", _("To be entered")
        ENTERED = "entered", _("Entered")
        DISMISSED = "dismissed", _("Dismissed")

    STATUS_COLOURS = {Status.OPEN: "active", Status.ENTERED: "done", Status.DISMISSED: "neutral"}

    class Source(models.TextChoices):
        CALL = "call", _("A call")
        FAIR = "fair", _("A fair")
        DELIVERY = "delivery", _("A delivery")
        COUNTER = "counter", _("The counter")
        OTHER = "other", _("Elsewhere")

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    source = models.CharField(_("learned from"), max_length=10, choices=Source.choices, default=Source.CALL)
    received_at = models.DateTimeField(_("received"), default=clock.now)
    name = models.CharField(_("customer's name"), max_length=120)
    contact_name = models.CharField(_("contact"), max_length=60, blank=True)
    phone = EncryptedField(_("phone"), kind="phone", blank=True)
    text = models.TextField(_("what was learned"), max_length=2000, blank=True)
    reason = models.CharField(_("why it was dismissed"), max_length=300, blank=True)
    received_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("received by"))
    owner = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="notes", verbose_name=_("customer")
    )
    version = models.PositiveIntegerField(default=0)

    tracked = True
    owned_by = ("owner", "received_by")
    owned_by_department = ("department",)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer information")
        verbose_name_plural = _("customer information received")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "-id"], name="notes_by_status")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("note", args=[self.pk])


class ChangeReport(OfCustomer):
    """A change of a customer's details that somebody reports, to be accepted or rejected field by field (ZT 2.3)."""

    class Status(models.TextChoices):
        OPEN = "open", _("To be decided")
        DECIDED = "decided", _("Decided")

    STATUS_COLOURS = {Status.OPEN: "active", Status.DECIDED: "done"}

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    changed_on = models.DateField(_("day of the change"), default=clock.today)
    source = models.CharField(_("learned from"), max_length=200, blank=True)
    reported_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("reported by"))
    reported_at = models.DateTimeField(_("reported"), default=clock.now)
    decision = models.CharField(_("remarks on the decision"), max_length=300, blank=True)

    class Meta(OfCustomer.Meta):
        verbose_name = _("reported change")
        verbose_name_plural = _("reported changes")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "-id"], name="change_reports_by_status")]

    def __str__(self) -> str:
        return f"{self.customer} {self.changed_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("changereport", args=[self.pk])

    @property
    def owner(self) -> Any:
        """Who decides: the customer's owner."""
        return self.customer.owner


class ReportedField(models.Model):
    """One field of a reported change, with the old and the new value side by side."""

    report = models.ForeignKey(ChangeReport, models.CASCADE, related_name="fields")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+")
    field = models.CharField(max_length=40)
    old = EncryptedField(kind="text", blank=True)
    new = EncryptedField(kind="text", blank=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("reported field")
        verbose_name_plural = _("reported fields")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "contact", "field"], name="field_once_per_report", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.field

    @property
    def target(self) -> Customer | Contact:
        """The record that the field belongs to."""
        return self.contact or self.report.customer

    @property
    def label(self) -> str:
        """The field's name as people say it."""
        name = str(self.target._meta.get_field(self.field).verbose_name)  # type: ignore[union-attr]
        return f"{self.contact.name}: {name}" if self.contact else name


class ContactEntry(OfCustomer):
    """One call, visit, mail or meeting: who, when, what, and the next step (C7)."""

    class Direction(models.TextChoices):
        OUT = "out", _("We contacted him")
        IN = "in", _("He contacted us")

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.PHONE)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices, default=Direction.OUT)
    at = models.DateTimeField(_("when"), default=clock.now)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    what = models.TextField(_("what was said"), max_length=5000)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(OfCustomer.Meta):
        verbose_name = _("contact entry")
        verbose_name_plural = _("contact log")
        default_related_name = "contact_entries"
        ordering = ["-at"]
        indexes = [models.Index(fields=["customer", "-at"], name="contact_log_of_customer")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.at:%Y-%m-%d}"

    @property
    def icon(self) -> str:
        """The icon of its channel."""
        return {"phone": "phone", "mail": "mail", "visit": "building", "meeting": "users"}.get(self.channel, "message")


class Task(OfCustomer):
    """A next step with a date."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    STATUS_COLOURS = {Status.OPEN: "active", Status.DONE: "done", Status.DROPPED: "neutral"}

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    what = models.CharField(_("what is to be done"), max_length=300)
    due_on = models.DateField(_("due on"))
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("owner"))
    entry = models.ForeignKey(
        ContactEntry, models.CASCADE, null=True, blank=True, related_name="tasks", verbose_name=_("contact entry")
    )
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)

    class Meta(OfCustomer.Meta):
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["owner", "due_on"], name="open_tasks", condition=Q(status="open"))]

    def __str__(self) -> str:
        return self.what


ASKED_FOR: tuple[tuple[str, int], ...] = (
    # what a complete record holds (ZT 2.1, KH 2.1), and what each is worth
    ("name", 10),
    ("licence", 10),
    ("tax_number", 5),
    ("region", 5),
    ("industry", 5),
    ("business_area", 5),
    ("needs", 5),
    ("usual_goods", 5),
    ("owner", 10),
)


def completeness(customer: Customer) -> tuple[int, list[str]]:
    """How complete a record is, 0 to 100, and the names of what is missing (ZT 2.1, KH 2.1, JD 4.1).

    A person needs no licence and no tax number. Three queries.
    """
    person = customer.kind == Customer.Kind.PERSON
    got = Decimal(0)
    most = Decimal(0)
    missing: list[str] = []

    def ask(label: Any, worth: int, there: bool) -> None:
        nonlocal got, most
        most += worth
        if there:
            got += worth
        else:
            missing.append(str(label))

    for name, worth in ASKED_FOR:
        if not (person and name in {"licence", "tax_number"}):
            ask(Customer._meta.get_field(name).verbose_name, worth, bool(getattr(customer, name)))  # type: ignore[union-attr]
    contacts = [each for each in customer.contacts.all() if each.active]
    ask(_("contact"), 10, bool(contacts))
    ask(
        _("contact with a phone"),
        10,
        any(each.phones for each in contacts),
    )
    ask(_("address"), 10, customer.addresses.exists())
    if not person:
        held = set(customer.documents.filter(status=Document.Status.VALID).values_list("kind", flat=True))
        ask(Document.Kind.LICENCE.label, 10, Document.Kind.LICENCE in held)
        ask(Document.Kind.TAX.label, 5, Document.Kind.TAX in held)
    return int(got * 100 / most), missing
