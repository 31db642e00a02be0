"""Samples: requested, made, told of, sent, approved in writing or sent back for another round (KF 3.1.9, 3.2.1-2)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from crm import clock
from crm.deadlines.models import Deadline
from crm.links.models import Link
from crm.outbox.models import Message
from crm.records.models import ActionLog, Attachment
from customers.models import Contact
from orders.models import Order
from orders.quotations import actions as verbs
from orders.quotations.forms import SampleForm, SampleLineForm, StartForm
from orders.quotations.models import Sample, SampleRound
from tests.mailed import hidden, path_of
from tests.quotations.conftest import House
from tests.world import MORNING, nothing_moves, refused, scan, shanghai

S, R = Sample.Status, SampleRound.Outcome


def test_a_sample_is_requested_for_a_customer_and_its_maker_is_told(house: House) -> None:
    sample = house.sample()
    assert sample.number == "SA2026-000001"
    assert (sample.status, sample.owner, sample.maker, sample.round) == (S.REQUESTED, house.alice, house.maker, 1)
    assert sample.contact == Contact.objects.get(customer=house.customer)
    line = sample.lines.get()
    assert (line.goods, line.specification, line.quantity) == ("配电箱", "RAL7035", Decimal(2))
    notice = Message.objects.get(template="quotations.sample_requested")
    assert notice.recipient == house.maker


def test_goods_may_be_described_in_words(house: House) -> None:
    line = {"product": None, "what": "防爆灯样品", "specification": "IP66", "quantity": Decimal(1), "unit": None}
    sample = house.sample(lines=[line])
    assert (sample.lines.get().goods, sample.lines.get().unit) == ("防爆灯样品", None)


def test_a_line_names_its_goods(house: House) -> None:
    form = SampleLineForm({"quantity": "1"}, by=house.alice)
    assert form.errors.as_data()["product"][0].code == "required"
    form = SampleLineForm({"quantity": "0", "what": "灯"}, by=house.alice)
    assert "quantity" in form.errors


def test_a_sample_is_of_whoever_inquires(house: House) -> None:
    inquiry = house.world.new_inquiry(customer=house.customer)
    line = {"product": None, "what": "灯", "quantity": Decimal(1)}
    sample = verbs.request_inquiry_sample(inquiry, by=house.world.root, lines=[line], wanted_on=clock.today())
    assert (sample.inquiry, sample.customer, sample.owner) == (inquiry, house.customer, house.alice)
    stranger = house.world.new_inquiry()
    with refused("no_customer"):
        verbs.request_inquiry_sample(stranger, by=house.world.root, lines=[line], wanted_on=clock.today())


def test_whoever_is_to_make_it_must_be_able_to(house: House) -> None:
    data = {"lines": [{"what": "灯", "quantity": "1"}], "wanted_on": "2026-12-01", "maker": house.world.bob.pk}
    form = SampleForm(data, by=house.alice, obj=house.customer)
    assert form.errors.as_data()["maker"][0].code == "no_maker"
    past = StartForm({"expected_on": "2026-11-22"}, by=house.maker, obj=house.sample())
    assert past.errors.as_data()["expected_on"][0].code == "past"
    data |= {"maker": house.maker.pk, "wanted_on": "2026-11-22"}
    assert list(SampleForm(data, by=house.alice, obj=house.customer).errors) == ["wanted_on"]


def test_it_is_made_and_what_exactly_is_kept(house: House) -> None:
    sample = house.made()
    made = sample.rounds.get()
    assert (sample.status, made.number, made.batch, made.specification) == (S.MADE, 1, "Y1", "图纸 A 版")
    assert made.goods == [{"what": "配电箱", "specification": "RAL7035", "quantity": "2 pc"}]
    assert Message.objects.get(template="quotations.sample_made").recipient == house.alice


def test_it_is_sent_with_carrier_and_tracking_number_and_the_customer_is_told(house: House) -> None:
    sample = house.sample_sent()
    made = sample.rounds.get()
    assert (sample.status, made.carrier, made.tracking, made.sent_on) == (
        S.SENT,
        "顺丰速运",
        "SF123",
        date(2026, 11, 23),
    )
    text = Message.objects.get(template="quotations.sample_sent").text("zh-hans")["body"]
    assert "顺丰速运" in text and "SF123" in text and "/l/" in text


def test_a_customer_without_a_mail_address_is_called(house: House) -> None:
    contact = Contact.objects.get(customer=house.customer)
    contact.email = ""
    contact.save()
    verbs.tell_sample(house.sample(), by=house.alice, text="正在喷涂")
    call = Message.objects.get(template="quotations.sample_progress")
    assert (call.channel, call.recipient) == ("call", house.alice)
    contact.mobile = ""
    contact.save()
    with refused("unreachable"):
        verbs.tell_sample(Sample.objects.get(), by=house.alice, text="正在喷涂")


def test_the_customer_is_told_every_three_working_days(house: House) -> None:
    sample = house.sample()
    row = Deadline.objects.open().about(sample).get(rule="sample.progress")
    assert (row.responsible, row.due_at) == (house.alice, shanghai(26, 9, 30))
    with clock.at(MORNING + timedelta(days=1)):
        verbs.tell_sample(Sample.objects.get(), by=house.alice, text="正在喷涂", expected_on=date(2026, 11, 30))
    row.refresh_from_db()
    assert row.outcome == Deadline.Outcome.MET
    again = Deadline.objects.open().about(sample).get(rule="sample.progress")
    assert again.due_at == shanghai(27, 9, 30)
    sample.refresh_from_db()
    assert (sample.progress, sample.expected_on) == ("正在喷涂", date(2026, 11, 30))


def test_a_sample_is_to_be_made_by_the_day_on_which_it_is_wanted(house: House) -> None:
    sample = house.sample()
    row = Deadline.objects.open().about(sample).get(rule="sample.made")
    assert (row.responsible, row.due_at.astimezone(MORNING.tzinfo).date()) == (house.maker, date(2026, 11, 30))
    verbs.finish_sample(sample, by=house.maker, batch="Y1", specification="图纸 A 版")
    row.refresh_from_db()
    assert row.outcome == Deadline.Outcome.MET


def test_the_link_shows_how_far_it_is_and_takes_the_approval(house: House) -> None:
    sample = house.sample()
    verbs.tell_sample(sample, by=house.alice, text="正在喷涂")
    client, path = Client(), path_of("quotations.sample_progress")
    page = client.get(path)
    assert page.status_code == 200
    assert "正在喷涂" in page.content.decode()
    assert "approve_sample" not in page.content.decode()
    verbs.finish_sample(sample, by=house.maker, batch="Y1", specification="图纸 A 版")
    verbs.send_sample(sample, by=house.alice, carrier="顺丰速运", tracking="SF123", sent_on=clock.today())
    assert client.get(path).status_code == 410  # the later mail has a link of its own
    path = path_of("quotations.sample_sent")
    page = client.get(path)
    for words in ("SF123", "Y1", "图纸 A 版", "RAL7035"):
        assert words in page.content.decode()
    data = {"_verb": "quotations.approve_sample", **hidden(page)}
    with nothing_moves():
        assert client.post(path, data).status_code == 422  # without his name
    assert client.post(path, {**data, "signed_by": "王小明"}).status_code == 303
    sample.refresh_from_db()
    made = sample.rounds.get()
    assert (sample.status, made.outcome, made.answered_how) == (S.APPROVED, R.APPROVED, "link")
    assert (made.signed_by, made.signed_on, made.answered_at) == ("王小明", date(2026, 11, 23), MORNING)
    assert ActionLog.objects.get(verb="quotations.approve_sample").door == "link"
    assert set(
        Message.objects.filter(template="quotations.sample_answered").values_list("recipient__username", flat=True)
    ) == {"alice", "maker"}
    with nothing_moves():  # the link is used once more
        again = client.post(path, {**data, "_key": "other", "signed_by": "李四"})
    assert again.status_code in (409, 412)
    assert "王小明" in client.get(path).content.decode()


def test_a_forged_link_says_that_there_is_no_such_page(house: House) -> None:
    house.sample_sent()
    path = path_of("quotations.sample_sent")
    forged = path[:-2] + ("A/" if path[-2] != "A" else "B/")
    with nothing_moves():
        answer = Client().post(forged, {"_verb": "quotations.approve_sample", "signed_by": "王小明"})
    assert answer.status_code == 404


def test_what_the_customer_wants_to_be_changed_begins_the_next_round(house: House) -> None:
    sample = house.sample_sent()
    client, path = Client(), path_of("quotations.sample_sent")
    data = {"_verb": "quotations.receive_sample", **hidden(client.get(path))}
    assert client.post(path, data).status_code == 303
    sample.refresh_from_db()
    assert (sample.status, sample.rounds.get().received_on) == (S.RECEIVED, date(2026, 11, 23))
    data = {"_verb": "quotations.decline_sample", "changes": "颜色太浅", **hidden(client.get(path))}
    assert client.post(path, data).status_code == 303
    sample.refresh_from_db()
    assert (sample.status, sample.rounds.get().changes) == (S.DECLINED, "颜色太浅")
    verbs.start_sample(sample, by=house.maker)
    assert sample.round == 2
    verbs.finish_sample(sample, by=house.maker, batch="Y2", specification="图纸 B 版")
    verbs.send_sample(sample, by=house.alice, carrier="德邦", sent_on=clock.today())
    verbs.approve_sample(sample, by=house.links, signed_by="王小明")
    told = sample.rounds.order_by("number").values_list("number", "batch", "outcome")
    assert list(told) == [(1, "Y1", "declined"), (2, "Y2", "approved")]


def test_an_approval_on_paper_needs_the_paper(house: House) -> None:
    sample = house.sample_sent()
    client = Client()
    client.force_login(house.alice)
    url = f"/do/quotations.record_sample_approval/{sample.pk}/"
    with nothing_moves():
        answer = client.post(url, {"signed_by": "王小明", "signed_on": "2026-11-23"})
        assert "paper" in answer.context["form"].errors
        answer = client.post(url, {"signed_by": "王小明", "signed_on": "2026-11-24", "paper": scan()})
        assert "signed_on" in answer.context["form"].errors
    assert client.post(url, {"signed_by": "王小明", "signed_on": "2026-11-23", "paper": scan()}).status_code == 302
    made = sample.rounds.get()
    assert (made.outcome, made.answered_how, made.signed_by) == (R.APPROVED, "paper", "王小明")
    assert Attachment.objects.about(sample).get().kind == "approval"


@pytest.mark.parametrize("verb", ["approve_sample", "decline_sample", "receive_sample", "record_sample_approval"])
def test_nothing_is_said_of_a_sample_that_was_not_sent(house: House, verb: str) -> None:
    sample, by = house.made(), house.world.root
    inputs = {
        "approve_sample": {"signed_by": "王小明"},
        "decline_sample": {"changes": "颜色"},
        "receive_sample": {},
        "record_sample_approval": {"paper": scan(), "signed_by": "王小明", "signed_on": clock.today()},
    }
    with refused("wrong_state"):
        getattr(verbs, verb)(sample, by=by, **inputs[verb])


def test_the_seller_does_not_approve_for_the_customer(house: House) -> None:
    sample = house.sample_sent()
    with refused("forbidden"):
        verbs.approve_sample(sample, by=house.alice, signed_by="王小明")
    with refused("customers_word"):  # nor does whoever may do everything
        verbs.approve_sample(sample, by=house.world.root, signed_by="王小明")


def test_a_request_is_revised_as_long_as_nothing_is_made(house: House) -> None:
    sample = house.sample()
    line = {"product": None, "what": "灯", "specification": "IP65", "quantity": Decimal(3), "unit": None}
    verbs.revise_sample(sample, by=house.alice, lines=[line], wanted_on=date(2026, 12, 1), expects="", maker=None)
    assert (sample.lines.get().goods, sample.wanted_on, sample.maker) == ("灯", date(2026, 12, 1), None)
    verbs.start_sample(sample, by=house.maker)
    assert sample.maker == house.maker
    with refused("wrong_state"):
        verbs.revise_sample(sample, by=house.alice, lines=[line], wanted_on=date(2026, 12, 1))


def test_a_sample_that_is_given_up_takes_its_link_away(house: House) -> None:
    sample = house.sample_sent()
    path = path_of("quotations.sample_sent")
    verbs.cancel_sample(sample, by=house.alice, reason="客户不要了")
    assert (sample.status, sample.reason) == (S.CANCELLED, "客户不要了")
    assert Client().get(path).status_code == 410
    assert Link.objects.get().status == "ended"
    assert not Deadline.objects.open().about(sample).exists()


def test_an_approved_sample_becomes_one_order(house: House) -> None:
    sample = house.approved()
    order = verbs.order_sample(sample, by=house.alice, **house.order_facts())
    line = order.lines.get()
    assert (line.product, line.quantity, line.price, line.specification) == (
        house.world.product,
        Decimal(2),
        Decimal("128.00"),
        "RAL7035",
    )
    assert (order.status, order.total, order.applied_by) == ("submitted", Decimal("256.00"), house.alice)
    sample.refresh_from_db()
    assert sample.order == order
    with refused("ordered"):
        verbs.order_sample(sample, by=house.alice, **house.order_facts())
    client = Client()
    client.force_login(house.alice)
    page = client.get(order.get_absolute_url()).content.decode()
    assert sample.number in page and "Y1" in page
    assert order.number in client.get(sample.get_absolute_url()).content.decode()


def test_other_quantities_may_be_ordered_than_were_sampled(house: House) -> None:
    sample = house.approved()
    order = verbs.order_sample(sample, by=house.alice, lines=[house.line("40")], **house.order_facts())
    assert order.total == Decimal("5120.00")


def test_goods_in_words_need_a_product_before_they_are_ordered(house: House) -> None:
    sample = house.approved(lines=[{"product": None, "what": "灯", "quantity": Decimal(1), "unit": None}])
    facts = house.order_facts()
    with refused("described"):
        verbs.order_sample(sample, by=house.alice, **facts)
    order = verbs.order_sample(sample, by=house.alice, lines=[house.line("5")], **house.order_facts())
    assert order == Order.objects.get()


def test_a_sample_that_is_not_approved_is_not_ordered(house: House) -> None:
    sample, facts = house.sample_sent(), house.order_facts()
    with refused("wrong_state"):
        verbs.order_sample(sample, by=house.alice, **facts)
