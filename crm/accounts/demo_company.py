"""The demonstration's people: departments, heads, managers, everybody in his role, and who is away today."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from django.contrib.auth.models import Group

from crm.accounts.actions import report_absence
from crm.accounts.models import Department, User
from crm.reports.demo import Demo, Story, chapter
from crm.reports.invented import latin, mail, mobile

DEPARTMENTS = (  # code, name, English name, code of the one above it
    ("management", "总经办", "Management", ""),
    ("sales", "销售部", "Sales", "management"),
    ("order_desk", "订单处理部", "Order desk", "management"),
    ("warehouse", "仓储部", "Warehouse", "management"),
    ("finance", "财务部", "Finance", "management"),
    ("quality", "质量部", "Quality", "management"),
    ("production", "生产部", "Production", "management"),
    ("logistics", "物流部", "Logistics", "management"),
    ("hr", "人力行政部", "Human resources", "management"),
)


class Person(NamedTuple):
    """Somebody who works there. The first in a role is whom the sign-in page offers for it."""

    username: str
    name: str
    title: str
    department: str
    roles: str
    manager: str = ""


PEOPLE = (
    Person("zhoujianguo", "周建国", "总经理", "management", "executive"),
    Person("wangqiang", "王强", "销售总监", "sales", "sales_manager", "zhoujianguo"),
    Person("lina", "李娜", "销售代表", "sales", "sales", "wangqiang"),
    Person("chenjie", "陈杰", "销售代表", "sales", "sales", "wangqiang"),
    Person("liuyang", "刘洋", "高级销售代表", "sales", "sales", "wangqiang"),
    Person("zhaomin", "赵敏", "销售代表", "sales", "sales", "wangqiang"),
    Person("huanglei", "黄磊", "工程客户经理", "sales", "sales", "wangqiang"),
    Person("wuting", "吴婷", "销售代表", "sales", "sales", "wangqiang"),
    Person("sunyue", "孙悦", "销售内勤", "sales", "sales_support", "wangqiang"),
    Person("zhengjia", "郑佳", "销售内勤", "sales", "sales_support", "wangqiang"),
    Person("zhoumin", "周敏", "订单主管", "order_desk", "order_desk_manager", "zhoujianguo"),
    Person("hejing", "何静", "订单专员", "order_desk", "order_desk", "zhoumin"),
    Person("lintao", "林涛", "订单专员", "order_desk", "order_desk", "zhoumin"),
    Person("fengxue", "冯雪", "前台", "order_desk", "reception", "zhoumin"),
    Person("sunliang", "孙亮", "仓储主管", "warehouse", "warehouse", "zhoujianguo"),
    Person("majun", "马骏", "仓管员", "warehouse", "warehouse", "sunliang"),
    Person("hubing", "胡兵", "提货窗口", "warehouse", "counter", "sunliang"),
    Person("guoyan", "郭燕", "提货窗口", "warehouse", "counter", "sunliang"),
    Person("luoyong", "罗勇", "提货窗口", "warehouse", "counter", "sunliang"),
    Person("xuli", "徐丽", "财务经理", "finance", "finance", "zhoujianguo"),
    Person("xiejun", "谢军", "出纳", "finance", "finance", "xuli"),
    Person("denglei", "邓蕾", "质检员", "quality", "quality", "panfeng"),
    Person("panfeng", "潘峰", "质量经理", "quality", "department_manager", "zhoujianguo"),
    Person("hanbing", "韩冰", "生产计划", "production", "production", "zhoujianguo"),
    Person("tangfei", "唐飞", "物流调度", "logistics", "logistics", "zhoujianguo"),
    Person("caoying", "曹莹", "人事专员", "hr", "hr", "zhoujianguo"),
    Person("pengwei", "彭伟", "内审", "management", "supervisor", "zhoujianguo"),
    Person("yuanbo", "袁博", "系统管理员", "hr", "administrator", "zhoujianguo"),
)

HEADS = {
    "management": "zhoujianguo",
    "sales": "wangqiang",
    "order_desk": "zhoumin",
    "warehouse": "sunliang",
    "finance": "xuli",
    "quality": "panfeng",
    "production": "hanbing",
    "logistics": "tangfei",
    "hr": "caoying",
}

AWAY = (  # who, first and last day from today, deputy, reason
    ("wuting", -1, 2, "zhaomin", "年休假"),
    ("xiejun", 0, 0, "xuli", "培训"),
    ("panfeng", 3, 6, "denglei", "出差"),
    ("chenjie", -40, -36, "lina", "年休假"),
    ("majun", -12, -11, "sunliang", "病假"),
)

STAFF = {"administrator"}  # the roles whose people enter the back office


@chapter(10, "company")
def company(demo: Demo) -> Iterator[Story]:
    """One story: all of the company's people are there, or none."""
    yield Story("company", demo.now - timedelta(days=775), partial(_found, demo))
    for who, first, last, deputy, reason in AWAY:
        begins = demo.before(demo.now, 8 * (abs(min(first, 0)) + 2))
        yield Story(f"absence-{who}", begins, partial(_leave, demo, who, first, last, deputy, reason))


def _found(demo: Demo) -> None:
    departments: dict[str, Department] = {}
    for code, name, name_en, above in DEPARTMENTS:
        parent = departments.get(above)
        departments[code] = Department.objects.create(code=code, name=name, name_en=name_en, parent=parent)
    users: dict[str, User] = {}
    for person in PEOPLE:
        chance = demo.random(person.username)
        # Nobody has a password: the sign-in page offers a button per role, and elsewhere there is a one-time link.
        users[person.username] = User.objects.create_user(
            person.username,
            name=person.name,
            name_en=latin(person.name),
            title=person.title,
            email=mail(person.name, chance),
            phone=mobile(chance),
            department=departments[person.department],
            is_staff=person.roles in STAFF,
        )
    for person in PEOPLE:
        user = users[person.username]
        user.groups.set(Group.objects.filter(name__in=person.roles.split()))
        if person.manager:
            User.objects.filter(pk=user.pk).update(manager=users[person.manager])
    for code, username in HEADS.items():
        Department.objects.filter(pk=departments[code].pk).update(head=users[username])


def _leave(demo: Demo, who: str, first: int, last: int, deputy: str, reason: str) -> None:
    report_absence(
        by=demo.user(who),
        first_day=demo.day(first) if first else demo.today,
        last_day=max(demo.day(last), demo.today) if last >= 0 else demo.day(last),
        deputy=demo.user(deputy),
        reason=reason,
    )
