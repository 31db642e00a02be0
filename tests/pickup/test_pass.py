"""The customer's pass on his phone: he confirms, chooses another time, or names who collects (P3, P4)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm import clock
from crm.links.models import Link
from crm.outbox.models import Message
from crm.records.models import ActionLog, Attachment
from customers import actions as customers
from orders import actions as orders
from pickup import actions as pickup
from pickup.models import Authority, Pickup, Window
from tests.world import HANDED, ID_NUMBER, MORNING, World, nothing_moves

S = Pickup.Status
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6364f8cf500f00038601805a34697b0000000049454e44ae426082"
)


class Pass:
    """The pass as the customer has it: what its page says, and what he sends."""

    def __init__(self, told: Pickup, template: str = "pickup.notice") -> None:
        mail = Message.objects.filter(channel="mail", template=template, subject_pk=told.pk).latest("pk")
        self.path = re.search(r"http://testserver(/l/\S+)", mail.text("zh-hans")["body"])[1]
        self.client = Client()

    def page(self) -> Any:
        return self.client.get(self.path, {"lang": "en"})

    def text(self) -> str:
        return self.page().content.decode()

    def send(self, verb: str, **data: Any) -> Any:
        hidden = dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', self.text()))
        sent = {name: hidden[name] for name in ("_key", "_version", "_seen") if name in hidden}
        return self.client.post(f"{self.path}?lang=en", {"_verb": f"pickup.{verb}", **sent, **data})


@pytest.fixture
def told(world: World) -> Pickup:
    cache.clear()
    return world.notified()


def test_it_says_when_where_and_what_to_bring(world: World, told: Pickup) -> None:
    text = Pass(told).text()
    for said in (
        told.code,
        str(told.window),
        "渝北自提点",
        "Your identity card",
        "I will come then",
        told.order.number,
    ):
        assert said in text
    assert "data:image/" in text  # the code as a QR
    assert "13800138000" not in text and "wang@example.com" not in text


def test_it_says_the_weekday_and_lists_the_goods_that_are_due(told: Pickup) -> None:
    mine = Pass(told)
    page = mine.client.get(mine.path, {"lang": "zh-hans"}).text
    assert f"{told.window} (周一)" in page
    assert re.search(r"<dt>配电箱[^<]*</dt><dd>10 件</dd>", page)


def test_he_is_asked_first_and_has_the_code_on_top_once_he_said_that_he_comes(told: Pickup) -> None:
    mine = Pass(told)
    before = mine.text()
    assert before.index("I will come then") < before.index('class="pass-code"')
    mine.send("confirm_pickup")
    after = mine.text()
    assert after.index('class="pass-code"') < after.index('class="facts"')


def test_what_must_be_paid_is_among_what_to_bring(world: World, told: Pickup) -> None:
    type(told.order).objects.update(payment_terms="cash")
    assert "Payment of ¥1,280.00, or its receipt" in Pass(told).text()
    orders.enter_payment(told.order, by=world.root, amount=1280)
    assert "or its receipt" not in Pass(told).text()


def test_he_confirms(world: World, told: Pickup) -> None:
    mine = Pass(told)
    assert mine.send("confirm_pickup").status_code == 303
    fresh = Pickup.objects.get()
    row = ActionLog.objects.get(verb="pickup.confirm_pickup")
    assert (fresh.status, fresh.confirmed_at) == (S.CONFIRMED, MORNING)
    assert (row.door, row.link, row.actor.username) == ("link", Link.objects.get().pk, "links")
    text = mine.text()
    assert "<b>I will come then</b>" in text
    assert "Choose another time" in text and "Not possible" not in text


def test_a_second_confirmation_changes_nothing(world: World, told: Pickup) -> None:
    mine = Pass(told)
    mine.send("confirm_pickup")
    with nothing_moves():
        assert mine.send("confirm_pickup").status_code == 409


def test_he_chooses_another_time_out_of_those_with_room(world: World, told: Pickup) -> None:
    later, full = world.window(hours=26), world.window(hours=30, capacity=1)
    Window.objects.filter(pk=full.pk).update(taken=1)
    mine = Pass(told)
    text = mine.text()
    assert f'value="{later.pk}"' in text
    assert f'value="{full.pk}"' not in text and f'value="{told.window_id}"' not in text
    assert mine.send("move_pickup", window=later.pk, reason="堵车").status_code == 303
    fresh = Pickup.objects.get()
    assert (fresh.window, fresh.moves, fresh.reason) == (later, 1, "堵车")
    assert list(Window.objects.order_by("starts_at").values_list("taken", flat=True)) == [0, 1, 1]
    assert mine.send("move_pickup", window=full.pk).status_code == 422


def test_who_did_not_come_is_offered_another_time_under_a_new_link(world: World, told: Pickup) -> None:
    first = Pass(told)
    with clock.at(told.window.ends_at + timedelta(minutes=30)):
        later = world.window(hours=26)
        pickup.miss_pickup(told, by=world.root)
        mail = Message.objects.get(template="pickup.another")
        assert (mail.email, mail.contact_name, mail.language) == ("wang@example.com", "王小明", "zh-hans")
        assert told.order.number in mail.body
        mine = Pass(told, "pickup.another")
        assert mine.path != first.path
        with nothing_moves():
            assert first.page().status_code == 410
        assert mine.send("move_pickup", window=later.pk).status_code == 303
        assert "data:image/" in mine.text()  # the code, which counts again
    fresh = Pickup.objects.get()
    assert (fresh.status, fresh.window, fresh.code) == (S.CONFIRMED, later, told.code)
    assert Link.objects.filter(status="active").count() == 1


def test_who_was_never_told_of_his_window_is_offered_no_other(world: World) -> None:
    pickup.miss_pickup(world.planned(), by=world.root)
    assert not Message.objects.filter(template="pickup.another").exists()
    assert Message.objects.get(template="pickup.missed").recipient == world.root


def test_he_names_who_collects_and_uploads_the_letter(world: World, told: Pickup) -> None:
    mine = Pass(told)
    paper = SimpleUploadedFile("委托书.png", PNG, "image/png")
    facts = {"person": "赵四", "id_number": ID_NUMBER, "valid_from": "2026-11-23", "valid_until": "2026-11-30"}
    assert mine.send("name_collector", paper=paper, **facts).status_code == 303
    authority = Authority.objects.get()
    assert (authority.person, authority.pickup, authority.customer) == ("赵四", told, world.customer)
    assert Attachment.objects.get() == authority.paper
    assert ID_NUMBER not in str(ActionLog.objects.get(verb="pickup.name_collector").inputs)
    assert "The original letter of authority" in mine.text()
    record = pickup.hand_over(
        told, by=world.root, identity="id_compared", authority=authority, id_number=ID_NUMBER.lower()
    )
    assert record.collector == "赵四"


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"id_number": "123"}, "id_number"),
        ({"valid_until": "2026-11-22"}, "valid_until"),
        ({"person": ""}, "person"),
        ({"paper": SimpleUploadedFile("x.exe", b"MZ\x00\x00", "application/x-msdownload")}, "paper"),
    ],
)
def test_a_letter_that_cannot_be_is_asked_for_again(
    world: World, told: Pickup, facts: dict[str, Any], named: str
) -> None:
    mine = Pass(told)
    given = {"person": "赵四", "id_number": ID_NUMBER, "valid_from": "2026-11-23", "valid_until": "2026-11-30"}
    with nothing_moves():
        response = mine.send("name_collector", **{**given, **facts})
    assert response.status_code == 422
    assert f'name="{named}"' in response.content.decode()
    assert "<details" in response.content.decode() and " open>" in response.content.decode()


def test_the_pass_stays_open_until_it_runs_out(world: World, told: Pickup) -> None:
    mine = Pass(told)
    mine.send("confirm_pickup")
    assert Link.objects.get().status == "active"
    with clock.at(MORNING + timedelta(days=30)):
        assert mine.page().status_code == 410


def test_after_the_handover_there_is_nothing_left_to_do(world: World, told: Pickup) -> None:
    mine = Pass(told)
    pickup.hand_over(told, by=world.root, **HANDED)
    text = mine.text()
    assert "pickup.confirm_pickup" not in text and "pickup.move_pickup" not in text


def test_a_suspension_is_not_the_links_business(world: World, told: Pickup) -> None:
    customers.suspend_supply(world.customer, by=world.root, reason="秘密")
    assert "秘密" not in Pass(told).text()
