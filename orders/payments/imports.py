"""Receipts out of a bank's file (CSV or Excel), and invoices out of an ERP's."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.exchange.importers import ImportColumn, Importer
from orders.payments.identity import identity_of
from orders.payments.models import BankAccount, Invoice, Receipt

OUT, DIRECTION = "_out", "_direction"
GOES_OUT = frozenset(
    [
        "借",
        "借方",
        "借记",
        "支出",
        "支取",
        "支",
        "支付",
        "出",
        "出账",
        "付",
        "付出",
        "付款",
        "转出",
        "转支",
        "转账支出",
        "汇出",
        "往账",
        "取款",
        "取出",
        "提现",
        "消费",
        "扣款",
        "扣费",
        "代扣",
        "d",
        "dr",
        "debit",
        "out",
        "outgoing",
        "withdrawal",
        "-",
    ]
)
COMES_IN = frozenset(
    [
        "贷",
        "贷方",
        "贷记",
        "收入",
        "收",
        "收款",
        "入",
        "入账",
        "进",
        "进账",
        "转入",
        "转存",
        "转账收入",
        "汇入",
        "来账",
        "存",
        "存入",
        "存款",
        "到账",
        "c",
        "cr",
        "credit",
        "in",
        "incoming",
        "deposit",
        "+",
    ]
)


def arrange(data: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Keep what the line is known by when it comes again; an account that the bank has masked is none."""
    if "*" in str(data.get("payer_account") or ""):
        data["payer_account"] = ""
    data["identity"] = identity_of(
        options.get("account"),
        data.get("received_on") or "",
        data.get("amount") or "",
        payer_name=data.get("payer_name") or "",
        remark=data.get("remark") or "",
        serial=data.get("serial") or "",
        balance=data.get("balance"),
    )
    return data


def leaves_out(data: dict[str, Any]) -> str:
    """Money that went out is no receipt: the bank says so by a sign, by a column of its own, or by a word."""
    amount, out = _number(data.get("amount")), _number(data.get(OUT))
    if (amount is not None and amount < 0) or _word(data.get(DIRECTION)) in GOES_OUT or out:
        return _t("This money went out.")
    return ""


def known_direction(value: Any) -> None:
    """Raise ValidationError for a word that nobody knows: it would let money that went out count as come in."""
    if _word(value) not in GOES_OUT | COMES_IN | {""}:
        raise ValidationError(_t("This word says neither that money came in nor that it went out."), code="direction")


def _word(value: Any) -> str:
    return str(value or "").strip().casefold()


def _number(value: Any) -> Decimal | None:
    try:
        return None if value in (None, "") else Decimal(str(value))
    except InvalidOperation:
        return None


RECEIPTS = Importer(
    key="receipts",
    label=_("Receipts from a bank's file"),
    verb="payments.enter_receipt",
    model=Receipt,
    match_by=("identity",),
    existing="skip",
    arrange=arrange,
    leaves_out=leaves_out,
    options={
        "account": forms.ModelChoiceField(
            BankAccount.objects.filter(active=True),
            label=_("Own account"),
            help_text=_("Into which the money came. Accounts are kept in the back office."),
        ),
    },
    columns=[
        ImportColumn(
            "received_on",
            _("Received on"),
            aliases=(
                "交易日期",
                "交易时间",
                "日期",
                "入账日期",
                "记账日期",
                "记账日",
                "到账日期",
                "date",
                "booking date",
                "transaction date",
                "value date",
            ),
            kind="date",
            example="2026-11-20",
        ),
        ImportColumn(
            "amount",
            _("Amount"),
            aliases=(
                "收入金额",
                "收入",
                "贷方发生额",
                "贷方金额",
                "贷方发生额（收入）",
                "贷方",
                "存入金额",
                "存入",
                "转入金额",
                "交易金额",
                "金额",
                "发生额",
                "credit",
                "credit amount",
                "paid in",
            ),
            kind="number",
            example="12800.00",
        ),
        ImportColumn(
            OUT,
            _("Amount that went out"),
            aliases=(
                "支出金额",
                "支出",
                "借方发生额",
                "借方金额",
                "借方发生额（支取）",
                "借方",
                "转出金额",
                "支取金额",
                "debit",
                "debit amount",
                "paid out",
            ),
            kind="number",
            help=_("Lines that have this are left out."),
        ),
        ImportColumn(
            DIRECTION,
            _("Debit or credit"),
            aliases=("借贷标志", "借/贷", "借贷", "收支标志", "收支", "收/支", "交易方向", "dc", "direction"),
            kind="text",
            check=known_direction,
            example="贷",
        ),
        ImportColumn(
            "payer_name",
            _("Payer"),
            aliases=(
                "对方户名",
                "对方名称",
                "对方账户名称",
                "对方单位名称",
                "付款人",
                "付款人名称",
                "付款方名称",
                "对方单位",
                "户名",
                "payer",
                "payer name",
                "name",
                "counterparty",
            ),
            example="上海晨光照明有限公司",
        ),
        ImportColumn(
            "payer_account",
            _("Payer's account"),
            aliases=(
                "对方账号",
                "对方账户",
                "付款人账号",
                "付款账号",
                "对方卡号",
                "account",
                "payer account",
                "iban",
            ),
        ),
        ImportColumn("payer_bank", _("Payer's bank"), aliases=("对方开户行", "对方银行", "付款行", "付款行名称")),
        ImportColumn(
            "serial",
            _("Bank's serial number"),
            aliases=(
                "交易流水号",
                "流水号",
                "流水",
                "交易序号",
                "业务编号",
                "核心流水号",
                "serial",
                "serial number",
                "transaction id",
                "reference number",
            ),
            help=_("With it no line is imported twice; without it, the line as a whole is compared."),
        ),
        ImportColumn(
            "remark",
            _("Purpose"),
            aliases=("摘要", "用途", "附言", "备注", "交易摘要", "交易附言", "purpose", "remark", "details", "memo"),
            joins=" ",
            example="货款 SO2026-000123",
        ),
        ImportColumn(
            "again",
            _("Another payment"),
            aliases=("另一笔付款", "另一笔", "another payment"),
            kind="bool",
            help=_("Yes where a receipt or payment like it is there already, and it is not the same money."),
        ),
        ImportColumn(
            "balance",
            _("Balance of the account after it"),
            aliases=("余额", "账户余额", "当前余额", "balance"),
            kind="number",
        ),
    ],
)

INVOICES = Importer(
    key="invoices",
    label=_("Invoices"),
    verb="payments.enter_invoice",
    model=Invoice,
    match_by=("number",),
    columns=[
        ImportColumn(
            "number", _("Invoice number"), aliases=("发票号", "发票号码", "invoice", "invoice no"), example="FP-0001"
        ),
        ImportColumn("order", _("Order"), aliases=("订单", "订单号", "order no"), find=("number", "reference")),
        ImportColumn("kind", _("Kind of invoice"), aliases=("发票类型", "类型")),
        ImportColumn("amount", _("Amount with tax"), aliases=("价税合计", "含税金额", "金额"), example="12800.00"),
        ImportColumn("tax", _("Tax in it"), aliases=("税额",)),
        ImportColumn("issued_on", _("Issued on"), aliases=("开票日期", "invoice date"), example="2026-11-02"),
        ImportColumn("due_on", _("To be paid by"), aliases=("到期日", "应收日期", "due date")),
        ImportColumn("reference", _("Reference"), aliases=("备注", "凭证号")),
    ],
)
