"""Verbs through REST: done once, refused in the right way, and logged with the way they came."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.accounts.models import User
from crm.accounts.scopes import involve
from crm.records.models import ActionLog
from customers.models import Customer, Note
from tests.api.conftest import Api, at, may

NEW = "customers.create_customer/"


def unchanged(customer):
    """Whether the customer is as he was, and nothing was logged."""
    fresh = Customer.objects.get(pk=customer.pk)
    return fresh.version == 0 and not fresh.supply_suspended and not ActionLog.objects.exists()


@pytest.fixture
def suspend(customer):
    return f"customers/{customer.pk}/customers.suspend_supply/"


def test_what_is_made_is_answered_with_its_address_and_its_verbs(api):
    body = {"name": "新客户", "contacts": [{"name": "李四", "mobile": "13800138000", "roles": ["buyer"]}]}
    response = api.post(NEW, body)
    assert response.status_code == 201, response.content
    made = Customer.objects.get()
    record = response.json()
    assert response["Location"] == record["url"] == f"http://testserver/api/v1/customers/{made.pk}/"
    assert record["contacts"][0]["name"] == "李四"
    assert "8000" in record["contacts"][0]["mobile"]
    assert "customers.verify_customer" in [each["name"] for each in record["actions"]]
    assert made.contacts.get().mobile == "+8613800138000"


def test_a_verb_answers_its_record_as_it_is_now(api, suspend):
    response = api.post(suspend, {"reason": "overdue"})
    assert response.status_code == 200
    record = response.json()
    assert (record["supply_suspended"], record["suspension_reason"], record["version"]) == (True, "overdue", 1)
    assert response["ETag"] == '"1"'
    assert "customers.resume_supply" in [each["name"] for each in record["actions"]]


def test_the_log_says_who_did_it_through_which_token(api, suspend):
    response = api.post(suspend, {"reason": "overdue"})
    row = ActionLog.objects.get()
    assert (row.verb, row.actor, row.door, row.token) == (
        "customers.suspend_supply",
        api.user,
        "api",
        api.token.pk,
    )
    assert (row.address, row.request_id) == ("127.0.0.1", response["X-Request-ID"])


def test_the_same_key_does_it_once_and_answers_the_same(api):
    first = api.post(NEW, {"name": "A"}, key="k1")
    second = api.post(NEW, {"name": "A"}, key="k1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["pk"] == second.json()["pk"]
    assert Customer.objects.count() == 1


def test_the_same_key_with_other_input_is_422(api):
    api.post(NEW, {"name": "A"}, key="k1")
    response = api.post(NEW, {"name": "B"}, key="k1")
    assert (response.status_code, response.json()["error"]["code"]) == (422, "key_reused")
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "A", "colour": "red"}, {"name": 5}])
def test_the_same_key_with_input_that_cannot_be_is_422_too(api, body):
    api.post(NEW, {"name": "A"}, key="k1")
    response = api.post(NEW, body, key="k1")
    assert (response.status_code, response.json()["error"]["code"]) == (422, "key_reused")
    assert (Customer.objects.count(), ActionLog.objects.count()) == (1, 1)


def test_the_same_key_for_a_verb_on_another_record_is_422(api, customer, suspend):
    assert api.post(suspend, {"reason": "x"}, key="k1").status_code == 200
    other = Customer.objects.create(name="B", code="B")
    for path in (
        f"customers/{other.pk}/customers.suspend_supply/",
        f"customers/{customer.pk}/customers.resume_supply/",
    ):
        response = api.post(path, {"reason": ""}, key="k1")
        assert (response.status_code, response.json()["error"]["code"]) == (422, "key_reused")
    assert ActionLog.objects.count() == 1


def test_a_body_that_says_the_same_in_another_order_is_the_same_request(api):
    first = api.post(NEW, '{"name": "A", "code": "C77"}', key="k1")
    second = api.post(NEW, '{ "code":"C77", "name":"A" }', key="k1")
    assert (second.status_code, second.json()["pk"]) == (201, first.json()["pk"])


def test_a_retry_is_answered_though_its_input_is_no_longer_possible(api):
    first = api.post(NEW, {"name": "A", "code": "C77"}, key="k1")
    second = api.post(NEW, {"name": "A", "code": "C77"}, key="k1")  # the number is taken now, by the first
    assert (second.status_code, second.json()["pk"]) == (201, first.json()["pk"])
    assert api.post(NEW, {"name": "A", "code": "C77"}, key="k2").status_code == 400


def test_a_retry_is_answered_though_the_record_went_out_of_sight(customer, charlie):
    involve(customer, why="test", user=charlie)
    may(charlie, "customers.verify_customer")
    api = Api(charlie)
    path = f"customers/{customer.pk}/customers.verify_customer/"
    assert api.post(path, {}, key="k1").status_code == 200
    from crm.accounts.models import Participant

    Participant.objects.all().delete()
    again = api.post(path, {}, key="k1")
    assert (again.status_code, again.json()) == (200, {"pk": customer.pk, "type": "customers.customer", "url": None})
    assert api.post(path, {}, key="k2").status_code == 404
    assert ActionLog.objects.count() == 1


def test_a_key_that_is_too_long_is_400(api):
    response = api.post(NEW, {"name": "A"}, key="k" * 81)
    assert list(response.json()["error"]["fields"]) == ["Idempotency-Key"]
    assert not Customer.objects.exists()


def test_an_old_version_is_412_with_the_present_one(api, customer, suspend):
    api.post(f"customers/{customer.pk}/customers.verify_customer/")
    ActionLog.objects.all().delete()
    response = api.post(suspend, {"reason": "x"}, version=0)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["version"]) == (412, "stale", 1)
    assert response["ETag"] == '"1"'
    assert not Customer.objects.get().supply_suspended
    assert api.post(suspend, {"reason": "x"}, version=1).status_code == 200


@pytest.mark.parametrize("given", ["abc", '"1", "2"', "-1"])
def test_a_version_that_is_none_is_400(api, customer, suspend, given):
    headers = {"If-Match": given}
    response = api.client.post(at(suspend), {"reason": "x"}, content_type="application/json", headers=headers)
    assert list(response.json()["error"]["fields"]) == ["If-Match"]
    assert unchanged(customer)


def test_the_wrong_state_is_409_with_what_to_do(api, customer):
    response = api.post(f"customers/{customer.pk}/customers.resume_supply/", {"reason": "paid"})
    assert (response.status_code, response.json()["error"]["code"]) == (409, "not_suspended")
    assert unchanged(customer)


def test_without_the_right_it_is_403_even_with_bad_input(customer, charlie, suspend):
    involve(customer, why="test", user=charlie)
    for body in ({"reason": "x"}, {"reason": ""}, {"colour": "red"}):
        response = Api(charlie).post(suspend, body)
        assert (response.status_code, response.json()["error"]["code"]) == (403, "forbidden")
    assert unchanged(customer)


def test_an_unseen_record_is_404(customer, charlie, suspend):
    may(charlie, "customers.suspend_supply")
    assert Api(charlie).post(suspend, {"reason": "x"}).status_code == 404
    assert unchanged(customer)


def test_a_token_for_reading_does_no_verbs(alice, customer, suspend):
    response = Api(alice, "read").post(suspend, {"reason": "x"})
    assert (response.status_code, response.json()["error"]["code"]) == (403, "token_scope")
    assert unchanged(customer)


def test_a_token_for_one_verb_does_it_and_reads_nothing(alice, customer, suspend):
    response = Api(alice, "customers.suspend_supply").post(suspend, {"reason": "x"})
    assert response.status_code == 200
    assert response.json() == {"pk": customer.pk, "type": "customers.customer", "url": None}


def test_a_missing_field_is_400(api, customer, suspend):
    response = api.post(suspend, {})
    assert response.json()["error"]["fields"]["reason"][0]["code"] == "required"
    assert unchanged(customer)


def test_the_second_line_is_named_where_it_is_wrong(api):
    body = {"name": "A", "contacts": [{"name": "B"}, {"name": "C", "mobile": "12"}]}
    assert list(api.post(NEW, body).json()["error"]["fields"]) == ["contacts[1].mobile"]
    assert not Customer.objects.exists()


def test_an_edit_changes_what_is_sent_and_leaves_the_rest(api, customer):
    Customer.objects.filter(pk=customer.pk).update(region="华东", remarks="old")
    response = api.patch(f"customers/{customer.pk}/", {"remarks": "new"})
    assert response.status_code == 200, response.content
    fresh = Customer.objects.get()
    assert (fresh.remarks, fresh.region, fresh.licence) == ("new", "华东", "91310000MA1K35N13Q")
    assert ActionLog.objects.get().inputs == {"remarks": "new"}


def test_an_edit_of_a_version_that_is_old_changes_nothing(api, customer):
    api.patch(f"customers/{customer.pk}/", {"remarks": "first"}, version=0)
    assert api.patch(f"customers/{customer.pk}/", {"remarks": "second"}, version=0).status_code == 412
    assert Customer.objects.get().remarks == "first"


def test_an_edit_by_post_is_the_same_as_by_patch(api, customer):
    response = api.post(f"customers/{customer.pk}/customers.change_customer/", {"remarks": "new"})
    assert response.status_code == 200
    assert (Customer.objects.get().remarks, Customer.objects.get().name) == ("new", "东方红照明")


def test_a_file_comes_as_a_part_of_a_form(api, customer, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    paper = SimpleUploadedFile("licence.pdf", b"%PDF-1.4\n%%EOF", content_type="application/pdf")
    form = {"kind": "licence", "title": "营业执照", "upload": paper}
    response = api.client.post(at(f"customers/{customer.pk}/customers.add_document/"), form)
    assert response.status_code == 201, response.content
    document = customer.documents.get()
    assert (document.title, document.file.name) == ("营业执照", "licence.pdf")


def test_a_form_is_held_to_the_same_names(api, customer):
    response = api.client.post(at(f"customers/{customer.pk}/customers.add_document/"), {"kind": "other", "color": "x"})
    assert response.json()["error"]["fields"]["color"][0]["code"] == "unknown"
    assert not customer.documents.exists()


def test_lines_in_a_form_are_json(api):
    response = api.client.post(at(NEW), {"name": "A", "contacts": '[{"name": "B"}]'})
    assert response.status_code == 201, response.content
    assert Customer.objects.get().contacts.get().name == "B"


def test_a_session_needs_the_csrf_token(alice, customer, suspend):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    response = browser.post(at(suspend), {"reason": "x"}, content_type="application/json")
    assert (response.status_code, response.json()["error"]["code"]) == (403, "csrf")
    assert unchanged(customer)


def test_a_verb_says_what_it_takes_and_whether_it_is_possible(api, customer, suspend):
    found = api.get(suspend).json()
    assert (found["possible"], found["refused"], found["version"]) == (True, None, 0)
    assert found["input"]["properties"]["reason"] == {"type": "string", "maxLength": 300, "title": "reason"}
    api.post(suspend, {"reason": "x"})
    found = api.get(suspend).json()
    assert (found["possible"], found["refused"]["code"]) == (False, "suspended")


def test_a_verb_on_one_record_that_makes_another_answers_the_other(api, alice):
    note = Note.objects.create(name="新客户", received_by=alice)
    response = api.post(f"notes/{note.pk}/customers.enter_customer/", {"name": "新客户"})
    assert response.status_code == 201
    assert response.json()["url"] == f"http://testserver/api/v1/customers/{Customer.objects.get().pk}/"


def test_a_choice_beyond_what_the_caller_sees_is_refused(customer, charlie, alice):
    hidden = User.objects.create_user("gone", name="Gone", is_active=False)
    response = Api(alice).post(f"customers/{customer.pk}/customers.assign_customer/", {"owner": hidden.pk})
    assert response.json()["error"]["fields"]["owner"][0]["code"] == "invalid_choice"
    assert unchanged(customer)
