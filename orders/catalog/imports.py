"""Products out of Excel and CSV: one row per product; several rows of one number are its further packings."""

from django.utils.translation import gettext_lazy as _

from crm.exchange.importers import ImportColumn, Importer

PRODUCTS = Importer(
    key="products",
    label=_("Products"),
    verb="catalog.create_product",
    change="catalog.change_product",
    match_by=("code",),
    lines="packings",
    group_by="code",
    parts=("packings", "prices"),
    columns=[
        ImportColumn(
            "code",
            _("Product number"),
            aliases=("productID", "product code", "sku", "item", "item number", "产品编号", "货号", "物料编码", "编码"),
            example="P0001",
        ),
        ImportColumn(
            "name",
            _("Name"),
            aliases=("productName", "product", "description", "产品名称", "品名", "货物名称", "名称"),
            example="小型断路器",
        ),
        ImportColumn("name_en", _("English name"), aliases=("英文名", "英文名称"), example="Circuit breaker"),
        ImportColumn(
            "specification",
            _("Specification"),
            aliases=("quantityPerUnit", "spec", "model", "规格", "规格型号", "型号"),
            example="C16 1P",
        ),
        ImportColumn(
            "category",
            _("Category"),
            aliases=("categoryID", "categoryName", "类别", "产品类别", "大类"),
            example="断路器",
        ),
        ImportColumn(
            "unit",
            _("Base unit"),
            aliases=("uom", "unit", "计量单位", "基本单位", "单位"),
            find=("code", "name", "name_en"),
            example="件",
        ),
        ImportColumn(
            "tax_rate", _("Tax rate in percent"), aliases=("vat", "tax", "税率"), kind="percent", example="13"
        ),
        ImportColumn(
            "price",
            _("Price with tax"),
            aliases=("unitPrice", "list price", "price", "单价", "含税单价", "目录价"),
            example="12.80",
        ),
        ImportColumn("lowest", _("Lowest price with tax"), aliases=("floor price", "最低价", "底价"), example="11.50"),
        ImportColumn(
            "packings.unit",
            _("Packing unit"),
            aliases=("包装单位", "销售单位"),
            find=("code", "name", "name_en"),
            example="箱",
        ),
        ImportColumn("packings.factor", _("Base units in one packing"), aliases=("装箱数", "换算率"), example="24"),
    ],
)
