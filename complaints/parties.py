"""Whom a complaint concerns: who looks after it, who must be in its team, and whose opinions are asked."""

from collections.abc import Iterable

from complaints import first_concerns
from complaints.models import Complaint, Concern, Opinion
from crm.accounts.models import Department, User
from crm.accounts.standing import holders

SALES, PRODUCTION, QUALITY, ORDER_DESK = "sales", "production", "quality", "order_desk"
BASE = (SALES, "warehouse", "logistics")  # in every team (ZT 5.2)
C = Opinion.Column


def concern_of(category: str) -> Concern:
    """Whom this category concerns; one that has no row is handled as a new company handles it."""
    found = Concern.objects.filter(category=category).first()
    return found or next(each for each in first_concerns.rows(Concern) if each.category == category)


def required(category: str) -> list[Department]:
    """The departments that must be in the team, as far as the company has them; the usual ones come first."""
    codes = [*BASE, *concern_of(category).also]
    found = {each.code: each for each in Department.objects.filter(code__in=codes).select_related("head")}
    return [found[code] for code in dict.fromkeys(codes) if code in found]


def columns(category: str) -> list[tuple[str, Department]]:
    """The opinion columns in the order in which they are signed, each with its department, where there is one."""
    concern = concern_of(category)
    wanted = [(C.VERIFYING, concern.verifying), (C.SALES, SALES)]
    if concern.production:
        wanted.insert(1, (C.PRODUCTION, PRODUCTION))
    codes = [code for _column, code in wanted]
    found = {each.code: each for each in Department.objects.filter(code__in=codes).select_related("head")}
    return [(column, found[code]) for column, code in wanted if code in found]


def next_column(complaint: Complaint) -> tuple[str, Department] | None:
    """The column whose turn it is in this round, or None where nobody's is.

    Before the finding it is that of who verifies and of production; sales signs on the plan that the customer agrees
    to, anew where another one is agreed on (KC 5.2.1.4-5.2.2.2).
    """
    found = complaint.found_at is not None
    plan = complaint.plans.filter(round=complaint.round).first() if found else None
    edition = plan.version if plan is not None and plan.agreed_at else 0
    if found and not edition:
        return None
    rows = complaint.opinions.filter(round=complaint.round, of_plan=edition)
    signed = set(rows.values_list("column", flat=True))
    wanted = [each for each in columns(complaint.category) if (each[0] == C.SALES) is found]
    return next((each for each in wanted if each[0] not in signed), None)


def looks_after(owners: Iterable[User | None], right: str, by: User) -> User:
    """The first of these owners who is still there; else who writes it down, if he has the `right` to go on, or sales.

    The head of sales comes first there, then its people who have the right.
    """
    found = next((each for each in owners if each is not None and each.is_active), None)
    may = holders(right)
    if found is not None or (not by.is_system and may.filter(pk=by.pk).exists()):
        return found or by
    sales = Department.objects.filter(code=SALES).select_related("head").first()
    if sales is not None and sales.head is not None and sales.head.is_active:
        return sales.head
    return may.filter(department=sales).order_by("pk").first() or may.order_by("pk").first() or by
