"""What was worked out, in the lines of a table that a person can add up."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from customers.tiers.measures import MEASURES
from customers.tiers.models import MOST_POINTS


@dataclass(frozen=True)
class Line:
    """One measure: what it is called, its figure in words, its points, its weight, and both multiplied."""

    label: Any
    definition: Any
    figure: str
    points: int
    weight: int

    @property
    def counts(self) -> int:
        """Points times weight."""
        return self.points * self.weight


@dataclass(frozen=True)
class Working:
    """The lines and their sum, of how much at most."""

    lines: list[Line]
    reached: int
    most: int


def working(measures: list[dict[str, Any]]) -> Working:
    """The lines of what was kept; of a measure that no app knows any more its key is left."""
    lines = []
    for row in measures:
        known = MEASURES.get(row["key"])
        figure = "" if row["figure"] is None else row["figure"]
        if known and figure:
            figure = known.words(Decimal(figure))
        lines.append(
            Line(
                known.label if known else row["key"],
                known.definition if known else "",
                figure,
                row["points"],
                row["weight"],
            )
        )
    most = sum(line.weight for line in lines) * MOST_POINTS
    return Working(lines, sum(line.counts for line in lines), most)
