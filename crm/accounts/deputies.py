"""Who stands in for whom: the deputy while somebody is away, the deputy's deputy, else the manager, else the head."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from crm import clock
from crm.accounts.models import Absence, Department, User


def is_absent(user: User, at: datetime | None = None) -> bool:
    """Whether `user` is away at `at` (aware; now by default). Who has left is away for good."""
    return not user.is_active or Absence.objects.on(at or clock.now()).filter(user=user).exists()


def stand_in(user: User, at: datetime | None = None) -> User:
    """Who does the work of `user` at `at` (aware; now by default): the user himself where he is there.

    While he is away it is his deputy, or the deputy's deputy; where nobody is named it is his manager, then the head of
    his department or of one above it; where all of them are away too it stays with him.
    """
    return user if not is_absent(user, at) else stand_ins([user], at)[user.pk]


def stand_ins(users: Iterable[User], at: datetime | None = None) -> dict[int, User]:
    """`stand_in` of many users at once, by the user's key, in at most four queries."""
    users = list(users)
    line = Line(at or clock.now())
    standing = {user.pk: line.stand_in(user.pk) for user in users}
    known = {user.pk: user for user in users}
    if strangers := set(standing.values()) - known.keys():
        known |= User.objects.in_bulk(strangers)
    return {pk: known[deputy] for pk, deputy in standing.items()}


def acting_for(user: User, at: datetime | None = None) -> list[User]:
    """Everybody whose work `user` does at `at` (aware; now by default), because they are away."""
    line = Line(at or clock.now())
    if not line.deputies:
        return []
    return list(
        User.objects.filter(pk__in=[pk for pk in line.deputies if pk != user.pk and line.stand_in(pk) == user.pk])
    )


class Line:
    """Absences, managers and heads at one moment, by key: enough to find every stand-in without asking again."""

    def __init__(self, at: datetime) -> None:
        """Three queries; a company's people and departments are few."""
        self.deputies: dict[int, list[int]] = defaultdict(list)  # of who is away: the deputies, the latest named first
        for away, deputy in Absence.objects.on(at).order_by("-pk").values_list("user_id", "deputy_id"):
            self.deputies[away] += [deputy] if deputy else []
        people = User.objects.filter(kind=User.Kind.PERSON).order_by()
        self.people = {
            pk: (active, manager, department)
            for pk, active, manager, department in people.values_list("pk", "is_active", "manager_id", "department_id")
        }
        departments = Department.objects.order_by().values_list("pk", "parent_id", "head_id")
        self.departments = {pk: (parent, head) for pk, parent, head in departments}

    def stand_in(self, pk: int) -> int:
        """The key of who does the work of the user `pk`; his own where there is nobody else, or no need."""
        return pk if self._is_there(pk) else self._search(pk, {pk}) or pk

    def _is_there(self, pk: int) -> bool:
        return pk in self.people and self.people[pk][0] and pk not in self.deputies

    def _search(self, pk: int, seen: set[int]) -> int | None:
        """The first who is there, in depth: a deputy's deputy comes before the manager. `seen` ends circles."""
        for candidate in self._candidates(pk):
            if candidate in seen or candidate not in self.people:
                continue
            seen.add(candidate)
            found = candidate if self._is_there(candidate) else self._search(candidate, seen)
            if found:
                return found
        return None

    def _candidates(self, pk: int) -> list[int]:
        if pk not in self.people:
            return []
        _active, manager, department = self.people[pk]
        heads, above = [], set()
        while department and department not in above:
            above.add(department)
            department, head = self.departments[department]
            heads.append(head)
        return [each for each in (*self.deputies.get(pk, ()), manager, *heads) if each]
