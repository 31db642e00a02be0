"""What each role may do with inquiries when the product is new; an administrator's later changes win."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.reports.waits import waits
from orders.inquiries.models import Inquiry

TAKE = ["inquiries.view_inquiry", "inquiries.record_inquiry", "inquiries.pass_on_inquiry", "inquiries.link_customer"]
ANSWER = [
    *TAKE,
    "inquiries.take_inquiry",
    "inquiries.answer_inquiry",
    "inquiries.call_back",
    "inquiries.close_inquiry",
]

GRANTS = {
    "reception": [*TAKE, "inquiries.answer_inquiry"],
    "counter": TAKE,
    "sales": ANSWER,
    "sales_support": ANSWER,
    "sales_manager": ANSWER,
    "order_desk": ANSWER,
    "order_desk_manager": ANSWER,
    "administrator": ANSWER,
    "executive": ["inquiries.view_inquiry", "inquiries.record_inquiry", "inquiries.pass_on_inquiry"],
    "department_manager": ANSWER,
    "quality": TAKE,
    "production": TAKE,
    "finance": TAKE,
}

REACH = {
    "reception": {"inquiries.Inquiry": "own"},
    "counter": {"inquiries.Inquiry": "own"},
    "sales": {"inquiries.Inquiry": "department"},
    "sales_support": {"inquiries.Inquiry": "all"},
    "sales_manager": {"inquiries.Inquiry": "all"},
    "order_desk": {"inquiries.Inquiry": "all"},
    "order_desk_manager": {"inquiries.Inquiry": "all"},
    "administrator": {"inquiries.Inquiry": "all"},
    "executive": {"inquiries.Inquiry": "all"},
    "department_manager": {"inquiries.Inquiry": "department"},
    "quality": {"inquiries.Inquiry": "department"},
    "production": {"inquiries.Inquiry": "department"},
    "finance": {"inquiries.Inquiry": "department"},
}

SYSTEM_GRANTS = {"web": ["inquiries.record_inquiry", "inquiries.pass_on_inquiry"]}


def for_reception(user: User) -> str:
    """Inquiries that nobody has yet."""
    return waits((_("inquiries to answer or pass on: %(number)s"), Inquiry.objects.filter(status=Inquiry.Status.OPEN)))


WAITS = {"reception": for_reception}  # for the demonstration's sign-in page
