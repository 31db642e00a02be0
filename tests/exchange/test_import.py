"""Customers on their way in: mapped, checked, run."""

import io

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.utils import translation

from crm.exchange import checking, files, running, tasks
from crm.exchange.actions import check_import, map_import, run_import
from crm.exchange.models import Import, ImportRow, RememberedMapping
from crm.exchange.tasks import sweep, work_on_import
from crm.records.models import ActionLog
from crm.refusals import Forbidden, Refused
from customers.models import Contact, Customer
from tests.exchange.conftest import csv, errors_of, map_with, sheets_of, xlsx

pytestmark = pytest.mark.django_db

TWO = "Customer number,Name,Contact,Mobile\nC1,晨光照明,王芳,13800138000\nC2,东方电器,李雷,13800138001\n"
CREATED = "customers.create_customer"


def test_a_file_goes_in_by_the_verb_of_the_page(imported, alice):
    source = imported(csv(TWO))
    assert (source.status, source.counts, source.total) == (Import.Status.DONE, {"done": 2}, 2)
    assert list(Customer.objects.order_by("code").values_list("code", "name", "owner")) == [
        ("C1", "晨光照明", alice.pk),
        ("C2", "东方电器", alice.pk),
    ]
    assert Contact.objects.get(name="王芳").mobile == "+8613800138000"
    log = ActionLog.objects.filter(verb=CREATED).first()
    assert (log.actor, log.door, log.request_id) == (alice, "import", f"import-{source.pk}")


def test_the_check_changes_nothing(checked):
    source = checked(csv(TWO))
    assert (source.status, source.counts) == (Import.Status.CHECKED, {"good": 2})
    assert not Customer.objects.exists()
    assert not ActionLog.objects.filter(verb=CREATED).exists()


@pytest.fixture
def decides(alice):
    """Alice may set tiers as well."""
    alice.groups.add(Group.objects.get(name="sales_manager"))


def test_without_the_right_to_set_tiers_only_regular_customers_go_in(imported):
    source = imported(csv("Customer number,Name,Tier\nC1,晨光照明,VIP\nC2,东方电器,regular\nC3,光明电器,\n"))
    assert errors_of(source) == {"C2": "tier"}
    assert set(Customer.objects.values_list("code", "tier")) == {("C2", "regular"), ("C3", "regular")}


def test_each_error_names_its_cell_and_the_good_rows_go_in(decides, imported):
    source = imported(
        csv(
            "Customer number,Name,Tier,Contact,Mobile,Mail\n"
            "C1,晨光照明,VIP,王芳,13800138000,wang@example.com\n"
            "C2,,gold,李雷,12,not-a-mail\n"
            "C3,东方电器,key,韩梅,,\n"
        )
    )
    assert errors_of(source) == {"B3": "required", "C3": "choice", "E3": "phone", "F3": "email"}
    assert (source.status, source.counts) == (Import.Status.DONE, {"done": 2, "bad": 1})
    assert set(Customer.objects.values_list("code", "tier")) == {("C1", "vip"), ("C3", "key")}


def test_two_rows_of_one_number_that_disagree_are_told_by_cell(decides, checked):
    source = checked(csv("Customer number,Name,Tier,Contact\nC1,晨光照明,vip,a\nC1,东方电器,,b\n"))
    assert (errors_of(source), source.counts) == ({"B3": "differs"}, {"bad": 1})


def test_the_same_number_in_two_rows_is_told_where_rows_are_records(checked):
    source = checked(csv("Customer number,Name\nC1,晨光照明\nC1,晨光照明\n"))
    assert (errors_of(source), source.counts) == ({"A3": "twice"}, {"good": 1, "bad": 1})


def test_no_message_repeats_an_identifier(checked):
    source = checked(csv("Name,Contact,Mobile,Mail\nx,y,13800138000 5,someone@@example.com\n"))
    text = str([row.errors for row in source.rows.all()])
    assert source.counts == {"bad": 1}
    assert "13800138000" not in text
    assert "someone" not in text


def test_all_or_nothing_does_nothing_while_a_row_has_errors(checked, alice):
    source = checked(csv("Customer number,Name\nC1,晨光照明\nC2,\n"))
    assert source.counts == {"good": 1, "bad": 1}
    with pytest.raises(Refused) as caught:
        run_import(source, by=alice, mode="all")
    assert caught.value.code == "rows_with_errors"
    source.refresh_from_db()
    assert source.status == Import.Status.CHECKED
    assert not Customer.objects.exists()


def test_all_or_nothing_takes_everything_back_when_a_row_fails_in_the_middle(checked, alice, bob):
    from customers.actions import create_customer

    source = checked(csv(TWO))
    create_customer(
        by=bob, code="C2", name="别人的", owner=None, address="", contacts=[], kind="company", tier="regular"
    )
    run_import(source, by=alice, mode="all")
    work_on_import(source.pk)
    source.refresh_from_db()
    assert source.status == Import.Status.CHECKED
    assert source.counts == {"good": 1, "bad": 1}
    assert "3" in source.problem
    assert list(Customer.objects.values_list("name", flat=True)) == ["别人的"]
    assert errors_of(source) == {"A3": "exists"}


def test_the_good_rows_go_in_when_one_is_refused_in_the_middle(checked, alice, bob):
    from customers.actions import create_customer

    source = checked(csv(TWO))
    create_customer(
        by=bob, code="C1", name="别人的", owner=None, address="", contacts=[], kind="company", tier="regular"
    )
    run_import(source, by=alice, mode="good")
    work_on_import(source.pk)
    source.refresh_from_db()
    assert (source.status, source.counts) == (Import.Status.DONE, {"refused": 1, "done": 1})
    assert set(Customer.objects.values_list("name", flat=True)) == {"别人的", "东方电器"}


def test_a_record_that_exists_is_an_error_is_left_or_is_changed_as_chosen(imported, checked):
    imported(csv(TWO))
    again = "Customer number,Name,Region\nC1,晨光集团,上海\nC3,新客户,北京\n"
    assert errors_of(checked(csv(again))) == {"A2": "exists"}
    assert checked(csv(again), existing="skip").counts == {"skipped": 1, "good": 1}
    source = imported(csv(again), existing="change")
    assert source.counts == {"done": 2}
    customer = Customer.objects.get(code="C1")
    assert (customer.name, customer.region, customer.version) == ("晨光集团", "上海", 1)
    assert customer.contacts.get().name == "王芳"
    assert ActionLog.objects.about(customer).first().verb == "customers.change_customer"


def test_a_row_that_changes_nothing_is_left_alone(imported):
    imported(csv(TWO))
    source = imported(csv("Customer number,Name\nC1,晨光照明\nC2,东方\n"), existing="change")
    assert source.counts == {"same": 1, "done": 1}
    assert Customer.objects.get(code="C1").version == 0


def test_a_change_after_the_check_is_not_overwritten(imported, checked, alice):
    from customers.actions import change_customer

    imported(csv(TWO))
    source = checked(csv("Customer number,Name\nC1,晨光集团\n"), existing="change")
    customer = Customer.objects.get(code="C1")
    change_customer(customer, by=alice, name="晨光股份")
    run_import(source, by=alice)
    work_on_import(source.pk)
    source.refresh_from_db()
    assert source.counts == {"refused": 1}
    assert source.rows.get().errors[0]["code"] == "stale"
    assert Customer.objects.get(code="C1").name == "晨光股份"


def test_rows_that_share_a_number_are_one_record_with_several_lines(imported):
    text = "客户编号,客户名称,联系人,手机\nC1,晨光照明,王芳,13800138000\nC2,东方电器,李雷,\nC1,,韩梅,13800138002\n"
    source = imported(csv(text, encoding="gb18030"))
    assert source.counts == {"done": 2}
    contacts = Customer.objects.get(code="C1").contacts.order_by("pk")
    assert [(each.name, each.main) for each in contacts] == [("王芳", True), ("韩梅", False)]


def test_lines_may_come_in_a_file_of_their_own(imported):
    head = csv("customerID,companyName\nC1,晨光照明\nC2,东方电器\n")
    lines = csv("customerID,contactName\nC1,王芳\nC1,韩梅\nC9,谁\n", "people.csv")
    source = imported(head, lines)
    assert source.counts == {"done": 2, "bad": 1}
    assert Customer.objects.get(code="C1").contacts.count() == 2
    assert Customer.objects.get(code="C2").contacts.count() == 0
    bad = source.rows.get(state="bad")
    assert (bad.place, bad.errors[0]["code"]) == ("CSV!4", "no_header_row")


def test_lines_may_stand_in_a_second_sheet(imported):
    head = [["customerID", "companyName"], ["C1", "晨光照明"]]
    people = [["customerID", "contactName", "mobile"], ["C1", "王芳", 13800138000], ["C1", "韩梅", "x"]]
    source = imported(xlsx([*head, ["C2", "东方电器"]], People=people))
    assert errors_of(source) == {"People!C3": "phone"}
    assert list(Customer.objects.values_list("code", flat=True)) == ["C2"]


def test_the_same_number_twice_is_found_in_two_tables(checked):
    head = csv("customerID,companyName\nC1,晨光照明\nC1,东方电器\n")
    source = checked(head, csv("customerID,contactName\nC1,王芳\n", "people.csv"))
    assert source.rows.get(number=2).errors[0]["code"] == "twice"


def test_rare_characters_come_in_whole(imported):
    name = "𠮷野家㐂𣗋 😀 مرحبا"
    imported(xlsx([["Name"], [name]]))
    assert Customer.objects.get().name == name


def test_a_text_that_is_too_long_is_told_and_five_thousand_characters_are_kept(imported):
    source = imported(xlsx([["Name", "Remarks"], ["好" * 121, ""], ["x", "好" * 5000], ["y", "好" * 5001]]))
    assert errors_of(source) == {"A2": "max_length", "B4": "max_length"}
    assert Customer.objects.get().remarks == "好" * 5000


def test_words_that_mean_empty_and_one_value_for_all_rows(decides, imported):
    source = imported(
        csv("Name,Region,Industry\nx,NULL,待定\ny,北京,照明\n"),
        empty_words="NULL, 待定",
        values=[{"column": "region", "value": "上海"}, {"column": "tier", "value": "Key customer"}],
    )
    assert source.counts == {"done": 2}
    assert list(Customer.objects.order_by("name").values_list("region", "industry", "tier")) == [
        ("上海", "", "key"),
        ("北京", "照明", "key"),
    ]


def test_an_error_cell_of_excel_is_told(checked):
    book = openpyxl.Workbook()
    for row in (["Name", "Region"], ["x", None]):
        book.active.append(row)
    book.active["B2"] = "#N/A"
    book.active["B2"].data_type = "e"
    target = io.BytesIO()
    book.save(target)
    from django.core.files.uploadedfile import SimpleUploadedFile

    assert errors_of(checked(SimpleUploadedFile("c.xlsx", target.getvalue()))) == {"B2": "cell_error"}


def test_the_mapping_is_guessed_by_aliases_labels_of_both_languages_and_likeness(upload):
    source = upload(csv("客户编号,Company Name,联系人,telefone,Fax\nC1,x,y,021-55551234,z\n"))
    form = map_with(source)
    assert form.is_valid()
    assert form.cleaned_data["mapping"]["head"] == {
        "客户编号": "code",
        "Company Name": "name",
        "联系人": "contacts.name",
        "telefone": "contacts.phone",
    }


def test_a_mapping_is_remembered_for_the_shape_of_the_file(upload, mapped, alice, bob):
    columns = [{"header": "A", "column": "name"}, {"header": "B", "column": "region"}]
    mapped(upload(csv("A,B\nx,y\n")), columns=columns, country="DE", existing="skip")
    form = map_with(upload(csv("B,A\nz,w\n")))
    assert form.is_valid()
    assert form.cleaned_data["mapping"]["head"] == {"A": "name", "B": "region"}
    assert (form.cleaned_data["options"]["country"], form.cleaned_data["options"]["existing"]) == ("DE", "skip")
    other = map_import.bind(by=bob, obj=upload(csv("A,B\nz,w\n"), by=bob), data={})
    assert other.is_valid()
    assert RememberedMapping.objects.count() == 1


def test_a_wrong_sheet_is_told_before_anything_is_read(upload):
    form = map_with(upload(csv("foo,bar\n1x,2x\n")))
    assert not form.is_valid()
    assert form.problems()[""][0]["code"] == "wrong_sheet"
    missing = map_with(upload(xlsx([["Name"], ["x"]])), sheet="Nowhere")
    assert not missing.is_valid()
    assert missing.problems()[""][0]["code"] == "wrong_sheet"


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ([{"header": "Nothing", "column": "name"}], "header"),
        ([{"header": "Name", "column": "status"}], "column"),
        ([{"header": "Name", "column": "name"}, {"header": "Short", "column": "name"}], "twice"),
        ([{"header": "Name", "column": "short_name"}], "required"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(upload, columns, code):
    form = map_with(upload(csv("Name,Short\nx,y\n")), columns=columns)
    assert not form.is_valid()
    assert form.problems()[""][0]["code"] == code


def test_rows_that_failed_come_back_as_a_workbook_which_goes_in_when_it_is_mended(imported):
    source = imported(csv("Name,Mobile,Contact\nx,12,y\ngood,,\n"))
    assert source.counts == {"bad": 1, "done": 1}
    content = b"".join(files.open_stored(source, files.FAILED))
    with translation.override(source.language):
        rows = sheets_of(content)["CSV"]
    assert [row[:3] for row in rows] == [["Name", "Mobile", "Contact"], ["x", "12", "y"]]
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.active["B2"].fill.fgColor.rgb == "FFF9C9C4"
    assert book.active["A2"].fill.fgColor.rgb != "FFF9C9C4"
    book.active["B2"] = "13800138000"
    target = io.BytesIO()
    book.save(target)
    from django.core.files.uploadedfile import SimpleUploadedFile

    mended = imported(SimpleUploadedFile("mended.xlsx", target.getvalue()))
    assert (mended.counts, errors_of(mended)) == ({"done": 1}, {})
    assert Contact.objects.get(name="y").mobile == "+8613800138000"


def test_a_worker_that_is_killed_is_followed_by_one_that_doubles_nothing(checked, alice, monkeypatch):
    rows = "".join(f"C{number},客户{number}\n" for number in range(7))
    source = checked(csv(f"Customer number,Name\n{rows}"))
    run_import(source, by=alice)
    attempt, tried = running._attempt, []

    def dying(*arguments):
        if len(tried) == 3:
            raise SystemExit("killed")
        tried.append(arguments)
        return attempt(*arguments)

    monkeypatch.setattr(running, "_attempt", dying)
    with pytest.raises(SystemExit):
        work_on_import(source.pk)
    source.refresh_from_db()
    assert source.status == Import.Status.RUNNING
    assert Customer.objects.count() == 3
    monkeypatch.setattr(running, "_attempt", attempt)
    work_on_import(source.pk)
    source.refresh_from_db()
    assert (source.status, source.counts) == (Import.Status.DONE, {"done": 7})
    assert Customer.objects.count() == 7
    assert ActionLog.objects.filter(verb=CREATED).count() == 7


def test_a_check_goes_on_where_a_killed_worker_stopped(upload, mapped, alice, monkeypatch):
    monkeypatch.setattr(checking, "CHUNK", 2)
    source = mapped(upload(csv("Customer number,Name\nC1,a\nC2,b\nC3,c\nC1,d\nC5,e\n")), existing="refuse")
    check_import(source, by=alice)
    real, calls = checking.try_out, []

    def dying(*arguments):
        if len(calls) == 1:
            raise SystemExit("killed")
        calls.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(checking, "try_out", dying)
    with pytest.raises(SystemExit):
        work_on_import(source.pk)
    assert source.rows.count() == 2
    monkeypatch.setattr(checking, "try_out", real)
    work_on_import(source.pk)
    source.refresh_from_db()
    assert (source.status, source.rows.count()) == (Import.Status.CHECKED, 5)
    assert errors_of(source) == {"A5": "twice"}


def test_work_that_never_gets_anywhere_is_given_up(checked, alice):
    source = checked(csv(TWO))
    run_import(source, by=alice)
    Import.objects.filter(pk=source.pk).update(attempts=tasks.ATTEMPTS)
    work_on_import(source.pk)
    source.refresh_from_db()
    assert source.status == Import.Status.DONE
    assert source.problem
    assert not Customer.objects.exists()


def test_the_sweep_wakes_what_nobody_works_on(checked, alice, monkeypatch):
    woken = []
    monkeypatch.setattr(tasks, "wake_import", woken.append)
    source = checked(csv(TWO))
    sweep()
    assert woken == []
    run_import(source, by=alice)
    sweep()
    assert woken == [source.pk]


def test_long_work_is_cut_into_tasks(checked, alice, monkeypatch):
    source = checked(csv(TWO))
    run_import(source, by=alice)
    woken = []
    monkeypatch.setattr(tasks, "SECONDS", -1)
    monkeypatch.setattr(tasks, "wake_import", woken.append)
    work_on_import(source.pk)
    assert woken == [source.pk]
    assert Customer.objects.count() == 1
    work_on_import(source.pk)
    source.refresh_from_db()
    assert (source.status, Customer.objects.count()) == (Import.Status.DONE, 2)


def test_only_who_uploaded_a_file_sends_its_rows_in(checked, bob, person, sales):
    source = checked(csv(TWO))
    with pytest.raises(Import.DoesNotExist):
        run_import(source, by=bob)
    with pytest.raises(Refused) as caught:
        run_import(source, by=person("root", "administrator", department=sales))
    assert caught.value.code == "not_yours"
    assert source.rows.filter(state=ImportRow.State.GOOD).count() == 2
    assert not Customer.objects.exists()


def test_who_may_not_enter_customers_may_not_import_them(counter):
    from crm.exchange.actions import upload_import

    form = upload_import.bind(by=counter, data={"kind": "customers"}, files={"file": csv(TWO)})
    assert not form.is_valid()
    with pytest.raises(Forbidden):
        upload_import(by=counter, kind="customers", file=csv(TWO))
    assert not Import.objects.exists()


def test_a_right_that_was_lost_on_the_way_refuses_every_row(checked, alice):
    source = checked(csv(TWO))
    run_import(source, by=alice)
    alice.groups.clear()
    work_on_import(source.pk)
    source.refresh_from_db()
    assert source.counts == {"refused": 2}
    assert source.rows.first().errors[0]["code"] == "forbidden"
    assert not Customer.objects.exists()
