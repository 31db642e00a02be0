"""What stood in the way of those who walked a complaint by clicking, from the counter to the archive."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from complaints import actions, forms
from complaints.handover import noted_at
from complaints.link_pages import IN_WORDS, state_of
from complaints.models import Complaint
from complaints.returns import actions as returns
from complaints.verification.actions import note_weighing, open_verification
from crm import clock
from crm.accounts.scopes import involve
from crm.actions import ACTIONS
from crm.reports import today as start
from crm.web.areas import menu
from tests.complaints.conftest import Room
from tests.world import refused, scan


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_of_a_shortage_the_quantity_concerned_is_what_was_missing(room: Room) -> None:
    assert room.received(category="shortage").quantity == Decimal(1)


def test_of_anything_else_it_is_what_left(room: Room) -> None:
    assert room.received().quantity == Decimal(9)


def test_the_only_product_of_a_pickup_stands_in_the_counters_form_already(room: Room) -> None:
    pickup = room.handed_over()
    pickup.records.get().lines.update(difference="")
    form = forms.CounterForm(by=room.world.clerk, obj=pickup)
    assert form.initial["product"] == pickup.order.lines.get().product


def test_an_amount_and_a_percentage_are_not_taken_together(room: Room) -> None:
    complaint = room.found()
    head = room.heads["warehouse"]
    data = {
        "outcome": "discount",
        "solution": "优惠",
        "amount": "115",
        "percent": "15",
        "department": head.department.pk,
        "person": head.pk,
        "measures": [{"what": "扣减", "due_on": "2099-01-01"}],
    }
    form = forms.PlanForm(data, by=room.world.alice, obj=complaint)
    assert form.errors["percent"] == ["Enter the amount or the percentage, not both."]


@pytest.mark.parametrize("field", ["person", "owner"])
def test_nobody_is_offered_for_a_measure_who_could_not_tick_it_off(room: Room, field: str) -> None:
    assert not room.world.clerk.has_perm("complaints.finish_measure")
    form: Any = forms.PlanForm if field == "person" else forms.MeasureLine
    offered = form(by=room.world.alice).fields[field].queryset
    assert room.heads["warehouse"] in offered
    assert room.world.clerk not in offered


def test_only_who_verifies_or_carries_the_complaint_opens_its_verification(room: Room) -> None:
    complaint = room.investigating()
    with refused("not_asked"):
        open_verification(complaint, by=room.heads["warehouse"], kind="quality")
    assert not complaint.verifications.exists()
    assert open_verification(complaint, by=room.heads["quality"], kind="quality").status == "opened"


def test_who_has_agreed_to_the_plan_does_not_read_that_we_are_agreeing_with_him(room: Room) -> None:
    complaint = room.write(room.found())
    assert state_of(room.fresh(complaint)) == IN_WORDS[Complaint.Status.FOUND]
    actions.record_agreement(complaint, by=room.world.alice, channel="phone", words="同意")
    assert state_of(room.fresh(complaint)) == IN_WORDS[Complaint.Status.DECIDING]


def test_a_raised_complaint_can_still_send_goods_back(room: Room) -> None:
    """In the third round it is owned by who signs return notices; its lead writes the notice, and he signs it."""
    complaint = room.approved_with("return")
    Complaint.objects.filter(pk=complaint.pk).update(owner=room.world.boss, lead=room.world.alice)
    notice = complaint.returnnotices.get()
    line = notice.lines.get()
    lines = [{"line": line.line, "batch": line.batch, "quantity": line.quantity}]
    returns.change_return(notice, by=room.world.alice, lines=lines, why="划伤")
    assert returns.sign_return(room.fresh(notice), by=room.world.boss).status == "expected"


def test_what_the_sales_manager_has_written_himself_an_executive_signs(room: Room) -> None:
    complaint = room.approved_with("return")
    Complaint.objects.filter(pk=complaint.pk).update(owner=room.world.boss)
    notice = complaint.returnnotices.get()
    line = notice.lines.get()
    lines = [{"line": line.line, "batch": line.batch, "quantity": line.quantity}]
    returns.change_return(notice, by=room.world.boss, lines=lines, why="划伤")
    with refused("own_notice"):
        returns.sign_return(room.fresh(notice), by=room.world.boss)
    assert ACTIONS["returns.sign_return"](room.fresh(notice), by=room.executive).status == "expected"


def test_goods_that_come_back_are_chosen_from_the_lines_of_their_own_notice(room: Room) -> None:
    complaint = room.approved_with("return")
    other = room.world.notified().order.lines.get()
    notice = complaint.returnnotices.get()
    html = client_of(room.world.alice).get(f"/do/returns.change_return/{notice.pk}/").content.decode()
    assert f'<option value="{notice.lines.get().line_id}"' in html
    assert f'<option value="{other.pk}"' not in html


def test_what_the_counter_noted_is_in_the_houses_language_whoever_writes_it_down(room: Room, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    pickup = room.handed_over()
    product = pickup.order.lines.get().product
    type(product).objects.filter(pk=product.pk).update(name="配电箱", name_en="Distribution box")
    with override("en"):
        noted = noted_at(room.fresh(pickup)).content
    assert "配电箱" in noted
    assert "Distribution box" not in noted


def test_a_weighing_ticket_is_kept_in_the_houses_language_whoever_enters_it(room: Room, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    clerk = room.world.person("weigher", "warehouse", department=room.heads["warehouse"].department)
    complaint = room.investigating(category="shortage")
    found = open_verification(complaint, by=room.heads["warehouse"], kind="pickup")
    given = {"stage": "loaded", "place": "一号门", "gross": Decimal(900), "tare": Decimal(400), "whose": "客户磅"}
    with override("en"):
        note_weighing(found, by=clerk, at=clock.now(), weigher="孙亮", file=scan("ticket.pdf"), **given)
    assert complaint.evidences.get().what == "磅单：装车，一号门，净重 500 千克"


def test_the_plan_begins_with_what_the_customer_wishes_and_keeps_what_was_written(room: Room) -> None:
    complaint = room.found()
    assert complaint.wish == "replacement"
    assert forms.PlanForm(by=room.world.alice, obj=complaint).initial["outcome"] == "replacement"
    written = room.write(complaint)
    assert forms.PlanForm(by=room.world.alice, obj=written).initial["outcome"] == "apology"


def test_the_list_fits_a_screen_and_a_filter_of_yes_or_no_is_said_in_words(room: Room) -> None:
    room.received()
    page = client_of(room.world.boss).get("/complaints/?reopened=false").context["page"]
    assert [(str(each["label"]), each["value"]) for each in page["filter_chips"]] == [("reopened", "no")]
    html = client_of(room.world.boss).get("/complaints/").content.decode()
    assert "Round" in html.partition("<thead>")[2].partition("</thead>")[0]
    assert "Lead of the team" not in html.partition("<thead>")[2].partition("</thead>")[0]


def test_whoever_may_not_open_a_return_notice_reads_of_it_without_a_link(room: Room) -> None:
    complaint = room.approved_with("return")
    url = complaint.returnnotices.get().get_absolute_url()
    maker = room.world.person("maker", "production", department=room.heads["production"].department)
    assert not maker.has_perm("returns.view_returnnotice")
    assert client_of(maker).get(url).status_code == 404
    involve(complaint, user=maker, why="team")
    page = client_of(maker).get(complaint.get_absolute_url()).content.decode()
    assert complaint.returnnotices.get().number in page
    assert f'href="{url}"' not in page
    assert f'href="{url}"' in client_of(room.world.alice).get(complaint.get_absolute_url()).content.decode()


def test_who_waits_for_a_complaint_reads_whose_it_is(room: Room) -> None:
    complaint = room.carried_out()
    waiting = [row for row in start.today(room.world.alice)["waiting"] if row["label"] == complaint]
    assert waiting
    assert {row["customer"] for row in waiting} == {complaint.customer}
    html = client_of(room.world.alice).get("/").content.decode()
    assert complaint.customer.name in html.partition('id="waiting-title"')[2].partition('id="done-title"')[0]
    assert complaint.customer.name in html.partition('id="done-title"')[2]


def test_an_8d_report_keeps_what_was_looked_into_apart_from_what_contains_the_damage(room: Room) -> None:
    complaint = room.found()
    task = complaint.teamtasks.order_by("pk").first()
    assert task is not None
    parts = re.split(r"<h2>D\d ", client_of(room.world.alice).get(f"{complaint.get_absolute_url()}8d/").text)
    assert task.outcome in parts[2] and task.outcome not in parts[3]
    assert "None yet." in parts[3]
    assert "Closed on" in parts[8]
    assert "No improvement is planned." in parts[5] and "No improvement is planned." in parts[6]


def test_on_a_phone_too_a_line_says_what_must_be_filled_in(room: Room) -> None:
    complaint = room.registered()
    html = client_of(room.world.alice).get(f"/do/complaints.form_team/{complaint.pk}/").content.decode()
    assert 'data-label="Task" data-must' in html
    assert 'data-label="With whom, or where" data-must' not in html
    css = Path(settings.BASE_DIR, "static/crm/crm.css").read_text()
    assert '.lines td[data-must]::before { content: attr(data-label) " *"; }' in css


def test_the_search_finds_every_list_and_its_pages_by_name_and_each_once(room: Room) -> None:
    def pages(user: Any, query: str) -> list[tuple[str, str]]:
        groups = client_of(user).get("/search/", {"q": query}).context["groups"]
        found = next((each["items_found"] for each in groups if str(each["label"]) == "Pages"), [])
        return [(str(each["title"]), each["url"]) for each in found]

    assert pages(room.world.boss, "returns") == [("Returns", "/returns/")]
    assert pages(room.world.boss, "complaints") == [
        ("Complaints", "/complaints/"),
        ("Complaints · Analysis", "/complaints/analysis/"),
    ]
    stranger = room.world.person("desk", "reception")
    assert not stranger.has_perm("returns.view_returnnotice")
    assert pages(stranger, "returns") == []


def test_the_way_back_from_a_record_is_the_list_of_its_kind(room: Room) -> None:
    complaint = room.approved_with("return")
    notice = complaint.returnnotices.get()
    for record, url in ((notice, "/returns/"), (complaint, "/complaints/")):
        html = client_of(room.world.alice).get(record.get_absolute_url()).content.decode()
        assert f'<a href="{url}">' in html.partition('class="crumbs"')[2].partition("</nav>")[0]


def test_the_menu_leads_to_the_list_also_for_who_may_look_at_the_analysis(room: Room) -> None:
    boss = room.world.boss
    assert client_of(boss).get("/complaints/analysis/").status_code == 200
    (entry,) = [each for each in menu(boss, "/complaints/analysis/", {}) if each["key"] == "complaints"]
    assert (entry["url"], entry["active"]) == ("/complaints/", True)


def test_the_heads_of_a_figure_break_so_that_its_last_column_is_seen() -> None:
    css = Path(settings.BASE_DIR, "static/crm/charts.css").read_text()
    assert ".figures thead th.num { white-space: normal; word-break: keep-all; }" in css
