"""Who signs and seals agreements on compensations for the company."""

from complaints.models import Complaint
from crm.accounts.models import User
from orders.contracts.support import ROLE


def signers(complaint: Complaint) -> list[User]:
    """Who signs it: the head of the complaint's department, else every sales manager at work."""
    head = complaint.department.head if complaint.department else None
    return [head] if head else list(User.objects.working().in_role("sales_manager").order_by("pk"))


def sealers(complaint: Complaint) -> list[User]:
    """Who keeps the seal: sales support (内勤) of the complaint's department, or of any where it has none there."""
    people = list(User.objects.working().in_role(ROLE).order_by("pk"))
    own = [user for user in people if user.department_id == complaint.department_id]
    return own or people
