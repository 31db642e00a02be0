"""Imports and exports by token."""

import json

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from crm.api.tokens import issue
from crm.exchange.models import Export, Import
from crm.exchange.tasks import work_on_import, write_export
from crm.records.models import ActionLog
from customers.models import Customer
from tests.exchange.conftest import csv, sheets_of

pytestmark = pytest.mark.django_db

TWO = "Customer number,Name\nC1,晨光照明\nC2,\n"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def client_of(user, *scopes: str) -> Client:
    _token, secret = issue(user, "test", scopes or ("write",), days=None)
    return Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})


def do(client: Client, path: str, body: dict | None = None):
    return client.post(f"/api/v1/{path}/", json.dumps(body or {}), content_type="application/json")


def test_a_file_goes_in_by_rest(alice):
    client = client_of(alice)
    answer = client.post("/api/v1/exchange.upload_import/", {"kind": "customers", "file": csv(TWO)})
    assert answer.status_code == 201, answer.content
    pk = answer.json()["pk"]
    assert answer.json()["status"] == "uploaded"
    work_on_import(pk)

    found = client.get(f"/api/v1/imports/{pk}/").json()
    assert found["tables"]["head"][0]["headers"] == ["Customer number", "Name"]
    assert "exchange.map_import" in [each["name"] for each in found["actions"]]
    columns = [{"header": "Customer number", "column": "code"}, {"header": "Name", "column": "name"}]
    answer = do(client, f"imports/{pk}/exchange.map_import", {"columns": columns, "existing": "skip"})
    assert answer.status_code == 200, answer.content
    assert answer.json()["mapping"]["head"] == {"Customer number": "code", "Name": "name"}
    assert do(client, f"imports/{pk}/exchange.check_import").json()["status"] == "checking"
    work_on_import(pk)
    found = client.get(f"/api/v1/imports/{pk}/").json()
    assert found["counts"] == {"good": 1, "bad": 1}
    assert (found["errors"][0]["cell"], found["errors"][0]["code"]) == ("B3", "required")

    refused = do(client, f"imports/{pk}/exchange.run_import", {"mode": "all"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "rows_with_errors")
    assert do(client, f"imports/{pk}/exchange.run_import", {"mode": "good"}).status_code == 200
    work_on_import(pk)
    assert client.get(f"/api/v1/imports/{pk}/").json()["counts"] == {"done": 1, "bad": 1}
    assert Customer.objects.get().name == "晨光照明"
    failed = client.get(reverse("import-failed", args=[pk]))
    assert sheets_of(b"".join(failed.streaming_content))["CSV"][1][:2] == ["C2", None]


def test_a_wrong_mapping_is_bad_input_that_names_itself(alice, upload):
    source = upload(csv(TWO))
    answer = do(
        client_of(alice), f"imports/{source.pk}/exchange.map_import", {"columns": [{"header": "x", "column": "name"}]}
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][""][0]["code"] == "header"
    unknown = do(client_of(alice), f"imports/{source.pk}/exchange.map_import", {"colums": []})
    assert unknown.json()["error"]["fields"]["colums"][0]["code"] == "unknown"
    source.refresh_from_db()
    assert source.status == Import.Status.READ


def test_a_wrong_file_is_bad_input(alice):
    answer = client_of(alice).post("/api/v1/exchange.upload_import/", {"kind": "customers", "file": csv("%PDF-1.7")})
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"]["file"][0]["code"] == "wrong_kind"
    assert not Import.objects.exists()


def test_the_background_s_own_verb_is_no_business_of_a_client(alice, upload):
    source = upload(csv(TWO))
    answer = do(client_of(alice), f"imports/{source.pk}/exchange.finish_import")
    assert answer.status_code in (400, 403)
    source.refresh_from_db()
    assert source.status == Import.Status.READ


def test_an_export_is_ordered_and_fetched_by_token(alice):
    Customer.objects.create(code="C1", name="晨光照明", owner=alice)
    client = client_of(alice)
    body = {
        "listing": "customers",
        "purpose": "ERP",
        "recipient": "finance",
        "format": "csv",
        "columns": ["code", "name"],
    }
    answer = do(client, "exchange.export_list", body)
    assert answer.status_code == 201, answer.content
    pk = answer.json()["pk"]
    assert answer.json()["file_url"] is None
    write_export(pk)
    found = client.get(f"/api/v1/exports/{pk}/").json()
    assert (found["status"], found["total"]) == ("done", 1)
    file = client.get(found["file_url"])
    assert b"".join(file.streaming_content).decode("utf-8-sig").splitlines()[1] == "C1,晨光照明"
    log = ActionLog.objects.get(verb="records.download")
    assert (log.door, log.actor, log.token is not None) == ("api", alice, True)


def test_a_token_that_may_not_read_exports_gets_no_file(alice):
    export = Export.objects.create(listing="customers", columns=["name"], purpose="x", recipient="y", by=alice)
    write_export(export.pk)
    client = client_of(alice, "customers.verify_customer")
    assert client.get(reverse("export-file", args=[export.pk])).status_code == 403
    assert Client().get(reverse("export-file", args=[export.pk])).status_code == 401
    assert not ActionLog.objects.filter(verb="records.download").exists()
