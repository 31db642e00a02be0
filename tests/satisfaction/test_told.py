"""You said, we did: the next survey's customers read what was done after the last one, in their language."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm import clock
from satisfaction import actions
from satisfaction.models import Campaign, Item, Measure
from satisfaction.told import we_did
from tests.satisfaction.conftest import customer, invite, path_of, plan
from tests.satisfaction.test_report import ended
from tests.world import World, refused

WORDS = {"for_customers": "增开了一个提货窗口", "for_customers_en": "There is one more counter"}


def measure(world: World, campaign: Campaign, what: str = "增开提货窗口", item: str = "delivery-pickup") -> Measure:
    given: dict[str, Any] = {"department": world.sales, "kind": "corrective", "what": what, "owner": world.root}
    about = Item.objects.get(code=item, questionnaire=campaign.edition.questionnaire_id)
    return actions.enter_measure(campaign, by=world.root, item=about, due_on=clock.today(), **given)


def next_survey(world: World, *, days: int, **facts: Any) -> Any:
    """A survey that begins so many days from now, and one customer who is sent it."""
    begin = clock.today() + timedelta(days=days)
    campaign = plan(world, opens_on=begin, until=begin + timedelta(days=30), **facts)
    [invitation] = invite(campaign, customer(world, 77))
    with clock.at(clock.now() + timedelta(days=days)):
        actions.start_campaign(campaign, by=world.root)
        return actions.send_invitation(invitation, by=world.root, way="mail")


def test_customers_are_told_only_what_is_done_in_both_languages(world: World) -> None:
    campaign = ended(world, "fair", days=0)
    mine = measure(world, campaign)
    with refused("wrong_state"):
        actions.tell_customers(mine, by=world.root, **WORDS)
    actions.finish_measure(mine, by=world.root, outcome="已增开")
    with refused("not_told"):
        actions.keep_from_customers(mine, by=world.root)
    with refused("customers_are_told_what_is_done"):
        actions.tell_customers(mine, by=world.root, for_customers="增开了", for_customers_en="")
    actions.tell_customers(mine, by=world.root, **WORDS)
    invitation = next_survey(world, days=10)
    assert we_did(invitation.campaign) == [
        {"said": "Picking up is simple and quick", "did": WORDS["for_customers_en"], "other": WORDS["for_customers"]}
    ]
    actions.keep_from_customers(mine, by=world.root)
    assert we_did(invitation.campaign) == []


@pytest.mark.parametrize("anonymous", [False, True])
def test_the_link_page_says_it_in_the_customers_language(world: World, anonymous: bool) -> None:
    mine = measure(world, ended(world, "fair", days=0))
    actions.finish_measure(mine, by=world.root, outcome="内部：花费 3 万元")
    actions.tell_customers(mine, by=world.root, **WORDS)
    path = path_of(next_survey(world, days=10, anonymous=anonymous))
    page = Client().get(path).content.decode()
    assert WORDS["for_customers"] in page
    assert WORDS["for_customers_en"] not in page
    english = Client().get(f"{path}?lang=en").content.decode()
    assert WORDS["for_customers_en"] in english
    assert "花费" not in page + english


def test_the_printed_sheet_says_it_in_both_languages(world: World) -> None:
    mine = measure(world, ended(world, "fair", days=0))
    actions.finish_measure(mine, by=world.root, outcome="已增开")
    actions.tell_customers(mine, by=world.root, **WORDS)
    invitation = next_survey(world, days=10)
    client = Client()
    client.force_login(world.root)
    page = client.get(f"/surveys/invitations/{invitation.pk}/sheet/").content.decode()
    assert WORDS["for_customers"] in page
    assert WORDS["for_customers_en"] in page


def test_only_the_survey_before_counts(world: World) -> None:
    first, second = ended(world, "fair", days=0), ended(world, "fair", days=10)
    for campaign, words in ((first, "很久以前"), (second, "去年")):
        mine = measure(world, campaign)
        actions.finish_measure(mine, by=world.root, outcome="已办")
        actions.tell_customers(mine, by=world.root, for_customers=words, for_customers_en=words)
    assert [each["did"] for each in we_did(next_survey(world, days=20).campaign)] == ["去年"]
    assert we_did(first) == []


def test_the_survey_itself_shows_the_words_beside_the_measure(world: World) -> None:
    campaign = ended(world, "fair", days=0)
    mine = measure(world, campaign)
    actions.finish_measure(mine, by=world.root, outcome="已增开")
    actions.tell_customers(mine, by=world.root, **WORDS)
    client = Client()
    client.force_login(world.root)
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert WORDS["for_customers_en"] in page
    assert f"/do/satisfaction.keep_from_customers/{mine.pk}/" in page
