"""Customers out of Excel and CSV: one row per customer, or one per person where several rows have the same number."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.exchange.importers import COUNTRY, ImportColumn, Importer

NAME = 60  # characters of a contact's name


def arrange(data: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Let the address end in its country, and a phone without a person be the company's own."""
    country = data.get(COUNTRY, "")
    if country and data.get("address") and country.casefold() not in data["address"].casefold():
        data["address"] = f"{data['address']}, {country}"
    for line in data.get("contacts", []):
        if not line.get("name") and data.get("name"):
            line["name"] = data["name"][:NAME]
    return data


CUSTOMERS = Importer(
    key="customers",
    label=_("Customers"),
    verb="customers.create_customer",
    change="customers.change_customer",
    match_by=("code",),
    lines="contacts",
    group_by="code",
    parts=("contacts", "addresses"),
    arrange=arrange,
    columns=[
        ImportColumn(
            "code",
            _("Customer number"),
            aliases=("customerID", "customer no", "customer code", "number", "客户编号", "客户代码", "编号"),
            example="C0001",
            help=_("Empty: the next number is given."),
        ),
        ImportColumn(
            "name",
            _("Name"),
            aliases=(
                "companyName",
                "company",
                "customer",
                "customer name",
                "客户名称",
                "公司名称",
                "单位名称",
                "名称",
                "客户",
            ),
            example="上海晨光照明有限公司",
        ),
        ImportColumn("short_name", _("Short name"), aliases=("简称", "客户简称"), example="晨光照明"),
        ImportColumn("name_en", _("English name"), aliases=("英文名", "英文名称"), example="Chenguang Lighting"),
        ImportColumn("kind", _("Kind"), aliases=("客户类型", "类型", "性质"), example="company"),
        ImportColumn(
            "tier",
            _("Tier"),
            aliases=("客户等级", "等级", "级别"),
            example="regular",
            help=_("Only of new customers: later on a tier is decided with a reason."),
        ),
        ImportColumn(
            "owner", _("Owner"), aliases=("业务员", "负责人", "salesperson"), find=("username", "name", "name_en")
        ),
        ImportColumn("region", _("Region"), aliases=("state", "province", "地区", "省份", "区域"), example="上海"),
        ImportColumn("business_area", _("Business area"), aliases=("业务领域", "业务区域")),
        ImportColumn("industry", _("Industry"), aliases=("行业", "所属行业"), example="照明"),
        ImportColumn("size", _("Size"), aliases=("规模", "人数")),
        ImportColumn("source", _("Source"), aliases=("客户来源", "来源"), example="展会"),
        ImportColumn("needs", _("Business needs"), aliases=("业务需求", "需求")),
        ImportColumn("usual_goods", _("Usual goods"), aliases=("常用货物", "主要产品")),
        ImportColumn(
            "address",
            _("Address"),
            aliases=("street", "city", "town", "postalCode", "postcode", "zip", "详细地址", "城市", "邮编"),
            joins=", ",
            example="上海市浦东新区世纪大道 100 号",
            help=_("Several columns may be given; they are joined."),
        ),
        ImportColumn(COUNTRY, _("Country"), aliases=("country", "国家"), kind="country", example="CN"),
        ImportColumn(
            "licence",
            _("Social credit code"),
            aliases=("统一社会信用代码", "信用代码", "营业执照号", "税号"),
        ),
        ImportColumn("tax_number", _("Tax number"), aliases=("纳税人识别号", "vat number")),
        ImportColumn("bank_name", _("Bank"), aliases=("开户行", "开户银行"), example="中国银行上海分行"),
        ImportColumn("bank_account", _("Bank account"), aliases=("银行账号", "账号", "iban")),
        ImportColumn(
            "contacts.name",
            _("Contact"),
            aliases=("contactName", "contact person", "联系人", "联系人姓名", "姓名"),
            example="王芳",
            help=_("Several rows with the same customer number are several people."),
        ),
        ImportColumn("contacts.title", _("Contact's title"), aliases=("contactTitle", "position", "职务", "职位")),
        ImportColumn("contacts.mobile", _("Mobile"), aliases=("mobile phone", "cell", "手机", "手机号", "移动电话")),
        ImportColumn("contacts.phone", _("Phone"), aliases=("telephone", "tel", "电话", "联系电话", "固定电话")),
        ImportColumn("contacts.email", _("Mail address"), aliases=("mail", "e-mail", "邮箱", "电子邮箱", "电子邮件")),
        ImportColumn("contacts.wechat", _("WeChat"), aliases=("微信", "微信号")),
        ImportColumn("contacts.roles", _("Contact's roles"), aliases=("联系人角色",), example="buyer"),
        ImportColumn("remarks", _("Remarks"), aliases=("notes", "comment", "备注", "说明")),
    ],
)
