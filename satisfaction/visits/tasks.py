"""What happens to return visits by itself."""

from datetime import time, timedelta

from crm import clock
from crm.accounts.models import User
from crm.deadlines.one_by_one import one_by_one
from crm.deadlines.periodic import periodic
from satisfaction.visits import actions, calls
from satisfaction.visits.planning import moves, plan


@periodic("visits.plan", at=time(4, 40))
def plan_visits() -> int:
    """Plan the visits of this quarter for the pickup customers that have none yet (ZT 4.2)."""
    by = User.objects.system("clock")
    return one_by_one(
        plan(clock.today()), lambda each: actions.plan_visit(each[0], by=by, owner=each[1], planned_on=each[2])
    )


@periodic("visits.call", at=time(4, 50))
def plan_calls() -> int:
    """Plan calls for the customers with whom nobody spoke since their delivery (KF 3.3.3)."""
    by = User.objects.system("clock")
    return one_by_one(
        calls.plan_calls(clock.today()),
        lambda each: actions.plan_visit(each[0], by=by, owner=each[1], planned_on=each[2], delivered_at=each[3]),
    )


@periodic("visits.spoken", every=timedelta(hours=1))
def end_calls() -> int:
    """End the calls of customers with whom somebody has spoken since, as the contact log says (KF 3.3.3)."""
    by = User.objects.system("clock")
    return one_by_one(calls.spoken(), lambda each: actions.note_talk(each, by=by))


@periodic("visits.move", every=timedelta(hours=1))
def move_visits() -> int:
    """Move the visits and calls whose owner has said since that he is away, or whose customer is another's now."""
    by = User.objects.system("clock")
    return sum(
        one_by_one(
            found(clock.today()), lambda each: actions.move_visit(each[0], by=by, owner=each[1], planned_on=each[2])
        )
        for found in (moves, calls.moves)
    )
