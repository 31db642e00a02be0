"""No verb that needs an approval can be reached around it: each of the registry is tried, by every way, each time."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.declare import APPROVALS, ASKED_BY
from crm.approvals.models import ApprovalRequest, Question, Task
from crm.records.models import ActionLog
from crm.refusals import Refused
from tests.approvals.around import VERBS, WAYS, Doors, again, agree, ask, asker_of, call
from tests.doors.ready import READY
from tests.world import KEPT, MORNING, World, everything

S, T = ApprovalRequest.Status, Task.Status


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.at(MORNING):
        yield World()


def snapshot() -> dict[str, Decimal | None]:
    """Everything but that somebody began a bulk action."""
    return everything(but_verbs=["web.do_to_many"])


class Tried:
    """One verb that others must agree to, tried by two who may do everything: who asks, and another."""

    def __init__(self, name: str, world: World) -> None:
        self.name, self.verb = name, ACTIONS[name]
        self.asker, self.other = asker_of(world), world.root
        self.obj, self.inputs = READY[ASKED_BY[name].name](world)
        if self.refused_itself(self.asker):  # only its owner may, who is root
            self.asker, self.other = self.other, self.asker
        assert not self.refused_itself(self.asker)
        self.doors = [Doors(self.asker), Doors(self.other)]

    def refused_itself(self, by: User) -> str:
        """Why the verb refuses itself, whoever agreed to it; "" where it does not."""
        obj = again(self.obj)
        if self.verb.source is not None and obj.status not in self.verb.source:
            return "wrong_state"
        refusal = self.verb.unless(obj, by) if self.verb.unless else None
        return refusal.code if refusal else ""

    def called(self, by: User) -> str:
        """What calling it in code answers."""
        try:
            call(self.name, self.obj, self.inputs, by)
        except Refused as refusal:
            return refusal.code
        return "done"

    def closed(self, code: str) -> None:
        """Every way is closed to both; in code with this refusal, unless it refuses itself; and nothing moves."""
        before = snapshot()
        for door in self.doors:
            expected = self.refused_itself(door.user) or code
            assert self.called(door.user) == expected, f"called by {door.user}"
            for enter in WAYS:
                answer = enter(door, self.verb, again(self.obj), self.inputs)
                assert answer == "refused", f"{enter.__name__}, {door.user}"
        after = snapshot()
        assert [name for name in before if before[name] != after[name]] == []


def test_every_verb_that_needs_an_approval_is_tried() -> None:
    """Also those of an app that is added: it says in its own READY what they can be done to."""
    assert [name for name in sorted(APPROVALS) if name in ACTIONS and name not in VERBS] == []
    assert {ACTIONS[name].model._meta.app_label for name in VERBS} <= set(KEPT)  # type: ignore[union-attr]
    assert len(VERBS) >= 10


@pytest.mark.long
@pytest.mark.parametrize("name", VERBS)
def test_no_way_leads_around_an_approval(name: str, world: World) -> None:
    tried = Tried(name, world)
    tried.closed("needs_approval")  # nobody was asked

    first = ask(name, tried.obj, tried.inputs, tried.asker)
    assert first.status == S.WAITING
    tried.closed("needs_approval")  # it waits

    task = first.tasks.filter(status=T.WAITING).first()
    approvals.reject(task, by=task.approver, reason="不同意")
    tried.closed("needs_approval")  # it was refused

    request = ask(name, tried.obj, tried.inputs, tried.asker)
    asked = request.question.hash
    ApprovalRequest.objects.filter(pk=request.pk).update(status=S.APPROVED)
    Question.objects.filter(pk=request.question_id).update(hash="0" * 64)
    assert not tried.refused_itself(tried.asker)
    tried.closed("approved_otherwise")  # other facts were approved than those of now
    Question.objects.filter(pk=request.question_id).update(hash=asked)
    ApprovalRequest.objects.filter(pk=request.pk).update(status=S.WAITING)

    done = ActionLog.objects.filter(verb=name).count()
    assert agree(ApprovalRequest.objects.get(pk=request.pk)).status == S.DONE
    assert ActionLog.objects.filter(verb=name).count() == done + 1
    tried.closed("needs_approval")  # it was used already
