"""Quotations: drafted at the list's prices, sent, answered in writing, revised, expired (KF 3.1.9)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.test import Client

from crm import clock
from crm.accounts.scopes import involve
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Task
from crm.deadlines.sweep import sweep
from crm.links.models import Link
from crm.outbox.models import Message
from crm.records.models import ActionLog, Attachment
from customers.models import Contact, Customer
from orders.catalog.models import Price
from orders.quotations import actions as verbs
from orders.quotations.forms import QuotationForm
from orders.quotations.models import Quotation, QuotationVersion
from tests.mailed import hidden, path_of
from tests.quotations.conftest import House
from tests.world import MORNING, nothing_moves, refused, scan, shanghai

S, OUTCOME = Quotation.Status, QuotationVersion.Outcome
ASK = "quotations.ask_allow_price"


def test_prices_are_the_lists_to_the_fen(house: House) -> None:
    quotation = house.draft(lines=[house.line("3"), house.line("7", "99.99")])
    version = quotation.current
    assert (quotation.number, quotation.status, version.number, str(version)) == (
        "QT2026-000001",
        S.DRAFT,
        1,
        "QT2026-000001-1",
    )
    rows = list(version.lines.order_by("position").values_list("price", "list_price", "amount", "tax"))
    assert rows == [
        (Decimal("128.00"), Decimal("128.00"), Decimal("384.00"), Decimal("44.18")),
        (Decimal("99.99"), Decimal("128.00"), Decimal("699.93"), Decimal("80.52")),
    ]
    assert (version.total, version.tax) == (quotation.total, quotation.tax) == (Decimal("1083.93"), Decimal("124.70"))
    assert (quotation.owner, quotation.department) == (house.alice, house.world.sales)
    assert (version.payment_terms, version.payment_days) == ("credit", 0)


def test_a_carton_costs_what_its_pieces_cost(house: House) -> None:
    line = {**house.line("2"), "unit": house.world.carton, "factor": Decimal(24)}
    row = house.draft(lines=[line]).current.lines.get()
    assert (row.price, row.amount) == (Decimal("3072.00"), Decimal("6144.00"))


def test_a_product_without_a_list_price_needs_one(house: House) -> None:
    line = house.line()
    Price.objects.all().delete()
    offer = house.offer(lines=[line])
    with refused("no_price"):
        verbs.quote_customer(house.customer, by=house.alice, **offer)
    priced = house.offer(lines=[{**line, "price": Decimal("5.00")}])
    assert verbs.quote_customer(house.customer, by=house.alice, **priced).total == Decimal("50.00")


def test_terms_kinder_than_the_customers_own_are_not_quoted(house: House) -> None:
    Customer.objects.update(payment_terms="prepay")
    offer = house.offer(payment_terms="credit", payment_days=60)
    customer = Customer.objects.get()
    with refused("terms_too_kind"):
        verbs.quote_customer(customer, by=house.alice, **offer)
    Customer.objects.update(payment_terms="credit", payment_days=30)
    customer.refresh_from_db()
    with refused("terms_too_kind"):
        verbs.quote_customer(customer, by=house.alice, **offer)
    found = verbs.quote_customer(customer, by=house.alice, **house.offer(payment_terms="credit", payment_days=15))
    assert (found.current.payment_terms, found.current.payment_days) == ("credit", 15)
    stricter = verbs.quote_customer(customer, by=house.alice, **house.offer(payment_terms="prepay"))
    assert (stricter.current.payment_terms, stricter.current.payment_days) == ("prepay", 0)
    own = verbs.quote_customer(customer, by=house.alice, **house.offer(payment_terms="credit"))
    assert own.current.payment_days == 30


def test_a_quotation_is_valid_until_a_day_to_come_and_for_a_contact_of_the_customer(house: House) -> None:
    other = house.world.new_customer()
    data = {
        "lines": [{"product": house.world.product.pk, "quantity": "1"}],
        "valid_until": "2026-11-22",
        "contact": Contact.objects.get(customer=other).pk,
    }
    form = QuotationForm(data, by=house.world.root, obj=house.customer)
    assert form.errors.as_data()["valid_until"][0].code == "past"
    assert "contact" in form.errors


def test_a_quotation_goes_by_mail_with_a_link(house: House) -> None:
    quotation = house.sent()
    assert (quotation.status, quotation.offered_at) == (S.SENT, MORNING)
    version = quotation.current
    assert (version.outcome, version.sent_at, version.sent_to) == (OUTCOME.SENT, MORNING, "王小明")
    text = Message.objects.get(template="quotations.offer").text("zh-hans")["body"]
    assert "QT2026-000001" in text and "¥1,280.00" in text and "2026-12-23" in text


def test_without_a_mail_address_it_is_not_sent(house: House) -> None:
    contact = Contact.objects.get(customer=house.customer)
    contact.email = ""
    contact.save()
    quotation = house.draft()
    with refused("no_mail_address"):
        verbs.send_quotation(quotation, by=house.alice)


def test_a_printed_quotation_is_answered_on_paper(house: House) -> None:
    contact = Contact.objects.get(customer=house.customer)
    contact.email = ""
    contact.save()
    quotation = verbs.send_quotation(house.draft(), by=house.alice, how="paper")
    assert (quotation.status, quotation.current.sent_to) == (S.SENT, "王小明")
    assert not Link.objects.exists() and not Message.objects.filter(channel="mail").exists()
    signed = {"paper": scan(), "signed_by": "王小明", "signed_on": date(2026, 11, 23)}
    assert verbs.record_acceptance(quotation, by=house.alice, **signed).status == S.ACCEPTED


# Prices below the lowest.


def lower(house: House) -> None:
    """Nobody sells boxes below 120.00 on his own."""
    assert house.world.product
    Price.objects.update(lowest=Decimal("120.00"))


def test_a_low_price_is_not_sent_before_it_is_allowed(house: House) -> None:
    lower(house)
    quotation = house.draft(lines=[house.line("10", "119.99")])
    assert quotation.low_price
    with refused("price_too_low"):
        verbs.send_quotation(quotation, by=house.alice)
    with refused("needs_approval"):
        verbs.allow_price(quotation, by=house.alice, reason="老客户")
    request = ACTIONS[ASK](quotation, by=house.alice, reason="老客户")
    task = Task.objects.get(request=request)
    assert task.approver == house.boss
    approvals.approve(task, by=house.boss)
    quotation.refresh_from_db()
    assert quotation.current.price_reason == "老客户"
    assert verbs.send_quotation(quotation, by=house.alice).status == S.SENT


def test_the_lowest_price_itself_needs_nobody(house: House) -> None:
    lower(house)
    quotation = house.draft(lines=[house.line("10", "120.00")])
    assert not quotation.low_price
    with refused("no_low_price"):
        ACTIONS[ASK](quotation, by=house.alice, reason="老客户")
    assert verbs.send_quotation(quotation, by=house.alice).status == S.SENT


def test_what_was_allowed_counts_for_that_version_only(house: House) -> None:
    lower(house)
    quotation = house.draft(lines=[house.line("10", "119.00")])
    request = ACTIONS[ASK](quotation, by=house.alice, reason="老客户")
    verbs.revise_quotation(quotation, by=house.alice, **house.offer(lines=[house.line("10", "90.00")]))
    request.refresh_from_db()
    assert request.status == ApprovalRequest.Status.VOID
    second = ACTIONS[ASK](quotation, by=house.alice, reason="老客户")
    approvals.approve(Task.objects.get(request=second), by=house.boss)
    quotation.refresh_from_db()
    verbs.send_quotation(quotation, by=house.alice)
    verbs.revise_quotation(quotation, by=house.alice, **house.offer(lines=[house.line("10", "80.00")]))
    assert quotation.current.price_reason == ""
    with refused("price_too_low"):
        verbs.send_quotation(quotation, by=house.alice)


def test_a_low_price_is_allowed_for_the_product_that_was_asked_about(house: House) -> None:
    lower(house)
    cheap = house.line("10", "119.00")
    other = {**cheap, "product": house.world.new_product("P002")}
    Price.objects.update(lowest=Decimal("120.00"))
    quotation = house.draft(lines=[cheap])
    request = ACTIONS[ASK](quotation, by=house.alice, reason="老客户")
    verbs.revise_quotation(quotation, by=house.alice, **house.offer(lines=[other]))
    request.refresh_from_db()
    assert request.status == ApprovalRequest.Status.VOID


# The customer's answer.


def answer(house: House, verb: str, **words: str) -> tuple[Quotation, Client, str, Any]:
    """A quotation that was answered by its link, and the answer to that."""
    quotation = house.sent()
    client, path = Client(), path_of("quotations.offer")
    data = {"_verb": f"quotations.{verb}", **hidden(client.get(path)), **words}
    done = client.post(path, data)
    quotation.refresh_from_db()
    return quotation, client, path, done


def test_the_customer_accepts_by_his_link_with_his_name(house: House) -> None:
    quotation, client, path, done = answer(house, "accept_quotation", signed_by="王小明")
    assert done.status_code == 303
    version = quotation.current
    assert (quotation.status, quotation.answered_at) == (S.ACCEPTED, MORNING)
    assert (version.outcome, version.answered_how, version.signed_by, version.signed_on) == (
        OUTCOME.ACCEPTED,
        "link",
        "王小明",
        date(2026, 11, 23),
    )
    assert ActionLog.objects.get(verb="quotations.accept_quotation").door == "link"
    assert Message.objects.get(template="quotations.answered").recipient == house.alice
    again = client.get(path, {"lang": "en"}).content.decode()
    assert "Thank you" in again and "QT2026-000001-1" in again and "王小明" in again
    with nothing_moves():  # a used link does nothing more
        client.post(path, {"_verb": "quotations.decline_quotation", "_key": "other", "reason": "太贵"})


def test_without_a_name_nothing_is_accepted(house: House) -> None:
    quotation, _client, _path, done = answer(house, "accept_quotation")
    assert (done.status_code, quotation.status) == (422, S.SENT)


def test_the_page_shows_every_line_and_the_paper(house: House) -> None:
    house.sent()
    page = Client().get(path_of("quotations.offer")).content.decode()
    for words in (
        "QT2026-000001-1",
        "配电箱",
        "¥128.00",
        "¥1,280.00",
        "预付 30%",
        "10 个工作日",
        "报价单",
        "data-print",
    ):
        assert words in page


def test_the_customer_declines_with_his_reason(house: House) -> None:
    quotation, _client, _path, done = answer(house, "decline_quotation", reason="已另选供应商")
    assert (done.status_code, quotation.status) == (303, S.DECLINED)
    assert (quotation.current.outcome, quotation.current.answer) == (OUTCOME.DECLINED, "已另选供应商")
    assert quotation.current.answered_how == "link"


def test_the_customer_asks_for_changes_and_the_next_version_answers_him(house: House) -> None:
    quotation, _client, path, done = answer(house, "ask_quotation_changes", changes="数量加倍")
    assert (done.status_code, quotation.status) == (303, S.WISHES)
    verbs.revise_quotation(quotation, by=house.alice, **house.offer(lines=[house.line("20")]))
    assert (quotation.status, quotation.latest, quotation.total) == (S.DRAFT, 2, Decimal("2560.00"))
    verbs.send_quotation(quotation, by=house.alice)
    told = quotation.versions.order_by("number").values_list("number", "outcome", "answer", "total")
    assert list(told) == [
        (1, "wishes", "数量加倍", Decimal("1280.00")),
        (2, "sent", "", Decimal("2560.00")),
    ]
    assert path_of("quotations.offer") != path


def test_the_old_link_of_a_superseded_version_says_so(house: House) -> None:
    quotation = house.sent()
    client, path = Client(), path_of("quotations.offer")
    data = {"_verb": "quotations.accept_quotation", "signed_by": "王小明", **hidden(client.get(path))}
    verbs.revise_quotation(quotation, by=house.alice, **house.offer(lines=[house.line("10", "130.00")]))
    with nothing_moves():
        answer = client.post(f"{path}?lang=en", data)
    assert answer.status_code == 410
    assert "We are preparing a new version of this quotation for you." in answer.content.decode()
    assert quotation.versions.get(number=1).outcome == OUTCOME.SUPERSEDED
    verbs.send_quotation(quotation, by=house.alice)
    with nothing_moves():
        assert "waits for your answer" in client.get(path, {"lang": "en"}).content.decode()


def test_a_forged_link_says_that_there_is_no_such_page(house: House) -> None:
    house.sent()
    path = path_of("quotations.offer")
    forged = path[:-2] + ("A/" if path[-2] != "A" else "B/")
    with nothing_moves():
        done = Client().post(forged, {"_verb": "quotations.accept_quotation", "signed_by": "王小明"})
    assert done.status_code == 404


def test_what_changed_while_he_looked_is_shown_before_he_accepts(house: House) -> None:
    quotation = house.sent()
    client, path = Client(), path_of("quotations.offer")
    data = {"_verb": "quotations.accept_quotation", "signed_by": "王小明", **hidden(client.get(path))}
    QuotationVersion.objects.update(remarks="含运费")  # by whatever way
    Quotation.objects.filter(pk=quotation.pk).update(version=quotation.version + 1)
    with nothing_moves():
        done = client.post(path, data)
    assert done.status_code == 412
    assert "含运费" in done.content.decode()


def test_an_acceptance_on_paper_is_kept_with_it(house: House) -> None:
    quotation = house.sent()
    signed = {"paper": scan(), "signed_by": "王小明"}
    with refused("signed_too_early"):
        verbs.record_acceptance(quotation, by=house.alice, signed_on=date(2026, 11, 22), **signed)
    verbs.record_acceptance(quotation, by=house.alice, signed_on=date(2026, 11, 23), **signed)
    version = quotation.current
    assert (quotation.status, version.answered_how, version.signed_by) == (S.ACCEPTED, "paper", "王小明")
    assert Attachment.objects.about(quotation).get().kind == "acceptance"
    assert Link.objects.get().status == "ended"


def test_a_paper_that_was_signed_in_time_counts_after_the_last_day(house: House) -> None:
    quotation = house.sent(valid_until=date(2026, 11, 27))
    with clock.at(shanghai(28, 0, 5)):
        sweep()
    with clock.at(shanghai(30, 9, 0)):
        quotation.refresh_from_db()
        assert quotation.status == S.EXPIRED
        signed = {"paper": scan(), "signed_by": "王小明"}
        with refused("signed_too_late"):
            verbs.record_acceptance(quotation, by=house.alice, signed_on=date(2026, 11, 28), **signed)
        verbs.record_acceptance(quotation, by=house.alice, signed_on=date(2026, 11, 27), **signed)
        assert (quotation.status, quotation.current.outcome) == (S.ACCEPTED, OUTCOME.ACCEPTED)
        assert quotation.current.signed_on == date(2026, 11, 27)


def test_what_was_signed_before_it_was_sent_again_counts(house: House) -> None:
    quotation = house.sent()
    with clock.at(shanghai(25, 9, 0)):
        verbs.send_quotation(quotation, by=house.alice)
        assert quotation.current.sent_at == MORNING
        signed = {"paper": scan(), "signed_by": "王小明", "signed_on": date(2026, 11, 24)}
        assert verbs.record_acceptance(quotation, by=house.alice, **signed).status == S.ACCEPTED


def test_an_acceptance_on_paper_needs_the_paper(house: House) -> None:
    quotation = house.sent()
    client = Client()
    client.force_login(house.alice)
    with nothing_moves():
        page = client.post(
            f"/do/quotations.record_acceptance/{quotation.pk}/", {"signed_by": "王小明", "signed_on": "2026-11-23"}
        )
    assert "paper" in page.context["form"].errors


def test_the_seller_does_not_accept_for_the_customer(house: House) -> None:
    quotation = house.sent()
    with refused("forbidden"):
        verbs.accept_quotation(quotation, by=house.alice, signed_by="王小明")
    with refused("customers_word"):  # nor does whoever may do everything
        verbs.accept_quotation(quotation, by=house.world.root, signed_by="王小明")


def test_what_he_says_by_phone_is_taken_down(house: House) -> None:
    quotation = verbs.ask_quotation_changes(house.sent(), by=house.alice, changes="含运费")
    assert (quotation.status, quotation.current.answered_how) == (S.WISHES, "told")
    assert verbs.decline_quotation(quotation, by=house.alice, reason="不要了").current.outcome == OUTCOME.DECLINED


def test_who_quotes_for_a_colleagues_customer_keeps_seeing_it(house: House) -> None:
    bob = house.world.bob
    involve(house.customer, user=bob, why="项目共同负责")
    quotation = verbs.quote_customer(house.customer, by=bob, **house.offer())
    assert quotation.owner == house.alice
    assert list(Quotation.objects.visible_to(bob)) == [quotation]
