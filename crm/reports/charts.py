"""Charts: figures that an app declares once, drawn by the server as SVG, with their table and their export.

    @report("orders-by-state", _("Open orders by state"), definition=_("…"), kind=BARS, right="orders.view_order")
    def orders_by_state(user: User) -> Figure: ...

An app says them in its `figures.py`. Each figure is computed by few queries within what the user may see; each value
knows the list of the records behind it. Nothing here needs a script, and the table says all that the drawing says.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.exchange.tables import TABLES, Table
from crm.reports import points

TREND, BARS, HEAT, PARETO, LINE, SCATTER = "trend", "bars", "heat", "pareto", "line", "scatter"
EXPORT = "exchange.export_figures"

WIDTH = 400  # units of the drawing; a screen makes about a pixel of one
ROW, BAR, LABEL = 36, 13, 12  # of a bar: with its label, itself, and where the label's line stands
PLOT, FOOT, HEAD = 132, 22, 16  # of a trend: the columns, the dates below, the totals above
LEAST = 2.0  # units; what is there can be seen
DRAWN = 12  # bars; the table has all of them
LETTER = 6.2  # units of a Latin letter; a Chinese one is as wide as two


@dataclass(frozen=True)
class Value:
    """One number: `number` as it is drawn and exported, `text` as people read it, `url` of the records behind it."""

    number: Decimal | int | float
    text: str
    url: str = ""
    tone: str = "active"


@dataclass(frozen=True)
class Row:
    """A bar, a column of a trend or a line of a heat map: its values in the order of the figure's series.

    `total` is what stands beside it, `mark` a number on the same scale to compare with (a limit), `more` are cells
    that only the table has.
    """

    label: str
    values: Sequence[Value | None]
    total: str = ""
    url: str = ""
    mark: Decimal | int | float | None = None
    more: Sequence[Value | None] = ()


@dataclass(frozen=True)
class Cross:
    """The lines that part a scatter diagram in four, and what is said of each part: above left, right, then below."""

    x: float
    y: float
    corners: Sequence[str]


@dataclass(frozen=True)
class Figure:
    """What a report found: the rows, what they are called, and the names of the series with their tones."""

    heading: str
    series: Sequence[tuple[str, str]]
    rows: Sequence[Row]
    more: Sequence[str] = ()  # headings of the cells that only the table has
    mark: str = ""  # what the mark says
    empty: str = ""
    full: float | None = None  # where the scale ends, where that is not the greatest number
    cross: Cross | None = None


@dataclass(frozen=True)
class Report:
    """A figure that can be looked at: `right` is the permission that one must have, `definition` how it is computed.

    It also stands on the start page of whoever has one of the rights `starts`.
    """

    key: str
    title: Any
    definition: Any
    kind: str
    right: str
    figure: Callable[[User], Figure] = field(compare=False)
    order: int = 50
    starts: Sequence[str] = ()


REPORTS: dict[str, Report] = {}


def report(
    key: str, title: Any, *, definition: Any, kind: str, right: str, order: int = 50, starts: Sequence[str] = ()
) -> Callable[[Callable[[User], Figure]], Callable[[User], Figure]]:
    """Declare a figure in an app's `figures.py`; see Report for the words."""

    def declare(figure: Callable[[User], Figure]) -> Callable[[User], Figure]:
        REPORTS[key] = Report(key, title, definition, kind, right, figure, order, starts)
        TABLES[f"report-{key}"] = Table(
            title, allowed=lambda user: user.has_perm(right), cells=lambda user, query: cells_of(figure(user))
        )
        return figure

    return declare


def reports_for(user: User) -> list[Report]:
    """The reports that `user` may look at, in their order."""
    return [each for each in sorted(REPORTS.values(), key=lambda each: each.order) if user.has_perm(each.right)]


def starting(user: User) -> list[Report]:
    """Those of them that belong on his start page."""
    return [each for each in reports_for(user) if any(user.has_perm(right) for right in each.starts)]


def chart(report: Report, user: User) -> dict[str, Any]:
    """What templates/parts/chart.html needs of one report."""
    found = report.figure(user)
    asked = QueryDict(mutable=True)
    asked["figure"] = f"report-{report.key}"
    return {
        "key": report.key,
        "title": str(report.title),
        "definition": str(report.definition),
        "export_url": f"{reverse('do', args=[EXPORT])}?{asked.urlencode()}" if user.has_perm(EXPORT) else "",
        **drawn(report.kind, found),
    }


def drawn(kind: str, found: Figure) -> dict[str, Any]:
    """What templates/parts/chart_drawing.html and chart_table.html need of a figure."""
    draw = {
        TREND: _trend,
        BARS: _bars,
        HEAT: _heat,
        PARETO: _pareto,
        LINE: points.line,
        SCATTER: points.scatter,
    }[kind]
    return {
        "kind": kind,
        "heading": found.heading,
        "series": [{"label": label, "tone": tone} for label, tone in found.series],
        "legend": kind == PARETO or (kind not in (HEAT, SCATTER) and (len(found.series) > 1 or bool(found.mark))),
        "mark": found.mark,
        "more": found.more,
        "rows": found.rows,
        "empty": found.empty or _("There is nothing to show yet."),
        **draw(found),
    }


def cells_of(found: Figure) -> tuple[list[str], list[list[Any]]]:
    """The table of a figure as a file has it: headings and rows, numbers as numbers."""
    head = [found.heading, *(label for label, _tone in found.series), *found.more]
    if found.mark:
        head.append(found.mark)
    rows = []
    for row in found.rows:
        numbers = [None if each is None else _exact(each.number) for each in (*row.values, *row.more)]
        rows.append([row.label, *numbers, *([None if row.mark is None else _exact(row.mark)] if found.mark else [])])
    return head, rows


def _exact(number: Any) -> Any:
    """A number that a file keeps exactly as it is shown: what was divided is rounded to two decimals."""
    return round(Decimal(str(number)), 2) if isinstance(number, float) else number


def _u(number: float) -> str:
    """A length in the drawing, written as SVG wants it in every language."""
    return f"{number:.1f}"


def _sum(row: Row) -> float:
    return float(sum(each.number for each in row.values if each is not None))


def _bars(found: Figure) -> dict[str, Any]:
    """Bars that lie: the label above each, its total at the right, a line where its mark is."""
    rows = found.rows[:DRAWN]
    most = max([1e-9, found.full or 0, *(_sum(row) for row in rows), *(float(row.mark or 0) for row in rows)])
    shapes = []
    for place, row in enumerate(rows):
        top = place * ROW
        shape: dict[str, Any] = {
            "label": _fitted(row.label, WIDTH - _width(row.total) - 12),
            "label_y": top + LABEL,
            "full": row.label,
            "total": row.total,
            "url": row.url,
            "bar_y": top + LABEL + 6,
            "parts": _parts(row, found, WIDTH / most),
        }
        if row.mark is not None:
            shape["mark_x"] = _u(min(float(row.mark) * WIDTH / most, WIDTH - 1))
            shape["mark_y"], shape["mark_end"] = top + LABEL + 3, top + LABEL + BAR + 9
        shapes.append(shape)
    beyond = _("The first %(number)s are drawn; the table has all.") % {"number": DRAWN}
    return {
        "shapes": shapes,
        "height": max(len(shapes) * ROW, ROW),
        "width": WIDTH,
        "bar": BAR,
        "beyond": beyond if len(found.rows) > DRAWN else "",
    }


def accumulated(found: Figure) -> Figure:
    """The figure with the share of each row, and of all rows until it, in its table, as a Pareto chart has them.

    The rows come in their order: the longest first, what stands together as "others" last.
    """
    whole, so_far, shown = sum(_sum(row) for row in found.rows) or 1.0, 0.0, []
    for row in found.rows:
        so_far += _sum(row)
        shares = [_sum(row) * 100 / whole, so_far * 100 / whole]
        shown.append(replace(row, more=[*row.more, *(Value(each, f"{each:.1f}%") for each in shares)]))
    return replace(found, rows=shown, more=[*found.more, _("Share"), _("Share of all so far")])


def _pareto(found: Figure) -> dict[str, Any]:
    """Bars that lie, and a line that says what share of all they make up so far."""
    drawn = _bars(found)
    whole, so_far, points = sum(_sum(row) for row in found.rows) or 1.0, 0.0, []
    for row, shape in zip(found.rows, drawn["shapes"], strict=False):  # only the first are drawn
        so_far += _sum(row)
        points.append({"x": _u(so_far * WIDTH / whole), "y": _u(shape["bar_y"] + BAR / 2)})
    line = " ".join(f"{each['x']},{each['y']}" for each in points)
    return {**drawn, "points": points, "line": line, "line_label": _("Share of all so far")}


def _parts(row: Row, found: Figure, scale: float) -> list[dict[str, Any]]:
    """The pieces of one bar, side by side."""
    at, parts = 0.0, []
    for value, (label, tone) in zip(row.values, found.series, strict=True):
        if value is None or not value.number:
            continue
        length = max(float(value.number) * scale, LEAST)
        said = _("%(row)s, %(series)s: %(value)s") % {"row": row.label, "series": label, "value": value.text}
        parts.append({"x": _u(at), "length": _u(length), "tone": tone, "said": said, "url": value.url})
        at += length
    return parts


def _trend(found: Figure) -> dict[str, Any]:
    """Columns that stand side by side in time, the total above each, its date below."""
    most = max([1e-9, *(_sum(row) for row in found.rows)])
    step = WIDTH / max(len(found.rows), 1)
    shapes = []
    for place, row in enumerate(found.rows):
        height_of = {id(each): float(each.number) * PLOT / most for each in row.values if each is not None}
        floor, parts = float(HEAD + PLOT), []
        for value, (label, tone) in zip(row.values, found.series, strict=True):
            if value is None or not value.number:
                continue
            tall = max(height_of[id(value)], LEAST)
            floor -= tall
            said = _("%(row)s, %(series)s: %(value)s") % {"row": row.label, "series": label, "value": value.text}
            parts.append({"y": _u(floor), "length": _u(tall), "tone": tone, "said": said, "url": value.url})
        left = place * step
        shapes.append(
            {
                "x": _u(left + step * 0.14),
                "middle": _u(left + step / 2),
                "thick": _u(step * 0.72),
                "total": row.total,
                "total_y": _u(floor - 4),
                "label": row.label,
                "label_y": HEAD + PLOT + 15,
                "parts": parts,
            }
        )
    return {"shapes": shapes, "height": HEAD + PLOT + FOOT, "width": WIDTH, "floor": HEAD + PLOT}


def _heat(found: Figure) -> dict[str, Any]:
    """A heat map is a table whose cells are coloured: nothing is drawn beside it."""
    return {"shapes": []}


def _width(text: str) -> float:
    return sum(LETTER if ord(letter) < 0x2E80 else 2 * LETTER for letter in text)


def _fitted(text: str, room: float) -> str:
    """The text, cut where it would run into what stands beside it."""
    if _width(text) <= room:
        return text
    while text and _width(text) > room - 2 * LETTER:
        text = text[:-1]
    return f"{text.rstrip()}…"
