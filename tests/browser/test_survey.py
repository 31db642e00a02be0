"""The customer answers a survey on his phone, one question a screen; he leaves, comes back, and goes on there (S2)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm import clock
from satisfaction import actions
from satisfaction.models import Invitation, Sheet, Unsent, Wording
from tests.browser.conftest import Visitor
from tests.satisfaction.conftest import CODES, customer, invite, path_of, plan
from tests.world import World

pytestmark = pytest.mark.browser
LEFT_AT = 4  # the fifth question


def survey(world: World, language: str, **facts: Any) -> Invitation:
    """An invitation that was mailed to a contact who reads this language."""
    days = {"opens_on": clock.today(), "until": clock.today() + timedelta(days=30)}
    campaign = plan(world, **days, **facts)
    asked = customer(world, 1)
    asked.contacts.update(language=language)
    [invitation] = invite(campaign, asked)
    actions.start_campaign(campaign, by=world.root)
    return actions.send_invitation(invitation, by=world.root, way="mail")


def answer(page: Any, first: int, last: int) -> None:
    """Answer the questions from `first` to before `last`, each with "satisfied", and go on to the next."""
    for place in range(first, last):
        item = page.locator(".survey-item:visible")
        assert item.locator("input[type=hidden]").get_attribute("value") == CODES[place]
        item.locator("label", has=page.locator("[value=satisfied]")).click()
        page.click("[data-next]")


def test_he_leaves_and_goes_on_there(world: World, language: str, visitor: Callable[..., Visitor]) -> None:
    invitation = survey(world, language)
    him, path = visitor("survey", "phone"), path_of(invitation)
    him.go(path)
    him.check("first")
    him.page.locator(".survey-matters:visible input").check()
    with him.page.expect_response(lambda each: f"at={LEFT_AT}" in (each.request.post_data or "")) as kept:
        answer(him.page, 0, LEFT_AT)
    assert kept.value.status == 200
    him.page.close()
    unsent = Unsent.objects.get()
    assert (unsent.at, len(unsent.answers), Sheet.objects.count()) == (LEFT_AT, LEFT_AT, 0)

    again = visitor("survey-again", "phone")
    again.go(path)
    assert again.page.locator("progress").get_attribute("value") == str(LEFT_AT + 1)
    assert again.page.locator(".survey-count").inner_text() == f"{LEFT_AT + 1} / {len(CODES) + 1}"
    assert again.page.locator("[data-survey] :checked").count() == LEFT_AT + 1  # the first matters most
    again.check("kept")
    answer(again.page, LEFT_AT, len(CODES))
    again.page.fill("textarea[name=remarks]", "继续合作")
    again.page.locator("form:has([data-survey]) > .btn-primary").click()
    again.page.locator(".note.tone-done").wait_for()
    again.check("sent")
    again.page.locator("summary.btn-big").click()
    assert again.page.locator("[data-survey] [type=radio]:checked").count() == len(CODES)
    again.check("changing")
    again.sound()
    invitation.refresh_from_db()
    assert (invitation.status, Sheet.objects.get().remarks) == ("returned", "继续合作")
    assert not Unsent.objects.exists()


def test_an_anonymous_one_is_kept_on_his_device_alone(
    world: World, language: str, visitor: Callable[..., Visitor]
) -> None:
    path = path_of(survey(world, language, anonymous=True))
    him = visitor("survey-anonymous", "phone")
    him.go(path)
    him.check("anonymous")
    answer(him.page, 0, LEFT_AT)
    him.go(path)
    assert him.page.locator("progress").get_attribute("value") == str(LEFT_AT + 1)
    assert him.page.locator("[data-survey] [type=radio]:checked").count() == LEFT_AT
    assert "checked" not in Client().get(path).content.decode()
    answer(him.page, LEFT_AT, len(CODES))
    him.page.locator("form:has([data-survey]) > .btn-primary").click()
    him.page.locator("[data-survey-sent]").wait_for()
    him.page.wait_for_function("() => localStorage.length === 0")
    him.sound()
    assert (Sheet.objects.count(), Unsent.objects.count()) == (1, 0)


def test_a_text_without_a_blank_makes_no_page_wider_than_a_phone(
    world: World, language: str, visitor: Callable[..., Visitor]
) -> None:
    """Questions are typed by people, and the code of a product can be long."""
    invitation = survey(world, language)
    Wording.objects.filter(edition=invitation.campaign.edition).update(text="W" * 200, text_en="W" * 200)
    him = visitor("survey-long", "phone")
    him.go(path_of(invitation))
    him.check("long")
    him.sound()
