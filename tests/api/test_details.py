"""One record: what stands in it, and what this caller can do to it now."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType

from crm.accounts.models import RoleReach
from crm.records.models import ActionLog
from customers.models import Contact, Customer
from tests.api.conftest import Api, may


def names(entries):
    return [each["name"] for each in entries]


def test_a_record_has_its_version_and_its_address(api, customer):
    response = api.get(f"customers/{customer.pk}/")
    assert response.status_code == 200
    record = response.json()
    assert (record["pk"], record["version"], record["name"]) == (customer.pk, 0, "东方红照明")
    assert record["url"] == f"http://testserver/api/v1/customers/{customer.pk}/"
    assert response["ETag"] == '"0"'


def test_moments_are_in_utc(api, customer):
    assert api.get(f"customers/{customer.pk}/").json()["created_at"].endswith("Z")


def test_possible_verbs_come_with_their_addresses(api, customer):
    record = api.get(f"customers/{customer.pk}/").json()
    actions = {each["name"]: each for each in record["actions"]}
    url = record["url"]
    assert actions["customers.verify_customer"]["method"] == "POST"
    assert actions["customers.verify_customer"]["url"] == f"{url}customers.verify_customer/"
    assert (actions["customers.change_customer"]["method"], actions["customers.change_customer"]["url"]) == (
        "PATCH",
        url,
    )


def test_refused_verbs_come_with_code_and_reason(api, customer):
    record = api.get(f"customers/{customer.pk}/").json()
    refused = {each["name"]: each for each in record["refused"]}
    assert refused["customers.resume_supply"]["code"] == "not_suspended"
    assert refused["customers.resume_supply"]["sentence"] == "Supply is not suspended."
    assert "customers.resume_supply" not in names(record["actions"])


def test_verbs_beyond_the_caller_s_rights_are_refused(alice, customer):
    record = Api(alice, "read").get(f"customers/{customer.pk}/").json()
    assert record["actions"] == []
    assert {each["code"] for each in record["refused"]} == {"token_scope"}


def test_an_unseen_record_is_404(charlie, customer):
    may(charlie, "customers.view_customer")
    assert Api(charlie).get(f"customers/{customer.pk}/").status_code == 404


def test_what_hangs_on_a_record_is_not_opened_by_its_number_where_its_list_is_refused(charlie, customer):
    role = Group.objects.create(name="sees all customers")
    kind = ContentType.objects.get_for_model(Customer)
    RoleReach.objects.create(role=role, model=kind, reach=RoleReach.Reach.ALL)
    charlie.groups.add(role)
    contact = Contact.objects.create(customer=customer, name="王芳")
    assert Api(charlie).get(f"customers/{customer.pk}/").status_code == 200
    for path in ["contacts/", f"contacts/{contact.pk}/", f"contacts/{contact.pk + 1}/"]:
        refused = Api(charlie).get(path)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    may(charlie, "customers.view_contact")
    assert Api(charlie).get(f"contacts/{contact.pk}/").json()["name"] == "王芳"


def test_identifiers_are_masked_and_nothing_is_logged(api, customer):
    record = api.get(f"customers/{customer.pk}/").json()
    assert "N13Q" in record["licence"]
    assert "91310000MA1K35N13Q" not in record["licence"]
    assert not ActionLog.objects.exists()


def test_an_identifier_is_shown_in_clear_when_it_is_asked_for_and_the_look_is_logged(api, customer):
    record = api.get(f"customers/{customer.pk}/", reveal="licence").json()
    assert record["licence"] == "91310000MA1K35N13Q"
    row = ActionLog.objects.get()
    assert (row.verb, row.actor, row.inputs) == ("records.reveal", api.user, {"field": "licence"})
    assert (row.door, row.token) == ("api", api.token.pk)


def test_nobody_sees_identifiers_in_clear_without_the_right(alice, charlie, customer):
    customer.owner = charlie
    customer.save()
    from crm.accounts.scopes import involve

    involve(customer, why="test", user=charlie)
    may(charlie, "customers.view_customer")
    for api in (Api(charlie), Api(alice, "read")):
        assert api.get(f"customers/{customer.pk}/", reveal="licence").status_code == 403
    assert not ActionLog.objects.exists()


@pytest.mark.parametrize("parameters", [{"reveal": "name"}, {"reveal": "licence,password"}, {"expand": "contacts"}])
def test_a_bad_parameter_is_400(api, customer, parameters):
    assert api.get(f"customers/{customer.pk}/", **parameters).status_code == 400
    assert not ActionLog.objects.exists()


def test_the_index_lists_what_there_is_for_the_caller(api, charlie):
    index = api.get("").json()
    assert "http://testserver/api/v1/customers/" in [each["url"] for each in index["resources"]]
    assert "customers.create_customer" in names(index["actions"])
    own = Api(charlie).get("").json()
    assert "customers" not in [each["key"] for each in own["resources"]]
    assert "customers.create_customer" not in names(own["actions"])


def test_the_browsable_page_answers_browsers(client, alice, customer):
    client.force_login(alice)
    page = client.get(f"/api/v1/customers/{customer.pk}/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert page["Content-Type"].startswith("text/html")
    assert "customers.verify_customer" in page.content.decode()
