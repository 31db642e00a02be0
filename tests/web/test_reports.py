"""The page of reports and the figures of start pages: who sees which, each with its table and its export."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from crm.exchange import vault
from crm.exchange.actions import export_figures
from crm.exchange.models import Export
from crm.exchange.tasks import write_export
from crm.records.models import ActionLog
from crm.reports.charts import REPORTS, _fitted, _width, reports_for, starting
from tests.world import World, nothing_moves


def titles(html: str) -> list[str]:
    return re.findall(r'<h2 id="chart-[\w-]+-title">([^<]+)</h2>', html)


def test_a_manager_finds_the_reports_in_the_menu_and_opens_each_record_behind_a_bar(
    world: World, client_of: Callable[..., Client]
) -> None:
    world.notified()
    client = client_of(world.boss)
    html = client.get("/").content.decode()
    assert f'href="{reverse("reports")}"' in html
    html = client.get("/reports/").content.decode()
    assert titles(html) == [str(each.title) for each in reports_for(world.boss)] and len(titles(html)) >= 9
    with translation.override("en"):
        assert all(str(each.definition).rstrip(".") in html.replace("&#x27;", "'") for each in reports_for(world.boss))
    svgs = re.findall(r"<svg class=\"drawn\".*?</svg>", html, re.DOTALL)
    urls = {url.replace("&amp;", "&") for svg in svgs for url in re.findall(r'href="([^"]+)"', svg)}
    assert urls and all(client.get(url).status_code == 200 for url in urls)
    assert all(re.search(r'role="group" aria-label="[^"]+"', svg) for svg in svgs)


def test_who_leads_nobody_finds_no_reports(world: World, client_of: Callable[..., Client]) -> None:
    for user in (world.alice, world.clerk, world.stranger):
        client = client_of(user)
        assert f'href="{reverse("reports")}"' not in client.get("/").content.decode()
        assert client.get("/reports/").status_code == 403
    assert Client().get("/reports/").status_code == 302


def test_a_start_page_begins_with_the_figures_of_ones_work(world: World, client_of: Callable[..., Client]) -> None:
    world.notified()
    assert titles(client_of(world.clerk).get("/").content.decode()) == ["Counters today", "Counters this week"]
    assert titles(client_of(world.boss).get("/").content.decode()) == ["Open orders by state", "Load by owner"]
    assert titles(client_of(world.alice).get("/").content.decode()) == []
    assert [each.key for each in starting(world.person("keeper", "warehouse"))] == ["windows-today", "windows-week"]


def test_the_drawing_needs_no_script_and_no_style(world: World, client_of: Callable[..., Client]) -> None:
    world.notified()
    answer = client_of(world.root).get("/reports/")
    html = answer.content.decode()
    page = html[html.index("<main") : html.index("</main>")]
    assert " style=" not in page and "<script" not in page and "onclick" not in page
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]


def test_what_the_page_costs_does_not_grow(world: World, client_of: Callable[..., Client]) -> None:
    client, counts = client_of(world.root), []
    for _round in range(2):
        world.notified()
        client.get("/reports/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/reports/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 43, counts


@pytest.mark.parametrize("key", sorted(REPORTS))
def test_each_report_is_exported_with_purpose_and_recipient(world: World, key: str) -> None:
    world.notified()
    form = export_figures.bind(
        by=world.root, data={"figure": f"report-{key}", "purpose": "早会", "recipient": "总经办", "format": "csv"}
    )
    assert form.is_valid(), form.problems()
    with translation.override("en"):
        export = export_figures(by=world.root, **form.cleaned_data)
        write_export(export.pk)
        export.refresh_from_db()
        head, rows = REPORTS[key].figure(world.root), []
        text = vault.content(export.file, export.file_key).decode("utf-8-sig")
        rows = [line for line in text.splitlines() if line]
    assert (export.status, export.label, export.problem) == (Export.Status.DONE, str(REPORTS[key].title), "")
    assert rows[0].split(",")[0] == head.heading and len(rows) == 1 + len(head.rows)
    assert ActionLog.objects.get(verb="exchange.export_figures").inputs["purpose"] == "早会"


def test_an_export_as_a_workbook_says_what_it_is_for(world: World) -> None:
    export = export_figures(by=world.root, figure="report-orders-by-week", purpose="x1", recipient="x2")
    write_export(export.pk)
    export.refresh_from_db()
    assert (export.status, export.file_name.endswith(".xlsx")) == (Export.Status.DONE, True)
    assert vault.content(export.file, export.file_key)[:2] == b"PK"


def test_figures_that_one_may_not_see_are_not_exported(world: World, client_of: Callable[..., Client]) -> None:
    seller = client_of(world.alice)
    for key in ("report-deadlines-by-month", "report-nothing", "orders"):
        data = {"figure": key, "purpose": "xx", "recipient": "yy"}
        with nothing_moves():
            answer = seller.post("/do/exchange.export_figures/", data)
        assert answer.status_code == 422 and b"no such figures" in answer.content
    data = {"figure": "report-orders-by-week", "purpose": "xx", "recipient": "yy"}
    assert seller.post("/do/exchange.export_figures/", data).status_code == 302
    assert client_of(world.clerk).post("/do/exchange.export_figures/", data).status_code == 403
    assert Export.objects.count() == 1


def test_a_label_that_is_too_long_is_cut_before_the_total() -> None:
    assert _fitted("短", 30) == "短"
    cut = _fitted("Plan the pickup, or the delivery, of goods that are ready", 200)
    assert cut.endswith("…") and _width(cut) <= 200 and cut.startswith("Plan the pickup")
    assert _width("汉字") == 2 * _width("ab")
