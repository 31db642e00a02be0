"""Tables that are computed, such as the figures of a report: what can be exported beside the lists."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from crm.accounts.models import User

Cells = tuple[list[str], list[list[Any]]]


@dataclass(frozen=True)
class Table:
    """`cells(user, query)` gives headings and rows as far as `user` may see them; `allowed(user)` whether he may."""

    title: Any
    allowed: Callable[[User], bool]
    cells: Callable[[User, QueryDict], Cells]


TABLES: dict[str, Table] = {}
