"""A record opens by its number at each door alike: page, print, file and REST."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import get_resolver

from crm import clock
from crm.accounts.scopes import involve, may_open
from crm.actions import actions_of
from crm.api.resources import resource_of
from crm.records import attachments
from crm.records.addresses import Addresses
from crm.records.attachments import visible
from crm.records.models import Attachment
from crm.web.recordpage import RecordView
from orders.advances.models import Advance
from orders.coordination.models import HelpRequest, JointHandling
from orders.payments.models import Invoice
from pickup.settlement.models import InvoiceMemo, Statement
from tests.doors.ready import READY
from tests.world import MORNING, World, scan

# What is seen through an order; the counter sees every order, and has none of these lists.
BEHIND = (Invoice, Statement, InvoiceMemo, Advance, HelpRequest, JointHandling)
PRINTED = {Statement: "print/", InvoiceMemo: "print/", Advance: "print/"}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.at(MORNING):
        yield World()


@pytest.mark.parametrize("model", BEHIND, ids=lambda model: model.__name__)
def test_who_sees_an_order_and_no_list_of_what_hangs_on_it_opens_none_by_its_number(model: type, world: World) -> None:
    obj, _inputs = READY[next(verb.name for verb in actions_of(model) if verb.name in READY)](world)
    person = world.person("behind", "counter")
    client = Client()
    client.force_login(person)
    assert obj in model.objects.visible_to(person) and not may_open(person, model)  # type: ignore[attr-defined]
    url, resource = obj.get_absolute_url(), resource_of(model)
    for path in (url, *([url + PRINTED[model]] if model in PRINTED else [])):
        assert client.get(path).status_code == 404, path
    assert resource is not None and client.get(resource.url_of(obj.pk)).status_code == 403
    assert Addresses(person).of(obj) == ""
    involve(obj, user=person, why="approval")  # whoever is asked to approve this one reads it
    assert (client.get(url).status_code, client.get(resource.url_of(obj.pk)).status_code) == (200, 200)
    assert Addresses(person).of(obj) == url
    client.force_login(world.root)
    assert client.get(url).status_code == 200
    assert Addresses(world.root).of(obj) == url


def test_the_file_of_a_record_opens_only_for_whom_the_record_does(world: World) -> None:
    obj, _inputs = READY["settlement.pass_memo"](world)
    file = attachments.attach(obj, scan("发票.pdf"), by=world.root, kind="invoice")
    clerk, client = world.person("behind", "counter"), Client()
    client.force_login(clerk)
    assert client.get(f"/files/{file.pk}/").status_code == 404
    assert visible([Attachment.objects.get(pk=file.pk)], clerk) == []
    client.force_login(world.person("cashier", "finance"))
    assert client.get(f"/files/{file.pk}/").status_code == 200


def test_no_record_page_has_a_way_of_its_own_to_open() -> None:
    assert get_resolver().url_patterns
    assert all("get" not in vars(view) for view in RecordView.__subclasses__())
