"""The demonstration's inbox."""

from complaints.inbox.demo import inbox
from complaints.inbox.models import Incoming
from crm.records.models import Attachment
from crm.reports.demo import Demo
from tests.world import World


def test_the_demonstration_has_one_of_each_kind(world: World) -> None:
    for story in inbox(Demo()):
        story()
    rows = {each.channel + each.status: each for each in Incoming.objects.all()}
    assert sorted(rows) == ["mailautomatic", "mailnew", "webnew"]
    assert rows["mailnew"].contact == world.contact
    assert "外壳变形" in rows["mailnew"].text
    assert Attachment.objects.about(rows["mailnew"]).get().name == "外壳变形.png"
    assert (rows["webnew"].name, rows["webnew"].customer) == ("陈建国", None)
