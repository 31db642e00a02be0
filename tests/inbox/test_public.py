"""The public form: anybody is heard, and learns nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from complaints.inbox import actions, public
from complaints.inbox.answering import answer
from complaints.inbox.models import Incoming
from crm import clock
from crm.records.models import ActionLog, Attachment
from crm.reports import today as start
from tests.inbox.conftest import PNG, answers
from tests.mailed import hidden, path_of
from tests.world import World, nothing_moves

GIVEN = {"name": "李强", "email": "li@example.com", "category": "shortage", "text": "少了两台，请补发。"}


@pytest.fixture(autouse=True)
def typed_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits three seconds in a test; the one about robots says otherwise."""
    monkeypatch.setattr(public, "FASTEST", -1)


def photo(name: str = "柜门.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG)


def begin(client: Client, query: str = "") -> dict[str, Any]:
    """What the page sends along."""
    page = client.get(f"/complain/{query}")
    assert page.status_code == 200
    found = hidden(page)
    mark = 'name="_opened" value="'
    return {"_key": found["_key"], "_opened": page.text.partition(mark)[2].partition('"')[0]}


def send(client: Client | None = None, query: str = "", **given: Any) -> Any:
    client = client or Client()
    return client.post(f"/complain/{query}", {**begin(client, query), **GIVEN, **given})


def test_a_stranger_gets_a_number_and_a_mail_with_a_link(world: World) -> None:
    client = Client()
    answer = send(client, photos=[photo(), photo("二.png")])
    assert answer.status_code == 303
    item = Incoming.objects.get()
    assert item.number in client.get(answer["Location"]).text
    assert (item.status, item.channel, item.name, item.category) == ("new", "web", "李强", "shortage")
    assert [each.name for each in Attachment.objects.about(item).order_by("pk")] == ["柜门.png", "二.png"]
    page = Client().get(path_of("inbox.answer"))
    assert page.status_code == 200
    assert item.number in page.text and "少了两台，请补发。" in page.text
    row = ActionLog.objects.get(verb="inbox.receive_incoming")
    assert (row.actor.username, row.door) == ("web", "link")


def test_nothing_that_was_typed_stands_in_the_mail_for_it_may_go_to_a_stranger(world: World) -> None:
    send(name="中奖请看 evil.example", company="领奖中心", text="请点 http://evil.example", query="?lang=zh-hans")
    send(name="You won at evil.example", email="zhang@example.com", query="?lang=en")
    [chinese, english] = answers()
    assert (chinese.contact_name, english.contact_name) == ("", "")
    texts = (chinese.text("zh-hans"), english.text("en"))
    assert texts[0]["body"].startswith("您好：") and texts[1]["body"].startswith("Dear Sir or Madam,")
    for words in ("evil.example", "领奖中心", "You won"):
        assert words not in str(texts)
    item = Incoming.objects.latest("pk")
    item.left_out = [["evil.example.exe", 10, "kind"]]
    item.email, item.language = "zhao@example.com", "en"
    assert answer(item, by=world.root)
    assert "evil.example" not in str(answers()[-1].text("en")) and "- … (10" in answers()[-1].text("en")["body"]


@pytest.mark.parametrize("name", ["http://evil.example", "李强\n\n恭喜中奖", "李\u202e强", "李\u2028强", "李\x07强"])
def test_a_name_is_one_line_and_no_address(world: World, name: str) -> None:
    with nothing_moves():
        assert send(name=name).status_code == 422


def test_the_link_says_what_became_of_it(world: World) -> None:
    send()
    item, client = Incoming.objects.get(), Client()
    url = path_of("inbox.answer")
    before = client.get(url).text
    complaint = actions.make_complaint(
        item, by=world.alice, new_customer="江北李强五金", category="shortage", content="少两台"
    )
    after = client.get(url).text
    assert before != after
    assert complaint.number not in before and complaint.number in after


def test_the_link_names_no_complaint_that_was_mailed_to_somebody_else(world: World) -> None:
    send()
    item = Incoming.objects.get()
    complaint = actions.make_complaint(
        item, by=world.root, customer=world.customer, category="shortage", content="少两台"
    )
    page = Client().get(path_of("inbox.answer")).text
    assert complaint.number not in page and world.customer.name not in page


def test_whether_customer_and_order_exist_makes_no_difference_to_the_page(world: World) -> None:
    order = world.new_order()
    known = send(email="wang@example.com", said_number=order.number)
    unknown = send(email="li@example.com", said_number="SO2026-999999")
    assert known.status_code == unknown.status_code == 303
    numbers = list(Incoming.objects.order_by("pk").values_list("number", flat=True))
    pages = [
        Client().get(each["Location"]).text.replace(number, "N").replace(each["Location"], "T")
        for each, number in zip((known, unknown), numbers, strict=True)
    ]
    assert pages[0] == pages[1]
    mails = [each.text("zh-hans")["body"] for each in answers()]
    assert len(mails) == 2
    assert order.number not in mails[0] and world.customer.name not in mails[0]


def test_the_clerk_sees_the_order_that_the_stranger_named(world: World, client_of: Any) -> None:
    order = world.new_order()
    send(email="li@example.com", said_number=order.number.lower())
    item = Incoming.objects.get()
    page = client_of(world.root).get(f"/do/inbox.make_complaint/{item.pk}/").text
    assert order.number in page and world.customer.name in page


def test_a_telephone_is_enough_and_suggests_the_contact(world: World) -> None:
    answer = send(email="", phone="138 0013 8000")
    assert answer.status_code == 303
    item = Incoming.objects.get()
    assert item.contact == world.contact
    assert answers() == []


@pytest.mark.parametrize(
    "wrong",
    [{"email": "", "phone": ""}, {"text": ""}, {"category": "nothing"}, {"email": "li@"}, {"name": ""}],
)
def test_what_is_missing_is_said_and_nothing_is_kept(world: World, wrong: dict[str, str]) -> None:
    with nothing_moves():
        answer = send(**wrong)
    assert answer.status_code == 422
    assert "errors-note" in answer.text


def test_six_files_and_files_of_other_kinds_are_refused(world: World) -> None:
    with nothing_moves():
        assert send(photos=[photo(f"{each}.png") for each in range(6)]).status_code == 422
        assert send(photos=[SimpleUploadedFile("a.exe", b"MZ\x90\x00" + b"\x00" * 50)]).status_code == 422


def test_a_robot_that_fills_in_the_hidden_field_is_thanked_and_forgotten(world: World) -> None:
    client = Client()
    with nothing_moves():
        answer = send(client, website="http://spam.example")
    assert answer.status_code == 303
    assert client.get(answer["Location"]).status_code == 200


def test_a_robot_that_is_too_fast_is_asked_again_and_a_person_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    monkeypatch.setattr(public, "FASTEST", 3)
    sent = {**begin(client), **GIVEN}
    with nothing_moves():
        answer = client.post("/complain/", sent)
        forged = client.post("/complain/", {**sent, "_opened": "forged"})
    assert answer.status_code == forged.status_code == 422
    assert "少了两台，请补发。" in answer.text
    monkeypatch.setattr(public, "FASTEST", -1)
    assert client.post("/complain/", sent).status_code == 303
    assert Incoming.objects.count() == 1


def test_a_double_click_is_one_complaint(world: World) -> None:
    client = Client()
    sent = {**begin(client), **GIVEN}
    assert [client.post("/complain/", sent).status_code for _each in range(2)] == [303, 303]
    assert Incoming.objects.count() == 1


def test_who_sends_too_often_is_asked_to_call(world: World) -> None:
    client = Client()
    sent = {**begin(client), **GIVEN}
    for number in range(public.SENT_PER_HOUR):
        assert client.post("/complain/", {**sent, "_key": f"k{number}"}).status_code == 303
    with nothing_moves():
        answer = client.post("/complain/", {**sent, "_key": "k99"})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_one_address_gets_one_mail_a_day_however_often_somebody_types_it(world: World) -> None:
    for _each in range(3):
        send()
    assert Incoming.objects.count() == 3
    assert len(answers()) == 1
    with clock.at(clock.now() + timedelta(days=1)):
        send()
    assert len(answers()) == 2


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "lang=en"), ("en", "lang=zh-hans")])
def test_the_form_speaks_both_languages(world: World, language: str, words: str) -> None:
    page = Client().get(f"/complain/?lang={language}")
    assert page["Content-Language"] == language
    assert words in page.text


def test_what_is_sent_in_english_is_answered_in_english(world: World) -> None:
    client = Client()
    answer = send(client, "?lang=en")
    assert answer["Location"].endswith("?lang=en")
    assert Incoming.objects.get().language == "en"
    assert answers()[0].language == "en"


def test_a_forged_page_of_thanks_is_not_found(world: World) -> None:
    assert Client().get("/complain/thanks/forged/").status_code == 404


def test_what_came_by_the_form_begins_with_his_own_words_and_not_with_its_category(world: World) -> None:
    client = Client()
    client.post("/complain/", {**GIVEN, **begin(client)})
    item = Incoming.objects.get()
    assert item.subject == "Shortage"
    assert item.words == "少了两台，请补发。"


def test_the_start_page_says_who_wrote_where_nobody_knows_the_customer_yet(world: World) -> None:
    client = Client()
    client.post("/complain/", {**GIVEN, **begin(client)})
    rows = [row for group in start.today(world.boss)["groups"] for row in group["rows"]]
    assert [row["customer"] for row in rows if row["label"] == Incoming.objects.get()] == ["李强 · Shortage"]


def test_a_message_to_somebody_whose_name_is_not_known_has_no_dot_before_its_time(world: World) -> None:
    client = Client()
    client.post("/complain/", {**GIVEN, **begin(client)})
    staff = Client()
    staff.force_login(world.boss)
    page = staff.get(Incoming.objects.get().get_absolute_url()).text
    assert '<div class="task-detail"> · ' not in page
