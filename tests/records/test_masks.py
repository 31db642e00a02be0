"""Identifiers on screen, and the look that is logged."""

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.forms import modelform_factory
from django.urls import reverse

from crm.records.kinds import mask_of_tail
from crm.records.masks import display, masked, reveal
from crm.records.models import ActionLog
from crm.refusals import Forbidden
from customers.models import Contact, Customer

pytestmark = pytest.mark.django_db


def url(obj, name):
    return reverse("reveal", args=[obj._meta.label_lower, obj.pk, name])


def looks():
    return ActionLog.objects.filter(verb="records.reveal")


@pytest.fixture
def reader(bob, contact):
    """Bob sees the customer, since he is involved, and is in no role that may see identifiers."""
    from crm.accounts.scopes import involve

    bob.groups.clear()
    involve(contact.customer, why="helps", user=bob)
    return bob


def test_everybody_sees_a_mask(contact, root):
    assert masked(contact, "mobile") == "138****8000"
    assert display(contact, "mobile", root) == "138****8000"
    assert display(contact, "email", root) == "s***@example.com"
    assert display(contact, "phone") == ""
    assert display(contact, "preferred_channel") == "Phone"
    assert display(contact, "name") == "单田芳"


def test_a_mask_of_what_was_not_loaded_comes_from_the_tail(contact, django_assert_num_queries):
    light = Contact.objects.defer("mobile").get(pk=contact.pk)
    with django_assert_num_queries(0):
        assert masked(light, "mobile") == "****8000"
    row = Contact.objects.values("mobile_tail").get(pk=contact.pk)
    assert mask_of_tail(row["mobile_tail"]) == "****8000"


def test_masking_what_is_not_encrypted_is_a_mistake(contact):
    with pytest.raises(TypeError, match=r"name of customers\.Contact is not encrypted"):
        masked(contact, "name")


def test_who_may_sees_it_in_clear_and_the_look_is_logged_without_the_value(contact, alice):
    assert reveal(contact, "mobile", by=alice) == "138 0013 8000"
    row = looks().get()
    assert (row.actor, row.subject_pk, row.customer_id) == (alice, contact.pk, contact.customer_id)
    assert row.inputs == {"field": "mobile"}


def test_without_the_permission_it_is_refused_and_nothing_is_logged(contact, reader):
    with pytest.raises(Forbidden):
        reveal(contact, "mobile", by=reader)
    assert not looks().exists()


@pytest.mark.parametrize("name", ["name", "nothing", "mobile_index"])
def test_only_identifiers_are_revealed(contact, root, name):
    with pytest.raises(FieldDoesNotExist):
        reveal(contact, name, by=root)
    assert not looks().exists()


def test_the_page_answers_the_clear_value_once(client, contact, alice):
    client.force_login(alice)
    answer = client.post(url(contact, "mobile"))
    assert answer.status_code == 200
    assert answer.content.decode().strip() == '<span class="revealed">138 0013 8000</span>'
    assert "no-store" in answer["Cache-Control"]
    assert looks().get().door == "page"
    answer = client.post(url(contact, "mobile"), headers={"Accept": "application/json"})
    assert answer.json() == {"value": "138 0013 8000"}
    assert looks().count() == 2


def test_looking_needs_a_post_and_a_sign_in(client, contact, alice):
    assert client.post(url(contact, "mobile")).status_code == 302
    client.force_login(alice)
    assert client.get(url(contact, "mobile")).status_code == 405
    assert not looks().exists()


def test_what_one_does_not_see_is_not_there(client, contact, charlie, alice):
    client.force_login(charlie)
    assert client.post(url(contact, "mobile")).status_code == 404
    client.force_login(alice)
    for label, pk, name in [
        ("customers.contact", 999999, "mobile"),
        ("customers.contact", contact.pk, "name"),
        ("customers.nothing", 1, "x"),
        ("nothing", 1, "x"),
        ("records.attachment", 1, "key"),
        ("auth.group", 1, "name"),
    ]:
        assert client.post(reverse("reveal", args=[label, pk, name])).status_code == 404
    assert not looks().exists()


def test_the_page_refuses_with_the_reason(client, contact, reader):
    client.force_login(reader)
    answer = client.post(url(contact, "mobile"))
    assert answer.status_code == 403
    assert "records.reveal" in answer.content.decode()
    assert "8000" not in answer.content.decode()
    answer = client.post(url(contact, "mobile"), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


class TestAFormThatEdits:
    form = modelform_factory(Contact, fields=["name", "mobile", "email"])

    def test_shows_masks_and_no_clear_value(self, contact):
        html = str(self.form(instance=contact))
        assert 'value="138****8000"' in html
        assert 'type="tel"' in html
        assert "1380013" not in html and "shan@example" not in html

    def test_keeps_what_came_back_masked(self, contact):
        data = {"name": "单老师", "mobile": "138****8000", "email": "s***@example.com"}
        form = self.form(data, instance=contact)
        assert form.is_valid(), form.errors
        assert form.changed_data == ["name"]
        form.save()
        again = Contact.objects.get(pk=contact.pk)
        assert (again.name, again.mobile, again.email) == ("单老师", "+8613800138000", "shan@example.com")

    def test_takes_a_new_value_and_an_empty_one(self, contact):
        form = self.form({"name": "单", "mobile": "139 0013 9123", "email": ""}, instance=contact)
        assert form.is_valid(), form.errors
        form.save()
        again = Contact.objects.get(pk=contact.pk)
        assert (again.mobile, again.email) == ("+8613900139123", "")

    def test_refuses_another_mask(self, contact):
        form = self.form({"name": "单", "mobile": "139****9123", "email": ""}, instance=contact)
        assert form.errors["mobile"] == ["A phone number has digits, spaces, brackets, dashes and a + in front."]

    def test_shows_what_was_typed_when_it_is_wrong(self, contact):
        form = self.form({"name": "单", "mobile": "13800", "email": ""}, instance=contact)
        assert 'value="13800"' in str(form)

    def test_a_new_record_takes_what_is_typed(self, huawei):
        form = self.form({"name": "单", "mobile": "13800138000", "email": "x"}, instance=Contact(customer=huawei))
        assert list(form.errors) == ["email"]
        assert form.cleaned_data["mobile"] == "+8613800138000"


def test_companions_come_through_an_abstract_model_once():
    names = [field.name for field in Customer._meta.fields]
    assert names.count("licence_index") == 1 and names.count("licence_tail") == 1
