"""The lists of surveys: what can be begun from them, what is done to many at once, where a row leads."""

from typing import Any

import pytest
from django.test import Client

from crm.accounts.models import User
from satisfaction import actions
from satisfaction.models import Invitation
from tests.satisfaction.conftest import customer, everywhere, invite, lines, path_of, plan, post, running
from tests.world import World

BEGUN = {
    "/surveys/": "/do/satisfaction.plan_campaign/",
    "/surveys/questionnaires/": "/do/satisfaction.create_questionnaire/",
}


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.mark.parametrize("path", BEGUN)
def test_who_conducts_surveys_begins_one_from_the_list_and_who_sends_them_does_not(world: World, path: str) -> None:
    supervisor = world.person("watcher", "supervisor")
    assert f'hx-get="{BEGUN[path]}"' in client_of(supervisor).get(path).content.decode()
    assert BEGUN[path] not in client_of(world.person("seller", "sales")).get(path).content.decode()


def test_an_owner_sends_his_customers_theirs_at_once_and_opens_each_from_the_list(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    campaign, seller = plan(world), world.person("seller", "sales")
    rows = invite(campaign, *(customer(world, number, owner=seller) for number in range(3)))
    [others] = invite(campaign, customer(world, 9, owner=world.root))
    actions.start_campaign(campaign, by=world.root)
    client = client_of(seller)
    html = client.get("/surveys/invitations/?tab=send").content.decode()
    assert "/do-many/satisfaction.send_invitation/?" in html
    assert "/do-many/satisfaction.remind_invitation/?" in html
    for each in rows:
        assert f'<a href="/surveys/invitations/{each.pk}/">{each.number}</a>' in html
    keys = ",".join(str(each.pk) for each in [*rows, others])
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/do-many/satisfaction.send_invitation/", {"rows": keys, "_key": "k1", "way": "mail"})
    sent = Invitation.objects.filter(campaign=campaign, status=Invitation.Status.SENT, way="mail")
    assert set(sent) == set(rows)
    others.refresh_from_db()
    assert others.status == Invitation.Status.TO_SEND


def test_low_answers_wait_in_a_list_of_their_own_until_something_is_made_of_them(world: World) -> None:
    campaign, rows = running(world, 4)
    low = {**everywhere("satisfied"), "delivery-time": "not_satisfied", "sales-answer": "not_satisfied"}
    for each, levels in zip(rows, (low, low, everywhere("satisfied"), low), strict=True):
        given = {"_verb": "satisfaction.answer_survey", "_key": f"k{each.pk}", "_version": str(each.version)}
        assert post(path_of(each), lines(levels), **given).status_code == 303
    said = Invitation.objects.get(pk=rows[1].pk)
    actions.suggest_from_survey(said, by=world.root, kind="grumble", about="delivery")
    path = "/surveys/invitations/?tab=low"
    html = client_of(world.root).get(path).content.decode()
    assert [each.number in html for each in rows] == [True, False, False, True]
    assert html.count(f">{rows[0].number}</a>") == 1
    actions.end_campaign(campaign, by=world.root)
    actions.close_report(campaign, by=world.root)
    actions.settle_low_answer(Invitation.objects.get(pk=rows[3].pk), by=world.root, reason="已电话说明")
    html = client_of(world.root).get(path).content.decode()
    assert [each.number in html for each in rows] == [True, False, False, False]
