"""Alice owns, Bob is on her team, Charlie is a stranger, Diana leads the team, Root may do everything."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from crm.accounts.models import Department, User

PASSWORD = "mountain-river-42"


@pytest.fixture
def sales(db: None) -> Department:
    return Department.objects.create(code="sales", name="销售部", name_en="Sales")


@pytest.fixture
def warehouse(db: None) -> Department:
    return Department.objects.create(code="warehouse", name="仓储部", name_en="Warehouse")


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """A function that makes a user with the password PASSWORD, in the roles named."""

    def make(username: str, *roles: str, **fields: Any) -> User:
        user = User.objects.create_user(username, PASSWORD, **{"name": username.capitalize(), **fields})
        user.groups.set(Group.objects.filter(name__in=roles))
        return user

    return make


@pytest.fixture
def diana(person: Any, sales: Department) -> User:
    user = person("diana", "sales_manager", department=sales)
    sales.head = user
    sales.save()
    return user


@pytest.fixture
def alice(person: Any, diana: User, sales: Department) -> User:
    return person("alice", "sales", department=sales, manager=diana, email="alice@example.com")


@pytest.fixture
def bob(person: Any, diana: User, sales: Department) -> User:
    return person("bob", "sales", department=sales, manager=diana)


@pytest.fixture
def charlie(person: Any, warehouse: Department) -> User:
    return person("charlie", "warehouse", department=warehouse)


@pytest.fixture
def admin(person: Any) -> User:
    return person("adam", "administrator", is_staff=True)


@pytest.fixture
def root(person: Any) -> User:
    return person("root", is_staff=True, is_superuser=True)


def again(user: User) -> User:
    """The user as a new request would read him."""
    return User.objects.get(pk=user.pk)


def signed_in(user: User, **headers: str) -> Client:
    """A browser in which the user signed in by the page."""
    client = Client(headers=headers)
    answer = client.post("/sign-in/", {"username": user.username, "password": PASSWORD, "next": "/profile/"})
    assert answer.status_code == 302, answer.content.decode()
    return client
