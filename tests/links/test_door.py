"""The customer's door: what a link lets in, and what it keeps out."""

import re
import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from crm import clock
from crm.accounts.models import User
from crm.links.actions import revoke_link
from crm.links.making import links_of, make_link
from crm.links.models import Link
from crm.outbox.models import Message
from crm.records.models import ActionLog
from crm.refusals import WrongState
from tests.links.conftest import NOON

INPUT = re.compile(r'name="(_key|_version|_seen|_verb)" value="([^"]*)"')


def asked(page: str, **answers: str) -> dict[str, str]:
    """What a browser would post from this page."""
    return dict(INPUT.findall(page)) | {"result": "reached", "note": "fine"} | answers


def test_the_page_shows_its_facts_and_one_form_and_nothing_of_staff(once, client):
    _link, path = once
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Tell us about the call" in answer.text
    assert "as agreed" in answer.text
    assert 'name="result"' in answer.text
    assert 'name="call_back_at"' not in answer.text
    assert "Tell us</button>" in answer.text
    assert "Record the call" not in answer.text
    assert "Back office" not in answer.text


def test_pages_are_neither_kept_nor_found_nor_named_to_others(once, client):
    answer = client.get(once[1])
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"].startswith("noindex")


def test_the_verb_is_done_as_the_system_user_and_the_log_names_the_link(once, call):
    link, path = once
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.7")
    answer = client.post(path, asked(client.get(path).text))
    assert (answer.status_code, answer["Location"]) == (303, path)
    call.refresh_from_db()
    assert (call.status, call.result, call.note) == ("done", "reached", "fine")
    row = ActionLog.objects.get()
    assert (row.actor.username, row.door, row.link, row.address) == ("links", "link", link.pk, "203.0.113.7")


def test_a_link_for_one_use_says_afterwards_what_was_done_and_when(once, client, call):
    link, path = once
    client.post(path, asked(client.get(path).text))
    link.refresh_from_db()
    assert (link.status, link.used_at, link.used_verb) == ("used", NOON, "outbox.record_call")
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Thank you" in answer.text
    assert "<b>Tell us</b>" in answer.text
    assert "2026-09-21 12:00 (Mon)" in answer.text
    Message.objects.filter(pk=call.pk).update(status="open")
    second = client.post(path, {"_verb": "outbox.record_call", "_key": "other", "result": "refused"})
    assert "Thank you" in second.text
    call.refresh_from_db()
    assert call.status == "open"


def test_a_double_click_is_one_use(once, client):
    path = once[1]
    posted = asked(client.get(path).text)
    answers = [client.post(path, posted) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert ActionLog.objects.count() == 1


def test_a_link_that_stays_open_shows_what_was_done_and_a_double_click_is_harmless(often, client, call):
    link, path = often
    posted = asked(client.get(path).text)
    answers = [client.post(path, posted) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert ActionLog.objects.count() == 1
    link.refresh_from_db()
    assert link.status == "active"
    page = client.get(path).text
    assert "<b>Tell us</b>" in page
    assert "Not possible" not in page  # that it cannot be done twice goes without saying


def test_a_forged_token_gets_the_same_page_as_one_that_never_was(once, client):
    path = once[1]
    forged = path[:-2] + ("A" if path[-2] != "A" else "B") + "/"
    answers = [client.get(each) for each in (forged, "/l/x/", "/l/" + "z" * 500 + "/")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    strip = re.compile(r"/l/[^\"?]*|[0-9a-f]{16}")
    assert len({strip.sub("", answer.text) for answer in answers}) == 1
    assert client.post(forged, {"_verb": "outbox.record_call", "result": "reached"}).status_code == 404
    assert not ActionLog.objects.exists()


def test_a_link_whose_purpose_is_no_more_is_as_if_it_never_was(once, client):
    Link.objects.update(purpose="tests.gone")
    assert client.get(once[1]).status_code == 404


def test_an_expired_link_says_so_and_does_nothing(once, client, call):
    link, path = once
    posted = asked(client.get(path).text)
    with clock.at(link.expires_at):
        shown, tried = client.get(path), client.post(path, posted)
    assert (shown.status_code, tried.status_code) == (410, 410)
    assert "Its time ran out on" in shown.text
    assert "2026-09-23 12:00 (Wed)" in shown.text
    call.refresh_from_db()
    assert call.status == "open"
    assert not ActionLog.objects.exists()


def test_a_revoked_link_says_so_and_does_nothing(once, client, call):
    link, path = once
    posted = asked(client.get(path).text)
    boss = User.objects.create_superuser("boss", name="老板")
    revoke_link(link, by=boss)
    with pytest.raises(WrongState):
        revoke_link(link, by=boss)
    shown, tried = client.get(path), client.post(path, posted)
    assert (shown.status_code, tried.status_code) == (410, 410)
    assert "We withdrew it on" in shown.text
    call.refresh_from_db()
    assert call.status == "open"


def test_a_verb_that_the_page_does_not_offer_is_refused(once, client, call):
    path = once[1]
    for verb in ("outbox.resend_message", "links.revoke_link", "nonsense", ""):
        answer = client.post(path, asked(client.get(path).text, _verb=verb))
        assert answer.status_code == 403
        assert "Not possible with this link" in answer.text
    call.refresh_from_db()
    assert call.status == "open"
    assert once[0].pk == Link.objects.get(status="active").pk


def test_bad_input_keeps_what_was_typed_and_the_link(once, client, call):
    path = once[1]
    answer = client.post(path, asked(client.get(path).text, result="asleep", note="typed"))
    assert answer.status_code == 422
    assert ">typed</textarea>" in re.sub(r">\s+", ">", answer.text)
    call.refresh_from_db()
    assert call.status == "open"
    assert Link.objects.get().status == "active"


def test_what_the_page_decides_cannot_be_posted(once, client, call):
    path = once[1]
    posted = asked(client.get(path).text, result="call_back", call_back_at="2030-01-01T10:00")
    assert client.post(path, posted).status_code == 422
    assert Message.objects.count() == 1


def test_who_looked_at_an_older_version_is_shown_what_changed(once, client, call):
    path = once[1]
    posted = asked(client.get(path).text)
    Message.objects.filter(pk=call.pk).update(note="moved to Friday", version=call.version + 1)
    answer = client.post(path, posted)
    assert answer.status_code == 412
    assert "<del>as agreed</del>" in answer.text
    assert "<ins>moved to Friday</ins>" in answer.text
    assert '<th scope="row">For</th>' not in answer.text
    call.refresh_from_db()
    assert call.status == "open"
    assert client.post(path, asked(answer.text)).status_code == 303


def test_a_change_of_something_that_he_does_not_decide_on_lets_him_go_on(once, client, call):
    path = once[1]
    posted = asked(client.get(path).text)
    Message.objects.filter(pk=call.pk).update(attempts=3, version=call.version + 1)
    assert client.post(path, posted).status_code == 303
    call.refresh_from_db()
    assert call.status == "done"


def test_what_was_seen_cannot_be_made_up(once, client, call):
    path = once[1]
    posted = asked(client.get(path).text)
    Message.objects.filter(pk=call.pk).update(note="moved to Friday", version=call.version + 1)
    for tampered in ({"_seen": "W1sibm90ZSJdXQ:x"}, {"_seen": ""}, {"_version": ""}, {"_version": "-1"}):
        assert client.post(path, posted | tampered).status_code == 412
    call.refresh_from_db()
    assert call.status == "open"


def test_a_record_that_moved_on_in_the_meantime_shows_why_it_cannot_be_done(once, client, call):
    path = once[1]
    posted = asked(client.get(path).text)
    Message.objects.filter(pk=call.pk).update(status="cancelled")
    answer = client.post(path, posted)
    assert answer.status_code == 409
    assert "Not possible while it is “Withdrawn”." in answer.text
    assert Link.objects.get().status == "active"
    assert 'name="_verb"' not in client.get(path).text


def test_a_record_that_is_gone_leaves_a_clear_page(once, client, call):
    call.delete()
    answer = client.get(once[1])
    assert answer.status_code == 410
    assert "no longer there" in answer.text


def test_the_language_is_the_links_then_the_one_chosen_and_it_stays(once, client):
    path = once[1]
    assert client.get(path)["Content-Language"] == "en"
    chinese = client.get(path + "?lang=zh-hans")
    assert chinese["Content-Language"] == "zh-hans"
    assert '<html lang="zh-hans"' in chinese.text
    assert 'href="?lang=en"' in chinese.text
    answer = client.post(path + "?lang=zh-hans", asked(chinese.text))
    assert answer["Location"] == path + "?lang=zh-hans"
    assert client.get(path + "?lang=klingon")["Content-Language"] == "en"
    assert client.cookies.keys() == set()


def test_looking_is_counted_and_changes_nothing_else(once, client):
    link, path = once
    client.head(path)
    client.get(path)
    with clock.at(NOON + timedelta(hours=1)):
        client.get(path)
    link.refresh_from_db()
    assert (link.opens, link.opened_at, link.status) == (2, NOON, "active")


def test_wrong_tokens_are_counted_by_address_and_then_refused(once, client, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    answers = [client.get(f"/l/wrong{number}/").status_code for number in range(21)]
    assert answers == [404] * 20 + [429]
    assert client.get(once[1]).status_code == 200
    assert client.get("/l/wrong/", REMOTE_ADDR="198.51.100.9").status_code == 404


def test_one_link_cannot_be_asked_for_endlessly(once, client, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    answers = [client.get(once[1]) for _look in range(41)]
    assert [answer.status_code for answer in answers] == [200] * 40 + [429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    monkeypatch.setattr("time.time", lambda: 1_000_000_060.0)
    assert client.get(once[1]).status_code == 200


def test_a_cache_that_is_down_keeps_no_customer_out(once, client, monkeypatch):
    from redis.exceptions import ConnectionError as Down

    def down(*args, **options):
        raise Down

    monkeypatch.setattr(cache, "add", down)
    assert client.get(once[1]).status_code == 200


def test_no_token_stands_in_the_database_or_in_a_log(once, client, caplog):
    path = once[1]
    token = path.split("/")[2]
    assert len(token) >= 22
    client.get(path)
    client.get(f"/l/{token}x/")
    with clock.at(NOON + timedelta(days=9)):
        client.get(path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(l)::text FROM links_link l")
        assert token not in cursor.fetchone()[0]
    assert token not in caplog.text
    assert "/l/…/" in caplog.text


def test_the_links_of_a_record_are_listed_newest_first(once, often, call, alice):
    assert [link.pk for link in links_of(call)] == [often[0].pk, once[0].pk]
    assert list(links_of(alice)) == []


def test_a_link_for_a_purpose_without_a_page_is_an_error_of_the_program(call, alice):
    with pytest.raises(LookupError):
        make_link("tests.nothing", call, by=alice, valid_for=timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_two_people_with_the_same_link_use_it_once(once):
    path = once[1]
    pages = [asked(Client().get(path).text) for _person in range(2)]
    start, answers = threading.Barrier(2), []

    def click(posted):
        start.wait(60)
        with clock.at(NOON):
            answers.append(Client().post(path, posted).status_code)
        connection.close()

    threads = [threading.Thread(target=click, args=[posted]) for posted in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [200, 303]
    assert ActionLog.objects.count() == 1
