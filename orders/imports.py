"""Orders out of Excel and CSV: header and lines in two tables, or one row per line with the header repeated."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.exchange.importers import ImportColumn, Importer
from orders.models import Order

FEN = Decimal("0.01")
DISCOUNT = "_discount"


def arrange(data: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Take a line's discount off its price; one above 1 is in percent."""
    for line in data.get("lines", []):
        discount, price = _number(line.pop(DISCOUNT, None)), _number(line.get("price"))
        if discount and price is not None:
            share = discount / 100 if discount > 1 else discount
            line["price"] = (price * (1 - share)).quantize(FEN, rounding=ROUND_HALF_UP)
    return data


def _number(value: Any) -> Decimal | None:
    try:
        return None if value in (None, "") else Decimal(str(value))
    except InvalidOperation:
        return None


ORDERS = Importer(
    key="orders",
    label=_("Orders"),
    verb="orders.take_over_order",
    model=Order,
    match_by=("reference",),
    lines="lines",
    group_by="reference",
    parts=("lines", "handovers"),
    arrange=arrange,
    options={
        "history": forms.BooleanField(
            label=_("These are past orders"),
            required=False,
            help_text=_("They come in closed, their dates may be past, and prices may differ from the list."),
        ),
        "draft": forms.BooleanField(
            label=_("Keep as drafts"), required=False, help_text=_("Otherwise open orders go to the review at once.")
        ),
    },
    columns=[
        ImportColumn(
            "reference",
            _("Order number"),
            aliases=(
                "orderID",
                "order no",
                "order",
                "number",
                "po number",
                "订单号",
                "订单编号",
                "客户订单号",
                "合同号",
            ),
            example="PO-2026-001",
            help=_("Rows with the same number are lines of one order."),
        ),
        ImportColumn(
            "customer",
            _("Customer"),
            aliases=("customerID", "customer number", "customer name", "company", "客户", "客户编号", "客户名称"),
            find=("code", "name", "short_name"),
            example="C0001",
        ),
        ImportColumn(
            "ordered_on",
            _("Ordered on"),
            aliases=("orderDate", "date", "order date", "下单日期", "订单日期", "订货日期"),
            example="2026-01-15",
        ),
        ImportColumn(
            "wanted_on",
            _("Wanted on"),
            aliases=("requiredDate", "due date", "delivery date", "交货日期", "要求日期", "提货日期", "交期"),
            example="2026-01-30",
        ),
        ImportColumn("type", _("Type"), aliases=("order type", "订单类型", "类型"), find=("code", "name", "name_en")),
        ImportColumn("project", _("Project"), aliases=("项目", "项目名称", "工程名称")),
        ImportColumn("description", _("Description"), aliases=("说明", "描述")),
        ImportColumn("fulfilment", _("Pickup or delivery"), aliases=("提货方式", "交货方式")),
        ImportColumn(
            "place",
            _("Place"),
            aliases=("shipAddress", "shipCity", "shipCountry", "ship to", "交货地点", "送货地址"),
            joins=", ",
        ),
        ImportColumn("remarks", _("Remarks"), aliases=("notes", "comment", "备注")),
        ImportColumn(
            "lines.product",
            _("Product"),
            aliases=("productID", "product code", "sku", "item", "产品编号", "货号", "物料编码", "产品", "品名"),
            find=("code", "name"),
            example="P0001",
        ),
        ImportColumn("lines.specification", _("Specification"), aliases=("spec", "规格", "规格型号")),
        ImportColumn("lines.quantity", _("Quantity"), aliases=("qty", "数量", "订货数量"), example="10"),
        ImportColumn(
            "lines.unit", _("Unit"), aliases=("uom", "单位", "计量单位"), find=("code", "name", "name_en"), example="件"
        ),
        ImportColumn(
            "lines.price",
            _("Unit price with tax"),
            aliases=("unitPrice", "price", "单价", "含税单价"),
            help=_("Empty: the list price."),
        ),
        ImportColumn(
            f"lines.{DISCOUNT}",
            _("Price reduction"),
            aliases=("discount", "reduction"),  # not 折扣, which also says what is left of the price
            kind="number",
            help=_("0.15 or 15 for fifteen percent; it is taken off the price."),
        ),
    ],
)
