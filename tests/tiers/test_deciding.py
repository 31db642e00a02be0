"""A person accepts a proposed tier or overrides it with a reason; nothing else changes a tier (KH 2.2)."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm.accounts.models import Department
from crm.records.models import ActionLog
from customers import actions as customers
from customers.forms import CustomerForm
from customers.models import Customer
from customers.tiers import actions as tiers
from customers.tiers.forms import OverrideForm
from customers.tiers.models import Proposal, TierChange
from tests.world import World, nothing_moves, refused


def proposed(world: World, customer: Customer | None = None) -> Proposal:
    found = tiers.score_customer(customer or world.customer, by=world.root)
    assert isinstance(found, Proposal)
    return found


def tier_of(world: World) -> str:
    return Customer.objects.get(pk=world.customer.pk).tier


def test_accepting_sets_the_tier_and_keeps_who_when_and_on_which_proposal(world: World) -> None:
    proposal = tiers.accept_proposal(proposed(world), by=world.root)
    assert (proposal.status, proposal.decided, proposal.decided_by) == ("accepted", "potential", world.root)
    assert tier_of(world) == "potential"
    change = TierChange.objects.get()
    assert (change.before, change.after, change.by, change.proposal, change.reason) == (
        "regular",
        "potential",
        world.root,
        proposal,
        "",
    )
    logged = set(ActionLog.objects.filter(verb__startswith="tiers.").values_list("verb", flat=True))
    assert logged == {"tiers.score_customer", "tiers.accept_proposal", "tiers.set_tier"}
    with refused("wrong_state"):
        tiers.accept_proposal(proposal, by=world.root)


def test_overriding_needs_another_tier_and_a_reason(world: World) -> None:
    proposal = proposed(world)
    form = OverrideForm({"tier": "potential", "reason": ""}, by=world.root, obj=proposal)
    assert {name: rows[0]["code"] for name, rows in form.problems().items()} == {
        "tier": "proposed",
        "reason": "required",
    }
    proposal = tiers.override_proposal(proposal, by=world.root, tier="key", reason="集团客户")
    assert (proposal.status, proposal.decided, proposal.reason) == ("overridden", "key", "集团客户")
    assert tier_of(world) == "key"
    change = TierChange.objects.get()
    assert (change.before, change.after, change.reason) == ("regular", "key", "集团客户")


def test_what_was_renewed_under_the_readers_hands_is_not_adopted_unseen(world: World) -> None:
    read = proposed(world)
    proposed(world)  # worked out again, with the same outcome
    assert Proposal.objects.get().version == read.version
    tiers.judge_customer(world.customer, by=world.root, potential=5, need=5, reason="新厂房")
    proposed(world)
    renewed = Proposal.objects.get()
    assert renewed.total != read.total
    with refused("stale"):
        tiers.accept_proposal(read, by=world.root, version=read.version)
    assert tiers.accept_proposal(renewed, by=world.root, version=renewed.version).status == "accepted"


def test_overriding_with_the_present_tier_leaves_it_and_is_no_change(world: World) -> None:
    proposal = tiers.override_proposal(proposed(world), by=world.root, tier="regular", reason="首单在谈")
    assert (proposal.status, proposal.decided, tier_of(world)) == ("overridden", "regular", "regular")
    assert not TierChange.objects.exists()


def test_setting_a_tier_withdraws_what_is_proposed(world: World) -> None:
    proposal = proposed(world)
    change = tiers.set_tier(world.customer, by=world.root, tier="vip", reason="战略客户")
    assert (change.before, change.after, change.proposal) == ("regular", "vip", None)
    proposal.refresh_from_db()
    assert (proposal.status, tier_of(world)) == ("withdrawn", "vip")
    with refused("same_tier"):
        tiers.set_tier(world.customer, by=world.root, tier="vip", reason="x")


def test_a_plain_edit_cannot_set_a_tier(world: World) -> None:
    assert "tier" not in CustomerForm.base_fields
    client = Client()
    client.force_login(world.root)
    url = f"/api/v1/customers/{world.customer.pk}/"
    with nothing_moves():
        answer = client.patch(url, {"tier": "vip"}, content_type="application/json")
    assert answer.status_code == 400
    data = {"name": "新名称", "kind": "company", "tier": "vip", "_version": str(world.customer.version)}
    client.post(f"/do/customers.change_customer/{world.customer.pk}/", data)
    assert tier_of(world) == "regular"
    assert (
        customers.create_customer(
            by=world.root, code="", owner=None, address="", contacts=[], name="成都某公司", tier="key"
        ).tier
        == "key"
    )


def test_a_manager_decides_for_his_department_and_a_salesperson_does_not(world: World) -> None:
    mine = world.new_customer()
    Customer.objects.filter(pk=mine.pk).update(owner=world.alice)
    proposal = proposed(world, mine)
    with refused("forbidden"):
        tiers.accept_proposal(Proposal.objects.get(), by=world.alice)
    with refused("forbidden"):
        tiers.set_tier(mine, by=world.alice, tier="vip", reason="x")
    other = world.person("other", "sales_manager", department=Department.objects.create(code="west", name="西区"))
    with nothing_moves(), pytest.raises(Proposal.DoesNotExist):
        tiers.accept_proposal(proposal, by=other)
    assert tiers.accept_proposal(proposal, by=world.boss).status == "accepted"


def test_many_are_accepted_at_once(world: World, client: Client) -> None:
    rows = [proposed(world, world.new_customer()) for _each in range(3)]
    client.force_login(world.root)
    asked = {"pk": [each.pk for each in rows]}
    preview = client.get("/do-many/tiers.accept_proposal/", asked).content.decode()
    assert all(each.customer.name in preview for each in rows)
    listed = client.get("/tiers/?tab=open").content.decode()
    assert all(f'data-url="/tiers/{each.pk}/"' in listed for each in rows) and "tiers.accept_proposal" in listed


def test_the_proposal_shows_every_figure_its_points_and_weight_and_the_threshold(world: World, client: Client) -> None:
    tiers.judge_customer(world.customer, by=world.root, potential=3, need=5, reason="新厂房")
    world.new_order("1000")
    proposal = tiers.set_tier(world.customer, by=world.root, tier="vip", reason="x")
    proposal = proposed(world)
    client.force_login(world.person("desk", "order_desk_manager"))
    page = client.get(f"/tiers/{proposal.pk}/", headers={"Accept-Language": "en"}).content.decode()
    # value 128,000 gives three points of 25, one order one of 15, today five of 10, growth five of 10,
    # one month one of 10, potential three of 10, need five of 5: 75 + 15 + 50 + 50 + 10 + 30 + 25 = 255
    assert (proposal.total, proposal.threshold, proposal.tier) == (Decimal("51.00"), Decimal("20.00"), "regular")
    for words in ("¥128,000.00", "255 of 500", "51.00", "Regular begins at", "20.00", "Value contribution"):
        assert words in page, words


@pytest.mark.parametrize("path", ["/tiers/{0}/", "/api/v1/tier-proposals/{0}/", "/admin/tiers/proposal/{0}/change/"])
def test_a_stranger_finds_no_proposal_by_its_number(world: World, client: Client, path: str) -> None:
    proposal = proposed(world)
    client.force_login(world.stranger)
    assert client.get(path.format(proposal.pk)).status_code in (302, 403, 404)
    client.force_login(world.charlie)  # a salesperson of another department
    assert client.get(path.format(proposal.pk)).status_code in (302, 404)


def test_rest_lists_accepts_and_tells_the_history(world: World, client: Client) -> None:
    proposal = proposed(world)
    client.force_login(world.root)
    answer: Any = client.get(f"/api/v1/tier-proposals/{proposal.pk}/").json()
    assert (answer["before"], answer["tier"], answer["total"], answer["threshold"]) == (
        "regular",
        "potential",
        "0.00",
        "0.00",
    )
    assert len(answer["measures"]) == 8
    done = client.post(
        f"/api/v1/tier-proposals/{proposal.pk}/tiers.accept_proposal/", headers={"Idempotency-Key": "k1"}
    )
    assert done.status_code == 200
    rows = client.get(f"/api/v1/tier-changes/?customer={world.customer.pk}").json()["results"]
    assert [(row["before"], row["after"]) for row in rows] == [("regular", "potential")]


def test_list_and_page_cost_as_many_queries_with_many_rows(
    world: World, client: Client, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(world.root)
    first = proposed(world, world.new_customer())

    def cost(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    tiers.set_tier(first.customer, by=world.root, tier="vip", reason="x")
    first = proposed(world, first.customer)
    few = [cost("/tiers/"), cost(f"/tiers/{first.pk}/"), cost(first.customer.get_absolute_url())]
    for _each in range(12):
        proposed(world, world.new_customer())
    for tier in ("key", "vip", "key", "vip"):
        tiers.set_tier(Customer.objects.get(pk=first.customer_id), by=world.root, tier=tier, reason="x")
    again = proposed(world, Customer.objects.get(pk=first.customer_id))
    many = [cost("/tiers/"), cost(f"/tiers/{again.pk}/"), cost(first.customer.get_absolute_url())]
    assert (many[0], many[2]) == (few[0], few[2]) and many[1] <= few[1] + 1


def test_lists_are_searched_by_the_customer(world: World, client: Client) -> None:
    one, other = proposed(world, world.new_customer()), proposed(world, world.new_customer(name="贵阳恒达电力有限公司"))
    tiers.accept_proposal(other, by=world.root)
    client.force_login(world.root)
    for question, found in (("恒达", [other.pk]), ("gyhd", [other.pk]), ("晨光", [one.pk])):
        rows = client.get("/api/v1/tier-proposals/", {"q": question}).json()["results"]
        assert [row["customer_id"] for row in rows] == [Proposal.objects.get(pk=pk).customer_id for pk in found]
    rows = client.get("/api/v1/tier-changes/", {"q": "恒达"}).json()["results"]
    assert [row["after"] for row in rows] == ["potential"]


@pytest.mark.parametrize("role", ["counter", "warehouse", "reception", "order_desk"])
def test_who_sees_every_customer_and_no_tiers_opens_no_proposal_by_its_number(
    world: World, client: Client, role: str
) -> None:
    proposal = proposed(world)
    client.force_login(world.person("behind", role))
    assert client.get(f"/customers/{world.customer.pk}/").status_code == 200
    assert client.get(f"/tiers/{proposal.pk}/").status_code == 404
