"""The customer confirms, declines or proposes under his link: once, and only what he saw."""

from decimal import Decimal

from django.test import Client

from crm.links.models import Link
from crm.records.models import ActionLog
from orders.changes import actions as changes
from orders.changes.models import Change, CustomerRequest, Extension
from orders.models import Line, Milestone, Order, OrderVersion
from tests.changes.conftest import NEW_DAY, House, choose
from tests.mailed import path_of
from tests.world import MORNING, nothing_moves, refused

S, E = Change.Status, Extension.Status
AGREE, DECLINE = "changes.agree_to_change", "changes.decline_change"


def test_he_sees_before_and_after_and_confirms(house: House) -> None:
    change, path = house.sent(wanted_on=NEW_DAY)
    page = Client().get(path, {"lang": "en"}).content.decode()
    for words in (
        "10 pc × ¥128.00 → 12 pc × ¥128.00",
        "2026-12-03 (Thu) → 2026-12-10 (Thu)",
        "¥1,280.00 → ¥1,536.00",
        "客户二期增量",
        change.number,
    ):
        assert words in page
    assert choose(path, AGREE, answer="尽快").status_code == 303
    change = house.fresh(change)
    assert (change.status, change.confirmed_how, change.confirmed_at, change.answer) == (
        S.CONFIRMED,
        "link",
        MORNING,
        "尽快",
    )
    row = ActionLog.objects.get(verb=AGREE)
    assert (row.door, row.link, row.actor.username) == ("link", Link.objects.get().pk, "links")
    assert Order.objects.get().total == Decimal("1280.00")  # the manager has not agreed yet
    used = Client().get(path, {"lang": "en"}).content.decode()
    assert "we are putting it into effect" in used


def test_he_declines_with_his_reason(house: House) -> None:
    change, path = house.sent()
    assert choose(path, DECLINE).status_code == 422
    assert house.fresh(change).status == S.ASKED
    assert choose(path, DECLINE, answer="价格太高").status_code == 303
    change = house.fresh(change)
    assert (change.status, change.answer) == (S.DECLINED, "价格太高")
    again = changes.send_change(change, by=house.seller)
    assert (again.status, again.answer) == (S.ASKED, "")


def test_a_link_is_used_once(house: House) -> None:
    change, path = house.sent()
    page = Client().get(path)
    assert choose(path, AGREE, page).status_code == 303
    with nothing_moves():
        assert choose(path, AGREE, page).status_code == 303  # the second half of a double click
        assert choose(path, DECLINE, answer="反悔").status_code == 200  # only tells what he did
    assert house.fresh(change).status == S.CONFIRMED
    assert ActionLog.objects.filter(verb=AGREE).count() == 1


def test_a_forged_link_opens_nothing(house: House) -> None:
    house.sent()
    with nothing_moves():
        assert Client().get("/l/AAAAAAAAAAAAAAAAAAAAAAAA/").status_code == 404
        assert Client().post("/l/AAAAAAAAAAAAAAAAAAAAAAAA/", {"_verb": AGREE}).status_code == 404


def test_a_link_does_only_what_it_is_for(house: House) -> None:
    _change, path = house.sent()
    with nothing_moves():
        assert choose(path, "changes.apply_change").status_code == 403
        assert choose(path, "changes.agree_to_extension").status_code == 403


def test_what_changed_since_he_looked_is_shown_to_him_first(house: House) -> None:
    change, path = house.sent()
    page = Client(headers={"Accept-Language": "en"}).get(path, {"lang": "en"})
    Line.objects.update(quantity=Decimal(11))
    Change.objects.update(version=change.version + 1)
    with nothing_moves():
        answer = choose(path, AGREE, page)
    assert answer.status_code == 412
    assert house.fresh(change).status == S.ASKED
    with nothing_moves():  # and what does not fit the order any more is not confirmed at all
        second = choose(path, AGREE)
    assert second.status_code == 409
    assert "was changed since this was written" in second.content.decode()


def test_a_revised_change_needs_a_new_link(house: House) -> None:
    change, path = house.sent()
    given = {"wish": "customer", "why": "再增量", "lines": [{"position": 1, "quantity": Decimal(15)}]}
    changes.revise_change(change, by=house.seller, **given)
    with nothing_moves():
        page = Client().get(path, {"lang": "en"})
        assert choose(path, AGREE).status_code == 410
    assert page.status_code == 410
    assert "We are revising this change" in page.content.decode()


def test_nobody_is_asked_without_an_address(house: House) -> None:
    change = house.drafted()
    contact = house.world.contact
    contact.email = ""
    contact.save()
    with refused("no_mail_address"):
        changes.send_change(change, by=house.seller)


def test_he_agrees_to_a_later_date_and_the_order_moves(house: House) -> None:
    order = house.order()
    Milestone.objects.create(order=order, name="装配", due_on=NEW_DAY.replace(day=1), owner=house.seller)
    extension, path = house.asking(order)
    page = Client().get(path, {"lang": "en"}).content.decode()
    for words in (
        "铜排供应商停产检修",
        "加班装配，分批先交 4 台",
        "2026-12-03 (Thu)",
        "2026-12-10 (Thu)",
        "Production",
    ):
        assert words in page
    assert choose(path, "changes.agree_to_extension").status_code == 303
    extension, order = house.fresh(extension), Order.objects.get()
    assert (extension.status, extension.agreed_how, order.wanted_on) == (E.AGREED, "link", NEW_DAY)
    assert Milestone.objects.get().due_on == NEW_DAY.replace(day=8)
    assert OrderVersion.objects.last().reference == extension.number
    with nothing_moves():
        assert choose(path, "changes.agree_to_extension").status_code == 200


def test_he_proposes_a_date_and_we_take_it(house: House) -> None:
    extension, path = house.asking()
    assert choose(path, "changes.propose_date", proposed_on="2026-11-01").status_code == 422
    assert choose(path, "changes.propose_date", proposed_on="2026-12-08", answer="最迟 8 日").status_code == 303
    extension = house.fresh(extension)
    assert (extension.status, str(extension.proposed_on), extension.answer) == (E.COUNTERED, "2026-12-08", "最迟 8 日")
    assert str(Order.objects.get().wanted_on) == "2026-12-03"
    changes.accept_proposal(extension, by=house.seller)
    assert str(Order.objects.get().wanted_on) == "2026-12-08"
    assert str(house.fresh(extension).new_on) == "2026-12-08"


def test_he_declines_a_later_date(house: House) -> None:
    extension, path = house.asking()
    assert choose(path, "changes.decline_extension", answer="工地等不起").status_code == 303
    assert (house.fresh(extension).status, str(Order.objects.get().wanted_on)) == (E.DECLINED, "2026-12-03")


def test_a_date_that_moved_meanwhile_is_not_agreed_to(house: House) -> None:
    extension, path = house.asking()
    assert b'value="changes.agree_to_extension"' in Client().get(path).content
    Order.objects.update(wanted_on=NEW_DAY.replace(day=4))
    page = Client().get(path, {"lang": "en"}).content.decode()
    assert "The order has another date by now." in page
    assert 'value="changes.agree_to_extension"' not in page and 'value="changes.decline_extension"' in page
    with nothing_moves():
        assert choose(path, "changes.agree_to_extension").status_code == 409
    assert house.fresh(extension).status == E.ASKED


def test_a_change_that_does_not_fit_any_more_is_only_declined(house: House) -> None:
    _change, path = house.sent()
    assert b'value="changes.agree_to_change"' in Client().get(path).content
    Line.objects.update(quantity=Decimal(11))
    page = Client().get(path).content
    assert b'value="changes.agree_to_change"' not in page and b'value="changes.decline_change"' in page


def test_nobody_gives_the_customer_s_word_in_his_place(house: House) -> None:
    change, _path = house.sent()
    extension, _path = house.asking()
    for verb, paper in (
        (changes.agree_to_change, change),
        (changes.decline_change, change),
        (changes.agree_to_extension, extension),
        (changes.decline_extension, extension),
        (changes.propose_date, extension),
    ):
        refusal = verb.refusal(house.fresh(paper), house.world.root)
        assert refusal is not None and refusal.code == "customers_word"


def test_he_hands_in_requests_under_one_link_and_reads_the_answers(house: House) -> None:
    order = house.order()
    changes.invite_requests(order, by=house.seller)
    path = path_of("changes.invite")
    for text in ("柜体改为 RAL7032", "每箱贴标签"):
        assert choose(path, "changes.hand_in_request", text=text).status_code == 303
    rows = CustomerRequest.objects.order_by("pk")
    assert [(row.text, row.channel, row.owner) for row in rows] == [
        ("柜体改为 RAL7032", "link", house.seller),
        ("每箱贴标签", "link", house.seller),
    ]
    changes.answer_request(rows[0], by=house.seller, accepted=True, answer="可以，按新颜色喷涂")
    page = Client().get(path, {"lang": "en"}).content.decode()
    assert "可以，按新颜色喷涂" in page and "每箱贴标签" in page
