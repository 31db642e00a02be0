"""What becomes of a return, and of a verification, when its complaint is withdrawn."""

from complaints import actions as complaints
from complaints.models import Complaint
from complaints.returns import actions
from complaints.returns.models import ReturnNotice
from complaints.verification import actions as verification
from complaints.verification.models import Verification
from crm.approvals import actions as approvals
from crm.approvals.models import Task
from orders.models import Order
from tests.complaints.test_withdrawing import TAKEN_BACK, ask
from tests.returns.conftest import Yard


def phoned(yard: Yard) -> ReturnNotice:
    """A return that the manager ordered by telephone, of a complaint that is only registered."""
    found = yard.world.handed_over()
    Order.objects.update(owner=yard.world.alice)
    complaint = complaints.complain_at_counter(found, by=yard.world.root, category="quality", content="划伤")
    yard.register(complaint)
    line = {"line": found.order.lines.get(), "batch": "B1", "quantity": 2}
    return actions.order_return_by_phone(
        yard.fresh(complaint), by=yard.world.boss, phoned_to="小李", urgent="客户停工", lines=[line]
    )


def withdraw(yard: Yard, complaint: Complaint) -> str:
    """Ask for it and have it agreed to; answers the state of the complaint then."""
    complaint = yard.fresh(complaint)
    request = ask(complaint, by=complaint.owner, **TAKEN_BACK)
    for task in Task.objects.filter(request=request, status="waiting"):
        approvals.approve(task, by=task.approver)
    return yard.fresh(complaint).status


def test_a_return_of_which_nothing_came_is_called_off(yard: Yard) -> None:
    notice = phoned(yard)
    assert withdraw(yard, notice.complaint) == "withdrawn"
    assert yard.fresh(notice).status == "cancelled"


def test_where_goods_are_back_the_complaint_is_handled_to_its_end(yard: Yard) -> None:
    notice = phoned(yard)
    yard.receive(notice, good="1", by=yard.world.root)
    assert withdraw(yard, notice.complaint) == "registered"
    assert yard.fresh(notice).status == "expected"


def test_a_verification_under_way_is_dropped(yard: Yard) -> None:
    complaint = yard.investigating()
    verification.open_verification(complaint, by=yard.world.alice, kind="quality")
    assert withdraw(yard, complaint) == "withdrawn"
    assert Verification.objects.get().status == "dropped"
