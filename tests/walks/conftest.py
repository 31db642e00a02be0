"""A company with one person per role, each of whom works through REST; the customer has nothing but his links."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from crm import clock
from crm.accounts.models import Department, User
from crm.api.tokens import READ, WRITE, issue
from crm.deadlines.sweep import sweep
from crm.outbox.models import Message
from tests.world import MORNING, World

PEOPLE = {  # role: department
    "executive": "management",
    "sales_manager": "sales",
    "sales": "sales",
    "sales_support": "sales",
    "order_desk": "order_desk",
    "warehouse": "warehouse",
    "counter": "warehouse",
    "finance": "finance",
    "quality": "quality",
    "production": "production",
    "logistics": "logistics",
}


@dataclass
class House:
    """Everybody by his role, each with a token; `do` is a POST, `get` a GET, `sign` decides what waits for him."""

    world: World
    people: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def hire(self) -> None:
        """One person per role; the sales manager leads sales, the general manager everybody."""
        departments = {"sales": self.world.sales}
        for role, code in PEOPLE.items():
            if code not in departments:
                departments[code] = Department.objects.get_or_create(code=code, defaults={"name": code})[0]
            user = self.world.person(role.replace("_", "-"), role, department=departments[code])
            _token, secret = issue(user, "walk", [READ, WRITE], days=None)
            self.people[role] = user
            self.clients[role] = Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})
        for role, above in (
            ("sales_manager", "executive"),
            ("sales", "sales_manager"),
            ("sales_support", "sales_manager"),
        ):
            User.objects.filter(pk=self.people[role].pk).update(manager=self.people[above])
        Department.objects.filter(code="sales").update(head=self.people["sales_manager"])
        self.world.warehouse.clerks.add(self.people["counter"])

    def send(self, role: str, path: str, body: dict[str, Any]) -> Any:
        """The raw answer to a POST of /api/v1/`path` as `role`; with a file it is a form, else JSON."""
        url, client = f"/api/v1/{path}/", self.clients[role]
        if any(hasattr(value, "read") for value in body.values()):
            return client.post(url, body)
        return client.post(url, json.dumps(body, default=str), content_type="application/json")

    def do(self, role: str, path: str, /, **body: Any) -> dict[str, Any]:
        """What came of a verb that must be done."""
        answer = self.send(role, path, body)
        assert answer.status_code in (200, 201), f"{role} {path}: {answer.status_code} {answer.content.decode()[:600]}"
        return answer.json()

    def refuses(self, code: str, role: str, path: str, /, **body: Any) -> None:
        """A verb that must not be done, and says why by `code`."""
        answer = self.send(role, path, body)
        assert answer.status_code in (403, 409), f"{role} {path}: {answer.status_code} {answer.content.decode()[:600]}"
        assert answer.json()["error"]["code"] == code, answer.json()

    def get(self, role: str, path: str, **query: Any) -> Any:
        """The answer to a GET."""
        answer = self.clients[role].get(f"/api/v1/{path}/", query)
        assert answer.status_code == 200, f"{role} {path}: {answer.status_code} {answer.content.decode()[:400]}"
        return answer.json()

    def sign(self, *roles: str, opinion: str = "同意") -> None:
        """Whatever waits for each of them is approved, one after the other."""
        for role in roles:
            waiting = self.get(role, "approvals", tab="waiting")["results"]
            assert waiting, f"nothing waits for {role}"
            for row in waiting:
                self.do(role, f"approvals/{row['pk']}/approvals.approve", opinion=opinion)

    def tick(self, moment: datetime) -> None:
        """The clock looks after what is due at that moment."""
        with clock.at(moment):
            sweep()


@dataclass
class Customer:
    """Somebody with a phone: opens the link of the last mail of a template and does one thing there."""

    def link(self, template: str) -> str:
        """The path in the last mail of that template."""
        body = (
            Message.objects.filter(template=template, channel=Message.Channel.MAIL).latest("pk").text("zh-hans")["body"]
        )
        found = re.search(r"http://testserver(/l/\S+)", body)
        assert found, f"no link in {template}"
        return found[1]

    def do(self, template: str, verb: str, **data: Any) -> str:
        """Press the button of `verb` on the page of the link; answers the page that comes of it."""
        path, client = self.link(template), Client()
        page = client.get(path)
        hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page.content.decode()))
        hidden.pop("csrfmiddlewaretoken", None)
        answer = client.post(path, {**hidden, "_verb": verb, **data})
        assert answer.status_code == 303, f"{verb}: {answer.status_code} {answer.content.decode()[-3000:]}"
        return client.get(answer.headers["Location"]).content.decode()


@pytest.fixture
def house(db: None) -> Iterator[House]:
    cache.clear()
    with clock.at(MORNING):
        found = House(World())
        found.hire()
        yield found


@pytest.fixture
def customer() -> Customer:
    return Customer()
