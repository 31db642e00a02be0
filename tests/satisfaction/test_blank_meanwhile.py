"""A customer may empty his sheet, or send it, while somebody looks at the result: each page comes at any moment."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from crm import clock
from satisfaction import actions
from satisfaction.models import Answer, Campaign, Sheet
from satisfaction.report import recovery
from tests.satisfaction.conftest import everywhere, lines, running
from tests.world import World

ANSWERS = re.compile("satisfaction_(answer|sheet)")
PAGES = ("", "result/", "evaluation/", "report/", "workbook/")


def ended(world: World, name: str, days: int) -> Campaign:
    """A survey that began so many days ago and is over, with two sheets."""
    facts = {"opens_on": clock.today() - timedelta(days=days), "until": clock.today() + timedelta(days=3)}
    campaign, rows = running(world, 2, name=name, **facts)
    for each in rows:
        given = {"way": "phone", "returned_on": clock.today(), "answers": lines(everywhere("fair"), "sales-promise")}
        actions.key_in_answers(each, by=world.root, **given)
    return actions.end_campaign(campaign, by=world.root)


def empty() -> None:
    """All sheets turn blank, as `take_sheet` makes them."""
    Answer.objects.all().delete()
    Sheet.objects.update(counted=False)


class After:
    """Does something once, when so many queries of answers were asked."""

    def __init__(self, number: int, deed: Callable[[], None]) -> None:
        self.number, self.deed, self.asked, self.doing = number, deed, 0, False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if not self.doing and ANSWERS.search(sql):
            self.asked += 1
            if self.asked == self.number:
                self.doing = True
                self.deed()
                self.doing = False
        return found


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_a_result_comes_whenever_sheets_turn_blank_meanwhile(world: World, page: str) -> None:
    ended(world, "上一次", 60)
    campaign = ended(world, "这一次", 0)
    client = Client()
    client.force_login(world.root)
    number = 0
    while True:
        number += 1
        wrapper = After(number, empty)
        point = transaction.savepoint()
        with connection.execute_wrapper(wrapper):
            assert client.get(f"/surveys/{campaign.pk}/{page}").status_code in (200, 404)
        transaction.savepoint_rollback(point)
        if wrapper.asked < number:
            break
    assert number > 1


def test_no_more_are_back_in_time_than_are_back(world: World) -> None:
    """Both are counted by one query, or one of them would be of another moment."""
    campaign = ended(world, "这一次", 0)
    counting = After(1, lambda: None)
    with connection.execute_wrapper(counting):
        found = recovery(campaign)
    assert counting.asked == 1
    assert (found["recovered"], found["on_time"]) == (2, 2)
