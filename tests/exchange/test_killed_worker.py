"""A real worker is killed in the middle of an import; the next one ends it, and nothing is doubled or lost."""

import pytest

from crm.exchange.actions import check_import, run_import
from crm.exchange.models import Import
from crm.exchange.tasks import sweep
from crm.records.models import ActionLog
from customers.models import Customer
from tests.exchange.conftest import csv, map_import, map_with, upload_import

ROWS = 300


@pytest.fixture(autouse=True)
def own_files() -> None:
    """The worker is a process of its own: it and this one share the folder of the settings."""


@pytest.mark.django_db(transaction=True)
def test_an_import_outlives_its_worker(worker, eventually, alice):
    text = "".join(f"C{number},客户{number}\n" for number in range(ROWS))
    form = upload_import.bind(
        by=alice, data={"kind": "customers"}, files={"file": csv(f"Customer number,Name\n{text}")}
    )
    assert form.is_valid()
    source = upload_import(by=alice, **form.cleaned_data)

    def status() -> str:
        source.refresh_from_db()
        return source.status

    eventually(lambda: status() == Import.Status.READ, 30, worker.log)
    mapping = map_with(source)
    assert mapping.is_valid()
    map_import(source, by=alice, **mapping.cleaned_data)
    check_import(source, by=alice)
    eventually(lambda: status() == Import.Status.CHECKED, 60, worker.log)
    run_import(source, by=alice)
    eventually(lambda: Customer.objects.count() >= 20, 60, worker.log)
    worker.kill()
    assert status() == Import.Status.RUNNING
    assert Customer.objects.count() < ROWS

    worker.start()
    worker.wait_ready(60)

    def ended() -> bool:
        sweep()
        return status() == Import.Status.DONE

    eventually(ended, 90, worker.log)
    assert source.counts == {"done": ROWS}
    assert Customer.objects.count() == ROWS
    assert ActionLog.objects.filter(verb="customers.create_customer").count() == ROWS
