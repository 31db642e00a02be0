"""Who must be in a team is data: the table begins as the procedures have it, and an administrator changes it."""

from typing import Any

import pytest
from django.test import Client

from complaints import actions, first_concerns
from complaints.models import Category, Concern, Opinion
from complaints.parties import columns, concern_of, required
from crm.refusals import Refused
from tests.complaints.conftest import Room


@pytest.fixture
def admin(room: Room) -> Client:
    first_concerns.make(Concern)
    client = Client()
    client.force_login(room.world.root)
    return client


def change(admin: Client, category: str, **facts: Any) -> Any:
    row = Concern.objects.get(category=category)
    return admin.post(f"/admin/complaints/concern/{row.pk}/change/", facts)


def test_every_category_has_its_row_from_the_beginning(room: Room) -> None:
    first_concerns.make(Concern)
    first_concerns.make(Concern)
    assert sorted(Concern.objects.values_list("category", flat=True)) == sorted(Category.values)


def test_an_administrators_change_holds_for_the_next_team(room: Room, admin: Client) -> None:
    sent = {"verifying": "logistics", "also": ["finance", "quality"], "production": "on"}
    assert change(admin, "delivery", **sent).status_code == 302
    codes = [each.code for each in required(Category.DELIVERY)]
    assert codes == ["sales", "warehouse", "logistics", "finance", "quality"]
    signing = {column: department.code for column, department in columns(Category.DELIVERY)}
    assert signing[Opinion.Column.VERIFYING] == "logistics"
    assert signing[Opinion.Column.PRODUCTION] == "production"
    complaint = room.registered(category="delivery")
    with pytest.raises(Refused) as refused:
        few = [line for line in room.team(complaint) if line["department"].code != "finance"]
        actions.form_team(complaint, by=room.world.alice, lead=room.world.alice, tasks=few)
    assert refused.value.code == "team_incomplete"
    assert not complaint.teamtasks.exists()


def test_a_department_that_does_not_exist_is_refused(room: Room, admin: Client) -> None:
    answer = change(admin, "price", verifying="nobody", also=[])
    assert answer.status_code == 200
    assert concern_of(Category.PRICE).verifying == "finance"


def test_rows_are_neither_added_nor_removed_and_only_an_administrator_changes_them(room: Room, admin: Client) -> None:
    row = Concern.objects.get(category="price")
    url = f"/admin/complaints/concern/{row.pk}/"
    assert str(room.heads["finance"].department) in admin.get(f"{url}change/").text
    assert admin.get("/admin/complaints/concern/").status_code == 200
    assert admin.get("/admin/complaints/concern/add/").status_code == 403
    assert admin.post(f"{url}delete/", {"post": "yes"}).status_code == 403
    other = Client()
    other.force_login(room.world.alice)
    assert other.post(f"{url}change/", {"verifying": "sales"}).status_code in (302, 403)
    assert concern_of(Category.PRICE).verifying == "finance"


def test_whom_a_category_concerns_is_one_question(room: Room, django_assert_num_queries: Any) -> None:
    first_concerns.make(Concern)
    with django_assert_num_queries(2):  # the row, and the departments
        required(Category.QUALITY)
