"""What changes, extensions and requests have in common: they are about an order, and whoever sees it sees them."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.accounts.scopes import ScopedQuerySet
from crm.records.search import Searchable
from customers.models import Customer
from orders.models import Order


class AboutOrder(Searchable, models.Model):
    """A numbered paper about an order."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="%(class)ss", db_index=False, verbose_name=_("order"))
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "order"
    lock_through = "order"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @property
    def customer_id(self) -> int:
        """The order's customer, for the indexes of log and deadlines."""
        return self.order.customer_id

    @property
    def customer(self) -> Customer:
        """The order's customer."""
        return self.order.customer

    @property
    def department(self) -> Any:
        """The order's department."""
        return self.order.department

    @property
    def detail(self) -> str:
        """Whose order it is about."""
        return f"{self.order.customer.name} · {self.order}"

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number, the order's, and the customer's name."""
        return {"codes": [self.number, self.order.number], "names": [self.order.customer.name]}
