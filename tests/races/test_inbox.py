"""The inbox at the same moment: a message is looked at after all while the old ones are forgotten."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import connection, transaction

from complaints.inbox import actions
from complaints.inbox.models import Incoming
from complaints.inbox.tasks import forget
from crm import clock
from crm.accounts.models import User
from crm.records.models import Attachment
from tests.world import World


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
        return bool(cursor.fetchall())


def forgotten_at(moment: datetime) -> int:
    try:
        with clock.at(moment):
            return forget()
    finally:
        connection.close()


def test_what_is_looked_at_after_all_is_not_forgotten_in_that_moment(world: World) -> None:
    words = actions.Private(name="李强", email="li@example.com", subject="柜门划伤", text="请处理")
    photo = ContentFile("柜门划伤".encode(), name="照片.txt")
    item = actions.receive_incoming(by=User.objects.system("web"), channel="mail", message=words, files=[photo])
    actions.set_aside(item, by=world.root, reason="广告")
    files = Attachment.objects.about(item)
    assert files.count() == 1
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            actions.look_again(item, by=world.root)
            task = threads.submit(forgotten_at, clock.now() + timedelta(days=181))
            while not somebody_waits() and not task.done():
                wait([task], timeout=0.05)
        assert task.result(timeout=120) == 0
    assert (Incoming.objects.get().status, files.count()) == ("new", 1)
