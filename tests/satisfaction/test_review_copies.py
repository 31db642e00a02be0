"""The management review gets the report as it stood: dated, with its hashes, changed by nothing that comes later."""

import hashlib
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from complaints.actions.archiving import digest_of
from crm import clock
from crm.api.tokens import issue
from crm.outbox.models import Message
from crm.records.attachments import content_of
from crm.records.models import Attachment
from satisfaction import actions
from satisfaction.models import Campaign, ReviewCopy
from satisfaction.report_forms import ReviewForm
from tests.complaints.test_around import as_the_app
from tests.satisfaction.test_report import anonymous, keyed
from tests.satisfaction.test_results import answered, correction
from tests.world import World, nothing_moves, refused, shanghai


def reported(world: World, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """A survey that is over, with a department's measure and a remark."""
    campaign = answered(world, monkeypatch)
    keyed(world, campaign.invitations.first(), [{"item": "quality-goods", "level": "fair", "matters": False}], "太慢")
    actions.end_campaign(campaign, by=world.root)
    given: dict[str, Any] = {"department": world.sales, "kind": "corrective", "what": "增开提货窗口"}
    actions.enter_measure(campaign, by=world.root, owner=world.root, due_on=clock.today(), **given)
    return Campaign.objects.get(pk=campaign.pk)


def contents(copy: ReviewCopy) -> list[bytes]:
    files = Attachment.objects.in_bulk([each["attachment"] for each in copy.files])
    return [b"".join(content_of(files[each["attachment"]])) for each in copy.files]


def test_the_copy_is_kept_in_each_language_and_as_a_workbook_and_told_to_who_got_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = reported(world, monkeypatch)
    chief = world.person("chief", "executive")
    actions.hand_to_review(campaign, by=world.root, people=[chief], words="请讨论")
    copy = ReviewCopy.objects.get()
    assert (copy.edition, copy.by, copy.at, copy.words) == (1, world.root, clock.now(), "请讨论")
    assert copy.people == [{"user": chief.pk, "name": chief.display_name}]
    chinese, english, book = contents(copy)
    assert [hashlib.sha256(each).hexdigest() for each in (chinese, english, book)] == [
        each["sha256"] for each in copy.files
    ]
    assert copy.digest == digest_of(copy.files)
    for text, item in ((chinese, "产品质量符合要求"), (english, "The goods are of the quality we need")):
        page = text.decode()
        for each in (item, "增开提货窗口", "太慢", "<style>", '<svg class="drawn"', campaign.number):
            assert each in page
        assert "<script" not in page
        assert "<a href" not in page
    assert book.startswith(b"PK")
    notice = Message.objects.get(template="satisfaction.review")
    assert (notice.recipient, notice.subject_pk) == (chief, campaign.pk)
    assert "请讨论" in notice.texts


def test_a_later_correction_changes_no_copy_but_makes_another(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = reported(world, monkeypatch)
    first = actions.hand_to_review(campaign, by=world.root, people=[world.root])
    before = contents(first)
    with clock.at(shanghai(25, 9)):
        given = correction(campaign, "0.5", "0.2", "0.1", "0.1", "0.1")
        actions.correct_coefficients(campaign, by=world.root, **given)
        second = actions.hand_to_review(campaign, by=world.root, people=[world.root])
    assert contents(ReviewCopy.objects.get(pk=first.pk)) == before
    assert [(each.edition, each.at.day) for each in ReviewCopy.objects.order_by("pk")] == [(1, 23), (2, 25)]
    assert "领导小组议定" in contents(second)[1].decode()
    assert "领导小组议定" not in before[1].decode()
    client = Client()
    client.force_login(world.root)
    page = client.get(campaign.get_absolute_url()).content.decode()
    for copy in (first, second):
        assert copy.digest[:16] in page
        for file in copy.files:
            assert f"/files/{file['attachment']}/" in page
    answer = client.get(f"/files/{first.files[1]['attachment']}/")
    assert b"".join(answer.streaming_content) == before[1]  # type: ignore[attr-defined]


def test_the_role_of_web_and_worker_changes_no_copy(db: None) -> None:
    for change in ("UPDATE satisfaction_reviewcopy SET words = 'x'", "DELETE FROM satisfaction_reviewcopy"):
        with (
            as_the_app() as cursor,
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            cursor.execute(change)


def test_nobody_gets_it_who_may_not_read_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = reported(world, monkeypatch)
    form = ReviewForm({"people": [world.stranger.pk]}, by=world.root, obj=campaign)
    assert {name: found[0]["code"] for name, found in form.problems().items()} == {"people": "may_not_see"}
    chief = world.person("chief", "executive")
    form = ReviewForm(by=world.root, obj=campaign)
    assert form.initial["people"] == [chief.pk]


def test_no_copy_before_the_end_and_none_of_a_handful(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    running = answered(world, monkeypatch)
    with refused("wrong_state"):
        actions.hand_to_review(running, by=world.root, people=[world.root])
    few = anonymous(world, 4)
    with refused("too_few_sheets"):
        actions.hand_to_review(few, by=world.root, people=[world.root])


def test_a_copy_is_opened_by_nobody_who_does_not_see_the_survey(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = actions.hand_to_review(reported(world, monkeypatch), by=world.root, people=[world.root])
    client = Client()
    client.force_login(world.stranger)
    with nothing_moves():
        for file in copy.files:
            assert client.get(f"/files/{file['attachment']}/").status_code == 404


def test_rest_names_the_copies_with_their_hashes_and_the_measures(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = reported(world, monkeypatch)
    copy = actions.hand_to_review(campaign, by=world.root, people=[world.root])
    _token, secret = issue(world.root, "test", ("read",), days=None)
    found = Client(headers={"Authorization": f"Bearer {secret}"}).get(f"/api/v1/campaigns/{campaign.pk}/").json()
    assert [(each["digest"], each["files"]) for each in found["copies"]] == [(copy.digest, copy.files)]
    assert [(each["what"], each["status"], each["for_customers"]) for each in found["measures"]] == [
        ("增开提货窗口", "open", "")
    ]
