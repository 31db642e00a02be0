"""Encrypted columns: written by every way, found by exact value, never read by a wrong key."""

from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, ImproperlyConfigured, ValidationError
from django.db import connection
from django.db.models import F

from crm.accounts.models import User
from crm.records import crypto
from crm.records.fields import EncryptedField, IndexColumn, TailColumn

pytestmark = pytest.mark.django_db


def alice(**fields):
    return User.objects.create_user("alice", name="Alice", **({"phone": "138 0013 8000"} | fields))


def stored(user, column="phone"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}, {column}_index, {column}_tail FROM accounts_user WHERE id = %s", [user.pk])
        return cursor.fetchone()


def test_the_database_holds_no_clear_phone_but_its_index_and_tail():
    text, index, tail = stored(alice())
    assert tail == "8000"
    assert "13800138000" not in text and "138 0013" not in text
    assert UUID(str(index)) == UUID(crypto.blind_index("phone", "+8613800138000"))


def test_a_saved_phone_is_read_back_in_its_normal_form():
    user = alice()
    assert user.phone == "+8613800138000"
    assert User.objects.get(pk=user.pk).phone == "+8613800138000"


@pytest.mark.parametrize("typed", ["13800138000", "138 0013 8000", "+86 138-0013-8000", "１３８００１３８０００"])
def test_a_phone_is_found_however_it_is_typed(typed):
    user = alice()
    assert User.objects.get(phone=typed) == user


def test_a_lookup_takes_several_values_and_the_empty_one():
    user, empty = alice(), User.objects.create_user("bob", name="Bob")
    people = User.objects.filter(kind=User.Kind.PERSON)
    assert set(people.filter(phone__in=["138 0013 8000", ""])) == {user, empty}
    assert list(people.filter(phone="")) == [empty]
    assert list(people.exclude(phone="13800138000")) == [empty]
    assert list(people.exclude(phone="")) == [user]
    assert list(people.filter(phone__in=[])) == []
    assert list(people.filter(phone="no phone at all")) == []


def test_a_lookup_works_through_a_relation():
    user = alice()
    report = User.objects.create_user("bob", name="Bob", manager=user)
    assert list(User.objects.filter(manager__phone="13800138000")) == [report]


@pytest.mark.parametrize("condition", [{"phone__contains": "138"}, {"phone__lt": "1"}, {"phone": F("username")}])
def test_any_other_comparison_is_refused_with_the_reason(condition):
    with pytest.raises(FieldError, match="compared"):
        User.objects.filter(**condition).exists()


def test_empty_stays_empty_in_every_column():
    assert stored(User.objects.create_user("bob", name="Bob")) == ("", None, "")


def test_bulk_create_bulk_update_and_update_keep_index_and_tail():
    first, second = User.objects.bulk_create(
        [User(username="a", name="A", phone="13800138001"), User(username="b", name="B", phone="13800138002")]
    )
    assert User.objects.get(phone="13800138002") == second
    second.phone = "13900139000"
    User.objects.bulk_update([second], ["phone"])
    assert User.objects.get(phone="13900139000") == second
    assert not User.objects.filter(phone="13800138002").exists()
    assert User.objects.filter(pk=first.pk).update(phone="010-1234 5678") == 1
    assert User.objects.get(phone="+861012345678").phone_tail == "5678"


def test_the_tail_of_an_object_follows_an_unsaved_change():
    user = alice()
    user.phone = "13900139123"
    assert user.phone_tail == "9123"
    assert User(phone="13900139123").phone_tail == "9123"
    user.save()
    assert User.objects.values_list("phone_tail", flat=True).get(pk=user.pk) == "9123"


def test_a_tail_is_read_without_reading_the_clear_value():
    user = alice()
    assert User.objects.only("phone_tail").get(pk=user.pk).phone_tail == "8000"


def test_values_answers_the_clear_text():
    assert User.objects.filter(pk=alice().pk).values("phone").get() == {"phone": "+8613800138000"}


def test_the_same_phone_has_another_ciphertext_each_time():
    user = alice()
    before = stored(user)
    user.save()
    after = stored(user)
    assert before[0] != after[0] and before[1:] == after[1:]


def test_a_wrong_key_raises_and_answers_no_ciphertext(settings):
    user = alice()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(crypto.WrongKey, match="not among CRM_FIELD_KEYS"):
        User.objects.get(pk=user.pk)


def test_an_altered_value_raises():
    user = alice()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET phone = left(phone, -8) || 'AAAAAAA=' WHERE id = %s", [user.pk])
    with pytest.raises(crypto.WrongKey, match="altered"):
        User.objects.get(pk=user.pk)


def test_an_older_key_still_reads_and_the_newest_writes(settings):
    old = settings.FIELD_KEYS[0]
    user = alice()
    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    assert User.objects.get(phone="13800138000").phone == "+8613800138000"
    user.save()
    assert stored(user)[0].startswith(crypto.name_of(new))
    settings.FIELD_KEYS = [new]
    assert User.objects.get(pk=user.pk).phone == "+8613800138000"


def test_a_key_that_is_no_key_is_told_by_its_variable(settings):
    settings.FIELD_KEYS = ["short"]
    with pytest.raises(ImproperlyConfigured, match="CRM_FIELD_KEYS"):
        alice()


def test_cleaning_a_model_normalises_and_tells_what_is_wrong():
    user = User(username="bob", name="Bob", password="x", phone="138 0013 8000", email="Bob@Example.COM")
    user.full_clean()
    assert (user.phone, user.email) == ("+8613800138000", "bob@example.com")
    user.phone = "1380013800"
    with pytest.raises(ValidationError) as refused:
        user.full_clean()
    assert refused.value.message_dict == {"phone": ["A mobile phone has 11 digits; this has 10."]}


def test_an_unusual_value_that_is_not_cleaned_is_kept_and_found():
    user = alice(phone="ask Li")
    assert User.objects.get(phone="ask Li") == user


def test_migrations_list_the_columns_themselves():
    field = User._meta.get_field("phone")
    _name, path, _args, options = field.deconstruct()
    assert path == "crm.records.fields.EncryptedField"
    assert (options["kind"], options["companions"]) == ("phone", False)
    assert isinstance(User._meta.get_field("phone_index"), IndexColumn)
    _name, path, args, options = User._meta.get_field("phone_tail").deconstruct()
    assert (path, args, options) == ("crm.records.fields.TailColumn", ["phone"], {})
    assert isinstance(User._meta.get_field("phone_tail").clone(), TailColumn)


def test_a_unique_encrypted_column_is_no_declaration():
    with pytest.raises(ValueError, match="_index"):
        EncryptedField(kind="phone", unique=True)


def test_a_lookup_uses_the_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = User.objects.filter(phone="13800138000").explain()
    assert "Index" in plan and "phone_index" in plan


def test_a_field_and_its_companions_are_three_fields():
    fields = [User._meta.get_field(name) for name in ("phone", "phone_index", "phone_tail")]
    assert len(set(fields)) == 3
    assert "phone" not in User.objects.defer("phone").get(pk=alice().pk).__dict__
