"""The file of a closed complaint: reviewed, completed, archived, and unchanged afterwards (K1, K6)."""

import hashlib
import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from complaints import actions
from complaints.actions.archiving import digest_of
from complaints.filing import reviewer
from complaints.models import Archive, Complaint, Measure
from crm import clock
from crm.accounts.actions import report_absence
from crm.accounts.models import Department, User
from crm.accounts.scopes import involve
from crm.actions import ACTIONS
from crm.api.tokens import issue
from crm.deadlines.check import check
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.attachments import attach, content_of
from crm.records.models import ActionLog, Attachment
from tests.complaints.conftest import Room
from tests.world import nothing_moves, refused, scan, shanghai

OF_ARCHIVED = {"complaints.check_effect"}  # what may still be done


@pytest.fixture
def client_of() -> Any:
    def enter(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def keeper(room: Room) -> Any:
    """Somebody of sales support."""
    return room.world.person("keeper", "sales_support")


def closed(room: Room, *, improved: bool = True) -> Complaint:
    complaint = room.visited(satisfied=True)
    head = room.heads["warehouse"]
    measure = actions.plan_improvement(
        complaint, by=room.world.alice, what="加装护角", owner=head, due_on=clock.today()
    )
    actions.close_complaint(room.fresh(complaint), by=room.world.alice, check_on=clock.today())
    if improved:
        actions.finish_measure(measure, by=head, outcome="已加装", proof=scan("photo.pdf"))
    return room.fresh(complaint)


def reviewed(room: Room) -> Complaint:
    return actions.review_file(closed(room), by=room.world.boss, words="材料齐全")


def archived(room: Room, keeper: Any) -> Complaint:
    return actions.archive_complaint(reviewed(room), by=keeper)


def told(username: str, news: str) -> int:
    rows = Message.objects.filter(template="complaints.news", recipient__username=username)
    return rows.filter(key__contains=f":complaint-{news}-").count()


def content(file: Attachment) -> bytes:
    return b"".join(content_of(file))


def test_the_manager_hears_that_a_complaint_is_closed(room: Room) -> None:
    complaint = closed(room)
    assert told("boss", "to_review") == 1
    assert Complaint.objects.visible_to(room.world.boss).filter(pk=complaint.pk).exists()


def test_only_the_manager_reviews_and_only_what_is_reviewed_is_archived(room: Room, keeper: Any) -> None:
    complaint = closed(room)
    other = room.world.person("other_manager", "sales_manager")
    with refused("not_reviewer"):
        actions.review_file(complaint, by=other, words="齐全")
    with refused("not_reviewed"):
        actions.archive_complaint(complaint, by=room.world.root)
    actions.review_file(complaint, by=room.world.boss, words="齐全")
    with refused("reviewed"):
        actions.review_file(complaint, by=room.world.boss, words="再审")
    assert told("keeper", "reviewed") == 1
    actions.archive_complaint(complaint, by=keeper)
    assert room.fresh(complaint).file_state == "archived"


def test_a_file_that_was_sent_back_is_completed_and_reviewed_once_more(room: Room, keeper: Any) -> None:
    complaint = reviewed(room)
    actions.send_back_file(complaint, by=room.world.boss, words="缺少客户签收单")
    assert (complaint.file_state, told("alice", "incomplete")) == ("incomplete", 1)
    with refused("incomplete"):
        actions.review_file(complaint, by=room.world.boss, words="齐全")
    with refused("not_reviewed"):
        actions.archive_complaint(complaint, by=keeper)
    with refused("not_owner"):
        actions.complete_file(complaint, by=room.world.boss, words="代补")
    actions.complete_file(complaint, by=room.world.alice, words="补签收单", paper=scan("签收单.pdf"))
    step = complaint.filesteps.get(kind="completed")
    assert (complaint.file_state, step.paper.name, told("boss", "to_review")) == ("", "签收单.pdf", 2)
    actions.review_file(complaint, by=room.world.boss, words="齐全")
    actions.archive_complaint(complaint, by=keeper)
    names = [each["name"] for each in complaint.archives.get().files]
    assert "签收单.pdf" in names


def test_what_is_not_whole_is_not_archived(room: Room, keeper: Any) -> None:
    complaint = closed(room, improved=False)
    actions.review_file(complaint, by=room.world.boss, words="齐全")
    with refused("measures_open"):
        actions.archive_complaint(complaint, by=keeper)
    measure = complaint.measures.get(kind="improvement")
    actions.finish_measure(measure, by=measure.owner, outcome="已加装", proof=scan())
    complaint.evidences.update(status="unjudged")
    with refused("not_judged"):
        actions.archive_complaint(room.fresh(complaint), by=keeper)


def test_the_archive_keeps_the_papers_as_printed_and_names_every_file_with_its_hash(room: Room, keeper: Any) -> None:
    complaint = archived(room, keeper)
    archive = complaint.archives.get()
    assert (archive.by, archive.digest) == (keeper, digest_of(archive.files))
    assert [each.get("paper") for each in archive.files[:3]] == ["report", "8d", "letter"]
    assert archive.files[2]["name"].endswith(" (Chinese).html")  # the language is named, not its code
    mine = Attachment.objects.about(complaint)
    assert {each["attachment"] for each in archive.files} == set(mine.values_list("pk", flat=True))
    for each in archive.files:
        data = content(Attachment.objects.get(pk=each["attachment"]))
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (each["sha256"], each["size"])
    pages = [content(Attachment.objects.get(pk=each["attachment"])).decode() for each in archive.files[:3]]
    for page in pages:
        assert "<style>" in page and "data:image/svg+xml" in page and complaint.number in page
        assert "/static/" not in page and "<script" not in page and "<nav" not in page
    assert "材料齐全" in pages[0] and "加装护角" in pages[1] and "柜门已更换" in pages[2]


def test_a_kept_paper_is_saved_by_the_browser_and_not_run(room: Room, keeper: Any, client_of: Any) -> None:
    file = archived(room, keeper).archives.get().files[0]
    answer = client_of(keeper).get(f"/files/{file['attachment']}/")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_nothing_of_an_archived_complaint_can_be_done_but_the_check_of_its_effect(room: Room, keeper: Any) -> None:
    complaint = archived(room, keeper)
    root, carrier = room.world.root, room.world.boss  # one has every right, the other carries the complaint
    possible = set()
    for verb in ACTIONS.values():
        if verb.model is None or not (
            verb.model is Complaint or getattr(verb.model, "seen_through", "") == "complaint"
        ):
            continue
        rows = [complaint] if verb.model is Complaint else list(verb.model.objects.filter(complaint=complaint))
        possible |= {verb.name for each in rows if not all(verb.refusal(each, by) for by in (root, carrier))}
    assert possible == OF_ARCHIVED
    with nothing_moves():
        for name in ("review_file", "send_back_file", "complete_file", "archive_complaint"):
            assert getattr(actions, name).refusal(complaint, root).code == "archived"
    actions.check_effect(complaint, by=room.world.boss, effective=True, effect="三个月未再发生")
    assert (room.fresh(complaint).effective, room.fresh(complaint).file_state) == (True, "archived")


def test_a_complaint_is_archived_once_whoever_is_first(room: Room, keeper: Any) -> None:
    complaint = archived(room, keeper)
    with refused("archived"):
        actions.archive_complaint(complaint, by=keeper)
    with pytest.raises(IntegrityError), transaction.atomic():
        Archive.objects.create(complaint=complaint, files=[], digest="0" * 64, by=keeper)


def test_what_came_into_the_file_after_its_archiving_is_archived_as_the_next_edition(
    room: Room, keeper: Any, client_of: Any
) -> None:
    complaint = archived(room, keeper)
    first = complaint.archives.get()
    again = {"what": "改用木箱", "owner": room.heads["warehouse"], "due_on": clock.today(), "check_on": clock.today()}
    actions.check_effect(room.fresh(complaint), by=room.world.boss, effective=False, effect="又有划伤", **again)
    measure = complaint.measures.get(what="改用木箱")
    actions.finish_measure(measure, by=measure.owner, outcome="已改用", proof=scan("crates.pdf"))
    actions.review_file(room.fresh(complaint), by=room.world.boss, words="再次齐全")
    actions.archive_complaint(room.fresh(complaint), by=keeper)
    second = complaint.archives.get(edition=2)
    names = {each["name"] for each in second.files}
    assert room.fresh(complaint).file_state == "archived"
    assert list(complaint.archives.values_list("edition", "digest")) == [(1, first.digest), (2, second.digest)]
    assert ("crates.pdf" in names, "crates.pdf" in {each["name"] for each in first.files}) == (True, False)
    answer = client_of(keeper).get(f"{complaint.get_absolute_url()}file/")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as whole:
        assert len(whole.namelist()) == len(second.files) + 1
        assert second.digest in whole.read(whole.namelist()[0]).decode()
    page = client_of(room.world.boss).get(complaint.get_absolute_url()).content.decode()
    assert (second.digest[:16] in page, first.digest[:16] in page) == (True, False)


def test_five_working_days_after_the_closing_or_the_last_improvement(room: Room, keeper: Any) -> None:
    with clock.at(shanghai(23, 10)):
        complaint = closed(room, improved=False)
    open_ = Deadline.objects.open().about(complaint).filter(rule="complaint.archive")
    assert not open_.exists()
    with clock.at(shanghai(25, 14)):
        measure = Measure.objects.get(complaint=complaint, kind="improvement")
        actions.finish_measure(measure, by=measure.owner, outcome="已加装", proof=scan())
        assert (open_.get().due_at, open_.get().responsible) == (shanghai(2, 14, month=12), room.world.boss)
        actions.send_back_file(room.fresh(complaint), by=room.world.boss, words="缺签收单")
        assert open_.get().responsible == room.world.alice
        actions.complete_file(room.fresh(complaint), by=room.world.alice, words="已补")
        actions.review_file(room.fresh(complaint), by=room.world.boss, words="齐全")
        assert (open_.get().due_at, open_.get().responsible) == (shanghai(2, 14, month=12), keeper)
        actions.archive_complaint(room.fresh(complaint), by=keeper)
    row = Deadline.objects.about(complaint).get(rule="complaint.archive")
    assert (row.outcome, row.closed_at) == ("met", shanghai(25, 14))


def test_the_nightly_check_agrees_with_what_the_verbs_made_of_the_deadline(room: Room, keeper: Any) -> None:
    open_, ripe, sent_back, done = closed(room, improved=False), closed(room), reviewed(room), archived(room, keeper)
    actions.send_back_file(room.fresh(sent_back), by=room.world.boss, words="缺签收单")
    found = check()
    assert [key for key in found if key[0] == "complaint.archive"] == []
    rows = Deadline.objects.open().filter(rule="complaint.archive").values_list("subject_pk", flat=True)
    assert set(rows) == {ripe.pk, sent_back.pk} and open_.pk != done.pk


def test_the_whole_file_is_downloaded_by_whom_it_concerns(room: Room, keeper: Any, client_of: Any) -> None:
    complaint = closed(room)
    attach(complaint, SimpleUploadedFile("..合同/补充.txt", "补充说明".encode()), by=room.world.alice)
    attach(complaint, SimpleUploadedFile("补充.txt", "另一份".encode()), by=room.world.alice)
    actions.review_file(complaint, by=room.world.boss, words="齐全")
    actions.archive_complaint(complaint, by=keeper)
    url = f"{complaint.get_absolute_url()}file/"
    answer = client_of(keeper).get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    names = archive.namelist()
    entries = complaint.archives.get().files
    assert len(names) == len(entries) + 1 == len(set(names))
    assert sum(name.endswith("补充.txt") for name in names) == 2
    assert not any("/" in name or name.startswith(".") for name in names)
    listed = archive.read(names[0]).decode()
    assert complaint.archives.get().digest in listed
    for name, entry in zip(names[1:], entries, strict=True):
        assert hashlib.sha256(archive.read(name)).hexdigest() == entry["sha256"]
        assert f"{entry['sha256']}  {name}" in listed
    assert ActionLog.objects.filter(verb="records.download", actor=keeper, subject_pk=complaint.pk).count() == 1


def test_who_may_not_take_the_file_out_gets_none(room: Room, keeper: Any, client_of: Any) -> None:
    complaint = closed(room)
    url = f"{complaint.get_absolute_url()}file/"
    assert client_of(room.world.alice).get(url).status_code == 403
    assert client_of(room.world.stranger).get(url).status_code == 404
    assert client_of(keeper).get(url).status_code == 404  # sales support sees it once it is reviewed
    assert Client().get(url).status_code == 302
    assert client_of(room.world.boss).get(url).status_code == 200


def test_a_file_that_is_lost_is_an_error_and_not_half_a_download(room: Room, client_of: Any, settings: Any) -> None:
    complaint = closed(room)
    big = attach(complaint, SimpleUploadedFile("大.txt", b"x" * 100_000), by=room.world.alice)
    Attachment.objects.filter(pk=big.pk).update(path="attachments/zz/none.sealed")
    client = client_of(room.world.boss)
    client.raise_request_exception = False
    assert client.get(f"{complaint.get_absolute_url()}file/").status_code == 500


def test_the_page_shows_the_file_and_the_list_what_is_to_be_archived(room: Room, keeper: Any, client_of: Any) -> None:
    complaint = reviewed(room)
    client = client_of(room.world.root)
    assert complaint.number in client.get("/complaints/?tab=archive").text
    actions.archive_complaint(complaint, by=keeper)
    page = client.get(complaint.get_absolute_url()).text
    assert complaint.archives.get().digest[:16] in page and "材料齐全" in page
    assert f"/complaints/{complaint.pk}/file/" in page
    assert complaint.number not in client.get("/complaints/?tab=archive").text


def test_where_the_manager_himself_carried_it_his_own_manager_reviews(room: Room) -> None:
    complaint = closed(room)
    chief = room.world.person("chief", "executive")
    type(chief).objects.filter(pk=room.world.boss.pk).update(manager=chief)
    Complaint.objects.filter(pk=complaint.pk).update(owner=room.world.boss)
    assert Department.objects.get(pk=complaint.department_id).head == room.world.boss
    with refused("not_reviewer"):
        actions.review_file(room.fresh(complaint), by=room.world.boss, words="齐全")
    involve(complaint, user=chief, why="complaint")
    actions.review_file(room.fresh(complaint), by=chief, words="齐全")
    assert room.fresh(complaint).file_state == "reviewed"


def test_rest_tells_what_was_archived_with_which_hash(room: Room, keeper: Any) -> None:
    complaint = reviewed(room)
    _token, secret = issue(keeper, "test", ("write",), days=None)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    base = f"/api/v1/complaints/{complaint.pk}/"
    answer = client.post(f"{base}complaints.archive_complaint/", "{}", content_type="application/json")
    assert answer.status_code == 200
    found = client.get(base).json()
    assert (found["file_state"], [each["kind"] for each in found["filesteps"]]) == ("archived", ["reviewed"])
    assert found["archives"][0]["digest"] == complaint.archives.get().digest
    again = client.post(f"{base}complaints.archive_complaint/", "{}", content_type="application/json")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "archived")


def test_nobody_reviews_the_file_of_his_own_complaint(room: Room) -> None:
    complaint = closed(room)
    Complaint.objects.filter(pk=complaint.pk).update(owner=room.world.boss)
    complaint = room.fresh(complaint)
    assert (room.world.boss.manager, reviewer(complaint)) == (None, room.executive)
    other = room.world.person("other_manager", "sales_manager")
    for by in (room.world.boss, other):
        with nothing_moves(), refused("not_reviewer"):
            actions.review_file(complaint, by=by, words="齐全")
    today = clock.today()
    report_absence(by=room.executive, first_day=today, last_day=today, deputy=room.world.boss)
    with nothing_moves(), refused("own_complaint"):
        actions.review_file(complaint, by=User.objects.get(pk=room.world.boss.pk), words="齐全")
    assert actions.review_file(complaint, by=room.executive, words="齐全").file_state == "reviewed"


def test_where_no_department_has_a_head_who_is_above_the_owner_reviews(room: Room) -> None:
    complaint = closed(room)
    Department.objects.filter(pk=complaint.department_id).update(head=None)
    above = room.world.person("above", "sales_manager")
    type(above).objects.filter(pk=complaint.owner_id).update(manager=above)
    assert reviewer(room.fresh(complaint)) == above
    type(above).objects.filter(pk=complaint.owner_id).update(manager=None)
    assert reviewer(room.fresh(complaint)) == room.executive
