"""What happens to return visits by itself."""

from datetime import time, timedelta

from crm import clock
from crm.accounts.models import User
from crm.deadlines.one_by_one import one_by_one
from crm.deadlines.periodic import periodic
from satisfaction.visits import actions
from satisfaction.visits.planning import moves, plan


@periodic("visits.plan", at=time(4, 40))
def plan_visits() -> int:
    """Plan the visits of this quarter for the pickup customers that have none yet (ZT 4.2)."""
    by = User.objects.system("clock")
    return one_by_one(
        plan(clock.today()), lambda each: actions.plan_visit(each[0], by=by, owner=each[1], planned_on=each[2])
    )


@periodic("visits.move", every=timedelta(hours=1))
def move_visits() -> int:
    """Move the visits whose owner has said since that he is away, or whose customer has become somebody else's."""
    by = User.objects.system("clock")
    return one_by_one(
        moves(clock.today()), lambda each: actions.move_visit(each[0], by=by, owner=each[1], planned_on=each[2])
    )
