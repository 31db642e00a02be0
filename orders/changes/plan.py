"""What moves along with the date of an order: its contract, and the open steps of its plan."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from crm import clock
from crm.accounts.models import User
from crm.deadlines import basis
from crm.deadlines.worktime import Calendar
from orders.actions import move_milestone
from orders.contracts.actions import end_contract, move_contract_date
from orders.contracts.models import Contract
from orders.models import Milestone, Order

ONE_DAY = timedelta(days=1)
LONGEST = 1100  # days that are looked through; nobody shifts a plan by more


def working_days(calendar: Calendar, first: date, last: date) -> int:
    """How many working days `last` lies after `first`; fewer than none where it lies before."""
    if last < first:
        return -working_days(calendar, last, first)
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(1 for day in days if calendar.intervals(day))


def shifted(calendar: Calendar, day: date, number: int) -> date:
    """The day that lies so many working days after `day`, or before it."""
    step, left = (ONE_DAY if number >= 0 else -ONE_DAY), abs(number)
    for _day in range(LONGEST):
        if not left:
            break
        day += step
        left -= bool(calendar.intervals(day))
    return day


def move_plan(order: Order, before: date, after: date, *, by: User, reference: str) -> int:
    """Move the open steps of the plan by as many working days as the order's date; answers how many moved.

    None is moved into the past.
    """
    calendar = basis.current().company
    number = working_days(calendar, before, after)
    reason = _("The order's date has moved (%(number)s).") % {"number": reference}
    moved = 0
    for milestone in order.milestones.filter(status=Milestone.Status.OPEN).order_by("pk") if number else ():
        day = max(shifted(calendar, milestone.due_on, number), min(milestone.due_on, clock.today()))
        if day != milestone.due_on:
            move_milestone(milestone, by=by, due_on=day, reason=reason)
            moved += 1
    return moved


def move_contract(order: Order, day: date, *, by: User, reference: str) -> None:
    """Carry the contract that is in force out on the new day of its order."""
    contract = Contract.objects.of(order)
    if contract is not None and contract.status == Contract.Status.IN_FORCE:
        move_contract_date(contract, by=by, delivery_on=day, reference=reference)


def end_its_contract(order: Order, *, by: User, reason: str) -> None:
    """End the contract of an order that is cancelled."""
    contract = Contract.objects.of(order)
    if contract is not None and contract.status != Contract.Status.EXECUTED:
        end_contract(contract, by=by, reason=reason)
