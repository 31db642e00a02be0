"""Page, REST, back office and mail: asking, deciding, and that no door leads around it."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from crm.accounts.models import Absence, User
from crm.actions import ACTIONS
from crm.api.tokens import issue
from crm.approvals import actions as approvals
from crm.approvals.declare import APPROVALS, ASKED_BY
from crm.approvals.lists import read_by_itself
from crm.approvals.models import ApprovalRequest, Decision, Task
from crm.approvals.telling import LASTS, SALT, link_for
from crm.outbox.models import Message
from crm.records.models import ActionLog
from crm.web.models import BulkRow
from customers.models import Customer
from tests.approvals.conftest import allow, ask
from tests.world import World, nothing_moves

pytestmark = pytest.mark.urls("tests.approvals.urls")
S, T = ApprovalRequest.Status, Task.Status
GRANT, ASK = "customers.grant_rebate", "customers.ask_grant_rebate"


def browser(user: User, language: str = "en") -> Client:
    User.objects.filter(pk=user.pk).update(language=language)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def rest(user: User, method: str, path: str, body: Any = None, **headers: str) -> Any:
    _token, secret = issue(user, "test", ("write",), days=None)
    client = Client(headers={"Authorization": f"Bearer {secret}", **headers})
    return client.generic(method, path, json.dumps(body) if body is not None else "", content_type="application/json")


def enter_page(user: User, verb: str, pk: int, inputs: dict[str, Any]) -> int:
    return browser(user).post(f"/do/{verb}/{pk}/", inputs).status_code


def enter_rest(user: User, verb: str, pk: int, inputs: dict[str, Any]) -> int:
    return rest(user, "POST", f"/api/v1/customers/{pk}/{verb}/", inputs).status_code


def enter_bulk(user: User, verb: str, pk: int, inputs: dict[str, Any]) -> int:
    return browser(user).post(f"/do-many/{verb}/", {"rows": str(pk), **inputs}).status_code


DOORS = {"page": (enter_page, 409), "rest": (enter_rest, 409), "many": (enter_bulk, 404)}


@pytest.mark.parametrize("door", sorted(DOORS))
@pytest.mark.parametrize("who", ["alice", "boss", "root"])
def test_no_door_leads_around_an_approval(world: World, door: str, who: str) -> None:
    enter, status = DOORS[door]
    user = getattr(world, who)
    for verb in [name for name in APPROVALS if ACTIONS[name].model is Customer]:
        with nothing_moves():
            assert enter(user, verb, world.customer.pk, {"amount": "500.00"}) == status
        ask(world, by=world.boss if who == "alice" else world.alice)
        ApprovalRequest.objects.update(status=S.REJECTED)  # what was not approved is worth nothing
        with nothing_moves():
            assert enter(user, verb, world.customer.pk, {"amount": "500.00"}) == status


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_verb_of_the_product_that_needs_one_says_so_at_the_gate(name: str) -> None:
    verb = ACTIONS[name]
    assert (name in APPROVALS) == (verb.approval is not None)
    if verb.approval is not None:
        asking = ASKED_BY[name]
        assert (asking.model, asking.form, asking.source) == (verb.model, verb.form, verb.source)


def test_the_back_office_shows_the_verb_as_a_button_and_changes_nothing_itself(world: World) -> None:
    client = browser(world.root)
    page = client.get(f"/admin/customers/customer/{world.customer.pk}/change/").content.decode()
    assert f"/do/{ASK}/{world.customer.pk}/" in page
    assert f"/do/{GRANT}/{world.customer.pk}/" not in page
    request = ask(world)
    for model, row in (("approvalrequest", request), ("decision", None)):
        assert client.get(f"/admin/approvals/{model}/").status_code == 200
        if row:
            with nothing_moves():
                assert client.post(f"/admin/approvals/{model}/{row.pk}/change/", {"status": "done"}).status_code == 403


@pytest.mark.parametrize("enter", [enter_page, enter_rest], ids=["page", "rest"])
def test_it_is_asked_by_the_same_form_and_decided_on_the_phone(world: World, enter: Any) -> None:
    assert enter(world.alice, ASK, world.customer.pk, {"amount": "-1"}) in (400, 422)
    assert enter(world.alice, ASK, world.customer.pk, {"amount": "500.00", "reason": "老客户"}) in (201, 302)
    request, task = ApprovalRequest.objects.get(), Task.objects.get()
    assert enter(world.alice, ASK, world.customer.pk, {"amount": "500.00"}) == 409
    page = browser(world.boss).get(request.get_absolute_url()).content.decode()
    assert f"/do/approvals.approve/{task.pk}/" in page
    assert "¥500.00" in page
    answer = browser(world.boss).post(f"/do/approvals.approve/{task.pk}/", {"opinion": "ok", "_key": "k1"})
    assert (answer.status_code, answer["Location"]) == (302, request.get_absolute_url())
    assert "rebate 500.00  老客户 by alice" in Customer.objects.get(pk=world.customer.pk).remarks
    door = Decision.objects.get().door
    assert door == "page"


def test_the_inbox_lists_what_waits_with_its_time_and_what_was_decided(world: World) -> None:
    request = ask(world)
    client = browser(world.boss)
    opened = client.get("/approvals/")
    assert (opened.status_code, opened.headers["Location"]) == (302, "/approvals/?tab=waiting")
    page = client.get("/approvals/?tab=waiting").content.decode()
    assert 'href="/approvals/?tab=all"' in page
    assert request.number in page
    assert request.get_absolute_url() in page
    assert 'class="pill' in page
    assert request.number not in client.get("/approvals/?tab=decided").content.decode()
    approvals.approve(Task.objects.get(), by=world.boss)
    assert request.number not in client.get("/approvals/?tab=waiting").content.decode()
    assert request.number in client.get("/approvals/?tab=decided").content.decode()
    mine = browser(world.alice)
    assert request.number in mine.get("/approvals/requests/?tab=asked").content.decode()
    assert request.number not in browser(world.charlie).get("/approvals/requests/").content.decode()


def test_the_inbox_costs_the_same_however_much_waits(world: World, django_assert_max_num_queries: Any) -> None:
    client = browser(world.boss)
    ask(world)
    for number in range(3):
        customer = world.new_customer()
        Customer.objects.filter(pk=customer.pk).update(owner=world.alice, department=world.sales)
        ACTIONS[ASK](Customer.objects.get(pk=customer.pk), by=world.alice, amount=100 + number)
    client.get("/approvals/?tab=waiting")
    with django_assert_max_num_queries(20):
        client.get("/approvals/?tab=waiting")


def test_rest_lists_reads_and_decides(world: World) -> None:
    request = ask(world)
    task = Task.objects.get()
    found = rest(world.boss, "GET", "/api/v1/approvals/?tab=waiting").json()["results"]
    assert [(row["pk"], row["number"], row["amount"]) for row in found] == [(task.pk, request.number, "500.00")]
    one = rest(world.boss, "GET", f"/api/v1/approvals/{task.pk}/").json()
    assert one["facts"][0] == {"key": "amount", "label": "Amount", "text": "¥500.00", "parts": []}
    assert one["hash"] == request.question.hash
    assert "approvals.approve" in [each["name"] for each in one["actions"]]
    answer = rest(world.boss, "POST", f"/api/v1/approvals/{task.pk}/approvals.approve/", {"opinion": "同意"})
    assert (answer.status_code, answer.json()["status"]) == (201, "done")
    whole = rest(world.alice, "GET", f"/api/v1/approval-requests/{request.pk}/").json()
    assert [(row["by"], row["what"], row["opinion"]) for row in whole["decisions"]] == [
        (world.boss.pk, "approved", "同意")
    ]
    assert rest(world.charlie, "GET", f"/api/v1/approval-requests/{request.pk}/").status_code == 404
    again = rest(world.boss, "POST", f"/api/v1/approvals/{task.pk}/approvals.approve/", {})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "wrong_state")


def test_a_request_that_was_sent_twice_decides_once(world: World) -> None:
    ask(world)
    path = f"/api/v1/approvals/{Task.objects.get().pk}/approvals.approve/"
    first, second = (rest(world.boss, "POST", path, {}, **{"Idempotency-Key": "k"}) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert Decision.objects.count() == 1
    assert ActionLog.objects.filter(verb=GRANT).count() == 1


def test_several_small_ones_are_approved_at_once(world: World, django_capture_on_commit_callbacks: Any) -> None:
    ask(world)
    other = world.new_customer()
    Customer.objects.filter(pk=other.pk).update(owner=world.alice, department=world.sales)
    ACTIONS[ASK](Customer.objects.get(pk=other.pk), by=world.alice, amount=7)
    rows = ",".join(str(pk) for pk in Task.objects.values_list("pk", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser(world.boss).post("/do-many/approvals.approve/", {"rows": rows, "_key": "k", "opinion": "同意"})
    assert answer.status_code == 302
    assert set(ApprovalRequest.objects.values_list("status", flat=True)) == {S.DONE}
    assert Decision.objects.filter(opinion="同意").count() == 2


def test_a_large_one_and_a_part_that_one_signs_for_are_not_approved_among_others(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    ask(world)
    other = world.new_customer()
    Customer.objects.filter(pk=other.pk).update(owner=world.alice, department=world.sales)
    ACTIONS[ASK](Customer.objects.get(pk=other.pk), by=world.alice, amount=7)
    small, large = Task.objects.order_by("pk")
    ApprovalRequest.objects.filter(pk=large.request_id).update(amount="10000.01")
    rows = {"rows": f"{small.pk},{large.pk}", "_key": "k", "opinion": "同意"}
    preview = browser(world.boss).get("/do-many/approvals.approve/", {"pk": [small.pk, large.pk]})
    assert [each.pk for each in preview.context["possible"]] == [small.pk]
    with django_capture_on_commit_callbacks(execute=True):
        assert browser(world.boss).post("/do-many/approvals.approve/", rows).status_code == 302
    assert list(BulkRow.objects.order_by("pk").values_list("state", "code")) == [("done", ""), ("refused", "by_itself")]
    assert Decision.objects.get().task == small
    Task.objects.filter(pk=large.pk).update(part="quality")
    ApprovalRequest.objects.filter(pk=large.request_id).update(amount=None)
    refused = read_by_itself(Task.objects.get(pk=large.pk))
    assert refused is not None and refused.code == "by_itself"
    ApprovalRequest.objects.filter(pk=large.request_id).update(amount="10000.00")
    Task.objects.filter(pk=large.pk).update(part="")
    assert read_by_itself(Task.objects.get(pk=large.pk)) is None


def test_a_link_in_a_mail_opens_the_card_after_signing_in(world: World) -> None:
    User.objects.filter(pk=world.boss.pk).update(mail_notices=True, email="boss@example.com", language="en")
    request = ask(world)
    task = Task.objects.get()
    mail = Message.objects.get(template="approvals.asked", channel="mail")
    url = link_for(task, world.boss)
    assert url.partition("/open/")[0] in mail.words["body"]
    path = url.removeprefix(settings.CRM_URL)
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/sign-in/")
    client = browser(world.boss)
    answer = client.get(path)
    assert answer["Location"] == f"{request.get_absolute_url()}?asked={task.pk}"
    with nothing_moves():
        client.get(path)
    approvals.approve(task, by=world.boss)
    page = client.get(path, follow=True).content.decode()
    assert "You have decided on this already" in page
    assert f"/do/approvals.approve/{task.pk}/" not in page


def test_a_link_for_somebody_else_a_forged_one_and_an_old_one_open_nothing(world: World) -> None:
    ask(world)
    task = Task.objects.get()
    path = link_for(task, world.boss).removeprefix(settings.CRM_URL)
    assert browser(world.bob).get(path).status_code == 403
    client = browser(world.boss)
    forged = path[:-3] + ("AAA" if not path.endswith("AAA/") else "BBB") + "/"
    assert client.get(forged).status_code == 404
    other = signing.dumps([task.pk, world.boss.pk], salt="links.seen")
    assert client.get(f"/approvals/open/{other}/").status_code == 404
    odd = signing.dumps({"task": task.pk}, salt=SALT)
    assert client.get(f"/approvals/open/{odd}/").status_code == 404
    signer = signing.TimestampSigner(salt=SALT)
    signer.timestamp = lambda: signing.b62_encode(1)  # type: ignore[method-assign]
    old = signer.sign_object([task.pk, world.boss.pk], compress=False)
    assert LASTS == 30 * 24 * 3600
    assert client.get(f"/approvals/open/{old}/").status_code == 410


def test_the_deputy_opens_the_link_and_finds_the_task_in_his_inbox(world: World) -> None:
    Absence.objects.create(user=world.boss, first_day="2026-11-23", last_day="2026-11-24", deputy=world.bob)
    request = ask(world)
    client = browser(world.bob)
    path = link_for(Task.objects.get(), world.bob).removeprefix(settings.CRM_URL)
    assert client.get(path).status_code == 302
    assert request.number in client.get("/approvals/?tab=waiting").content.decode()


def test_the_card_shows_what_changed_since_and_is_void_from_then_on(world: World) -> None:
    request = ask(world)
    Customer.objects.filter(pk=world.customer.pk).update(region="成都")  # as an import does
    page = browser(world.boss).get(request.get_absolute_url()).content.decode()
    assert "void and must be asked again" in page
    assert "<del>重庆</del>" in page
    request.refresh_from_db()
    assert request.status == S.VOID


def test_asking_again_shows_the_difference_and_quotes_former_opinions(world: World) -> None:
    first = ask(world)
    approvals.send_back(first.tasks.get(), by=world.boss, reason="超出预算")
    again = ask(world, amount="300")
    page = browser(world.boss).get(again.get_absolute_url()).content.decode()
    assert "<del>¥500.00</del>" in page
    assert "超出预算" in page


def test_the_card_in_chinese_and_the_panel_on_the_record(world: World) -> None:
    request = ask(world)
    assert browser(world.boss, "zh-hans").get(request.get_absolute_url()).status_code == 200
    page = browser(world.alice).get(world.customer.get_absolute_url()).content.decode()
    assert request.get_absolute_url() in page
    assert "waits for Boss" in page


def test_who_is_copied_in_sees_and_decides_nothing(world: World) -> None:
    request = ask(world)
    approvals.copy_to(request, by=world.alice, user=world.charlie)
    client = browser(world.charlie)
    page = client.get(request.get_absolute_url())
    assert page.status_code == 200
    assert "/do/approvals.approve/" not in page.content.decode()
    assert request.number in client.get("/approvals/requests/?tab=copied").content.decode()
    task = Task.objects.get()
    assert client.post(f"/do/approvals.approve/{task.pk}/", {}).status_code == 409
    assert task.decisions.count() == 0


def test_a_reminder_goes_out_once_an_hour(world: World) -> None:
    request = ask(world)
    for _time in range(2):
        approvals.remind(request, by=world.alice)
    assert Message.objects.filter(template="approvals.reminded").count() == 1


def test_the_role_of_web_and_worker_cannot_change_what_was_decided(world: World) -> None:
    ask(world)
    approvals.approve(Task.objects.get(), by=world.boss)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.APP_ROLE}")
    for table in ("approvals_decision", "approvals_question", "approvals_chainversion"):
        for change in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(change)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_a_role_that_may_ask_and_not_do_is_refused_when_it_asks(world: World) -> None:
    from django.contrib.auth.models import Group, Permission

    allow()
    Group.objects.get(name="sales").permissions.remove(Permission.objects.get(codename="grant_rebate"))
    assert enter_page(world.alice, ASK, world.customer.pk, {"amount": "5"}) == 403
    assert not ApprovalRequest.objects.exists()
