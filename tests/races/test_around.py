"""Two use one approval at the same moment, for every verb that needs one: it is done once."""

from collections.abc import Callable
from typing import Any

import pytest

from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Task
from crm.records.models import ActionLog
from tests.approvals.around import VERBS, again, ask, asker_of, call
from tests.doors.ready import READY
from tests.races.conftest import at_once
from tests.world import World

S = ApprovalRequest.Status


@pytest.mark.parametrize("name", VERBS)
def test_an_approval_is_used_once_whoever_comes_at_the_same_moment(name: str, world: World) -> None:
    root, other = world.root, asker_of(world)
    obj, inputs = READY[f"{name.split('.')[0]}.ask_{name.split('.')[1]}"](world)
    request = ask(name, obj, inputs, root)
    # All have agreed, and nobody has carried it out yet.
    Task.objects.filter(request=request).update(status=Task.Status.APPROVED)
    ApprovalRequest.objects.filter(pk=request.pk).update(status=S.APPROVED)

    def use(by: User) -> Callable[[], Any]:
        return lambda: call(name, obj, inputs, by)

    answers = at_once(use(root), use(root), use(other), lambda: approvals.carry_out(again(request), by=root))
    assert ActionLog.objects.filter(verb=name).count() == 1, answers
    assert again(request).status == S.DONE
