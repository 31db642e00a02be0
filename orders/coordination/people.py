"""Who is told for a department: its head, or its people where it has none."""

from collections.abc import Iterable

from crm.accounts.models import Department, User


def speakers(departments: Iterable[Department]) -> list[User]:
    """The heads of these departments, and everybody at work in those that have none, nobody twice."""
    departments = list(departments)
    heads = {each.head_id for each in departments if each.head_id}
    leaderless = [each.pk for each in departments if not each.head_id]
    working = User.objects.working()
    return list((working.filter(pk__in=heads) | working.filter(department__in=leaderless)).order_by("pk").distinct())
