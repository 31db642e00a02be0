"""Of an anonymous survey nothing leads from an answer to a customer: not on a page, and not in the database either."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.test import Client

from crm import clock
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.models import ActionLog, FieldHistory
from satisfaction import actions, tasks
from satisfaction.models import Answer, Campaign, Invitation, Sheet, secret_hash
from satisfaction.results import may_be_shown
from satisfaction.sheets import take_anonymous
from tests.satisfaction.conftest import CODES, everywhere, lines, path_of, post, running
from tests.world import World, nothing_moves, refused, shanghai


def rows_of(model: Any) -> set[str]:
    """Every row of a table, as text."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
        return {row[0] for row in cursor.fetchall()}


def everything() -> dict[str, set[str]]:
    """All rows of all tables."""
    return {
        model._meta.label: rows_of(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }


def test_an_answer_leaves_nothing_in_any_table_but_the_sheet_and_one_flag(world: World) -> None:
    _campaign, invitations = running(world, 3, anonymous=True)
    paths = [path_of(each) for each in invitations]
    before = everything()
    answer = post(paths[1], lines(everywhere("fair"), "sales-promise"), "很好")
    assert answer.status_code == 200
    after = everything()
    moved = {name for name in before if before[name] != after[name]}
    assert moved == {"satisfaction.Invitation", "satisfaction.Sheet", "satisfaction.Answer"}
    assert len(after["satisfaction.Invitation"] - before["satisfaction.Invitation"]) == 1
    [sheet] = Sheet.objects.all()
    facts = {field.attname: getattr(sheet, field.attname) for field in Sheet._meta.concrete_fields}
    assert facts.pop("id").version == 4  # drawn by lot
    assert facts == {
        "campaign_id": sheet.campaign_id,
        "invitation_id": None,
        "counted": True,
        "late": False,
        "way": "link",
        "returned_at": None,
        "changed_at": None,
        "keyed_by_id": None,
        "remarks": "很好",
    }
    assert {field.attname for field in Answer._meta.concrete_fields} == {
        "id",
        "sheet_id",
        "item_id",
        "level",
        "matters",
    }
    assert {each.pk.version for each in Answer.objects.all()} == {4}


def test_no_row_anywhere_names_a_sheet_or_holds_the_token(world: World) -> None:
    _campaign, [invitation] = running(world, anonymous=True)
    path = path_of(invitation)
    token = path.split("/")[2]
    before = everything()
    post(path, lines(everywhere("fair")))
    sheet = Sheet.objects.get()
    names = {str(sheet.pk), sheet.pk.hex, secret_hash(token)}
    found = {
        (name, each)
        for name, rows in everything().items()
        for row in rows
        for each in names
        if each in row and name not in ("satisfaction.Sheet", "satisfaction.Answer")
    }
    assert found == {("satisfaction.Invitation", secret_hash(token))}
    new = {row for name, rows in everything().items() for row in rows - before[name]}
    assert not any(token in row for row in new)
    sheets = rows_of(Sheet) | rows_of(Answer)
    assert not any(secret_hash(token) in row for row in sheets)


def test_no_time_stands_on_a_sheet_and_no_log_or_history_is_kept_of_it(world: World) -> None:
    _campaign, [invitation] = running(world, anonymous=True)
    path = path_of(invitation)
    logged, kept = ActionLog.objects.count(), FieldHistory.objects.count()
    post(path, lines(everywhere("fair")))
    assert (ActionLog.objects.count(), FieldHistory.objects.count()) == (logged, kept)
    assert not any(re.search(r"\d\d:\d\d:\d\d", row) for row in rows_of(Sheet) | rows_of(Answer))
    assert not Deadline.objects.about(invitation).exists()
    invitation.refresh_from_db()
    assert (invitation.status, invitation.used) == ("sent", True)


def test_the_transaction_of_a_sheet_is_that_of_all_invitations_alike(world: World) -> None:
    """Postgres keeps with each row the transaction that wrote it; one row alone would say whose the sheet is."""
    _campaign, invitations = running(world, 3, anonymous=True)
    post(path_of(invitations[2]), lines(everywhere("fair")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT xmin::text FROM satisfaction_invitation")
        assert len(cursor.fetchall()) == 1


def order_of(table: str) -> tuple[set[str], list[str]]:
    """Which transactions wrote the rows of a table, and their keys in the order in which they lie in its file."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text, id::text FROM {table} ORDER BY ctid")
        rows = cursor.fetchall()
    return {transaction for transaction, _key in rows}, [key for _transaction, key in rows]


@pytest.mark.parametrize("how", ["the end", "the next reminder"])
def test_which_sheet_came_first_can_be_told_no_more(world: World, how: str) -> None:
    """Who was reminded had not answered before: with an order of the sheets that would say whose is whose."""
    campaign, invitations = running(world, 8, anonymous=True)
    for each in invitations:
        with transaction.atomic():  # a transaction of its own, as each answer has
            post(path_of(each), lines(everywhere("fair"), "sales-promise"), f"{each.pk}")
    came = {
        sheet.remarks: (str(sheet.pk), set(sheet.answers.values_list("item", "level"))) for sheet in Sheet.objects.all()
    }
    assert len(order_of("satisfaction_sheet")[0]) == 8
    if how == "the end":
        actions.end_campaign(campaign, by=world.root)
    else:
        tasks.remind()
    for table in ("satisfaction_sheet", "satisfaction_answer"):
        transactions, keys = order_of(table)
        assert len(transactions) == 1
        assert keys == sorted(keys)
    after = {
        sheet.remarks: (str(sheet.pk), set(sheet.answers.values_list("item", "level"))) for sheet in Sheet.objects.all()
    }
    assert after == came


def test_where_sheets_are_not_written_anew_nobody_is_reminded_on_that_day_and_its_owner_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = {"until": date(2026, 12, 31)}
    failing, rows = running(world, 2, anonymous=True, **long)
    _other, [named] = running(world, **long)
    post(path_of(rows[0]), lines(everywhere("fair")))

    def fail(campaign: Campaign) -> None:
        raise OperationalError("canceling statement due to statement timeout")

    with clock.at(shanghai(26, 9)):
        with monkeypatch.context() as patched:
            patched.setattr(tasks, "mix", fail)
            assert tasks.remind() == 1
            assert tasks.remind() == 0
        assert list(Invitation.objects.filter(reminders=1)) == [named]
        notice = Message.objects.get(template="satisfaction.held_back")  # once, however often the job runs
        assert (notice.recipient, notice.subject_pk) == (failing.owner, failing.pk)
    with clock.at(shanghai(27, 9)):
        assert tasks.remind() == 1
    assert set(Invitation.objects.filter(reminders=1)) == {named, rows[1]}
    assert Message.objects.filter(template="satisfaction.held_back").count() == 1


def test_twice_counts_once_and_what_was_sent_is_not_changed(world: World) -> None:
    _campaign, [invitation] = running(world, anonymous=True)
    path = path_of(invitation)
    post(path, lines(everywhere("fair")))
    with nothing_moves():
        again = post(path, lines(everywhere("very_satisfied")))
        assert again.status_code == 200
        assert "radio" not in Client().get(path).content.decode()
        assert take_anonymous(invitation, answers=lines(everywhere("fair")), remarks="") is False
    assert Sheet.objects.count() == 1
    assert set(Answer.objects.values_list("level", flat=True)) == {"fair"}


@pytest.mark.parametrize(
    "sent",
    [{"data": {}}, {"data": {"remarks": "好"}}, {"data": b'{"remarks": "x"}', "content_type": "application/json"}],
)
def test_what_is_no_sheet_does_not_use_up_the_one_that_he_has(world: World, sent: dict[str, Any]) -> None:
    """A program that looks at links may post to them, and a gateway may lose a form's fields."""
    _campaign, [invitation] = running(world, anonymous=True)
    path = path_of(invitation)
    with nothing_moves():
        assert Client().post(path, **sent).status_code == 422
    assert not Sheet.objects.exists()
    post(path, lines({}))  # a blank one is a sheet
    assert Sheet.objects.get().counted is False
    invitation.refresh_from_db()
    assert invitation.used


def test_nobody_keys_it_in_and_no_verb_answers_it(world: World) -> None:
    _campaign, [invitation] = running(world, anonymous=True)
    given = {"way": "phone", "returned_on": clock.today(), "remarks": "", "answers": lines(everywhere("fair"))}
    with refused("anonymous"):
        actions.key_in_answers(invitation, by=world.root, **given)
    with refused("anonymous"):
        actions.record_refusal(invitation, by=world.root, reason="忙")


def test_it_is_answered_neither_under_another_token_nor_after_the_end(world: World) -> None:
    campaign, [invitation] = running(world, anonymous=True)
    path = path_of(invitation)
    assert post("/s/" + "x" * 24 + "/", lines(everywhere("fair"))).status_code == 404
    assert Client().get("/l/" + path.split("/")[2] + "/").status_code == 404
    actions.end_campaign(campaign, by=world.root)
    assert post(path, lines(everywhere("fair"))).status_code == 410
    assert not Sheet.objects.exists()


def test_a_reminder_ends_the_former_link(world: World) -> None:
    _campaign, [invitation] = running(world, anonymous=True)
    path = path_of(invitation)
    with clock.at(clock.now() + timedelta(days=3)):
        actions.remind_invitation(invitation, by=world.root)
    assert path_of(invitation) != path
    assert Client().get(path).status_code == 404
    assert Client().get(path_of(invitation)).status_code == 200


@pytest.mark.parametrize(("sheets", "shown"), [(4, False), (5, True)])
def test_fewer_than_five_sheets_are_not_shown_nor_any_before_the_end(world: World, sheets: int, shown: bool) -> None:
    campaign, invitations = running(world, sheets, anonymous=True)
    for each in invitations:
        post(path_of(each), lines(everywhere("fair")), "意见")
    client = Client()
    client.force_login(world.root)
    for path in (f"/surveys/{campaign.pk}/result/", f"/surveys/{campaign.pk}/"):
        page = client.get(path).content.decode()
        assert "60.00" not in page
        assert "意见</div>" not in page
    with clock.at(shanghai(30, 18)):
        actions.end_campaign(campaign, by=world.root)
    campaign = Campaign.objects.get(pk=campaign.pk)
    assert may_be_shown(campaign, sheets) is shown
    assert ("60.00" in client.get(f"/surveys/{campaign.pk}/result/").content.decode()) is shown
    assert ("意见</div>" in client.get(f"/surveys/{campaign.pk}/").content.decode()) is shown


def test_no_sheet_with_a_name_on_it_is_printed(world: World) -> None:
    client = Client()
    client.force_login(world.root)
    _campaign, [named] = running(world)
    _campaign, [anonymous] = running(world, name="匿名", anonymous=True)
    for invitation, status in ((named, 200), (anonymous, 404)):
        path = f"{invitation.get_absolute_url()}sheet/"
        assert client.get(path).status_code == status
        assert (path in client.get(invitation.get_absolute_url()).content.decode()) is (status == 200)


def test_paper_is_refused_for_it_would_be_keyed_in(world: World) -> None:
    _campaign, [invitation] = running(world, anonymous=True)
    Invitation.objects.filter(pk=invitation.pk).update(status="to_send")
    with refused("anonymous"):
        actions.send_invitation(Invitation.objects.get(pk=invitation.pk), by=world.root, way="paper")


def test_the_items_are_all_asked_and_the_page_says_what_anonymous_means(world: World) -> None:
    _campaign, [invitation] = running(world, anonymous=True)
    page = Client().get(path_of(invitation))
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    assert page.content.decode().count("<fieldset") == len(CODES) + 1
