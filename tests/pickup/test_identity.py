"""Who may collect: letters of authority, the ID number compared and never kept (P4, P6, KC 5.1.11.2)."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from crm import clock
from customers import actions as customers
from customers.models import Contact
from pickup import actions as pickup
from pickup.forms import AuthorityForm, HandOverForm, authorities_of
from pickup.models import Authority, Pickup, Record, Scan
from tests.world import ID_NUMBER, SIGNATURE, World, refused, shanghai

OTHER_ID = "440524188001010014"


def letter(world: World, **facts: Any) -> Authority:
    given = {"person": "赵四", "id_number": ID_NUMBER, "valid_until": date(2026, 11, 30), "vehicle": "渝A12345"}
    return pickup.add_authority(world.customer, by=world.root, **{**given, **facts})


def compared(authority: Authority, number: str = ID_NUMBER) -> dict[str, Any]:
    return {"identity": "id_compared", "authority": authority, "id_number": number}


def tables_that_hold(text: str) -> list[str]:
    """The tables with a row in which `text` can be read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        names = [row[0] for row in cursor.fetchall()]
        found = []
        for name in names:
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{name}" row WHERE row::text LIKE %s)', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.append(name)
    return found


def test_the_person_in_the_letter_collects(world: World) -> None:
    told = world.notified()
    authority = letter(world)
    record = pickup.hand_over(told, by=world.root, **compared(authority))
    assert (record.collector, record.authority, record.vehicle) == ("赵四", authority, "渝A12345")
    assert record.identity == Record.Identity.ID_COMPARED


def test_a_collector_who_is_not_the_one_in_the_letter_is_refused(world: World) -> None:
    told = world.notified()
    authority = letter(world)
    with refused("other_collector") as caught:
        pickup.hand_over(told, by=world.root, collector="钱五", **compared(authority))
    assert "赵四" in str(caught.value) and "钱五" in str(caught.value)
    record = pickup.hand_over(told, by=world.root, collector=" 赵四 ", **compared(authority))
    assert record.collector == "赵四"


def test_a_small_x_is_the_same_number(world: World) -> None:
    told = world.notified()
    assert pickup.hand_over(told, by=world.root, **compared(letter(world), " 11010519491231002x ")).collector == "赵四"


def test_another_number_is_refused(world: World) -> None:
    told = world.notified()
    authority = letter(world)
    with refused("wrong_person"):
        pickup.hand_over(told, by=world.root, **compared(authority, OTHER_ID))


def test_what_was_typed_is_nowhere_kept(world: World) -> None:
    told = world.notified()
    authority = letter(world)
    with refused("wrong_person"):
        pickup.hand_over(told, by=world.root, key="k1", **compared(authority, OTHER_ID))
    pickup.hand_over(told, by=world.root, key="k2", **compared(authority))
    assert tables_that_hold(OTHER_ID) == []
    assert tables_that_hold(ID_NUMBER) == []


def test_an_id_number_in_the_field_of_the_code_is_not_kept_either(world: World) -> None:
    pickup.scan(ID_NUMBER, by=world.root)
    assert Scan.objects.get().typed == "…002X"
    assert tables_that_hold(ID_NUMBER) == []


def test_a_letter_that_has_run_out_is_refused_with_what_to_do(world: World) -> None:
    authority = letter(world, valid_until=date(2026, 11, 23))
    told = world.notified()
    with clock.at(shanghai(24, 10)), refused("authority_expired") as caught:
        pickup.hand_over(told, by=world.root, **compared(authority))
    assert "valid until 2026-11-23" in str(caught.value)
    with clock.at(shanghai(23, 11)):
        assert pickup.hand_over(told, by=world.root, **compared(authority)).collector == "赵四"


def test_a_letter_that_is_not_valid_yet_is_refused(world: World) -> None:
    authority = letter(world, valid_from=date(2026, 11, 25))
    told = world.notified()
    with refused("authority_not_yet") as caught:
        pickup.hand_over(told, by=world.root, **compared(authority))
    assert "valid only from 2026-11-25" in str(caught.value)


def test_a_stranger_without_a_letter_collects_nothing(world: World) -> None:
    told = world.notified()
    with refused("no_authority") as caught:
        pickup.hand_over(told, by=world.root, identity="id_seen", collector="钱五")
    assert "钱五 is no contact of the customer" in str(caught.value)
    Contact.objects.filter(pk=world.contact.pk).update(active=False)
    with refused("no_authority"):
        pickup.hand_over(told, by=world.root, identity="id_seen", collector="王小明")
    customers.add_contact(world.customer, by=world.root, name="钱 五", roles=["collector"])
    record = pickup.hand_over(told, by=world.root, identity="id_seen", collector=" 钱  五 ")
    assert record.collector.split() == ["钱", "五"]


def test_a_letter_revoked_meanwhile_is_refused(world: World) -> None:
    told = world.notified()
    authority = letter(world)
    stale = Authority.objects.get()
    pickup.revoke_authority(authority, by=world.root, reason="离职")
    with refused("authority_revoked"):
        pickup.hand_over(told, by=world.root, **compared(stale))


def test_only_letters_of_this_customer_and_pickup_are_offered(world: World) -> None:
    told = world.notified()
    standing = letter(world)
    own = pickup.name_collector(told, by=world.root, person="钱五", id_number=OTHER_ID, valid_until=date(2026, 11, 30))
    revoked = pickup.revoke_authority(letter(world, person="孙六"), by=world.root, reason="x")
    foreign = pickup.add_authority(
        world.new_customer(), by=world.root, person="李七", id_number=OTHER_ID, valid_until=date(2026, 11, 30)
    )
    assert list(authorities_of(told)) == [own, standing]
    for wrong in (revoked, foreign):
        data = {"customer_signature": SIGNATURE, "clerk_signature": SIGNATURE, "identity": "id_seen"}
        form = HandOverForm({**data, "authority": wrong.pk}, by=world.root, obj=told)
        assert [error["code"] for error in form.problems()["authority"]] == ["invalid_choice"]


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"identity": "id_compared"}, "id_number", "required"),
        ({"identity": "id_compared", "id_number": ID_NUMBER}, "identity", "nothing_to_compare"),
        ({"identity": "guessed"}, "identity", "invalid_choice"),
        ({}, "identity", "required"),
    ],
)
def test_how_he_was_recognised_must_make_sense(world: World, given: dict[str, Any], field: str, code: str) -> None:
    data = {"customer_signature": SIGNATURE, "clerk_signature": SIGNATURE, **given}
    form = HandOverForm(data, by=world.root, obj=world.notified())
    assert code in [error["code"] for error in form.problems()[field]]


def test_a_letter_ends_not_in_the_past_and_not_before_it_begins(world: World) -> None:
    facts = {"person": "赵四", "id_number": ID_NUMBER, "valid_from": "2026-11-23"}
    past = AuthorityForm({**facts, "valid_until": "2026-11-22"}, by=world.root, obj=world.customer)
    assert "past" in [error["code"] for error in past.problems()["valid_until"]]
    crossed = AuthorityForm(
        {**facts, "valid_from": "2026-12-02", "valid_until": "2026-12-01"}, by=world.root, obj=world.customer
    )
    assert "The authority ends before it begins." in str(crossed.problems())


def test_a_number_that_is_no_id_number_is_named(world: World) -> None:
    facts = {"person": "赵四", "valid_from": "2026-11-23", "valid_until": "2026-12-01"}
    form = AuthorityForm({**facts, "id_number": "110105194912310021"}, by=world.root, obj=world.customer)
    assert list(form.problems()) == ["id_number"]


def test_the_id_number_is_shown_by_its_tail_only(world: World) -> None:
    assert Authority.objects.get(pk=letter(world).pk).id_number_tail.endswith("002X")
    assert tables_that_hold(ID_NUMBER) == []


def test_a_supplier_suspended_after_the_letter_still_stops(world: World) -> None:
    told = world.notified()
    authority = letter(world)
    customers.suspend_supply(world.customer, by=world.root, reason="x")
    with refused("suspended"):
        pickup.hand_over(told, by=world.root, **compared(authority))
    assert Pickup.objects.get().status == "notified"
