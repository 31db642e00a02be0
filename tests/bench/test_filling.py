"""What the bench fills its tables with is what the product itself would have written."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from customers.models import Customer
from pickup.bench.filling import copy, without_indexes, without_triggers
from pickup.bench.load import Ask, Generator, Series, Threads, busy_seconds
from pickup.bench.rows import Terms

NAMES = ["重庆晨光文具有限公司", '孙"丹\\丹,', "O'Neill & Söhne"]


def written() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c) - 'created_at' - 'verified_at' FROM customers_customer c ORDER BY code")
        return [json.loads(row) if isinstance(row, str) else row for (row,) in cursor.fetchall()]


def indexes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'customers_customer' ORDER BY indexname")
        return [definition for (definition,) in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_copied_rows_are_those_that_a_save_writes() -> None:
    for number, name in enumerate(NAMES):
        Customer.objects.create(pk=1000 + number, code=f"K{number}", name=name, payment_terms="credit")
    saved, there = written(), indexes()
    Customer.objects.all().delete()
    terms = Terms()
    rows = ((1000 + number, f"K{number}", name, *terms.of(name, f"K{number}")) for number, name in enumerate(NAMES))
    with without_triggers(), without_indexes(Customer):
        assert len(indexes()) < len(there)
        copy(
            Customer(code="", name="x", payment_terms="credit"),
            ["id", "code", "name", "search_terms", "search_text"],
            rows,
        )
    assert written() == saved
    assert indexes() == there


def test_the_processor_time_of_servers_and_of_others_is_told_apart(live_server: Any) -> None:
    generator = Generator(Path("nowhere"))
    generator.tool = Threads()
    generator.servers = [os.getpid()]  # the tests' own server is a thread of this process
    before = busy_seconds()
    measured = generator.run(Series(live_server.url, [Ask("/healthz")]), 1, 2)
    assert busy_seconds() > before
    assert measured.answers > 0 and measured.failed == 0
    assert 0 < measured.cpu < 2000 and 0 <= measured.others <= (os.cpu_count() or 1)
