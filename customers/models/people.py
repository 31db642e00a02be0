"""The people at a customer's, and his places."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.records.fields import EncryptedField
from customers.models.channels import Channel
from customers.models.customer import OfCustomer


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

    called_by = ("name", "title", "customer__name")

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
