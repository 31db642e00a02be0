"""Who is told of a return: colleagues by the bell, the customer by mail, where to bring the goods."""

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import Q

from complaints.models import Complaint
from complaints.returns.models import ReturnNotice
from complaints.telling import let_see, who_reads_mail
from crm.accounts.models import Department, User
from crm.outbox import queue
from crm.words import quantity
from orders.desk import desk, desk_people

TO_CARRY = ("warehouse",)  # beside the slip desk: the department that takes the goods in


class News(StrEnum):
    """What is told to colleagues; each has its own words in the message's text."""

    DRAFTED = "drafted"
    WRITTEN = "written"
    BACK = "back"
    SIGNED = "signed"
    PHONED = "phoned"
    PAPER = "paper"
    MOVED = "moved"
    CAME = "came"
    GIVEN_UP = "given_up"
    CANCELLED = "cancelled"


def signers(complaint: Complaint) -> list[User | None]:
    """Who signs for sales: the owner's manager, and the head of the complaint's department."""
    head = complaint.department.head if complaint.department else None
    return [complaint.owner.manager, head]


def takers(notice: ReturnNotice) -> list[User]:
    """The slip desk, and the clerks of the warehouse to which the goods come back."""
    people = Q(pk__in=desk_people()) | Q(pk__in=notice.warehouse.clerks.values("pk"))
    return list(User.objects.working().filter(people).order_by("pk"))


def open_to_takers(complaint: Complaint) -> None:
    """Let the slip desk and the warehouse see the complaint with its handling report from now on."""
    departments = [desk(), *Department.objects.filter(code__in=TO_CARRY)]
    let_see(complaint, departments=[each for each in departments if each is not None])


def goods_in_words(notice: ReturnNotice) -> str:
    """What comes back, in one line."""
    rows = notice.lines.select_related("line__product__unit").order_by("pk")
    return "; ".join(f"{each} {quantity(each.quantity, str(each.line.product.unit))}" for each in rows)


def tell(notice: ReturnNotice, news: News, users: Iterable[User | None], *, by: User, words: str = "") -> None:
    """Ring the bell of these people, once each, but not of who did it."""
    queue.notify_each(
        users,
        "returns.news",
        by=by,
        about=notice,
        context={
            "number": notice.number,
            "complaint": notice.complaint.number,
            "customer": notice.complaint.customer.name,
            "goods": goods_in_words(notice),
            "warehouse": str(notice.warehouse),
            "news": str(news),
            "words": words,
        },
        key=f"return-{news}-{notice.pk}-{notice.version}",
    )


def ask_to_bring(notice: ReturnNotice) -> None:
    """Mail the customer where to bring the goods, anew where it is elsewhere by now.

    Who has no address is called by the salesperson.
    """
    contact = who_reads_mail(notice.complaint)
    if contact is None:
        return
    queue.mail(
        contact=contact,
        template="returns.bring",
        about=notice,
        context={
            "number": notice.number,
            "complaint": notice.complaint.number,
            "goods": goods_in_words(notice),
            "warehouse": str(notice.warehouse),
            "address": notice.warehouse.address,
            "phone": notice.warehouse.phone,
        },
        key=f"return-bring-{notice.pk}-{notice.warehouse_id}-{notice.version}",
    )
