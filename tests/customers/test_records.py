"""A customer's record: entered, verified, completed, assigned, suspended (ZT 2.1-2.3, KH 2.1, 2.4)."""

from datetime import date, timedelta
from typing import Any

import pytest

from crm import clock
from crm.deadlines.models import Deadline
from crm.deadlines.seeding import seed_calendar
from crm.deadlines.sweep import sweep
from crm.outbox.models import Message
from crm.records.models import ActionLog, FieldHistory
from customers import actions as customers
from customers.forms import NewCustomerForm, TermsForm
from customers.models import Address, Contact, Customer, Document, completeness
from tests.world import MORNING, World, refused, shanghai


def test_a_customer_is_entered_with_address_and_people(world: World) -> None:
    contacts = [
        {"name": "王小明", "mobile": "138 0013 8000", "roles": ["buyer"]},
        {"name": "李丽", "email": "li@example.com", "roles": ["finance"]},
    ]
    data = {"name": "成都光明电器有限公司", "region": "四川", "address": "成都市武侯区", "contacts": contacts}
    form = NewCustomerForm(data, by=world.root)
    assert form.is_valid(), form.problems()
    customer = customers.create_customer(by=world.root, **form.cleaned_data)
    assert (customer.code, customer.owner, customer.department) == ("C2026-000001", world.root, world.sales)
    assert list(customer.contacts.order_by("pk").values_list("name", "main")) == [("王小明", True), ("李丽", False)]
    assert Contact.objects.get(name="王小明").mobile == "+8613800138000"
    assert (Address.objects.get().text, Address.objects.get().region) == ("成都市武侯区", "四川")
    assert (customer.kind, customer.tier, customer.payment_terms) == ("company", "regular", "prepay")


def test_only_who_may_set_tiers_enters_others_than_regular_customers(world: World) -> None:
    for tier in ("vip", "key", "potential"):
        data = {"name": "成都光明电器有限公司", "tier": tier}
        problems = NewCustomerForm(data, by=world.alice).problems()
        assert {name: rows[0]["code"] for name, rows in problems.items()} == {"tier": "tier"}
        assert NewCustomerForm(data, by=world.boss).problems() == {}
    for tier in ("", "regular"):
        assert NewCustomerForm({"name": "成都光明电器有限公司", "tier": tier}, by=world.alice).problems() == {}


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 121}, "name", "max_length"),
        ({"code": "TAKEN"}, "code", "unique"),
        ({"licence": "91350100M000100Y44"}, "licence", None),
        ({"contacts": [{"name": ""}]}, "contacts[0].name", "required"),
        ({"contacts": [{"name": "李"}, {"name": "王", "email": "nowhere"}]}, "contacts[1].email", None),
        ({"contacts": [{"name": "李", "roles": ["king"]}]}, "contacts[0].roles", "invalid_choice"),
        ({"owner": "0"}, "owner", "invalid_choice"),
    ],
)
def test_a_record_that_cannot_be(world: World, given: dict[str, Any], field: str, code: str | None) -> None:
    Customer.objects.create(code="TAKEN", name="x", owner=world.root)
    problems = NewCustomerForm({"name": "成都某公司", **given}, by=world.root).problems()
    assert list(problems) == [field]
    assert code is None or [error["code"] for error in problems[field]] == [code]


@pytest.mark.parametrize("name", ["🏮灯笼厂", "𠮷野家商贸", "شركة النور", "A" * 120, "<script>alert(1)</script>"])
def test_odd_names_are_kept_as_they_are(world: World, name: str) -> None:
    world.new_customer(name=name)
    assert Customer.objects.get().name == name


def test_completeness_names_what_is_missing(world: World) -> None:
    customer = world.customer
    score, missing = completeness(customer)
    # name 10, region 5, owner 10, contact 10, its phone 10, address 10: 55 of 105
    assert score == 52
    assert "social credit code" in missing and "region" not in missing
    customer.licence, customer.industry = "91350100M000100Y43", "照明"
    customer.save()
    Document.objects.create(customer=customer, kind="licence")
    assert completeness(Customer.objects.get())[0] == 76  # 25 more: number, industry, the paper


def test_of_a_person_no_licence_is_asked(world: World) -> None:
    customer = world.customer
    customer.kind = "person"
    customer.save()
    assert "social credit code" not in completeness(customer)[1]


def test_the_record_is_verified_again_after_half_a_year(world: World) -> None:
    seed_calendar([2026, 2027])
    customer = world.customer
    first = Deadline.objects.get(rule="customer.verify")
    assert first.due_at == MORNING + timedelta(days=180)
    with clock.at(MORNING + timedelta(days=10)):
        customers.verify_customer(customer, by=world.root, remarks="电话核对")
    assert (customer.verified_at, customer.verified_by) == (MORNING + timedelta(days=10), world.root)
    assert Deadline.objects.open().get(rule="customer.verify").due_at == MORNING + timedelta(days=190)
    first.refresh_from_db()
    assert first.outcome == "met"


def test_an_edit_is_kept_with_old_and_new_value(world: World) -> None:
    customer = world.customer
    customers.change_customer(customer, by=world.root, name="新名称", region="四川")
    row = FieldHistory.objects.filter(table_name="customers_customer", op="U").latest("pk")
    assert (row.before["region"], row.after["region"], row.by) == ("重庆", "四川", world.root)
    assert row.log == ActionLog.objects.get(verb="customers.change_customer")


def test_the_new_owner_is_told_and_sees_it(world: World) -> None:
    customer = world.customer
    assert not Customer.objects.visible_to(world.alice).exists()
    customers.assign_customer(customer, by=world.root, owner=world.alice, reason="接手")
    assert Customer.objects.visible_to(world.alice).get() == customer
    assert not Customer.objects.visible_to(world.bob).exists()
    assert Message.objects.get(template="customers.assigned").recipient == world.alice
    root, alice = world.root, world.alice
    with refused("same_owner"):
        customers.assign_customer(customer, by=root, owner=alice)


def test_supply_is_suspended_and_resumed_with_reasons(world: World) -> None:
    customer, root = world.customer, world.root
    customers.suspend_supply(customer, by=root, reason="逾期 30 天")
    assert (customer.supply_suspended, customer.suspension_reason) == (True, "逾期 30 天")
    with refused("suspended"):
        customers.suspend_supply(customer, by=root, reason="x")
    customers.resume_supply(customer, by=root, reason="已付清")
    assert (customer.supply_suspended, customer.suspension_reason) == (False, "")
    with refused("not_suspended"):
        customers.resume_supply(customer, by=root, reason="x")
    reasons = ActionLog.objects.filter(verb__endswith="_supply").order_by("pk")
    assert [row.inputs["reason"] for row in reasons] == ["逾期 30 天", "已付清"]


def test_sales_do_not_suspend_and_finance_does(world: World) -> None:
    customer, alice = world.customer, world.alice
    customers.assign_customer(customer, by=world.root, owner=alice)
    with refused("forbidden"):
        customers.suspend_supply(customer, by=alice, reason="x")
    assert customers.suspend_supply(customer, by=world.person("finance", "finance"), reason="x").supply_suspended


def test_days_to_pay_are_for_customers_on_account(world: World) -> None:
    form = TermsForm({"payment_terms": "prepay", "payment_days": "30"}, by=world.root, obj=world.customer)
    assert list(form.problems()) == ["payment_days"]
    customers.set_payment_terms(world.customer, by=world.root, payment_terms="credit", payment_days=30)
    assert (world.customer.payment_terms, world.customer.payment_days) == ("credit", 30)


def test_a_customer_has_one_main_contact(world: World) -> None:
    customer, root = world.customer, world.root
    with refused("one_main_contact") as caught:
        customers.add_contact(customer, by=root, name="李四", main=True)
    assert caught.value.sentence == "The customer has a main contact already."
    customers.retire_contact(world.contact, by=root)
    assert customers.add_contact(customer, by=root, name="李四", main=True).main


def test_who_has_left_is_kept_but_not_offered(world: World) -> None:
    contact, root = customers.retire_contact(world.contact, by=world.root), world.root
    assert (contact.active, contact.main) == (False, False)
    with refused("left"):
        customers.retire_contact(contact, by=root)


def test_a_paper_that_expires_is_announced_thirty_days_before(world: World) -> None:
    seed_calendar([2026, 2027])
    paper = customers.add_document(
        world.customer, by=world.root, kind="licence", number="91350100M000100Y43", expires_on=date(2027, 1, 4)
    )
    row = Deadline.objects.get(rule="document.expiry")
    assert row.warn_at.astimezone(shanghai(1, 1).tzinfo).date() == date(2026, 12, 5)
    with clock.at(shanghai(7, 9, month=12)):
        sweep()
    assert Message.objects.filter(template="deadlines.warn", subject_pk=paper.pk).exists()
    new = customers.renew_document(paper, by=world.root, expires_on=date(2031, 1, 4))
    paper.refresh_from_db()
    assert (paper.status, new.status, new.number) == ("replaced", "valid", "91350100M000100Y43")
    assert Deadline.objects.open().get(rule="document.expiry").subject == new


def test_a_stranger_sees_and_changes_nothing(world: World) -> None:
    customer, charlie = world.customer, world.charlie
    for verb, inputs in ((customers.verify_customer, {}), (customers.add_contact, {"name": "x"})):
        with pytest.raises(Customer.DoesNotExist):
            verb(customer, by=charlie, **inputs)
    assert Contact.objects.count() == 1
    assert Customer.objects.get().version == customer.version
