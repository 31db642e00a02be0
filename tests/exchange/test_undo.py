"""An import is undone as far as nobody has built on it."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from crm import clock
from crm.deadlines.models import Deadline
from crm.exchange import undoing
from crm.exchange.actions import undo_import
from crm.exchange.models import Import, RememberedMapping
from crm.exchange.tasks import tidy
from crm.records.models import ActionLog, FieldHistory
from crm.refusals import Refused
from customers.actions import add_contact, change_customer, log_contact
from customers.models import Address, Contact, Customer
from tests.exchange.conftest import csv, xlsx

pytestmark = pytest.mark.django_db

TWO = (
    "Customer number,Name,Contact,Mobile,Address\n"
    "C1,晨光照明,王芳,13800138000,上海\nC2,东方电器,李雷,13800138001,北京\n"
)


def test_what_was_made_goes_with_its_parts_and_deadlines(imported, undone):
    source = imported(csv(TWO))
    assert Deadline.objects.count() == 2
    source = undone(source)
    assert (source.status, source.counts) == (Import.Status.UNDONE, {"undone": 2})
    assert not Customer.objects.exists()
    assert not Contact.objects.exists()
    assert not Address.objects.exists()
    assert not Deadline.objects.exists()
    log = ActionLog.objects.get(verb="exchange.undo_import")
    gone = FieldHistory.objects.filter(table_name="customers_customer", op=FieldHistory.Op.DELETE)
    assert {(row.by_id, row.log_id) for row in gone} == {(source.by_id, log.pk)}


def test_each_row_is_logged_as_a_consequence_of_the_import(imported):
    imported(csv(TWO))
    cause = ActionLog.objects.get(verb="exchange.run_import")
    rows = ActionLog.objects.filter(verb="customers.create_customer")
    assert [row.cause for row in rows] == [cause, cause]


def test_what_somebody_worked_on_stays_with_the_reason(imported, undone, alice):
    source = imported(csv(TWO))
    customer = Customer.objects.get(code="C1")
    log_contact(customer, by=alice, channel="phone", direction="out", at=customer.created_at, contact=None, what="x")
    source = undone(source)
    assert source.counts == {"kept": 1, "undone": 1}
    row = source.rows.get(state="kept")
    assert (row.errors[0]["code"], row.errors[0]["cell"]) == ("touched", "2")
    assert "Alice" in row.errors[0]["message"]
    assert list(Customer.objects.values_list("code", flat=True)) == ["C1"]
    assert customer.contacts.count() == 1


def test_after_a_deadlock_a_row_is_tried_again(imported, undone, monkeypatch):
    class Ended(Exception):
        pgcode = "40P01"

    source, codes, remove = imported(csv(TWO)), ["40P01", "40P01"], undoing._remove

    def meet(importer, row):
        if codes:
            raise OperationalError(codes.pop()) from Ended()
        return remove(importer, row)

    monkeypatch.setattr(undoing, "_remove", meet)
    assert (undone(source).counts, codes) == ({"undone": 2}, [])
    assert not Customer.objects.exists()


def test_what_another_record_refers_to_stays(imported, undone, alice):
    source = imported(csv(TWO))
    from customers.models import Task

    customer = Customer.objects.get(code="C2")
    Task.objects.create(customer=customer, what="x", due_on="2030-01-01", owner=alice)
    source = undone(source)
    assert source.rows.get(state="kept").errors[0]["code"] == "referred_to"
    assert list(Customer.objects.values_list("code", flat=True)) == ["C2"]


def test_a_part_that_was_added_later_keeps_the_record(imported, undone, alice):
    source = imported(csv(TWO))
    add_contact(Customer.objects.get(code="C1"), by=alice, name="韩梅")
    assert undone(source).counts == {"kept": 1, "undone": 1}
    assert Contact.objects.count() == 2


def test_what_was_changed_gets_its_old_values(imported, undone):
    imported(csv(TWO))
    change = "Customer number,Name,Region,Social credit code\nC1,晨光集团,上海,91310000MA1FL0BT9U\n"
    source = imported(xlsx([line.split(",") for line in change.strip().split("\n")]), existing="change")
    assert source.counts == {"done": 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT before FROM exchange_importrow WHERE source_id = %s", [source.pk])
        assert "91310000" not in cursor.fetchone()[0]
    source = undone(source)
    assert source.counts == {"undone": 1}
    customer = Customer.objects.get(code="C1")
    assert (customer.name, customer.region, customer.licence, customer.version) == ("晨光照明", "", "", 2)


def test_a_field_that_was_edited_since_is_left_and_named(imported, undone, alice):
    imported(csv(TWO))
    source = imported(csv("Customer number,Name,Region\nC1,晨光集团,上海\n"), existing="change")
    change_customer(Customer.objects.get(code="C1"), by=alice, region="苏州")
    source = undone(source)
    customer = Customer.objects.get(code="C1")
    assert (customer.name, customer.region) == ("晨光照明", "苏州")
    row = source.rows.get()
    assert (row.state, row.errors[0]["code"]) == ("undone", "edited")


def test_where_everything_was_edited_since_nothing_is_restored(imported, undone, alice):
    imported(csv(TWO))
    source = imported(csv("Customer number,Name\nC1,晨光集团\n"), existing="change")
    change_customer(Customer.objects.get(code="C1"), by=alice, name="晨光股份")
    source = undone(source)
    assert source.counts == {"kept": 1}
    assert Customer.objects.get(code="C1").name == "晨光股份"


def test_an_import_is_undone_once(imported, undone, alice):
    source = undone(imported(csv(TWO)))
    with pytest.raises(Refused):
        undo_import(source, by=alice)
    assert not Customer.objects.exists()


def test_the_same_file_can_go_in_again_after_it_was_undone(imported, undone):
    undone(imported(csv(TWO)))
    assert imported(csv(TWO)).counts == {"done": 2}


def test_after_a_year_the_rows_are_forgotten_and_the_counts_stay(imported, alice):
    source = imported(csv("客户编号,客户名称\nC1,晨光照明\n"))
    with clock.at(source.at + timedelta(days=365)):
        tidy()
    assert source.rows.count() == 1
    with clock.at(source.at + timedelta(days=365, seconds=1)):
        tidy()
        assert source.rows.count() == 0
        source.refresh_from_db()
        assert (source.counts, source.files, source.samples) == ({"done": 1}, {}, "")
        with pytest.raises(Refused) as caught:
            undo_import(source, by=alice)
    assert caught.value.code == "nothing_done"
    assert Customer.objects.get().name == "晨光照明"


def test_a_mapping_that_nobody_used_for_two_years_is_forgotten(imported):
    imported(csv("客户编号,客户名称\nC1,晨光照明\n"))
    used = RememberedMapping.objects.get().used_at
    with clock.at(used + timedelta(days=730)):
        tidy()
    assert RememberedMapping.objects.count() == 1
    with clock.at(used + timedelta(days=730, seconds=1)):
        tidy()
    assert RememberedMapping.objects.count() == 0
