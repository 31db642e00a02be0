"""The doors of verifications and scales: pages, panels, lists, prints, back office and REST."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from complaints.verification import actions
from complaints.verification.models import Scale, Verification
from crm.api.tokens import issue
from tests.verification.conftest import Bench
from tests.world import nothing_moves, scan, shanghai


def enter(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_complaint_says_what_is_next_and_by_whom(bench: Bench) -> None:
    complaint = bench.investigating()
    url = complaint.get_absolute_url()
    page = enter(bench.world.alice).get(url)
    assert "verification.open_verification" in page.text
    verification = bench.opened(complaint=complaint)
    page = enter(bench.tester).get(url).text
    assert verification.number in page
    assert f"/do/verification.record_test/{verification.pk}/" in page
    assert f"/do/verification.explain_weight/{verification.pk}/" not in page
    assert f"/do/verification.record_test/{verification.pk}/" not in enter(bench.world.alice).get(url).text
    bench.test(verification, file=scan("report.pdf"))
    page = enter(bench.world.alice).get(url).text
    for words in ("HY-0001", "漆膜厚度", "42 µm", "report.pdf", f"/do/verification.record_word/{verification.pk}/"):
        assert words in page, words


def test_the_panel_of_a_delivery_shows_what_was_lost_where(bench: Bench) -> None:
    verification = bench.traced()
    page = enter(bench.world.alice).get(verification.complaint.get_absolute_url()).text
    for words in ("高速入口", "350 kg · 1.17 %", "450 kg · 1.5 %", "当日暴雨"):
        assert words in page, words


def test_an_expired_certificate_is_said_loudly(bench: Bench) -> None:
    verification, scale = bench.opened("pickup"), bench.scale()
    bench.certify(scale, date(2025, 11, 1), date(2026, 10, 31))
    bench.weigh(verification, "loaded", 30000, scale=bench.fresh(scale))
    client = enter(bench.world.root)
    client.cookies["language"] = "en"
    for url in (verification.complaint.get_absolute_url(), verification.get_absolute_url()):
        text = client.get(url, headers={"accept-language": "en"}).text
        assert "no valid certificate then" in text or "称重时磅秤无有效检定证书" in text, url
    text = client.get(scale.get_absolute_url(), headers={"accept-language": "en"}).text
    assert "JD-2026-1" in text and "certificate.pdf" in text


def test_the_scales_of_the_warehouse_stand_beside_the_facts(bench: Bench) -> None:
    complaint, scale = bench.investigating(category="shortage"), bench.certified()
    page = enter(bench.world.alice).get(complaint.get_absolute_url()).text
    assert scale.number in page and "JD-2026-1" in page
    quality = bench.investigating()
    assert "JD-2026-1" not in enter(bench.world.alice).get(quality.get_absolute_url()).text


def test_the_page_asks_the_same_however_much_was_brought_up(bench: Bench, django_assert_max_num_queries: Any) -> None:
    verification = bench.traced()
    client, url = enter(bench.world.root), verification.get_absolute_url()
    client.get(url)
    with django_assert_max_num_queries(200) as few:
        client.get(url)
    for hour in range(4):
        bench.weigh(verification, "on_the_way", 29800 - hour, at=shanghai(20, 13, hour), **bench.both())
    with django_assert_max_num_queries(len(few.captured_queries) + 2):
        assert "29,797 kg" in client.get(url).text


@pytest.mark.parametrize(
    ("path", "tabs"),
    [("/complaints/verifications/", ["open", "sign"]), ("/complaints/scales/", ["in_use", "expiring"])],
)
def test_every_tab_of_the_lists_opens(bench: Bench, path: str, tabs: list[str]) -> None:
    bench.stated()
    client = enter(bench.world.root)
    for tab in tabs:
        assert client.get(f"{path}?tab={tab}").status_code == 200
    filters = {"verifications": "status=ready&kind=pickup&number=HC2026-000001", "scales": "number=db&kind=truck"}
    shown = client.get(f"{path}?{filters[path.split('/')[2]]}").text
    assert ("HC2026-000001" if "verifications" in path else "DB-01") in shown
    assert enter(bench.world.stranger).get(path).status_code == 403


def test_each_form_prints_for_whom_it_concerns_only(bench: Bench) -> None:
    verification = bench.at_laboratory()
    url = verification.get_absolute_url()
    client = enter(bench.tester)
    page = client.get(f"{url}print/").text
    for words in ("HY-0001", "HY-0002", "YP-01", "FT-778", "赵师傅", "42 µm"):
        assert words in page, words
    assert client.get(f"{url}laboratory/").status_code == 404
    paper = {"number": "ZJ-88", "tested_on": date(2026, 11, 23), "conclusion": "不合格", "file": scan("zj.pdf")}
    actions.record_certificate(verification, by=bench.tester, conforms=False, **paper)
    page = client.get(f"{url}laboratory/").text
    assert "ZJ-88" in page and "重庆市质检院" in page and "HY-0001" not in page
    for user in (bench.world.bob, bench.world.stranger):
        for name in ("", "print/", "laboratory/"):
            assert enter(user).get(f"{url}{name}").status_code == 404, user


def test_weighings_and_scales_print_with_their_certificate(bench: Bench) -> None:
    pickup = bench.stated()
    page = enter(bench.weigher).get(f"{pickup.get_absolute_url()}print/").text
    for words in ("DB-01", "JD-2026-1", "检定合格", "29,800"):
        assert words in page, words


def test_the_handling_report_has_the_verification_in_it(bench: Bench) -> None:
    verification = bench.signed()
    url = f"{verification.complaint.get_absolute_url()}report/"
    page = enter(bench.world.alice).get(url).text
    for words in (verification.number, "HY-0001", "漆膜厚度", "42 µm", "认可"):
        assert words in page, words


def test_a_test_report_is_entered_in_the_browser(bench: Bench) -> None:
    verification = bench.opened()
    client, path = enter(bench.tester), f"/do/verification.record_test/{verification.pk}/"
    assert "items-__i__-measured" in client.get(path).text
    sent = {
        "number": "HY-9",
        "tested_on": "2026-11-23",
        "tester": bench.tester.pk,
        "conclusion": "不合格",
        "items-0-name": "漆膜厚度",
        "items-0-standard": "60",
        "items-0-measured": "42",
        "items-0-conforms": "no",
        "file": scan("report.pdf"),
        "_key": "k1",
    }
    assert client.post(path, {**sent, "tested_on": "2026-11-24"}).status_code == 422
    assert client.post(path, {**sent, "file": scan("report.pdf")}).status_code == 302
    report = verification.testreports.get()
    assert (report.number, report.conforms, report.items.get().measured) == ("HY-9", False, "42")
    evidence = verification.complaint.evidences.get()
    assert enter(bench.world.stranger).get(f"/files/{evidence.file_id}/").status_code == 404
    assert client.get(f"/files/{evidence.file_id}/").status_code == 200


def test_the_dialog_of_a_delivery_asks_who_of_logistics_and_sales_was_there(bench: Bench) -> None:
    verification = bench.opened("delivery")
    client, path = enter(bench.world.alice), f"/do/verification.note_weighing/{verification.pk}/"
    sent = {
        "stage": "loaded",
        "place": "一号门",
        "whose": "我方",
        "gross": "42000",
        "tare": "42000",
        "at": "2026-11-20T10:00",
        "weigher": "老李",
        "_key": "k1",
    }
    answer = client.post(path, sent)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert {"gross", "logistics", "sales"} <= form.errors.keys()
    given = {**sent, "tare": "12000", "logistics": bench.driver.pk, "sales": bench.world.alice.pk}
    assert client.post(path, given).status_code == 302
    assert verification.weighings.get().net == Decimal(30000)


def test_the_back_office_changes_and_removes_nothing(bench: Bench) -> None:
    verification, scale = bench.stated(), Scale.objects.get()
    client = enter(bench.world.root)
    for url in (
        f"/admin/verification/verification/{verification.pk}/",
        f"/admin/verification/scale/{scale.pk}/",
    ):
        assert client.get(f"{url}change/").status_code == 200
        with nothing_moves():
            assert client.post(f"{url}delete/", {"post": "yes"}).status_code == 403
            assert client.post(f"{url}change/", {"status": "signed"}).status_code in (200, 302, 403)
    assert bench.fresh(verification).status == "ready"


def test_a_quality_verification_by_rest(bench: Bench) -> None:
    complaint = bench.investigating()

    def client_of(user: Any) -> Client:
        _token, secret = issue(user, "test", ("write",), days=None)
        return Client(headers={"Authorization": f"Bearer {secret}"})

    def post(user: Any, path: str, body: dict[str, Any]) -> Any:
        return client_of(user).post(f"/api/v1/{path}/", json.dumps(body), content_type="application/json")

    opened = post(bench.world.alice, f"complaints/{complaint.pk}/verification.open_verification", {"kind": "quality"})
    assert opened.status_code in (200, 201), opened.text
    verification = Verification.objects.get()
    base = f"verifications/{verification.pk}"
    item = {"name": "漆膜厚度", "standard": "60", "measured": "42", "conforms": "no"}
    test = {"number": "HY-1", "tested_on": "2026-11-23", "tester": bench.tester.pk, "conclusion": "不合格"}
    assert post(bench.tester, f"{base}/verification.record_test", {**test, "items": [item]}).status_code == 200
    word = {"accepted": "yes", "channel": "phone", "words": "认可"}
    assert post(bench.world.alice, f"{base}/verification.record_word", word).status_code == 200
    head = bench.heads["quality"]
    refused = post(head, f"{base}/verification.sign_verification", {"sealed": False})
    assert refused.status_code in (400, 409)
    assert post(head, f"{base}/verification.sign_verification", {"sealed": True}).status_code == 200
    answer = client_of(head).get(f"/api/v1/{base}/").json()
    assert (answer["status"], answer["sealed"], answer["difference"]) == ("signed", True, None)
    shown = answer["testreports"][0]["items"][0]
    assert {name: shown[name] for name in ("position", *item)} == {"position": 1, **item, "conforms": False}
    listed = client_of(head).get("/api/v1/verifications/", {"status": "signed"}).json()
    assert [row["number"] for row in listed["results"]] == [verification.number]


def test_rest_answers_weighings_with_the_difference_and_scales_with_their_certificates(bench: Bench) -> None:
    verification = bench.traced()
    _token, secret = issue(bench.world.root, "test", ("write",), days=None)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    answer = client.get(f"/api/v1/verifications/{verification.pk}/").json()
    assert answer["difference"] == {"lost": "450.000", "percent": "1.50"}
    assert [row["net"] for row in answer["weighings"]] == ["30000.000", "29900.000", "29550.000"]
    scale = Scale.objects.get()
    answer = client.get(f"/api/v1/scales/{scale.pk}/").json()
    assert (answer["valid_until"], answer["certificates"][0]["issued_by"]) == ("2027-02-28", "重庆市计量院")
    path = f"/api/v1/scales/{scale.pk}/"
    assert client.patch(path, json.dumps({"place": "二号门"}), content_type="application/json").status_code == 409
    _token, secret = issue(bench.weigher, "test", ("write",), days=None)
    keeper = Client(headers={"Authorization": f"Bearer {secret}"})
    assert keeper.patch(path, json.dumps({"place": "二号门"}), content_type="application/json").status_code == 200
    assert bench.fresh(scale).place == "二号门"


def test_lists_are_searched_by_number_place_and_customer(bench: Bench) -> None:
    verification = bench.stated()
    client = enter(bench.world.root)
    customer = verification.complaint.customer.name
    for path, words, other in (
        ("/complaints/verifications/", (verification.number, verification.complaint.number, customer), "HC2026-000001"),
        ("/complaints/scales/", ("db-0", "一号门", "JD-2026-1"), "DB-01"),
    ):
        for word in words:
            assert other in client.get(path, {"q": word}).text.partition("<tbody")[2], word
        assert other not in client.get(path, {"q": "没有这个"}).text.partition("<main")[2]
