"""Staff send the application form as a link: to whom, on whose behalf, and when not (JD 2.2)."""

import re
from typing import Any

import pytest
from django.test import Client

from crm.accounts.models import Department
from crm.actions import ACTIONS
from crm.links.models import Link
from crm.outbox.models import Message
from customers import actions as customers
from customers.models import Contact, Customer
from orders import actions as orders
from orders.applications import actions as applications
from orders.applications.forms import AskToApplyForm
from orders.applications.models import SentForm
from orders.inquiries import actions as inquiries
from tests.world import MORNING, World, nothing_moves, refused


def of(world: World, owner: Any) -> Customer:
    """The customer, in the hands of `owner`."""
    customers.assign_customer(world.customer, by=world.root, owner=owner)
    return Customer.objects.get(pk=world.customer.pk)


def test_the_contact_gets_a_mail_with_a_link_for_two_weeks(world: World) -> None:
    applications.ask_to_apply(of(world, world.alice), by=world.alice, contact=world.contact)
    mail = Message.objects.get(template="applications.form")
    assert (mail.channel, mail.email, mail.contact_name, mail.language) == (
        "mail",
        "wang@example.com",
        "王小明",
        "zh-hans",
    )
    path = re.search(r"http://testserver(/l/\S+)", mail.text("zh-hans")["body"])
    assert path and Client().get(path[1]).status_code == 200
    link, form = Link.objects.get(), SentForm.objects.get()
    assert (link.subject, link.customer_id, link.made_by) == (form, world.customer.pk, world.alice)
    assert (link.expires_at - MORNING).days == 14
    assert (form.contact, form.applicant, form.sent_by, form.status) == (
        world.contact,
        world.alice,
        world.alice,
        "sent",
    )


def test_an_english_contact_gets_english(world: World) -> None:
    Contact.objects.filter(pk=world.contact.pk).update(language="en")
    applications.ask_to_apply(world.customer, by=world.root, contact=Contact.objects.get())
    mail = Message.objects.get(template="applications.form")
    assert mail.text("en")["subject"].startswith("Please fill in your order")
    assert Link.objects.get().language == "en"


def test_only_contacts_of_this_customer_with_a_mail_address_are_offered(world: World) -> None:
    mine, other = world.contact, world.new_customer().contacts.get()
    silent = customers.add_contact(world.customer, by=world.root, name="李四", language="zh-hans")
    form = AskToApplyForm({"contact": other.pk}, by=world.root, obj=world.customer)
    assert list(form.problems()) == ["contact"]
    assert silent not in form.fields["contact"].queryset
    assert list(AskToApplyForm({"contact": mine.pk}, by=world.root, obj=world.customer).problems()) == []


def test_without_a_mail_address_it_cannot_be_sent(world: World) -> None:
    world.contact.email = ""
    world.contact.save()
    root, customer, contact = world.root, world.customer, world.contact
    with refused("no_mail_address"):
        applications.ask_to_apply(customer, by=root, contact=contact)


def test_an_inquiry_must_have_its_customer_first(world: World) -> None:
    found, root, contact = world.new_inquiry(), world.root, world.contact
    with refused("no_customer"):
        applications.ask_inquirer_to_apply(found, by=root, contact=contact)


def test_a_second_form_of_one_inquiry_ends_the_first(world: World) -> None:
    found = world.new_inquiry(customer=world.customer)
    for _each in range(2):
        applications.ask_inquirer_to_apply(found, by=world.root, contact=world.contact)
    assert list(Link.objects.order_by("pk").values_list("status", flat=True)) == ["ended", "active"]
    assert found.sent_forms.count() == 2


def test_reception_sends_it_on_behalf_of_whoever_answers(world: World) -> None:
    front = world.person("lin", "reception", department=Department.objects.create(code="front", name="前台"))
    found = inquiries.record_inquiry(by=front, name="x", matter="？", owner=world.alice, customer=world.customer)
    applications.ask_inquirer_to_apply(found, by=front, contact=world.contact)
    form = SentForm.objects.get()
    assert (form.sent_by, form.applicant) == (front, world.alice)


def test_reception_cannot_send_what_nobody_would_look_after(world: World) -> None:
    front = world.person("lin", "reception", department=Department.objects.create(code="front", name="前台"))
    contact = world.contact
    Customer.objects.update(owner=None)
    found = inquiries.record_inquiry(by=front, name="x", matter="？", customer=Customer.objects.get())
    with refused("nobody"):
        applications.ask_inquirer_to_apply(found, by=front, contact=contact)


def test_who_does_not_see_the_customer_sends_him_nothing(world: World) -> None:
    customer, contact, charlie = of(world, world.alice), world.contact, world.charlie
    with nothing_moves(), pytest.raises(Customer.DoesNotExist):
        applications.ask_to_apply(customer, by=charlie, contact=contact)
    clerk = world.clerk
    with refused("forbidden"):
        applications.ask_to_apply(customer, by=clerk, contact=contact)


def test_an_inquiry_that_is_ordered_already_needs_no_form(world: World) -> None:
    found, root, contact = world.new_inquiry(customer=world.customer), world.root, world.contact
    inquiries.close_inquiry(found, by=root, reason="x")
    assert ACTIONS["applications.ask_inquirer_to_apply"].refusal(found, root).code == "wrong_state"
    with refused("wrong_state"):
        applications.ask_inquirer_to_apply(found, by=root, contact=contact)


def test_the_form_stands_on_the_pages_of_customer_and_inquiry_and_can_be_revoked(world: World) -> None:
    found = world.new_inquiry(customer=world.customer)
    applications.ask_inquirer_to_apply(found, by=world.root, contact=world.contact)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(world.root)
    for path in (found.get_absolute_url(), world.customer.get_absolute_url()):
        page = client.get(path).text
        assert "Application forms sent" in page and "Not opened yet" in page
        assert f"/do/links.revoke_link/{Link.objects.get().pk}/" in page


def test_staff_still_make_orders_in_their_own_name(world: World) -> None:
    order = world.new_order()
    assert (order.applied_by, order.department) == (world.root, world.root.department)
    assert orders.submit_order.name == "orders.submit_order"
