"""`manage.py play` against a real server with a real worker."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from crm.accounts.models import User
from crm.api.models import ApiToken
from crm.exchange.models import Import
from customers.models import Customer
from orders.models import Order, Payment
from pickup.models import Pickup, Record, Window
from pickup.play.northwind import FOLDER, cases, quantities
from pickup.stock.ledger import disagreements
from pickup.stock.models import Reservation, Stock

needs_files = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/data/northwind is not there")
TODAY = date(2026, 11, 24)


@needs_files
def test_all_dates_are_shifted_by_one_constant_so_that_they_lie_ahead():
    chosen = cases(830, TODAY)
    assert len(chosen) == 830
    assert min(case.wanted_on for case in chosen) == date(2026, 12, 1)
    first, last = chosen[0], chosen[-1]
    assert (first.number, first.customer, last.number) == ("10248", "VINET", "11077")
    assert (last.wanted_on - first.wanted_on).days == (date(1998, 6, 3) - date(1996, 8, 1)).days


@needs_files
def test_a_lines_discount_is_taken_off_its_price():
    order = next(case for case in cases(30, TODAY) if case.number == "10250")
    assert [(line.product, line.quantity, line.price) for line in order.lines] == [
        ("41", Decimal(10), Decimal("7.70")),
        ("51", Decimal(35), Decimal("36.04")),
        ("65", Decimal(15), Decimal("14.28")),
    ]
    assert quantities([order]) == {"41": 10, "51": 35, "65": 15}


@pytest.mark.django_db
def test_without_the_files_it_says_where_they_should_be(tmp_path: Path):
    with pytest.raises(CommandError, match="not in"):
        call_command("play", "--folder", str(tmp_path / "nowhere"))


@pytest.mark.django_db
def test_a_system_that_does_not_answer_is_told(tmp_path: Path):
    with pytest.raises(CommandError, match="does not answer"):
        call_command("play", "--folder", str(tmp_path), "--url", "http://127.0.0.1:9")
    assert not ApiToken.objects.exists()


@pytest.mark.long
@needs_files
def test_twenty_orders_go_the_whole_path_with_the_real_worker(worker, live_server, capsys):
    cache.clear()
    call_command("play", "--url", live_server.url, "--orders", "20")
    said = capsys.readouterr().out
    assert "orders: 20 closed" in said
    assert "refused as it must be: unpaid: " in said
    assert "refused as it must be: used: 2" in said
    assert "sent again with its key, one record: 2" in said
    assert "two clerks at once, one record: 2" in said
    assert "DOUBLED" not in said
    assert "NOT REFUSED" not in said
    assert "stock is the sum of its movements" in said

    assert set(Order.objects.values_list("status", flat=True)) == {"closed"}
    assert Order.objects.count() == Pickup.objects.count() == 20
    assert Record.objects.filter(kind="handover").count() == 20
    assert disagreements() == []
    assert not Stock.objects.exclude(quantity=0).exists()
    assert not Reservation.objects.exists()
    assert sum(window.taken for window in Window.objects.all()) == 20
    assert Customer.objects.count() == 91
    assert set(Import.objects.values_list("status", flat=True)) == {"done"}
    prepaid = Order.objects.filter(payment_terms="prepay")
    assert 0 < prepaid.count() == Payment.objects.count()
    assert all(order.paid == order.total for order in prepaid)
    assert not ApiToken.objects.filter(revoked_at=None).exists()
    assert {user.username for user in User.objects.working()} == {
        f"play-{role}"
        for role in ("sales", "sales_support", "sales_manager", "order_desk", "warehouse", "counter", "finance")
    }
