"""The back office reads log, history and files, and writes nothing there."""

import pytest
from django.contrib import admin
from django.urls import reverse

from crm.records.models import ActionLog, FieldHistory
from customers.actions import set_payment_terms
from customers.models import Customer

pytestmark = pytest.mark.django_db
admin.autodiscover()  # harmless where the address table has done it


@pytest.fixture
def page(client, root, huawei):
    set_payment_terms(Customer.objects.get(pk=huawei.pk), by=root, payment_terms="credit", payment_days=30)
    client.force_login(root)

    def get(name, *arguments, **query):
        answer = client.get(reverse(f"admin:records_{name}", args=arguments), query)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_the_log_is_listed_in_words_and_found_by_verb(page, huawei):
    assert "Set payment terms" in page("actionlog_changelist")
    assert "Set payment terms" in page("actionlog_changelist", q="customers.set_payment_terms")
    assert "Set payment terms" not in page("actionlog_changelist", q="customers.verify_customer")
    assert "Set payment terms" in page("actionlog_changelist", customer_id=huawei.pk)
    assert "Set payment terms" not in page("actionlog_changelist", customer_id=huawei.pk + 1)


def test_the_history_is_listed_with_old_and_new_value(page):
    html = page("fieldhistory_changelist", q="customers_customer")
    assert "payment terms: Payment before pickup → On account; days to pay: 0 → 30" in html


def test_the_pages_of_one_row_are_read_only(page):
    for name, row in (("actionlog", ActionLog.objects.first()), ("fieldhistory", FieldHistory.objects.first())):
        html = page(f"{name}_change", row.pk)
        assert 'name="_save"' not in html and "deletelink" not in html


def test_listing_the_history_costs_the_same_for_many_rows(page, django_assert_max_num_queries):
    for number in range(20):
        Customer.objects.update(remarks=str(number))
    with django_assert_max_num_queries(12):
        page("fieldhistory_changelist")


@pytest.mark.parametrize("name", ["actionlog", "fieldhistory", "attachment"])
def test_nothing_is_added_there(client, root, name):
    client.force_login(root)
    assert client.get(reverse(f"admin:records_{name}_add")).status_code == 403
    assert client.get(reverse(f"admin:records_{name}_changelist")).status_code == 200
