"""Complaints as rows, of which the analysis counts: how one comes about is tested in tests/complaints."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from complaints import first_causes
from complaints.models import Cause, Complaint
from crm import clock
from crm.accounts.models import Department
from tests.world import MORNING, World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Everything that a test asks for is made at half past nine, and the test runs then."""
    with clock.at(MORNING):
        yield World()


class Pile:
    """Complaints of a company, made one by one with the facts that a test counts."""

    def __init__(self, world: World) -> None:
        self.world = world
        first_causes.make(Cause)
        self.damage = Cause.objects.get(code="storage-damage")
        self.count = Cause.objects.get(code="storage-count")
        self.warehouse = Department.objects.get_or_create(code="warehouse", defaults={"name": "仓储部"})[0]
        assert world.boss and world.alice
        self.made = 0

    def _settled(self, at: datetime) -> dict[str, Any]:
        """What a closed complaint says without fail."""
        return {"told_at": at, "closed_at": at, "check_on": at.date(), "cause": self.damage}

    def add(self, at: datetime = MORNING, times: int = 1, **facts: Any) -> list[Complaint]:
        found = []
        for _each in range(times):
            self.made += 1
            given = {
                "customer": self.world.customer,
                "category": "quality",
                "content": "划伤",
                "channel": "hotline",
                "received_by": self.world.root,
                "owner": self.world.alice,
                "department": self.world.sales,
                "received_at": at,
                "round_at": at,
                **(self._settled(at) if facts.get("status") == "closed" else {}),
                **facts,
            }
            found.append(Complaint.objects.create(number=f"TS{self.made:06d}", **given))
        return found


@pytest.fixture
def pile(world: World) -> Pile:
    return Pile(world)


@pytest.fixture
def client_of() -> Any:
    def enter(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter
