"""What the verbs of the inbox can be done to, and input that they accept."""

from complaints import actions as complaints
from complaints.inbox import actions
from complaints.inbox.models import Incoming
from crm.accounts.models import User
from customers.models import ContactEntry
from tests.doors.ready.house import Ready
from tests.world import World

WORDS = {"name": "王小明", "email": "li@example.com", "subject": "少货", "text": "少了两台"}


def _new(world: World) -> Incoming:
    assert world.customer
    return actions.receive_incoming(by=User.objects.system("web"), channel="mail", message=actions.Private(WORDS))


def _aside(world: World) -> Incoming:
    return actions.set_aside(_new(world), by=world.root, reason="广告")


def _talk(world: World) -> ContactEntry:
    return ContactEntry.objects.create(customer=world.customer, by=world.root, what="电话里说少了两台")


READY: dict[str, Ready] = {
    "inbox.receive_incoming": lambda w: (None, {"channel": "mail", "message": "少了两台"}),
    "inbox.make_complaint": lambda w: (
        _new(w),
        {"customer": w.customer.pk, "category": "shortage", "content": "少了两台"},
    ),
    "inbox.put_to_complaint": lambda w: (
        _new(w),
        {
            "complaint": complaints.receive_complaint(
                w.customer, by=w.root, channel="hotline", category="shortage", content="少货"
            ).pk
        },
    ),
    "inbox.set_aside": lambda w: (_new(w), {"reason": "广告"}),
    "inbox.look_again": lambda w: (_aside(w), {}),
    "inbox.complain_of_talk": lambda w: (_talk(w), {"category": "shortage", "content": "少了两台"}),
}
