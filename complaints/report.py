"""What stands in the handling report beside what the complaint itself knows; apps above this one add to it."""

from collections.abc import Callable, Iterator
from typing import Any

from complaints.models import Complaint

Rows = Callable[[Complaint], dict[str, Any] | None]
_SECTIONS: list[tuple[int, str, Rows]] = []


def section(template: str, *, order: int) -> Callable[[Rows], Rows]:
    """Have `template` stand in the report after those of lower order, with what the function answers, if anything.

    Each app's sections are in its own `report.py`.
    """

    def register(rows: Rows) -> Rows:
        _SECTIONS.append((order, template, rows))
        return rows

    return register


def sections(complaint: Complaint) -> Iterator[dict[str, Any]]:
    """Template and context of each section that has something to say, in their order."""
    for _order, template, rows in sorted(_SECTIONS, key=lambda each: each[0]):
        if (found := rows(complaint)) is not None:
            yield {"template": template, **found}
