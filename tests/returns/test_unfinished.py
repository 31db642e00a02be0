"""A complaint is neither closed nor archived while goods are to come, whatever round asked for them."""

from complaints import actions as complaints
from complaints.models import Complaint
from complaints.returns import actions
from complaints.returns.models import ReturnNotice
from crm import clock
from tests.returns.conftest import Yard
from tests.returns.test_outcome import CALL
from tests.world import nothing_moves, refused, scan


def satisfied(yard: Yard) -> tuple[Complaint, ReturnNotice]:
    """Goods were asked back by telephone; the plan says something else, and the customer is satisfied with it."""
    complaint = yard.registered()
    notice = actions.order_return_by_phone(complaint, by=yard.world.boss, **CALL)
    complaints.form_team(yard.fresh(complaint), by=yard.world.alice, lead=yard.world.alice, tasks=yard.team(complaint))
    yard.evidence(yard.fresh(complaint))
    complaint = yard.visited(satisfied=True, complaint=yard.find(yard.fresh(complaint)))
    head = yard.heads["warehouse"]
    measure = complaints.plan_improvement(
        complaint, by=yard.world.alice, what="加护角", owner=head, due_on=clock.today()
    )
    complaints.finish_measure(measure, by=head, outcome="已加装", proof=scan("photo.pdf"))
    return yard.fresh(complaint), yard.fresh(notice)


def test_goods_that_are_still_to_come_keep_a_complaint_from_being_closed(yard: Yard) -> None:
    complaint, notice = satisfied(yard)
    assert notice.status == "expected"
    with nothing_moves(), refused("return_open") as caught:
        complaints.close_complaint(complaint, by=yard.world.alice, check_on=clock.today())
    assert notice.number in caught.value.sentence
    actions.cancel_return(notice, by=yard.world.alice, reason="不退了")
    complaints.close_complaint(yard.fresh(complaint), by=yard.world.alice, check_on=clock.today())
    assert yard.fresh(complaint).status == "closed"


def test_a_return_that_is_open_or_not_signed_keeps_a_file_from_being_archived(yard: Yard) -> None:
    complaint, notice = satisfied(yard)
    keeper = yard.world.person("keeper", "sales_support")
    Complaint.objects.filter(pk=complaint.pk).update(status="closed", closed_at=clock.now(), check_on=clock.today())
    complaints.review_file(yard.fresh(complaint), by=yard.world.boss, words="齐全")
    with nothing_moves(), refused("return_open"):
        complaints.archive_complaint(yard.fresh(complaint), by=keeper)
    notice = yard.receive(notice, good="9")
    with nothing_moves(), refused("return_open"):
        complaints.archive_complaint(yard.fresh(complaint), by=keeper)
    notice = actions.change_return(yard.fresh(notice), by=yard.world.alice, lines=yard.goods(notice), why="划伤")
    actions.sign_return(notice, by=yard.world.boss)
    complaints.archive_complaint(yard.fresh(complaint), by=keeper)
    assert yard.fresh(complaint).file_state == "archived"
