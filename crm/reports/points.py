"""Drawings made of points: a line over time, and the scatter diagram that two lines part in four."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from crm.reports.charts import Figure, Row

WIDTH, PLOT = 400, 132  # units of the drawing, as the other charts have them
LEFT, TOP, FOOT = 34, 20, 22  # the scale at the left, room for a number above, the names below
SQUARE = 260  # units that a scatter diagram is high
DOT = 4  # units of a point's radius
TALL, LETTER = 16, 6.5  # of the box with the numbers of a scatter diagram, and a figure in it
IN_A_ROW = 4  # numbers of points that lie on one another, side by side
ROUNDING = 1e-4  # of a number: what may part two of them that are the same
NEAR = 15.0  # units within which two points would hide one another


def _u(number: float) -> str:
    """A length in the drawing, written as SVG wants it in every language."""
    return f"{number:.1f}"


def scale(numbers: Sequence[float], most: float | None = None) -> tuple[float, float, list[float]]:
    """Where an axis begins and ends so that all numbers lie on it, and the round numbers written beside it."""
    low, high = min(numbers), max(numbers)
    span = high - low
    if span <= abs(high) * ROUNDING:  # an axis as fine as that would tell differences that there are not
        span = abs(high) / 5 or 1
    step = _round_step(span)
    first = math.floor(low / step) * step
    last = math.ceil(high / step) * step
    if first == last:
        first -= step
    if most is not None and last > most:
        last = most
    ticks = [first + step * number for number in range(round((last - first) / step) + 1)]
    return first, last, ticks


def _round_step(span: float) -> float:
    """A step of 1, 2 or 5 in its decimal place, with which a span has three to six ticks."""
    rough = span / 4
    place = 10.0 ** math.floor(math.log10(rough))
    return next(place * each for each in (1, 2, 5, 10) if place * each >= rough)


def _said(tick: float, step: float) -> str:
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{tick:.{places}f}"


def _levels(ticks: list[float], at: Any) -> list[dict[str, Any]]:
    """The ticks of the upright axis: where each lies, and what it says."""
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    return [{"at": _u(at(each)), "text_at": _u(at(each) + 3.5), "label": _said(each, step)} for each in ticks]


def line(found: Figure) -> dict[str, Any]:
    """Points that stand in time, the first at the left, joined where none is missing between them."""
    rows = found.rows
    known = [float(value.number) for row in rows for value in row.values if value is not None]
    if not known:
        return {"marks": [], "height": TOP, "width": WIDTH}
    low, high, ticks = scale(known, found.full)
    floor = TOP + PLOT

    def up(number: float) -> float:
        return floor - (number - low) * PLOT / (high - low)

    places = [LEFT + (WIDTH - LEFT) * (number + 0.5) / len(rows) for number in range(len(rows))]
    marks, lines = [], []
    for index, (label, tone) in enumerate(found.series):
        runs: list[list[str]] = [[]]
        for x, row in zip(places, rows, strict=True):
            value = row.values[index]
            if value is None:
                runs.append([])
                continue
            y = up(float(value.number))
            runs[-1].append(f"{_u(x)},{_u(y)}")
            said = _("%(row)s, %(series)s: %(value)s") % {"row": row.label, "series": label, "value": value.text}
            mark = {"x": _u(x), "y": _u(y), "r": DOT, "said": said, "url": value.url, "text": value.text}
            marks.append({**mark, "tone": tone, "text_y": _u(y - DOT - 5), "anchor": "middle"})
        lines.append({"tone": tone, "runs": [" ".join(run) for run in runs if len(run) > 1]})
    return {
        "marks": marks,
        "lines": lines,
        "levels": _levels(ticks, up),
        "moments": [{"at": _u(x), "label": row.label, "anchor": "middle"} for x, row in zip(places, rows, strict=True)],
        "foot": floor + 16,
        "gutter": LEFT - 6,
        "left": LEFT,
        "height": floor + FOOT,
        "width": WIDTH,
    }


def scatter(found: Figure) -> dict[str, Any]:
    """Numbered points: the first series upwards, the second to the right; those that lie on one another in one box.

    The numbers are the places of the rows, which the table has beside their names. A row without both has no point.
    """
    points = [
        (number, row, float(row.values[1].number), float(row.values[0].number))
        for number, row in enumerate(found.rows, 1)
        if row.values[0] is not None and row.values[1] is not None
    ]
    if not points or found.cross is None:
        return {"marks": [], "height": TOP, "width": WIDTH}
    cross, floor = found.cross, TOP + SQUARE
    left, right, along = scale([*(x for _n, _r, x, _y in points), cross.x])
    low, high, ticks = scale([*(y for _n, _r, _x, y in points), cross.y], found.full)
    margin = 2 * NEAR  # so that no box hides an axis, or runs out of the drawing

    def over(number: float) -> float:
        return LEFT + margin + (number - left) * (WIDTH - LEFT - 2 * margin) / (right - left)

    def up(number: float) -> float:
        return floor - margin - (number - low) * (SQUARE - 2 * margin) / (high - low)

    step = along[1] - along[0] if len(along) > 1 else 1.0
    said = [label for label, _tone in found.series]
    corners = [(LEFT + 4, TOP + 14, "start"), (WIDTH - 4, TOP + 14, "end")]
    corners += [(LEFT + 4, floor - 6, "start"), (WIDTH - 4, floor - 6, "end")]
    return {
        "marks": [_box(each, said) for each in _together([(n, row, over(x), up(y)) for n, row, x, y in points])],
        "cross": {"x": _u(over(cross.x)), "y": _u(up(cross.y))},
        "corners": [
            {"x": x, "y": y, "anchor": anchor, "label": label}
            for (x, y, anchor), label in zip(corners, cross.corners, strict=True)
        ],
        "levels": _levels(ticks, up),
        "moments": [{"at": _u(over(each)), "label": _said(each, step), "anchor": "middle"} for each in along],
        "name_of_y": said[0],
        "name_of_x": said[1],
        "name_y": TOP - 8,
        "foot": floor + 14,
        "gutter": LEFT - 6,
        "left": LEFT,
        "top": TOP,
        "floor": floor,
        "height": floor + 30,
        "width": WIDTH,
    }


Placed = tuple[int, "Row", float, float]


def _together(points: list[Placed]) -> list[list[Placed]]:
    """The points in heaps of those that would hide one another."""
    heaps: list[list[Placed]] = []
    for each in points:
        near = (heap for heap in heaps if math.dist(heap[0][2:], each[2:]) < NEAR)
        heap = next(near, None)
        if heap is None:
            heaps.append([each])
        else:
            heap.append(each)
    return heaps


def _box(heap: list[Placed], series: list[str]) -> dict[str, Any]:
    """One box with the numbers of the points that lie there, some side by side and the others below."""
    _number, first, x, y = heap[0]
    numbers = [str(number) for number, _row, _x, _y in heap]
    rows = ["·".join(numbers[at : at + IN_A_ROW]) for at in range(0, len(numbers), IN_A_ROW)]
    wide, tall = max(len(row) for row in rows) * LETTER + 9, TALL + (len(rows) - 1) * 12
    x = min(max(x, LEFT + wide / 2), WIDTH - wide / 2)
    words = []
    for _number, row, _x, _y in heap:
        values = [f"{name} {value.text}" for name, value in zip(series, row.values, strict=True) if value is not None]
        words.append(f"{row.label}: {', '.join(values)}")
    return {
        "x": _u(x),
        "said": "; ".join(words),
        "url": first.url if len(heap) == 1 else "",
        "tone": first.values[0].tone if first.values[0] is not None else "",
        "wide": _u(wide),
        "tall": tall,
        "box_x": _u(x - wide / 2),
        "box_y": _u(y - tall / 2),
        "rows": [{"text": row, "y": _u(y - tall / 2 + 12 + at * 12)} for at, row in enumerate(rows)],
    }
