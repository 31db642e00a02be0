"""Alice owns a customer, Bob is on her team, Charlie is a stranger, Root may do everything."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from crm.accounts.models import Department, User
from customers.models import Contact, Customer

PASSWORD = "mountain-river-42"


def person(username: str, *roles: str, **fields: Any) -> User:
    user = User.objects.create_user(username, PASSWORD, **{"name": username.capitalize(), **fields})
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


@pytest.fixture
def sales(db: None) -> Department:
    return Department.objects.create(code="sales", name="销售部", name_en="Sales")


@pytest.fixture
def alice(sales: Department) -> User:
    return person("alice", "sales", department=sales)


@pytest.fixture
def bob(sales: Department) -> User:
    return person("bob", "sales", department=sales)


@pytest.fixture
def charlie(db: None) -> User:
    return person("charlie", "sales")


@pytest.fixture
def root(db: None) -> User:
    return person("root", is_superuser=True, is_staff=True)


@pytest.fixture
def huawei(alice: User, sales: Department) -> Customer:
    return Customer.objects.create(
        code="C-000123", name="华为技术有限公司", short_name="华为", owner=alice, department=sales
    )


@pytest.fixture
def contact(huawei: Customer) -> Contact:
    return Contact.objects.create(customer=huawei, name="单田芳", mobile="138 0013 8000", email="shan@example.com")
