"""The contract as a paper: made, sent, its copy chased, marked and filed (KC 5.1.6-5.1.9)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from crm import clock
from crm.actions import ACTIONS
from crm.deadlines.models import Deadline
from crm.links.models import Link
from crm.outbox.models import Message
from crm.records.models import ActionLog, Attachment
from customers.models import Contact
from orders.contracts import actions as contracts
from orders.contracts.models import Contract, ContractTemplate
from orders.contracts.texts import filled_in, unknown_names
from orders.models import Line, Order
from tests.contracts.conftest import FORM, Company
from tests.mailed import hidden, path_of
from tests.world import MORNING, nothing_moves, refused, scan, shanghai

S = Contract.Status


def mailed(company: Company) -> tuple[Contract, str]:
    """A contract with the customer, and the path of the link that was mailed."""
    contract = company.sent()
    return contract, path_of("contracts.sign")


def test_the_contract_says_what_was_reviewed(company: Company) -> None:
    contract = company.made()
    assert (contract.status, contract.made_at) == (S.MADE, MORNING)
    for words in ("GB/T 7251.12", "木箱", "2026-12-03", "重庆市渝北区", "客户自备车", "预付 30%", "合同履行完毕"):
        assert words in contract.text
    assert "{" not in contract.text
    assert contract.parties["buyer"]["name"] == company.world.customer.name
    assert contract.parties["seller"]["name"] == "Ziti"


def test_a_contract_is_made_from_a_template_of_the_company(company: Company) -> None:
    template = ContractTemplate.objects.create(
        name="框架", text="货款：{payment}。其他：{other}。有效期至 {valid_until}。"
    )
    contract = contracts.make_contract(
        company.passed(), by=company.support, template=template, signed_place="重庆", valid_until=date(2027, 1, 31)
    )
    assert contract.text.startswith("货款：")
    assert "其他：无。有效期至 2027-01-31" in contract.text
    assert contract.signed_place == "重庆"


def test_a_template_names_only_what_contracts_have() -> None:
    assert unknown_names("{payment} {bank} {x.y}") == ["bank"]
    assert filled_in("{payment}, {payment.real}", {"payment": "30%"}) == "30%, {payment.real}"


def test_a_contract_is_not_made_before_its_review(company: Company) -> None:
    contract = company.filled()
    with refused("wrong_state"):
        contracts.make_contract(contract, by=company.support)


def test_the_link_shows_the_contract_to_print_and_takes_the_signed_copy(company: Company) -> None:
    contract, path = mailed(company)
    client = Client()
    page = client.get(path)
    text = page.content.decode()
    for words in (contract.number, "人民币壹仟贰佰捌拾元整", "供方", "需方", "GB/T 7251.12", "data-print"):
        assert words in text
    data = {"_verb": "contracts.hand_in_signed_copy", **hidden(page)}
    with nothing_moves():
        assert client.post(path, data).status_code == 422  # without the scan
    assert client.post(path, {**data, "scan": scan()}).status_code == 303
    contract.refresh_from_db()
    assert (contract.status, contract.copy_at) == (S.SENT, MORNING)
    file = Attachment.objects.about(contract).get(kind="signed")
    assert (file.name, file.by.username) == ("signed.pdf", "links")
    assert Link.objects.get().status == "used"
    assert ActionLog.objects.get(verb="contracts.hand_in_signed_copy").door == "link"
    assert Message.objects.filter(template="contracts.copy", recipient=company.seller).count() == 1
    again = client.get(path, {"lang": "en"}).content.decode()
    assert contract.number in again
    assert "Hand in the signed copy" in again


def test_a_file_that_is_no_paper_is_refused_at_the_link(company: Company) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    _contract, path = mailed(company)
    client = Client()
    data = {"_verb": "contracts.hand_in_signed_copy", **hidden(client.get(path))}
    with nothing_moves():
        program = SimpleUploadedFile("signed.exe", b"MZ\x90\x00\x03")
        assert client.post(path, {**data, "scan": program}).status_code == 422


def test_a_contract_that_is_revised_takes_the_link_away(company: Company) -> None:
    contract, path = mailed(company)
    contracts.fill_in_form(contract, by=company.seller, **{**FORM, "payment": "款到发货"})
    assert Client().get(path).status_code == 410


def test_a_paper_of_an_order_that_was_changed_does_not_come_into_force(company: Company) -> None:
    contract = company.sent()
    Line.objects.update(quantity=Decimal(20))
    with refused("order_differs"):
        contracts.send_contract(contract, by=company.seller)
    with refused("order_differs"):
        contracts.mark_returned(contract, by=company.support, signed_on=clock.today(), scan=scan())
    assert contracts.fill_in_form(contract, by=company.seller, **FORM).lines.get().quantity == Decimal(20)


def test_the_signed_copy_is_chased_for_three_working_days(company: Company) -> None:
    contract = company.sent()
    row = Deadline.objects.open().about(contract).get()
    assert (row.rule, row.responsible, row.due_at) == ("contract.return", company.seller, shanghai(26, 9, 30))
    with clock.at(MORNING + timedelta(days=1)):
        contracts.mark_returned(contract, by=company.support, signed_on=clock.today(), scan=scan())
    row.refresh_from_db()
    assert row.outcome == Deadline.Outcome.MET


def test_a_contract_is_in_force_once_its_signed_copy_is_marked(company: Company) -> None:
    contract = company.sent()
    with refused("no_copy"):
        contracts.mark_returned(contract, by=company.support, signed_on=clock.today())
    contract = contracts.mark_returned(contract, by=company.support, signed_on=date(2026, 11, 22), scan=scan())
    assert (contract.status, contract.signed_on, contract.returned_at) == (S.IN_FORCE, date(2026, 11, 22), MORNING)
    assert Attachment.objects.about(contract).get(kind="signed").by == company.support
    assert Link.objects.get().status == "ended"
    assert Message.objects.filter(template="contracts.in_force", recipient=company.seller).exists()


def test_a_salesperson_does_not_mark_his_own_contract_as_returned(company: Company) -> None:
    contract = company.sent()
    with refused("forbidden"):
        contracts.mark_returned(contract, by=company.seller, signed_on=clock.today(), scan=scan())


def test_it_is_filed_once_with_its_form(company: Company) -> None:
    contract = contracts.archive_contract(company.in_force(), by=company.support, archive_place="A 柜 3 盒")
    assert (contract.archived_at, contract.archive_place) == (MORNING, "A 柜 3 盒")
    with refused("archived"):
        contracts.archive_contract(contract, by=company.support, archive_place="B")


def test_a_contact_without_mail_is_not_sent_a_contract(company: Company) -> None:
    contract = company.made()
    Contact.objects.update(email="", email_index=None)
    person = Contact.objects.get()
    person.email = ""
    person.save()
    with refused("no_mail_address"):
        contracts.send_contract(Contract.objects.get(pk=contract.pk), by=company.seller)


def test_a_contract_in_force_is_not_given_up(company: Company) -> None:
    contract = company.in_force()
    with refused("wrong_state"):
        contracts.cancel_contract(contract, by=company.seller, reason="x")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_contract_review_form_and_list_print(company: Company, language: str) -> None:
    contract = company.in_force("special", company.order())
    client = Client(headers={"Accept-Language": language})
    client.force_login(company.support)
    paper = client.get(f"/contracts/{contract.pk}/contract/").content.decode()
    for words in (
        "Sales contract",
        "人民币壹仟贰佰捌拾元整",
        "盖章",
        "签字",
    ):
        assert words in paper
    form = client.get(f"/contracts/{contract.pk}/review/").content.decode()
    for words in ("Boss", "Maker", "Carrier", "Cashier", "周总", "同意", "GB/T 7251.12"):
        assert words in form
    listed = client.get("/contracts/print/").content.decode()
    assert contract.number in listed
    assert "1,280.00" in listed


def test_there_is_no_contract_to_print_before_it_is_made(company: Company) -> None:
    contract = company.filled()
    client = Client()
    client.force_login(company.support)
    assert client.get(f"/contracts/{contract.pk}/contract/").status_code == 404
    assert client.get(f"/contracts/{contract.pk}/review/").status_code == 200


def test_opinions_on_another_text_do_not_print_beside_the_new_one(company: Company) -> None:
    contract = company.passed()
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(company.support)
    address, anew = f"/contracts/{contract.pk}/review/", "is to be reviewed anew"
    assert anew not in client.get(address).text and "同意" in client.get(address).text
    contracts.fill_in_form(contract, by=company.seller, **FORM)
    assert anew not in client.get(address).text  # word for word what was reviewed
    contracts.fill_in_form(contract, by=company.seller, **{**FORM, "payment": "预付 50%"})
    shown = client.get(address).text
    assert "预付 50%" in shown and anew in shown and "同意" not in shown
    ACTIONS["contracts.ask_pass_contract"](Contract.objects.get(), by=company.seller)
    assert anew not in client.get(address).text


def test_a_contract_of_somebody_else_is_not_there(company: Company) -> None:
    contract = company.made()
    client = Client()
    client.force_login(company.world.charlie)
    for address in ("", "contract/", "review/"):
        assert client.get(f"/contracts/{contract.pk}/{address}").status_code == 404
    assert contract.number not in client.get("/contracts/").content.decode()
    assert Order.objects.filter(pk=contract.order_id).exists()
