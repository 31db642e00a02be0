"""The demonstration's range: electrical goods with their units, packings, taxes and prices."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from crm import clock
from crm.reports.demo import Demo, Story, chapter
from orders.catalog.actions import create_product, discontinue_product, set_price
from orders.catalog.models import Product, Unit

UNITS = (  # code and name, English name, decimals
    ("件", "pc", 0),
    ("箱", "carton", 0),
    ("米", "m", 1),
    ("卷", "roll", 0),
    ("台", "set", 0),
    ("盒", "box", 0),
    ("次", "visit", 0),
)


class Row(NamedTuple):
    """One product: its prices are with tax, per base unit; `packing` is another unit and what it holds."""

    code: str
    name: str
    name_en: str
    specification: str
    category: str
    unit: str
    price: str
    packing: tuple[str, int] | None = None
    tax: int = 13


RANGE = (
    Row("DX-1012", "照明配电箱", "Lighting distribution box", "PZ30 12回路", "配电箱", "件", "128.00", ("箱", 6)),
    Row("DX-1018", "照明配电箱", "Lighting distribution box", "PZ30 18回路", "配电箱", "件", "176.00", ("箱", 4)),
    Row("DX-2040", "动力配电箱", "Power distribution box", "XL-21 400×600", "配电箱", "台", "960.00"),
    Row("DX-3010", "户外防雨配电箱", "Outdoor distribution box", "IP65 500×600", "配电箱", "台", "588.00"),
    Row("DL-1163", "小型断路器", "Miniature circuit breaker", "C16 1P", "断路器", "件", "12.80", ("盒", 12)),
    Row("DL-1325", "小型断路器", "Miniature circuit breaker", "C25 2P", "断路器", "件", "26.50", ("盒", 6)),
    Row("DL-1363", "小型断路器", "Miniature circuit breaker", "C63 3P", "断路器", "件", "58.00", ("盒", 4)),
    Row("DL-2032", "漏电断路器", "Residual current breaker", "32A 30mA 2P", "断路器", "件", "68.00", ("盒", 5)),
    Row("DL-3100", "塑壳断路器", "Moulded case breaker", "100A 3P", "断路器", "件", "215.00", ("箱", 8)),
    Row("DL-3250", "塑壳断路器", "Moulded case breaker", "250A 3P", "断路器", "件", "468.00", ("箱", 4)),
    Row("JC-0910", "交流接触器", "AC contactor", "CJX2-0910 220V", "接触器", "件", "36.00", ("箱", 40)),
    Row("JC-2510", "交流接触器", "AC contactor", "CJX2-2510 220V", "接触器", "件", "72.00", ("箱", 30)),
    Row("JC-6511", "交流接触器", "AC contactor", "CJX2-6511 380V", "接触器", "件", "238.00", ("箱", 12)),
    Row("JD-0001", "中间继电器", "Relay", "JZX-22F 24V", "继电器", "件", "15.60", ("盒", 20)),
    Row("JD-0002", "时间继电器", "Timer relay", "JSZ3 220V", "继电器", "件", "32.00", ("盒", 10)),
    Row("XL-BV15", "铜芯电线", "Copper wire", "BV 1.5mm²", "电线电缆", "米", "1.95", ("卷", 100)),
    Row("XL-BV25", "铜芯电线", "Copper wire", "BV 2.5mm²", "电线电缆", "米", "3.10", ("卷", 100)),
    Row("XL-BV40", "铜芯电线", "Copper wire", "BV 4mm²", "电线电缆", "米", "4.85", ("卷", 100)),
    Row("XL-BVR6", "铜芯软线", "Flexible copper wire", "BVR 6mm²", "电线电缆", "米", "7.40", ("卷", 100)),
    Row("XL-YJV16", "电力电缆", "Power cable", "YJV 4×16+1×10", "电线电缆", "米", "86.00", ("卷", 500)),
    Row("XL-RVV3", "护套线", "Sheathed cable", "RVV 3×1.5mm²", "电线电缆", "米", "6.20", ("卷", 100)),
    Row("XL-NET6", "六类网线", "Cat 6 cable", "UTP 305m", "电线电缆", "米", "2.60", ("箱", 305)),
    Row("ZM-0600", "LED平板灯", "LED panel", "600×600 48W", "照明", "件", "92.00", ("箱", 6)),
    Row("ZM-T8-12", "LED灯管", "LED tube", "T8 1.2m 18W", "照明", "件", "16.80", ("箱", 30)),
    Row("ZM-GK150", "LED工矿灯", "LED high bay", "150W", "照明", "件", "268.00", ("箱", 4)),
    Row("ZM-TG050", "LED投光灯", "LED floodlight", "50W IP66", "照明", "件", "79.00", ("箱", 12)),
    Row("ZM-YJ03", "应急照明灯", "Emergency light", "双头 3W", "照明", "件", "45.00", ("箱", 20)),
    Row("ZM-SJ01", "安全出口指示灯", "Exit sign", "单面", "照明", "件", "38.00", ("箱", 20)),
    Row("KG-8601", "一位双控开关", "Two-way switch", "86型 白", "开关插座", "件", "9.80", ("盒", 10)),
    Row("KG-8605", "五孔插座", "Five-hole socket", "86型 10A 白", "开关插座", "件", "11.50", ("盒", 10)),
    Row("KG-8616", "空调插座", "Air conditioner socket", "86型 16A", "开关插座", "件", "13.20", ("盒", 10)),
    Row("GC-2000", "PVC线管", "PVC conduit", "Φ20 3.8m", "管槽", "件", "4.60", ("箱", 50)),
    Row("GC-QJ20", "电缆桥架", "Cable tray", "200×100 2m", "管槽", "件", "86.00"),
    Row("BP-0022", "变频器", "Frequency inverter", "2.2kW 380V", "工控", "台", "1180.00"),
    Row("BP-0075", "变频器", "Frequency inverter", "7.5kW 380V", "工控", "台", "2260.00"),
    Row("PL-0001", "可编程控制器", "PLC", "24点 继电器输出", "工控", "台", "1460.00"),
    Row("BY-0100", "干式变压器", "Dry-type transformer", "SCB 100kVA", "变压器", "台", "28600.00"),
    Row("BY-0250", "干式变压器", "Dry-type transformer", "SCB 250kVA", "变压器", "台", "46800.00"),
    Row("NJ-0015", "农用潜水泵", "Farm pump", "1.5kW", "农机", "台", "720.00", None, 9),
    Row("TS-0001", "电气安装手册", "Installation handbook", "第五版", "图书", "件", "68.00", ("箱", 20), 9),
    Row("FW-0001", "上门检测", "On-site inspection", "半天", "服务", "次", "600.00", None, 6),
    Row("FW-0002", "配电方案设计", "Distribution design", "按回路", "服务", "次", "1800.00", None, 6),
)
DISCONTINUED = "TS-0001"
TO_ORDER = {"BY-0100", "BY-0250", "PL-0001"}  # made to order: hardly ever in stock
LOWEST = Decimal("0.88")  # of the price, how low a salesperson may go
DEARER = ("XL-BV15", "XL-BV25", "XL-BV40", "XL-BVR6", "XL-YJV16")  # copper went up a while ago


@chapter(20, "products")
def products(demo: Demo) -> Iterator[Story]:
    """The units, each product, what became dearer and what is no longer sold."""
    yield Story("units", demo.now - timedelta(days=770), _units)
    for number, row in enumerate(RANGE):
        yield Story(
            f"product-{row.code}", demo.now - timedelta(days=769, minutes=-number), partial(_product, demo, row)
        )
    for number, code in enumerate(DEARER):
        yield Story(f"price-{code}", demo.ago(45 * 7.5 + number * 0.1), partial(_dearer, demo, code))
    yield Story(f"end-{DISCONTINUED}", demo.ago(20 * 7.5), partial(_discontinued, demo))


def goods() -> list[Product]:
    """What is on sale and lies in a warehouse, always in the same order."""
    codes = [row.code for row in RANGE if row.category != "服务" and row.code not in {DISCONTINUED, *TO_ORDER}]
    found = Product.objects.filter(code__in=codes).select_related("unit").prefetch_related("packings__unit")
    return list(found.order_by("code"))


def made_to_order() -> list[Product]:
    """What has to be made or bought first."""
    return list(Product.objects.filter(code__in=TO_ORDER).select_related("unit").order_by("code"))


def _units() -> None:
    for code, name_en, decimals in UNITS:
        Unit.objects.create(code=code, name=code, name_en=name_en, decimals=decimals)


def _product(demo: Demo, row: Row) -> None:
    units = {unit.code: unit for unit in Unit.objects.all()}
    price = Decimal(row.price)
    create_product(
        by=demo.people("sales_manager")[0],
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        specification=row.specification,
        category=row.category,
        unit=units[row.unit],
        tax_rate=Decimal(row.tax),
        packings=[{"unit": units[row.packing[0]], "factor": Decimal(row.packing[1])}] if row.packing else [],
        price=price,
        lowest=(price * LOWEST).quantize(Decimal("0.01")),
    )


def _dearer(demo: Demo, code: str) -> None:
    product = Product.objects.get(code=code)
    now = product.price_on()
    if now is None:
        return
    price = (now.price * Decimal("1.06")).quantize(Decimal("0.01"))
    lowest = (price * LOWEST).quantize(Decimal("0.01"))
    set_price(product, by=demo.people("sales_manager")[0], valid_from=clock.today(), price=price, lowest=lowest)


def _discontinued(demo: Demo) -> None:
    product = Product.objects.get(code=DISCONTINUED)
    discontinue_product(product, by=demo.people("sales_manager")[0], reason="新版将由出版社直接发行")
