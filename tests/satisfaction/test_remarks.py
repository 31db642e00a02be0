"""Remarks in groups: several at once, those of none first, only those that one may read, and again after a change."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from crm import clock
from crm.actions import ACTIONS
from crm.api.tokens import issue
from crm.records.models import ActionLog
from satisfaction import actions, first_groups
from satisfaction.models import Campaign, GroupedRemark, RemarkGroup, Sheet
from satisfaction.remarks import by_group, counts_of
from satisfaction.report_forms import GroupRemarksForm
from tests.satisfaction.conftest import everywhere, lines, path_of, post, running
from tests.satisfaction.test_report import anonymous, keyed
from tests.world import World, nothing_moves, refused, shanghai


@pytest.fixture
def groups(world: World) -> dict[str, RemarkGroup]:
    """The groups that a new company begins with."""
    first_groups.make(RemarkGroup)
    return {each.code: each for each in RemarkGroup.objects.all()}


def remarked(world: World, *words: str) -> tuple[Campaign, dict[str, str]]:
    """A survey with these remarks, and the key of the sheet of each."""
    campaign, invitations = running(world, len(words))
    for invitation, text in zip(invitations, words, strict=True):
        keyed(world, invitation, lines(everywhere("fair")), text)
    found = {each.remarks: str(each.pk) for each in Sheet.objects.filter(campaign=campaign)}
    return Campaign.objects.get(pk=campaign.pk), found


def counted(campaign: Campaign, by: Any) -> dict[str, int]:
    return {each["key"]: each["number"] for each in counts_of(campaign, by) if each["number"]}


def test_several_remarks_are_grouped_at_once_and_those_of_none_stand_first(
    world: World, groups: dict[str, RemarkGroup]
) -> None:
    campaign, keys = remarked(world, "等候太久", "排队一小时", "质量好")
    assert counted(campaign, world.root) == {"none": 3, "all": 3}
    given = {"remarks": [keys["等候太久"], keys["排队一小时"]], "groups": [groups["pickup"], groups["people"]]}
    actions.group_remarks(campaign, by=world.root, **given)
    assert counts_of(campaign, world.root)[0]["key"] == "none"
    assert counted(campaign, world.root) == {"none": 1, "pickup": 2, "people": 2, "all": 3}
    rows = GroupedRemark.objects.order_by("pk")
    assert {(each.by, each.at) for each in rows} == {(world.root, clock.now())}
    paper = by_group(campaign, world.root)
    assert [(each["label"], len(each["remarks"])) for each in paper] == [
        (str(groups["pickup"]), 2),
        (str(groups["people"]), 2),
        ("In no group yet", 1),
    ]


def test_where_nobody_has_written_a_remark_there_is_nothing_to_group(world: World) -> None:
    campaign, [invitation] = running(world)
    keyed(world, invitation, lines(everywhere("fair")))
    assert ACTIONS["satisfaction.group_remarks"].refusal(campaign, world.root).code == "no_remarks"
    keyed(world, invitation, lines(everywhere("fair")), "等候太久")
    assert ACTIONS["satisfaction.group_remarks"].refusal(campaign, world.root) is None


def test_a_remark_keeps_its_groups_unless_others_hold_instead(world: World, groups: dict[str, RemarkGroup]) -> None:
    campaign, keys = remarked(world, "等候太久")
    mine = [keys["等候太久"]]
    actions.group_remarks(campaign, by=world.root, remarks=mine, groups=[groups["pickup"]])
    actions.group_remarks(campaign, by=world.root, remarks=mine, groups=[groups["pickup"], groups["people"]])
    assert counted(campaign, world.root) == {"pickup": 1, "people": 1, "all": 1}
    actions.group_remarks(campaign, by=world.root, remarks=mine, groups=[groups["price"]], instead=True)
    assert counted(campaign, world.root) == {"price": 1, "all": 1}
    actions.group_remarks(campaign, by=world.root, remarks=mine, instead=True)
    assert counted(campaign, world.root) == {"none": 1, "all": 1}


def test_a_remark_that_the_customer_has_changed_is_looked_at_again(
    world: World, groups: dict[str, RemarkGroup]
) -> None:
    campaign, [invitation] = running(world)
    keyed(world, invitation, lines(everywhere("fair")), "等候太久")
    mine = [str(Sheet.objects.get().pk)]
    actions.group_remarks(campaign, by=world.root, remarks=mine, groups=[groups["pickup"]])
    with clock.at(shanghai(24, 9)):
        keyed(world, invitation, lines(everywhere("fair")), "包装破损")
        assert counted(campaign, world.root) == {"none": 1, "all": 1}
        actions.group_remarks(campaign, by=world.root, remarks=mine, groups=[groups["pickup"]])
        assert counted(campaign, world.root) == {"pickup": 1, "all": 1}


def test_the_form_takes_only_remarks_of_this_survey_and_a_group(world: World, groups: dict[str, RemarkGroup]) -> None:
    campaign, keys = remarked(world, "等候太久")
    _other, others = remarked(world, "别的调查")

    def errors(**data: Any) -> dict[str, str]:
        form = GroupRemarksForm(data, by=world.root, obj=campaign)
        return {name: found[0]["code"] for name, found in form.problems().items()}

    mine, group = [keys["等候太久"]], [groups["pickup"].pk]
    assert errors(remarks=mine, groups=group) == {}
    assert errors(remarks=mine, instead=True) == {}
    assert errors(remarks=mine) == {"groups": "required"}
    assert errors(remarks=[others["别的调查"]], groups=group) == {"remarks": "unknown"}
    assert errors(remarks=[str(uuid4())], groups=group) == {"remarks": "unknown"}
    assert errors(remarks=["nonsense"], groups=group) == {"remarks": "invalid_choice"}
    RemarkGroup.objects.filter(code="pickup").update(active=False)
    assert errors(remarks=mine, groups=group) == {"groups": "invalid_choice"}


def test_who_does_not_see_the_survey_neither_reads_nor_groups_its_remarks(
    world: World, groups: dict[str, RemarkGroup]
) -> None:
    campaign, keys = remarked(world, "等候太久")
    client = Client()
    client.force_login(world.stranger)
    with nothing_moves():
        assert client.get(f"/surveys/{campaign.pk}/remarks/").status_code in (403, 404)
        answer = client.post(
            f"/do/satisfaction.group_remarks/{campaign.pk}/",
            {"remarks": [keys["等候太久"]], "groups": [groups["pickup"].pk]},
        )
        assert answer.status_code == 404
    assert counts_of(campaign, world.stranger) == []
    client.force_login(world.alice)
    page = client.get(f"/surveys/{campaign.pk}/remarks/").content.decode()
    assert "等候太久" in page
    assert Sheet.objects.get(pk=keys["等候太久"]).invitation.customer.name not in page  # type: ignore[union-attr]


def test_the_page_lists_a_group_and_goes_on_where_it_ends(
    world: World, groups: dict[str, RemarkGroup], monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, keys = remarked(world, "一号", "二号", "三号")
    actions.group_remarks(campaign, by=world.root, remarks=[keys["三号"]], groups=[groups["praise"]])
    monkeypatch.setattr("satisfaction.views.PAGE", 1)
    client = Client()
    client.force_login(world.root)

    def read(query: str) -> tuple[set[str], str]:
        answer = client.get(f"/surveys/{campaign.pk}/remarks/{query}")
        return {each for each in keys if each in answer.content.decode()}, answer.context["more_url"]

    first, more = read("")  # those in no group yet
    second, end = read(more)
    assert (first | second, end) == ({"一号", "二号"}, "")
    assert read("?group=praise") == ({"三号"}, "")
    assert read("?group=nonsense&after=nonsense") == (first, more)


def test_anonymous_remarks_are_grouped_once_the_survey_is_over_and_never_of_a_handful(
    world: World, groups: dict[str, RemarkGroup]
) -> None:
    campaign, invitations = running(world, 5, anonymous=True)
    for each in invitations:
        post(path_of(each), lines(everywhere("fair")), "等候太久")
    keys = [str(each) for each in Sheet.objects.filter(campaign=campaign).values_list("pk", flat=True)]
    with refused("not_over"):
        actions.group_remarks(campaign, by=world.root, remarks=keys, groups=[groups["pickup"]])
    actions.end_campaign(campaign, by=world.root)
    actions.group_remarks(campaign, by=world.root, remarks=keys, groups=[groups["pickup"]])
    assert counted(Campaign.objects.get(pk=campaign.pk), world.root) == {"pickup": 5, "all": 5}
    log = ActionLog.objects.get(verb="satisfaction.group_remarks")
    assert (log.subject_pk, log.customer_id) == (campaign.pk, None)
    few = anonymous(world, 4)
    with refused("too_few_sheets"):
        actions.group_remarks(few, by=world.root, remarks=keys[:1], groups=[groups["pickup"]])


def test_a_new_company_has_groups_in_both_languages(world: World) -> None:
    first_groups.make(RemarkGroup)
    first_groups.make(RemarkGroup)
    assert RemarkGroup.objects.count() == len(first_groups.GROUPS)
    assert all(each.name and each.name_en for each in RemarkGroup.objects.all())


def test_rest_names_remarks_with_the_keys_that_group_them_and_none_of_a_handful(
    world: World, groups: dict[str, RemarkGroup]
) -> None:
    campaign, keys = remarked(world, "等候太久")
    _token, secret = issue(world.root, "test", ("write",), days=None)
    rest = Client(headers={"Authorization": f"Bearer {secret}"})
    path = f"/api/v1/campaigns/{campaign.pk}/"
    assert rest.get(path).json()["remarks"] == [{"sheet": keys["等候太久"], "text": "等候太久", "groups": []}]
    answer = rest.post(
        f"{path}satisfaction.group_remarks/",
        {"remarks": [keys["等候太久"]], "groups": [groups["pickup"].pk]},
        content_type="application/json",
        headers={"Idempotency-Key": "remark-1"},
    )
    assert answer.status_code == 200, answer.content
    assert [each["groups"] for each in rest.get(path).json()["remarks"]] == [[groups["pickup"].pk]]
    few = anonymous(world, 4)
    assert rest.get(f"/api/v1/campaigns/{few.pk}/").json()["remarks"] == []


@pytest.mark.parametrize("code", ["none", "all"])
def test_no_group_is_called_as_the_pages_call_those_without_one_or_all_of_them(world: World, code: str) -> None:
    client = Client()
    client.force_login(world.root)
    given = {"code": code, "name": "其他", "name_en": "Other", "position": "9", "active": "on"}
    answer = client.post("/admin/satisfaction/remarkgroup/add/", given)
    assert answer.status_code == 200
    assert not RemarkGroup.objects.filter(code=code).exists()
    assert client.post("/admin/satisfaction/remarkgroup/add/", {**given, "code": "others"}).status_code == 302
