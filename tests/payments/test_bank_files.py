"""A bank's file: CSV and Excel, in its own encoding and with its own columns; nothing is paid twice by it."""

import io
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.exchange.actions import check_import, map_import, run_import, undo_import, upload_import
from crm.exchange.models import Import
from crm.exchange.tasks import work_on_import
from crm.records.masks import masked
from orders.payments import actions as payments
from orders.payments.models import BankAccount, Receipt
from tests.payments.conftest import Company

HEAD = "交易日期,收入金额,支出金额,对方户名,对方账号,交易流水号,摘要,余额"


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Any) -> None:
    """Sealed files go into this test's own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"


def work_on(source: Import) -> None:
    """Until it is done: a slow machine does it in several turns, each of which the next task would take up."""
    work_on_import(source.pk)
    source.refresh_from_db()
    if source.is_working:
        work_on(source)


@pytest.fixture
def take(company: Company) -> Callable[..., Import]:
    """A function that takes a file as the cashier does, as far as `until` says."""

    def do(file: SimpleUploadedFile, until: str = "run", **inputs: Any) -> Import:
        by = company.cashier
        form = upload_import.bind(by=by, data={"kind": "receipts"}, files={"file": file})
        assert form.is_valid(), form.problems()
        source = upload_import(by=by, **form.cleaned_data)
        work_on(source)
        if source.status == Import.Status.UNUSABLE or until == "upload":
            return source
        mapping = map_import.bind(by=by, obj=source, data={"account": company.bank().pk, **inputs})
        assert mapping.is_valid(), mapping.problems()
        map_import(source, by=by, **mapping.cleaned_data)
        check_import(source, by=by)
        work_on(source)
        if until == "run" and source.counts.get("good"):
            run_import(source, by=by, mode="good")
            work_on(source)
        return source

    return do


def csv(*rows: str, head: str = HEAD, encoding: str = "utf-8", name: str = "bank.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([head, *rows]).encode(encoding), "text/csv")


def xlsx(*rows: Iterable[Any]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return SimpleUploadedFile("bank.xlsx", target.getvalue())


def told(source: Import) -> list[tuple[str, str]]:
    """Where something is said of a row, and its code."""
    return [(each["cell"], each["code"]) for row in source.rows.order_by("number") for each in row.errors]


IN = '2026-11-20,"12,800.00",,上海晨光照明有限公司,6222021234567890,20261120001,货款 SO2026-000123,"100,000.00"'
OUT = "2026-11-20,,350.00,国网重庆电力,6222029999999999,20261120002,电费,99650.00"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_file_of_the_bank_comes_in_whatever_its_encoding(take: Any, encoding: str) -> None:
    source = take(csv(IN, OUT, encoding=encoding))
    assert source.counts == {"done": 1, "left": 1}
    receipt = Receipt.objects.get()
    assert (receipt.amount, receipt.payer_name, receipt.serial, receipt.remark, receipt.balance) == (
        Decimal("12800.00"),
        "上海晨光照明有限公司",
        "20261120001",
        "货款 SO2026-000123",
        Decimal("100000.00"),
    )
    assert masked(receipt, "payer_account") == "****7890"
    assert (receipt.account.name, receipt.method) == ("基本户", "transfer")


def test_money_that_went_out_is_left_out_and_said_so(take: Any) -> None:
    source = take(csv(OUT, IN), until="check")
    assert source.counts == {"good": 1, "left": 1}
    assert told(source) == [("2", "left_out")]


def test_a_sign_or_a_word_says_that_it_went_out_too(take: Any) -> None:
    rows = ["2026-11-20,-350.00,贷,电费", "2026-11-20,350.00,借,电费", "2026-11-20,88.00,贷,货款"]
    source = take(csv(*rows, head="日期,金额,借贷标志,摘要"))
    assert source.counts == {"done": 1, "left": 2}
    assert Receipt.objects.get().amount == Decimal("88.00")


@pytest.mark.parametrize("word", ["支取", "汇出", "扣款", "支付", "代扣", "DR"])
def test_the_banks_usual_words_say_that_it_went_out(take: Any, word: str) -> None:
    source = take(csv(f"2026-11-20,350.00,{word},电费", head="日期,金额,借贷标志,摘要"), until="check")
    assert source.counts == {"left": 1}


@pytest.mark.parametrize("word", ["贷", "贷方", "收入", "存入", "汇入", "转入", "CR", "+"])
def test_the_banks_usual_words_say_that_it_came_in(take: Any, word: str) -> None:
    source = take(csv(f"2026-11-20,350.00,{word},货款", head="日期,金额,借贷标志,摘要"), until="check")
    assert source.counts == {"good": 1}


def test_a_word_that_nobody_knows_is_no_money_that_came_in(take: Any) -> None:
    rows = ["2026-11-20,350.00,冲正,电费", "2026-11-20,-5.00,冲正,电费", "2026-11-20,88.00,,货款"]
    source = take(csv(*rows, head="日期,金额,借贷标志,摘要"))
    assert source.counts == {"bad": 1, "left": 1, "done": 1}
    assert told(source)[0] == ("C2", "direction")
    assert Receipt.objects.get().amount == Decimal("88.00")


def test_a_line_with_an_outgoing_amount_went_out_whatever_else_it_says(take: Any) -> None:
    rows = ["2026-11-20,350.00,350.00,电费", "2026-11-20,88.00,0.00,货款"]
    source = take(csv(*rows, head="日期,交易金额,支出金额,摘要"))
    assert source.counts == {"left": 1, "done": 1}
    assert Receipt.objects.get().amount == Decimal("88.00")


def test_a_voucher_number_is_no_serial_number_for_banks_repeat_it(take: Any) -> None:
    rows = ["2026-11-20,5.00,晨光,7788,货款一", "2026-11-21,6.00,晨光,7788,货款二"]
    assert take(csv(*rows, head="日期,金额,付款人,凭证号,摘要")).counts == {"done": 2}
    assert [each.serial for each in Receipt.objects.all()] == ["", ""]


def test_an_excel_file_comes_in_with_the_banks_own_lines_above_the_headings(take: Any) -> None:
    source = take(
        xlsx(
            ["账户交易明细"],
            ["账号", "6222020000000001"],
            ["交易日期", "收入金额", "对方户名", "交易流水号", "摘要"],
            ["2026-11-20", 12800.5, "晨光", "X1", "货款"],
            [20261121, 5, "晨光", "X2", "货款"],
        )
    )
    assert source.counts == {"done": 2}
    assert [(each.received_on.isoformat(), each.amount) for each in Receipt.objects.order_by("pk")] == [
        ("2026-11-20", Decimal("12800.50")),
        ("2026-11-21", Decimal("5.00")),
    ]


@pytest.mark.parametrize("serial", ["20261120001", ""])
def test_a_file_that_comes_twice_brings_nothing_twice(take: Any, serial: str) -> None:
    line = IN.replace("20261120001", serial)
    assert take(csv(line)).counts == {"done": 1}
    later = f"2026-11-21,5.00,,晨光,,{serial and 'Z9'},货款,100005.00"
    assert take(csv(line, later)).counts == {"skipped": 1, "done": 1}
    assert take(csv(line, later, name="again.csv")).counts == {"skipped": 2}
    assert Receipt.objects.count() == 2


def test_a_second_line_that_says_the_same_is_shown_to_a_person(take: Any, company: Company) -> None:
    head, line = "日期,金额,付款人,摘要", "2026-11-20,500.00,晨光,货款"
    source = take(csv(line, line, head=head), until="check")
    assert source.counts == {"good": 1, "bad": 1}
    assert told(source) == [("3", "twice")]
    run_import(source, by=company.cashier, mode="good")
    work_on_import(source.pk)
    first = Receipt.objects.get()
    payments.enter_receipt(
        by=company.cashier,
        received_on=first.received_on,
        amount=first.amount,
        account=first.account,
        payer_name="晨光",
        remark="货款",
        again=True,
    )
    assert take(csv(line, line, head=head)).counts == {"skipped": 1, "bad": 1}
    assert Receipt.objects.count() == 2


def test_a_line_that_was_entered_by_hand_is_an_error_that_names_the_receipt(take: Any, company: Company) -> None:
    by_hand = payments.enter_receipt(
        by=company.cashier, received_on=date(2026, 11, 19), amount=Decimal(12800), payer_name="晨光照明"
    )
    source = take(csv(IN, OUT))
    assert source.counts == {"bad": 1, "left": 1}
    assert told(source)[0] == ("2", "came_before")
    assert by_hand.number in source.rows.get(number=1).errors[0]["message"]
    payments.note_serial(by_hand, by=company.cashier, account=company.bank(), serial="20261120001")
    assert take(csv(IN, OUT)).counts == {"skipped": 1, "left": 1}
    assert Receipt.objects.count() == 1


def test_two_files_of_which_one_has_no_serial_numbers_bring_nothing_twice(take: Any) -> None:
    assert take(csv(IN)).counts == {"done": 1}
    head = "日期,金额,付款人,摘要,另一笔付款"
    assert take(csv("2026-11-20,12800,上海晨光照明有限公司,货款,", head=head)).counts == {"bad": 1}
    assert Receipt.objects.count() == 1
    assert take(csv("2026-11-20,12800,上海晨光照明有限公司,货款,是", head=head)).counts == {"done": 1}


def test_two_lines_with_another_balance_are_two_payments(take: Any) -> None:
    rows = ["2026-11-20,500.00,晨光,货款,1500.00", "2026-11-20,500.00,晨光,货款,2000.00"]
    assert take(csv(*rows, head="日期,金额,付款人,摘要,余额")).counts == {"done": 2}


def test_the_same_line_of_another_account_is_another_payment(take: Any, company: Company) -> None:
    other = BankAccount.objects.create(name="一般户")
    assert take(csv(IN)).counts == {"done": 1}
    assert take(csv(IN), account=other.pk).counts == {"done": 1}


def test_without_the_own_account_nothing_is_mapped(take: Any, company: Company) -> None:
    source = take(csv(IN), until="upload")
    form = map_import.bind(by=company.cashier, obj=source, data={})
    assert list(form.problems()) == ["account"]


def test_each_cell_that_cannot_be_read_is_named(take: Any) -> None:
    rows = [
        "2026-13-40,5.00,,晨光,,S1,货款,",
        "2026-11-20,fünf,,晨光,,S2,货款,",
        "2026-11-20,5.00,,晨光,12ab,S3,货款,",
        "2027-11-20,5.00,,晨光,,S4,货款,",
        "2026-11-20,0.00,,晨光,,S5,货款,",
        "2026-11-20,5.00,,晨光,6222****7890,S6,货款,",
        "1900-01-01,5.00,,晨光,,S7,货款,",
    ]
    source = take(csv(*rows), until="check")
    assert source.counts == {"bad": 6, "good": 1}
    assert told(source) == [
        ("A2", "date"),
        ("B3", "number"),
        ("E4", "bank"),
        ("A5", "future"),
        ("B6", "min_value"),
        ("A8", "too_long_ago"),
    ]
    assert not Receipt.objects.exists()


def test_a_formula_stays_text_and_is_never_run(take: Any) -> None:
    take(csv('2026-11-20,5.00,,"=HYPERLINK(""http://x"",""晨光"")",,S1,=1+1,'))
    assert Receipt.objects.get().payer_name == '=HYPERLINK("http://x","晨光")'
    assert Receipt.objects.get().remark == "=1+1"


def test_a_formula_of_excel_counts_with_its_value_and_not_its_text(take: Any) -> None:
    source = take(
        xlsx(
            ["日期", "金额", "付款人", "交易流水号"],
            ["2026-11-20", "=1+1", "晨光", "S1"],
            ["2026-11-20", 7, "晨光", "S2"],
        )
    )
    assert source.counts == {"bad": 1, "done": 1}
    assert Receipt.objects.get().amount == Decimal("7.00")


def test_a_file_that_is_none_of_a_bank_says_so(take: Any, company: Company) -> None:
    source = take(csv("张三,13800138000", head="姓名,手机"), until="upload")
    form = map_import.bind(by=company.cashier, obj=source, data={"account": company.bank().pk})
    assert [each["code"] for each in form.problems()[""]] == ["wrong_sheet"]


def test_a_picture_is_refused_at_once(company: Company) -> None:
    file = SimpleUploadedFile("bank.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50)
    form = upload_import.bind(by=company.cashier, data={"kind": "receipts"}, files={"file": file})
    assert list(form.problems()) == ["file"]


def test_an_import_is_undone_unless_somebody_has_matched_it(take: Any, company: Company) -> None:
    second = IN.replace("20261120001", "20261120009")
    source = take(csv(IN, second))
    kept = Receipt.objects.order_by("pk").first()
    company.match(kept, (company.order(quantity="200"), "12800.00"))
    undo_import(source, by=company.cashier)
    work_on_import(source.pk)
    source.refresh_from_db()
    assert source.counts == {"undone": 1, "kept": 1}
    assert Receipt.objects.get().pk == kept.pk


def test_whoever_may_not_enter_receipts_does_not_import_them(company: Company) -> None:
    form = upload_import.bind(by=company.seller, data={"kind": "receipts"}, files={"file": csv(IN)})
    assert list(form.problems()) == ["kind"]


@pytest.mark.long
def test_ten_thousand_lines_come_in_once(take: Any) -> None:
    rows = [f"2026-11-20,{number}.50,,客户{number},,L{number:06d},货款,".strip() for number in range(1, 10_001)]
    assert take(csv(*rows, encoding="gbk")).counts == {"done": 10_000}
    assert take(csv(*rows[:200], encoding="gbk")).counts == {"skipped": 200}
    assert Receipt.objects.count() == 10_000
