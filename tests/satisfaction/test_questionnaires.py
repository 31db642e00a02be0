"""A released edition never changes; an item stays the same item however it is reworded."""

import pytest

from satisfaction import actions
from satisfaction.models import Edition, Item, Questionnaire, Wording
from tests.satisfaction.conftest import CODES, plan, released
from tests.world import World, nothing_moves, refused

LINE = {"code": "quality-goods", "section": "quality", "text": "质量如何", "text_en": "How is the quality"}


def test_the_first_form_has_twelve_items_in_four_sections_in_both_languages(world: World) -> None:
    edition = released()
    wordings = list(edition.wordings.order_by("position"))
    assert [each.item.code for each in wordings] == CODES
    assert len(wordings) == 12
    assert [each.section for each in wordings[::3]] == ["quality", "delivery", "sales", "other"]
    assert all(each.text and each.text_en for each in wordings)


def test_a_new_draft_copies_the_latest_edition_and_there_is_only_one(world: World) -> None:
    edition = released()
    draft = actions.draft_edition(edition.questionnaire, by=world.root)
    assert (draft.number, draft.status) == (2, "draft")
    old, new = (list(each.wordings.values_list("item", "text", "position")) for each in (edition, draft))
    assert old == new
    with refused("draft_there"):
        actions.draft_edition(Questionnaire.objects.get(pk=edition.questionnaire_id), by=world.root)


def test_an_item_keeps_its_identity_when_it_is_reworded(world: World) -> None:
    edition = released()
    before = edition.wordings.get(item__code="quality-goods")
    draft = actions.draft_edition(edition.questionnaire, by=world.root)
    other = {**LINE, "code": "quality-new", "text": "新问题", "text_en": "New one"}
    actions.write_items(draft, by=world.root, items=[LINE, other])
    after = draft.wordings.get(position=1)
    assert after.item_id == before.item_id
    assert (before.text, after.text) == ("产品质量符合要求", "质量如何")
    assert Item.objects.filter(questionnaire=edition.questionnaire).count() == 13
    assert edition.wordings.count() == 12


def test_a_released_edition_cannot_be_written_and_the_former_one_is_retired(world: World) -> None:
    edition = released()
    with refused("wrong_state"):
        actions.write_items(edition, by=world.root, items=[LINE])
    draft = actions.draft_edition(edition.questionnaire, by=world.root)
    actions.release_edition(draft, by=world.root)
    states = edition.questionnaire.editions.order_by("number").values_list("number", "status")
    assert list(states) == [(1, "retired"), (2, "released")]
    assert draft.released_by == world.root


def test_an_edition_without_items_is_not_released(world: World) -> None:
    made = actions.create_questionnaire(by=world.root, code="visit", name="回访问卷", name_en="Visit")
    with refused("no_items"):
        actions.release_edition(made.editions.get(), by=world.root)


def test_a_draft_that_is_discarded_makes_room_for_one_that_begins_with_what_counts(world: World) -> None:
    edition = released()
    draft = actions.draft_edition(edition.questionnaire, by=world.root)
    actions.write_items(draft, by=world.root, items=[LINE])
    actions.discard_edition(draft, by=world.root)
    assert (draft.status, draft.wordings.count()) == ("discarded", 1)
    following = actions.draft_edition(Questionnaire.objects.get(pk=edition.questionnaire_id), by=world.root)
    assert (following.number, following.wordings.count()) == (3, 12)
    with nothing_moves():
        with refused("wrong_state"):
            actions.release_edition(draft, by=world.root)
        form = actions.plan_campaign.bind(by=world.root, data={"edition": draft.pk})
        assert "edition" in form.problems()


def test_the_first_draft_of_a_questionnaire_can_be_discarded_too(world: World) -> None:
    made = actions.create_questionnaire(by=world.root, code="visit", name="回访问卷", name_en="Visit")
    actions.discard_edition(made.editions.get(), by=world.root)
    draft = actions.draft_edition(made, by=world.root)
    assert (draft.number, draft.wordings.count()) == (2, 0)


def test_an_edition_that_surveys_ask_with_is_not_discarded_and_it_says_why(world: World) -> None:
    asked_with = plan(world).edition
    former = actions.retire_edition(plan(world, name="再来").edition, by=world.root)
    assert former == asked_with
    for state in ("released", "retired"):
        Edition.objects.filter(pk=asked_with.pk).update(status=state)
        with nothing_moves(), refused("wrong_state") as caught:
            actions.discard_edition(Edition.objects.get(pk=asked_with.pk), by=world.root)
        assert str(Edition.Status(state).label) in caught.value.sentence


def test_two_lines_with_one_code_are_refused_with_the_code(world: World) -> None:
    draft = actions.draft_edition(released().questionnaire, by=world.root)
    with nothing_moves():
        form = actions.write_items.bind(by=world.root, obj=draft, data={"items": [LINE, LINE]})
        assert not form.is_valid()
    assert form.problems()["items"][0]["code"] == "twice"
    assert "quality-goods" in form.problems()["items"][0]["message"]


def test_an_item_without_a_code_is_given_one_that_none_ever_had(world: World) -> None:
    draft = actions.create_questionnaire(by=world.root, code="walk", name="走访问卷", name_en="Walk").editions.get()
    words = {"text": "质量稳定", "text_en": "Steady", "section": "quality"}
    Item.objects.create(questionnaire=draft.questionnaire, code="quality-1")  # asked years ago, and no more
    rows = [{"code": "", **words}, {"code": "quality-2", **words}, {**words}, {"code": "", **words, "section": "sales"}]
    form = actions.write_items.bind(by=world.root, obj=draft, data={"items": rows})
    assert form.is_valid(), form.problems()
    actions.write_items(draft, by=world.root, **form.cleaned_data)
    codes = list(draft.wordings.order_by("position").values_list("item__code", flat=True))
    assert codes == ["quality-3", "quality-2", "quality-4", "sales-1"]


def test_a_code_that_is_none_is_refused_in_words_that_say_what_it_may_be(world: World) -> None:
    draft = actions.draft_edition(released().questionnaire, by=world.root)
    with nothing_moves():
        form = actions.write_items.bind(by=world.root, obj=draft, data={"items": [{**LINE, "code": "质量 1"}]})
        assert not form.is_valid()
    assert "leave it empty" in str(form.problems())


@pytest.mark.parametrize("name", ["sales", "sales_manager"])
def test_who_sends_surveys_writes_no_questionnaires(world: World, name: str) -> None:
    draft = actions.draft_edition(released().questionnaire, by=world.root)
    with refused("forbidden"):
        actions.release_edition(draft, by=world.person("p", name))


def test_the_supervisor_writes_and_releases(world: World) -> None:
    supervisor = world.person("inspector", "supervisor")
    draft = actions.draft_edition(released().questionnaire, by=supervisor)
    actions.release_edition(draft, by=supervisor)
    assert draft.status == "released"
    assert Wording.objects.filter(edition=draft).count() == 12
