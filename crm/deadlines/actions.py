"""What people do to deadlines themselves; everything else about them follows from the records."""

from collections.abc import Iterable

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.actions import action
from crm.deadlines.forms import MoveForm
from crm.deadlines.models import Deadline
from crm.deadlines.moves import move, moves
from crm.refusals import Refused


def nothing_moves(_obj: None, by: User) -> Refused | None:
    """Only a changed calendar moves running deadlines."""
    if moves(limit=1)[0]:
        return None
    return Refused("nothing_moves", _t("By the present calendar no running deadline would move."))


@action(None, label=_("Move deadlines to the changed calendar"), form=MoveForm, unless=nothing_moves)
def move_deadlines(*, by: User, deadlines: Iterable[Deadline]) -> None:
    """Let running deadlines follow a changed calendar; without this they keep the time that they were given."""
    move([deadline.pk for deadline in deadlines])
