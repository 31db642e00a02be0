"""Customers on their way in: mapped, checked, run."""

import pytest

from crm.exchange.actions import run_import
from crm.exchange.models import Import, ImportRow
from crm.exchange.tasks import work_on_import
from crm.records.models import ActionLog
from crm.refusals import Refused
from customers.models import Contact, Customer
from tests.exchange.conftest import csv, errors_of, xlsx

TWO = "Customer number,Name,Contact,Mobile\nC1,晨光照明,王芳,13800138000\nC2,东方电器,李雷,13800138001\n"


@pytest.mark.django_db
def test_a_file_goes_in_by_the_verb_of_the_page(imported, alice):
    source = imported(csv(TWO))
    assert (source.status, source.counts, source.total) == (Import.Status.DONE, {"done": 2}, 2)
    assert list(Customer.objects.order_by("code").values_list("code", "name", "owner")) == [
        ("C1", "晨光照明", alice.pk),
        ("C2", "东方电器", alice.pk),
    ]
    assert Contact.objects.get(name="王芳").mobile == "+8613800138000"
    log = ActionLog.objects.filter(verb="customers.create_customer").first()
    assert (log.actor, log.door, log.request_id) == (alice, "import", f"import-{source.pk}")


@pytest.mark.django_db
def test_the_check_changes_nothing(checked):
    source = checked(csv(TWO))
    assert (source.status, source.counts) == (Import.Status.CHECKED, {"good": 2})
    assert not Customer.objects.exists()
    assert not ActionLog.objects.filter(verb="customers.create_customer").exists()
