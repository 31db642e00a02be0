"""The database keeps the history: of every way in which a row changes, and out of the application's reach."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from crm import clock
from crm.accounts.models import User
from crm.records import grants, history
from crm.records.models import ActionLog, FieldHistory
from customers.actions import verify_customer
from customers.models import Contact, Customer

pytestmark = pytest.mark.django_db


def rows_of(obj, **condition):
    return FieldHistory.objects.filter(table_name=obj._meta.db_table, pk_value=obj.pk, **condition).order_by("id")


def only_change(obj):
    return rows_of(obj, op="U").get()


def execute(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []


def test_a_new_row_leaves_one_row_without_values(huawei):
    row = rows_of(huawei).get()
    assert (row.op, row.before, row.after, row.customer_id, row.version) == ("I", None, None, huawei.pk, 0)


def test_a_save_writes_the_columns_that_differ_and_no_others(huawei):
    huawei.remarks = "pays late"
    huawei.payment_terms, huawei.payment_days = "credit", 30
    huawei.save()
    row = only_change(huawei)
    assert row.before == {"remarks": "", "payment_terms": "prepay", "payment_days": 0}
    assert row.after == {"remarks": "pays late", "payment_terms": "credit", "payment_days": 30}


def test_a_save_without_a_change_writes_nothing_though_the_ciphertext_differs(contact):
    contact.save()
    assert not rows_of(contact, op="U").exists()


def test_an_update_in_bulk_is_seen(huawei, alice):
    other = Customer.objects.create(code="C-2", name="小米", owner=alice)
    assert Customer.objects.update(region="北京") == 2
    assert [only_change(each).after for each in (huawei, other)] == [{"region": "北京"}] * 2


def test_bulk_create_and_bulk_update_are_seen(huawei):
    first, second = Contact.objects.bulk_create([Contact(customer=huawei, name=name) for name in ("王", "李")])
    first.title, second.title = "Buyer", "Head"
    Contact.objects.bulk_update([first, second], ["title"])
    assert [only_change(each).after for each in (first, second)] == [{"title": "Buyer"}, {"title": "Head"}]
    assert rows_of(first, op="I").get().customer_id == huawei.pk


def test_raw_sql_is_seen_with_the_account_that_did_it(huawei):
    execute("UPDATE customers_customer SET region = 'X' WHERE id = %s", huawei.pk)
    row = only_change(huawei)
    assert (row.before, row.after) == ({"region": ""}, {"region": "X"})
    assert (row.by, row.db_user) == (None, execute("SELECT session_user")[0][0])


def test_a_removed_row_leaves_all_it_held(contact):
    pk = contact.pk
    contact.delete()
    row = FieldHistory.objects.get(table_name="customers_contact", pk_value=pk, op="D")
    assert row.before["name"] == "单田芳"
    assert row.before["mobile"] == "****8000"
    assert row.before["phone"] is None
    assert "mobile_index" not in row.before and "mobile_tail" not in row.before


def test_an_encrypted_column_is_kept_by_its_tails_only(contact):
    contact.mobile = "13900139123"
    contact.save()
    row = only_change(contact)
    assert (row.before, row.after) == ({"mobile": "****8000"}, {"mobile": "****9123"})
    assert "139001" not in str(execute("SELECT to_jsonb(h) FROM records_fieldhistory h"))


def test_search_columns_and_version_are_no_news(huawei):
    huawei.name = "小米"
    huawei.version = 7
    huawei.save()
    row = only_change(huawei)
    assert row.after == {"name": "小米"}
    assert row.version == 7


def test_a_password_is_in_no_history(alice):
    alice.set_password("other-password-42")
    alice.name = "Alicia"
    alice.save()
    assert rows_of(alice, op="U").last().after == {"name": "Alicia"}


def test_a_role_given_to_somebody_is_seen(alice):
    assert FieldHistory.objects.filter(table_name="accounts_user_groups", op="I").exists()


def test_within_a_verb_the_actor_and_the_log_row_are_known(huawei, alice):
    huawei = Customer.objects.get(pk=huawei.pk)
    verify_customer(huawei, by=alice, remarks="called")
    log = ActionLog.objects.get(verb="customers.verify_customer")
    row = only_change(huawei)
    assert (row.by, row.log, row.db_user) == (alice, log, "")
    assert row.after["verified_by_id"] == alice.pk


def test_numbers_are_read_back_exactly(huawei):
    execute(
        "INSERT INTO records_fieldhistory (at, table_name, op, db_user, after) VALUES (now(), 't', 'U', '', %s)",
        '{"a": 10.10}',
    )
    assert FieldHistory.objects.get(table_name="t").after == {"a": Decimal("10.10")}
    assert str(FieldHistory.objects.get(table_name="t").after["a"]) == "10.10"


def test_an_emptied_table_is_told(db):
    execute("TRUNCATE customers_reportedfield")
    assert not FieldHistory.objects.filter(op="T").exists()  # it has no history
    execute("TRUNCATE customers_task CASCADE")
    assert FieldHistory.objects.get(op="T").table_name == "customers_task"


def test_the_time_can_be_set_as_the_clock_is(huawei):
    execute("SELECT set_config('crm.now', '2026-01-02 03:04:05+00', true)")
    Customer.objects.filter(pk=huawei.pk).update(region="X")
    assert only_change(huawei).at.isoformat() == "2026-01-02T03:04:05+00:00"


def test_installing_again_touches_nothing(django_assert_num_queries):
    with django_assert_num_queries(3):
        history.install()


def test_a_changed_declaration_replaces_the_trigger_and_a_dropped_one_removes_it(huawei, monkeypatch):
    monkeypatch.setattr(Customer, "untracked", ("region",), raising=False)
    monkeypatch.setattr(Contact, "tracked", False)
    history.install()
    Customer.objects.update(region="X")
    assert not rows_of(huawei, op="U").exists()
    contact = Contact.objects.create(customer=huawei, name="王")
    assert not rows_of(contact).exists()
    monkeypatch.undo()
    history.install()
    Customer.objects.update(region="Y")
    assert only_change(huawei).after == {"region": "Y"}


def test_every_model_that_asks_for_it_has_a_trigger(db):
    with_trigger = {
        name
        for (name,) in execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'keep_history'"
        )
    }
    assert with_trigger == {model._meta.db_table for model in history.tracked_models()}
    assert {
        "customers_customer",
        "customers_contact",
        "accounts_user",
        "accounts_user_groups",
        "auth_group",
    } <= with_trigger


def test_what_changed_since_a_version_is_told(huawei):
    Customer.objects.filter(pk=huawei.pk).update(region="X", version=1)
    Customer.objects.filter(pk=huawei.pk).update(region="Y", version=2)
    assert [row.after for row in history.changes_since(huawei, 1)] == [{"region": "Y"}]
    assert [row.after for row in history.changes_since(huawei, 0)] == [{"region": "X"}, {"region": "Y"}]


class TestTheRoleOfWebAndWorker:
    @pytest.fixture(autouse=True)
    def role(self, huawei, alice):
        log = ActionLog.objects.create(verb="x.y", actor=alice, door="page")
        execute(f"SET LOCAL ROLE {settings.APP_ROLE}")
        yield log
        if not connection.needs_rollback:
            execute("RESET ROLE")

    @pytest.mark.parametrize("table", ["records_actionlog", "records_fieldhistory"])
    @pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
    def test_cannot_change_log_or_history(self, table, change):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            execute(change.format(table))

    def test_cannot_write_history_by_itself(self):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            execute("INSERT INTO records_fieldhistory (at, table_name, op, db_user) VALUES (now(), 'x', 'U', '')")

    @pytest.mark.parametrize(
        "change",
        [
            "ALTER TABLE customers_customer DISABLE TRIGGER keep_history",
            "DROP TRIGGER keep_history ON customers_customer",
            "CREATE OR REPLACE FUNCTION records_keep_history() RETURNS trigger LANGUAGE internal AS ''",
            "SET LOCAL session_replication_role = replica",
        ],
    )
    def test_cannot_take_the_trigger_away(self, change):
        with pytest.raises(ProgrammingError), transaction.atomic():
            execute(change)

    def test_works_and_what_it_does_is_kept(self, huawei, alice):
        huawei.region = "X"
        huawei.save()
        ActionLog.objects.create(verb="x.z", actor=alice, door="page", cause=ActionLog.objects.get(verb="x.y"))
        Contact.objects.create(customer=huawei, name="王", mobile="13800138000").delete()
        assert only_change(huawei).after == {"region": "X"}
        connection.check_constraints()


def test_granting_again_changes_nothing(db):
    asked = "SELECT relname, relacl::text FROM pg_class WHERE relacl IS NOT NULL ORDER BY 1"
    before = execute(asked)
    grants.install()
    assert execute(asked) == before
    assert User.objects.exists()


def test_clock_is_not_asked_by_the_trigger(huawei):
    assert abs(rows_of(huawei).get().at - clock.now()).total_seconds() < 60
