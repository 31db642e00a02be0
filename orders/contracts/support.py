"""Sales support (内勤): who classifies contracts, makes them and files them (KC 5.1.2-5.1.9)."""

from crm.accounts.models import User
from orders.contracts.models import Contract

ROLE = "sales_support"


def support_of(contract: Contract) -> list[User]:
    """Who works in sales support: of the contract's own department, or of any where it has none there."""
    people = list(User.objects.working().in_role(ROLE).order_by("pk"))
    own = [user for user in people if user.department_id == contract.department_id]
    return own or people


def who_classifies(contract: Contract) -> User | None:
    """Whose the classifying is, in turn among sales support; without any it is the contract's department's."""
    people = support_of(contract)
    return people[contract.pk % len(people)] if people else None
