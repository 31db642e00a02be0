"""Alice owns, Boss is her manager, Chief is his; a calendar of 2026; rules of the tests' own on customers.Note."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from crm import clock
from crm.accounts.models import Department, User
from crm.deadlines import rules
from crm.deadlines.models import Deadline, WorkCalendar
from crm.deadlines.rules import Rule
from crm.deadlines.seeding import seed_calendar
from crm.deadlines.turn import turn
from customers.models import Note
from tests.deadlines.calendars import at


@pytest.fixture
def own_rules() -> Iterator[None]:
    """The registry without the product's rules, so that a test sees only its own."""
    registers: list[dict[str, Any]] = [rules.RULES, rules._on_model, rules._of_company]
    kept = [dict(register) for register in registers]
    for register in registers:
        register.clear()
    yield
    for register, content in zip(registers, kept, strict=True):
        register.clear()
        register.update(content)


@pytest.fixture
def calendar(db) -> WorkCalendar:
    """The company's calendar with the official days of 2025 and 2026."""
    found = seed_calendar([2025, 2026])
    assert found.days.filter(date=date(2026, 10, 10), working=True).exists()
    return found


@pytest.fixture
def people(db) -> dict[str, User]:
    """Chief leads the company and Boss; Boss leads sales, with Alice and Bob; Charlie is in the warehouse."""
    chief = User.objects.create_user("chief", name="陈总", name_en="Chief")
    company = Department.objects.create(code="company", name="公司", name_en="Company", head=chief)
    boss = User.objects.create_user("boss", name="鲍经理", name_en="Boss", manager=chief)
    sales = Department.objects.create(code="sales", name="销售部", name_en="Sales", head=boss, parent=company)
    warehouse = Department.objects.create(code="warehouse", name="仓库", name_en="Warehouse", parent=company)
    boss.department = sales
    boss.save()
    alice = User.objects.create_user("alice", name="李丽", name_en="Alice", manager=boss, department=sales)
    bob = User.objects.create_user("bob", name="王博", name_en="Bob", manager=boss, department=sales)
    charlie = User.objects.create_user("charlie", name="查理", name_en="Charlie", department=warehouse)
    return {"alice": alice, "bob": bob, "boss": boss, "chief": chief, "charlie": charlie}


@pytest.fixture
def note(people, calendar) -> Callable[..., Note]:
    """Makes a note of Alice's and turns its deadlines: `note("09-14 09:00")`."""

    def make(moment: str, *, owner: User | None = people["alice"], **fields: Any) -> Note:
        with clock.at(at(moment)):
            found = Note.objects.create(
                name="重庆灯饰厂",
                owner=owner,
                received_by=people["alice"],
                received_at=fields.pop("received_at", at(moment)),
                department=fields.pop("department", people["alice"].department),
                **fields,
            )
            turn(found)
        return found

    return make


@pytest.fixture
def entry_rule(own_rules) -> Rule:
    """Four working hours to enter a note; "customers.enter_customer" meets it."""
    return Rule(
        "test.entry",
        "ZT 2.2",
        label="Enter the note",
        on=Note,
        during={Note.Status.OPEN},
        met_by="customers.enter_customer",
        limit="4 wh",
    )


def only() -> Deadline:
    """The one deadline there is."""
    return Deadline.objects.get()
