"""Search as Chinese people type, by the index, within what one may see."""

import gzip
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from crm.accounts.models import User
from crm.records.brief import called_by, made
from crm.records.search import best_hits, brief_hits, index_of, refill, search, search_everything, terms
from customers.models import Contact, Customer

pytestmark = pytest.mark.django_db
NAMES = Path(__file__).parents[3] / "shared" / "data" / "company_names_zh.txt.gz"


def customer(name, code="", **fields):
    return Customer.objects.create(name=name, code=code or f"C{Customer.objects.count()}", **fields)


def found(question):
    return {each.name for each in search(Customer.objects.all(), question)}


@pytest.mark.parametrize(
    "question",
    [
        "华为", "为技", "技术", "华为技术有限公司", "华", "限公", "有限公司", "华为 技术", "技术 华为", "華為",
        "华为（技术）", "huawei", "huaweijishu", "weiji", "HuaWei", "ＨＵＡＷＥＩ", "hwjs", "wj", "hw", "hua", "huawjs",
        "C-000123", "c000123", "000123",
    ],
)  # fmt: skip
def test_a_company_is_found_by_any_part_by_pinyin_by_initials_and_by_code(huawei, question):
    customer("小米科技有限责任公司" if "有限" not in question and "限公" not in question else "小米")
    assert found(question) == {"华为技术有限公司"}


@pytest.mark.parametrize(
    "question", ["华技", "为华", "华为科技", "huaji", "hj", "C-000124", "🐼", "华为 小米", "x" * 5000]
)
def test_what_does_not_stand_there_without_a_gap_is_no_hit(huawei, question):
    assert found(question) == set()


def test_an_empty_question_finds_all(huawei):
    assert found("  ") == {"华为技术有限公司"}


@pytest.mark.parametrize(
    ("name", "questions"),
    [
        ("𠮷野家餐饮", ["𠮷", "𠮷野", "野家", "canyin"]),
        ("🐼熊猫茶馆", ["🐼", "🐼熊", "熊猫", "xiongmao", "xmcg"]),
        ("بيت الشاي", ["بيت", "الشاي", "شاي"]),
        ("Alfreds Futterkiste", ["alfreds", "al", "fut", "kiste", "Futter Alf", "reds"]),
        ("Málaga Té & Co.", ["malaga", "málaga", "te"]),
        ("Coca-Cola", ["coca-cola", "cocacola", "coca cola"]),
        ("3M中国有限公司", ["3m", "3M中", "3m中国", "zhongguo", "3m zg"]),
        ("重庆长虹", ["chongqing", "changhong", "cqch"]),
        ("テスト商会", ["テスト", "スト商"]),
        ("O'Reilly_Straße 100%", ["o'reilly", "strasse", "100%"]),
    ],
)
def test_names_of_every_script_are_found(name, questions):
    customer(name)
    customer("别的公司")
    assert {question: found(question) for question in questions} == {question: {name} for question in questions}


@pytest.mark.parametrize(
    ("person", "spoken"),
    [
        ("单田芳", "shantianfang"),
        ("解晓东", "xiexd"),
        ("仇英", "qy"),
        ("查良镛", "zhaly"),
        ("区志强", "ouzq"),
        ("曾志伟", "zengzhiwei"),
        ("覃辉", "qinhui"),
        ("覃辉", "tanhui"),
        ("尉迟恭", "yuchigong"),
        ("万俟卨", "moqi"),
        ("任贤齐", "renxianqi"),
    ],
)
def test_a_persons_surname_is_read_as_a_surname(person, spoken):
    assert f"|{spoken}" in index_of(persons=[person]).text


def test_a_person_found_by_surname_reading_only_as_a_person():
    assert "|shantianfang|" in index_of(persons=["单田芳"]).text
    assert "|dantianfang|" in index_of(names=["单田芳"]).text


def test_terms_of_common_company_words_are_in_no_index():
    assert not {"有限", "限公", "公司", "公"} & set(terms("华为技术有限公司"))
    assert {"华为", "术有", "hw", "hua", "^华为", "=华为技术有限公司"} <= set(terms("华为技术有限公司"))


def test_a_changed_name_is_found_at_once_and_the_former_no_more(huawei):
    huawei.name, huawei.short_name = "荣耀终端", ""
    huawei.save(update_fields=["name", "short_name"])
    assert (found("荣耀"), found("rongyao"), found("华为")) == ({"荣耀终端"}, {"荣耀终端"}, set())


def test_a_save_of_something_else_leaves_the_terms_as_they_are(huawei, django_assert_num_queries):
    huawei.remarks = "x"
    with django_assert_num_queries(1) as queries:
        huawei.save()
    assert '"search_terms" = "customers_customer"."search_terms"' in queries[0]["sql"]
    assert found("huawei") == {"华为技术有限公司"}


def test_bulk_create_fills_the_terms():
    Customer.objects.bulk_create([Customer(code="A", name="小米科技"), Customer(code="B", name="大米科技")])
    assert found("米科") == {"小米科技", "大米科技"}
    assert found("xiaomi") == {"小米科技"}


def test_after_an_update_in_bulk_the_terms_are_refilled(huawei):
    Customer.objects.update(name="小米科技", short_name="")
    assert found("小米") == set()
    assert refill(Customer.objects.all()) == 1
    assert (found("小米"), found("xmkj"), found("华为")) == ({"小米科技"}, {"小米科技"}, set())
    assert refill(Customer.objects.all()) == 0


def test_the_command_refills_every_model(huawei, capsys):
    Customer.objects.update(name="小米科技")
    call_command("refill_search")
    assert "customers.Customer: 1 changed" in capsys.readouterr().out


@pytest.mark.parametrize("question", ["13800138000", "138 0013 8000", "+86 138-0013-8000", "shan@example.com"])
def test_a_customer_is_found_by_a_contacts_whole_phone_or_mail(contact, question):
    customer("小米")
    assert found(question) == {"华为技术有限公司"}


@pytest.mark.parametrize("question", ["1380013800", "0013 8000", "8000", "shan@example", "example.com"])
def test_a_part_of_an_identifier_finds_nobody(contact, question):
    assert found(question) == set()


def test_a_customer_is_found_by_his_licence_number(huawei):
    huawei.licence = "914403001922038216"
    huawei.save()
    assert found("914403001922038216") == {"华为技术有限公司"}


def test_no_identifier_is_among_terms_or_text(contact):
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_terms::text || search_text FROM customers_customer")
        text = cursor.fetchone()[0]
    assert "800" not in text and "shan" not in text


def test_terms_are_not_read_back(huawei):
    assert Customer.objects.get().search_terms is None


def test_the_best_hits_come_first():
    for name in ("上海大米", "米", "米粒科技", "小米科技", "米粒"):
        customer(name)
    assert [each.name for each in best_hits(Customer.objects.all(), "米粒")] == ["米粒", "米粒科技"]
    assert [each.name for each in best_hits(Customer.objects.all(), "米")][:3] == ["米", "米粒", "米粒科技"]


def test_the_best_hit_is_found_among_more_than_are_compared():
    rows = [Customer(code=f"X{number}", name=f"北方科技{number}号") for number in range(300)]
    Customer.objects.bulk_create([*rows, Customer(code="Y", name="科技"), Customer(code="Z", name="科技园")])
    assert [each.name for each in best_hits(Customer.objects.all(), "科技", 2)] == ["科技", "科技园"]


def test_everybody_finds_only_what_he_may_see(huawei, alice, charlie, root):
    assert [hit["text"] for hit in search_everything(alice, "华为")] == ["华为技术有限公司"]
    assert search_everything(charlie, "华为") == []
    hit = search_everything(root, "hwjs")[0]
    assert hit == {
        "model": "customer",
        "url": f"/customers/{huawei.pk}/",
        "text": "华为技术有限公司",
        "detail": "C-000123 · 华为",
    }


class TestAColleague:
    """Users keep no search columns: few tables are read and compared."""

    @pytest.fixture(autouse=True)
    def people(self, db):
        for username, name in (("zhang", "张小明"), ("shan", "单小芳"), ("mary", "Mary Müller")):
            User.objects.create_user(username, name=name, name_en="Ming Zhang" if username == "zhang" else "")

    @pytest.mark.parametrize(
        "question", ["张小", "小明", "zhangxiaoming", "zhangxm", "zxm", "xm", "ming zhang", "ZHANG", "张 明"]
    )
    def test_is_picked_by_name_pinyin_and_initials(self, question):
        assert [user.name for user in best_hits(User.objects.all(), question)] == ["张小明"]

    def test_has_a_surname(self):
        assert [user.name for user in best_hits(User.objects.all(), "shanxf")] == ["单小芳"]
        assert [user.name for user in best_hits(User.objects.all(), "muller")] == ["Mary Müller"]
        assert best_hits(User.objects.all(), "danxf") == []
        assert best_hits(User.objects.all(), "。") == []

    def test_is_filtered_by_what_is_written(self):
        assert [user.name for user in search(User.objects.all(), "小 明")] == ["张小明"]
        assert list(search(User.objects.all(), "zhangxm")) == []
        assert list(search(User.objects.all(), "x" * 5000)) == []


@pytest.mark.skipif(not NAMES.exists(), reason="../shared/data is not here")
def test_two_characters_use_the_index_among_many_names():
    with gzip.open(NAMES, "rt") as lines:
        names = [line.strip() for line, _number in zip(lines, range(4000), strict=False)]
    Customer.objects.bulk_create([Customer(code=f"N{number}", name=name) for number, name in enumerate(names)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer")
    for question in ("三祥", "阳光"):
        rows = search(Customer.objects.all(), question)
        assert "Bitmap Index Scan on search_customer" in rows.order_by().explain()
        assert rows.count() == sum(question in name for name in names)
    for question in ("sanxiang", "sx"):
        assert "Bitmap Index Scan on search_customer" in search(Customer.objects.all(), question).order_by().explain()


def test_migrations_know_the_columns_and_the_index_once():
    from django.apps import apps
    from django.db.migrations.state import ProjectState

    past = ProjectState.from_apps(apps).apps.get_model("customers", "Customer")
    assert [index.name for index in past._meta.indexes].count("search_customer") == 1
    names = [field.name for field in past._meta.fields]
    assert {name: names.count(name) for name in ("search_terms", "licence", "licence_index", "licence_tail")} == {
        "search_terms": 1,
        "licence": 1,
        "licence_index": 1,
        "licence_tail": 1,
    }


def test_a_model_says_all_that_it_is_called_by(alice, huawei, django_assert_num_queries):
    """Or a picker would ask the database once more for every hit."""
    for model in apps.get_models():
        paths = called_by(model)
        if not paths:
            continue
        row = made(model, 1, paths, ["x"] * len(paths))
        with django_assert_num_queries(0):
            assert str(row)
            assert getattr(row, "detail", "") is not None
            assert not hasattr(row, "get_absolute_url") or model is Contact or row.get_absolute_url()


def test_a_brief_hit_is_called_as_the_record_is(alice, root, huawei, django_assert_num_queries):
    Customer.objects.create(name="华为科技", short_name="华科", code="C9", region="重庆", owner=alice)
    rows = Customer.objects.visible_to(alice)
    whole = best_hits(rows, "华为")
    with django_assert_num_queries(1):
        brief = brief_hits(rows, "华为")
        assert [(each.pk, str(each), each.detail) for each in brief] == [
            (each.pk, str(each), each.detail) for each in whole
        ]
    assert len(brief) == 2
    users = User.objects.visible_to(root)
    assert [each.pk for each in brief_hits(users, "alice")] == [each.pk for each in best_hits(users, "alice")] != []


def test_a_brief_contact_is_called_by_his_customer_too(huawei, django_assert_num_queries):
    Contact.objects.create(customer=huawei, name="王芳", title="采购", mobile="13800138000")
    with django_assert_num_queries(2):
        hit = brief_hits(Contact.objects.all(), "王芳")[0]
        assert (str(hit), hit.detail) == ("王芳", f"{huawei.name} · 采购")
    assert hit.mobile == "+8613800138000"
