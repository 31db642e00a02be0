"""A low answer or a remark becomes a complaint or feedback in one step, and once."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from complaints.feedback.models import Feedback
from complaints.models import Complaint
from crm import clock
from customers.models import Contact, Customer
from satisfaction import actions
from satisfaction.models import Invitation
from tests.satisfaction.conftest import customer, everywhere, invite, lines, plan, running
from tests.world import World, nothing_moves, refused

LOW = {"delivery-time": "not_satisfied"}
KIND = {"kind": "grumble", "about": "delivery"}


def keyed(world: World, invitation: Invitation, levels: dict[str, str], remarks: str = "") -> None:
    given = {"way": "paper", "returned_on": clock.today(), "remarks": remarks}
    actions.key_in_answers(invitation, by=world.root, answers=lines(levels), **given)


def page(world: World, record: Any) -> str:
    client = Client()
    client.force_login(world.root)
    return client.get(record.get_absolute_url()).content.decode()


def test_a_low_answer_becomes_a_complaint_in_one_step_and_once(world: World) -> None:
    _campaign, [invitation] = running(world)
    with refused("wrong_state"):
        actions.complain_from_survey(invitation, by=world.root, category="delivery")
    keyed(world, invitation, LOW, remarks="等了两个小时")
    complaint = actions.complain_from_survey(invitation, by=world.root, category="delivery")
    assert (complaint.customer, complaint.contact) == (invitation.customer, invitation.contact)
    assert (complaint.category, complaint.status, complaint.channel) == ("delivery", "received", "survey")
    assert invitation.number in complaint.content
    assert complaint.content.endswith("等了两个小时")
    assert complaint.round_at == clock.now()
    assert Invitation.objects.get(pk=invitation.pk).complaint == complaint
    with refused("already_complaint"):
        actions.complain_from_survey(invitation, by=world.root, category="delivery")
    with refused("already_complaint"):
        actions.suggest_from_survey(invitation, by=world.root, kind="grumble", about="delivery")
    assert (Complaint.objects.count(), Feedback.objects.count()) == (1, 0)


def test_a_low_answer_becomes_feedback_in_one_step_and_once(world: World) -> None:
    _campaign, [invitation] = running(world)
    keyed(world, invitation, LOW, remarks="等了两个小时")
    feedback = actions.suggest_from_survey(invitation, by=world.root, kind="grumble", about="delivery")
    assert (feedback.customer, feedback.contact) == (invitation.customer, invitation.contact)
    assert (feedback.kind, feedback.about, feedback.channel) == ("grumble", "delivery", "survey")
    assert (feedback.status, feedback.received_by) == ("received", world.root)
    assert invitation.number in feedback.content
    assert feedback.content.endswith("等了两个小时")
    assert Invitation.objects.get(pk=invitation.pk).feedback == feedback
    with refused("already_feedback"):
        actions.suggest_from_survey(invitation, by=world.root, kind="grumble", about="delivery")
    with refused("already_feedback"):
        actions.complain_from_survey(invitation, by=world.root, category="delivery")
    assert (Complaint.objects.count(), Feedback.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "按约定时间交货"), ("en", "Goods are ready at the agreed time")]
)
def test_what_goes_on_is_written_in_the_customers_language(world: World, language: str, words: str) -> None:
    """He reads it on the page of his link, whatever language the clerk works in."""
    _campaign, [invitation] = running(world)
    Contact.objects.filter(pk=invitation.contact_id).update(language=language)
    keyed(world, invitation, LOW)
    with override("en" if language == "zh-hans" else "zh-hans"):
        invitation = Invitation.objects.get(pk=invitation.pk)
        feedback = actions.suggest_from_survey(invitation, by=world.root, **KIND)
    assert feedback.content.endswith(words)


def test_the_sheet_and_what_became_of_it_show_one_another(world: World) -> None:
    _campaign, [one, other] = running(world, 2)
    keyed(world, one, LOW)
    keyed(world, other, LOW)
    complaint = actions.complain_from_survey(one, by=world.root, category="delivery")
    feedback = actions.suggest_from_survey(other, by=world.root, kind="wish", about="delivery")
    assert f'href="{one.get_absolute_url()}"' in page(world, complaint)
    assert f'href="{other.get_absolute_url()}"' in page(world, feedback)
    assert complaint.number in page(world, one)
    assert feedback.number in page(world, other)


def test_what_is_good_is_neither(world: World) -> None:
    _campaign, [invitation] = running(world)
    keyed(world, invitation, everywhere("satisfied"))
    with refused("nothing_low"):
        actions.complain_from_survey(invitation, by=world.root, category="delivery")
    with refused("nothing_low"):
        actions.suggest_from_survey(invitation, by=world.root, kind="praise", about="service")


def test_the_form_knows_what_the_low_answer_is_about(world: World) -> None:
    _campaign, [invitation] = running(world)
    keyed(world, invitation, {**everywhere("fair"), "sales-manner": "not_satisfied"})
    form = actions.complain_from_survey.form(by=world.root, obj=invitation)
    assert form.initial["category"] == "service"
    form = actions.suggest_from_survey.form(by=world.root, obj=invitation)
    assert (form.initial["kind"], form.initial["about"]) == ("grumble", "service")


def test_an_owner_goes_on_with_it_also_when_the_customer_has_become_anothers(world: World) -> None:
    campaign = plan(world)
    rows = invite(campaign, *(customer(world, each, owner=world.alice) for each in (1, 2)))
    actions.start_campaign(campaign, by=world.root)
    for each in rows:
        actions.send_invitation(each, by=world.root, way="mail")
        keyed(world, each, LOW)
        Customer.objects.filter(pk=each.customer_id).update(owner=world.bob)
    [one, other] = Invitation.objects.filter(campaign=campaign).order_by("pk")
    complaint = actions.complain_from_survey(one, by=world.alice, category="delivery")
    feedback = actions.suggest_from_survey(other, by=world.alice, kind="grumble", about="delivery")
    assert (complaint.owner, feedback.owner) == (world.bob, world.bob)


def test_whoever_may_receive_none_or_does_not_see_the_sheet_raises_none(world: World) -> None:
    _campaign, [invitation] = running(world)
    keyed(world, invitation, LOW)
    mender = world.person("mender", "warehouse")
    with nothing_moves():
        for verb, given in (
            (actions.complain_from_survey, {"category": "delivery"}),
            (actions.suggest_from_survey, KIND),
        ):
            with pytest.raises(Invitation.DoesNotExist):
                verb(invitation, by=mender, **given)
            with pytest.raises(Invitation.DoesNotExist):
                verb(invitation, by=world.alice, **given)
            refusal = verb.refusal(invitation, mender)
            assert refusal is not None
            assert refusal.code == "forbidden"
