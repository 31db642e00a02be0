"""Lists, pages, prints, REST and figures of samples and quotations; what strangers see; two at the same moment."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm import clock
from crm.accounts.models import User
from crm.api.tokens import issue
from crm.records.models import ActionLog, Attachment
from crm.records.search import search
from crm.reports.charts import REPORTS
from customers.models import Customer
from orders.models import Order
from orders.quotations import actions as verbs
from orders.quotations.figures import quotations_by_month
from orders.quotations.lists import QUOTATIONS
from orders.quotations.models import Quotation, Sample
from tests.mailed import hidden, path_of
from tests.quotations.conftest import House
from tests.races.conftest import at_once
from tests.world import MORNING, World, nothing_moves, scan, shanghai


def page_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked_for(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_lists_and_pages_ask_as_often_for_many_as_for_one(house: House) -> None:
    client = page_of(house.alice)
    quotation, sample = house.sent(lines=[house.line()]), house.sample_sent()
    paths = [
        "/quotations/",
        quotation.get_absolute_url(),
        "/quotations/samples/",
        sample.get_absolute_url(),
        house.customer.get_absolute_url(),
        f"/quotations/{quotation.pk}/versions/",
        f"/quotations/{quotation.pk}/print/",
    ]
    verbs.revise_quotation(quotation, by=house.alice, **house.offer())
    verbs.send_quotation(quotation, by=house.alice)
    for path in paths:
        client.get(path)
    before = {path: asked_for(client, path) for path in paths}
    for price in ("128.00", "130.00", "131.00"):
        lines = [house.line("10", price), house.line("2"), house.line("3")]
        verbs.revise_quotation(quotation, by=house.alice, **house.offer(lines=lines))
        verbs.send_quotation(quotation, by=house.alice)
        house.sent()
        house.sample_sent()
        verbs.decline_sample(sample, by=house.links, changes="颜色")
        verbs.start_sample(sample, by=house.maker)
        verbs.finish_sample(sample, by=house.maker, batch="Y2", specification="图纸 B 版")
        verbs.send_sample(sample, by=house.alice, carrier="顺丰速运", sent_on=clock.today())
    for path in paths:
        assert asked_for(client, path) <= before[path], path


def test_a_guessed_key_is_nothing_to_a_stranger(house: House) -> None:
    quotation, sample = house.sent(), house.sample_sent()
    verbs.record_sample_approval(sample, by=house.alice, paper=scan(), signed_by="王小明", signed_on=clock.today())
    file = Attachment.objects.about(sample).get()
    paths = [
        quotation.get_absolute_url(),
        f"/quotations/{quotation.pk}/print/",
        f"/quotations/{quotation.pk}/versions/",
        f"/quotations/{quotation.pk}/versions/1/print/",
        sample.get_absolute_url(),
        f"{sample.get_absolute_url()}print/",
        f"/api/v1/quotations/{quotation.pk}/",
        f"/api/v1/samples/{sample.pk}/",
        f"/files/{file.pk}/",
    ]
    assert [page_of(house.alice).get(path).status_code for path in paths] == [200] * len(paths)
    stranger = house.world.charlie  # a salesperson of another department
    assert [page_of(stranger).get(path).status_code for path in paths] == [404] * len(paths)
    assert page_of(stranger).get(f"/quotations/{quotation.pk + 99}/print/").status_code == 404
    assert page_of(house.alice).get(f"/quotations/{quotation.pk}/versions/9/print/").status_code == 404


def test_the_paper_says_what_was_offered(house: House) -> None:
    quotation = house.sent()
    verbs.revise_quotation(quotation, by=house.alice, **house.offer(lines=[house.line("20")]))
    client = page_of(house.alice)
    latest = client.get(f"/quotations/{quotation.pk}/print/").content.decode()
    first = client.get(f"/quotations/{quotation.pk}/versions/1/print/").content.decode()
    for words in ("QT2026-000001-2", house.customer.name, "¥2,560.00", "预付 30%", "10 个工作日", "不含运费"):
        assert words in latest
    assert "QT2026-000001-1" in first and "¥1,280.00" in first and "¥2,560.00" not in first


def test_the_sample_request_is_printed_with_its_rounds(house: House) -> None:
    sample = house.approved()
    html = page_of(house.maker).get(f"{sample.get_absolute_url()}print/").content.decode()
    for words in (sample.number, "配电箱", "RAL7035", "左开门", "Y1", "图纸 A 版", "SF123", "王小明"):
        assert words in html


def test_the_back_office_shows_them_and_changes_nothing(house: House) -> None:
    quotation, sample = house.sent(), house.sample()
    client = page_of(house.world.root)
    for record in (quotation, sample):
        name = record._meta.model_name
        assert record.number in client.get(reverse(f"admin:quotations_{name}_changelist")).content.decode()
        change = reverse(f"admin:quotations_{name}_change", args=[record.pk])
        assert client.get(change).status_code == 200
        with nothing_moves():
            client.post(change, {"number": "X", "status": "accepted"})


def test_versions_stand_side_by_side_with_what_differs(house: House) -> None:
    quotation = house.sent()
    verbs.revise_quotation(quotation, by=house.alice, **house.offer(lines=[house.line("20"), house.line("1")]))
    response = page_of(house.alice).get(f"/quotations/{quotation.pk}/versions/")
    rows = {str(row["label"]): [cell["differs"] for cell in row["cells"]] for row in response.context["compared"]}
    assert rows["1."] == rows["2."] == rows["Total with tax"] == [False, True]
    assert rows["Delivery time"] == rows["Valid until"] == [False, False]
    assert response.content.decode().count("<mark>") == 4  # two lines, total and tax


def test_it_is_found_by_its_number(house: House) -> None:
    quotation, sample = house.sent(), house.sample()
    assert list(search(Quotation.objects.all(), "QT2026-000001")) == [quotation]
    assert list(search(Sample.objects.all(), "sa2026-000001")) == [sample]


def test_an_inquiry_of_a_customer_offers_to_quote_and_to_sample(house: House) -> None:
    inquiry = house.world.new_inquiry(customer=house.customer)
    client = page_of(house.world.root)
    html = client.get(inquiry.get_absolute_url()).content.decode()
    assert "/do/quotations.quote_inquiry/" in html and "/do/quotations.request_inquiry_sample/" in html
    verbs.quote_inquiry(inquiry, by=house.world.root, **house.offer())
    assert "QT2026-000001" in client.get(inquiry.get_absolute_url()).content.decode()


def test_rest_answers_every_version_and_does_the_verbs(house: House) -> None:
    quotation = house.sent()
    verbs.revise_quotation(quotation, by=house.alice, **house.offer(lines=[house.line("20")]))
    _token, secret = issue(house.alice, "test", ("write",), days=None)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    found = client.get(f"/api/v1/quotations/{quotation.pk}/").json()
    assert [(each["number"], each["outcome"], each["total"]) for each in found["versions"]] == [
        (1, "superseded", "1280.00"),
        (2, "draft", "2560.00"),
    ]
    assert [line["quantity"] for line in found["versions"][1]["lines"]] == ["20.000"]
    path = f"/api/v1/quotations/{quotation.pk}/quotations.send_quotation/"
    answer = client.post(path, {}, content_type="application/json", headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 200
    assert Quotation.objects.get().status == "sent"
    path = f"/api/v1/quotations/{quotation.pk}/quotations.accept_quotation/"
    with nothing_moves():
        data = {"signed_by": "王小明"}
        answer = client.post(path, data, content_type="application/json", headers={"Idempotency-Key": "k2"})
    assert answer.status_code == 403


def test_every_form_opens_and_begins_with_what_is_known(house: House) -> None:
    quotation, sample = house.accepted(), house.approved()
    other = house.sent(delivery="首批 15 天")
    client = page_of(house.alice)
    for path in (
        "/do/quotations.draft_quotation/",
        f"/do/quotations.quote_customer/{house.customer.pk}/",
        f"/do/quotations.request_sample/{house.customer.pk}/",
        f"/do/quotations.order_quotation/{quotation.pk}/",
        f"/do/quotations.quote_sample/{sample.pk}/",
        f"/do/quotations.order_sample/{sample.pk}/",
    ):
        assert client.get(path).status_code == 200, path
    html = client.get(f"/do/quotations.revise_quotation/{other.pk}/").content.decode()
    assert "首批 15 天" in html and "配电箱" in html
    form = client.get(f"/do/quotations.order_sample/{sample.pk}/").context["form"]
    assert [line.initial["quantity"] for line in form["lines"].line_forms] == [Decimal(2)]
    form = client.get(f"/do/quotations.order_quotation/{quotation.pk}/").context["form"]
    assert form["remarks"].value() == "预付 30%\n10 个工作日\n不含运费"


# Figures.


def test_quotations_stand_in_the_month_in_which_they_were_first_sent(house: House) -> None:
    for status, count, moment in (
        ("sent", 1, MORNING),
        ("accepted", 2, MORNING),
        ("declined", 1, shanghai(1, 0)),
        ("expired", 1, shanghai(31, 23, 59, month=10)),
        ("accepted", 1, shanghai(1, 0, month=10)),
        ("withdrawn", 2, shanghai(2, 0, month=10)),
        ("accepted", 1, MORNING - timedelta(days=400)),
    ):
        for _each in range(count):
            Quotation.objects.filter(pk=house.draft().pk).update(status=status, offered_at=moment)
    house.draft()  # which nobody has seen
    found = quotations_by_month(house.alice)
    assert (len(found.rows), found.rows[-1].label, found.rows[0].label) == (12, "2026-11", "2025-12")
    numbers = [[value.number for value in row.values if value] for row in found.rows]
    assert numbers[-1] == [1, 2, 1, 0]
    assert numbers[-2] == [0, 1, 0, 3]
    assert sum(map(sum, numbers)) == 8
    hits = [row.more[0] for row in found.rows]
    assert hits[-1] is not None and hits[-1].text == "67%"
    assert hits[-2] is not None and hits[-2].text == "25%"
    assert hits[0] is None
    for row in found.rows:
        for value in row.values:
            if value and value.number:
                query = QueryDict(value.url.partition("?")[2])
                assert QUOTATIONS.filtered(house.alice, query).count() == value.number
    with CaptureQueriesContext(connection) as queries:
        quotations_by_month(house.alice)
    assert len(queries) == 1
    assert sum(value.number for row in quotations_by_month(house.world.charlie).rows for value in row.values) == 0
    assert REPORTS["quotations-by-month"].right == "quotations.view_quotation"


# At the same moment.


@pytest.fixture
def crowd(transactional_db: None) -> Iterator[House]:
    """The house with rows that several connections see."""
    cache.clear()
    with clock.at(MORNING):
        world = World()
        customer = world.customer
        yield House(world, world.root, world.root, world.root, Customer.objects.get(pk=customer.pk))


def test_two_clicks_at_once_make_one_order(crowd: House) -> None:
    quotation, facts = crowd.accepted(), crowd.order_facts()
    root = crowd.world.root
    answers = at_once(
        *[lambda: verbs.order_quotation(Quotation.objects.get(pk=quotation.pk), by=root, **facts) for _each in range(3)]
    )
    assert sorted(each for each in answers if isinstance(each, str)) == ["ordered", "ordered"]
    assert Quotation.objects.get().order == Order.objects.get()


def test_two_orders_of_one_sample_at_once_are_one(crowd: House) -> None:
    sample, facts = crowd.approved(), crowd.order_facts()
    root = crowd.world.root

    def order() -> Order:
        return verbs.order_sample(Sample.objects.get(pk=sample.pk), by=root, **facts)

    answers = at_once(order, order)
    assert [each for each in answers if isinstance(each, str)] == ["ordered"]
    assert Order.objects.count() == 1


def test_of_two_answers_at_once_one_counts(crowd: House) -> None:
    quotation = crowd.sent()
    links = crowd.links
    answers = at_once(
        lambda: verbs.accept_quotation(Quotation.objects.get(), by=links, signed_by="王小明"),
        lambda: verbs.decline_quotation(Quotation.objects.get(), by=links, reason="太贵"),
    )
    assert [each for each in answers if isinstance(each, str)] == ["wrong_state"]
    found = Quotation.objects.get(pk=quotation.pk)
    assert found.status == found.current.outcome
    assert (
        ActionLog.objects.filter(verb__in=["quotations.accept_quotation", "quotations.decline_quotation"]).count() == 1
    )


def test_two_who_accept_by_the_same_link_at_once_are_one(crowd: House) -> None:
    quotation = crowd.sent()
    path = path_of("quotations.offer")
    data = {"_verb": "quotations.accept_quotation", **hidden(Client().get(path))}
    sent = [{**data, "_key": key, "signed_by": name} for key, name in (("k1", "王小明"), ("k2", "李四"))]
    answers = at_once(*[lambda each=each: Client().post(path, each).status_code for each in sent])
    assert sorted(answers) == [200, 303]  # the one is thanked, the other is shown what was done
    assert ActionLog.objects.filter(verb="quotations.accept_quotation").count() == 1
    found = Quotation.objects.get(pk=quotation.pk)
    assert found.current.signed_by in ("王小明", "李四")
    with clock.at(MORNING):
        assert found.current.signed_by in Client().get(path).content.decode()


def test_an_acceptance_and_a_new_version_at_once_never_mix(crowd: House) -> None:
    """Either he accepted what he saw, and there is no next version; or it was superseded, and he accepted nothing."""
    quotation, offer = crowd.sent(), crowd.offer(lines=[crowd.line("20")])
    links, root = crowd.links, crowd.world.root
    answers: list[Any] = at_once(
        lambda: verbs.accept_quotation(Quotation.objects.get(), by=links, version=quotation.version, signed_by="王"),
        lambda: verbs.revise_quotation(Quotation.objects.get(), by=root, **offer),
    )
    found = Quotation.objects.get()
    if found.latest == 1:
        assert (found.status, found.current.outcome, answers[1]) == ("accepted", "accepted", "wrong_state")
    else:
        assert answers[0] in ("wrong_state", "stale")
        assert list(found.versions.order_by("number").values_list("outcome", flat=True)) == ["superseded", "draft"]
