"""What ends with a complaint that is withdrawn: whoever keeps work open on complaints ends it then.

An app above this one adds its own with `ends_with_complaint`, in a file `ends.py`.
"""

from collections.abc import Callable
from typing import Any

from complaints.models import AGREE_PURPOSE, Complaint, Measure, TeamTask
from crm.accounts.models import User
from crm.deadlines.turn import turn
from crm.links.making import end_links

End = Callable[[Complaint, User], None]
_ENDS: list[End] = []


def ends_with_complaint(end: End) -> End:
    """Have `end(complaint, by)` end what is open, in the transaction of the verb that withdraws the complaint."""
    _ENDS.append(end)
    return end


def end_all(complaint: Complaint, by: User) -> None:
    """End everything that is open on a complaint."""
    for end in _ENDS:
        end(complaint, by)


@ends_with_complaint
def end_tasks_and_measures(complaint: Complaint, by: User) -> None:
    """Nobody does his part of the investigation any more, nor a measure; the customer agrees to no plan."""
    tasks: list[Any] = list(complaint.teamtasks.filter(status=TeamTask.Status.OPEN))
    measures: list[Any] = list(complaint.measures.filter(status=Measure.Status.OPEN))
    for each in (*tasks, *measures):
        each.status, each.version = each.Status.ENDED, each.version + 1
        each.save(update_fields=["status", "version"])
        turn(each)
    end_links(complaint, AGREE_PURPOSE)
