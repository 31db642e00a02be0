"""What the verbs of return visits can be done to, and input that they accept."""

from datetime import timedelta

from crm import clock
from crm.accounts.models import User
from customers.actions import log_contact
from satisfaction.visits import actions
from satisfaction.visits.models import Visit
from tests.doors.ready.house import NEXT_WEEK, Ready
from tests.world import World


def _visit(world: World) -> Visit:
    by = User.objects.system("clock")
    return actions.plan_visit(world.customer, by=by, owner=world.root, planned_on=clock.today())


def _done(world: World) -> Visit:
    return actions.record_visit(_visit(world), by=world.root, channel="phone", level="fair", suggestions="希望早点通知")


def _spoken_with(world: World) -> Visit:
    by, before = User.objects.system("clock"), clock.now() - timedelta(hours=2)
    call = actions.plan_visit(world.customer, by=by, owner=world.root, planned_on=clock.today(), delivered_at=before)
    log_contact(world.customer, by=world.root, channel="phone", direction="out", what="已通话", at=clock.now())
    return call


READY: dict[str, Ready] = {
    "visits.plan_visit": lambda w: (w.customer, {"owner": w.root.pk, "planned_on": NEXT_WEEK}),
    "visits.move_visit": lambda w: (_visit(w), {"owner": w.root.pk, "planned_on": NEXT_WEEK}),
    "visits.record_visit": lambda w: (_visit(w), {"channel": "phone", "level": "satisfied"}),
    "visits.note_talk": lambda w: (_spoken_with(w), {}),
    "visits.note_not_reached": lambda w: (_visit(w), {"planned_on": NEXT_WEEK}),
    "visits.drop_visit": lambda w: (_visit(w), {"reason": "已停止合作"}),
    "visits.complain_from_visit": lambda w: (_done(w), {"category": "service"}),
    "visits.suggest_from_visit": lambda w: (_done(w), {"kind": "wish", "about": "service"}),
}
