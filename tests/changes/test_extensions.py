"""Delays on our side: planning first; what stays is agreed on, and then date, contract and plan move (KF 3.2.3)."""

from datetime import date
from typing import Any

from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.models import Attachment
from orders.changes import actions as changes
from orders.changes.forms import DelayForm, PlanningForm
from orders.changes.models import Acknowledgement, Extension
from orders.contracts.models import DateMove
from orders.models import Order, OrderVersion
from tests.changes.conftest import NEW_DAY, House
from tests.world import MORNING, nothing_moves, refused, scan

E = Extension.Status


def test_a_delay_is_taken_up_with_production_planning(house: House) -> None:
    order = house.order()
    form = DelayForm(by=house.seller, obj=order)
    assert list(form.fields["planner"].queryset) == [house.company.maker]  # type: ignore[attr-defined]
    extension = house.delay(order)
    assert (extension.number, extension.status, extension.wanted_before) == (
        "EX2026-000001",
        E.PLANNING,
        date(2026, 12, 3),
    )
    notice = Message.objects.get(template="changes.delay")
    assert notice.recipient == house.company.maker
    assert Extension.objects.visible_to(house.company.maker).get() == extension  # he sees the order by it
    with refused("extension_open"):
        house.delay(Order.objects.get())


def test_where_the_date_can_be_kept_it_ends_there(house: House) -> None:
    extension = changes.answer_delay(
        house.delay(), by=house.company.maker, kept=True, planning="已从成都仓调拨", remedy="调拨", possible_on=NEW_DAY
    )
    assert (extension.status, extension.possible_on, extension.planner) == (E.KEPT, None, house.company.maker)
    assert extension.planned_at == MORNING
    with refused("wrong_state"):
        changes.request_extension(extension, by=house.seller, new_on=NEW_DAY, remedy="x")
    assert str(Order.objects.get().wanted_on) == "2026-12-03"
    assert house.delay(Order.objects.get()).status == E.PLANNING  # another one may be reported


def test_planning_says_by_when_a_delay_ends(house: House) -> None:
    extension = house.delay()
    words = {"planning": "缺料", "remedy": "加班"}
    form = PlanningForm({"kept": "no", **words}, by=house.company.maker, obj=extension)
    assert list(form.problems()) == ["possible_on"]
    form = PlanningForm({"kept": "yes", **words}, by=house.company.maker, obj=extension)
    assert form.is_valid() and form.cleaned_data["kept"] is True


def test_a_signed_extension_moves_order_contract_and_departments(house: House) -> None:
    contract = house.company.in_force()
    extension = house.staying(contract.order)
    departments = [house.company.maker.department, house.company.carrier.department]
    changes.record_agreement(
        extension, by=house.seller, new_on=NEW_DAY, paper=scan(), answer="同意", departments=departments
    )
    extension, order = house.fresh(extension), Order.objects.get()
    assert (extension.status, extension.agreed_how, extension.agreed_at) == (E.AGREED, "paper", MORNING)
    assert Attachment.objects.about(extension).get().kind == "signed_extension"
    contract.refresh_from_db()
    assert (order.wanted_on, contract.delivery_on) == (NEW_DAY, NEW_DAY)
    assert DateMove.objects.get().reference == "EX2026-000001"
    row = Deadline.objects.open().get(rule="contract.execution")
    assert row.due_at.astimezone(MORNING.tzinfo).date() == NEW_DAY
    assert OrderVersion.objects.last().cause == "extension"
    assert Acknowledgement.objects.filter(extension=extension).count() == 2
    assert Deadline.objects.open().filter(rule="change.acknowledge").count() == 2


def test_nothing_is_agreed_on_that_cannot_be(house: House) -> None:
    extension = house.staying()
    given: dict[str, Any] = {"by": house.seller, "remedy": "加班"}
    with refused("same_date"):
        changes.request_extension(extension, new_on=date(2026, 12, 3), **given)
    Order.objects.update(wanted_on=NEW_DAY.replace(day=4))
    with refused("date_moved"):
        changes.request_extension(extension, new_on=NEW_DAY, **given)
    Order.objects.update(status="closed")
    with refused("wrong_state"):
        changes.record_agreement(extension, by=house.seller, new_on=NEW_DAY, paper=scan())


def test_a_proposal_that_lies_in_the_past_by_now_is_not_taken(house: House) -> None:
    extension, _path = house.asking()
    Extension.objects.update(status=E.COUNTERED, proposed_on=date(2026, 11, 20))
    refusal = changes.accept_proposal.refusal(house.fresh(extension), house.seller)
    assert refusal is not None and refusal.code == "past"  # so the button says it before it is pressed
    with refused("past"):
        changes.accept_proposal(house.fresh(extension), by=house.seller)


def test_a_withdrawn_request_ends_its_link(house: House) -> None:
    extension, path = house.asking()
    changes.withdraw_extension(extension, by=house.seller, reason="已赶上进度")
    from django.test import Client

    with nothing_moves():
        assert Client().get(path).status_code == 410
    assert (house.fresh(extension).status, house.fresh(extension).reason) == (E.WITHDRAWN, "已赶上进度")
