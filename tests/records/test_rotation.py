"""Rotating keys: resumable, complete, unseen by the history."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from crm.records import crypto
from crm.records.models import FieldHistory
from crm.records.rotation import Column, encrypted_columns, outdated, rotate
from customers.models import Contact

pytestmark = pytest.mark.django_db
NEW = Fernet.generate_key().decode()


def mobile():
    return Column(Contact, Contact._meta.get_field("mobile"))


def prefixes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT split_part(mobile, ':', 1) FROM customers_contact WHERE mobile <> ''")
        return {prefix for (prefix,) in cursor.fetchall()}


@pytest.fixture
def many(huawei):
    Contact.objects.bulk_create(
        [Contact(customer=huawei, name=str(number), mobile=f"138001380{number:02}") for number in range(7)]
        + [Contact(customer=huawei, name="without")]
    )


def test_every_encrypted_column_is_known():
    names = {column.name for column in encrypted_columns()}
    assert {"accounts.User.phone", "customers.Contact.mobile", "records.Attachment.key"} <= names


def test_all_values_come_under_the_newest_key_in_chunks(many, settings):
    old = settings.FIELD_KEYS[0]
    settings.FIELD_KEYS = [NEW, old]
    changes = FieldHistory.objects.count()
    assert outdated(mobile()) == 7
    assert list(rotate(mobile(), size=3)) == [3, 6, 7]
    assert outdated(mobile()) == 0
    settings.FIELD_KEYS = [NEW]
    assert Contact.objects.get(mobile="13800138003").name == "3"
    assert Contact.objects.get(name="without").mobile == ""
    assert FieldHistory.objects.count() == changes


def test_an_interrupted_rotation_goes_on_where_it_stopped(many, settings):
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]
    assert next(rotate(mobile(), size=3)) == 3
    assert outdated(mobile()) == 4
    assert list(rotate(mobile(), size=3)) == [3, 4]


def test_a_new_index_key_is_rotated_too(many, settings):
    settings.INDEX_KEY = "another index key"
    assert not Contact.objects.filter(mobile="13800138003").exists()
    list(rotate(mobile()))
    assert Contact.objects.get(mobile="13800138003").name == "3"


def test_the_command_says_how_far_it_is(many, settings):
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]
    out = StringIO()
    call_command("rotate_field_keys", "--check", stdout=out)
    assert "customers.Contact.mobile: 7 outdated" in out.getvalue()
    out = StringIO()
    call_command("rotate_field_keys", "--size", "5", stdout=out)
    lines = out.getvalue().splitlines()
    assert "customers.Contact.mobile: 5 of 7" in lines and "customers.Contact.mobile: 7 of 7" in lines
    assert lines[-1] == "7 values brought under the newest key."
    assert prefixes() == {crypto.ring().prefix}


def test_a_missing_key_is_named_and_nothing_is_lost(many, settings):
    before = prefixes()
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(CommandError, match=r"customers\.Contact\.mobile: .* not among CRM_FIELD_KEYS"):
        call_command("rotate_field_keys", stdout=StringIO())
    assert prefixes() == before
