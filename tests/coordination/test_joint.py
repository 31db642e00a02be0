"""An order that spans departments is handled jointly, and its members hear what happens to it (JD 3.2)."""

from typing import Any

import pytest
from django.test import Client

from crm import clock
from crm.accounts.models import Department, User
from crm.outbox.models import Message
from orders import actions as orders
from orders.coordination import actions as coordination
from orders.coordination.models import JointHandling
from orders.models import Order
from tests.world import World, refused


@pytest.fixture
def making(world: World) -> Department:
    making = Department.objects.create(code="production", name="生产部")
    head = world.person("maker", "production", department=making)
    Department.objects.filter(pk=making.pk).update(head=head)
    return Department.objects.get(pk=making.pk)


def joint(world: World, making: Department, order: Order | None = None) -> JointHandling:
    return coordination.begin_joint(
        order or world.accepted(), by=world.root, purpose="两批到货", lead=world.charlie, departments=[making]
    )


def told(template: str) -> list[str]:
    rows = Message.objects.filter(template=template, channel=Message.Channel.NOTICE)
    return sorted(rows.values_list("recipient__username", flat=True))


def test_lead_and_departments_see_the_order_and_are_told(world: World, making: Department, client: Client) -> None:
    handling = joint(world, making)
    assert (handling.status, handling.lead, told("coordination.joint")) == (
        "running",
        world.charlie,
        ["charlie", "maker"],
    )
    for name, status in (("maker", 200), ("charlie", 200), ("bob", 404), ("stranger", 404)):
        client.force_login(User.objects.filter(username=name).first() or getattr(world, name))
        assert client.get(handling.order.get_absolute_url()).status_code == status, name
        assert client.get(f"/coordination/joint/{handling.pk}/").status_code == status, name
        assert client.get(f"/api/v1/joint-handlings/{handling.pk}/").status_code in (status, 403), name


def test_an_order_is_handled_jointly_once_at_a_time(world: World, making: Department) -> None:
    handling = joint(world, making)
    with refused("joint_already"):
        joint(world, making, Order.objects.get(pk=handling.order_id))
    ended = coordination.end_joint(handling, by=world.root, result="全部交清")
    assert (ended.status, ended.result, ended.ended_by, ended.ended_at) == (
        "ended",
        "全部交清",
        world.root,
        clock.now(),
    )
    assert told("coordination.joint_ended") == ["charlie", "maker"]
    assert joint(world, making, Order.objects.get(pk=handling.order_id)).status == "running"


def test_allocation_progress_and_problems_are_told_to_the_members_while_it_runs(
    world: World, making: Department
) -> None:
    order = world.reviewed()
    handling = joint(world, making, order)
    order = orders.accept_order(orders.allocate_order(order, by=world.root), by=world.root)
    orders.report_progress(order, by=world.root, progress="柜体已装配")
    orders.report_progress(order, by=world.root, progress="一半", problems="铜排缺货", solutions="催供应商")
    notices = Message.objects.filter(template="coordination.news", recipient__username="maker").order_by("pk")
    said = [(each.text("zh-hans")["subject"], each.text("zh-hans")["body"]) for each in notices]
    assert [subject.split()[-1] for subject, _body in said] == ["已分配", "进展", "出现问题"]
    assert [world.root.display_name in said[0][1], "柜体已装配" in said[1][1], "铜排缺货" in said[2][1]] == [True] * 3
    assert told("coordination.news") == ["charlie"] * 3 + ["maker"] * 3
    coordination.end_joint(handling, by=world.root, result="x")
    orders.report_progress(Order.objects.get(pk=order.pk), by=world.root, progress="完成")
    assert len(told("coordination.news")) == 6


def test_an_order_of_its_own_tells_nobody(world: World) -> None:
    orders.report_progress(world.accepted(), by=world.root, progress="一半")
    assert told("coordination.news") == []


def test_departments_join_and_the_lead_changes(world: World, making: Department, client: Client) -> None:
    handling = joint(world, making)
    west = world.charlie.department
    assert west is not None
    coordination.join_department(handling, by=world.root, department=west)
    with refused("member"):
        coordination.join_department(handling, by=world.root, department=west)
    assert {each.code for each in handling.departments.all()} == {"production", "west"}
    assert coordination.change_lead(handling, by=world.root, lead=world.bob).lead == world.bob
    client.force_login(world.bob)
    session: Any = {"departments": [making], "topic": "喷涂排期", "minutes": "周四晚班"}
    orders.hold_session(Order.objects.get(pk=handling.order_id), by=world.root, **session)
    page = client.get(f"/coordination/joint/{handling.pk}/").content.decode()
    assert "喷涂排期" in page and "周四晚班" in page


def test_a_salesperson_begins_none(world: World, making: Department) -> None:
    order = world.accepted()
    Order.objects.filter(pk=order.pk).update(owner=world.alice)
    with refused("forbidden"):
        coordination.begin_joint(
            Order.objects.get(pk=order.pk), by=world.alice, purpose="x", lead=world.alice, departments=[making]
        )


def test_lists_are_searched_by_the_order_and_by_the_task(world: World, making: Department, client: Client) -> None:
    handling, other = joint(world, making), joint(world, making)
    client.force_login(world.root)
    rows = client.get("/api/v1/joint-handlings/", {"q": other.order.number}).json()["results"]
    assert [row["order_id"] for row in rows] == [other.order_id] != [handling.order_id]
    meeting = coordination.call_meeting(by=world.root, meets_at=clock.now(), place="二楼", departments=[making])
    for what in ("催货", "找车"):
        coordination.assign_task(meeting, by=world.root, what=what, owner=world.root, due_on=clock.today())
    rows = client.get("/api/v1/meeting-tasks/", {"q": "找"}).json()["results"]
    assert [row["what"] for row in rows] == ["找车"]
    request = coordination.ask_help(
        Order.objects.get(pk=other.order_id), by=world.root, department=making, what="x", needed_on=clock.today()
    )
    for path, page in (
        ("joint/", other.get_absolute_url()),
        ("meetings/", meeting.get_absolute_url()),
        ("tasks/", meeting.get_absolute_url()),
        ("help/", request.get_absolute_url()),
    ):
        assert f'data-url="{page}"' in client.get(f"/coordination/{path}").content.decode(), path
