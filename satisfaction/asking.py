"""The survey as the customer sees it: sections with their items, and what he has answered so far."""

from typing import Any

from satisfaction.models import Edition, Section
from satisfaction.models.questionnaire import asked_in
from satisfaction.models.sheet import LEVELS

Known = dict[int, tuple[str, bool]]


def screens(edition: Edition, known: Known | None = None) -> dict[str, Any]:
    """What the template of the questions needs; `known` is by item its level and whether it matters most."""
    rows = []
    before = ""
    for index, each in enumerate(asked_in(edition)):
        level, matters = (known or {}).get(each.item_id, ("", False))
        head = str(Section(each.section).label) if each.section != before else ""
        before = each.section
        rows.append(
            {
                "index": index,
                "code": each.item.code,
                "section": str(Section(each.section).label),
                "head": head,
                "title": Section(each.section).label,
                "text": str(each),
                "wording": each,
                "level": level,
                "matters": matters,
            }
        )
    return {"items": rows, "levels": LEVELS}
