"""A list on its way out: as it is filtered, masked, without formulas, for whoever ordered it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import translation

from crm import clock
from crm.exchange import tasks, vault
from crm.exchange.actions import export_list
from crm.exchange.forms import ExportForm
from crm.exchange.models import Export
from crm.exchange.tasks import sweep, tidy, write_export
from crm.records.models import ActionLog
from crm.refusals import Forbidden
from customers.actions import create_customer
from customers.models import Customer
from tests.exchange.conftest import sheets_of

pytestmark = pytest.mark.django_db

WHY = {"purpose": "price letter", "recipient": "printer's"}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def customers(alice):
    for number, name in enumerate(["=1+1", "+86 Ltd", "𠮷野家 😀"], 1):
        create_customer(
            by=alice,
            code=f"C{number}",
            name=name,
            owner=None,
            address="",
            kind="company",
            tier="vip" if number == 1 else "regular",
            contacts=[{"name": f"P{number}", "mobile": f"1380013800{number}", "roles": ["buyer"]}],
        )


def exported(by, **inputs) -> Export:
    """An export as the page orders it, written by the background."""
    form = export_list.bind(by=by, data={"listing": "customers", **WHY, **inputs})
    assert form.is_valid(), form.problems()
    export = export_list(by=by, **form.cleaned_data)
    write_export(export.pk)
    export.refresh_from_db()
    return export


def content(export: Export) -> bytes:
    return vault.content(export.file, export.file_key)


def test_a_list_is_written_as_it_is_filtered_sorted_and_arranged(customers, alice):
    export = exported(alice, query="tier=regular&order=-code", columns=["code", "name", "tier"])
    assert (export.status, export.total, export.problem) == (Export.Status.DONE, 2, "")
    sheets = sheets_of(content(export))
    assert sheets["Customers"] == [
        ["Number", "Name", "Tier"],
        ["C3", "𠮷野家 😀", "Regular"],
        ["C2", "+86 Ltd", "Regular"],
    ]
    about = dict(row[:2] for row in sheets["About this file"])
    assert (about["What for"], about["Who gets it"], about["By"]) == ("price letter", "printer's", "Alice")


def test_without_a_choice_the_columns_are_those_of_the_page(customers, alice):
    assert exported(alice, query="columns=name,code").columns == ["name", "code"]
    assert exported(alice).columns[:3] == ["code", "name", "status"]


def test_no_formula_of_a_customer_s_runs_in_the_sheet_or_in_csv(customers, alice):
    import io

    import openpyxl

    export = exported(alice, columns=["code", "name"], query="order=code")
    sheet = openpyxl.load_workbook(io.BytesIO(content(export))).active
    assert [(cell.value, cell.data_type) for cell in sheet["B"][1:]] == [
        ("=1+1", "s"),
        ("+86 Ltd", "s"),
        ("𠮷野家 😀", "s"),
    ]
    text = content(exported(alice, columns=["code", "name"], query="order=code", format="csv"))
    assert text.decode("utf-8-sig").splitlines() == ["Number,Name", "C1,'=1+1", "C2,'+86 Ltd", "C3,𠮷野家 😀"]


def test_masked_columns_stay_masked_unless_one_may_and_asks(customers, alice, person, sales):
    columns = ["name", "mobile"]
    export = exported(alice, listing="contacts", columns=columns)
    assert [row[1] for row in sheets_of(content(export))["Contacts"][1:]] == ["****8003", "****8002", "****8001"]
    keeper = person("keeper", "warehouse", department=sales)
    assert "reveal" not in ExportForm({"listing": "contacts", "reveal": "on", **WHY}, by=keeper).fields
    root = person("root", department=sales, is_superuser=True)
    assert not exported(root, listing="contacts", columns=columns).revealed
    shown = exported(root, listing="contacts", columns=columns, reveal="on")
    assert sheets_of(content(shown))["Contacts"][1][1] == "138 0013 8003"
    log = ActionLog.objects.filter(verb="exchange.export_list").first()
    assert (log.actor, log.inputs["reveal"], log.inputs["purpose"]) == (root, True, "price letter")


def test_only_what_one_may_see_is_exported(customers, person, sales):
    seller = person("dora", "sales", department=sales)
    assert exported(seller).total == 0
    assert exported(person("eve", "sales_support", department=sales)).total == 3


def test_purpose_and_recipient_are_needed(alice):
    form = export_list.bind(by=alice, data={"listing": "customers"})
    assert not form.is_valid()
    assert set(form.problems()) == {"purpose", "recipient"}


@pytest.mark.parametrize(
    ("inputs", "field"),
    [({"listing": "nothing"}, "listing"), ({"query": "order=password"}, ""), ({"query": "owner=abc"}, "")],
)
def test_a_list_or_filter_that_does_not_exist_is_told(alice, inputs, field):
    form = export_list.bind(by=alice, data={"listing": "customers", **WHY, **inputs})
    assert not form.is_valid()
    assert list(form.problems()) == [field]
    assert not Export.objects.exists()


def test_who_may_not_export_is_refused(counter):
    with pytest.raises(Forbidden):
        export_list(by=counter, listing="customers", purpose="x", recipient="y", columns=["name"])
    assert not Export.objects.exists()


def test_the_file_is_encrypted_on_disk_and_removed_after_its_time(customers, alice, settings):
    export = exported(alice, format="csv", columns=["name"])
    path = Path(settings.MEDIA_ROOT) / "exchange" / export.file
    assert "Ltd" not in path.read_bytes().decode("latin-1")
    with clock.at(clock.now() + timedelta(days=6, hours=23)):
        tidy()
    assert path.exists()
    with clock.at(clock.now() + timedelta(days=7, minutes=1)):
        tidy()
    assert not path.exists()
    export.refresh_from_db()
    assert (export.file, export.file_key, export.is_removed) == ("", "", True)


def test_a_list_of_nothing_is_a_header(alice):
    assert sheets_of(content(exported(alice, columns=["code"])))["Customers"] == [["Number"]]


def test_a_killed_worker_is_followed_by_one_that_writes_it(customers, alice, monkeypatch):
    form = export_list.bind(by=alice, data={"listing": "customers", **WHY})
    assert form.is_valid()
    export = export_list(by=alice, **form.cleaned_data)

    def dying(export):
        yield b"half"
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(tasks.exporting, "write", dying)
        with pytest.raises(SystemExit):
            write_export(export.pk)
    export.refresh_from_db()
    assert (export.status, list(vault.folder().iterdir())) == (Export.Status.WRITING, [])
    woken = []
    monkeypatch.setattr(tasks, "wake_export", woken.append)
    sweep()
    assert woken == [export.pk]
    write_export(export.pk)
    export.refresh_from_db()
    assert (export.status, export.total) == (Export.Status.DONE, 3)


def test_deadlines_owners_and_dates_are_in_the_reader_s_words(customers, alice):
    export = exported(alice, columns=["status", "owner", "deadline", "verified_at", "supply_suspended"])
    with translation.override("en"):
        row = sheets_of(content(export))["Customers"][1]
    due = Customer.objects.get(code="C3").verified_at + timedelta(days=180)
    assert row[:2] == ["Potential", "Alice"]
    assert abs((row[2] - due.replace(tzinfo=None)).total_seconds()) < 86400 * 2
    assert row[4] == "no"


def test_a_tab_is_part_of_the_filter(customers, alice):
    assert exported(alice, query=QueryDict("tab=vip").urlencode()).total == 1


def test_no_columns_are_refused(alice):
    with pytest.raises(ValidationError):
        export_list(by=alice, listing="customers", purpose="x", recipient="y", columns=[])
