"""Who sees what belongs to a customer without being a record of his own: messages and links."""

from django.apps import apps
from django.db.models import Q

from crm.accounts.models import RoleReach, User
from crm.accounts.scopes import reach


def of_seen_customers(user: User) -> Q:
    """The condition that a row's `customer_id` is a customer whom `user` may see; it only adds WHERE."""
    customers = apps.get_model("customers", "Customer")
    if reach(user, customers) == RoleReach.Reach.ALL:
        return Q(customer_id__isnull=False)
    return Q(customer_id__in=customers._default_manager.visible_to(user).order_by().values("pk"))
