"""The order meeting: called by the desk with an agenda of what is open, minutes, tasks, and the next one (JD 5.1)."""

from datetime import date, timedelta
from typing import Any

from django.test import Client

from crm import clock
from crm.accounts.models import Absence, Department, User
from crm.deadlines.check import check
from crm.deadlines.models import Deadline
from crm.deadlines.seeding import seed_calendar
from crm.outbox.models import Message
from crm.reports.today import today
from orders import actions as orders
from orders.coordination import actions as coordination
from orders.coordination.forms import CallForm, MinutesForm, SettleForm
from orders.coordination.models import AgendaItem, MeetingTask, OrderMeeting
from orders.models import Order
from pickup import actions as pickup
from tests.world import MORNING, World, refused, shanghai

AFTERNOON = shanghai(23, 15)


def called(world: World, **facts: Any) -> OrderMeeting:
    given = {"meets_at": AFTERNOON, "place": "二楼会议室", "departments": [world.sales], **facts}
    return coordination.call_meeting(by=world.root, **given)


def agenda(meeting: OrderMeeting) -> list[tuple[int | None, list[str], str]]:
    return [(each.order_id, each.reasons, each.topic) for each in meeting.items.order_by("position")]


def told(template: str) -> set[str]:
    rows = Message.objects.filter(template=template, channel=Message.Channel.NOTICE)
    return set(rows.values_list("recipient__username", flat=True))


def test_the_agenda_is_made_of_open_orders_and_their_problems(world: World) -> None:
    seed_calendar([2026, 2027])
    world.new_order(draft=True)
    world.new_order()  # in review: the desk judges it anyway
    waiting, given, fine = world.reviewed(), world.allocated(), world.accepted()
    short = world.confirmed()
    pickup.check_stock(short, by=world.root, warehouse=world.warehouse)
    orders.report_progress(short, by=world.root, progress="一半", problems="铜排缺货", solutions="催供应商")
    late = world.accepted()
    Order.objects.filter(pk=late.pk).update(wanted_on=clock.today() - timedelta(days=1))
    helped = world.accepted()
    coordination.ask_help(helped, by=world.root, department=world.sales, what="请催货", needed_on=clock.today())
    together = world.accepted()
    coordination.begin_joint(together, by=world.root, purpose="分批", lead=world.root, departments=[world.sales])
    cancelled = orders.cancel_order(world.accepted(), by=world.root, reason="x")
    meeting = called(world)
    assert (meeting.number[:2], meeting.status, meeting.convener) == ("OM", "called", world.root)
    assert agenda(meeting) == [
        (short.pk, ["short", "problem"], "铜排缺货"),  # the most reasons first, then what is wanted first
        (late.pk, ["late"], ""),
        (waiting.pk, ["allocate"], ""),
        (given.pk, ["accept"], ""),
        (helped.pk, ["help"], "请催货"),
        (together.pk, ["joint"], ""),
    ]
    assert {fine.pk, cancelled.pk} & {each.order_id for each in meeting.items.all()} == set()


def test_orders_beyond_a_time_limit_are_on_it_and_what_is_new_is_added_later(world: World) -> None:
    seed_calendar([2026, 2027])
    first = world.accepted()
    with clock.at(MORNING + timedelta(days=4)):
        meeting = called(world, meets_at=MORNING + timedelta(days=5))
        assert agenda(meeting) == [(first.pk, ["breached"], "")]
        coordination.settle_item(meeting.items.get(), by=world.root, settled="今天确认")
        second = world.reviewed()
        coordination.refresh_agenda(meeting, by=world.root)
        assert agenda(meeting) == [(first.pk, ["breached"], ""), (second.pk, ["allocate"], "")]
        assert meeting.items.get(order=first).settled == "今天确认"


def test_heads_and_owners_are_invited_told_and_see_it_and_nobody_else(world: World, client: Client) -> None:
    order = world.accepted()
    Order.objects.filter(pk=order.pk).update(owner=world.charlie, wanted_on=clock.today() - timedelta(days=1))
    maker = world.person("maker", "production", department=Department.objects.create(code="production", name="生产部"))
    assert world.boss.username == "boss"  # the head of sales
    meeting = called(world, departments=[Department.objects.get(code="sales"), maker.department])
    invited = {each.username for each in meeting.invited.all()}
    assert invited == {"boss", "charlie", "maker"} == told("coordination.invited")  # production has no head
    for user, status in ((world.charlie, 200), (maker, 200), (world.bob, 404), (world.stranger, 404)):
        client.force_login(user)
        for path in ("", "minutes/"):
            assert client.get(f"/coordination/meetings/{meeting.pk}/{path}").status_code == status, user
        assert client.get(f"/api/v1/order-meetings/{meeting.pk}/").status_code in (status, 403)
    coordination.invite_colleague(meeting, by=world.root, user=world.bob)
    assert "bob" in told("coordination.invited")
    with refused("invited"):
        coordination.invite_colleague(meeting, by=world.root, user=world.bob)


def test_items_are_added_and_struck_off_with_a_reason(world: World) -> None:
    order = world.reviewed()
    meeting = called(world)
    added = coordination.add_item(meeting, by=world.root, topic="年底放假安排")
    assert agenda(meeting) == [(order.pk, ["allocate"], ""), (None, ["added"], "年底放假安排")]
    struck = coordination.strike_item(meeting.items.get(order=order), by=world.root, reason="今早已分配")
    assert (struck.struck, struck.reason) == (True, "今早已分配")
    with refused("struck"):
        coordination.settle_item(struck, by=world.root, settled="x")
    assert added.position == 2


def test_minutes_say_what_was_settled_who_does_it_and_who_was_there(world: World, client: Client) -> None:
    order = world.reviewed()
    world.boss  # noqa: B018 - the head of sales
    meeting = called(world, departments=[Department.objects.get(code="sales")])
    left = coordination.add_item(meeting, by=world.root, topic="叉车租用")
    item = meeting.items.get(order=order)
    task = {"what": "催供应商周三到货", "owner": world.bob, "due_on": date(2026, 11, 25)}
    coordination.settle_item(item, by=world.root, settled="周三到货后分配", **task)
    coordination.assign_task(meeting, by=world.root, what="联系叉车", owner=world.root, due_on=date(2026, 11, 24))
    with clock.at(AFTERNOON + timedelta(hours=1)):
        filed = coordination.file_minutes(
            meeting, by=world.root, meets_at=AFTERNOON, present=[world.root, world.boss], minutes="下周一再开"
        )
        assert (filed.status, filed.filed_by, filed.filed_at) == ("filed", world.root, clock.now())
        assert {each.username for each in filed.present.all()} == {"root", "boss"}
        assert told("coordination.minutes") == {"boss"} and told("coordination.task") == {"bob"}
        text = Message.objects.get(template="coordination.minutes").text("zh-hans")["body"]
        assert "已议定 1 项，留待下次 1 项，任务 2 项" in text
        with refused("closed"):
            coordination.settle_item(left, by=world.root, settled="x")
        with refused("wrong_state"):
            coordination.add_item(filed, by=world.root, topic="x")
        client.force_login(world.bob)  # he has a task, and so sees the meeting
        page = client.get(f"/coordination/meetings/{meeting.pk}/minutes/", headers={"Accept-Language": "en"})
        paper = page.content.decode()
        for words in ("Minutes of the order meeting", order.number, "周三到货后分配", "催供应商周三到货", "下周一再开"):
            assert words in paper, words
        assert "To the next meeting" in paper
        following = called(world, meets_at=clock.now() + timedelta(days=7))
        assert agenda(following) == [(order.pk, ["breached", "allocate"], ""), (None, ["postponed"], "叉车租用")]


def test_what_a_meeting_leaves_open_goes_to_the_next_that_is_convened_already(world: World) -> None:
    order = world.accepted()
    first = called(world)
    coordination.add_item(first, by=world.root, topic="叉车租用")
    coordination.add_item(first, by=world.root, topic="交期", order=order)
    following = called(world, meets_at=AFTERNOON + timedelta(days=7))
    assert agenda(following) == []
    with clock.at(AFTERNOON + timedelta(hours=1)):
        coordination.file_minutes(first, by=world.root, meets_at=AFTERNOON, present=[world.root])
    left = [(None, ["postponed"], "叉车租用"), (order.pk, ["postponed"], "交期")]
    assert agenda(following) == left
    third = called(world, meets_at=AFTERNOON + timedelta(days=14))
    assert agenda(third) == []  # it is on one agenda only
    coordination.add_item(following, by=world.root, topic="年底放假安排")
    coordination.cancel_meeting(following, by=world.root, reason="盘点")
    assert agenda(third) == [*left, (None, ["postponed"], "年底放假安排")]
    coordination.refresh_agenda(third, by=world.root)
    assert len(agenda(third)) == 3


def test_of_a_cancelled_meeting_only_what_people_put_on_it_is_carried_over(world: World) -> None:
    order = world.reviewed()
    meeting = called(world)
    coordination.add_item(meeting, by=world.root, topic="叉车租用")
    assert agenda(meeting) == [(order.pk, ["allocate"], ""), (None, ["added"], "叉车租用")]
    Order.objects.filter(pk=order.pk).update(status="confirmed")
    coordination.cancel_meeting(meeting, by=world.root, reason="盘点")
    assert agenda(called(world)) == [(None, ["postponed"], "叉车租用")]


def test_a_task_has_its_owner_its_date_and_its_time_limit(world: World) -> None:
    seed_calendar([2026, 2027])
    world.reviewed()
    item = AgendaItem.objects.get(meeting=called(world))
    coordination.settle_item(item, by=world.root, settled="周三", what="催货", due_on=date(2026, 11, 25))
    task = MeetingTask.objects.get()
    assert (task.owner, task.item, task.status) == (world.root, item, "open")
    due = Deadline.objects.about(task).get()
    assert (due.rule, due.due_at.astimezone(MORNING.tzinfo).date()) == ("meeting.task", date(2026, 11, 25))
    assert coordination.finish_task(task, by=world.root, outcome="已到货").status == "done"
    assert Deadline.objects.about(task).get().outcome == "met"


def test_only_its_owner_the_convener_or_a_deputy_finishes_a_task(world: World) -> None:
    meeting, day = called(world), clock.today()
    task = coordination.assign_task(meeting, by=world.root, what="催货", owner=world.bob, due_on=day)
    desk = Department.objects.get(code="order_desk")
    clerk = world.person("anna", "order_desk", department=desk)
    with refused("not_owner"):
        coordination.finish_task(task, by=clerk, outcome="已到货")
    others = [
        coordination.assign_task(meeting, by=world.root, what="备料", owner=world.bob, due_on=day) for _each in range(2)
    ]
    for other, user in zip(others, (world.bob, world.root), strict=True):
        assert coordination.finish_task(other, by=user, outcome="已办").status == "done"
    Absence.objects.create(user=world.bob, deputy=clerk, first_day=day, last_day=day)
    deputy = User.objects.get(pk=clerk.pk)  # for whom he stands in is asked once for each request's user
    assert coordination.finish_task(task, by=deputy, outcome="已到货").status == "done"


def test_a_meeting_is_moved_or_cancelled_and_all_are_told_why(world: World) -> None:
    world.boss  # noqa: B018 - the head of sales
    meeting = called(world, departments=[Department.objects.get(code="sales")])
    moved = coordination.move_meeting(
        meeting, by=world.root, meets_at=AFTERNOON + timedelta(days=1), place="三楼", reason="会议室被占用"
    )
    assert (moved.place, moved.meets_at) == ("三楼", AFTERNOON + timedelta(days=1))
    assert told("coordination.moved") == {"boss"}
    assert coordination.cancel_meeting(moved, by=world.root, reason="盘点").status == "cancelled"
    assert told("coordination.cancelled") == {"boss"}


def test_the_meeting_is_owed_five_working_days_after_the_last_minutes(world: World) -> None:
    seed_calendar([2026, 2027])
    desk = world.root and Department.objects.get(code="order_desk")
    check(mend=True)  # as each night: there is a deadline before the first meeting
    first = Deadline.objects.get(rule="order.meeting", closed_at=None)
    assert (first.department, first.due_at) == (desk, shanghai(30, 9, 30))
    clerk = world.person("anna", "order_desk", department=desk)
    rows = [row for group in today(clerk)["groups"] for row in group["rows"]]
    assert [(str(row["label"]), row["url"]) for row in rows] == [("Hold the order meeting", "/coordination/meetings/")]
    meeting = called(world)
    assert Deadline.objects.get(rule="order.meeting").closed_at is None  # to call it is not to hold it
    with clock.at(shanghai(24, 10)):
        coordination.file_minutes(meeting, by=world.root, meets_at=AFTERNOON, present=[world.root])
    first.refresh_from_db()
    assert (first.outcome, first.closed_at) == ("met", shanghai(24, 10))
    following = Deadline.objects.get(rule="order.meeting", closed_at=None)
    assert (following.started_at, following.due_at) == (shanghai(24, 10), shanghai(1, 10, month=12))
    assert check() == {}


def test_forms_refuse_what_cannot_be(world: World) -> None:
    meeting = called(world)
    past = {"meets_at": "2026-11-22 09:00", "place": "x", "departments": [world.sales.pk]}
    assert {k: v[0]["code"] for k, v in CallForm(past, by=world.root).problems().items()} == {"meets_at": "past"}
    assert sorted(CallForm({}, by=world.root).problems()) == ["departments", "meets_at", "place"]
    ahead = {"meets_at": "2026-11-24 09:00", "present": [world.bob.pk]}
    found = MinutesForm(ahead, by=world.root, obj=meeting).problems()
    assert {name: rows[0]["code"] for name, rows in found.items()} == {
        "meets_at": "future",
        "present": "invalid_choice",  # he was not invited
    }
    for given, wrong in (
        ({"settled": "x", "what": "y"}, {"due_on": "required"}),
        ({"settled": "x", "due_on": "2026-11-30"}, {"what": "required"}),
        ({"settled": "x", "what": "y", "due_on": "2026-11-20"}, {"due_on": "past"}),
    ):
        assert {k: v[0]["code"] for k, v in SettleForm(given, by=world.root).problems().items()} == wrong


def test_a_salesperson_adds_to_the_agenda_and_calls_no_meeting(world: World) -> None:
    meeting = called(world)
    coordination.invite_colleague(meeting, by=world.root, user=world.alice)
    assert coordination.add_item(meeting, by=world.alice, topic="样品") == AgendaItem.objects.get(topic="样品")
    with refused("forbidden"):
        coordination.cancel_meeting(meeting, by=world.alice, reason="x")
    with refused("forbidden"):
        called_by_her = {"meets_at": AFTERNOON, "place": "x", "departments": []}
        coordination.call_meeting(by=world.alice, **called_by_her)


def test_page_and_print_cost_as_many_queries_with_many_items(world: World, client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(User.objects.get(pk=world.reader.pk))

    def cost(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    world.reviewed()
    meeting = called(world)
    urls = [f"/coordination/meetings/{meeting.pk}/", f"/coordination/meetings/{meeting.pk}/minutes/"]
    task = {"settled": "x", "what": "y", "owner": world.bob, "due_on": clock.today()}
    coordination.settle_item(meeting.items.get(), by=world.root, **task)
    few = [cost(url) for url in urls]
    for _each in range(9):
        world.reviewed()
    coordination.refresh_agenda(meeting, by=world.root)
    for item in meeting.items.filter(settled=""):
        coordination.settle_item(item, by=world.root, **task)
    assert [cost(url) for url in urls] == few
