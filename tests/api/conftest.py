"""People with tokens, and a client that speaks JSON."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client

from crm.accounts.models import User
from crm.api.tokens import issue
from customers.models import Customer


class Api:
    """A program that calls /api/v1/ with a token."""

    def __init__(self, user: User, *scopes: str) -> None:
        self.user = user
        self.token, secret = issue(user, "test", scopes or ("write",), days=None)
        self.client = Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})

    def get(self, path: str, **parameters: Any) -> Any:
        return self.client.get(at(path), parameters)

    def send(self, method: str, path: str, body: Any = None, *, key: str = "", version: int | None = None) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        data = body if isinstance(body, (str, bytes)) else json.dumps(body if body is not None else {})
        return self.client.generic(method, at(path), data, content_type="application/json", headers=headers)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.send("POST", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.send("PATCH", path, body, **options)


def at(path: str) -> str:
    """The address of `path`, which may be a whole one."""
    return path if path.startswith(("/", "http")) else f"/api/v1/{path}"


def may(user: User, *names: str) -> User:
    """Give `user` permissions by name, and answer him anew."""
    for name in names:
        app_label, codename = name.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app_label, codename=codename))
    return User.objects.get(pk=user.pk)


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def alice(db) -> User:
    """Who may do everything."""
    return User.objects.create_user("alice", name="Alice", is_superuser=True)


@pytest.fixture
def charlie(db) -> User:
    """A stranger, who sees no record and has no right but what everyone has."""
    return User.objects.create_user("charlie", name="Charlie")


@pytest.fixture
def api(alice) -> Api:
    return Api(alice)


@pytest.fixture
def customer(alice) -> Customer:
    return Customer.objects.create(code="C1", name="东方红照明", owner=alice, licence="91310000MA1K35N13Q")
