"""The return visit form is printed empty to be taken along, and filled in to be filed, in both languages."""

from collections.abc import Iterator

import pytest
from django.test import Client

from crm import clock
from satisfaction.visits import actions
from tests.visits.test_visits import visit
from tests.world import MORNING, World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The small company on a Monday morning."""
    with clock.at(MORNING):
        yield World()


def printed(world: World, pk: int) -> str:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(world.root)
    answer = client.get(f"/visits/{pk}/form/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_is_printed_empty_with_boxes_and_room_to_write(world: World) -> None:
    made = visit(world)
    page = printed(world, made.pk)
    assert made.number in page
    assert made.customer.name in page
    assert page.count("□") == 4 + 3
    assert "☑" not in page
    assert page.count('class="to-fill"') == 5
    assert "很满意" in page
    assert "Very satisfied" in page


def test_it_is_printed_with_what_he_said_and_what_he_said_before(world: World) -> None:
    made = visit(world)
    actions.record_visit(made, by=world.root, channel="phone", level="fair", needs="下月再订", suggestions="早点通知")
    assert made.visited_by == world.root
    complaint = actions.complain_from_visit(made, by=world.root, category="service")
    page = printed(world, made.pk)
    assert (page.count("□"), page.count("☑")) == (3, 2)
    assert page.count('class="to-fill"') == 3
    for each in ("下月再订", "早点通知", complaint.number):
        assert each in page
    with clock.at(MORNING.replace(year=2027, month=1, day=4)):
        following = visit(world)
        page = printed(world, following.pk)
    assert made.number in page
    assert "早点通知" in page


def test_whoever_does_not_see_the_visit_prints_nothing(world: World) -> None:
    made = visit(world)
    client = Client()
    client.force_login(world.alice)
    assert client.get(f"/visits/{made.pk}/form/").status_code == 404
    client.force_login(world.stranger)
    assert client.get(f"/visits/{made.pk}/form/").status_code == 404
    assert Client().get(f"/visits/{made.pk}/form/").status_code == 302
