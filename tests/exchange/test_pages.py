"""The pages of imports and exports, walked as a user does."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from crm.exchange.models import Export, Import
from crm.exchange.tasks import work_on_import, write_export
from crm.records.models import ActionLog
from customers.models import Customer
from tests.exchange.conftest import csv, sheets_of

pytestmark = pytest.mark.django_db

TWO = "Customer number,Name,Fax\nC1,晨光照明,1\nC2,,2\n"


@pytest.fixture
def browser(alice) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(alice)
    return client


def body(response) -> str:
    return response.content.decode()


def file_of(response) -> bytes:
    return b"".join(response.streaming_content)


def mapping_of(html: str) -> dict[str, str]:
    """The mapping form as a browser would send it unchanged."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html))
    for name, options in re.findall(r'<select id="column-\d+" name="([^"]+)">(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen.group(1) if chosen else ""
    return {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}


def test_an_import_from_the_upload_to_undo(browser, alice):
    dialog = browser.get(reverse("do", args=["exchange.upload_import"]) + "?kind=customers")
    assert dialog.status_code == 200
    assert reverse("import-start") in body(dialog)
    answer = browser.post(
        reverse("do", args=["exchange.upload_import"]), {"kind": "customers", "file": csv(TWO), "_key": "k1"}
    )
    source = Import.objects.get()
    assert answer.headers["Location"] == reverse("import", args=[source.pk])

    page = body(browser.get(source.get_absolute_url()))
    assert reverse("import-progress", args=[source.pk]) in page
    assert body(browser.get(reverse("import-progress", args=[source.pk]))).count("hx-get") == 1
    work_on_import(source.pk)
    assert browser.get(reverse("import-progress", args=[source.pk])).headers["HX-Refresh"] == "true"

    page = body(browser.get(source.get_absolute_url()))
    assert "晨光照明" in page
    sent = mapping_of(page)
    assert sent["columns-0-column"] == "code"
    assert sent["columns-2-column"] == ""
    assert browser.post(source.get_absolute_url(), sent).status_code == 302
    source.refresh_from_db()
    assert source.status == Import.Status.CHECKING
    work_on_import(source.pk)

    page = body(browser.get(source.get_absolute_url()))
    assert re.search(r'<td class="key text-nowrap">B3</td>', page)
    assert f"{reverse('do', args=['exchange.run_import', source.pk])}" in page
    assert "exchange.finish_import" not in page
    failed = browser.get(reverse("import-failed", args=[source.pk]))
    assert sheets_of(file_of(failed))["CSV"][1][:2] == ["C2", None]

    run = browser.post(reverse("do", args=["exchange.run_import", source.pk]), {"mode": "good"})
    assert run.status_code == 302
    work_on_import(source.pk)
    assert list(Customer.objects.values_list("code", flat=True)) == ["C1"]
    assert "1 row was imported." in body(browser.get(source.get_absolute_url()))

    browser.post(reverse("do", args=["exchange.undo_import", source.pk]))
    work_on_import(source.pk)
    assert not Customer.objects.exists()
    assert "1 row was undone." in body(browser.get(source.get_absolute_url()))


def test_a_mapping_that_is_refused_comes_back_as_it_was_sent(browser, upload):
    source = upload(csv(TWO))
    sent = mapping_of(body(browser.get(source.get_absolute_url())))
    sent["columns-1-column"] = "short_name"
    answer = browser.post(source.get_absolute_url(), sent)
    assert answer.status_code == 422
    assert '<option value="short_name" selected>' in body(answer)
    source.refresh_from_db()
    assert source.status == Import.Status.READ


def test_a_stale_mapping_page_changes_nothing(browser, upload):
    source = upload(csv(TWO))
    sent = mapping_of(body(browser.get(source.get_absolute_url())))
    Import.objects.filter(pk=source.pk).update(version=9)
    assert browser.post(source.get_absolute_url(), sent).status_code == 422
    source.refresh_from_db()
    assert source.status == Import.Status.READ


def test_a_wrong_file_is_refused_in_the_dialog(browser):
    files = {"kind": "customers", "file": csv("%PDF-1.7", "x.pdf")}
    answer = browser.post(reverse("do", args=["exchange.upload_import"]), files)
    assert answer.status_code == 422
    assert "neither an Excel workbook" in body(answer)
    assert not Import.objects.exists()


def test_lists_and_templates_are_there_for_whoever_may_import(browser, counter):
    assert browser.get(reverse("imports")).status_code == 200
    assert browser.get(reverse("exports")).status_code == 200
    assert reverse("import-template", args=["customers"]) in body(browser.get(reverse("import-start")))
    answer = browser.get(reverse("import-template", args=["customers"]))
    sheets = sheets_of(file_of(answer))
    assert sheets["Customers"][0][:2] == ["Customer number", "Name *"]
    assert sheets["Customers"][1][0] == "C0001"
    stranger = Client()
    stranger.force_login(counter)
    assert stranger.get(reverse("import-template", args=["customers"])).status_code == 404


def test_the_template_goes_in_as_it_is_without_its_example(browser, checked):
    from django.core.files.uploadedfile import SimpleUploadedFile

    content = file_of(browser.get(reverse("import-template", args=["customers"])))
    source = checked(SimpleUploadedFile("template.xlsx", content))
    assert (source.status, source.total) == (Import.Status.CHECKED, 0)


def test_others_see_neither_the_import_nor_its_files(upload, bob):
    source = upload(csv(TWO))
    client = Client()
    client.force_login(bob)
    for name in ("import", "import-progress", "import-failed"):
        assert client.get(reverse(name, args=[source.pk])).status_code == 404
    assert Client().get(source.get_absolute_url()).status_code == 302


def test_an_export_from_the_list_to_the_file(browser, alice, bob):
    Customer.objects.create(code="C1", name="晨光照明", owner=alice, department=alice.department)
    page = body(browser.get(reverse("customers") + "?tier=regular"))
    url = re.search(r'href="([^"]*exchange.export_list[^"]*)"', page).group(1).replace("&amp;", "&")
    dialog = body(browser.get(url))
    assert 'name="purpose"' in dialog
    assert re.search(r'name="query" value="tier=regular"', dialog)
    answer = browser.post(
        reverse("do", args=["exchange.export_list"]),
        {
            "listing": "customers",
            "query": "tier=regular",
            "purpose": "a letter",
            "recipient": "us",
            "columns": ["name"],
        },
    )
    export = Export.objects.get()
    assert answer.headers["Location"] == reverse("export", args=[export.pk])
    assert reverse("export-progress", args=[export.pk]) in body(browser.get(export.get_absolute_url()))
    assert browser.get(reverse("export-file", args=[export.pk])).status_code == 409
    write_export(export.pk)
    assert reverse("export-file", args=[export.pk]) in body(browser.get(export.get_absolute_url()))
    answer = browser.get(reverse("export-file", args=[export.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    assert sheets_of(file_of(answer))["Customers"] == [["Name"], ["晨光照明"]]
    log = ActionLog.objects.filter(verb="records.download").get()
    assert (log.actor, log.subject_pk) == (alice, export.pk)

    other = Client()
    other.force_login(bob)
    assert other.get(reverse("export-file", args=[export.pk])).status_code == 404


def test_an_administrator_sees_an_export_but_not_its_file(alice, person, sales):
    export = Export.objects.create(listing="customers", columns=["name"], purpose="x", recipient="y", by=alice)
    write_export(export.pk)
    client = Client()
    client.force_login(person("root", "administrator", department=sales))
    assert client.get(export.get_absolute_url()).status_code == 200
    assert client.get(reverse("export-file", args=[export.pk])).status_code == 409
    assert not ActionLog.objects.filter(verb="records.download").exists()


def test_the_verbs_dialogs_open_too(browser, checked):
    source = checked(csv(TWO))
    for name in ("exchange.map_import", "exchange.check_import", "exchange.run_import"):
        assert browser.get(reverse("do", args=[name, source.pk])).status_code == 200
    assert browser.post(reverse("do", args=["exchange.map_import", source.pk]), {}).status_code == 302
    source.refresh_from_db()
    assert (source.status, source.mapping["head"]) == (
        Import.Status.MAPPED,
        {"Customer number": "code", "Name": "name"},
    )


def test_the_back_office_shows_no_keys_and_no_samples(upload, person, sales):
    source = upload(csv(TWO))
    client = Client()
    client.force_login(person("root", department=sales, is_superuser=True, is_staff=True))
    page = body(client.get(f"/admin/exchange/import/{source.pk}/change/"))
    assert "customers.csv" in page
    assert "晨光照明" not in page
    assert client.get("/admin/exchange/export/").status_code == 200
    assert client.get("/admin/exchange/rememberedmapping/").status_code == 200
