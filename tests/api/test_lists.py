"""Lists: filters, order, columns and paging, only over what the caller may see."""

import pytest

from crm.api.resources import RESOURCES, Resource
from crm.listing import LISTINGS, Column, Listing
from customers.filters import CustomerFilter
from customers.models import Contact, Customer
from customers.serializers import CustomerSerializer
from tests.api.conftest import Api, may


@pytest.fixture
def five(alice):
    return [Customer.objects.create(code=f"D{n}", name=f"Customer {n % 2}", owner=alice) for n in range(5)]


def keys(response):
    assert response.status_code == 200, response.content
    return [row["pk"] for row in response.json()["results"]]


def test_a_list_is_the_newest_first(api, five):
    assert keys(api.get("customers/")) == [each.pk for each in reversed(five)]


def test_pages_forth_and_back_hold_every_row_once(api, five):
    first = api.get("customers/", order="name", size=2).json()
    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()
    assert (first["previous"], third["next"]) == (None, None)
    wanted = [each.pk for each in sorted(five, key=lambda each: (each.name, each.pk))]
    assert [row["pk"] for page in (first, second, third) for row in page["results"]] == wanted
    assert api.get(third["previous"]).json()["results"] == second["results"]
    assert api.get(second["previous"]).json()["results"] == first["results"]


def test_a_filter_narrows_the_list(api, five):
    Customer.objects.filter(pk=five[2].pk).update(tier="vip")
    assert keys(api.get("customers/", tier="vip")) == [five[2].pk]
    assert keys(api.get("customers/", tier=["vip", "regular"])) == [each.pk for each in reversed(five)]


def test_a_tab_narrows_the_list(api, five, charlie):
    Customer.objects.exclude(pk=five[0].pk).update(owner=charlie)
    assert keys(api.get("customers/", tab="mine")) == [five[0].pk]


def test_columns_may_be_chosen(api, five):
    row = api.get("customers/", fields="code,name", size=1).json()["results"][0]
    assert row == {"pk": five[4].pk, "code": "D4", "name": "Customer 0"}


def test_identifiers_are_masked(api, customer):
    row = api.get("customers/").json()["results"][0]
    assert "N13Q" in row["licence"]
    assert "91310000" not in row["licence"]


def test_a_deadline_comes_when_it_is_asked_for(api, customer):
    row = api.get("customers/", fields="deadline").json()["results"][0]
    assert row == {"pk": customer.pk, "deadline": None}
    assert "deadline" not in api.get("customers/").json()["results"][0]


@pytest.mark.parametrize(
    ("parameters", "place"),
    [
        ({"colour": "red"}, "colour"),
        ({"size": "0"}, "size"),
        ({"size": "201"}, "size"),
        ({"size": "many"}, "size"),
        ({"fields": "name,colour"}, "fields"),
        ({"tab": "theirs"}, "tab"),
        ({"order": "remarks"}, ""),
        ({"cursor": "nonsense"}, ""),
        ({"tier": "gold"}, "tier"),
        ({"owner": "everybody"}, "owner"),
        ({"verified_before": "yesterday"}, "verified_before"),
    ],
)
def test_a_bad_parameter_is_named(api, parameters, place):
    response = api.get("customers/", **parameters)
    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == [place]


def test_an_identifier_is_searched_for_in_the_body(api, customer, five):
    Contact.objects.create(customer=customer, name="Li", mobile="13800138000")
    response = api.post("customers/search/", {"phone": "138 0013 8000", "fields": ["code"]})
    assert response.status_code == 200, response.content
    assert response.json() == {"results": [{"pk": customer.pk, "code": "C1"}], "next": None, "previous": None}


def test_a_search_is_paged_by_its_cursor(api, five):
    first = api.post("customers/search/", {"size": 3, "supply_suspended": False}).json()
    second = api.post("customers/search/", {"size": 3, "supply_suspended": False, "cursor": first["next"]}).json()
    assert [row["pk"] for row in first["results"] + second["results"]] == [each.pk for each in reversed(five)]
    assert second["next"] is None


@pytest.mark.parametrize("body", [{"colour": "red"}, {"tier": {"not": "vip"}}, {"tier": ["gold"]}, {"size": True}])
def test_a_bad_search_is_400(api, body):
    response = api.post("customers/search/", body)
    assert list(response.json()["error"]["fields"]) == list(body)


def test_a_search_is_no_page_to_get(api):
    assert api.get("customers/search/").status_code == 405


def test_who_may_not_list_is_told_so(charlie):
    assert Api(charlie).get("customers/").status_code == 403


def test_a_stranger_sees_nobody_s_customers(charlie, five):
    may(charlie, "customers.view_customer")
    assert keys(Api(charlie).get("customers/")) == []


def test_a_token_without_reading_may_not_list(alice, five):
    response = Api(alice, "customers.verify_customer").get("customers/")
    assert (response.status_code, response.json()["error"]["code"]) == (403, "token_scope")


def test_a_page_costs_the_token_and_one_query(api, five, django_assert_num_queries):
    api.get("customers/")
    with django_assert_num_queries(2):
        api.get("customers/")


def test_a_list_that_would_show_an_identifier_in_clear_is_no_resource():
    listing = Listing("secrets", Customer, "", [Column("licence", "Licence")], CustomerFilter)
    with pytest.raises(TypeError, match="shows licence in clear"):
        Resource(listing, CustomerSerializer)
    del LISTINGS["secrets"]
    assert "secrets" not in RESOURCES
