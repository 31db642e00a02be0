"""The back office: settings first, records by area, and nothing in it that only a programmer understands."""

import re
from collections.abc import Callable

from django.test import Client

from tests.world import World


def test_settings_come_first_each_with_what_it_is_good_for(world: World, client_of: Callable[..., Client]) -> None:
    html = client_of(world.root).get("/admin/").content.decode()
    settings = html.partition('class="office-settings"')[2].partition("</ul>")[0]
    for name, about in (
        ("/admin/deadlines/ruleversion/", "Every time limit with its clause"),
        ("/admin/accounts/role/", "What each role may do"),
        ("/admin/deadlines/workcalendar/", "Working hours, and the year"),
    ):
        assert name in settings and about in settings
    records = html.partition('class="office-records"')[2]
    assert "/admin/customers/customer/" in records and "/admin/accounts/role/" not in records
    areas = re.findall(r"<h3>(.+?)</h3>", records)
    assert areas.index("Customers") < areas.index("Deadlines")  # the business before the frame


def test_who_may_only_look_is_offered_no_settings(world: World, client_of: Callable[..., Client]) -> None:
    person = world.person("looker", "supervisor", is_staff=True)
    html = client_of(person).get("/admin/").content.decode()
    assert 'class="office-settings"' not in html


def test_an_identifier_is_called_as_its_field_is_and_masked(world: World, client_of: Callable[..., Client]) -> None:
    contact = world.contact
    html = client_of(world.root).get(f"/admin/customers/contact/{contact.pk}/change/").content.decode()
    assert "Mobile:" in html and "Mobile tail" not in html and "****" in html
    assert str(contact.mobile) not in html and contact.mobile.removeprefix("+86") not in html


def test_a_record_leads_to_its_page_and_its_verbs(world: World, client_of: Callable[..., Client]) -> None:
    order = world.new_order()
    html = client_of(world.root).get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert f'href="{order.get_absolute_url()}"' in html
    assert f"/do/orders.pass_review/{order.pk}/?next=/admin/orders/order/{order.pk}/change/" in html
    assert "Select order to change" not in client_of(world.root).get("/admin/orders/order/").content.decode()
