"""What customers ask for during production: noted by anybody, passed on, answered in time, told (KF 3.2.9)."""

from decimal import Decimal

from crm import clock
from crm.accounts.models import Absence
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from customers.models import ContactEntry
from orders.changes import actions as changes
from orders.changes.forms import AnswerForm, ChangeForm
from orders.changes.models import Change, CustomerRequest
from orders.models import Order
from tests.changes.conftest import MORE, House
from tests.world import MORNING, refused

R = CustomerRequest.Status


def test_anybody_notes_a_request_and_the_owner_answers_in_time(house: House) -> None:
    request = house.request()
    assert (request.number, request.status, request.owner, request.noted_by) == (
        "CQ2026-000001",
        R.OPEN,
        house.seller,
        house.company.support,
    )
    row = Deadline.objects.open().get(rule="customer.request")
    assert (row.responsible, row.due_at.astimezone(MORNING.tzinfo).date().isoformat()) == (house.seller, "2026-11-24")
    assert Message.objects.get(template="changes.request").recipient == house.seller
    changes.answer_request(request, by=house.seller, accepted=False, answer="已喷涂，无法改色")
    request.refresh_from_db()
    assert (request.status, request.answered_by, request.answered_at, request.told_how) == (
        R.DECLINED,
        house.seller,
        MORNING,
        "mail",
    )
    assert not Deadline.objects.open().filter(rule="customer.request").exists()
    mail = Message.objects.get(template="changes.request_answered")
    assert "已喷涂，无法改色" in mail.text("zh-hans")["body"]


def test_it_is_passed_to_whoever_can_answer_and_its_time_runs_on(house: House) -> None:
    request = house.request()
    before = Deadline.objects.open().get(rule="customer.request")
    assert not CustomerRequest.objects.visible_to(house.company.maker).exists()
    changes.pass_request(request, by=house.seller, owner=house.company.maker, reason="请生产先看")
    row = Deadline.objects.open().get(rule="customer.request")
    assert (row.responsible, row.due_at) == (house.company.maker, before.due_at)
    assert CustomerRequest.objects.visible_to(house.company.maker).get() == request
    with refused("has_it"):
        changes.pass_request(house.fresh(request), by=house.seller, owner=house.company.maker)
    changes.answer_request(house.fresh(request), by=house.company.maker, accepted=True, answer="可以")
    assert house.fresh(request).status == R.ACCEPTED


def test_nobody_answers_or_passes_on_what_is_not_his(house: House) -> None:
    request, support = house.request(), house.company.support
    answer = {"accepted": True, "answer": "可以"}
    for user in (support, house.world.root):
        with refused("not_owner"):
            changes.answer_request(request, by=user, **answer)
        with refused("not_owner"):
            changes.pass_request(request, by=user, owner=house.company.maker)
    today = clock.today()
    Absence.objects.create(user=house.seller, deputy=support, first_day=today, last_day=today)
    # Who stands in for the order's owner, and who leads him.
    changes.pass_request(house.fresh(request), by=house.fresh(support), owner=house.company.maker)
    changes.pass_request(house.fresh(request), by=house.company.boss, owner=house.company.carrier)
    assert changes.answer_request(house.fresh(request), by=house.seller, **answer).answered_by == house.seller


def test_the_reason_is_always_needed(house: House) -> None:
    request = house.request()
    for answer in ("yes", "no"):
        form = AnswerForm({"accepted": answer, "answer": ""}, by=house.seller, obj=request)
        assert list(form.problems()) == ["answer"]


def test_without_an_address_somebody_tells_him_and_it_is_in_the_log(house: House) -> None:
    request = house.request()
    contact = house.world.contact
    contact.email = ""
    contact.save()
    with refused("no_mail_address"):
        changes.answer_request(request, by=house.seller, accepted=True, answer="可以")
    changes.answer_request(request, by=house.seller, accepted=True, answer="可以", told_how="phone")
    entry = ContactEntry.objects.latest("pk")
    assert (entry.channel, entry.by, entry.customer) == ("phone", house.seller, house.world.customer)
    assert entry.what == "Request CQ2026-000001 about order SO2026-000001 was accepted: 可以"


def test_an_accepted_request_begins_a_change_with_its_text(house: House) -> None:
    request = house.request()
    with refused("wrong_state"):
        changes.change_as_requested(request, by=house.seller, wish="customer", why="x", lines=MORE)
    request = changes.answer_request(request, by=house.seller, accepted=True, answer="可以")
    form = ChangeForm(by=house.seller, obj=request)
    assert (form.initial["why"], form.initial["wish"]) == ("柜体改为 RAL7032", "customer")
    change = changes.change_as_requested(request, by=house.seller, wish="customer", why=request.text, lines=MORE)
    assert (change.request, change.order, change.contact) == (request, request.order, request.contact)
    with refused("change_open"):
        changes.change_as_requested(request, by=house.seller, wish="customer", why="y", lines=MORE)
    assert Change.objects.count() == 1


def test_a_closed_order_takes_no_request(house: House) -> None:
    order = house.order()
    Order.objects.update(status="closed", total=Decimal("1280.00"))
    with refused("wrong_state"):
        house.request(Order.objects.get(pk=order.pk))
