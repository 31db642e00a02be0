"""What of an issued report is otherwise by now: its own days anew, beside what was issued and corrected since."""

from decimal import Decimal
from typing import Any

from pickup.execution.models import Report
from pickup.execution.reckoning import days_of, reckon

NAMES = ("quantity", "amount", "paid")


def present_of(report: Report) -> dict[int, dict[str, dict[str, Decimal]]]:
    """Of each order what counts of the report by now: `now` in its days and `done` to date, with all corrections."""
    found = {row["order"]: _numbers(row) for row in report.figures.rows}
    for correction in report.corrections.all():
        for row in correction.rows:
            found[row["order"]] = {
                name: {"now": Decimal(row[name][1]), "done": Decimal(row["done"][name])} for name in NAMES
            }
    return found


def differences(report: Report) -> list[dict[str, Any]]:
    """The orders of which something else stands in the report than happened in its days, each before and after.

    Only what is of the days counts: what was entered for earlier ones is late in this report as it was issued.
    """
    present = present_of(report)
    rows = {row["order"]: row for row in reckon(days_of(report))}
    found = []
    for order, row in rows.items():
        before, after = present.get(order), _numbers(row)
        if _differs(before, after) if before else row["moves"]:
            found.append(_change(row, before or _unnamed(after), after))
    return found


def _numbers(row: dict[str, Any]) -> dict[str, dict[str, Decimal]]:
    return {name: {each: Decimal(row[name][each]) for each in ("now", "done")} for name in NAMES}


def _differs(before: dict[str, dict[str, Decimal]], after: dict[str, dict[str, Decimal]]) -> bool:
    """Amounts follow the quantities; a cent that comes of rounding parts is no difference."""
    return any(before[name]["now"] != after[name]["now"] for name in ("quantity", "paid"))


def _unnamed(after: dict[str, dict[str, Decimal]]) -> dict[str, dict[str, Decimal]]:
    """How an order stood that the report did not name: nothing in the days, and what had been done before them."""
    return {name: {"now": Decimal(0), "done": each["done"] - each["now"]} for name, each in after.items()}


def _change(
    row: dict[str, Any], before: dict[str, dict[str, Decimal]], after: dict[str, dict[str, Decimal]]
) -> dict[str, Any]:
    same = before["quantity"]["now"] == after["quantity"]["now"]
    now = {name: after[name]["now"] for name in NAMES}
    if same:
        now["amount"] = before["amount"]["now"]
    changed = {name: [str(before[name]["now"]), str(now[name])] for name in NAMES}
    done = {name: str(before[name]["done"] + now[name] - before[name]["now"]) for name in NAMES}
    known = ("contract", "number", "order", "customer", "customer_name", "department", "owner")
    return {**{name: row[name] for name in known}, **changed, "done": done}
