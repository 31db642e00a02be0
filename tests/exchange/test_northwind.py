"""The Northwind customers go in as they are; skipped where the shared data is not at hand."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.exchange.models import Import
from customers.models import Contact, Customer
from tests.exchange.conftest import NORTHWIND, errors_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not NORTHWIND.is_dir(), reason="../shared/data/northwind is not there"),
]


def test_all_customers_of_northwind_come_in_by_a_guessed_mapping(imported):
    content = (NORTHWIND / "customers.csv").read_bytes()
    source = imported(SimpleUploadedFile("customers.csv", content), mode="all")
    assert errors_of(source) == {}
    assert (source.status, source.counts) == (Import.Status.DONE, {"done": 91})
    customer = Customer.objects.get(code="ALFKI")
    assert (customer.name, customer.region) == ("Alfreds Futterkiste", "")
    assert customer.addresses.get().text == "Obere Str. 57, Berlin, 12209, Germany"
    contact = customer.contacts.get()
    assert (contact.name, contact.title, contact.main) == ("Maria Anders", "Sales Representative", True)
    assert contact.phone == "+49300074321"
    assert Contact.objects.count() == 91
    assert Customer.objects.get(code="ANATR").addresses.get().text.startswith("Avda. de la Constitución 2222")
