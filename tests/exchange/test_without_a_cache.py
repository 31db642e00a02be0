"""The cache and the broker are one server, and it may be down: imports and exports go on, and no page fails."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from crm.accounts.models import User
from crm.celery import app
from crm.exchange import vault
from crm.exchange.actions import check_import, export_list, run_import
from crm.exchange.forms import ExportForm
from crm.exchange.models import Export, Import
from crm.exchange.tasks import work_on_import, write_export
from customers.models import Customer
from tests.exchange.conftest import csv

NOWHERE = "redis://127.0.0.1:1/0"
TWO = "客户编号,客户名称\nC1,晨光照明\nC2,晨光电器\n"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def down(settings: Any) -> None:
    """Nothing answers where the cache should be."""
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": NOWHERE}
    settings.CACHES = {**settings.CACHES, "default": away}
    with pytest.raises(RedisError):
        cache.get("x")


@pytest.mark.parametrize("mode", ["good", "all"])
def test_a_file_goes_in_and_shows_what_the_database_knows(upload: Any, mapped: Any, alice: User, mode: str) -> None:
    browser = Client()
    browser.force_login(alice)
    source = mapped(upload(csv(TWO)))
    check_import(source, by=alice)
    work_on_import(source.pk)
    source = Import.objects.get()
    run_import(source, by=alice, mode=mode)
    Import.objects.filter(pk=source.pk).update(done=1)
    assert browser.get(source.get_absolute_url()).status_code == 200
    bar = browser.get(reverse("import-progress", args=[source.pk]), headers={"Accept-Language": "en"})
    assert (bar.status_code, 'value="50"' in bar.content.decode()) == (200, True)
    work_on_import(source.pk)
    source = Import.objects.get()
    assert (source.status, source.done, source.percent) == (Import.Status.DONE, 2, 100)
    assert list(Customer.objects.order_by("code").values_list("code", flat=True)) == ["C1", "C2"]
    answer = browser.get(f"/api/v1/imports/{source.pk}/").json()
    assert (answer["reached"], answer["percent"]) == (2, 100)


def test_a_list_goes_out(alice: User) -> None:
    browser = Client()
    browser.force_login(alice)
    form = ExportForm(
        {"listing": "customers", "purpose": "price letter", "recipient": "printer", "format": "csv"}, by=alice
    )
    assert form.is_valid(), form.problems()
    export = export_list(by=alice, **form.cleaned_data)
    assert browser.get(export.get_absolute_url()).status_code == 200
    assert browser.get(reverse("export-progress", args=[export.pk])).status_code == 200
    with translation.override("en"):
        write_export(export.pk)
    export = Export.objects.get()
    assert export.status == Export.Status.DONE
    assert vault.content(export.file, export.file_key).decode("utf-8-sig").startswith("Number,")


def test_a_wake_up_does_not_wait_for_a_broker_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("kombu.utils.functional.sleep", waited.append)
    with app.connection_for_write(NOWHERE) as connection, pytest.raises(OperationalError):
        work_on_import.apply_async((1,), retry=False, connection=connection)
    assert waited == []
